"""Fixtures of the build's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.build.small import Small, files


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A workspace of three deals, `acme`, `beta` and `cobalt`, not built yet. Only `cobalt` uses the library."""
    made = Small(tmp_path / "workspace")
    made.write(files())
    return made
