"""The critical path method over business days: forward for the earliest days, backward for the latest.

A task's day is the one on whose evening it is done. One that takes three days and follows another is done three business days of its
owner's after it; a milestone takes none and is done on the evening of what it follows. Source: Kelley and Walker, "Critical-Path Planning
and Scheduling" (1959); each task here counts by a calendar of its own. Days are ordinals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from planmark.plan.calendars import BusinessCalendar
from planmark.plan.schedule.slots import Anchor


@dataclass(slots=True, eq=False)
class Node:
    """A task on its way through the passes."""

    name: str
    takes: int
    calendar: BusinessCalendar
    exact: bool
    """Whether its length is written."""
    done: int = 0
    """The day on which it was done; 0 while it is open."""
    fixed: int = 0
    """The day that is written for it; 0 where none is."""
    begins: int = 0
    """The first day of work that is written for it; 0 where none is."""
    before: list[Edge] = field(default_factory=list)
    behind: list[Edge] = field(default_factory=list)
    binds: dict[Anchor, int] = field(default_factory=dict)
    """The dates that it has to hold whatever follows it."""
    ends: tuple[Anchor, int] | None = None
    """The date that it leads to where nothing behind it does; None for work after them."""
    otherwise: int = 0
    """The day for one that nothing asks for by any day."""
    due: int = 0
    earliest: int = 0
    latest: dict[Anchor, int] = field(default_factory=dict)
    """The last day that moves none of the dates it leads to, by date."""

    def last(self, day: int) -> int:
        """The last day up to `day` on which work on it can end; a milestone's day may be any."""
        return self.calendar.moved(day + 1, -1) if self.takes else day

    def start(self, day: int) -> int:
        """The first day of work when it is done on `day`."""
        return self.calendar.moved(day + 1, -self.takes) if self.takes else day


@dataclass(slots=True, eq=False)
class Edge:
    """That one task waits for another. `takes` are the business days from the evening of the first to that of the second."""

    first: Node
    second: Node
    takes: int

    def ahead(self, day: int) -> int:
        """The evening of the second when the first is done on `day`."""
        return self.second.calendar.moved(day, self.takes) if self.takes else day

    def back(self, day: int) -> int:
        """The last day of the first that lets the second be done on `day`."""
        free = self.second.calendar.moved(day + 1, -self.takes) - 1 if self.takes else day
        return self.first.last(free)


def join(first: Node, second: Node) -> None:
    """Let `second` wait for `first`. Two that are dated to one day may stay so, unless it is written how long the second takes."""
    together = not second.exact and second.takes == 1 and first.fixed == second.fixed != 0
    edge = Edge(first, second, 0 if together else second.takes)
    first.behind.append(edge)
    second.before.append(edge)


def in_order(nodes: Sequence[Node]) -> list[Node]:
    """The nodes so that each follows all that it waits for. Those in a circle, and behind one, are missing."""
    waits = {node.name: len(node.before) for node in nodes}
    found = [node for node in nodes if not node.before]
    for node in found:  # it grows meanwhile
        for edge in node.behind:
            waits[edge.second.name] -= 1
            if not waits[edge.second.name]:
                found.append(edge.second)
    return found


def backward(order: Sequence[Node]) -> None:
    """The last day of each node for each of the dates it leads to, and its planned day: the written one, else the last that fits."""
    for node in reversed(order):
        latest = {anchor: node.last(day) for anchor, day in node.binds.items()}
        asked = list(latest.values())
        for edge in node.behind:
            if not edge.second.done:
                asked.append(edge.back(edge.second.due))
                for anchor, day in edge.second.latest.items():
                    bound = edge.back(day)
                    latest[anchor] = min(latest.get(anchor, bound), bound)
        if not latest and node.ends:
            anchor, day = node.ends
            node.binds[anchor] = day
            latest[anchor] = node.last(day)
            asked.append(latest[anchor])
        node.latest = latest
        node.due = node.fixed or node.done or min(asked, default=node.otherwise)


def forward(order: Sequence[Node], origin: int) -> None:
    """The first day of each node: not before what it waits for, nor before what is written."""
    for node in order:
        if node.done:
            node.earliest = node.done
            continue
        first = max(node.begins, origin)
        begun = node.calendar.moved(first - 1, node.takes) if node.takes else first
        node.earliest = max([begun, node.fixed, *(edge.ahead(edge.first.earliest) for edge in node.before)])
