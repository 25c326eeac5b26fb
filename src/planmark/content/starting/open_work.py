"""What is still open of a plan that goes on: its stages without what is done, as a rep would write them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from planmark.content.deal import Deal
from planmark.content.starting.values import items, put_at, value_at
from planmark.plan.progress import statuses
from planmark.plan.tasks import Task
from planmark.plan.walk import marked

OVER = ("done", "dropped")


@dataclass(frozen=True)
class OpenWork:
    """Stages with open tasks, raw, each with the first day on which one is due; and these tasks by id."""

    stages: list[tuple[dict[str, Any], date | None]]
    tasks: dict[str, Task]


def with_days(value: Any, deal: Deal, moved: Mapping[date, date]) -> Any:
    """A copy of a deal's raw plan in which every date is a day. `moved` are days that are others from now on.

    What counts from the target stays as it is written: so its agreements stay true of the words that were agreed to.
    """
    value = copy.deepcopy(value)
    for path, marker, when in marked(deal.plan):
        if marker == "date" and when.day and isinstance(written := value_at(value, path), str) and when.written == written:
            if path[0] != "success_criteria":
                put_at(value, path, moved.get(when.day, when.day).isoformat())
            elif when.anchor != "target":
                put_at(value, path, when.day.isoformat())
    return value


def open_work(raw: Any, deal: Deal, moved: Mapping[date, date]) -> OpenWork:
    """What is open of the deal whose raw plan, with days, is `raw`: states, dates and owners as they stand after all that people did."""
    status = statuses(deal.plan)
    stages: list[tuple[dict[str, Any], date | None]] = []
    tasks: dict[str, Task] = {}
    for stage, written in zip(items(raw.get("stages")), deal.plan.stages, strict=True):
        going = [(one, task) for one, task in zip(items(stage.get("tasks")), written.tasks, strict=True) if status[task.id] not in OVER]
        if not going:
            continue
        tasks |= {task.id: task for _, task in going}
        days = [task.due.day for _, task in going if task.due and task.due.day]
        kept = [_as_it_stands(one, task, moved) for one, task in going]
        stages.append(({"id": written.id, **stage, "tasks": kept}, min(days, default=None)))
    for stage, _ in stages:
        for task in stage["tasks"]:
            if "after" in task:
                task["after"] = [name for name in items(task["after"]) if name in tasks]
        stage["tasks"] = [{key: one for key, one in task.items() if key != "after" or one} for task in stage["tasks"]]
    return OpenWork(stages, tasks)


def _as_it_stands(raw: Any, task: Task, moved: Mapping[date, date]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": task.id, **({"title": raw} if isinstance(raw, str) else raw)}
    found.pop("done_on", None)
    if task.status and (task.status != "todo" or task.milestone):
        found["status"] = task.status
    elif task.status == "todo":
        found.pop("status", None)
    if task.owner:
        found["owner"] = list(task.owner) if len(task.owner) > 1 else task.owner[0]
    if task.due and task.due.day and task.due.written:  # what was only worked back is worked back again
        found["due"] = moved.get(task.due.day, task.due.day).isoformat()
    return found
