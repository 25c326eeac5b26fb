"""Who plays which part: the people of a deal in the roles of a starting plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planmark.plan.people import Person
from planmark.plan.words import Side

OWNER_ROLE = "customer_success"
"""The role in a starting plan of whoever owns the plan after the signature."""


def cast(parts: Iterable[Person], people: Iterable[Person], sides: Mapping[str, Side], owner: str = "") -> dict[str, str]:
    """The id of somebody of `people` for each part that one of them plays, by the part's id; a part that nobody plays is missing.

    `sides` are those of the parties of both plans. `owner` plays the first part whose role is that of the owner, whatever their own is.
    Nobody plays two parts, unless both have their id.
    """
    found: dict[str, str] = {}
    free = {person.id: person for person in people}
    parts = tuple(parts)
    first = next((part for part in parts if OWNER_ROLE in part.role), None)
    if owner and first:
        found[first.id] = owner
        free.pop(owner, None)
    for part in parts:  # somebody who has the part's own id is meant by it
        if part.id not in found and part.id in free:
            found[part.id] = free.pop(part.id).id
    for part in parts:
        side = sides.get(part.party or "buyer")
        playing = [person for person in free.values() if sides.get(person.party or "buyer") == side and _fits(part, person)]
        if part.id not in found and playing:
            best = max(playing, key=lambda person: _fits(part, person))
            found[part.id] = free.pop(best.id).id
    return found


def _fits(part: Person, person: Person) -> int:
    """How well somebody's roles fit a part: the first of the part's roles counts most."""
    theirs = {role.casefold() for role in person.role}
    return sum(1 << (len(part.role) - index) for index, role in enumerate(part.role) if role.casefold() in theirs)
