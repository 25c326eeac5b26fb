"""What of a plan stands in a calendar: due dates, meetings, dates that matter, the review. From a view as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from planmark.site.calendar.entry import HOUR, Entry, Words
from planmark.site.calendar.reading import Data, clock, day, many, one, text, texts
from planmark.site.calendar.review import review
from planmark.site.calendar.zones import zone_of
from planmark.site.language import Language
from planmark.site.words import COMMAS, say

_ENTITLED = ("target", "signature")
"""Kinds of dates whose titles say little where a calendar holds more than one plan."""


Known = dict[tuple[str, str], tuple[Data, tuple[str, ...], Entry | None]]
"""The entries of a version by kind and id, each with what it was made from: most items are the same in the next one."""


def entries(plan: Data, language: Language, began: date, known: Known) -> dict[str, Entry]:
    """The entries of a plan by name, in its language. `began` is the day from which its review meeting is held where it names none.

    `known` is what the same function found in the version before, and is brought up to date.
    """
    made = _Entries(plan, language, known)
    every = [
        *(made.entry("task", task, made.task) for stage in many(plan, "stages") for task in many(stage, "tasks")),
        *(made.entry(text(one, "kind"), one, made.key_date) for one in many(plan, "key_dates")),
    ]
    found = [entry for entry in every if entry]
    state, since = text(plan, "state"), day(plan, "state_on") or day(plan, "version") or began
    if state in ("lost", "paused"):
        status = "CANCELLED" if state == "lost" else "TENTATIVE"
        found = [replace(entry, status=status) if entry.last >= since else entry for entry in found]
    target = day(plan, "target")
    ends = since - timedelta(days=1) if state in ("lost", "paused") else date.max
    meeting = review(plan, made.words, min(target, ends), began) if target else None
    return {entry.name: entry for entry in (*found, *((meeting,) if meeting else ()))}


class _Entries:
    """The entries of one plan, item by item."""

    def __init__(self, plan: Data, language: Language, known: Known) -> None:
        self.words = Words(plan, language)
        self.language = language
        self.zone = zone_of(text(plan, "timezone")).key
        self.known = known

    def entry(self, kind: str, part: Data, make: Callable[[Data], Entry | None]) -> Entry | None:
        """What becomes of an item; made anew only where it isn't as it was."""
        name, around = (kind, text(part, "id")), (self.words.plan, self.zone, self.language.locale)
        before = self.known.get(name)
        if before is None or before[0] != part or before[1] != around:
            self.known[name] = before = (part, around, make(part))
        return before[2]

    def task(self, task: Data) -> Entry | None:
        """A task on its last day, or its meeting then; none where it is dropped or has no day yet."""
        due, status = day(task, "due"), text(task, "status")
        if not due or status == "dropped":
            return None
        meeting, words = one(task, "meeting"), self.words
        begins, ends, link = clock(meeting, "time"), clock(meeting, "end"), text(meeting, "link")
        owners, others = many(task, "owners"), many(meeting, "with")
        return Entry(
            name=f"task-{text(task, 'id')}",
            title=f"✓ {text(task, 'title')}" if status == "done" and not begins else text(task, "title"),
            first=due,
            last=due,
            time=begins,
            minutes=minutes_between(begins, ends),
            zone=self.zone if begins else "UTC",
            busy=bool(begins),
            place=text(meeting, "place"),
            link=link,
            about=words.about(
                text(task, "why"),
                words.labelled(self.language.gettext("Who"), words.names(owners)),
                words.gathered(others),
                words.labelled(self.language.gettext("Done when we have"), text(task, "evidence")),
                words.agenda(texts(meeting, "agenda")),
                words.labelled(self.language.gettext("Join the meeting") if begins else self.language.gettext("Book a time"), link),
            ),
            status="TENTATIVE" if task.get("worked_back") is True and status != "done" else "CONFIRMED",
            people=frozenset(text(person, "id") for person in (*owners, *others)),
        )

    def key_date(self, source: Data) -> Entry | None:
        """A date that matters, or a period, which is one of whole days; the hour at which it begins is told."""
        first, kind, words = day(source, "date"), text(source, "kind"), self.words
        if not first:
            return None
        last = max(day(source, "end") or first, first)
        begins, party = clock(source, "time") if last == first else None, text(one(source, "party"), "short")
        title = text(source, "title")
        stops = self.language.gettext("Stops: %(what)s") % {"what": COMMAS.get(self.language.code, ", ").join(texts(source, "stops"))}
        return Entry(
            name=kind if kind in _ENTITLED else f"{kind}-{text(source, 'id')}",
            title=words.with_plan(title) if kind in _ENTITLED or title == say("freeze", language=self.language) else title,
            first=first,
            last=last,
            time=begins,
            zone=self.zone if begins else "UTC",
            about=words.about(
                text(source, "time") if last > first else "", text(source, "why"), party, stops if texts(source, "stops") else ""
            ),
        )


def minutes_between(begins: time | None, ends: time | None) -> int:
    """How long a meeting takes; an hour where that isn't said, or makes no sense."""
    if not begins or not ends or ends <= begins:
        return HOUR
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
