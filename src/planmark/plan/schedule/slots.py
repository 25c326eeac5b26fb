"""What a schedule says: a slot for each task, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Anchor = Literal["target", "contract_signature"]
"""The dates that a plan works back from."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When a task is planned, and between which days it could be. All days are whole: work is done on the first and on the last."""

    start: date
    """The first day of work, as planned; of a milestone, its day."""
    due: date
    """The last day, as planned: as it is written, or worked back."""
    worked_back: bool
    """Whether `due` was worked back, because nothing is written."""
    earliest_start: date
    earliest: date
    """The first day on which it can be done: what is dated is not done before its date."""
    latest_start: date
    latest: date
    """The last day on which it can be done without moving what it leads to."""
    slack: int
    """Business days from `earliest` to `latest`; below zero where the dates cannot hold."""
    critical: bool
    """Whether it is on the longest way to a target: the chain that leads there with the least slack. What is done is on none."""
    toward: Anchor | None
    """The target that it moves first; None for work after them, and for what is done."""
    leads_to: tuple[Anchor, ...] = ()
    """All the targets that it moves."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two dates that cannot both hold."""

    kind: Literal["order", "room", "target", "closed"]
    """`order`: due before what it waits for. `room`: too few days after it. `target`: due after the date that it leads to. `closed`: due on
    a day on which its owner does not work."""
    task: str
    due: date
    other: str = ""
    """The task that it waits for, or the target: `target` or `contract_signature`."""
    at: date | None = None
    """That one's date; of `closed`, the business day before."""
    takes: int = 0
    """Of `room`: the business days that it needs."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A slot for each task that is not dropped, and the dates that cannot hold, in the order of the work."""

    tasks: Mapping[str, Slot]
    conflicts: tuple[Conflict, ...] = ()
    targets: Mapping[Anchor, date] = field(default_factory=dict)
    """The dates that are worked back from."""
