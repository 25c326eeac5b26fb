"""What can change in a plan, read off a view as data: dates, owners, states, levels, agreements, signatures, and what there is at all.

The data may come from a file that anybody could write, so every value is looked at before it is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class NotAViewError(Exception):
    """The data is no buyer's view. The message names the place in it and what was expected there."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a party, by id."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What can change about a task."""

    title: str
    status: str
    due: date | None
    owners: tuple[Named, ...]
    done_by: str
    """Who said that it is done, where anybody did; empty where nobody knows."""


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What can change about a risk. A level that is not said is empty."""

    title: str
    status: str
    probability: str
    impact: str


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """What can change about a measure of success. `buyer` and `seller` are the days on which they agreed to it."""

    title: str
    goal: str
    buyer: date | None
    seller: date | None
    buyer_by: str
    """Who agreed for the buyer, where they did so on the page."""


@dataclass(frozen=True, slots=True)
class DateFacts:
    """What can change about an event, a constraint or a freeze."""

    title: str
    day: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that can change in a plan. Items stand under their `on`: `task/nda`, `event/fair`, `freeze/winter`."""

    target: date
    signature: date | None
    state: str
    buyer: str
    seller: str
    tasks: Mapping[str, TaskFacts]
    risks: Mapping[str, RiskFacts]
    criteria: Mapping[str, CriterionFacts]
    dates: Mapping[str, DateFacts]
    resources: Mapping[str, str]
    """Titles of what there is to read."""
    signatures: Mapping[str, Named]
    """By the person, else by the typed name: the signature's id, and the name as it was typed."""
    people: Mapping[str, str]
    """Names by id."""


def facts_of(view: Any) -> Facts:
    """The facts of a view as `plan.json` has it. Raises NotAViewError where it is none."""
    top = _Part(view, "view")
    stages = [task for stage in top.parts("stages") for task in stage.parts("tasks")]
    dates = {f"event/{one.id}": one for one in top.parts("key_dates") if one.text("kind") == "event"}
    dates |= {f"constraint/{one.id}": one for one in top.parts("constraints")}
    freezes = {f"freeze/{one.id}": DateFacts(one.text("why"), one.day("start"), one.day("end")) for one in top.parts("freezes")}
    sign_off = top.part("sign_off")
    return Facts(
        target=top.needed_day("target"),
        signature=top.day("contract_signature"),
        state=top.text("state"),
        buyer=_party(top, "buyer"),
        seller=_party(top, "seller"),
        tasks={f"task/{one.id}": _task(one) for one in stages},
        risks={
            f"risk/{one.id}": RiskFacts(one.text("title"), one.text("status"), one.text("probability"), one.text("impact"))
            for one in top.parts("risks")
        },
        criteria={f"criterion/{one.id}": _criterion(one) for one in top.parts("success_criteria")},
        dates={on: DateFacts(one.text("title"), one.day("date"), one.day("end")) for on, one in dates.items()} | freezes,
        resources={f"resource/{one.id}": one.text("title") for one in top.parts("resources")},
        signatures={
            one.text("person") or one.text("typed"): Named(one.id, one.text("typed"))
            for one in (sign_off.parts("signatures") if sign_off else ())
        },
        people={one.id: one.text("shown") for one in top.parts("people")},
    )


def _task(one: _Part) -> TaskFacts:
    owners = tuple(Named(owner.id, owner.text("name")) for owner in one.parts("owners"))
    done_by = one.part("done_by")
    return TaskFacts(one.text("title"), one.text("status"), one.day("due"), owners, done_by.text("name") if done_by else "")


def _criterion(one: _Part) -> CriterionFacts:
    agreed_by = one.part("agreed_by")
    return CriterionFacts(
        one.text("criterion"),
        one.text("goal"),
        one.day("agreed_buyer"),
        one.day("agreed_seller"),
        agreed_by.text("name") if agreed_by else "",
    )


def _party(top: _Part, name: str) -> str:
    party = top.part(name)
    return party.text("short") if party else ""


class _Part:
    """An object inside the data, with the way to it."""

    __slots__ = ("_value", "_way")

    def __init__(self, value: Any, way: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(way, "an object")
        self._value: dict[str, Any] = value
        self._way = way

    @property
    def id(self) -> str:
        """What the item is known by; nothing is compared without one."""
        found = self.text("id")
        if not found:
            raise _wrong(f"{self._way}.id", "an id")
        return found

    def text(self, name: str) -> str:
        """A text on one line; empty where there is none."""
        value = self._value.get(name, "")
        if not isinstance(value, str) or _UNREADABLE.search(value):
            raise _wrong(f"{self._way}.{name}", "a text")
        return _BREAKS.sub(" ", value).strip() if _BREAKS.search(value) else value

    def day(self, name: str) -> date | None:
        """A day; None where there is none."""
        value = self._value.get(name)
        if value is None:
            return None
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise _wrong(f"{self._way}.{name}", "a day such as 2026-11-03")

    def needed_day(self, name: str) -> date:
        """A day that has to be there."""
        found = self.day(name)
        if found is None:
            raise _wrong(f"{self._way}.{name}", "a day such as 2026-11-03")
        return found

    def part(self, name: str) -> _Part | None:
        """An object inside this one; None where there is none."""
        value = self._value.get(name)
        return None if value is None else _Part(value, f"{self._way}.{name}")

    def parts(self, name: str) -> Iterator[_Part]:
        """The objects of a list; none where there is no list."""
        value = self._value.get(name, [])
        if not isinstance(value, list):
            raise _wrong(f"{self._way}.{name}", "a list")
        return (_Part(one, f"{self._way}.{name}[{number}]") for number, one in enumerate(value))


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BREAKS = re.compile(r"\s*[\t\n\r\x85\u2028\u2029]\s*")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text of a plan holds, and no page could show."""


def _wrong(way: str, expected: str) -> NotAViewError:
    return NotAViewError(f"`{way}` should be {expected}")
