"""Going through a plan without naming its fields: which texts are marked, and a copy with some parts changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from planmark.plan.item import Part, fields_of
from planmark.problems import Path

P = TypeVar("P", bound=Part)
Mark = tuple[Path, str, Any]
"""Where a marked value stands, its marker, and the value."""
Change = Callable[[Path, str, Any], Any]
"""`(path, marker, value)` to the value that takes its place."""


def marked(part: Part, path: Path = ()) -> Iterator[Mark]:
    """Every marked value below `part`: `(path, marker, value)`, in the order of the model."""
    found: list[Mark] = []
    _gather(part, path, found)
    return iter(found)


def _gather(part: Part, path: Path, found: list[Mark]) -> None:
    for field in fields_of(type(part)):
        value = getattr(part, field.name)
        if value is None or value == ():
            continue
        here = (*path, field.key)
        if field.part is None:
            if field.many:
                for index, one in enumerate(value):
                    found.append(((*here, index), field.marker, one))
            else:
                found.append((here, field.marker, value))
        elif field.many:
            for index, one in enumerate(value):
                _gather(one, (*here, index), found)
        else:
            _gather(value, here, found)


def changed(part: P, change: Change, path: Path = ()) -> P:
    """A copy of `part` in which `change` has replaced marked values; `part` itself where nothing differs."""
    update: dict[str, Any] = {}
    for field in fields_of(type(part)):
        value = getattr(part, field.name)
        if value is None or value == ():
            continue
        here = (*path, field.key)
        if field.many:
            new = tuple(
                changed(one, change, (*here, index)) if field.part else change((*here, index), field.marker, one)
                for index, one in enumerate(value)
            )
            if any(one is not other for one, other in zip(value, new, strict=True)):
                update[field.name] = new
        else:
            one = changed(value, change, here) if field.part else change(here, field.marker, value)
            if one is not value:
                update[field.name] = one
    return part.model_copy(update=update) if update else part
