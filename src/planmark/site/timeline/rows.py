"""Marks with their texts, put into rows so that nothing touches anything."""

from __future__ import annotations

from dataclasses import dataclass

from planmark.site.timeline.widths import shortened, width


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a mark and its text went. `start` is where the text begins, or where it ends if `ends`."""

    row: int
    text_row: int
    """The row of the text; above the mark's own where there was no room beside it."""
    text: str
    start: float
    width: float
    ends: bool


class Rows:
    """Rows from `low` to `high`, filled from the top. Between things in a row there is at least `gap`."""

    def __init__(self, low: float, high: float, size: float, gap: float, longest: float) -> None:
        self.low, self.high, self.size, self.gap, self.longest = low, high, size, gap, longest
        self._taken: list[list[tuple[float, float]]] = []

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._taken)

    def put(self, start: float, end: float, text: str, pad: float, bold: bool = False, lowest: int = 0) -> Spot:
        """Place a mark from `start` to `end`. Its text stands `pad` behind it, or before it, or above: where there is room, in that order.

        No row above `lowest` is used.
        """
        room = min(self.longest, self.high - self.low)
        after, before = self.high - end - pad, start - pad - self.low
        enough = min(width(text, self.size, bold), room)
        if after < enough and before < enough and max(after, before) >= room * 0.6:
            room = max(after, before)
        shown = shortened(text, self.size, room, bold)
        wide = width(shown, self.size, bold)
        if after >= wide:
            return Spot(row := self._free(lowest, (start, end + pad + wide)), row, shown, end + pad, wide, False)
        if before >= wide:
            return Spot(row := self._free(lowest, (start - pad - wide, end)), row, shown, start - pad, wide, True)
        begins = max(min(start, self.high - wide), self.low)
        row = self._free(lowest, (begins, begins + wide), (start, end))
        return Spot(row + 1, row, shown, begins, wide, False)

    def _free(self, lowest: int, *wanted: tuple[float, float]) -> int:
        """The first row in which there is room, with further ones right below it."""
        row = max(lowest, 0)
        while not all(self._has_room(row + index, *one) for index, one in enumerate(wanted)):
            row += 1
        for index, one in enumerate(wanted):
            while len(self._taken) <= row + index:
                self._taken.append([])
            self._taken[row + index].append(one)
        return row

    def _has_room(self, row: int, start: float, end: float) -> bool:
        if row >= len(self._taken):
            return True
        return all(high + self.gap <= start or end + self.gap <= low for low, high in self._taken[row])
