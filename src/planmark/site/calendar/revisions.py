"""How often what an entry says has changed, counted over the versions of a plan: so that calendars replace what they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from planmark.site.calendar.entry import Entry


@dataclass(frozen=True, slots=True)
class Revised:
    """An entry as it is now."""

    entry: Entry
    sequence: int
    """How often it has said something else than before: SEQUENCE."""
    changed: date
    """The day of the version in which it came to say this."""
    had: frozenset[str]
    """Whoever has had it in a calendar of their own, now or earlier."""


def revised(versions: Iterable[tuple[date, Mapping[str, Entry]]]) -> dict[str, Revised]:
    """Every entry that any version had, by name. `versions` are the days and the entries of all versions, oldest first.

    What a version no longer has is cancelled as it stood, and stays so: calendars that took it in are to take it away.
    """
    found: dict[str, Revised] = {}
    for day, entries in versions:
        gone = {name: found[name].entry.cancelled for name in found.keys() - entries.keys()}
        for name, entry in (*entries.items(), *gone.items()):
            before = found.get(name)
            if before is None:
                found[name] = Revised(entry, 0, day, entry.people)
            elif entry != before.entry:
                found[name] = Revised(entry, before.sequence + 1, max(day, before.changed), before.had | entry.people)
    return found
