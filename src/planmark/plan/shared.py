"""What is shared with the buyer: a plan without anything internal. What comes out holds no internal text at all."""

from __future__ import annotations

from typing import Any, TypeVar

from planmark.plan.item import Item, Part, fields_of

P = TypeVar("P", bound=Part)


def shared(part: P) -> P:
    """A copy without `internal:` blocks and without items whose audience is internal, all the way down."""
    update: dict[str, Any] = {}
    for field in fields_of(type(part)):
        value = getattr(part, field.name)
        if field.part is None or not value:
            continue
        if field.name == "internal":
            update["internal"] = None
        elif field.many:
            kept = tuple(shared(one) for one in value if not (isinstance(one, Item) and one.audience == "internal"))
            if len(kept) != len(value) or any(one is not other for one, other in zip(value, kept, strict=True)):
                update[field.name] = kept
        else:
            one = shared(value)
            if one is not value:
                update[field.name] = one
    return part.model_copy(update=update) if update else part
