"""Business days: the weekends and public holidays that somebody keeps, and the days on which their work stands still."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

DAY = timedelta(days=1)
FIRST, LAST = date(1800, 1, 1), date(2299, 12, 31)
"""What business days are counted between; plans are of the years 1900 to 2099."""
_AROUND = 3 * 366
"""Days on both sides of what is asked for that a table covers from the start."""


@dataclass(frozen=True)
class BusinessCalendar:
    """The days on which work is done. `code` is a holiday calendar such as GB or DE-BY; without one, Monday to Friday.

    `closed` are periods, first and last day, in which nothing is done whatever the calendar says.
    """

    code: str = ""
    closed: tuple[tuple[date, date], ...] = ()

    def works(self, day: date) -> bool:
        """Whether `day` is a business day."""
        ordinal = day.toordinal()
        return bool(_days(self).apart(ordinal - 1, ordinal))

    def add(self, day: date, business_days: int) -> date:
        """The day so many business days after `day` (before it, when negative). Zero: `day`, or the next business day.

        Raises OverflowError where that is before `FIRST` or after `LAST`.
        """
        return date.fromordinal(self.moved(day.toordinal(), business_days))

    def nearest(self, day: date, step: timedelta = DAY) -> date:
        """`day` itself if it is a business day, else the first one in the direction of `step`."""
        ordinal = day.toordinal()
        return date.fromordinal(self.moved(ordinal, 0) if step > timedelta() else self.moved(ordinal + 1, -1))

    def last_of(self, year: int, month: int) -> date:
        """The last business day of a month."""
        following = date(year + month // 12, month % 12 + 1, 1)
        return self.nearest(following - DAY, -DAY)

    def between(self, first: date, last: date) -> int:
        """Business days from `first` to `last`, so that `add(first, between(first, last))` is `last`, where `last` is one."""
        return self.apart(first.toordinal(), last.toordinal())

    def moved(self, ordinal: int, business_days: int) -> int:
        """`add` for days as ordinals, which is what long ways through a plan are counted in."""
        return _days(self).moved(ordinal, business_days)

    def apart(self, first: int, last: int) -> int:
        """`between` for days as ordinals."""
        return _days(self).apart(first, last)


class _Days:
    """The business days of a calendar, numbered as far as anybody asked; a step of any length is a look-up."""

    def __init__(self, calendar: BusinessCalendar) -> None:
        self.calendar = calendar
        self.first = self.end = 0
        self.before: list[int] = []
        """How many business days lie before each day from `first` to `end`."""
        self.ordinals: list[int] = []

    def moved(self, ordinal: int, business_days: int) -> int:
        while True:
            at = ordinal - self.first
            if 0 <= at < self.end - self.first:
                number = self.before[at + (business_days > 0)] + business_days - (business_days > 0)
                if 0 <= number < len(self.ordinals):
                    return self.ordinals[number]
            self._grow(ordinal)

    def apart(self, first: int, last: int) -> int:
        while not self.first <= min(first, last) <= max(first, last) < self.end:
            self._grow(first if not self.first <= first < self.end else last)
        ahead = last >= first  # the day that is counted from is not counted
        return self.before[last - self.first + ahead] - self.before[first - self.first + ahead]

    def _grow(self, ordinal: int) -> None:
        """Twice as many days, those around `ordinal` among them."""
        more = max(_AROUND, self.end - self.first)
        first, end = min(self.first or ordinal, ordinal) - more, max(self.end, ordinal) + more
        first, end = max(first, FIRST.toordinal()), min(end, LAST.toordinal() + 1)
        if (first, end) == (self.first, self.end):
            raise OverflowError("no business day there")
        works = self._works(first, end)
        self.first, self.end = first, end
        self.before = [0, *accumulate(works)]
        self.ordinals = [first + at for at, is_one in enumerate(works) if is_one]

    def _works(self, first: int, end: int) -> list[bool]:
        """Whether work is done, day by day."""
        days = map(date.fromordinal, range(first, end))
        if self.calendar.code:
            with warnings.catch_warnings(action="ignore"):  # the library warns of years that it knows no moving feasts of
                found = list(map(_public_holidays(self.calendar.code).is_working_day, days))
        else:
            found = [day.weekday() < 5 for day in days]
        for one, other in self.calendar.closed:
            begin, over = max(one.toordinal(), first) - first, min(other.toordinal() + 1, end) - first
            if begin < over:
                found[begin:over] = [False] * (over - begin)
        return found


@lru_cache(maxsize=512)
def _days(calendar: BusinessCalendar) -> _Days:
    return _Days(calendar)


@cache
def _public_holidays(code: str) -> Any:
    import holidays

    country, _, region = code.partition("-")
    return holidays.country_holidays(country, subdiv=region or None)
