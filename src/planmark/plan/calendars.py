"""Business days: the weekends and public holidays that somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

DAY = timedelta(days=1)


@dataclass(frozen=True)
class BusinessCalendar:
    """The days on which work is done. `code` is a holiday calendar such as GB or DE-BY; without one, Monday to Friday."""

    code: str = ""

    def works(self, day: date) -> bool:
        """Whether `day` is a business day."""
        if not self.code:
            return day.weekday() < 5
        return bool(_public_holidays(self.code).is_working_day(day))

    def add(self, day: date, business_days: int) -> date:
        """The day so many business days after `day` (before it, when negative). Zero: `day`, or the next business day."""
        step = DAY if business_days >= 0 else -DAY
        left = abs(business_days)
        if not left:
            return self.nearest(day, step)
        while left:
            day += step
            if self.works(day):
                left -= 1
        return day

    def nearest(self, day: date, step: timedelta = DAY) -> date:
        """`day` itself if it is a business day, else the first one in the direction of `step`."""
        while not self.works(day):
            day += step
        return day

    def last_of(self, year: int, month: int) -> date:
        """The last business day of a month."""
        following = date(year + month // 12, month % 12 + 1, 1)
        return self.nearest(following - DAY, -DAY)

    def between(self, first: date, last: date) -> int:
        """Business days from `first` to `last`, so that `add(first, between(first, last))` is `last`, where `last` is one."""
        sign, low, high = (1, first, last) if last >= first else (-1, last, first)
        days = (low + DAY * (n + (sign > 0)) for n in range((high - low).days))
        return sign * sum(self.works(day) for day in days)


@cache
def _public_holidays(code: str) -> Any:
    import holidays

    country, _, region = code.partition("-")
    return holidays.country_holidays(country, subdiv=region or None)
