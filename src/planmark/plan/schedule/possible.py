"""From today on: the first day on which each task can be done, whatever its date says. What is honest about a promised day."""

from __future__ import annotations

from datetime import date

from planmark.plan.plan import Plan
from planmark.plan.progress import statuses
from planmark.plan.schedule.network import in_order
from planmark.plan.schedule.scheduling import network
from planmark.plan.schedule.slots import Schedule
from planmark.plan.schedule.working import Working


def possible(plan: Plan, working: Working, found: Schedule, today: date) -> dict[str, date]:
    """The first day on which each open task can be done, if work goes on today and everything takes what it takes.

    Nothing is done before the date that is written for it; what is under way began as planned. Dates of `plan` are resolved and worked
    back, `found` is its schedule. Raises OverflowError where that leads out of the calendar.
    """
    status, now = statuses(plan), today.toordinal()
    days: dict[str, int] = {}
    for node in in_order(list(network(plan, working, status).values())):
        slot = found.tasks.get(node.name)
        if node.done:
            days[node.name] = node.done
            continue
        started = slot.start.toordinal() if slot and status[node.name] == "doing" else 0
        first = min(started, now) if started else max(node.begins, now)
        done = node.calendar.moved(first - 1, node.takes) if node.takes else first
        written = 0 if slot and slot.worked_back else node.fixed
        days[node.name] = max([done, written, now, *(edge.ahead(days[edge.first.name]) for edge in node.before)])
    return {name: date.fromordinal(day) for name, day in days.items() if status[name] != "done"}
