"""The judgement itself. Pure, and honest: what is late is late, whatever is written beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planmark.plan.acts import Acts
from planmark.plan.allowed import side_of_owners
from planmark.plan.health.standing import WORSE, Engagement, Health, Reason, ReasonKind, Standing, StandingOf
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock, rests, statuses
from planmark.plan.schedule import Conflict, Schedule
from planmark.plan.tasks import Task
from planmark.plan.words import Status
from planmark.plan.workspace import Health as Settings

LATELY = timedelta(days=14)
"""How far back the buyer's acts count as momentum."""
_GRAVITY: tuple[ReasonKind, ...] = ("late", "too_late", "target", "blocked", "waits", "said", "dates", "contradicted")


@dataclass(frozen=True)
class Seen:
    """What a plan is judged by, beside itself."""

    schedule: Schedule
    settings: Settings
    clock: Clock
    acts: Acts
    day_of: Callable[[str], date]
    """The day, where the plan is at home, of a moment of receipt."""


def health(plan: Plan, seen: Seen, status: Mapping[str, Status] | None = None) -> Health:
    """How a plan is doing on the clock's day. Its dates are resolved and worked back; `status` is what `statuses` gives."""
    status = statuses(plan) if status is None else status
    judge = _Judge(seen, status)
    counted = [task for stage in plan.stages for task in stage.tasks if status[task.id] != "dropped"]
    tasks = {task.id: judge.task(task) for task in counted}
    stages = {stage.id: judge.group([task.id for task in stage.tasks if task.id in tasks], tasks) for stage in plan.stages if stage.tasks}
    done = [task for task in counted if status[task.id] == "done"]
    return Health(
        whole=None if rests(plan, seen.clock) else judge.group(list(tasks), tasks),
        stages=stages,
        tasks=tasks,
        done=len(done),
        total=len(counted),
        work_done=sum(map(_work, done)),
        work=sum(map(_work, counted)),
        buyer=_engagement(plan, seen, counted, done),
    )


def _work(task: Task) -> int:
    return task.takes if task.takes is not None else 0 if task.milestone else 1


class _Judge:
    """The judgement of one plan."""

    def __init__(self, seen: Seen, status: Mapping[str, Status]) -> None:
        self.seen, self.status = seen, status
        self.conflicts: dict[str, list[Conflict]] = {}
        for one in seen.schedule.conflicts:
            self.conflicts.setdefault(one.task, []).append(one)

    def task(self, task: Task) -> StandingOf:
        """How one task stands."""
        status = self.status[task.id]
        if status == "done":
            return StandingOf("done")
        found = [*self._lateness(task), *self._dates(task, status)]
        if status == "blocked":
            found.append(("at_risk", Reason("blocked", task.id)))
        if task.risk in ("at_risk", "off_track"):
            found.append((task.risk, Reason("said", task.id)))
        if task.risk == "on_track" and any(reason.kind == "late" for _, reason in found):
            found.append(("on_track", Reason("contradicted", task.id)))
        slot = self.seen.schedule.tasks.get(task.id)
        critical = slot is not None and slot.critical
        reasons = (replace(reason, critical=True) if critical else reason for _, reason in found)
        return StandingOf(_worst(standing for standing, _ in found), tuple(sorted(reasons, key=_gravity)))

    def _lateness(self, task: Task) -> list[tuple[Standing, Reason]]:
        due, clock, settings = task.due and task.due.day, self.seen.clock, self.seen.settings
        if not due or not clock.past(due):
            return []
        days = (clock.today - due).days
        if clock.reached(due + timedelta(days=settings.stalled_after)):
            return [("stalled", Reason("late", task.id, days=days))]
        at_risk = clock.reached(due + timedelta(days=settings.at_risk_after))
        return [("at_risk" if at_risk else "on_track", Reason("late", task.id, days=days))]

    def _dates(self, task: Task, status: Status) -> list[tuple[Standing, Reason]]:
        clock, slot = self.seen.clock, self.seen.schedule.tasks.get(task.id)
        found: list[tuple[Standing, Reason]] = []
        if slot is None:
            return found
        if slot.toward:
            last = slot.latest if status == "doing" else slot.latest_start
            if clock.past(last):
                found.append(("off_track", Reason("too_late", task.id, days=(clock.today - last).days)))
        for one in self.conflicts.get(task.id, ()):
            if one.kind == "target" and one.at:
                found.append(("off_track", Reason("target", task.id, days=(one.due - one.at).days, other=one.other)))
            elif one.kind in ("order", "room"):
                found.append(("at_risk", Reason("dates", task.id, other=one.other)))
        waits = [name for name in task.after if self.status.get(name, "done") not in ("done", "dropped")]
        if waits and not found and clock.past(slot.start):
            found.append(("at_risk", Reason("waits", task.id, other=waits[0])))
        return found

    def group(self, names: Sequence[str], tasks: Mapping[str, StandingOf]) -> StandingOf:
        """How several tasks stand together: no better than the worst, and stalled only where it is the critical path that is."""
        open_ones = [name for name in names if tasks[name].standing != "done"]
        if not open_ones:
            return StandingOf("done")
        standing: Standing = "on_track"
        for name in open_ones:
            its, slot = tasks[name].standing, self.seen.schedule.tasks.get(name)
            if its == "stalled" and not (slot and slot.critical):
                its = "at_risk"
            standing = _worst((standing, its))
        return StandingOf(standing, tuple(_together([reason for name in open_ones for reason in tasks[name].reasons])))


def _together(reasons: Sequence[Reason]) -> list[Reason]:
    """Reasons of one kind as one: how many, and the gravest of them, on the critical path if any is."""
    kinds: dict[ReasonKind, list[Reason]] = {}
    for one in reasons:
        kinds.setdefault(one.kind, []).append(one)
    found = []
    for same in kinds.values():
        gravest = max(same, key=lambda one: (one.critical, one.days))
        found.append(replace(gravest, count=len(same), days=max(one.days for one in same)))
    return sorted(found, key=_gravity)


def _gravity(reason: Reason) -> int:
    return _GRAVITY.index(reason.kind)


def _worst(standings: Iterable[Standing]) -> Standing:
    return max((*standings, "on_track"), key=WORSE.index)


def _engagement(plan: Plan, seen: Seen, counted: Sequence[Task], done: Sequence[Task]) -> Engagement:
    sides = side_of_owners(plan)
    theirs = {task.id for task in counted if task.owner and sides.get(task.owner[0]) == "buyer"}
    acts = [event for event in seen.acts.counting if not event.from_seller]
    days = [seen.day_of(event.received) for event in acts]
    return Engagement(
        tasks=len(theirs),
        share=len(theirs) / len(counted) if counted else 0.0,
        done=sum(task.id in theirs for task in done),
        acts=sum(seen.clock.today - day <= LATELY for day in days),
        people=len({event.by for event in acts if event.by}),
        last=max(days, default=None),
    )
