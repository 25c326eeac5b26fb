"""The buyer's view as data: `plan.json` beside the page, and its schema."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from planmark.site.view import BuyerView

SCHEMA_FILE = "plan.schema.json"


_known: dict[type, tuple[str, ...]] = {}


def _fields(kind: type) -> tuple[str, ...]:
    if kind not in _known:
        _known[kind] = tuple(field.name for field in fields(kind))
    return _known[kind]


def as_data(value: Any) -> Any:
    """A view as plain values: dates and amounts as text, nothing left out but what is empty."""
    kind = type(value)
    if kind is str or value is None or kind is bool or kind is int:
        return value
    if kind is tuple:
        return [as_data(one) for one in value]
    if is_dataclass(value):
        return {name.rstrip("_"): as_data(one) for name in _fields(kind) if (one := getattr(value, name)) is not None and one != ()}
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return str(value)


def plan_json(view: BuyerView, data: dict[str, Any] | None = None) -> bytes:
    """`plan.json`: the same bytes for the same view. `data` is the view as plain values, where somebody has it already."""
    return (json.dumps({"$schema": SCHEMA_FILE, **(data or as_data(view))}, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


@cache
def schema_json() -> bytes:
    """The JSON Schema of `plan.json`; it ships as a file, so that a build need not make it."""
    return (Path(__file__).parent / SCHEMA_FILE).read_bytes()


def view_schema() -> bytes:
    """The schema made anew from the view's own types: what the file that ships must hold."""
    from planmark.site.schema import schema_of

    return (json.dumps(schema_of(BuyerView), indent=1) + "\n").encode()
