"""Whoever reads a site while it is published again and again meets whole versions only."""

from __future__ import annotations

import os
from pathlib import Path

from tests.publish.reading import read_all_along

PUBLISHES = 500 if os.environ.get("PLANMARK_TRIALS") == "full" else 25


def test_a_reader_never_meets_a_missing_asset_or_two_versions_in_one(tmp_path: Path) -> None:
    """Several of them, of a page that a real web server shows."""
    found = read_all_along(tmp_path, PUBLISHES)
    assert found.wrong == []
    assert found.versions > 1, "they read while versions changed"
