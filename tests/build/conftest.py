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


@pytest.fixture
def many(tmp_path: Path) -> Small:
    """A workspace of nine deals, `deal0` to `deal8`: enough for worker processes."""
    made = Small(tmp_path / "workspace")
    made.write(files(f"deal{number}" for number in range(9)))
    return made
