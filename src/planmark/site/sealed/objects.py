"""Sealed objects: one file of a site each, named by what is in it, and readable with the plan's key alone.

No key is used twice: it is made from the plan's, the path and a digest of the text, and the IV likewise. The digest is keyed, so that
nobody can look whether a file is the one that they guess.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from planmark.content.access.keys import IV_BYTES, LABEL, TAG_BYTES, PlanKey, decrypted, encrypted, expanded

MAGIC = b"PM1\n"
DIGEST_BYTES = 32
SMALLEST = 256
"""So many bytes are sealed at least."""
_LENGTH_BYTES = 4
_MOST = 2**31 - 2**20
"""More is not sealed in one piece: it has to be in memory whole, here and in the browser."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One file, sealed. `name` is its path in the site, `digest` the keyed one of its text, `size` the text's."""

    path: str
    name: str
    digest: bytes
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in an object."""

    digest: bytes
    data: bytes


class Sealing:
    """Seals and opens the files of one plan."""

    def __init__(self, plan: PlanKey) -> None:
        self.plan = plan
        self.pseudorandom = hmac.digest(bytes(32), plan.key, "sha256")
        self.digests, self.names = expanded(self.pseudorandom, "digest"), expanded(self.pseudorandom, "names")

    def seal(self, path: str, data: bytes) -> Sealed:
        """A file of the site as it goes out. The same file gives the same bytes. ValueError where it is too large."""
        digest = self.digest(path, data)
        key, iv = self.derive(path, digest)
        text = encrypted(key, iv, padded(data), self.context(path, digest))
        return Sealed(path, self.name(path, digest), digest, len(data), MAGIC + digest + text)

    def open(self, path: str, data: bytes) -> Opened | None:
        """What was sealed under that path; None where it wasn't, or a single bit is another one."""
        digest, text = data[len(MAGIC) : len(MAGIC) + DIGEST_BYTES], data[len(MAGIC) + DIGEST_BYTES :]
        if data[: len(MAGIC)] != MAGIC or len(text) < SMALLEST + TAG_BYTES:
            return None
        key, iv = self.derive(path, digest)
        inner = decrypted(key, iv, text, self.context(path, digest))
        found = None if inner is None else unpadded(inner)
        if found is None or not hmac.compare_digest(self.digest(path, found), digest):
            return None
        return Opened(digest, found)

    def digest(self, path: str, data: bytes) -> bytes:
        """The keyed digest of a file."""
        return hmac.digest(self.digests, path.encode() + b"\0" + data, "sha256")

    def derive(self, path: str, digest: bytes) -> tuple[bytes, bytes]:
        """The key and the IV for a file with that digest."""
        of = f"\0{path}\0{digest.hex()}"
        return expanded(self.pseudorandom, f"object{of}"), expanded(self.pseudorandom, f"iv{of}", IV_BYTES)

    def name(self, path: str, digest: bytes) -> str:
        """Where the object lies in the site: it says nothing, and is another one for other contents."""
        return f"assets/{hmac.digest(self.names, path.encode() + bytes(1) + digest, 'sha256').hex()[:32]}.bin"

    def context(self, path: str, digest: bytes) -> str:
        """What is authenticated with a file, so that none stands in another's place, here or in another plan."""
        return f"{LABEL}\0{self.plan.plan}\0{path}\0{digest.hex()}"


def padded(data: bytes) -> bytes:
    """The text with its length before it and zeros behind it, so that its size says little. ValueError where it is too large."""
    if len(data) > _MOST:
        raise ValueError(f"{len(data):,} bytes, {_MOST:,} can be encrypted")
    framed = len(data).to_bytes(_LENGTH_BYTES, "big") + data
    return framed.ljust(bucket(len(framed)), b"\0")


def unpadded(data: bytes) -> bytes | None:
    """The text that was padded; None where it is none."""
    length = int.from_bytes(data[:_LENGTH_BYTES], "big")
    end = _LENGTH_BYTES + length
    if end > len(data) or len(data) != bucket(end) or data.count(0, end) != len(data) - end:
        return None
    return data[_LENGTH_BYTES:end]


def bucket(size: int) -> int:
    """The size that one is rounded up to: Padmé, at most 12 % more.

    Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: Reducing Metadata Leakage from Encrypted Files and Communication with PURBs (2019).
    """
    size = max(size, SMALLEST)
    exponent = size.bit_length() - 1
    loose = (1 << (exponent - exponent.bit_length())) - 1
    return (size + loose) & ~loose
