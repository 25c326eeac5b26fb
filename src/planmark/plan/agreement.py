"""What a signature or an agreement is bound to: a digest of what the buyer read, without states, comments and derived dates."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from planmark.plan.item import Part
from planmark.plan.plan import Plan
from planmark.plan.scalars import Markdown, When
from planmark.plan.tasks import Task
from planmark.plan.terms import Criterion

_LEFT_OUT: dict[str, frozenset[str]] = {
    # states, and how the plan is shown and served: none of it is agreed to
    "Plan": frozenset(
        {"version", "state", "size", "share_key", "continues", "locale", "timezone", "holidays", "theme", "brand", "access", "expires"}
        | {"buyers_can", "pages", "contact", "kept_by"}
    ),
    "Task": frozenset({"status", "done_on", "risk", "priority"}),
    "Step": frozenset({"done"}),
    "Risk": frozenset({"status"}),
    "Criterion": frozenset({"agreed"}),
    "Person": frozenset({"link", "left", "photo", "email", "phone", "prefers", "booking", "holidays"}),
    "Organisation": frozenset({"logo", "site", "holidays"}),
    "Party": frozenset({"logo", "site", "holidays"}),
}
_EVERYWHERE = frozenset({"internal", "audience"})


def terms_digest(shared: Plan) -> str:
    """The digest of a whole plan, as its sign-off binds it. The plan is shared (`plan/shared.py`) and its Markdown is loaded.

    The seller's people are not part of it, but for what they own: which of a team are named comes of settings for all plans.
    """
    people = tuple(person for person in shared.people if person.party != "seller")
    return _digest(shared.model_copy(update={"people": people}))


def criterion_digest(criterion: Criterion) -> str:
    """The digest of one success criterion, as its agreement binds it."""
    return _digest(criterion)


def task_digest(task: Task) -> str:
    """The digest of one task's facts, as its approval binds it."""
    return _digest(task)


def _digest(part: Part) -> str:
    text = json.dumps(_plain(part), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:32]


@cache
def _names(part: type[Part]) -> tuple[str, ...]:
    """The fields of a part that are agreed to."""
    left_out = _LEFT_OUT.get(part.__name__, frozenset()) | _EVERYWHERE
    return tuple(name for name in part.model_fields if name not in left_out)


def _plain(value: Any) -> Any:
    """A value as JSON: what is empty is left out, so that a new field of a later version changes no digest."""
    if isinstance(value, Part):
        named = {name: _plain(getattr(value, name)) for name in _names(type(value))}
        return {name: one for name, one in named.items() if one not in (None, "", [], {}, False)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, When):
        return value.written  # a relative date counts as it is written: what it comes to is derived
    if isinstance(value, Markdown):
        return value.html or value.written
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value
