"""How a plan is doing, as a theme sees it: what helps the buyer, without days that would change by the day, and without scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planmark.site.view.work import TaskLink

Standing = Literal["done", "on_track", "at_risk", "off_track", "stalled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReason:
    """Why it is not on track.

    `kind` is late, blocked, said (its owner marked it), waits (for `other`, though it should have begun), too_late (to begin, if
    the target is to hold) or target (dated after it).
    """

    kind: str
    count: int
    """So many tasks."""
    task: TaskLink
    """The gravest of them."""
    other: TaskLink | None = None
    critical: bool = False
    """Whether `task` is on the critical path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the plan stands, the gravest reason first."""

    standing: Standing
    reasons: tuple[HealthReason, ...] = ()
