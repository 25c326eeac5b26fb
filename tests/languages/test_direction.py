"""Style sheets know a beginning and an end, not a left and a right: in Arabic both change places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planmark.shipped import THEMES

SHEETS = sorted(path for path in THEMES.rglob("assets/*.css") if "paper" not in path.name)
_SIDED = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|inset)-(?:left|right)|left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
_FOUR = re.compile(r"(?<![-\w])(?:margin|padding|inset)\s*:\s*([^;}]+)")


def sided(css: str) -> list[str]:
    """Every declaration that means one of the sides."""
    found = [match[0] for match in _SIDED.finditer(css)]
    for match in _FOUR.finditer(css):
        values = re.findall(r"(?:[^\s()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+", match[1])
        if len(values) == 4 and values[1] != values[3]:
            found.append(match[0])
    return found


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_sheet_names_a_side(path: Path) -> None:
    assert sided(path.read_text(encoding="utf-8")) == []


def test_what_names_a_side_is_found() -> None:
    assert len(sided("a { margin-left: 1px; inset: 0 auto auto 1rem; text-align: right; padding: 0 calc(1px + (2px)) 0 var(--a) }")) == 4
    assert sided("a { margin: 0 auto 0 auto; inset-inline-start: 0; text-align: start; border-top-left-radius: 0; inset: 0 }") == []
