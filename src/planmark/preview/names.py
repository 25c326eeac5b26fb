"""Which names the preview answers to. Another site's script may send a browser here under a name of its own; it must get nothing."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("", "0.0.0.0", "::", "[::]")  # noqa: S104  (compared with, not listened on)
"""Addresses that stand for all of a machine's: to listen on, never a name to be called by."""

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
"""Headers by which a proxy says that it passes on what somebody else asks."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?")


@dataclass(frozen=True)
class Names:
    """The names that are answered to: with a port, only on that; without one, on any."""

    known: frozenset[tuple[str, int | None]]

    def answers(self, host: str) -> bool:
        """Whether a request with this Host is meant for us."""
        return self._knows(_split(host, 80))

    def trusts(self, origin: str) -> bool:
        """Whether a page of this Origin is one of ours."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != origin:
            return False
        return self._knows(_split(parts.netloc, 443 if parts.scheme == "https" else 80))

    def _knows(self, name: tuple[str, int | None] | None) -> bool:
        return name is not None and (name in self.known or (name[0], None) in self.known)


def names_of(host: str, port: int, allowed: tuple[str, ...]) -> Names:
    """The names of a server that listens at `host` and `port`: loopback, that address itself, and `allowed`. ValueError: not a name."""
    known: set[tuple[str, int | None]] = {(name, port) for name in LOOPBACK}
    if host not in EVERYWHERE:
        known.add((bracketed(host.lower()), port))
    for text in allowed:
        name = _split(text, None)
        if name is None:
            raise ValueError(text)
        known.add(name)
    return Names(frozenset(known))


def is_here(address: str, host: str, headers: Container[str]) -> bool:
    """Whether a request is of this machine's own: from a loopback address, to a loopback name, and passed on by nobody."""
    try:
        peer = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = peer.ipv4_mapped if isinstance(peer, IPv6Address) else None
    name = _split(host, None)
    return (mapped or peer).is_loopback and name is not None and name[0] in LOOPBACK and not any(one in headers for one in FORWARDED)


def bracketed(host: str) -> str:
    """A host as it stands in an address: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _split(text: str, otherwise: int | None) -> tuple[str, int | None] | None:
    match = _HOST.fullmatch(text.lower())
    return (match[1], int(match[2]) if match[2] else otherwise) if match else None
