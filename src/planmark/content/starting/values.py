"""Raw values of a plan.yaml, read and changed at their places: one value may stand for a list, and a text or a list for a mapping."""

from __future__ import annotations

from typing import Any

from planmark.problems import Path


def value_at(value: Any, path: Path) -> Any:
    """The raw value at a path; None where there is none."""
    for step in path:
        if isinstance(value, str):
            return value
        if (isinstance(value, dict) and step == 0) or (isinstance(value, list) and isinstance(step, str)):
            continue
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def put_at(value: Any, path: Path, new: Any) -> None:
    """Put another value at a path, in place; something stands there already."""
    holder: Any = None
    key: str | int = ""
    for step in path:
        if isinstance(value, str):
            break
        if (isinstance(value, dict) and step == 0) or (isinstance(value, list) and isinstance(step, str)):
            continue
        holder, key, value = value, step, value[step]
    holder[key] = new


def items(value: Any) -> list[Any]:
    """A list, for which one value may stand, and nothing for an empty one."""
    return [] if value is None else value if isinstance(value, list) else [value]
