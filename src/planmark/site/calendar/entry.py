"""One entry of a calendar, and the words in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from planmark.site.calendar.reading import Data, text
from planmark.site.language import Language
from planmark.site.words import COMMAS

EVERYBODY = frozenset("*")
HOUR = 60
"""Minutes of what has a beginning and no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a calendar. Two that are equal say the same to whoever has it.

    Without `time` it is all day, from `first` to `last`; with one, it begins on `first` and takes `minutes`.
    """

    name: str
    """What it stands for: task-nda. The same in every version."""
    title: str
    first: date
    last: date
    time: time | None = None
    minutes: int = HOUR
    zone: str = "UTC"
    busy: bool = False
    """Whether those who have it are taken up by it."""
    rule: str = ""
    """How it recurs, as RRULE says it, without an end."""
    until: date | None = None
    """The last day on which it may recur."""
    place: str = ""
    link: str = ""
    about: str = ""
    status: str = "CONFIRMED"
    people: frozenset[str] = EVERYBODY
    """The ids of those who have it in a calendar of their own."""

    @property
    def cancelled(self) -> Entry:
        """The same, taken away."""
        return replace(self, status="CANCELLED")


class Words:
    """The sentences of an entry's description, in the plan's language."""

    def __init__(self, plan: Data, language: Language) -> None:
        self.plan, self.language = text(plan, "title"), language
        self._comma = COMMAS.get(language.code, ", ")

    def with_plan(self, title: str) -> str:
        """A title that says which plan it is of."""
        return " · ".join(filter(None, (title, self.plan)))

    def labelled(self, label: str, said: str) -> str:
        """A text with what it is before it; nothing without a text."""
        return label + self.language.gettext(": %(title)s") % {"title": said} if said else ""

    def names(self, people: Iterable[Data]) -> str:
        """Names in a row."""
        return self._comma.join(text(person, "name") for person in people)

    def gathered(self, people: list[Data]) -> str:
        """Who takes part in a meeting."""
        return self.language.gettext("With %(names)s") % {"names": self.names(people)} if people else ""

    def agenda(self, lines: list[str]) -> str:
        """What is spoken about, line by line."""
        numbered = "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))
        return f"{self.language.gettext('Agenda')}\n{numbered}" if lines else ""

    def about(self, *parts: str) -> str:
        """The whole description; which plan it is stands last."""
        return "\n\n".join(filter(None, ("\n".join(filter(None, parts)), self.plan)))
