"""How far a plan is: what is done, what is late, which stage is under way, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from planmark.plan.plan import Plan
from planmark.plan.tasks import Stage, Task
from planmark.plan.words import Size, Status

LIGHT_BELOW = 8
"""A plan with fewer tasks is light, unless it says otherwise."""


class Clock:
    """Today, and how long what was asked of it stays true. `until` is the first day on which an answer would differ."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.until = date.max

    def past(self, day: date) -> bool:
        """Whether `day` lies before today."""
        if day < self.today:
            return True
        self._changes(day + timedelta(days=1))
        return False

    def reached(self, day: date) -> bool:
        """Whether `day` is today or before it."""
        if day <= self.today:
            return True
        self._changes(day)
        return False

    def shown(self) -> date:
        """Today itself, where it is written down: tomorrow it reads otherwise."""
        self._changes(self.today + timedelta(days=1))
        return self.today

    def _changes(self, day: date) -> None:
        self.until = min(self.until, day)


def statuses(plan: Plan) -> dict[str, Status]:
    """Each task's status by id. A milestone without one is done when all that it waits for is."""
    tasks = {task.id: task for stage in plan.stages for task in stage.tasks}
    found: dict[str, Status] = {
        name: task.status or ("done" if task.done_on else "todo") for name, task in tasks.items() if task.status or not _derived(task)
    }
    pending = [name for name in tasks if name not in found]
    while pending:  # a milestone may wait for milestones; one that waits in a circle stays open
        ready = [name for name in pending if all(before in found or before not in tasks for before in tasks[name].after)]
        if not ready:
            found.update(dict.fromkeys(pending, "todo"))
            break
        for name in ready:
            found[name] = "done" if all(found.get(before, "done") in ("done", "dropped") for before in tasks[name].after) else "todo"
        pending = [name for name in pending if name not in found]
    return found


def _derived(task: Task) -> bool:
    return task.milestone and bool(task.after) and not task.done_on


def rests(plan: Plan, clock: Clock) -> bool:
    """Whether nothing is asked of anybody, and so nothing is late: the plan is won, lost, paused, or over."""
    over = plan.expires and plan.expires.day and clock.past(plan.expires.day)
    return bool(over or (plan.state and plan.state.is_ in ("won", "lost", "paused")))


def is_late(task: Task, status: Status, clock: Clock) -> bool:
    """Whether an open task is past its date."""
    return status not in ("done", "dropped") and bool(task.due and task.due.day and clock.past(task.due.day))


def counted(stage: Stage, status: Mapping[str, Status]) -> tuple[int, int]:
    """Tasks done, and tasks that count: those that are not dropped."""
    of = [status[task.id] for task in stage.tasks if status[task.id] != "dropped"]
    return of.count("done"), len(of)


def current_stage(plan: Plan, status: dict[str, Status]) -> str:
    """The id of the first stage with open work; empty when all is done."""
    for stage in plan.stages:
        done, total = counted(stage, status)
        if done < total:
            return stage.id
    return ""


def size_of(plan: Plan) -> Size:
    """The plan's size; where it says none, by its shared tasks, milestones not counted."""
    tasks = (task for stage in plan.stages if stage.audience == "buyer" for task in stage.tasks)
    return plan.size or ("light" if sum(task.audience == "buyer" and not task.milestone for task in tasks) < LIGHT_BELOW else "enterprise")
