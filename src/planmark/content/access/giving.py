"""Access given and taken: `planmark access` at work in one deal's list. One at a time, and the list is whole at every instant."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from planmark.content.access.keys import PlanKey, require_sealing
from planmark.content.access.opening import (
    Kept,
    access_place,
    is_whole,
    kept_away,
    kept_of,
    key_of,
    plan_key,
    plan_place,
    require_access,
    require_protected,
    signed,
)
from planmark.content.access.passphrases import new_passphrase, why_weak
from planmark.content.access.record import AccessList, Given, is_label, write_access
from planmark.content.access.slots import ITERATIONS, LINK_BYTES, SALT_BYTES, of_link, of_passphrase, tidied, wrapped
from planmark.content.acting import load_one
from planmark.content.deal import Deal
from planmark.content.layout import BUILD, CONTENT
from planmark.content.lock import alone
from planmark.content.secrets import team_keys
from planmark.content.starting import new_share_key
from planmark.plan.tokens import fingerprint
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean


@dataclass(frozen=True)
class Change:
    """What became of a list, and what the person has now who was given access."""

    deal: Deal
    access: AccessList
    person: str = ""
    kept: Kept | None = None


def give(root: Path, name: str, person: str, today: date, passphrase: str = "", label: bool = False) -> Change:
    """Give somebody access. `person` is one of the plan's people, by id or name, or with `label` whatever they are called."""
    with _at_work(root, name) as deal:
        who = person if label else _person(deal, person)
        if not is_label(who):
            raise _wrong(deal, "PM214", "nobody can be called that", "write one line, of 100 letters at most")
        access = deal.access if deal.access and deal.access.people else _begun(deal)
        if who in [one.id for one in access.people]:
            hint = f"`planmark access {name} --show` says how; for another passphrase, revoke it and add them again"
            raise _wrong(deal, "PM808", f"`{who}` may open the plan already", hint)
        key = key_of(deal, access)
        plan = plan_key(deal) if access.people else PlanKey.of(key, access.plan, access.epoch, access.salt)
        kept = Kept(_chosen(deal, passphrase) if passphrase else new_passphrase(), secrets.token_bytes(LINK_BYTES))
        given = _given(who, today, kept, key, plan, access)
        people = tuple(sorted((*access.people, given), key=lambda one: one.id))
        return Change(deal, _write(root, deal, replace(access, people=people), key), who, kept)


def revoke(root: Path, name: str, person: str) -> Change:
    """Take somebody's access away: the plan is encrypted anew, and the others keep what they have."""
    with _at_work(root, name) as deal:
        access = require_access(deal)
        known = [one.id for one in access.people]
        who = person if person in known else _named(deal, person)
        if who not in known:
            raise _wrong(deal, "PM808", f"nobody called `{person}` may open the plan", did_you_mean(person, known))
        plan_key(deal)
        return Change(deal, _renewed(root, deal, access, [one for one in access.people if one.id != who]), who)


def renew(root: Path, name: str) -> Change:
    """Encrypt a plan anew, for its share key and the team's key of now. Everybody in the list keeps what they have."""
    with _at_work(root, name) as deal:
        access = require_access(deal)
        return Change(deal, _renewed(root, deal, access, list(access.people)))


@contextmanager
def _at_work(root: Path, name: str) -> Iterator[Deal]:
    with alone(root / BUILD / ".planmark", name="access"):
        deal = load_one(root, name)
        require_protected(deal)
        require_sealing(f"{CONTENT}/{name}")
        if not deal.address.share_key:
            hint = f"write this into it: share_key: {new_share_key()}"
            raise PlanmarkError(Problem("PM802", "the plan has no share key, so its link could be guessed", plan_place(deal), hint))
        yield deal


def _begun(deal: Deal) -> AccessList:
    """A list without anybody."""
    epoch = deal.access.epoch if deal.access else 1
    key = team_keys(deal.workspace.key).signing
    return AccessList(deal.address.digest, fingerprint(key), epoch, secrets.token_bytes(SALT_BYTES), ITERATIONS, ())


def _renewed(root: Path, deal: Deal, old: AccessList, people: list[Given]) -> AccessList:
    """The list for the next epoch, with a new salt and all slots wrapped anew."""
    before, key = key_of(deal, old), team_keys(deal.workspace.key).signing
    new = AccessList(deal.address.digest, fingerprint(key), old.epoch + 1, secrets.token_bytes(SALT_BYTES), ITERATIONS, ())
    plan = PlanKey.of(key, new.plan, new.epoch, new.salt)
    given = []
    for one in people:
        kept = kept_of(one, before, old.plan)
        if kept is None:
            hint = f"take their line out of it, then: planmark access {deal.name} renew; and give them access again"
            raise PlanmarkError(Problem("PM808", f"what `{one.id}` has cannot be read in the list", access_place(deal), hint))
        given.append(_given(one.id, one.since, kept, key, plan, new))
    return _write(root, deal, replace(new, people=tuple(given)), key)


def _given(person: str, since: date, kept: Kept, key: bytes, plan: PlanKey, access: AccessList) -> Given:
    by_passphrase = wrapped(plan, of_passphrase(kept.passphrase, access.salt, access.iterations))
    return Given(person, since, (by_passphrase, wrapped(plan, of_link(kept.link_key))), kept_away(kept, key, plan.plan, person))


def _write(root: Path, deal: Deal, access: AccessList, key: bytes) -> AccessList:
    whole = signed(access, key)
    assert is_whole(whole, key)
    write_access(root / CONTENT / deal.name, whole)
    return whole


def _chosen(deal: Deal, passphrase: str) -> str:
    """An own passphrase. PlanmarkError where it could be guessed."""
    plan = deal.plan
    known = [deal.name, plan.account.name, plan.title, deal.seller.name, *(one.name or one.id for one in plan.people)]
    if reason := why_weak(passphrase, known):
        hint = "leave `--passphrase-stdin` out, and one is made by chance; or write six words that have nothing to do with each other"
        raise PlanmarkError(Problem("PM808", f"the passphrase could be guessed: {reason}", Location("the passphrase"), hint))
    return tidied(passphrase)


def _named(deal: Deal, person: str) -> str:
    """The id of one of the plan's people who has that name; else what was given."""
    return next((one.id for one in deal.plan.people if one.name and one.name.casefold() == person.casefold()), person)


def _person(deal: Deal, person: str) -> str:
    """Somebody of the plan, or a label that is nobody's slip of the pen."""
    who = _named(deal, person)
    ids = [one.id for one in deal.plan.people]
    hint = did_you_mean(who, ids, "-")
    if who in ids or not hint.startswith("did you mean"):
        return who
    raise _wrong(deal, "PM301", f"nobody in the plan has the id `{person}`", f"{hint} For somebody else: --label")


def _wrong(deal: Deal, code: str, message: str, hint: str) -> PlanmarkError:
    return PlanmarkError(Problem(code, message, plan_place(deal), hint))
