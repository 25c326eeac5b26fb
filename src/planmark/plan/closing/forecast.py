"""What the seller promised to their own house, held against what the plan can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from planmark.plan.health import Health
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock
from planmark.plan.scalars.numbers import Money
from planmark.plan.schedule import Schedule
from planmark.plan.tasks import Task

DoubtKind = Literal["undated", "passed", "impossible", "before_plan", "slipping", "later", "committed"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where the forecast and the plan say different things.

    `undated`: no day is forecast. `passed`: it passed `days` ago. `impossible`: the signature cannot be done by then, but on `day` at the
    earliest. `before_plan`: the plan signs on `day`, `days` later. `slipping`: the plan's own day for it can no longer hold, it takes
    `days` more. `later`: the plan signs on `day`, `days` before. `committed`: it says commit, and the plan is off track or stalled.
    """

    kind: DoubtKind
    day: date | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is forecast: in a word, on which day, how much; and the signature as the plan has it."""

    word: str
    close: date | None
    is_written: bool
    """Whether `close` is a close date of its own; else it is the day of the signature."""
    amount: Money | None
    note: str
    """What is written beside the amount."""
    is_internal: bool
    """Whether the amount is one that the buyer does not see."""
    signature: date | None
    """The day of the signature, as planned."""
    signed: bool
    earliest: date | None
    """The first day on which it can be done from today on; None where it is done, or no task is it."""
    doubts: tuple[Doubt, ...]


def forecast(plan: Plan, schedule: Schedule, health: Health, first: Mapping[str, date], clock: Clock) -> Forecast:
    """The forecast of a plan, with every doubt about it. `first` is the first day on which each open task can be done."""
    own = plan.internal
    tasks = [task for stage in plan.stages for task in stage.tasks if task.gate == "signature" and task.id in health.tasks]
    signed = bool(tasks) and all(health.tasks[task.id].standing == "done" for task in tasks)
    signature = _signature(plan, schedule, tasks)
    written = own.close_date.day if own and own.close_date else None
    close = written or signature
    earliest = max((first[task.id] for task in tasks if task.id in first), default=None)
    if not tasks:
        earliest = max((day for name, day in first.items() if _leads_to_signature(schedule, name)), default=None)
    word = (own.forecast if own else None) or ""
    value = (own.value if own else None) or plan.value
    doubts: list[Doubt] = []
    if health.whole and not signed:
        doubts += _doubts(close, bool(written), signature, earliest, clock)
        if word.casefold().startswith("commit") and health.whole.standing in ("off_track", "stalled"):
            doubts.append(Doubt("committed"))
    return Forecast(
        word,
        close,
        bool(written),
        value.amount if value else None,
        (value.note if value else None) or "",
        bool(own and own.value),
        signature,
        signed,
        None if signed else earliest,
        tuple(doubts),
    )


def _doubts(close: date | None, written: bool, signature: date | None, earliest: date | None, clock: Clock) -> list[Doubt]:
    if close is None:
        return [Doubt("undated")]
    if clock.past(close):
        return [Doubt("passed", days=(clock.today - close).days)]
    if earliest and earliest > close and not (signature and signature >= earliest):
        return [Doubt("impossible", earliest, (earliest - close).days)]
    if earliest and signature and earliest > signature:
        return [Doubt("slipping", earliest, (earliest - signature).days)]
    if written and signature and signature > close:
        return [Doubt("before_plan", signature, (signature - close).days)]
    if written and signature and signature < close:
        return [Doubt("later", signature, (close - signature).days)]
    return []


def _signature(plan: Plan, schedule: Schedule, tasks: Sequence[Task]) -> date | None:
    """The day on which the last task that is the signature is due, else the date that both sides agreed for it."""
    days = [schedule.tasks[task.id].due for task in tasks if task.id in schedule.tasks]
    return max(days, default=plan.contract_signature.day if plan.contract_signature else None)


def _leads_to_signature(schedule: Schedule, name: str) -> bool:
    slot = schedule.tasks.get(name)
    return slot is not None and "contract_signature" in slot.leads_to
