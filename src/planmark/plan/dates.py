"""Dates as they are written become days: ISO dates, a month's last business day, and days counted from something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta

from planmark.plan.calendars import DAY, BusinessCalendar
from planmark.plan.plan import Plan
from planmark.plan.scalars import When
from planmark.plan.walk import Mark, changed
from planmark.problems import Finding, Path, did_you_mean

CalendarOf = Callable[[Path], BusinessCalendar]
"""The business days that hold for the date at a path."""


def resolved(plan: Plan, marks: Iterable[Mark], calendar_of: CalendarOf, findings: list[Finding]) -> Plan:
    """The plan with a day on every date. A date that leads nowhere keeps none, and is a finding. `marks` are the plan's own."""
    anchors = _anchors(plan)
    days: dict[Path, date | None] = {}
    under_way: list[str] = []

    def day_of(path: Path, when: When) -> date | None:
        if when.day:
            return when.day
        if path in days:
            return days[path]
        days[path] = found = _find(path, when)
        return found

    def _find(path: Path, when: When) -> date | None:
        calendar = calendar_of(path)
        if when.month:
            return calendar.last_of(*when.month)
        if when.anchor not in anchors:
            known = ["target", "start", "contract_signature", *(name for name in anchors if name not in FIXED)]
            findings.append(
                Finding(
                    "PM307",
                    path,
                    f"`{when}` counts from `{when.anchor}`, which has no date here",
                    did_you_mean(when.anchor, known, "count from target, start, contract_signature, a task or a key date"),
                )
            )
            return None
        if when.anchor in under_way:
            loop = " → ".join([*under_way[under_way.index(when.anchor) :], when.anchor])
            findings.append(Finding("PM307", path, f"`{when}` counts from itself: {loop}", "give one of them a date of its own"))
            return None
        under_way.append(when.anchor)
        origin = day_of(*anchors[when.anchor])
        under_way.pop()
        if origin is None:
            return None
        if when.weeks:
            return calendar.nearest(origin + timedelta(weeks=when.weeks), DAY if when.weeks > 0 else -DAY)
        return calendar.add(origin, when.business_days)

    for path, marker, when in marks:
        if marker == "date":
            day_of(path, when)

    def put(path: Path, marker: str, value: object) -> object:
        if marker == "date" and isinstance(value, When) and value.day is None and days.get(path):
            return replace(value, day=days[path])
        return value

    return changed(plan, put) if any(days.values()) else plan


FIXED = ("target", "start", "contract_signature")


def _anchors(plan: Plan) -> dict[str, tuple[Path, When]]:
    """What a relative date may count from, with the path of its own date."""
    found: dict[str, tuple[Path, When]] = {}
    for index, key_date in enumerate(plan.key_dates):
        found[key_date.id] = ("key_dates", index, "date"), key_date.date
    for number, stage in enumerate(plan.stages):
        for index, task in enumerate(stage.tasks):
            if task.due:
                found[task.id] = ("stages", number, "tasks", index, "due"), task.due
    if plan.start:
        found["start"] = ("start",), plan.start
    if plan.contract_signature:
        found["contract_signature"] = ("contract_signature",), plan.contract_signature
    found["target"] = ("target", "date"), plan.target.date
    return found
