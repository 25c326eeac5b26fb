"""Group `thinking`: how long it takes to schedule and judge plans: many, large ones, and a check for the first time and again."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from statistics import median

from . import generators, scheduling
from .corpus import slug_of
from .generators import PLANMARK, Planmark
from .machine import versions
from .measure import Bench, CommandError, Run, Spread, Subject, walls
from .report import Figure, Section, Table, mebibytes, seconds, spread_of_seconds

SCHEDULE_SECONDS = 1.0
LARGE_SECONDS = 1.0
COLD_SECONDS = 3.0
AGAIN_SECONDS = 0.6
LIBRARIES = ("click", "pydantic", "pyyaml", "holidays")
NOTES = (
    "Targets are for 1,000 deals and 5 runs. Medians, lowest to highest in brackets.",
    "Schedule and health: in one process, of plans that are read already, each with its day's judgement of every task.",
    "One plan: nothing is dated but the target, each task waits for two, in chains of fifty.",
    "Check, cold: nothing is remembered; file-system cache and bytecode are warm. Every plan is read, scheduled and judged by all rules; "
    "its Markdown, files and links are looked at. Some 35 things are told of each plan of the corpus.",
    "Check again: nothing changed since the last one. After one change: one plan of them did.",
)

Runs = Mapping[str, Sequence[Run]]


def measure(bench: Bench, deals: int, runs: int) -> Section:
    """All figures of this group."""
    planmark = generators.planmark(bench.work, deals)
    checks = _checks(bench, planmark, runs)
    _say(f"schedules: {runs} runs")
    thought, grown = Spread.of(scheduling.thought(planmark.folder, runs)), scheduling.grown(runs)
    return Section(
        title=f"Thinking: {deals:,} plans of 30 tasks",
        figures=[
            _within("Schedule and health of all plans", thought, SCHEDULE_SECONDS),
            Figure(
                f"Schedule of one plan of {max(grown):,} tasks",
                f"≤ {seconds(LARGE_SECONDS)}",
                seconds(grown[max(grown)]),
                grown[max(grown)] <= LARGE_SECONDS,
            ),
            *_check_figures(checks),
        ],
        tables=[
            Table("One plan, medians", ("Tasks", "Schedule", "A task"), [_grown_row(*one) for one in grown.items()]),
            Table("Checks, medians", ("Check", "Wall", "CPU", "Largest process"), [_row(name, found) for name, found in checks.items()]),
        ],
        notes=NOTES,
        versions=versions(LIBRARIES),
    )


def _checks(bench: Bench, planmark: Planmark, runs: int) -> Runs:
    """A check in which nothing is remembered, one in which nothing changed, and one in which one plan did."""
    command, remembered = [*PLANMARK, "check"], planmark.folder / "build"
    edited = planmark.source(slug_of(planmark.deals // 2), "data")

    def forget() -> None:
        shutil.rmtree(remembered, ignore_errors=True)

    def edit() -> None:
        edited.write_text(f"{edited.read_text(encoding='utf-8')}# another line\n", encoding="utf-8")

    def found_all() -> None:
        said = bench.said()
        if f"of {planmark.deals:,} deals" not in said:
            raise CommandError(f"the check did not look at all deals: {said[-300:]}")

    _say(f"checks: {runs} x 3 runs")
    bench.run(Subject("warming up", command, planmark.folder, forget, found_all))
    return bench.in_turn(
        [
            Subject("Cold", command, planmark.folder, forget, found_all),
            Subject("Nothing changed", command, planmark.folder, check=found_all),
            Subject("One plan changed", command, planmark.folder, edit, found_all),
        ],
        runs,
    )


def _check_figures(found: Runs) -> list[Figure]:
    cold, again = walls(found["Cold"]), walls(found["Nothing changed"])
    return [_within("Check, cold", cold, COLD_SECONDS), _within("Check again, nothing changed", again, AGAIN_SECONDS)]


def _grown_row(tasks: int, took: float) -> list[str]:
    return [f"{tasks:,}", seconds(took), f"{took / tasks * 1e6:.0f} µs"]


def _within(name: str, found: Spread, limit: float) -> Figure:
    return Figure(name, f"≤ {seconds(limit)}", spread_of_seconds(found), found.median <= limit)


def _row(name: str, runs: Sequence[Run]) -> list[str]:
    cpu, largest = median(run.cpu for run in runs), median(run.memory for run in runs)
    return [name, spread_of_seconds(walls(runs)), seconds(cpu), mebibytes(largest)]


def _say(step: str) -> None:
    print(f"  {step}", file=sys.stderr, flush=True)
