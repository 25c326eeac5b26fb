"""What the buyer's side may do, item by item. Forms show it, the receiver is told it, and nothing else is ever applied to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from planmark.plan.people import Person
from planmark.plan.plan import Plan
from planmark.plan.tasks import Task
from planmark.plan.words import Act, SectionName, Side

KINDS: Mapping[str, tuple[str, ...]] = {
    "check": ("done", "reopened"),
    "comment": ("comment",),
    "propose": ("proposed",),
    "upload": ("upload",),
    "approve": ("approved", "declined"),
    "agree": ("agreed",),
    "sign": ("signed",),
}
"""Each act that `buyers_can` names, with the kinds of events that it sends."""

Allowed = Mapping[str, tuple[Act, ...]]
"""Acts by item: `{"task/nda": ("check", "comment")}`. An item without acts is missing."""


def allowed(plan: Plan) -> Allowed:
    """The acts of every item of a shared plan (`plan/shared.py`), open or done: what was done before may be undone later."""
    wanted = get_args(Act) if plan.buyers_can is None else plan.buyers_can
    if plan.state and plan.state.is_ == "lost":
        return {}
    found: dict[str, tuple[str, ...]] = {"plan": ("comment", "propose", *(("sign",) if signers(plan) else ()))}
    sides = side_of_owners(plan)
    for stage in plan.stages:
        for task in stage.tasks:
            found[f"task/{task.id}"] = _of_task(task, [side for name in task.owner if (side := sides.get(name))])
    found |= {f"criterion/{one.id}": ("agree", "comment") for one in plan.success_criteria}
    found |= {f"resource/{one.id}": ("comment",) for one in plan.resources}
    found |= {f"risk/{one.id}": ("comment",) for one in plan.risks}
    found |= {f"section/{name}": ("comment",) for name in get_args(SectionName)}
    kept = {on: tuple(act for act in get_args(Act) if act in acts and act in wanted) for on, acts in found.items()}
    return {on: acts for on, acts in kept.items() if acts}


def kinds(acts: Iterable[str]) -> frozenset[str]:
    """The kinds of events that some acts send."""
    return frozenset(kind for act in acts for kind in KINDS[act])


def _of_task(task: Task, owned_by: Iterable[Side]) -> tuple[str, ...]:
    """Anybody may comment and propose another date or owner; what is done or approved is said by those who do it."""
    if task.status == "dropped":
        return ("comment",)
    acts = ["comment", "propose"]
    if any(side != "seller" for side in owned_by):
        acts += ["agree", *task.buyer_can]
        approves = task.gate is not None and task.gate != "signature"
        if approves or "approve" in task.buyer_can:
            acts.append("approve")
        if not is_derived(task):
            acts.append("check")
    return tuple(acts)


def is_derived(task: Task) -> bool:
    """Whether a task is done when all that it waits for is: nobody checks it off."""
    return task.milestone and bool(task.after)


def side_of_owners(plan: Plan) -> dict[str, Side]:
    """On whose side each person and party stands, by id. Whoever belongs to a party that the plan doesn't know is missing."""
    parties = side_of_parties(plan)
    people = {person.id: side for person in plan.people if (side := parties.get(person.party or "buyer"))}
    return parties | people


def side_of_parties(plan: Plan) -> dict[str, Side]:
    """The side of each party by id, the account's and the seller's with them."""
    return {"buyer": "buyer", "seller": "seller", **{party.id: party.side for party in plan.parties}}


def guests(plan: Plan) -> tuple[Person, ...]:
    """The people of every party but the seller: those who get a personal link. A role that waits for a person has none yet.

    Of a shared plan: whoever belongs to a party that is internal is nobody's guest.
    """
    parties = side_of_parties(plan)
    return tuple(person for person in plan.people if person.name and parties.get(person.party or "buyer", "seller") != "seller")


def signers(plan: Plan) -> tuple[str, ...]:
    """The ids of those of the sign-off who are not the seller's."""
    wanted = plan.sign_off.by if plan.sign_off else ()
    return tuple(person.id for person in guests(plan) if person.id in wanted)
