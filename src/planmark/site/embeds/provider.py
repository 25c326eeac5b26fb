"""A provider as data: the ways in which its addresses are written, and what each of them is shown as."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from planmark.extensions import Address, EmbedKind
from planmark.site.embeds.address import answers

Further = Callable[[Address], str]
"""What an address asks for beside its id: `&start=90`, or nothing."""

MEDIA = ("autoplay", "encrypted-media", "picture-in-picture")
"""What a player may do: it plays at once, for the reader has clicked already."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which an address is written: a pattern for all of its path, in ASCII, ids typed, and the address of what is shown.

    Patterns are texts until an address is met: there are forty of them, and few plans need more than two.
    """

    path: str
    to: str
    """With the groups of the pattern in braces."""
    query: tuple[str, str] | None = None
    """An id that stands in the query: its key and what it looks like. `{id}` in `to`."""
    hosts: tuple[str, ...] = ()
    """The hosts on which it is written so; all of the provider's where left out."""
    further: Further | None = None

    def shown(self, address: Address) -> str | None:
        """What is shown, where the address is written in this way."""
        if self.hosts and not answers(self.hosts, address.host):
            return None
        match = re.fullmatch(self.path, address.path, re.ASCII)
        if match is None:
            return None
        parts = {name: value or "" for name, value in match.groupdict().items()} | {"host": address.host}
        if self.query:
            key, looks = self.query
            if not re.fullmatch(looks, address.query.get(key, ""), re.ASCII):
                return None
            parts["id"] = address.query[key]
        return self.to.format_map(parts) + (self.further(address) if self.further else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider of players, decks or forms: an `Embed` made of data alone."""

    name: str
    kind: EmbedKind
    hosts: tuple[str, ...]
    frames: tuple[str, ...]
    ways: tuple[Way, ...]
    allow: tuple[str, ...] = ()
    tells_origin: bool = False

    def shown(self, address: Address) -> str | None:
        """The address of what is shown; None where it is not one that this provider shares."""
        return next((found for way in self.ways if (found := way.shown(address))), None)


def asked(key: str, looks: str, said: str) -> Further:
    """A value of the query, handed on as `said` where it looks as it should: `asked("h", "[0-9a-f]{10}", "&h={}")`."""

    def further(address: Address) -> str:
        value = address.query.get(key, "")
        return said.format(value) if re.fullmatch(looks, value, re.ASCII) else ""

    return further


_CLOCK = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,5})s?)?", re.ASCII)


def begins(address: Address) -> str:
    """Where a video begins, as `&start=` in seconds: of `t=90`, `t=1m30s`, `start=90`."""
    match = _CLOCK.fullmatch(address.query.get("t") or address.query.get("start") or "")
    seconds = sum(int(part or 0) * unit for part, unit in zip(match.groups(), (3600, 60, 1), strict=True)) if match else 0
    return f"&start={seconds}" if seconds else ""
