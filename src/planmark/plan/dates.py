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

    def day_of(path: Path, when: When) -> date | None:
        """The day: from anchor to anchor until there is one, then counted back along that way."""
        if when.day:
            return when.day
        way: dict[Path, When] = {}
        found: date | None = None
        while path not in days and not when.day and not when.month:
            if when.anchor not in anchors:
                findings.append(
                    Finding("PM307", path, f"`{when}` counts from `{when.anchor}`, which has no date here", _hint(when, anchors))
                )
                days[path] = None
                break
            if path in way:
                loop = [one.anchor for one in list(way.values())[list(way).index(path) :]]
                told = " → ".join([*loop, loop[0]])
                findings.append(Finding("PM307", path, f"`{when}` counts from itself: {told}", "give one of them a date of its own"))
                break
            way[path] = when
            path, when = anchors[when.anchor]
        else:
            found = days.get(path) or when.day
            if when.month:
                found = days[path] = calendar_of(path).last_of(*when.month)
        for path, when in reversed(way.items()):
            days[path] = found = _counted(found, when, calendar_of(path)) if found else None
        return found

    for path, marker, when in marks:
        if marker == "date":
            day_of(path, when)

    def put(path: Path, marker: str, value: object) -> object:
        if marker == "date" and isinstance(value, When) and value.day is None and days.get(path):
            return replace(value, day=days[path])
        return value

    return changed(plan, put) if any(days.values()) else plan


def _counted(origin: date, when: When, calendar: BusinessCalendar) -> date:
    if when.weeks:
        return calendar.nearest(origin + timedelta(weeks=when.weeks), DAY if when.weeks > 0 else -DAY)
    return calendar.add(origin, when.business_days)


def _hint(when: When, anchors: Iterable[str]) -> str:
    if when.anchor in FIXED:
        return f"write `{when.anchor}: 2026-11-03` as well, or count from something else"
    return did_you_mean(when.anchor, [*FIXED, *anchors], "count from target, start, contract_signature, a task or a key date")


FIXED = ("target", "start", "contract_signature")


def _anchors(plan: Plan) -> dict[str, tuple[Path, When]]:
    """What a relative date may count from, with the path of its own date. Of two tasks with one id, which is told of, the first counts."""
    found: dict[str, tuple[Path, When]] = {}
    seen: set[str] = set()
    for index, key_date in enumerate(plan.key_dates):
        found[key_date.id] = ("key_dates", index, "date"), key_date.date
    for number, stage in enumerate(plan.stages):
        for index, task in enumerate(stage.tasks):
            if task.due and task.id not in seen:
                seen.add(task.id)
                found[task.id] = ("stages", number, "tasks", index, "due"), task.due
    if plan.start:
        found["start"] = ("start",), plan.start
    if plan.contract_signature:
        found["contract_signature"] = ("contract_signature",), plan.contract_signature
    found["target"] = ("target", "date"), plan.target.date
    return found
