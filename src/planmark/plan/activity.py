"""What people did, folded over what plan.yaml says. Pure: any order and any repetition of the same events give the same plan.

What counts is what was proven or accepted, and what the team's own commands wrote. A seller's status, due or owner holds only while
plan.yaml still says what it said then: whoever edits the file later overrules it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar, get_args

from planmark.plan.acts import Acts
from planmark.plan.agreement import criterion_digest
from planmark.plan.events import Event, day_of, once_each, order
from planmark.plan.item import Part
from planmark.plan.plan import Plan
from planmark.plan.scalars import When
from planmark.plan.tasks import Task
from planmark.plan.terms import Agreement, Criterion
from planmark.plan.words import Status

P = TypeVar("P", bound=Part)
DayOf = Callable[[str], date]
"""The day, where the plan is at home, of a moment of receipt."""


def standing(events: Iterable[Event], previewed: Collection[str] = ()) -> Acts:
    """Which events count, which wait, which were rejected."""
    every = once_each(events)
    answers = {event.of: event for event in every if event.from_seller and event.kind in ("accepted", "rejected")}
    counting: list[Event] = []
    waiting: list[Event] = []
    rejected: list[Event] = []
    for event in every:
        if event.proof or event.id in previewed:
            counting.append(event)
        elif event.id not in answers:
            waiting.append(event)
        else:
            (counting if answers[event.id].kind == "accepted" else rejected).append(event)
    return Acts(tuple(counting), tuple(waiting), tuple(rejected), answers, previewed=frozenset(previewed))


def pending(acts: Acts) -> tuple[Event, ...]:
    """What waits for the seller's answer: unproven acts, and proposals. Oldest first."""
    return tuple(sorted((*acts.waiting, *(one for one in acts.counting if acts.is_open(one))), key=order))


def folded(plan: Plan, events: Iterable[Event], day_of: DayOf, previewed: Collection[str] = ()) -> tuple[Plan, Acts]:
    """The plan with what people did, and what they did. Dates in the plan need not be resolved yet."""
    acts = standing(events, previewed)
    if not acts.counting:
        return plan, acts
    turned_down = {name for name, answer in acts.answers.items() if answer.kind == "rejected"}
    proposals = {event.id: event for event in acts.counting if event.kind == "proposed" and event.id not in turned_down}
    by_item: dict[str, list[Event]] = {}
    for event in acts.counting:
        by_item.setdefault(event.on, []).append(event)
    overruled: list[Event] = []
    stages = []
    for stage in plan.stages:
        tasks = tuple(
            _Work(task, day_of, proposals).after(by_item[f"task/{task.id}"], overruled) if f"task/{task.id}" in by_item else task
            for task in stage.tasks
        )
        stages.append(stage if all(one is other for one, other in zip(tasks, stage.tasks, strict=True)) else _with(stage, tasks=tasks))
    criteria = tuple(_agreed(one, by_item.get(f"criterion/{one.id}", ()), day_of) for one in plan.success_criteria)
    plan = _with(plan, stages=tuple(stages), success_criteria=criteria)
    return plan, Acts(acts.counting, acts.waiting, acts.rejected, acts.answers, tuple(overruled), acts.previewed)


class _Work:
    """One task on its way through its events."""

    def __init__(self, task: Task, day_of: DayOf, proposals: Mapping[str, Event]) -> None:
        self.task, self.day_of, self.proposals = task, day_of, proposals
        self.now: dict[str, Any] = {}
        """What is other than in plan.yaml."""

    def after(self, events: Iterable[Event], overruled: list[Event]) -> Task:
        """The task after its events; those of the seller's that no longer hold are added to `overruled`."""
        for event in events:
            if event.from_seller:
                self._by_seller(event, overruled)
            elif self.now.get("status", self.task.status) == "dropped":
                continue  # nobody works on it any more, whatever the buyer's side did before
            elif event.kind in ("done", "approved"):
                self._status("done", event)
            elif event.kind == "declined":
                self._status("blocked", event)
            elif event.kind == "reopened":
                self._status("todo" if self.task.status in ("done", None) else self.task.status, event)
        return _with(self.task, **self.now) if self.now else self.task

    def _status(self, status: Status, event: Event) -> None:
        self.now["status"] = status
        if status != "done":
            self.now["done_on"] = None
        elif written(self.task, "status") == "done" and self.task.done_on:
            self.now["done_on"] = self.task.done_on
        else:
            day = self.day_of(event.received)
            self.now["done_on"] = When(day.isoformat(), day=day)

    def _by_seller(self, event: Event, overruled: list[Event]) -> None:
        """A change that names what it replaced: where plan.yaml says something else by now, the file's own word is back."""
        field, value = change_of(event, self.proposals)
        if not field:
            return
        if event.was != written(self.task, field):
            overruled.append(event)
            for name in ("status", "done_on") if field == "status" else (field,):
                self.now.pop(name, None)
        elif field == "status":
            if value in get_args(Status):
                self._status(value, event)  # type: ignore[arg-type]  # the line above says that it is one
        elif field == "due":
            day = day_of(value)
            if day:
                self.now["due"] = When(value, day=day)
        else:
            self.now["owner"] = tuple(value.split())


def change_of(event: Event, proposals: Mapping[str, Event]) -> tuple[str, str]:
    """Which field of a task a seller's event sets, and to what; empty where it sets none. Accepting a date or an owner sets it."""
    if event.kind in ("status", "due", "owner"):
        return event.kind, event.value
    proposal = proposals.get(event.of) if event.kind == "accepted" else None
    if proposal and event.was is not None and proposal.what in ("date", "owner"):
        return {"date": "due", "owner": "owner"}[proposal.what], event.value or proposal.value
    return "", ""


def written(task: Task, field: str) -> str:
    """What plan.yaml says of a task's status, due or owner, as written; empty where it says nothing."""
    if field == "status":
        return task.status or ("done" if task.done_on else "")
    if field == "due":
        return task.due.written if task.due else ""
    return " ".join(task.owner)


def _agreed(criterion: Criterion, events: Iterable[Event], day_of: DayOf) -> Criterion:
    """The criterion with the buyer's agreement, where it is to what the criterion says now."""
    mine = criterion_digest(criterion)
    days = [day_of(event.received) for event in events if event.kind == "agreed" and not event.from_seller and event.rev == mine]
    before = criterion.agreed or Agreement()
    if not days or before.buyer:
        return criterion
    return _with(criterion, agreed=_with(before, buyer=When(days[0].isoformat(), day=days[0])))


def _with(part: P, **update: Any) -> P:
    return part.model_copy(update=update)
