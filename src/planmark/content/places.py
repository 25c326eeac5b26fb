"""Where each value of a YAML file stands, so that whatever is wrong with it can be shown in the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planmark.problems import Location, Path

Value = Any
"""str, list of Value, or dict of str to Value."""

_ESCAPED = {"x": 2, "u": 4, "U": 8}
"""How many digits follow such an escape in double quotes."""


class Place:
    """Where a value stands (line and column from 0), where its key stands, and the places of what it holds.

    `style` is the sign that a quoted or a block text, or an alias, starts with. A `flawed` value is one that YAML took apart: that is a
    problem already, and what is found out about the rest of it is not another. A key without a value has a flawed place.
    """

    __slots__ = ("column", "flawed", "inner", "key", "line", "nodes", "style")

    def __init__(self, line: int, column: int, inner: dict[str, Place] | list[Place] | None = None) -> None:
        self.line, self.column, self.inner = line, column, inner
        self.key: tuple[int, int] | None = None
        self.style = ""
        self.flawed = False
        self.nodes = 1


@dataclass(frozen=True)
class Document:
    """A YAML file as read: its value, and where each part of it stands."""

    path: str
    value: Value
    root: Place
    text: str = ""

    def at(self, path: Path, at_key: bool = False, offset: tuple[int, int] = (0, 0)) -> Location:
        """The place of the value at `path`, or of the nearest one around it. `offset` is a line and column inside a text."""
        *_, (place, value, arrived) = self._way(path)
        line, column = place.key if at_key and arrived and place.key else (place.line, place.column)
        if offset != (0, 0) and isinstance(value, str) and place.style != "*":
            line, column = self._inside(place, value, offset)
        return Location(self.path, line + 1, column + 1)

    def is_flawed(self, path: Path) -> bool:
        """Whether YAML took apart what stands at `path`, or anything around it."""
        return any(place.flawed for place, _, _ in self._way(path))

    def holds_flaws(self, path: Path) -> bool:
        """Whether YAML took apart anything inside of what stands at `path`."""
        within = [self._way(path)[-1][0]]
        for place in within:
            inner = place.inner or ()
            within.extend(inner.values() if isinstance(inner, dict) else inner)
        return any(place.flawed for place in within)

    def _way(self, path: Path) -> list[tuple[Place, Value, bool]]:
        """Every place from the root to `path` with its value, and whether the way led on from there."""
        place, value = self.root, self.value
        way = [(place, value, True)]
        for step in path:
            inner = place.inner
            if isinstance(inner, dict) and step in inner:
                place, value = inner[str(step)], value.get(step)
            elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
                place, value = inner[step], value[step]
            elif isinstance(inner, list) == isinstance(step, int) or (isinstance(inner, dict) and step != 0):
                return [*way, (place, value, False)]
            way.append((place, value, True))  # one value may stand for a list or for a mapping: then it is its own first part
        return way

    def _inside(self, place: Place, value: str, offset: tuple[int, int]) -> tuple[int, int]:
        """Where a line and column of a text stand in the file, whose lines may be indented, folded or escaped: its signs are counted."""
        lines = self.text.split("\n")
        before = value.split("\n")[: offset[0] + 1]
        before[-1] = before[-1][: offset[1]]
        left = sum(len(word) for line in before for word in line.split())
        line, column = (place.line + 1, 0) if place.style in ("|", ">") else (place.line, place.column + len(place.style))
        while line < len(lines):
            row = lines[line]
            if column >= len(row):
                line, column = line + 1, 0
            elif row[column].isspace():
                column += 1
            elif not left:
                return line, column
            elif place.style == '"' and row[column] == "\\":
                sign = row[column + 1 : column + 2]
                column += 2 + _ESCAPED.get(sign, 0)
                left -= sign not in ("n", "t", "")
            else:
                column += 2 if place.style == "'" and row.startswith("''", column) else 1
                left -= 1
        return place.line, place.column
