"""A plan that breaks no rule, and how it is judged when something about it is different."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from planmark.plan.dates import resolved
from planmark.plan.ids import with_ids
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock, statuses
from planmark.plan.rules import Facts, judge
from planmark.plan.schedule import schedule, with_dates, working
from planmark.plan.walk import marked
from planmark.plan.workspace import Workspace
from planmark.problems import Finding, Path

TODAY = date(2026, 11, 9)
Values = dict[str, Any]


def _task(name: str, due: str, owner: str = "maria", **more: Any) -> Values:
    return {"id": name, "title": f"Hand over paper {name}", "owner": owner, "due": due, "evidence": "The paper", **more}


def _outcome(name: str, due: str, **more: Any) -> Values:
    return _task(name, due, milestone=True, why="The next step needs it", **more)


GOOD: Values = {
    "account": {"name": "Northwind", "short": "Northwind"},
    "title": "One plan for Rotterdam",
    "version": "2026-11-06",
    "start": "2026-10-05",
    "target": {"date": "2027-03-26", "label": "Go-live", "why": "The season opens on 1 April"},
    "summary": "Why we are here",
    "objective": "Every plan is made in a week",
    "contact": "dana",
    "people": [
        {"id": "maria", "name": "Maria Lindqvist", "party": "buyer", "role": ["economic_buyer", "signatory"]},
        {"id": "joost", "name": "Joost van den Berg", "party": "buyer", "role": "executive_sponsor"},
        {"id": "anouk", "name": "Anouk de Wit", "party": "buyer", "role": "champion"},
        {"id": "dana", "name": "Dana Whitfield", "party": "seller"},
        {"id": "ivo", "name": "Ivo Harcourt", "party": "seller", "role": "executive_sponsor"},
    ],
    "success_criteria": [{"criterion": "Planning time", "goal": "one week", "by": "2027-06-30", "measured_by": "median of ten plans"}],
    "resources": [{"title": "Tour", "url": "https://lumen.example/tour", "owner": "dana"}],
    "risks": [{"title": "Data comes late", "mitigation": "A deputy is named"}],
    "review": {"every": "week", "day": "Tuesday", "time": "15:00", "contact": "dana"},
    "stages": [
        {
            "id": "try",
            "title": "Try it together",
            "kind": "proof_of_value",
            "exit_criteria": ["Two plants are connected"],
            "tasks": [
                *(_task(f"a{day - 10}", f"2026-11-{day}", "anouk" if day % 2 else "dana") for day in (10, 11, 12, 13, 16, 17)),
                *(_outcome(f"m{number}", "2026-11-20", after=[f"a{number}"]) for number in range(4)),
            ],
        },
        {
            "id": "agree",
            "title": "Agree on the terms",
            "kind": "procurement_legal",
            "tasks": [
                _task("b0", "2026-12-10", gate="security"),
                _task("b1", "2026-12-11", gate="legal"),
                _task("b2", "2026-12-14", gate="procurement"),
                _task("b3", "2026-12-15", gate="budget"),
                _task("b4", "2026-12-16", "joost", gate="executive"),
                _outcome("m4", "2027-01-15", after=["b0", "b1", "b2", "b3", "b4"]),
                _outcome("signed", "2027-01-22", after=["m4"], gate="signature"),
            ],
        },
        {
            "id": "start",
            "title": "Start",
            "kind": "onboarding",
            "tasks": [
                *(_task(f"c{number}", f"2027-02-0{number + 1}", "dana", after=["signed"]) for number in range(5)),
                _outcome("m6", "2027-02-26", after=["c0"]),
                _outcome("live", "2027-03-26", after=["c1", "c2", "c3", "c4", "m6"]),
            ],
        },
    ],
}
"""A plan of 16 tasks and 8 milestones in three stages; nothing of it is done yet."""
LIGHT: Values = {
    "account": "Juniper",
    "title": "A plan for the wall",
    "target": {"date": "2026-12-18", "why": "Spring orders open"},
    "summary": "Why",
    "outcomes": ["One plan that all can see"],
    "resources": [{"title": "Tour", "url": "https://lumen.example/tour", "owner": "dana"}],
    "people": [{"id": "morag", "name": "Morag Sinclair", "role": "economic_buyer"}, {"id": "dana", "name": "Dana", "party": "seller"}],
    "success_criteria": [{"criterion": "Kept dates", "goal": "9 of 10", "by": "2027-03-31", "measured_by": "her book"}],
    "stages": [{"title": "Try", "tasks": [_task(f"t{number}", f"2026-11-1{number}", "morag") for number in range(1, 4)]}],
}
"""A plan of three tasks that breaks none of the rules that light plans are judged by."""


def changed(plan: Mapping[str, Any], *changes: tuple[str, Any]) -> Values:
    """A copy of a plan in which values are set, added or (with None) left out: `("stages.0.tasks.1.due", "2026-12-01")`."""
    copy: Any = deepcopy(dict(plan))
    for way, value in changes:
        *steps, last = [int(step) if step.isdigit() else step for step in way.split(".")]
        part: Any = copy
        for step in steps:
            part = part[step]
        if value is None:
            del part[last]
        elif isinstance(part, list) and last == len(part):
            part.append(value)
        else:
            part[last] = value
    return copy  # type: ignore[no-any-return]


def judged(
    values: Mapping[str, Any],
    today: date = TODAY,
    rules: Mapping[str, Any] | None = None,
    *,
    shown: date | None = date(2026, 10, 6),
    locale: str = "en-GB",
    texts: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> list[Finding]:
    """What the rules say of a plan on a day."""
    workspace = Workspace.model_validate({"rules": rules or {}})
    plan = with_ids(Plan.model_validate(values), [])
    works = working(plan, workspace)
    plan = resolved(plan, list(marked(plan)), works.at, [])
    found = schedule(plan, works)
    facts = Facts(
        clock=clock or Clock(today),
        status=statuses(plan),
        schedule=found,
        locale=locale,
        contact=plan.contact,
        review=plan.review,
        version=plan.version,
        shown=shown,
        settings=workspace.rules,
        texts=texts or {},
    )
    return list(judge(with_dates(plan, found), facts))


def broken(values: Mapping[str, Any], *arguments: Any, **more: Any) -> list[tuple[str, Path, str]]:
    """Code, path and severity of each finding."""
    return [(one.code, one.path, one.severity) for one in judged(values, *arguments, **more)]
