"""Schedules and health in this process: of the corpus's plans, and of single plans that grow."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

from planmark.content.deal import Deal
from planmark.content.load import load_deal
from planmark.content.team import team_of
from planmark.content.tree import scan
from planmark.plan.ids import with_ids
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock
from planmark.plan.schedule import schedule, with_dates, working
from planmark.plan.workspace import Workspace

TODAY = date(2026, 4, 15)
"""A day in the middle of the corpus's plans."""
SIZES = (100, 1_000, 10_000)


def thought(folder: Path, runs: int) -> list[float]:
    """The seconds that schedule and health of all deals of a workspace take, run by run. Reading them is not counted."""
    team = team_of(folder)
    names = sorted(one.name for one in (folder / "content").iterdir() if not one.name.startswith("_"))
    deals = [found for name in names if (found := load_deal(team, name, scan(folder / "content" / name)).deal)]
    assert len(deals) == len(names)
    return _timed(lambda: [_think(deal) for deal in deals], runs)


def _think(deal: Deal) -> None:
    times = schedule(deal.plan, deal.working)
    replace(deal, schedule=times).health(Clock(TODAY))


def grown(runs: int) -> dict[int, float]:
    """The median seconds that the schedule of one plan takes, by its number of tasks: worked back, each waits for two that came before."""
    return {size: median(_timed(_scheduling(size), runs)) for size in SIZES}


def _scheduling(size: int) -> Callable[[], object]:
    tasks = [
        {
            "id": f"t{n}",
            "title": f"Task {n}",
            "takes": "1d",
            "owner": "maria",
            "after": [f"t{n - back}" for back in (1, 7) if n % 50 >= back],
        }
        for n in range(size)
    ]
    data = {
        "account": "Northwind",
        "title": "Rollout",
        "target": "2027-01-29",
        "people": ["maria"],
        "stages": [{"title": "Work", "tasks": tasks}],
    }
    plan = with_ids(Plan.model_validate(data), [])
    works = working(plan, Workspace())
    return lambda: with_dates(plan, schedule(plan, works))


def _timed(work: Callable[[], object], runs: int) -> list[float]:
    work()
    took = []
    for _ in range(runs):
        gc.collect()
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return took
