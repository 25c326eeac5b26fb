"""From a plan and what is known of it to its close plan. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from planmark.plan.activity import pending
from planmark.plan.acts import Acts
from planmark.plan.allowed import side_of_owners
from planmark.plan.closing.forecast import forecast
from planmark.plan.closing.gaps import decides, gaps, needs, roles
from planmark.plan.closing.lines import Advice, ClosePlan, DateLine, PersonLine, StageLine, Waiting, WorkLine
from planmark.plan.closing.private import facts_of, facts_within, private, text_of
from planmark.plan.closing.told import gap_told
from planmark.plan.health import Health, StandingOf
from planmark.plan.health.told import reason_told, told, why_told
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock, counted
from planmark.plan.schedule import Schedule, Working
from planmark.plan.schedule.possible import possible
from planmark.plan.tasks import Task
from planmark.plan.told import did, sentence, titles
from planmark.plan.words import Status
from planmark.problems import Problem

_FORECAST = ("forecast", "close_date", "value")
_PERSON = ("stance", "needs", "decides", "role")
_TOLD = ("name", "title", "party", "role", "decides", "needs", "left")
_DATED = frozenset(Task.model_fields) - {"why", "evidence", "detail", "steps", "meeting"}
"""Fields of a plan, a person and a task that are said in another way."""


@dataclass(frozen=True)
class Known:
    """What a close plan is put together from, beside the plan."""

    seller: str
    schedule: Schedule
    working: Working
    health: Health
    status: Mapping[str, Status]
    acts: Acts
    clock: Clock
    day_of: Callable[[str], date]
    """The day, where the plan is at home, of a moment of receipt."""
    broken: Sequence[Problem]
    """The rules that the plan breaks."""


def close_plan(plan: Plan, known: Known) -> ClosePlan:
    """The close plan on the clock's day. The plan's dates are resolved and worked back, its Markdown is HTML."""
    return _Closing(plan, known).whole()


class _Closing:
    def __init__(self, plan: Plan, known: Known) -> None:
        self.plan, self.known, self.sides = plan, known, side_of_owners(plan)
        self.titles = {task.id: task.title for stage in plan.stages for task in stage.tasks}
        self.parties = {"buyer": plan.account.name, "seller": known.seller} | {one.id: one.name for one in plan.parties}
        self.people = {one.id: one.name or ", ".join(one.role) or one.id for one in plan.people}
        self.names = self.parties | self.people

    def whole(self) -> ClosePlan:
        """All of it."""
        plan, known = self.plan, self.known
        health, whole = known.health, known.health.whole
        tasks = [
            self.task(stage.title, task, stage.audience == "internal")
            for stage in plan.stages
            for task in stage.tasks
            if self.is_open(task)
        ]
        names = titles(plan)
        first = possible(plan, known.working, known.schedule, known.clock.today)
        return ClosePlan(
            account=plan.account.name,
            title=plan.title,
            state=plan.state.is_ if plan.state else "selling",
            today=known.clock.today,
            standing=whole,
            said=told(whole, self.titles) if whole else "",
            reasons=self.reasons(whole),
            stages=tuple(map(self.stage, range(len(plan.stages)))),
            done=health.done,
            total=health.total,
            work_done=health.work_done,
            work=health.work,
            buyer=health.buyer,
            dates=tuple(self.dates(first)),
            forecast=forecast(plan, known.schedule, health, first, known.clock),
            tasks=tuple(sorted(tasks, key=lambda line: (line.day is None, line.day or date.max))),
            people=tuple(self.person(at) for at in self.order()),
            gaps=tuple(Advice(*gap_told(gap, self.names, self.titles)) for gap in gaps(plan, known.status, known.acts, known.clock)),
            broken=tuple(known.broken),
            waits=tuple(Waiting(one.id, sentence(one, names)) for one in pending(known.acts)),
            notes=private(plan, _FORECAST),
        )

    def is_open(self, task: Task) -> bool:
        """Whether a task is still to be done."""
        return self.known.status[task.id] not in ("done", "dropped")

    def reasons(self, standing: StandingOf | None) -> tuple[str, ...]:
        """Why something stands as it does, each reason as a sentence."""
        return tuple(reason_told(one, self.titles) for one in standing.reasons) if standing else ()

    def task(self, stage: str, task: Task, hidden: bool) -> WorkLine:
        """One open task."""
        known = self.known
        standing, slot = known.health.tasks[task.id], known.schedule.tasks.get(task.id)
        day, is_internal = task.due.day if task.due else None, hidden or task.audience == "internal"
        late = next((one.days for one in standing.reasons if one.kind == "late"), 0)
        return WorkLine(
            id=task.id,
            title=task.title,
            stage=stage,
            owners=tuple(self.names.get(name, name) for name in task.owner),
            day=day,
            status=known.status[task.id],
            internal=is_internal,
            standing=standing.standing,
            reasons=tuple(why_told(one, self.titles) for one in standing.reasons),
            late=late,
            critical=bool(slot and slot.critical),
            slack=slot.slack if slot and slot.toward else None,
            facts=(*facts_of(task, _DATED), *facts_of(task.internal)) if is_internal else facts_within(task),
        )

    def stage(self, at: int) -> StageLine:
        """One stage."""
        stage = self.plan.stages[at]
        standing = self.known.health.stages.get(stage.id)
        return StageLine(
            stage.title,
            standing.standing if standing else None,
            self.reasons(standing),
            *counted(stage, self.known.status),
            facts_of(stage, {"title", "tasks"}) + facts_of(stage.internal)
            if stage.audience == "internal"
            else facts_within(stage, leave={"tasks"}),
        )

    def dates(self, first: Mapping[str, date]) -> Sequence[DateLine]:
        """The dates that are worked back from, the soonest first."""
        found = []
        labels = {"target": self.plan.target.label or "The target", "contract_signature": "The signature"}
        for anchor, day in sorted(self.known.schedule.targets.items(), key=lambda one: one[1]):
            slots = {name: slot for name, slot in self.known.schedule.tasks.items() if anchor in slot.leads_to}
            near = [slot for slot in slots.values() if slot.toward == anchor] or slots.values()
            last = max((slot.due for slot in slots.values()), default=day)
            earliest = max((first[name] for name in slots if name in first), default=None)
            found.append(DateLine(anchor, labels[anchor], day, last, earliest, min((slot.slack for slot in near), default=None)))
        return found

    def order(self) -> Sequence[int]:
        """The people, side by side."""
        rank = {"buyer": 0, "partner": 1, "seller": 2}
        return sorted(range(len(self.plan.people)), key=lambda at: rank.get(self.sides.get(self.plan.people[at].id) or "", 3))

    def person(self, at: int) -> PersonLine:
        """Somebody who takes part."""
        person, known = self.plan.people[at], self.known
        last = max((one for one in known.acts.counting if one.by == person.id), key=lambda one: one.received, default=None)
        hidden = person.audience == "internal"
        owned = [task for stage in self.plan.stages for task in stage.tasks if person.id in task.owner and self.is_open(task)]
        return PersonLine(
            name=self.people[person.id],
            title=person.title or "",
            party=self.parties.get(person.party or "buyer", person.party or ""),
            side=self.sides.get(person.id),
            roles=tuple(role.replace("_", " ") for role in roles(person)) if person.name else (),
            stance=person.internal.stance if person.internal else None,
            needs=needs(person),
            decides=tuple(map(text_of, decides(person))),
            open=len(owned) if person.name else 0,
            acted=known.day_of(last.received) if last else None,
            did=did(last, titles(self.plan)) if last else "",
            left=person.left.day if person.left else None,
            internal=hidden,
            facts=(*(facts_of(person, _TOLD) if hidden else ()), *facts_within(person, _PERSON, {"decides"})),
        )
