"""Places to publish to: what a target is handed, and what it gives back. A target takes a release and yields its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from planmark.extensions import Secret, Settings
from planmark.problems import PlanmarkError

TARGETS = "planmark.targets"
"""The group of entry points for targets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """One file of a site as it goes out. `path` is the one in the site, with `/`; `cache` its Cache-Control."""

    path: str
    sha256: str
    size: int
    media_type: str
    cache: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One version of a site as a target has it: all that is remembered of it, there and nowhere else.

    `site` is the folder below the target's address; `day` (ISO) the one that its pages were built for.
    """

    site: str
    version: str
    """When it was put out, so that versions sort by it: `20261109T101500.123Z`."""
    deal: str
    owner: str
    """A digest of who publishes: deals of others with the same name are left alone."""
    day: str
    tool: str
    built: str
    """A digest of the built site, by which one that is out already is known without reading it."""
    files: tuple[SiteFile, ...]
    """In the order in which they go out: assets, other files, pages, the entry page."""
    kept: tuple[SiteFile, ...] = ()
    """Assets of the versions before it, for readers who have their pages open."""
    draft: bool = False
    again: str = ""
    """The earlier version that it is once more, after a rollback."""
    gone: bool = False
    """Whether it is the page for those who come too late."""
    sealed: str = ""
    """What tells the key that a protected site is encrypted with from others, and does not lead to it; empty where it lies open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version on its way to a target. `read` gives a file's bytes; what is `kept`, the target says."""

    published: Published
    read: Callable[[SiteFile], bytes]
    before: str
    """The version that it takes the place of, empty where the site is new: with another one there, somebody else was quicker."""
    keep: int
    """How many versions before it stay, to go back to, and with their assets; 0: nothing of them."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a target has just done. `kept` was there already; at `switched` readers get the new version.

    `said` is for the publisher: `path` is a sentence about what the place cannot do.
    """

    what: Literal["sent", "kept", "switched", "removed", "said"]
    path: str
    size: int = 0


Going = Iterator[tuple[str, Step | PlanmarkError]]
"""What is done with several releases: the site of each with its steps, or with what stops that one alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A target's block in planmark.yaml, with all that it may need."""

    name: str
    settings: Settings
    workspace: Path
    secret: Secret


@runtime_checkable
class Target(Protocol):
    """A kind of place to publish to. It keeps nothing between calls; what it does not know of a place, it looks up there.

    One whose host shows only after a while what it was given may have a `patience`: the seconds that this takes at most times.
    """

    @property
    def kind(self) -> str:
        """Its name in planmark.yaml."""
        ...

    @property
    def takes(self) -> tuple[str, ...]:
        """Settings that it knows, beside `kind` and `url`."""
        ...

    def wrong(self, place: Place) -> str:
        """Why nothing can be published with these settings, as a sentence that says what to write; empty where it can."""
        ...

    def published(self, place: Place) -> Iterator[Published]:
        """What is out: of every site the version that readers get."""
        ...

    def versions(self, place: Place, site: str) -> tuple[Published, ...]:
        """The versions of a site that are still whole there, newest first; the first one is out."""
        ...

    def read(self, place: Place, published: Published, file: SiteFile) -> bytes:
        """A file's bytes as they are there."""
        ...

    def publish(self, place: Place, release: Release) -> Iterator[Step]:
        """Put a version out: what pages load, pages, the switch; deletions last. Killed anywhere, the next one finishes.

        PlanmarkError, with nothing half done, where it cannot be written, or somebody else was quicker.
        """
        ...


@runtime_checkable
class Together(Protocol):
    """What a target has beside the rest where all sites of a place go out as one, by a deploy or a push: many cost there what one does."""

    def publish_together(self, place: Place, releases: Sequence[Release]) -> Going:
        """Put out versions of several sites, no two of one, as `publish` does with a single one, which is this with one release.

        PlanmarkError for what stops all of them.
        """
        ...
