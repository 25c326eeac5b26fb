"""Slots: the plan's key, wrapped for whoever has a passphrase or a link. Each of them opens one, and no slot says whose it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable

from planmark.content.access.keys import IV_BYTES, KEY_BYTES, TAG_BYTES, PlanKey, decrypted, derived, encrypted

ITERATIONS = 1_000_000
"""Rounds of PBKDF2-HMAC-SHA256 for a passphrase. OWASP asks for 600,000 at least."""
SALT_BYTES = 16
LINK_BYTES = 16
SLOT_BYTES = IV_BYTES + KEY_BYTES + TAG_BYTES
FEWEST = 4
"""So many slots a lock has at least; else a power of two."""
_SPACE = re.compile("[\t-\r \x85\xa0\u1680\u2028\u2029\ufeff]+")
"""What counts as space after NFKC, which makes the other spaces plain ones. JavaScript's `\\s` and U+0085."""


def tidied(passphrase: str) -> str:
    """A passphrase as it is compared, however it was typed: NFKC, no space around it, and one plain space for every space in it."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", passphrase)).strip(" ")


def of_passphrase(passphrase: str, salt: bytes, iterations: int = ITERATIONS) -> bytes:
    """The key that opens a slot, from a passphrase. It takes its time, for whoever guesses as for whoever knows."""
    stretched = hashlib.pbkdf2_hmac("sha256", tidied(passphrase).encode(), salt, iterations, KEY_BYTES)
    return derived(stretched, "slot")


def of_link(link_key: bytes) -> bytes:
    """The key that opens a slot, from the bytes that a link carries. They are by chance, so nothing has to be stretched."""
    return derived(link_key, "link")


def wrapped(plan: PlanKey, opener: bytes) -> bytes:
    """A slot: the IV, then the plan's key under `opener`. The IV comes from all that is in it, so it never serves for two texts."""
    iv = hmac.digest(derived(opener, "slot iv"), plan.plan.encode() + b"\0" + plan.key, "sha256")[:IV_BYTES]
    return iv + encrypted(opener, iv, plan.key, f"planmark/1 slot\0{plan.plan}")


def opened(slots: Iterable[bytes], plan: str, opener: bytes) -> PlanKey | None:
    """The plan's key, from the slot that `opener` opens; None where it opens none."""
    for slot in slots:
        key = decrypted(opener, slot[:IV_BYTES], slot[IV_BYTES:], f"planmark/1 slot\0{plan}")
        if key is not None and len(key) == KEY_BYTES:
            return PlanKey(plan, key)
    return None


def filled_up(slots: Iterable[bytes], plan: PlanKey) -> tuple[bytes, ...]:
    """The slots in the order of their bytes, with others that open to nobody, so that nobody can count people."""
    real = list(slots)
    wanted = FEWEST
    while wanted < len(real):
        wanted *= 2
    fillers = (derived(plan.key, f"filler\0{number}", SLOT_BYTES) for number in range(wanted - len(real)))
    return tuple(sorted([*real, *fillers]))


def written(data: bytes) -> str:
    """Bytes as they stand in files and in the lock page: Base64 with its `=`."""
    return base64.b64encode(data).decode()


def in_link(link_key: bytes) -> str:
    """Bytes as they stand behind the `k=` of a link: Base64 for addresses, without `=`."""
    return base64.urlsafe_b64encode(link_key).decode().rstrip("=")
