"""The differences between two versions of a plan. What only the day changes (late, has left) is none, and neither is a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from planmark.plan.changes.facts import CriterionFacts, DateFacts, Facts, Named, RiskFacts, TaskFacts

Kind = Literal[
    "state", "target", "moved", "end", "status", "owner", "renamed", "new", "gone", "probability", "impact", "goal", "agreed", "signed"
]
Group = Literal["state", "target", "done", "moved", "new", "gone", "status", "owner", "renamed", "risks", "agreed", "documents"]
"""What is told together, in the order in which it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is otherwise than it was.

    `moved` and `target` carry days in `was` and `now` (`2026-11-03`; empty where there is no date), `end` the last days of a period;
    `new` has its day in `now`, `gone` in `was`; `status`, `probability`, `impact` and `state` have the model's words; `renamed` and `goal`
    texts; `agreed` days, `signed` typed names. `owner` has names in `who` and `before`.
    """

    kind: Kind
    on: str
    """The item: `task/nda`, `risk/…`, `criterion/…`, `resource/…`, `event/…`, `constraint/…`, `freeze/…`, `plan`, `sign_off`, or
    `signature`, which is the contract's date."""
    title: str = ""
    """What the item is called now; of one that is gone, what it was called. Empty of the plan's own."""
    was: str = ""
    now: str = ""
    days: int | None = None
    """By how many calendar days a date moved; below zero where it is earlier now."""
    who: tuple[str, ...] = ()
    """The owners now, also of a new task; who did, agreed or signed it, where somebody knows."""
    before: tuple[str, ...] = ()
    """The owners before."""
    of: str = ""
    """Of an agreement its sides, `buyer`, `seller` or both; of a signature whose it is."""

    @property
    def group(self) -> Group:
        """What it is told with."""
        item = self.on.partition("/")[0]
        if item == "risk":
            return "risks"
        if item in ("criterion", "sign_off"):
            return "agreed"
        if item == "resource":
            return "documents"
        if self.kind == "status" and self.now == "done":
            return "done"
        return _GROUP_OF[self.kind]

    @property
    def matter(self) -> tuple[str, str, str]:
        """What it is about: two changes of one matter, in two steps, are one change in all."""
        return self.on, "there" if self.kind in ("new", "gone") else self.kind, self.of if self.kind == "signed" else ""


_GROUP_OF: Mapping[Kind, Group] = {
    "state": "state",
    "target": "target",
    "moved": "moved",
    "end": "moved",
    "status": "status",
    "owner": "owner",
    "renamed": "renamed",
    "new": "new",
    "gone": "gone",
}
_ORDER: Mapping[Group, int] = {name: place for place, name in enumerate(get_args(Group))}


def changes_between(old: Facts, new: Facts) -> tuple[Change, ...]:
    """What is otherwise in `new` than it was in `old`, in the order in which it is told; items are matched by id.

    The order of items in either says nothing.
    """
    found = [
        *_of_plan(old, new),
        *_of_tasks(old.tasks, new.tasks),
        *_of_dates(old.dates, new.dates),
        *_of_risks(old.risks, new.risks),
        *_of_criteria(old, new),
        *_of_resources(old.resources, new.resources),
        *_of_signatures(old.signatures, new.signatures),
    ]
    dues = {on: task.due or date.max for on, task in (*old.tasks.items(), *new.tasks.items())}
    return tuple(sorted(found, key=lambda one: (_ORDER[one.group], dues.get(one.on, date.max), one.title, one.on, one.kind, one.of)))


def _of_plan(old: Facts, new: Facts) -> Iterator[Change]:
    if old.state != new.state:
        yield Change(kind="state", on="plan", was=old.state, now=new.state)
    if old.target != new.target:
        yield _moved("target", "plan", "", old.target, new.target)
    if old.signature != new.signature:
        yield _moved("moved", "signature", "", old.signature, new.signature)


def _of_tasks(old: Mapping[str, TaskFacts], new: Mapping[str, TaskFacts]) -> Iterator[Change]:
    yield from _there(*({on: _Item(one.title, one.due, one.owners) for on, one in items.items()} for items in (old, new)))
    for on, now in new.items():
        was = old.get(on)
        if was is None:
            continue
        if was.due != now.due:
            yield _moved("moved", on, now.title, was.due, now.due)
        if was.status != now.status:
            who = (now.done_by,) if now.status == "done" and now.done_by else ()
            yield Change(kind="status", on=on, title=now.title, was=was.status, now=now.status, who=who)
        if {one.id for one in was.owners} != {one.id for one in now.owners}:
            yield Change(kind="owner", on=on, title=now.title, who=_names(now.owners), before=_names(was.owners))


def _of_dates(old: Mapping[str, DateFacts], new: Mapping[str, DateFacts]) -> Iterator[Change]:
    yield from _there(*({on: _Item(one.title, one.day) for on, one in items.items()} for items in (old, new)))
    for on, now in new.items():
        was = old.get(on)
        if was is None:
            continue
        if was.day != now.day:
            yield _moved("moved", on, now.title, was.day, now.day)
        elif was.end != now.end:
            yield _moved("end", on, now.title, was.end, now.end)


def _of_risks(old: Mapping[str, RiskFacts], new: Mapping[str, RiskFacts]) -> Iterator[Change]:
    yield from _there(*({on: _Item(one.title) for on, one in items.items()} for items in (old, new)))
    for on, now in new.items():
        was = old.get(on)
        if was is None:
            continue
        if was.status != now.status:
            yield Change(kind="status", on=on, title=now.title, was=was.status, now=now.status)
        if was.probability != now.probability:
            yield Change(kind="probability", on=on, title=now.title, was=was.probability, now=now.probability)
        if was.impact != now.impact:
            yield Change(kind="impact", on=on, title=now.title, was=was.impact, now=now.impact)


def _of_criteria(old: Facts, new: Facts) -> Iterator[Change]:
    yield from _there(*({on: _Item(one.title) for on, one in facts.criteria.items()} for facts in (old, new)))
    for on, now in new.criteria.items():
        was = old.criteria.get(on)
        if was and was.goal != now.goal:
            yield Change(kind="goal", on=on, title=now.title, was=was.goal, now=now.goal)
        yield from _agreed(on, was, now, old, new)


def _agreed(on: str, was: CriterionFacts | None, now: CriterionFacts, old: Facts, new: Facts) -> Iterator[Change]:
    """Agreements that came, came anew, or went. One that came with its criterion is part of that."""
    if was is None:
        return
    sides = (
        ("buyer", was.buyer, now.buyer, now.buyer_by or new.buyer, was.buyer_by or old.buyer),
        ("seller", was.seller, now.seller, new.seller, old.seller),
    )
    came = [(side, after, who) for side, before, after, who, _ in sides if after and before != after]
    if came:
        newest, whose = max(after for _, after, _ in came), " ".join(side for side, _, _ in came)
        yield Change(kind="agreed", on=on, title=now.title, now=_text(newest), who=tuple(who for _, _, who in came), of=whose)
    for side, before, after, _, who in sides:
        if before and not after:
            yield Change(kind="agreed", on=on, title=now.title, was=_text(before), who=(who,), of=side)


def _of_resources(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for one in _there(*({on: _Item(title) for on, title in items.items()} for items in (old, new))):
        if one.kind != "renamed":  # what a document is called is the library's to say
            yield one


def _of_signatures(old: Mapping[str, Named], new: Mapping[str, Named]) -> Iterator[Change]:
    for signer in {**old, **new}:
        was, now = old.get(signer), new.get(signer)
        if was and now and was.id == now.id:
            continue
        if now:
            yield Change(kind="signed", on="sign_off", now=now.name, who=(now.name,), of=signer)
        elif was:
            yield Change(kind="signed", on="sign_off", was=was.name, who=(was.name,), of=signer)


@dataclass(frozen=True, slots=True)
class _Item:
    """What is said of an item that came or went."""

    title: str
    day: date | None = None
    owners: tuple[Named, ...] = ()


def _there(old: Mapping[str, _Item], new: Mapping[str, _Item]) -> Iterator[Change]:
    """Items that came, went, or are called otherwise, by `on`."""
    for on, now in new.items():
        was = old.get(on)
        if was is None:
            yield Change(kind="new", on=on, title=now.title, now=_text(now.day), who=_names(now.owners))
        elif was.title != now.title:
            yield Change(kind="renamed", on=on, title=now.title, was=was.title, now=now.title)
    for on, was in old.items():
        if on not in new:
            yield Change(kind="gone", on=on, title=was.title, was=_text(was.day), before=_names(was.owners))


def _moved(kind: Kind, on: str, title: str, was: date | None, now: date | None) -> Change:
    days = (now - was).days if was and now else None
    return Change(kind=kind, on=on, title=title, was=_text(was), now=_text(now), days=days)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _names(owners: tuple[Named, ...]) -> tuple[str, ...]:
    return tuple(one.name for one in owners)
