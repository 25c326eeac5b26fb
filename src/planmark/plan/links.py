"""Personal links: one for each person of every party but the seller, the same each time they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from planmark.plan.allowed import guests
from planmark.plan.plan import Plan
from planmark.plan.tokens import made

AFTER_TARGET = timedelta(days=180)
"""How long after the target a link counts, where the plan doesn't say when it ends."""


@dataclass(frozen=True)
class PersonalLink:
    """Somebody's link: the fragment that goes behind the plan's address, and the last day on which it counts."""

    person: str
    name: str
    fragment: str
    until: date


def personal_links(shared: Plan, digest: str, key: bytes, today: date) -> tuple[PersonalLink, ...]:
    """The links of a shared plan that endpoints know by `digest`, signed with the team's key. Those who have left get none."""
    until = ends(shared, today)
    return tuple(
        PersonalLink(one.id, one.name or one.id, f"#t={made(key, digest, one.id, one.link, until)}", until)
        for one in guests(shared)
        if not (one.left and one.left.day and one.left.day <= today)
    )


def ends(shared: Plan, today: date) -> date:
    """The last day on which links of the plan count: the plan's own end, else some time after its target."""
    if shared.expires and shared.expires.day:
        return shared.expires.day
    return (shared.target.date.day or today) + AFTER_TARGET
