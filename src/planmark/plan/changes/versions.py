"""The versions of a plan: which one a day is compared with, what came with which, and how the target date moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planmark.plan.changes.between import Change, changes_between
from planmark.plan.changes.facts import Facts

if TYPE_CHECKING:
    from planmark.plan.progress import Clock


@dataclass(frozen=True, slots=True)
class Version:
    """A plan as it was out from a day on."""

    name: str
    """2026-11-12; the second of a day is 2026-11-12-2."""
    day: date
    facts: Facts
    by: str = ""
    """The id of whoever put it out; empty where nobody says."""
    note: str = ""
    """Why, for the buyer to read."""
    digest: str = ""
    view: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """All of the view as data. Only its facts have been looked at: read other parts of it with care."""


@dataclass(frozen=True, slots=True)
class TargetMove:
    """Another target date. `by` and `note` are those of the version in which it came."""

    day: date
    was: date
    now: date
    by: str = ""
    note: str = ""

    @property
    def days(self) -> int:
        """By how many calendar days; below zero where it is earlier now."""
        return (self.now - self.was).days


def on_day(versions: Sequence[Version], clock: Clock) -> tuple[Version, ...]:
    """The versions that are out on the clock's day, oldest first."""
    return tuple(one for one in versions if clock.reached(one.day))


def out_before(versions: Sequence[Version], days: int, clock: Clock) -> Version:
    """The version that was out so many days ago; the oldest where there was none yet. `versions` are out, oldest first, one at least."""
    found = versions[0]
    for one in versions[1:]:
        if not clock.reached(one.day + min(timedelta(days), date.max - one.day)):
            break
        found = one
    return found


def news(versions: Sequence[Version], now: Facts, day: date) -> tuple[tuple[Change, date], ...]:
    """What changed from the first of the versions to `now`, each with the day of the version in which it came; `day` is that of `now`.

    What moved and moved back is nothing; what moved twice came with the second move.
    """
    if not versions:
        return ()
    came: dict[tuple[str, str, str], date] = {}
    steps = [*((one.facts, one.day) for one in versions), (now, day)]
    for (was, _), (then, on) in pairwise(steps):
        if was != then:
            came.update((change.matter, on) for change in changes_between(was, then))
    return tuple((change, came.get(change.matter, day)) for change in changes_between(versions[0].facts, now))


def target_moves(versions: Sequence[Version], now: Facts, day: date) -> tuple[TargetMove, ...]:
    """Every move of the target date, oldest first; `now` is the plan as it stands, of `day`."""
    if not versions:
        return ()
    moves, was = [], versions[0].facts.target
    for one in (*versions[1:], Version("", day, now)):
        if one.facts.target != was:
            moves.append(TargetMove(one.day, was, one.facts.target, one.by, one.note))
            was = one.facts.target
    return tuple(moves)
