"""The keys of protected plans, all made from the team's own key: nothing has to be remembered, and the same input gives the same bytes.

The format is described in docs/protecting.md. Keys are made by HKDF-SHA256 (RFC 5869) without a salt; what they encrypt, they encrypt by
AES-256-GCM (NIST SP 800-38D).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
IV_BYTES = 12
TAG_BYTES = 16
LABEL = "planmark/1"
"""What everything that is derived or authenticated begins with: the format and its number."""


def derived(key: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """A key made from another one for one purpose: HKDF-SHA256 with an empty salt and `planmark/1 <purpose>` as its info."""
    return expanded(hmac.digest(bytes(KEY_BYTES), key, "sha256"), purpose, length)


def expanded(pseudorandom: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """The second half of HKDF, for many purposes of one key."""
    info, block, found = f"{LABEL} {purpose}".encode(), b"", b""
    for number in range(1, -(-length // KEY_BYTES) + 1):
        block = hmac.digest(pseudorandom, block + info + bytes((number,)), "sha256")
        found += block
    return found[:length]


@dataclass(frozen=True, slots=True)
class PlanKey:
    """The key that opens one plan, as long as its epoch lasts. `plan` is the digest that endpoints know it by, too."""

    plan: str
    key: bytes

    @classmethod
    def of(cls, workspace_key: bytes, plan: str, epoch: int, salt: bytes) -> PlanKey:
        """The key of a plan in an epoch, of which `salt` is that of its passphrases. None leads to another one, or to the team's key.

        With the salt in it, a list that was begun anew, or that two people changed at a time, never comes to a key that it had.
        """
        return cls(plan, derived(workspace_key, f"plan\0{plan}\0{epoch}\0{salt.hex()}"))

    def mark(self, epoch: int) -> str:
        """What tells this key from others, and leads to none; before it the epoch, by which later ones are known."""
        return f"{epoch}-{derived(self.key, 'mark', 16).hex()}"


def took_its_place(later: str, mark: str) -> bool:
    """Whether a key, by its mark, was made in the place of another one: by nobody who had that other one alone.

    Of two that two people made at one time, each took the other's place: what one of them kept out, the other would let in.
    """
    epochs = [
        int(epoch) if epoch.isdecimal() and epoch.isascii() and len(epoch) < 10 else 0
        for epoch in (one.partition("-")[0] for one in (later, mark))
    ]
    return bool(later) and later != mark and epochs[0] >= epochs[1]


def encrypted(key: bytes, iv: bytes, data: bytes, context: str) -> bytes:
    """What AES-256-GCM makes of the data, the tag at its end. `context` is authenticated with it. One IV is used for one text only."""
    return _cipher(key).encrypt(iv, data, context.encode())


def decrypted(key: bytes, iv: bytes, data: bytes, context: str) -> bytes | None:
    """What `encrypted` was given; None where a single bit is another one, or the key or the context is."""
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher(key).decrypt(iv, data, context.encode()) if len(data) >= TAG_BYTES else None
    except InvalidTag:
        return None


def why_nothing_is_sealed() -> str:
    """Why nothing can be encrypted here; empty where it can."""
    from importlib.util import find_spec

    return "" if find_spec("cryptography") else "a library for it is missing"


def require_sealing(where: str) -> None:
    """Raise PlanmarkError, at the place of what asks for it, where nothing can be encrypted here."""
    reason = why_nothing_is_sealed()
    if reason:
        hint = 'pip install "planmark[protected]"'
        raise PlanmarkError(Problem("PM808", f"the plan cannot be encrypted: {reason}", Location(where), hint))


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
