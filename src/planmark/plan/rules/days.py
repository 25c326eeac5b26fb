"""Rules about days: is the plan kept current, was it shared in time, does it say honestly where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from planmark.plan.progress import is_late
from planmark.plan.rules.case import Case
from planmark.plan.rules.rule import Broken, Numbers, QualityRule


def _kept_current(case: Case, numbers: Numbers) -> Iterator[Broken]:
    version = case.facts.version
    if version is None or not case.is_running:
        return
    for name, severity in (("error_after", "error"), ("warn_after", "warning")):
        if case.clock.past(version + timedelta(days=numbers[name])):
            yield Broken(
                ("version",),
                f"last updated on {version}, more than {numbers[name]} days ago",
                "go through the tasks with their owners, and write today as `version`",
                "error" if severity == "error" else "warning",
            )
            return


def _shared_in_time(case: Case, numbers: Numbers) -> Iterator[Broken]:
    shown, target = case.facts.shown, case.plan.target.date.day
    if shown and target and shown > target - timedelta(days=numbers["days"]) and case.is_running:
        yield Broken(
            ("target",),
            f"the buyer has the plan since {shown}, less than {numbers['days']} days before the target ({target})",
            "ask the buyer whether the date holds, and share the next plan when the deal begins",
        )


def _honest(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for one in case.open:
        if one.task.risk == "on_track" and is_late(one.task, one.status, case.clock):
            yield Broken(
                (*one.path, "risk"),
                f"`{one.task.id}` is `on_track`, and was due on {one.day}",
                "write `at_risk` or `off_track` and a new date, or leave `risk` out: it is derived",
            )
    open_ids = {one.task.id for one in case.open}
    for one in case.work:
        waits = [name for name in one.task.after if name in open_ids]
        if one.task.milestone and not one.open and waits:
            yield Broken(
                (*one.path, "status"),
                f"the milestone `{one.task.id}` is done, and `{waits[0]}`, which it waits for, is open",
                "say that it is done, or leave the milestone's `status` out: it follows from `after`",
            )


def _dated(case: Case, numbers: Numbers) -> Iterator[Broken]:
    version = case.facts.version
    if version is None:
        if case.has_begun:
            yield Broken(
                ("version",),
                "the plan has no version: its page shows the day on which it was built, however old the plan is",
                "keep one with `planmark snapshot`, or write `version:` with the day on which you last went through it",
            )
    elif not case.clock.reached(version):
        yield Broken(
            ("version",), f"the version is of {version}, which is still to come", "write the day on which you last went through it"
        )


RULES = (
    QualityRule(
        "R8",
        "Updated every week",
        "While work is open, the version is {warn_after} days old at the most (a warning), and {error_after} at the very most (an error).",
        "A plan that is three weeks old is worse than none: it tells the buyer that nobody here keeps it.",
        "version: 2026-11-19",
        _kept_current,
        numbers={"warn_after": 7, "error_after": 21},
    ),
    QualityRule(
        "R13",
        "Not first shown in the final weeks",
        "The buyer has had the plan for {days} days before the target. What counts is the first version in `versions/`, or the buyer's "
        "first act; where there is neither, `start`.",
        "A plan that appears at the end is a list of demands. One that was there from the beginning is the buyer's own.",
        "start: 2026-10-05",
        _shared_in_time,
        numbers={"days": 14},
        light=False,
    ),
    QualityRule(
        "R14",
        "Honest about where it stands",
        "No task that is past its date is `on_track`, and no milestone is done before what it waits for.",
        "One green light on late work, and the buyer believes none of the others.",
        "risk: at_risk",
        _honest,
    ),
    QualityRule(
        "R26",
        "The version's date is shown",
        "Once work has begun there is a `version` (or one in `versions/`, or somebody's act), and it is not in the future.",
        "Whoever opens a forwarded link wants to know how old it is.",
        "version: 2026-11-19",
        _dated,
    ),
)
