"""Plans for tests of the schedule and of health, as short as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from planmark.plan.dates import resolved
from planmark.plan.ids import with_ids
from planmark.plan.plan import Plan
from planmark.plan.schedule import Schedule, Working, schedule, with_dates, working
from planmark.plan.walk import marked
from planmark.plan.workspace import Workspace
from planmark.problems import Finding

PEOPLE = [
    {"id": "maria", "name": "Maria", "party": "buyer"},
    {"id": "sami", "name": "Sami", "party": "buyer", "holidays": "SA"},
    {"id": "gwen", "name": "Gwen", "party": "buyer", "holidays": "GB"},
    {"id": "dana", "name": "Dana", "party": "seller"},
]


def plan_of(tasks: Sequence[dict[str, Any]] = (), **keys: Any) -> tuple[Plan, Working]:
    """A plan of one stage, or of `stages`, with its dates resolved, and who works when."""
    stages = keys.pop("stages", None) or [{"id": "s", "title": "S", "tasks": list(tasks)}]
    stages = [{**one, "tasks": [{"title": task.get("id", "T"), **task} for task in one["tasks"]]} for one in stages]
    base = {"account": "Acme", "title": "Rollout", "target": "2027-01-29", "people": PEOPLE, "stages": stages}
    findings: list[Finding] = []
    plan = with_ids(Plan.model_validate({**base, **keys}), findings)
    works = working(plan, Workspace())
    plan = resolved(plan, tuple(marked(plan)), works.at, findings)
    assert findings == []
    return plan, replace(works, plan=plan)


def scheduled(tasks: Sequence[dict[str, Any]] = (), **keys: Any) -> Schedule:
    """The schedule of such a plan."""
    return schedule(*plan_of(tasks, **keys))


def dated(tasks: Sequence[dict[str, Any]] = (), **keys: Any) -> tuple[Plan, Working, Schedule]:
    """Such a plan with its worked-back dates, as a deal holds it."""
    plan, works = plan_of(tasks, **keys)
    found = schedule(plan, works)
    plan = with_dates(plan, found)
    return plan, replace(works, plan=plan), found
