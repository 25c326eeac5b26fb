"""Plain values become models, and pydantic's complaints become findings that a rep understands."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from planmark.content.places import Document
from planmark.plan.item import Item, Part, fields_of
from planmark.plan.scalars import shown
from planmark.problems import Finding, Path, Problem, did_you_mean

P = TypeVar("P", bound=Part)


def problem_at(document: Document, finding: Finding) -> Problem:
    """The finding at its place in the file."""
    where = document.at(finding.path, finding.at_key, finding.offset)
    return Problem(finding.code, finding.message, where, finding.hint, finding.severity)


def read_model(model: type[P], document: Document, findings: list[Finding]) -> tuple[P | None, bool]:
    """The document as a model, and whether it is whole.

    Where values are wrong, they are left out and the rest is read again, so that everything else can be judged too;
    such a model is good for finding problems and for nothing else.
    """
    value = document.value
    if not isinstance(value, dict):
        findings.append(Finding("PM112", (), "the file holds a list or a lone text", "it starts with keys: `title: …`"))
        return None, False
    try:
        return model.model_validate(value), True
    except ValidationError as error:
        errors = error.errors(include_url=False)
    findings.extend(_told(model, document, errors))
    for filler in ("x", "2099-12-31"):
        value = _mended(model, value, errors, filler)
        if value is None:
            return None, False
        try:
            return model.model_validate(value), False
        except ValidationError as error:
            errors = error.errors(include_url=False)
    return None, False


def _told(model: type[BaseModel], document: Document, errors: Sequence[Any]) -> list[Finding]:
    """The errors as findings, each mistake once: not what YAML took apart, nor a key that is missing because it is misspelt."""
    found = [_by_its_id(_finding(model, error), error.get("input"), document) for error in errors]
    suggested = {(*one.path[:-1], one.hint) for one in found if one.code == "PM201"}
    return [
        one
        for one in found
        if not document.is_flawed(one.path)
        and not (one.code == "PM202" and (*one.path[:-1], f"did you mean `{one.path[-1]}`?") in suggested)
    ]


def _by_its_id(finding: Finding, written: object, document: Document) -> Finding:
    """The finding; where a reference is a name or a title, with the id that it should have been."""
    if finding.code != "PM214" or finding.path[-1] == "id":
        return finding
    items = [one for place in ("people", "parties", "stages", "resources") for one in _items(document.value.get(place))]
    items += [task for stage in items for task in _items(stage.get("tasks"))]
    ids = [str(one["id"]) for one in items if one.get("id") and written in (one.get("name"), one.get("title"))]
    return replace(finding, hint=f"write the id: `{shown(ids[0])}`") if ids else finding


def _items(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


_REFERS: dict[str, tuple[str, ...]] = {
    "PM301": ("people", "parties"),
    "PM302": ("stages",),
    "PM303": ("resources",),
    "PM304": ("stages",),
    "PM307": ("stages", "key_dates", "start", "target", "contract_signature"),
    "PM309": ("success_criteria",),
}
"""Where what a finding of this code refers to would stand."""


def without_echoes(found: Sequence[Finding], wrong: Sequence[Finding], document: Document) -> list[Finding]:
    """Those of `found` that are not merely what `wrong`, the mistakes in the values themselves, leads to."""

    def is_named_wrong(other: Finding, place: str) -> bool:
        """Whether a list of what may be referred to is wrong, an item of it, or the name or the date that an item goes by."""
        key = other.path[-1] if other.hint != "did you mean `id`?" else "id"
        return other.path[0] == place and (not isinstance(key, str) or key in (place, "tasks", "id", "date", "due"))

    def is_echo(one: Finding) -> bool:
        places = _REFERS.get(one.code, ())
        return (
            document.is_flawed(one.path)
            or (one.code == "PM202" and (one.path[0] not in document.value or document.holds_flaws(one.path)))
            or any(document.is_flawed((place,)) for place in places)
            or any(one.path and other.path[: len(one.path)] == one.path for other in wrong)
            or any(is_named_wrong(other, place) for other in wrong if other.path for place in places)
        )

    return [one for one in found if not is_echo(one)]


def _mended(model: type[BaseModel], value: Any, errors: Sequence[Any], filler: str) -> Any:
    """A copy without the values that are wrong, and with `filler` for those that are missing. None where lists would shift."""
    mended = copy.deepcopy(value)
    for error in errors:
        loc = [step for step in error["loc"] if step != "[key]"]
        parent, trail = mended, [(None, None)]
        for step in loc[:-1]:
            try:
                following = parent[step]
            except (KeyError, IndexError, TypeError):
                break
            trail.append((parent, step))
            parent = following
        if error["type"] == "missing":
            if not isinstance(parent, dict):
                return None
            parent[loc[-1]] = [] if loc[-1] in ("people", "stages", "options", "sections") else filler
        elif isinstance(parent, dict) and loc:
            parent.pop(loc[-1], None)
        elif isinstance(parent, list) and part_at(model, tuple(loc)):
            parent[loc[-1]] = {}
        else:  # an element of a list: without its whole list, nothing shifts
            holder, key = trail[-1]
            if not isinstance(holder, dict):
                return None
            holder.pop(key, None)
    return mended


_REQUIRED = {
    "account": "write who buys: `account: Northwind Robotics`",
    "title": "write what it is, as the buyer would say it",
    "target": "write the date that both sides work back from: `target: 2027-01-29`",
    "people": "write at least one person: `people: [{id: maria, name: Maria Lindqvist, party: buyer}]`",
    "stages": "write at least one stage with one task",
    "date": "write year-month-day: 2026-11-03",
    "start": "write its first day: 2026-12-21",
    "end": "write its last day: 2027-01-03",
    "party": "write buyer, seller or a party's id",
    "provided_by": "write buyer, seller or a party's id",
    "currency": "write its three letters: `currency: EUR`",
    "name": "write the name in full",
}


def _finding(model: type[BaseModel], error: Any) -> Finding:
    kind: str = error["type"]
    path: Path = tuple(step for step in error["loc"] if step != "[key]")
    context = error.get("ctx") or {}
    if kind.startswith("PM"):
        return Finding(kind, path, context["message"], context["hint"])
    if kind == "missing":
        key = str(path[-1])
        return Finding("PM202", path, f"`{key}` is missing", _REQUIRED.get(key, f"write `{key}: …`"))
    if kind == "extra_forbidden":
        return _unknown_key(model, path)
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", context.get("expected", ""))
        written = str(error.get("input", ""))
        return Finding(
            "PM204",
            path,
            f"`{shown(written)}` does not fit here",
            did_you_mean(written, words, "write one of: " + ", ".join(words)),
        )
    if kind == "string_pattern_mismatch":
        return Finding("PM204", path, f"there is no rule `{path[-1]}`", "rules are R1 to R30", at_key=True)
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        part, lone = part_at(model, path), error.get("input")
        named = part.named_by if part and issubclass(part, Item) and isinstance(lone, str) else ""
        return Finding(
            "PM203",
            path,
            "expected keys and values, found something else",
            f"write `{{{named}: {shown(lone)}}}`" if named else "write `key: value` pairs, one a line or inside {}",
        )
    return Finding("PM203", path, str(error["msg"]), "compare it with the example in docs/content.md")


def _unknown_key(model: type[BaseModel], path: Path) -> Finding:
    key = str(path[-1])
    if key == "<<":
        return Finding("PM201", path, "keys are not merged here", "write the keys themselves, in place of `<<`", at_key=True)
    part = part_at(model, path[:-1])
    known = [info.alias or name for name, info in part.model_fields.items()] if part else []
    hint = did_you_mean(key, known)
    internal = part.model_fields.get("internal") if part else None
    if part and internal:
        inside = next((field.part for field in fields_of(part) if field.name == "internal"), None)
        if inside and key in inside.model_fields and key not in known:
            hint = f"only the seller may see it: write it under `internal:`, as `internal: {{{key}: …}}`"
    return Finding("PM201", path, f"`{key}` is not a key here", hint or "remove it", at_key=True)


def part_at(model: type[Any], path: Path) -> type[Part] | None:
    """The model of the mapping at `path`."""
    part: type[Part] | None = model
    for step in path:
        if isinstance(step, int):
            continue
        field = next((field for field in fields_of(part) if field.key == step), None) if part else None
        part = field.part if field else None
    return part
