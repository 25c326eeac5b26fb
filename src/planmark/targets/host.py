"""A host that replaces a whole site at each deploy, as `targets.deploys` sees it: what an adapter tells and does."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from planmark.endpoints.addresses import wrong_address
from planmark.extensions.targets import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """A deploy of the host's. `folder` is empty where Planmark did not make it; deploys sort by `order`, the newest last."""

    id: str
    folder: str
    created: str = ""
    url: str = ""
    """Its own address, at which it stays while it is there."""
    missed: Deploy | None = None
    """One that went live before it and that it does not know of: what that one changed is missing in it."""

    @property
    def order(self) -> tuple[str, str]:
        """When it was made, by the host's clock."""
        return self.created, self.id


@dataclass(frozen=True, slots=True)
class File:
    """A file of a deploy on its way. `data` is asked for only where the host lacks it."""

    digest: str
    size: int
    media_type: str
    data: Callable[[], bytes]


Making = Generator[str, None, Deploy | None]
"""Yields the path of each file that was sent, and returns the deploy; None where somebody else removed it meanwhile."""


class Host(Protocol):
    """A site at a host, with its deploys."""

    name: str
    drafts: bool
    """Whether a deploy can be made without its going live, and be removed by somebody else before it does."""
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

    def create(self, folder: str, files: Mapping[str, File]) -> Making:
        """A whole deploy that is not live. `folder` is kept where only the API tells it."""
        ...

    def switch(self, deploy: Deploy) -> Deploy | None:
        """Make it live, and wait until it is; None where somebody else removed it meanwhile."""
        ...

    def remove(self, deploy: Deploy) -> None:
        """Delete a deploy, so that its own address shows nothing either; nothing where it is gone already."""
        ...


def wrong_api(place: Place, usual: str) -> str:
    """What is wrong with a place's `api`, as a sentence that says what to write; empty where it can be used."""
    wrong = wrong_address(place.settings.get("api", usual))
    return f"write another `api:` at `{place.name}`, or none: the address {wrong}" if wrong else ""


def api_of(place: Place, usual: str) -> str:
    """The address of the host's API."""
    return place.settings.get("api", usual).rstrip("/")


def own_address(url: str) -> str:
    """A deploy's own address as hosts write it, with or without the scheme."""
    return url if urlsplit(url).scheme or not url else f"https://{url}"
