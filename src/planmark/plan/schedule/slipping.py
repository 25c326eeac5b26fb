"""What a slip moves: one task gets another date, and everything that no longer fits behind it follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from planmark.plan.plan import Plan
from planmark.plan.progress import statuses
from planmark.plan.schedule.network import in_order
from planmark.plan.schedule.scheduling import network
from planmark.plan.schedule.slots import Anchor, Schedule
from planmark.plan.schedule.working import Working


@dataclass(frozen=True, slots=True)
class Move:
    """A task whose date moves."""

    task: str
    was: date
    now: date
    pushed: bool
    """Whether it has to be moved; otherwise it follows by itself: it is the task that slips, or its date counts from one that moves."""
    because: str = ""
    """The task that pushes it."""


@dataclass(frozen=True, slots=True)
class TargetAfter:
    """What becomes of a date that the plan works back from."""

    anchor: Anchor
    day: date
    done_by: date
    """The day on which the last task that leads to it is done then."""

    @property
    def holds(self) -> bool:
        """Whether everything that leads to it is done in time."""
        return self.done_by <= self.day


@dataclass(frozen=True, slots=True)
class Slip:
    """All that one slip does."""

    moves: tuple[Move, ...]
    """In the order of the plan; the task itself among them."""
    targets: tuple[TargetAfter, ...]
    owners: tuple[str, ...]
    """The ids of those whose tasks move, each once."""
    waits_for: tuple[str, ...]
    """Open tasks that the one that moves waits for, and that are due later than it is then."""


def slipped(before: Schedule, plan: Plan, working: Working, task: str) -> Slip:
    """What it moves that `task` has the date that it has in `plan`, where `before` is the schedule without that.

    `plan` has all dates resolved and worked back; those that count from the task have followed it already.
    """
    status = statuses(plan)
    nodes = network(plan, working, status)
    moves: dict[str, Move] = {}
    for node in in_order(list(nodes.values())):
        slot = before.tasks.get(node.name)
        if node.done or slot is None:
            continue
        was = slot.due.toordinal()
        node.due = node.fixed
        because = ""
        for edge in node.before:
            if edge.first.name in moves:
                first = before.tasks[edge.first.name].due.toordinal()
                kept = node.calendar.moved(edge.first.due, max(0, node.calendar.apart(first, was)))
                needed = min(edge.ahead(edge.first.due), kept)
                if needed > node.due and node.name != task:
                    node.due, because = needed, edge.first.name
        if node.due != was:
            moves[node.name] = Move(node.name, slot.due, date.fromordinal(node.due), bool(because), because)
    open_before = [edge.first for edge in nodes[task].before if not edge.first.done] if task in nodes else []
    return Slip(
        moves=tuple(moves[name] for name in nodes if name in moves),
        targets=_targets(before, moves),
        owners=_owners(plan, moves),
        waits_for=tuple(one.name for one in open_before if one.due > nodes[task].due),
    )


def _targets(before: Schedule, moves: Mapping[str, Move]) -> tuple[TargetAfter, ...]:
    found = []
    for anchor, day in before.targets.items():
        leading = [name for name, slot in before.tasks.items() if anchor in slot.leads_to]
        last = max((moves[name].now if name in moves else before.tasks[name].due for name in leading), default=day)
        found.append(TargetAfter(anchor, day, last))
    return tuple(found)


def _owners(plan: Plan, moves: Mapping[str, Move]) -> tuple[str, ...]:
    owners = [name for stage in plan.stages for task in stage.tasks if task.id in moves for name in task.owner]
    return tuple(dict.fromkeys(owners))
