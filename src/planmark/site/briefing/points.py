"""What is to be said of a plan on a day: done, next, at risk or late, to be decided. A view and its changes in, lists out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planmark.plan.words import Side
from planmark.site import view

LATELY = dt.timedelta(days=14)
"""Where there is no version to compare with, what was done in so many days is told as done."""
AT_RISK = ("at_risk", "off_track", "stalled")
_SIDES: tuple[Side, ...] = ("buyer", "seller", "partner")
_BREAKS = ("target", "too_late")
"""The reasons of health that say that the target does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worry:
    """An open task that is late, blocked or at risk."""

    task: view.Task
    days_late: int
    """0 of one that is not late."""
    waits_for: tuple[view.TaskLink, ...]
    """What is still open of all that it comes after."""

    @property
    def flag(self) -> str:
        """The model's word for it: late, blocked, at_risk, off_track or stalled."""
        if self.task.status == "blocked":
            return "blocked"
        if self.days_late and self.task.standing not in ("off_track", "stalled"):
            return "late"
        return self.task.standing if self.task.standing in AT_RISK else self.task.risk or "at_risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that somebody has to say yes or no to.

    `kind` is proposal, approval, criterion, owner (a task that nobody has) or date (one without a day).
    """

    kind: str
    on: str
    title: str
    who: tuple[str, ...] = ()
    """Who approves it, or has not agreed yet; who has the task."""
    day: dt.date | None = None
    """That of the task."""
    said: view.Said | None = None
    """The proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """All of it. Tasks come soonest first; milestones, which nobody does, are not among those that are next."""

    since: dt.date | None
    """The day of the version that it is compared with; None where there is none."""
    done: tuple[view.Task, ...]
    """Since then; without a version, in the last fourteen days."""
    news: tuple[view.Change, ...]
    """Everything else that changed."""
    next: tuple[tuple[Side, tuple[view.Task, ...]], ...]
    """For each side that has open tasks, by their first owner."""
    worries: tuple[Worry, ...]
    decisions: tuple[Decision, ...]
    holds: bool | None
    """Whether the target date does; None while the plan rests."""


def points(plan: view.BuyerView, today: dt.date, since: dt.date | None, news: Sequence[view.Change]) -> Points:
    """What is to be said of a plan on `today`. `news` is what changed since the version of the day `since`."""
    every = [task for stage in plan.stages for task in stage.tasks]
    waiting = open_tasks(plan)
    done_since = {one.on.partition("/")[2] for one in news if one.group == "done"}
    done = [
        task
        for task in every
        if task.status == "done" and (task.id in done_since if since else bool(task.done_on and task.done_on >= today - LATELY))
    ]
    return Points(
        since=since,
        done=tuple(sorted(done, key=lambda task: (task.done_on or dt.date.max, task.due or dt.date.max))),
        news=tuple(one for one in news if one.group != "done"),
        next=tuple(
            (side, found)
            for side in _SIDES
            if (found := tuple(task for task in waiting if task.sides[:1] == (side,) and not task.milestone))
        ),
        worries=tuple(
            Worry(
                task=task,
                days_late=max(0, (today - task.due).days) if task.late and task.due else 0,
                waits_for=tuple(one for one in task.after if one.status not in ("done", "dropped")),
            )
            for task in waiting
            if task.late or task.status == "blocked" or task.risk in AT_RISK or task.standing in AT_RISK
        ),
        decisions=() if plan.resting else tuple(_decisions(plan, waiting)),
        holds=None if plan.health is None else not any(one.kind in _BREAKS for one in plan.health.reasons),
    )


def open_tasks(plan: view.BuyerView) -> list[view.Task]:
    """The tasks that are neither done nor dropped, soonest first; none while the plan rests."""
    if plan.resting:
        return []
    found = [task for stage in plan.stages for task in stage.tasks if task.status not in ("done", "dropped")]
    return sorted(found, key=lambda task: (task.due is None, task.due or dt.date.max))


def tasks_of(plan: view.BuyerView, person: str) -> tuple[view.Task, ...]:
    """Somebody's own open tasks, soonest first."""
    return tuple(task for task in open_tasks(plan) if any(owner.id == person for owner in task.owners))


def _decisions(plan: view.BuyerView, waiting: Sequence[view.Task]) -> Iterator[Decision]:
    yield from _proposed("plan", plan.title, plan.said)
    for task in (task for stage in plan.stages for task in stage.tasks):
        yield from _proposed(f"task/{task.id}", task.title, task.said)
    for risk in plan.risks:
        yield from _proposed(f"risk/{risk.id}", risk.title, risk.said)
    for task in waiting:
        on, who = f"task/{task.id}", tuple(owner.name for owner in task.owners)
        if "approve" in task.buyer_can and not any(one.kind == "approved" and not one.earlier for one in task.said):
            yield Decision(kind="approval", on=on, title=task.title, who=who, day=task.due)
    for one in plan.success_criteria:
        parties = ((one.agreed_buyer, plan.buyer), (one.agreed_seller, plan.seller))
        missing = tuple(party.short for agreed, party in parties if agreed is None and party.name)
        if missing:
            yield Decision(kind="criterion", on=f"criterion/{one.id}", title=one.criterion, who=missing)
    for task in waiting:
        if not task.owners and not task.milestone:
            yield Decision(kind="owner", on=f"task/{task.id}", title=task.title, day=task.due)
    for task in waiting:
        if task.due is None:
            yield Decision(kind="date", on=f"task/{task.id}", title=task.title, who=tuple(owner.name for owner in task.owners))


def _proposed(on: str, title: str, said: Sequence[view.Said]) -> Iterator[Decision]:
    """Proposals that nobody has answered."""
    for one in said:
        if one.kind == "proposed" and not one.answer:
            yield Decision(kind="proposal", on=on, title=title, said=one)
