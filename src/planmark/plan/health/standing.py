"""What is said of a plan's health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Standing = Literal["done", "on_track", "at_risk", "off_track", "stalled"]
WORSE: tuple[Standing, ...] = ("done", "on_track", "at_risk", "off_track", "stalled")
"""From the best to the worst."""

ReasonKind = Literal["late", "blocked", "said", "waits", "too_late", "target", "dates", "contradicted"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why something is not on track.

    `late`: `count` tasks are past their dates, by `days` at most; `task` is the gravest of them. `blocked`: they wait for
    something. `said`: their owner says so. `waits`: they should have begun, and wait for `other`. `too_late`: they should have begun `days`
    ago for the target to hold. `target`: they are dated `days` after the target (`other`). `dates`: their dates and those of what they wait
    for cannot both hold. `contradicted`: `risk: on_track` is written beside a date that has passed.
    """

    kind: ReasonKind
    task: str
    count: int = 1
    days: int = 0
    other: str = ""
    critical: bool = False
    """Whether `task` is on the critical path."""


@dataclass(frozen=True, slots=True)
class StandingOf:
    """How a task, a stage or a plan stands, the gravest reason first."""

    standing: Standing
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Engagement:
    """What the buyer's side does in the plan."""

    tasks: int
    """Those that somebody of the buyer's side answers for."""
    share: float
    """Of all tasks, 0 to 1."""
    done: int
    acts: int
    """Their acts of the last fourteen days."""
    people: int
    """How many of them acted, ever."""
    last: date | None
    """The day of their last act; None where there is none."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a plan is doing. `whole` is None while it rests: it is won, lost, paused or over."""

    whole: StandingOf | None
    stages: Mapping[str, StandingOf]
    tasks: Mapping[str, StandingOf]
    """Of all that are not dropped, by id."""
    done: int
    total: int
    work_done: int
    work: int
    """Business days of work: what the tasks take."""
    buyer: Engagement
