"""The lines of source around a problem, as they were when it was found."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from planmark.problems import Location
from planmark.shipped import THEMES

AROUND = 2
"""Lines before and after the one that is meant."""
WIDTH = 240
LARGEST = 2_000_000


class Line(NamedTuple):
    """A line of a file. `marked`: the one that is meant."""

    number: int
    text: str
    marked: bool


def excerpt(root: Path, location: Location) -> tuple[Line, ...]:
    """Up to five lines around a place; none where the place names no line, or no file that may be shown."""
    if not location.line:
        return ()
    file = _file(root, location.path)
    if file is None:
        return ()
    try:
        lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    first, last = max(1, location.line - AROUND), min(len(lines), location.line + AROUND)
    return tuple(Line(number, _cut(lines[number - 1]), number == location.line) for number in range(first, last + 1))


def _file(root: Path, path: str) -> Path | None:
    """The file of the workspace, or of the themes that ship. A link is not followed: it may lead anywhere."""
    for base, inner in ((root, path), (THEMES, path.removeprefix("themes/"))):
        folder = Path(os.path.realpath(base))
        file = folder / inner
        if os.path.realpath(file) == str(file) and file.is_file() and file.stat().st_size <= LARGEST:
            return file
    return None


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[:WIDTH] + " …"
