"""Who works when: the business days that hold for a task, with the freezes that stop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from planmark.plan.calendars import BusinessCalendar
from planmark.plan.plan import Plan
from planmark.plan.tasks import Stage, Task
from planmark.plan.terms import Freeze
from planmark.plan.workspace import Workspace
from planmark.problems import Path


@dataclass(frozen=True)
class Working:
    """The business days of a plan and of everybody in it."""

    plan: Plan
    general: str
    """The holiday calendar of whom nobody says otherwise."""
    codes: Mapping[str, str]
    """The holiday calendars of people and parties, by id."""
    parties: Mapping[str, str]
    """The party of each person, by id."""

    def at(self, path: Path) -> BusinessCalendar:
        """The business days that count for a date at a path of the plan: those of a task's first owner, else the plan's."""
        if path[0] == "stages" and len(path) > 3:
            return BusinessCalendar(self._code(self.plan.stages[int(path[1])].tasks[int(path[3])]))
        return BusinessCalendar(self.general)

    def of(self, stage: Stage, task: Task) -> BusinessCalendar:
        """The days on which a task is worked on."""
        if not self._freezes:
            return BusinessCalendar(self._code(task))
        closed = tuple((first, last) for freeze, first, last in self._freezes if self._stops(freeze, stage, task))
        return BusinessCalendar(self._code(task), closed)

    def _code(self, task: Task) -> str:
        return self.codes.get(task.owner[0], self.general) if task.owner else self.general

    @cached_property
    def _freezes(self) -> tuple[tuple[Freeze, date, date], ...]:
        return tuple(
            (one, one.start.day, one.end.day) for one in self.plan.freezes if one.start.day and one.end.day and one.start.day <= one.end.day
        )

    def _stops(self, freeze: Freeze, stage: Stage, task: Task) -> bool:
        if freeze.stops:
            return stage.id in freeze.stops or task.id in freeze.stops
        if not freeze.party:
            return True
        owner = task.owner[0] if task.owner else ""
        return freeze.party in (owner, self.parties.get(owner))


def working(plan: Plan, workspace: Workspace) -> Working:
    """The business days of a plan: a person's own, else their party's, else the plan's, else the workspace's."""
    general = plan.holidays or workspace.holidays or ""
    of_party = {party.id: party.holidays for party in plan.parties} | {
        "buyer": plan.account.holidays,
        "seller": workspace.seller and workspace.seller.holidays,
    }
    codes = {name: code for name, code in of_party.items() if code}
    parties: dict[str, str] = {}
    team = {person.id: person for person in workspace.people}
    for person in (*team.values(), *plan.people):
        theirs = team.get(person.id)
        parties[person.id] = party = person.party or ("seller" if theirs else "buyer")
        code = person.holidays or (theirs and theirs.holidays) or of_party.get(party)
        if code:
            codes[person.id] = code
    return Working(plan, general, codes, parties)
