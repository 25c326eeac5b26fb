"""What stands under `internal:`, and what is internal as a whole, as lines for the seller."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planmark.plan.item import Item, Part, fields_of
from planmark.plan.scalars import Markdown

_UNSAID = {"id", "audience", "internal"}
_ELSEWHERE = {"people", "stages", "pages"}
"""Lists whose items a close plan shows by themselves."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One internal fact: what it is called, and what it says. `html` where it is Markdown, already clean."""

    key: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Private:
    """The internal facts of one part of a plan. `whole`: the part itself is internal."""

    kind: str
    """The key of the list, or of the part, that it stands in: `risks`, `account`; empty for the plan itself."""
    title: str
    facts: tuple[Fact, ...]
    whole: bool = False


def facts_of(part: Part | None, but: Collection[str] = ()) -> tuple[Fact, ...]:
    """Every field of an `internal:` block, or of an internal item, that says something."""
    if part is None:
        return ()
    found = []
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        if name in _UNSAID or name in but or value is None or value == () or value == info.get_default(call_default_factory=True):
            continue
        html = value.html if isinstance(value, Markdown) else ""
        found.append(Fact((info.alias or name).replace("_", " "), text_of(value), str(html)))
    return tuple(found)


def private(plan: Part, but: Collection[str] = ()) -> tuple[Private, ...]:
    """The internal facts of a plan, part by part, but for its people and its work. `but` are fields of the plan's own block."""
    own = facts_of(getattr(plan, "internal", None), but)
    return (*([Private("", "", own)] if own else ()), *_below(plan, _ELSEWHERE))


def facts_within(part: Part, but: Collection[str] = (), leave: Collection[str] = ()) -> tuple[Fact, ...]:
    """The internal facts of one part and of all below it: steps, a meeting. `leave` are lists that are shown by themselves."""
    below = [
        Fact(": ".join(filter(None, (found.kind, found.title, one.key))), one.text, one.html)
        for found in _below(part, leave)
        for one in found.facts
    ]
    return (*facts_of(getattr(part, "internal", None), but), *below)


def _below(part: Part, leave: Collection[str] = ()) -> Iterator[Private]:
    for field in fields_of(type(part)):
        value: Any = getattr(part, field.name)
        if field.part is None or not value or field.name == "internal" or field.key in leave:
            continue
        for one in value if field.many else (value,):
            whole = isinstance(one, Item) and one.audience == "internal"
            facts = facts_of(getattr(one, "internal", None))
            if whole:
                facts = (*facts_of(one, {one.named_by}), *facts)
            if facts or whole:
                yield Private(field.key.replace("_", " "), one.name_for_id if isinstance(one, Item) else "", facts, whole)
            if not whole:
                yield from _below(one)


def text_of(value: Any) -> str:
    """A value in words, on one line, with all that is internal in it."""
    if isinstance(value, tuple):
        return "; ".join(map(text_of, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {text_of(one)}" for key, one in value.items())
    if isinstance(value, Markdown):
        return " ".join(value.written.split())
    if isinstance(value, Part):
        alone = getattr(value, value.shorthand) if value.shorthand else None
        facts = (*facts_of(value, {value.shorthand} if alone is not None else ()), *facts_of(getattr(value, "internal", None)))
        return "; ".join([*([text_of(alone)] if alone is not None else []), *(f"{one.key}: {one.text}" for one in facts)])
    return str(value)
