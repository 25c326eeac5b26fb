"""What changed since an earlier version, as a theme sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is otherwise than it was.

    `kind` is state, target, moved, end, status, owner, renamed, new, gone, probability, impact, goal, agreed or signed. `group` is what it
    is told with: state, target, done, moved, new, gone, status, owner, renamed, risks, agreed or documents; entries come in this order.
    """

    kind: str
    group: str
    on: str
    """The item: task/nda, risk/…, criterion/…, resource/…, event/…, constraint/…, freeze/…, plan, signature or sign_off."""
    title: str
    """Empty of the plan's own dates and states."""
    day: dt.date
    """The day of the version in which it came."""
    was: str = ""
    """A word of the model or a text; a day is in `was_date`."""
    now: str = ""
    was_date: dt.date | None = None
    now_date: dt.date | None = None
    days: int | None = None
    """By how many calendar days a date moved; below zero where it is earlier now."""
    who: tuple[str, ...] = ()
    """The owners now; who did, agreed or signed it."""
    before: tuple[str, ...] = ()
    """The owners before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetMove:
    """A move of the target date. `by` is whoever put out the version in which it came, `note` what they wrote to it."""

    day: dt.date
    was: dt.date
    now: dt.date
    days: int
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed since the version that was out a week ago; and before that, since the one that was out three months ago."""

    since: dt.date
    entries: tuple[Change, ...] = ()
    earlier_since: dt.date
    earlier: tuple[Change, ...] = ()
    target_moves: tuple[TargetMove, ...] = ()
    """Every move of the target date, oldest first."""
    badges: tuple[Change, ...] = ()
    """Of the entries those that stand beside their tasks in the plan, one a task at most."""
