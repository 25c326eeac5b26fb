"""Plans to make calendars of: the view of a deal as plain values, and its calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent
from typing import Any

from tests.conftest import write

from planmark.content.acting import load_one
from planmark.site.calendar import PlanCalendar
from planmark.site.data import as_data
from planmark.site.language import Language
from planmark.site.projection import project

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 9)
Plain = dict[str, Any]
HEAD = """\
account: Northwind Robotics
title: One build plan
target: {date: 2027-01-29, label: Go-live}
timezone: Europe/Amsterdam
version: 2026-11-03
start: 2026-10-05
share_key: k9m2x4c7hq5d8rj6p1t0bn2v
people:
  - {id: maria, name: Maria Lindqvist, email: maria@northwind.example}
  - {id: joost, name: Joost van den Berg}
  - {id: dana, name: Dana Whitfield, party: seller}
"""


def view(tasks: str = "- {title: Sign the agreement, id: nda, owner: maria, due: 2026-11-20}", more: str = "") -> Plain:
    """The buyer's view of a small plan as plain values: its tasks, and whatever else stands in it."""
    plan = f"{HEAD}{more}\nstages:\n  - title: Evaluate\n    tasks:\n{indent(tasks.strip(), '      ')}\n"
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, {"planmark.yaml": "seller: Halyard\n", "content/acme/plan.yaml": plan})
        return viewed(root, "acme")


def viewed(root: Path, name: str) -> Plain:
    """The buyer's view of a deal."""
    deal = load_one(root, name)
    data = as_data(project(deal, TODAY, deal.history).view)
    assert isinstance(data, dict)
    return data


def made(plan: Plain, *versions: Plain) -> PlanCalendar:
    """The calendars of a plan with earlier versions, oldest first."""
    return PlanCalendar(plan, versions, Language(plan["locale"]))


def whole(plan: Plain, *versions: Plain) -> bytes:
    """The calendar for everybody."""
    return made(plan, *versions).whole()


def retold(plan: Plain, task: str = "nda", /, **facts: Any) -> Plain:
    """The plan with other facts of one task. A fact that is None goes."""
    stages = []
    for stage in plan["stages"]:
        tasks = []
        for one in stage["tasks"]:
            told = one | facts if one["id"] == task else one
            tasks.append({name: value for name, value in told.items() if value is not None})
        stages.append(stage | {"tasks": tasks})
    return plan | {"stages": stages}


def without(plan: Plain, task: str) -> Plain:
    """The plan without one task."""
    return plan | {"stages": [stage | {"tasks": [one for one in stage["tasks"] if one["id"] != task]} for stage in plan["stages"]]}


def examples() -> Sequence[tuple[str, Plain]]:
    """The example deals."""
    return [(name, viewed(ROOT, name)) for name in ("harbour", "juniper", "northwind")]
