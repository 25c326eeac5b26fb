"""What the team's key makes of a deal's list: the key of the plan, and what is kept of people's passphrases and links."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from planmark.content.access.keys import IV_BYTES, PlanKey, decrypted, derived, encrypted, require_sealing
from planmark.content.access.record import ACCESS_FILE, AccessList, Given
from planmark.content.access.slots import LINK_BYTES, in_link
from planmark.content.deal import Deal
from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.content.secrets import team_keys
from planmark.problems import Location, PlanmarkError, Problem


@dataclass(frozen=True)
class Kept:
    """What opens the plan for one person: they were told one of the two."""

    passphrase: str
    link_key: bytes

    @property
    def fragment(self) -> str:
        """The part of a link that opens the plan: `k=…`."""
        return f"k={in_link(self.link_key)}"


def kept_away(kept: Kept, workspace_key: bytes, plan: str, person: str) -> bytes:
    """What opens a plan for a person, as the list keeps it: an IV made from what it says, then the text under the team's key."""
    text = json.dumps({"passphrase": kept.passphrase, "link": kept.link_key.hex()}, ensure_ascii=False, sort_keys=True).encode()
    context = f"planmark/1 kept\0{plan}\0{person}"
    iv = hmac.digest(derived(workspace_key, f"kept iv\0{plan}"), context.encode() + b"\0" + text, "sha256")[:IV_BYTES]
    return iv + encrypted(derived(workspace_key, f"kept\0{plan}"), iv, text, context)


def kept_of(one: Given, workspace_key: bytes, plan: str) -> Kept | None:
    """What opens the plan for somebody; None where it was not kept with that key, for that plan and that person."""
    key = derived(workspace_key, f"kept\0{plan}")
    text = decrypted(key, one.kept[:IV_BYTES], one.kept[IV_BYTES:], f"planmark/1 kept\0{plan}\0{one.id}")
    if text is None:
        return None
    held = json.loads(text)
    link = bytes.fromhex(held["link"])
    return Kept(held["passphrase"], link) if len(link) == LINK_BYTES else None


def signed(access: AccessList, workspace_key: bytes) -> AccessList:
    """The list with its signature: whoever changes a line of it otherwise is found out."""
    return replace(access, signed=_signature(access, workspace_key))


def _signature(access: AccessList, workspace_key: bytes) -> str:
    return hmac.digest(derived(workspace_key, f"access\0{access.plan}"), access.to_sign(), "sha256").hex()


def is_whole(access: AccessList, workspace_key: bytes) -> bool:
    """Whether the list is as `planmark access` wrote it."""
    return hmac.compare_digest(access.signed, _signature(access, workspace_key))


def plan_key(deal: Deal) -> PlanKey:
    """The key that a protected deal is sealed with. PlanmarkError where there is none, or nobody was given access."""
    access = require_access(deal)
    return PlanKey.of(_sound(deal, access), access.plan, access.epoch, access.salt)


def key_mark(deal: Deal) -> str:
    """What tells the key of a protected deal from those that it had, and from later ones. PlanmarkError as for `plan_key`."""
    return plan_key(deal).mark(require_access(deal).epoch)


def kept_by_person(deal: Deal) -> Mapping[str, Kept]:
    """What opens a protected deal, by person. PlanmarkError as for `plan_key`."""
    access = require_access(deal)
    key = _sound(deal, access)
    return {one.id: kept for one in access.people if (kept := kept_of(one, key, access.plan))}


def spelled(kept: Mapping[str, Kept]) -> dict[bytes, str]:
    """What opens a plan, in the spellings that somebody could have pasted, each with whose it is."""
    found: dict[bytes, str] = {}
    for person, one in kept.items():
        found[one.passphrase.encode()] = f"the passphrase of {person}"
        found[in_link(one.link_key).encode()] = f"the key in the link of {person}"
    return found


def require_protected(deal: Deal) -> None:
    """Raise PlanmarkError for a plan that everybody may read who has its link."""
    if deal.plan.access == "link":
        hint = "write `access: passphrase` into it first; it moves to another address then"
        raise PlanmarkError(Problem("PM808", "the plan asks for no passphrase: whoever has its link reads it", plan_place(deal), hint))


def require_access(deal: Deal) -> AccessList:
    """The list of a protected deal that has anybody in it. PlanmarkError where there is none."""
    require_protected(deal)
    if not deal.access or not deal.access.people:
        hint = f"give somebody access: planmark access {deal.name} add everyone"
        if deal.access:
            hint += f"; or take down what is out, which they can still open: planmark unpublish {deal.name}"
        text = f"the plan asks for a passphrase, and nobody has one {'any more' if deal.access else 'yet'}"
        raise PlanmarkError(Problem("PM808", text, plan_place(deal), hint))
    return deal.access


def _sound(deal: Deal, access: AccessList) -> bytes:
    """The team's key that a list was written with. PlanmarkError where the list is not whole, or for another link or key."""
    require_sealing(f"{CONTENT}/{deal.name}")
    where, hint = access_place(deal), f"encrypt the plan anew; everybody keeps what they have: planmark access {deal.name} renew"
    key = key_of(deal, access)
    if access.plan != deal.address.digest:
        raise PlanmarkError(Problem("PM808", "the list is for another share key than the plan has now", where, hint))
    if not is_whole(access, key):
        text = "the list was changed by something else than `planmark access`"
        raise PlanmarkError(Problem("PM808", text, where, f"see who is in it, and {hint}"))
    return key


def key_of(deal: Deal, access: AccessList) -> bytes:
    """The team's key that a list was written with. PlanmarkError where this machine hasn't it, or planmark.yaml no longer names it."""
    keys = team_keys(deal.workspace.key).keys
    if access.key in keys:
        return keys[access.key]
    if access.key in deal.workspace.key:
        hint = "ask a colleague who has it for `planmark key show --secret`, and bring it with `planmark key add`"
        raise PlanmarkError(Problem("PM707", f"the key {access.key} that the plan is encrypted with is not here", access_place(deal), hint))
    text = f"the plan is encrypted with the key {access.key}, which planmark.yaml no longer names"
    hint = f"name it there after the new one until this is done: planmark access {deal.name} renew"
    raise PlanmarkError(Problem("PM808", text, access_place(deal), hint))


def access_place(deal: Deal) -> Location:
    """The list's place in the workspace."""
    return Location(f"{CONTENT}/{deal.name}/{ACCESS_FILE}")


def plan_place(deal: Deal) -> Location:
    """The plan's place in the workspace."""
    return Location(f"{CONTENT}/{deal.name}/{PLAN_FILE}")
