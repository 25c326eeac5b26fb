"""A plan as a calendar (RFC 5545): the buyer's view becomes `plan.ics`, and one file for everybody who has a link of their own.

The files are a snapshot of dates to take along, not an invitation: they have no METHOD, and so neither an organiser nor attendees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256

from planmark.site.calendar.entries import Known, entries
from planmark.site.calendar.entry import EVERYBODY
from planmark.site.calendar.reading import Data, day, many, text
from planmark.site.calendar.revisions import revised
from planmark.site.calendar.writing import calendar, event
from planmark.site.language import Language

CALENDAR_FILE = "plan.ics"


def personal_file(ref: str) -> str:
    """The path of the calendar of somebody whose personal link calls them so."""
    return f"calendar-{ref}.ics"


class PlanCalendar:
    """The calendars of one plan: everybody's, and each person's own.

    `plan` is the buyer's view as plain values, `versions` are the views of its earlier versions, oldest first. The same views give the same
    bytes.
    """

    def __init__(self, plan: Data, versions: Sequence[Data], language: Language) -> None:
        self._plan = plan
        self._title = text(plan, "title")
        self._name = _identity(plan)
        views = [*versions, plan]
        began = _began(views)
        known: Known = {}
        found = revised((day(one, "version") or began, entries(one, _speaking(one, language), began, known)) for one in views)
        self._all = sorted(found.values(), key=lambda one: (one.entry.first, one.entry.name))
        self._events = [event(one.entry, self._name, one.sequence, one.changed) for one in self._all]

    def whole(self) -> bytes:
        """The calendar of the plan."""
        return calendar(self._title, (one.entry for one in self._all), self._events)

    def of(self, person: str) -> bytes:
        """The calendar of the person with that id: their own tasks and meetings, and the dates that are everybody's.

        What was theirs and is no longer is cancelled.
        """
        me = EVERYBODY | {person}
        chosen, events = [], []
        for one, written in zip(self._all, self._events, strict=True):
            if me & one.had:
                mine = bool(me & one.entry.people)
                chosen.append(one.entry)
                events.append(written if mine else event(one.entry.cancelled, self._name, one.sequence, one.changed))
        return calendar(self._title, chosen, events)

    def personal(self) -> Iterator[tuple[str, bytes]]:
        """A file for everybody who has a personal link: its path and its bytes."""
        for guest in many(self._plan, "guests"):
            yield personal_file(text(guest, "ref")), self.of(text(guest, "id"))


def _identity(plan: Data) -> str:
    """What tells a plan's entries from those of all others, and leads nobody to its address."""
    return sha256(f"planmark.calendar.v1:{text(plan, 'key')}:{text(plan, 'id')}".encode()).hexdigest()[:32]


def _speaking(plan: Data, language: Language) -> Language:
    """The language that a version was written in."""
    locale = text(plan, "locale")
    return language if locale == language.locale else Language(locale)


def _began(views: Iterable[Data]) -> date:
    """The first day that anybody knows of a plan that names none: of its oldest version, or of the work in it."""
    for view in views:
        tasks = [task for stage in many(view, "stages") for task in many(stage, "tasks")]
        days = [day(view, "version"), *(day(task, name) for task in tasks for name in ("start", "due"))]
        if any(days):
            return min(filter(None, days))
    return date(2000, 1, 1)
