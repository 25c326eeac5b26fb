"""What somebody did, in a sentence for the team: in the terminal, in messages. Buyers' texts in it are theirs: show them as texts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planmark.plan.events import Event
from planmark.plan.plan import Plan

_DID = {
    "done": "checked off {on}",
    "reopened": "reopened {on}",
    "comment": "commented on {on}",
    "commented": "commented on {on}",
    "upload": "uploaded “{file}” to {on}",
    "approved": "approved {on}",
    "declined": "declined {on}",
    "signed": "signed {on}",
    "status": "set {on} to {value}",
    "due": "moved {on} to {value}",
    "owner": "gave {on} to {value}",
    "accepted": "accepted what was sent on {on}",
    "rejected": "turned down what was sent on {on}",
}
_PROPOSED = {
    "date": "proposes {value} for {on}",
    "owner": "proposes {value} as the owner of {on}",
    "colleague": "proposes a colleague: {value}",
    "task": "proposes a task: {value}",
}


@dataclass(frozen=True)
class Titles:
    """What people and items of a plan are called, by id and by `on`."""

    people: Mapping[str, str]
    items: Mapping[str, str]


def titles(plan: Plan) -> Titles:
    """The names and titles of a whole plan: internal ones with them, for the team alone."""
    items = {f"task/{task.id}": task.title for stage in plan.stages for task in stage.tasks}
    items |= {f"criterion/{one.id}": one.criterion for one in plan.success_criteria}
    items |= {f"resource/{one.id}": one.title or one.id for one in plan.resources}
    items |= {f"risk/{one.id}": one.title for one in plan.risks}
    return Titles({one.id: one.name or one.id for one in plan.people}, items)


def who(event: Event, names: Titles) -> str:
    """Who it was, and how that is known."""
    if event.proof:
        return names.people.get(event.by, event.by or "the seller")
    claimed = f"“{event.name}”" if event.name else "somebody without a name"
    if event.lapsed:
        why, _, person = event.lapsed.partition(" ")
        return f"{claimed}, with a link of {names.people.get(person, person)} that {'was revoked' if why == 'revoked' else 'has ended'}"
    return f"{claimed} (unverified)"


def did(event: Event, names: Titles) -> str:
    """What was done, without who and without the text."""
    on = "the plan" if event.on == "plan" else f"“{names.items.get(event.on, event.on.partition('/')[2])}”"
    value = names.people.get(event.value, event.value)
    if event.kind == "owner":
        value = ", ".join(names.people.get(one, one) for one in event.value.split())
    if event.kind == "agreed":
        return f"says that {value} works for {on}" if event.value else f"agreed to {on}"
    if event.kind == "proposed":
        return _PROPOSED[event.what].format(on=on, value=value)
    return _DID[event.kind].format(on=on, value=value, file=event.file.name if event.file else "")


def sentence(event: Event, names: Titles) -> str:
    """Who did what, and what they wrote: `Maria Lindqvist checked off “Sign the NDA”`."""
    text = f": {' '.join(event.text.split())}" if event.text and event.kind != "signed" else ""
    return f"{who(event, names)} {did(event, names)}{text}"
