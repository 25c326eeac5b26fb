"""From days to places: a scale that runs evenly, and the marks along it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
WEEKS_BELOW = 70
"""Days: a shorter plan is divided into weeks."""
MONTHS_BELOW = 30 * 30
QUARTERS_BELOW = 365 * 4


@dataclass(frozen=True, slots=True)
class Scale:
    """A day's place between `start` and `end`. From right to left `start` is the greater."""

    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        """Where a day is; days outside are at the edge."""
        share = ((day - self.first).days + 0.5) / ((self.last - self.first).days + 1)
        return self.start + (self.end - self.start) * min(max(share, 0), 1)

    def edge(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self.first).days / ((self.last - self.first).days + 1)
        return self.start + (self.end - self.start) * min(max(share, 0), 1)


def span(days: list[date]) -> tuple[date, date]:
    """From when to when a drawing goes: all days, and a little air on either side."""
    first, last = min(days), max(days)
    air = max(3, round((last - first).days * 0.025))
    if (last - first).days < 14:
        air = max(air, (21 - (last - first).days) // 2)
    low, high = min(air, (first - date.min).days), min(air, (date.max - last).days)
    return first - DAY * low, last + DAY * high


def ticks(first: date, last: date) -> tuple[list[date], str, str]:
    """Where weeks, months, quarters or years begin; the first may lie before `first`.

    With the patterns (CLDR) that say which: the one for the first and for a new year, and the one for the others.
    """
    days = (last - first).days
    if days < WEEKS_BELOW:
        return list(_weeks(first, last)), "MMMd", "MMMd"
    step = 1 if days < MONTHS_BELOW else 3 if days < QUARTERS_BELOW else 12 if days < 365 * 25 else 12 * (days // 3650 or 1)
    long, short = {1: ("yMMM", "LLL"), 3: ("yQQQ", "QQQ")}.get(step, ("y", "y"))
    return list(_months(first, last, step)), long, short


def _weeks(first: date, last: date) -> Iterator[date]:
    day = first - DAY * min(first.weekday(), (first - date.min).days)
    while day <= last:
        yield day
        if (date.max - day).days < 7:
            return
        day += DAY * 7


def _months(first: date, last: date, step: int) -> Iterator[date]:
    count = first.year * 12 + first.month - 1
    count -= count % step
    while count < 12 * 10000 and (day := date(max(count // 12, 1), count % 12 + 1, 1)) <= last:
        yield day
        count += step


@lru_cache(maxsize=4096)
def said(day: date, pattern: str, locale: str) -> str:
    """A day in words, by a pattern; of two fields it has the language's own order."""
    from babel.dates import format_date, format_skeleton

    name = locale.replace("-", "_")
    return format_skeleton(pattern, day, locale=name) if pattern in ("MMMd", "yMMM", "yQQQ") else format_date(day, pattern, locale=name)
