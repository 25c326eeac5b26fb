"""Gaps in the buying group: who is missing, who is against it, who has gone, who never acted. Pure; its sentences are in `told.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from planmark.plan.acts import Acts
from planmark.plan.allowed import side_of_owners
from planmark.plan.item import Line
from planmark.plan.people import Person
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock, rests, size_of
from planmark.plan.rules.hidden import GATES
from planmark.plan.rules.wording import names_budget
from planmark.plan.tasks import Task
from planmark.plan.words import Gate, Side, Stance, Status

GapKind = Literal["no_economic_buyer", "gate", "single_threaded", "no_sponsor", "against", "left", "never_acted", "silent"]
AGAINST: tuple[Stance, ...] = ("sceptic", "blocker")
LEAST = {"light": 2, "enterprise": 3}
"""So many people of the buyer's side are more than one thread, by the plan's size."""
_ROLES: Mapping[Gate, tuple[str, ...]] = {
    "security": ("security",),
    "legal": ("legal", "counsel"),
    "procurement": ("procurement",),
    "budget": ("economic_buyer", "finance"),
    "executive": ("executive_sponsor",),
}
"""The roles that answer for a gate where no task carries it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One hole in the buying group.

    `no_economic_buyer`: nobody decides on the budget. `gate`: nobody of theirs answers for the approval `gate`; `task` is the one that
    carries it, if one does. `single_threaded`: only `count` people of theirs are in the plan. `no_sponsor`: the `side` has none. `against`:
    `person` is a sceptic or a blocker, and nothing is planned about it. `left`: `person` has gone, and owns `task` and `count` open tasks
    in all. `never_acted`: `person` leads `count` open tasks and never did anything in the plan. `silent`: nobody of theirs ever did, of
    the `count` who lead open tasks.
    """

    kind: GapKind
    person: str = ""
    task: str = ""
    gate: Gate | None = None
    side: Side | None = None
    stance: Stance | None = None
    count: int = 0


def gaps(plan: Plan, status: Mapping[str, Status], acts: Acts, clock: Clock) -> tuple[Gap, ...]:
    """The gaps on the clock's day, the gravest kind first; none while the plan rests. What `not_needed` answers is no gap."""
    return () if rests(plan, clock) else tuple(_Group(plan, status, acts, clock).gaps())


class _Group:
    """The people of one plan, as far as they have to say yes."""

    def __init__(self, plan: Plan, status: Mapping[str, Status], acts: Acts, clock: Clock) -> None:
        self.plan, self.acts, self.clock = plan, acts, clock
        self.sides = side_of_owners(plan)
        self.persons = {person.id: person for person in plan.people}
        self.work = [task for stage in plan.stages for task in stage.tasks if status[task.id] != "dropped"]
        self.open = [task for task in self.work if status[task.id] != "done"]
        self.buyers = [one for one in plan.people if self.is_theirs(one) and one.audience == "buyer" and not self.has_left(one)]

    def gaps(self) -> Iterator[Gap]:
        """Every gap."""
        answered, size = self.plan.not_needed, size_of(self.plan)
        if "R22" not in answered and not any(map(_has_the_money, self.buyers)):
            yield Gap("no_economic_buyer")
        yield from self._gates(size == "enterprise" and "R28" not in answered)
        if "R19" not in answered and len(self.buyers) < LEAST[size]:
            yield Gap("single_threaded", count=len(self.buyers))
        if "R30" not in answered and size == "enterprise":
            there = {self.sides.get(one.id) for one in self.plan.people if "executive_sponsor" in roles(one) and not self.has_left(one)}
            yield from (Gap("no_sponsor", side=side) for side in ("buyer", "seller") if side not in there)
        yield from self._against()
        yield from self._owners()

    def is_theirs(self, person: Person) -> bool:
        """Whether somebody stands on the buyer's side."""
        return self.sides.get(person.id) == "buyer"

    def has_left(self, person: Person) -> bool:
        """Whether they are no longer there."""
        return bool(person.left and person.left.day and self.clock.reached(person.left.day))

    def _gates(self, all_of_them: bool) -> Iterator[Gap]:
        there = {one.id for one in self.buyers if one.name}
        for gate in (*GATES, "signature"):
            carry: Sequence[Task] = [task for task in self.work if task.gate == gate]
            waiting = [task for task in carry if task in self.open]
            if waiting and not any(there.intersection(task.owner) for task in waiting):
                yield Gap("gate", gate=gate, task=waiting[0].id)
            elif not carry and all_of_them and gate not in self.plan.not_needed and not self._stands_behind(gate):
                yield Gap("gate", gate=gate)

    def _stands_behind(self, gate: Gate) -> bool:
        """Whether somebody has a role that answers for a gate."""
        return gate not in _ROLES or any(one.name and set(_ROLES[gate]).intersection(roles(one)) for one in self.buyers)

    def _against(self) -> Iterator[Gap]:
        met = {name for task in self.open for name in _meets(task)}
        for person in self.plan.people:
            stance = person.internal.stance if person.internal else None
            if stance not in AGAINST or self.sides.get(person.id) == "seller" or self.has_left(person):
                continue
            if not needs(person) and person.id not in met:
                yield Gap("against", person.id, stance=stance)

    def _owners(self) -> Iterator[Gap]:
        led: dict[str, list[Task]] = {}
        owned: dict[str, list[Task]] = {}
        for task in self.open:
            for place, name in enumerate(task.owner):
                if name in self.persons:
                    owned.setdefault(name, []).append(task)
                    led.setdefault(name, []).extend([task] if not place else [])
        for name, tasks in owned.items():
            if self.has_left(self.persons[name]):
                yield Gap("left", name, tasks[0].id, count=len(tasks))
        acted = {event.by for event in self.acts.counting if not event.from_seller}
        asked = [one for one in self.buyers if one.name and led.get(one.id)]
        if asked and not acted:
            yield Gap("silent", count=len(asked))
        elif acted:
            yield from (Gap("never_acted", one.id, led[one.id][0].id, count=len(led[one.id])) for one in asked if one.id not in acted)


def roles(person: Person) -> tuple[str, ...]:
    """What somebody is in the deal, what only the seller knows with it."""
    return (*person.role, *(person.internal.role if person.internal else ()))


def decides(person: Person) -> tuple[Line, ...]:
    """What somebody decides, what only the seller knows with it."""
    return (*person.decides, *(person.internal.decides if person.internal else ()))


def needs(person: Person) -> tuple[str, ...]:
    """What somebody needs to say yes; what only the seller knows comes first."""
    return tuple(text for text in (person.internal.needs if person.internal else None, person.needs) if text)


def _has_the_money(person: Person) -> bool:
    return "economic_buyer" in roles(person) or any(names_budget(line.text) for line in decides(person))


def _meets(task: Task) -> tuple[str, ...]:
    """Who takes part where a task takes place."""
    both = (task.meeting, task.internal.meeting if task.internal else None)
    return tuple(name for one in both if one for name in one.with_)
