"""A plan as the rules look at it: what is shared with the buyer, with the place of each part, its side, its state and its days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from planmark.plan.item import Item
from planmark.plan.people import Person, Review
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock, size_of
from planmark.plan.schedule import Schedule, Slot
from planmark.plan.tasks import Stage, Task
from planmark.plan.words import Gate, Side, Status
from planmark.plan.workspace import Rule
from planmark.problems import Path

One = TypeVar("One", bound=Item)


@dataclass(frozen=True)
class Facts:
    """What a plan is judged by beside itself. `clock` learns until which day the answers hold."""

    clock: Clock
    status: Mapping[str, Status]
    schedule: Schedule
    locale: str
    contact: str | None
    review: Review | None
    version: date | None
    """The date of the version as the page shows it; None where that is the day of the build."""
    shown: date | None
    """The first day on which the buyer had the plan, as far as that is known."""
    settings: Mapping[str, Rule]
    """What planmark.yaml says of rules, by code."""
    texts: Mapping[str, str]
    """The Markdown files of the plan that the buyer reads, by the name that it uses."""


@dataclass(frozen=True, slots=True)
class Work:
    """One shared task that is not dropped."""

    path: Path
    task: Task
    stage: Stage
    status: Status
    slot: Slot | None

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.status != "done"

    @property
    def day(self) -> date | None:
        """The day on which it is due, written or worked back."""
        return self.task.due.day if self.task.due and self.task.due.day else self.slot.due if self.slot else None

    @property
    def begins(self) -> date | None:
        """The first day of work."""
        return self.task.start.day if self.task.start and self.task.start.day else self.slot.start if self.slot else self.day


class Case:
    """A plan and the facts about it."""

    def __init__(self, plan: Plan, facts: Facts) -> None:
        self.plan, self.facts, self.clock = plan, facts, facts.clock
        self.is_light = size_of(plan) == "light"
        self.stages: Sequence[tuple[Path, Stage]] = tuple(_shared("stages", plan.stages))
        self.work: Sequence[Work] = tuple(self._work())
        self.open = tuple(one for one in self.work if one.open)
        self.people: Sequence[tuple[Path, Person]] = tuple(_shared("people", plan.people))

    def _work(self) -> Iterator[Work]:
        status, slots = self.facts.status, self.facts.schedule.tasks
        for path, stage in self.stages:
            for place, task in _shared("tasks", stage.tasks, path):
                if status[task.id] != "dropped":
                    yield Work(place, task, stage, status[task.id], slots.get(task.id))

    @cached_property
    def is_running(self) -> bool:
        """Whether anything of it is still to be done, by a plan that is neither won, lost nor paused."""
        state = self.plan.state.is_ if self.plan.state else "selling"
        return state in ("selling", "onboarding") and bool(self.open)

    @cached_property
    def has_begun(self) -> bool:
        """Whether anything is done or being done."""
        return any(one.status in ("doing", "done", "blocked") for one in self.work)

    @cached_property
    def sides(self) -> Mapping[str, Side]:
        """The side of each person and party, by id."""
        found: dict[str, Side] = {"buyer": "buyer", "seller": "seller"}
        found |= {party.id: party.side for party in self.plan.parties}
        return found | {person.id: found.get(person.party or "buyer", "buyer") for person in self.plan.people}

    @cached_property
    def persons(self) -> Mapping[str, tuple[Path, Person]]:
        """Everybody by id, with their place."""
        return {person.id: (("people", index), person) for index, person in enumerate(self.plan.people)}

    @cached_property
    def buyers(self) -> Sequence[tuple[Path, Person]]:
        """The people of the buyer's side who are still there."""
        return tuple((path, one) for path, one in self.people if self.sides[one.id] == "buyer" and not self.has_left(one))

    def has_left(self, person: Person) -> bool:
        """Whether they are no longer there."""
        return bool(person.left and person.left.day and self.clock.reached(person.left.day))

    @cached_property
    def signature(self) -> Work | None:
        """The task that is the signature: the last one with that gate."""
        return next((one for one in reversed(self.work) if one.task.gate == "signature"), None)

    @cached_property
    def signed_on(self) -> date | None:
        """The day of the signature, as planned."""
        agreed = self.plan.contract_signature
        return (self.signature.day if self.signature else None) or (agreed.day if agreed else None)

    @cached_property
    def gates(self) -> frozenset[Gate]:
        """The gates that tasks carry, the seller's own tasks too."""
        return frozenset(task.gate for stage in self.plan.stages for task in stage.tasks if task.gate)


def _shared(key: str, items: Iterable[One], path: Path = ()) -> Iterator[tuple[Path, One]]:
    for index, one in enumerate(items):
        if one.audience != "internal":
            yield (*path, key, index), one
