"""What a close plan says, as values: lines for work, stages, dates and people, and all of it together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planmark.plan.closing.forecast import Forecast
from planmark.plan.closing.private import Fact, Private
from planmark.plan.health import Engagement, Standing, StandingOf
from planmark.plan.schedule import Anchor
from planmark.plan.words import Side, Stance, Status
from planmark.problems import Problem


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One task. `late`: so many days. `slack`: business days that it can slip without moving a target; None where it leads to none."""

    id: str
    title: str
    stage: str
    owners: tuple[str, ...]
    day: date | None
    status: Status
    internal: bool
    standing: Standing
    reasons: tuple[str, ...]
    late: int
    critical: bool
    slack: int | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage with how it stands; None where nothing is in it."""

    title: str
    standing: Standing | None
    reasons: tuple[str, ...]
    done: int
    total: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date that is worked back from.

    `last` is the day on which the last task before it is due, `earliest` the first day on which all of them can be done from today on (None
    where none is open), `slack` that of the task that has least.
    """

    anchor: Anchor
    label: str
    day: date
    last: date
    earliest: date | None
    slack: int | None

    @property
    def holds(self) -> bool:
        """Whether everything that leads to it is dated before it, and can still be done by then."""
        return max(self.last, self.earliest or self.last) <= self.day


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who takes part, with what only the seller knows of them."""

    name: str
    title: str
    party: str
    side: Side | None
    roles: tuple[str, ...]
    stance: Stance | None
    needs: tuple[str, ...]
    decides: tuple[str, ...]
    open: int
    """The open tasks that they own; none for a role that waits for a person."""
    acted: date | None
    did: str
    """Their last act, in words."""
    left: date | None
    internal: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that is missing, and what to do about it."""

    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the seller's answer, by the id that `planmark inbox` takes."""

    id: str
    text: str


@dataclass(frozen=True)
class ClosePlan:
    """All of it. How the plan itself stands is in `standing`; `said` is the same in words."""

    account: str
    title: str
    state: str
    today: date
    standing: StandingOf | None
    said: str
    """How the plan stands and why, in a sentence; empty while it rests."""
    reasons: tuple[str, ...]
    stages: tuple[StageLine, ...]
    done: int
    total: int
    work_done: int
    work: int
    buyer: Engagement
    dates: tuple[DateLine, ...]
    forecast: Forecast
    tasks: tuple[WorkLine, ...]
    """All that is open, the internal with the shared, by date."""
    people: tuple[PersonLine, ...]
    """The buyer's side first, then partners, then the seller's own."""
    gaps: tuple[Advice, ...]
    broken: tuple[Problem, ...]
    waits: tuple[Waiting, ...]
    notes: tuple[Private, ...]

    @property
    def critical(self) -> tuple[WorkLine, ...]:
        """The open tasks of the critical path, by date."""
        return tuple(line for line in self.tasks if line.critical)
