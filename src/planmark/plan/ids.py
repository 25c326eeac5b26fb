"""Ids: each item has one; left out, it is made from its title."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from typing import Any, TypeVar

from planmark.plan.item import Item, Part, fields_of
from planmark.plan.plan import Plan
from planmark.problems import Finding, Path

P = TypeVar("P", bound=Part)

RESERVED_PARTIES = ("buyer", "seller")
_APART = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "Æ": "ae",
        "ø": "o",
        "Ø": "o",
        "œ": "oe",
        "Œ": "oe",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "ı": "i",
        "&": " and ",
    }
)


def slug(text: str) -> str:
    """An id made from a text; a text without Latin letters gives a short digest, the same each time."""
    latin = unicodedata.normalize("NFKD", text.translate(_APART)).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", latin.replace("'", "")).strip("-")[:48].strip("-")
    return made or "x" + hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def with_ids(plan: Plan, findings: list[Finding]) -> Plan:
    """The plan with an id on every item. An id given twice is an error; one made twice gets a number, and a warning."""
    taken: set[str] = set()
    kept = {task.id for stage in plan.stages for task in stage.tasks if task.id}
    stages = []
    for index, stage in enumerate(plan.stages):
        tasks = _named(stage.tasks, ("stages", index, "tasks"), taken, findings, kept)
        stages.append(stage.model_copy(update={"tasks": tasks}))
    return _below(plan.model_copy(update={"stages": tuple(stages)}), (), findings)


def _below(part: P, path: Path, findings: list[Finding]) -> P:
    update: dict[str, Any] = {}
    for field in fields_of(type(part)):
        value = getattr(part, field.name)
        if field.part is None or not value or field.name == "internal":
            continue
        here = (*path, field.key)
        if field.many:
            items = value
            if issubclass(field.part, Item) and field.name != "tasks":
                items = _named(items, here, set(RESERVED_PARTIES) if field.name == "parties" else set(), findings)
            new = tuple(_below(one, (*here, index), findings) for index, one in enumerate(items))
            if any(one is not other for one, other in zip(value, new, strict=True)):
                update[field.name] = new
        else:
            new = _below(value, here, findings)
            if new is not value:
                update[field.name] = new
    return part.model_copy(update=update) if update else part


def _named(items: tuple[Any, ...], path: Path, taken: set[str], findings: list[Finding], kept: Collection[str] = ()) -> tuple[Any, ...]:
    """The items of one list, each with an id. `taken` are ids that none of them may have, `kept` those that none may be given here."""
    given: set[str] = set()
    for index, item in enumerate(items):
        if path[-1] == "parties" and item.id in RESERVED_PARTIES:
            findings.append(
                Finding(
                    "PM305",
                    (*path, index, "id"),
                    f"`{item.id}` always names {'the account' if item.id == 'buyer' else 'the seller'}",
                    "give this party another id",
                )
            )
        elif item.id and (item.id in given or item.id in taken):
            findings.append(
                Finding(
                    "PM305",
                    (*path, index, "id"),
                    f"the id `{item.id}` is taken already",
                    "give one of the two another id",
                )
            )
        given.add(item.id)
    named = []
    for index, item in enumerate(items):
        if not item.id:
            name = made = slug(item.name_for_id or str(path[-1]))
            number = 1
            while name in given or name in taken or name in kept:
                number += 1
                name = f"{made[:60]}-{number}"
            if number > 1 and item.name_for_id and path[-1] not in ("lines", "agenda"):
                findings.append(
                    Finding(
                        "PM308",
                        (*path, index),
                        f"two items make the id `{made}`; this one is `{name}` until they are told apart",
                        f"give it an id of its own: `id: {name}`",
                        "warning",
                    )
                )
            given.add(name)
            item = item.model_copy(update={"id": name})
        named.append(item)
    taken |= given
    return tuple(named)
