"""What the team tells the receiver of a plan: what may be done on it, by whose links. No name of a person, and no share key."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from planmark.plan.events import BUYER_KINDS, EVENT_ID, ON
from planmark.plan.submissions import clean_line
from planmark.receiver import faults, limits
from planmark.receiver.counting import next_change
from planmark.receiver.tables import PLANS

_REF = re.compile(r"[0-9a-f]{16}")
_FINGERPRINT = re.compile(r"[0-9a-f]{8}")
_KEY = re.compile(r"[0-9a-f]{64}")
_MAIL = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\]{1,189}")
_KEYS = {"v", "deal", "items", "people", "keys", "accepted", "rejected", "until", "name", "tell", "quiet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A plan as the receiver knows it."""

    deal: str
    items: Mapping[str, frozenset[str]]
    """The kinds of events that each item takes."""
    people: Mapping[str, int]
    """The version of each person's link, by reference."""
    keys: Mapping[str, bytes]
    """The plan's own keys, by fingerprint."""
    accepted: frozenset[str]
    rejected: frozenset[str]
    until: date | None
    """The last day on which anything is taken in, UTC."""
    name: str
    tell: Mapping[str, tuple[str, ...]]
    """Who is told of what, by the team's own words for the ways: an item's, or everybody's under the empty text."""
    quiet: bool = False
    """Whether the live state is nobody's to read: the plan is protected."""


def read_registration(body: bytes) -> tuple[Registration, str]:
    """The registration in a JSON body, and that body as it is stored. BouncedError 422 says what is wrong with it."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise _wrong("the body is not JSON") from None
    if not isinstance(data, dict):
        raise _wrong("the body is not an object")
    unknown = set(data) - _KEYS
    if unknown:
        raise _wrong(f"`{clean_line(min(unknown))[:40]}` is not known")
    if type(data.get("v")) is not int or data["v"] != 1:
        raise _wrong("`v` must be 1")
    found = Registration(
        deal=_line(data, "deal", limits.DEAL, needed=True),
        items={_on(on): _kinds(kinds) for on, kinds in _object(data, "items", limits.ITEMS, needed=True).items()},
        people={_matching(ref, _REF, "people"): _version(one) for ref, one in _object(data, "people", limits.PEOPLE, needed=True).items()},
        keys={
            _matching(name, _FINGERPRINT, "keys"): bytes.fromhex(_matching(key, _KEY, "keys"))
            for name, key in _object(data, "keys", limits.KEYS, needed=True).items()
        },
        accepted=_ids(data, "accepted"),
        rejected=_ids(data, "rejected"),
        until=_until(data),
        name=_line(data, "name", limits.NAME),
        tell={on if on == "" else _on(on): _mails(mails) for on, mails in _object(data, "tell", limits.ITEMS).items()},
        quiet=_quiet(data),
    )
    return found, json.dumps(data, ensure_ascii=True, separators=(",", ":"))


def register(connection: Connection, plan: str, found: Registration, stored: str) -> set[str]:
    """Keep it from now on, in place of what was there. What the same deal was registered as before is gone. Gives all that changed."""
    change = next_change(connection)
    values = {
        "deal": found.deal,
        "gone": False,
        "revision": secrets.token_hex(16),
        "registration": stored,
        "changed": change,
    }
    connection.execute(delete(PLANS).where(PLANS.c.plan == plan))
    others = connection.execute(
        update(PLANS).where(PLANS.c.deal == found.deal, PLANS.c.gone.is_(False)).values(_gone(change)).returning(PLANS.c.plan)
    )
    changed = {plan, *others.scalars()}
    connection.execute(insert(PLANS).values(plan=plan, **values))
    return changed


def remove(connection: Connection, plan: str) -> None:
    """The plan is gone; nothing of its registration is kept. BouncedError 404 where it is not known."""
    change = next_change(connection)
    if not connection.execute(update(PLANS).where(PLANS.c.plan == plan).values(_gone(change))).rowcount:
        raise faults.unknown()


class Registrations:
    """Registrations by revision, so that each is parsed once. Used by one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Registration] = {}

    def find(self, connection: Connection, plans: set[str]) -> dict[str, Registration | None]:
        """Those of the plans that are known; None for those that are gone."""
        rows = connection.execute(select(PLANS.c.plan, PLANS.c.gone, PLANS.c.revision).where(PLANS.c.plan.in_(sorted(plans))))
        return {row.plan: None if row.gone else self._of(connection, row.plan, row.revision) for row in rows.all()}

    def _of(self, connection: Connection, plan: str, revision: str) -> Registration:
        found = self._known.get((plan, revision))
        if found is None:
            stored = connection.scalar(select(PLANS.c.registration).where(PLANS.c.plan == plan, PLANS.c.revision == revision))
            found, _ = read_registration((stored or "").encode())
            if len(self._known) >= limits.STATES_KEPT:
                del self._known[next(iter(self._known))]
            self._known[plan, revision] = found
        return found


def _gone(change: int) -> dict[str, Any]:
    return {"gone": True, "revision": secrets.token_hex(16), "registration": "", "changed": change}


def _wrong(what: str) -> faults.BouncedError:
    return faults.BouncedError(422, "registration", f"The registration cannot be used: {what}.")


def _object(data: Mapping[str, Any], name: str, most: int, needed: bool = False) -> dict[str, Any]:
    found = data.get(name, None if needed else {})
    if not isinstance(found, dict):
        raise _wrong(f"`{name}` must be an object")
    if len(found) > most:
        raise _wrong(f"`{name}` has more than {most:,} entries")
    return found


def _line(data: Mapping[str, Any], name: str, most: int, needed: bool = False) -> str:
    found = data.get(name, "")
    if not isinstance(found, str) or len(found) > most or clean_line(found) != found or (needed and not found):
        raise _wrong(f"`{name}` must be a text of one line and at most {most} characters")
    return found


def _matching(text: object, shape: re.Pattern[str], name: str) -> str:
    if not isinstance(text, str) or not shape.fullmatch(text):
        raise _wrong(f"`{name}` holds something that does not fit")
    return text


def _on(text: str) -> str:
    return _matching(text, ON, "items")


def _kinds(given: object) -> frozenset[str]:
    if not isinstance(given, list) or len(given) > len(BUYER_KINDS) or any(one not in BUYER_KINDS for one in given):
        raise _wrong("`items` names a kind that buyers do not send")
    return frozenset(given)


def _version(given: object) -> int:
    if type(given) is not int or not 0 <= given <= 1_000_000_000:
        raise _wrong("`people` must give the version of each link")
    return given


def _ids(data: Mapping[str, Any], name: str) -> frozenset[str]:
    found = data.get(name, [])
    if not isinstance(found, list) or len(found) > limits.JUDGED:
        raise _wrong(f"`{name}` must be a list of at most {limits.JUDGED:,} events")
    return frozenset(_matching(one, EVENT_ID, name) for one in found)


def _until(data: Mapping[str, Any]) -> date | None:
    given = data.get("until", "")
    if given == "":
        return None
    try:
        return date.fromisoformat(_matching(given, re.compile(r"\d{4}-\d\d-\d\d"), "until"))
    except ValueError:
        raise _wrong("`until` is not a day") from None


def _quiet(data: Mapping[str, Any]) -> bool:
    given = data.get("quiet", False)
    if not isinstance(given, bool):
        raise _wrong("`quiet` must be true or false")
    return given


def _mails(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) > limits.TOLD:
        raise _wrong(f"`tell` must list at most {limits.TOLD} mail addresses for an item")
    return tuple(_matching(one, _MAIL, "tell") for one in given)
