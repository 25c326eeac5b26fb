"""Time zones as calendars carry them: a VTIMEZONE of the tz database's own changes of clock, right for the years that are asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_WEEK = timedelta(weeks=1)
"""Nobody puts the clocks back and forth within it."""
_MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UTC = frozenset(("UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"))


@lru_cache(maxsize=128)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=128)
def is_utc(name: str) -> bool:
    """Whether times of the zone are written as UTC, which needs no VTIMEZONE."""
    return name in _UTC or zone_of(name).key == "UTC"


@lru_cache(maxsize=512)
def timezone(name: str, first: int, last: int) -> tuple[str, ...]:
    """The lines of the zone's VTIMEZONE: every time of day from the year `first` to the year `last` has its offset."""
    changes = _changes(zone_of(name), first - 1, last + 1)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    if not changes or changes[0][0].year >= first:
        start = datetime(1970, 1, 1)
        offset = changes[0][1] if changes else _offset(datetime(first, 1, 1, tzinfo=UTC), zone_of(name))
        lines += _observance(start, offset, offset)
    for (before, after), same in groupby(sorted(changes, key=lambda one: one[1:]), key=lambda one: one[1:]):
        days = [local for local, *_ in same]
        rule = _yearly(days, last + 1)
        for local in days[:1] if rule else days:
            lines += _observance(local, before, after, rule)
    return (*lines, "END:VTIMEZONE")


def _changes(zone: ZoneInfo, first: int, last: int) -> list[tuple[datetime, timedelta, timedelta]]:
    """Each change of clock in these years: the local time at which it comes, and the offsets before and after it."""
    found = []
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    before = _offset(at, zone)
    while at < end:
        following = min(at + _WEEK, end)
        after = _offset(following, zone)
        if after != before:
            low, high = at, following
            while high - low > _MINUTE:
                middle = low + (high - low) // 2
                low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
            moment = high.replace(second=0, microsecond=0)
            found.append((moment.replace(tzinfo=None) + before, before, after))
        at, before = following, after
    return found


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _observance(local: datetime, before: timedelta, after: timedelta, rule: str = "") -> list[str]:
    """A part of a VTIMEZONE. Which of the two it is called means nothing but to readers who expect summer's clock to be ahead."""
    kind = "DAYLIGHT" if after > before else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{local:%Y%m%dT%H%M%S}",
        *([rule] if rule else ()),
        f"TZOFFSETFROM:{_signed(before)}",
        f"TZOFFSETTO:{_signed(after)}",
        f"END:{kind}",
    ]


def _signed(offset: timedelta) -> str:
    minutes = offset // _MINUTE
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _yearly(days: list[datetime], last: int) -> str:
    """The rule that gives these changes and no others until the year `last`; empty where no simple one does."""
    years = [day.year for day in days]
    if len(days) < 2 or years != list(range(years[0], last + 1)) or len({(day.month, day.weekday(), day.time()) for day in days}) > 1:
        return ""
    numbers = {(day.day - 1) // 7 + 1 for day in days}
    if all((day + _WEEK).month != day.month for day in days):
        numbers = {-1}
    if len(numbers) > 1:
        return ""
    return f"RRULE:FREQ=YEARLY;BYMONTH={days[0].month};BYDAY={numbers.pop()}{_WEEKDAYS[days[0].weekday()]}"
