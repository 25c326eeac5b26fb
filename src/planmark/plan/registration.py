"""What a receiver is told of a plan: what may be done, whose links count, and nothing that anybody could read a plan from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from planmark.plan.acts import Acts
from planmark.plan.allowed import allowed, guests, kinds
from planmark.plan.plan import Plan
from planmark.plan.shared import shared
from planmark.plan.succession import Address
from planmark.plan.tokens import person_ref, plan_key

VERSION = 1


def registration(
    shared: Plan, acts: Acts, address: Address, keys: Mapping[str, bytes], seller: str, tell: Mapping[str, list[str]]
) -> bytes:
    """The registration of a shared plan that is reached at `address`, as JSON: the same bytes for the same plan.

    `keys` are the team's signing keys by fingerprint; only keys for this one plan are told. `tell` are mail addresses by item, for a
    receiver that sends messages. The name is the plan's id; `deal` lets a plan whose link was changed take the place of its old one, and
    stays the same where the link goes on with another plan.
    """
    key = address.digest
    answered = {event.of: event.kind for event in acts.counting if event.kind in ("accepted", "rejected")}
    unproven = {event.id for event in (*acts.counting, *acts.rejected) if not event.proof}
    data: dict[str, Any] = {
        "v": VERSION,
        "deal": sha256(f"planmark.deal.v1:{seller}:{address.id}".encode()).hexdigest()[:32],
        "name": shared.id,
        "items": {on: sorted(kinds(found)) for on, found in sorted(allowed(shared).items())},
        "people": {person_ref(key, one.id): one.link for one in guests(shared)},
        "keys": {name: plan_key(secret, key).hex() for name, secret in keys.items()},
        "accepted": sorted(name for name in unproven if answered.get(name) == "accepted"),
        "rejected": sorted(name for name in unproven if answered.get(name) == "rejected"),
        "until": shared.expires.day.isoformat() if shared.expires and shared.expires.day else "",
        "tell": {on: list(addresses) for on, addresses in sorted(tell.items())},
    }
    if address.hidden:
        data["quiet"] = True  # who has the link may not read the plan yet, and so not what was said on it
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def to_tell(plan: Plan, contact: str | None) -> dict[str, list[str]]:
    """Whom of the seller's a new act concerns, by item: the contact for everything, and the owners of a task beside them."""
    mails = {one.id: one.email for one in plan.people if one.email and one.party == "seller"}
    found = {"": [mails[contact]]} if contact in mails else {}
    for stage in shared(plan).stages:
        for task in stage.tasks:
            theirs = [mails[name] for name in task.owner if name in mails and name != contact]
            if theirs:
                found[f"task/{task.id}"] = theirs
    return found
