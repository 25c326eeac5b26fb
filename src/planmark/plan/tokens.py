"""What a personal link proves. The team's key signs; a key made from it for one plan verifies, and is all that a receiver is given.

A token is `<fingerprint>.<payload>.<signature>`; the payload holds an opaque reference, a link version and the last day, no name.
The same link comes out each time it is made. Whether it still counts is judged by the day of receipt, never by today.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

_SALT = "planmark.person.v1"
KEY_BYTES = 32

Failure = Literal["unreadable", "unknown key", "forged", "unknown person", "revoked", "expired"]


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says: who, by reference; which version of their link; the last day on which it counts."""

    ref: str
    version: int
    until: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a token. Where `failure` says why it does not count, `link` is still known of one that was revoked or has ended."""

    link: Link | None = None
    key: str = ""
    failure: Failure | None = None


def fingerprint(key: bytes) -> str:
    """What a key is called in planmark.yaml and in tokens."""
    return sha256(b"planmark.key.v1" + key).hexdigest()[:8]


def plan_digest(share_key: str) -> str:
    """What endpoints know a plan by: a digest of its share key, which does not lead back to it."""
    return sha256(b"planmark.plan.v1:" + share_key.encode()).hexdigest()[:32]


def person_ref(plan: str, person: str) -> str:
    """What a token calls a person of the plan with that digest."""
    return sha256(f"planmark.person.v1:{plan}:{person}".encode()).hexdigest()[:16]


def plan_key(key: bytes, plan: str) -> bytes:
    """The key for the links of one plan. Whoever has it can make links of that plan, and of no other."""
    return hmac.digest(key, b"planmark.links.v1:" + plan.encode(), "sha256")


def made(key: bytes, plan: str, person: str, version: int, until: date) -> str:
    """The token of a person's link."""
    return f"{fingerprint(key)}.{_dumped(plan_key(key, plan), Link(person_ref(plan, person), version, until))}"


def verified(token: str, keys: Mapping[str, bytes], versions: Mapping[str, int], received: date) -> Verdict:
    """Whether a token counts for something received on that day. `keys` are plan keys by fingerprint, `versions` link versions by ref."""
    from itsdangerous import BadData

    name, _, rest = token.partition(".")
    if not rest:
        return Verdict(failure="unreadable")
    key = keys.get(name)
    if key is None:
        return Verdict(failure="unknown key")
    try:
        ref, version, until = _serializer(key).loads(rest)
        link = Link(str(ref), int(version), date.fromisoformat(until))
        if _dumped(key, link) != rest:  # the last letter of a signature has bits that are not looked at
            return Verdict(failure="forged")
    except BadData:
        return Verdict(failure="forged")
    except (TypeError, ValueError):
        return Verdict(failure="unreadable")
    if link.ref not in versions:
        return Verdict(failure="unknown person")
    if link.version != versions[link.ref]:
        return Verdict(link, name, "revoked")
    if received > link.until:
        return Verdict(link, name, "expired")
    return Verdict(link, name)


def _dumped(key: bytes, link: Link) -> str:
    """A link's payload and signature."""
    return str(_serializer(key).dumps([link.ref, link.version, link.until.isoformat()]))


def _serializer(key: bytes) -> URLSafeSerializer:
    from itsdangerous import URLSafeSerializer

    return URLSafeSerializer(key, salt=_SALT, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"})
