"""A host that replaces a whole site at each deploy, as `targets.deploys` sees it: what an adapter tells and does."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

from planmark.endpoints.addresses import wrong_address
from planmark.endpoints.times import moment_of
from planmark.extensions.targets import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """A deploy of the host's. `folder` is empty where Planmark did not make it; deploys sort by `order`, the newest last."""

    id: str
    folder: str
    after: str
    """The `order` of the newest one that had been live when this one was begun."""
    created: datetime
    """By the host's clock."""
    url: str = ""
    """Its own address, at which it stays while it is there."""
    been_live: bool = False
    missed: Deploy | None = None
    """One that has been live and that it does not know of, nor that one of it: what that one changed is missing in it."""

    @property
    def order(self) -> str:
        """When it was made; unlike those of all others."""
        return f"{self.created.astimezone(UTC):%Y%m%dT%H%M%S%fZ}_{self.id}"

    def misses(self, other: Deploy) -> bool:
        """Whether two publishers made this one and the other at once."""
        return other.folder != self.folder and other.order > self.after and other.after < self.order


@dataclass(frozen=True, slots=True)
class File:
    """A file of a deploy on its way. `data` is asked for only where the host lacks it."""

    digest: str
    size: int
    media_type: str
    data: Callable[[], bytes]


_NOTE = re.compile(r"(planmark-[0-9a-f]{32}) ([A-Za-z0-9_-]*)")
Making = Generator[str, None, Deploy | None]
"""Yields the path of each file that was sent, and returns the deploy; None where somebody else removed it meanwhile."""


class Host(Protocol):
    """A site at a host, with its deploys."""

    name: str
    most: int
    """Files that a deploy may have; 0: as many as you like."""
    largest: int
    """Bytes that a file may have; 0 likewise."""
    config: Mapping[str, bytes]
    """Files that tell the host which headers to send."""

    def live(self) -> Deploy | None:
        """What readers get."""
        ...

    def ours(self) -> list[Deploy]:
        """All deploys that Planmark made."""
        ...

    def read(self, deploy: Deploy, path: str) -> bytes:
        """A file of a deploy."""
        ...

    def digest(self, path: str, data: bytes) -> str:
        """What the host knows a file by."""
        ...

    def create(self, note: str, files: Mapping[str, File]) -> Making:
        """A whole deploy that is not live yet. The note is kept where only the API tells it, for `noted` to read."""
        ...

    def switch(self, deploy: Deploy) -> Deploy | None:
        """Make it live, and wait until it is; None where somebody else removed it meanwhile."""
        ...

    def remove(self, deploy: Deploy) -> None:
        """Delete a deploy, so that its own address shows nothing either; nothing where it is gone already."""
        ...


def note_of(folder: str, after: str) -> str:
    """What a deploy says of itself: where in it lies what is remembered, and which ones its publisher knew of."""
    return f"{folder} {after}"


def noted(said: object) -> tuple[str, str]:
    """Both out of a note; both empty where it is none of Planmark's."""
    found = _NOTE.fullmatch(said) if isinstance(said, str) else None
    return (found[1], found[2]) if found else ("", "")


def made_at(said: object) -> datetime:
    """When a host says that it was, as text or as milliseconds since 1970."""
    return moment_of(said) or datetime.fromtimestamp(0, UTC)


def wrong_api(place: Place, usual: str) -> str:
    """What is wrong with a place's `api`, as a sentence that says what to write; empty where it can be used."""
    wrong = wrong_address(place.settings.get("api", usual))
    return f"write another `api:` at `{place.name}`, or none: the address {wrong}" if wrong else ""


def api_of(place: Place, usual: str) -> str:
    """The address of the host's API."""
    return place.settings.get("api", usual).rstrip("/")


def own_address(url: str) -> str:
    """A deploy's own address with its scheme, which some hosts leave out; empty where there is none."""
    return url if urlsplit(url).scheme or not url else f"https://{url}"
