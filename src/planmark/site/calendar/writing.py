"""Entries as the text of an iCalendar file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from planmark.site.calendar.entry import Entry
from planmark.site.calendar.lines import address, escaped, joined
from planmark.site.calendar.zones import is_utc, timezone, zone_of

_DAY = timedelta(days=1)
_LAST = time(23, 59, 59)
_AGAIN = "PT12H"
"""How often somebody who subscribed may ask for it anew."""


def calendar(title: str, entries: Iterable[Entry], events: Iterable[bytes]) -> bytes:
    """A whole file: what it is called, the time zones of its entries, and those entries as `event` writes them."""
    head = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Planmark//Planmark//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(title)}",
        f"X-WR-CALNAME:{escaped(title)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_AGAIN}",
        f"X-PUBLISHED-TTL:{_AGAIN}",
    )
    years: dict[str, list[int]] = {}
    for entry in entries:
        if entry.time and not is_utc(entry.zone):
            years.setdefault(entry.zone, []).extend((entry.first.year, (entry.until or entry.first).year))
    zones = (line for name in sorted(years) for line in timezone(name, min(years[name]), max(years[name])))
    return b"".join((joined((*head, *zones)), *events, b"END:VCALENDAR\r\n"))


def event(entry: Entry, plan: str, sequence: int, changed: date) -> bytes:
    """One entry. `plan` tells its plan from all others, `changed` is the day on which it came to be what it is.

    Only a meeting keeps people from anything else.
    """
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.name)}@{plan}",
        f"DTSTAMP:{changed:%Y%m%d}T000000Z",
        f"LAST-MODIFIED:{changed:%Y%m%d}T000000Z",
        f"SEQUENCE:{sequence}",
        *_when(entry),
        f"SUMMARY:{escaped(entry.title)}",
    ]
    place = entry.place or (entry.link if entry.time else "")  # without a time it leads to where one books it
    if place:
        lines.append(f"LOCATION:{escaped(place)}")
    if address(entry.link):
        lines.append(f"URL:{entry.link}")
    if entry.about:
        lines.append(f"DESCRIPTION:{escaped(entry.about)}")
    busy = entry.busy and entry.status != "CANCELLED"
    lines += [f"STATUS:{entry.status}", f"TRANSP:{'OPAQUE' if busy else 'TRANSPARENT'}", "END:VEVENT"]
    return joined(lines)


def _when(entry: Entry) -> list[str]:
    """Beginning, end, and how it recurs. The end of days is exclusive; that of a series is a moment of UTC where its times are local."""
    if not entry.time:
        lines = [f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}", f"DTEND;VALUE=DATE:{entry.last + _DAY:%Y%m%d}"]
        until = f"{entry.until:%Y%m%d}" if entry.until else ""
    else:
        start = datetime.combine(entry.first, entry.time)
        end = start + timedelta(minutes=entry.minutes)
        utc = is_utc(entry.zone)
        of, z = ("", "Z") if utc else (f";TZID={entry.zone}", "")
        lines = [f"DTSTART{of}:{start:%Y%m%dT%H%M%S}{z}", f"DTEND{of}:{end:%Y%m%dT%H%M%S}{z}"]
        until = f"{datetime.combine(entry.until, _LAST, zone_of(entry.zone)).astimezone(UTC):%Y%m%dT%H%M%SZ}" if entry.until else ""
    return [*lines, f"RRULE:{entry.rule};UNTIL={until}"] if entry.rule else lines
