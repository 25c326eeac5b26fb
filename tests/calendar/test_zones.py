"""A calendar's time zones are those of the tz database, for every year that its plan touches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Timezone
from tests.calendar.readers import offsets_by_icaljs

from planmark.site.calendar.lines import joined
from planmark.site.calendar.zones import is_utc, timezone, zone_of

ZONES = sorted(name for name in available_timezones() if not is_utc(name) and not name.startswith("Factory"))
HOUR = timedelta(hours=1)
YEARS = (2024, 2027)


def file(name: str, first: int, last: int) -> bytes:
    """A calendar that has the zone and nothing else."""
    return joined(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *timezone(name, first, last), "END:VCALENDAR"))


@cache
def times(name: str, first: int, last: int) -> list[datetime]:
    """Local times of those years: some of each week, and those around each change of clock, but none that exists twice or not at all."""
    zone = ZoneInfo(name)
    moment, end = datetime(first, 1, 1, 0, 30, tzinfo=UTC), datetime(last, 12, 31, 12, tzinfo=UTC)
    found = []
    while moment < end:
        following = moment + timedelta(days=5, hours=7)
        found.append(moment)
        if moment.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            found += [moment + hours * HOUR for hours in range(1, 127)]
        moment = following
    locals_ = [one.astimezone(zone).replace(tzinfo=None) for one in found]
    return [one for one in locals_ if first <= one.year <= last and one.replace(tzinfo=zone).utcoffset() == later(one, zone)]


def later(time: datetime, zone: ZoneInfo) -> timedelta | None:
    """The offset of a local time where it comes for the second time, or of one that there is not, by the clock after it."""
    return time.replace(tzinfo=zone, fold=1).utcoffset()


def wanted(name: str, local: list[datetime]) -> list[timedelta]:
    """The offsets that the system's own library gives."""
    return [time.replace(tzinfo=ZoneInfo(name)).utcoffset() or timedelta() for time in local]


def test_every_zone_as_thunderbird_reads_it() -> None:
    """All of the database, hour by hour around each change."""
    found = offsets_by_icaljs([(file(name, *YEARS), name, times(name, *YEARS)) for name in ZONES])
    wrong = [name for name, offsets in zip(ZONES, found, strict=True) if offsets != wanted(name, times(name, *YEARS))]
    assert not wrong


@given(name=st.sampled_from(ZONES), first=st.integers(2000, 2060), years=st.integers(0, 4))
@example("Africa/Cairo", 2010, 4)
@example("Asia/Jerusalem", 2026, 1)
@example("Europe/Istanbul", 2015, 2)
@example("America/Caracas", 2007, 1)
@example("Pacific/Apia", 2011, 1)
@example("Africa/Casablanca", 2026, 3)
def test_any_years_as_the_python_parser_reads_them(name: str, first: int, years: int) -> None:
    """Also where a country changed its mind; by the file's own rules, not by the zone's name."""
    calendar = Calendar.from_ical(file(name, first, first + years))
    (part,) = calendar.walk("VTIMEZONE")
    assert isinstance(part, Timezone)
    zone = part.to_tz(lookup_tzid=False)
    local = times(name, first, first + years)
    assert [time.replace(tzinfo=zone).utcoffset() for time in local] == wanted(name, local)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Europe/Amsterdam", 2),
        ("America/New_York", 2),
        ("Australia/Lord_Howe", 2),
        ("Europe/Dublin", 2),
        ("Asia/Kolkata", 0),
        ("Etc/GMT-3", 0),
    ],
)
def test_a_rule_is_written_where_the_clocks_follow_one(name: str, parts: int) -> None:
    """Which Outlook wants; a zone whose clocks stay has one part without any."""
    lines = timezone(name, 2025, 2027)
    assert sum(line.startswith("RRULE") for line in lines) == parts
    assert sum(line.startswith("DTSTART") for line in lines) == max(parts, 1)


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC", "Etc/Zulu", "Universal"])
def test_utc_is_itself(name: str) -> None:
    """By any of its names."""
    assert is_utc(name)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "x" * 300, "Europe", "a\0b"])
def test_a_zone_that_is_none_is_utc(name: str) -> None:
    """As an old version might name one."""
    assert zone_of(name).key == "UTC"
    assert is_utc(name)
