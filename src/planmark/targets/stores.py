"""Object stores, as far as publishing needs them: a few operations, of which each happens whole or not at all.

A store says what it holds by an entity tag that changes with every other content. One with conditional writes refuses what would
overwrite something else than the writer has seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from planmark.problems import PlanmarkError


@dataclass(frozen=True, slots=True)
class Tag:
    """How a store tells one content of an object from another: an entity tag, as it came, and where it counts them, a generation."""

    etag: str
    version: str = ""

    @property
    def bare(self) -> str:
        """The entity tag without its quotes, which some stores leave out in lists."""
        return bare(self.etag)


def bare(etag: str) -> str:
    """An entity tag without what is around it."""
    return etag.removeprefix("W/").strip('"')


NEVER = Tag('"00000000000000000000000000000000"', "1")
"""A tag that no object has: what is written on condition of it must be refused."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object in a list. `etag` is bare, `changed` by the store's own clock."""

    path: str
    size: int
    etag: str
    changed: datetime


class AwayError(PlanmarkError):
    """The store does not answer: there is no use in asking it for more."""


class UnconditionalError(Exception):
    """The store knows no conditional writes, and says so."""


class Store(Protocol):
    """A bucket, or what is below a prefix of it. Paths have `/` and do not begin with one.

    PlanmarkError (PM702, PM805) for whatever cannot be done, in the voice of `targets.refusals`.
    """

    @property
    def where(self) -> str:
        """What people know it by: `s3://plans/customers/`."""
        ...

    def folders(self, prefix: str) -> list[str]:
        """The names that stand directly below a prefix with something below them, without `/`."""
        ...

    def list(self, prefix: str) -> Iterator[Found]:
        """All objects below a prefix, which ends with `/`; paths without it."""
        ...

    def get(self, path: str) -> tuple[bytes, Tag] | None:
        """An object's bytes; None where there is none."""
        ...

    def put(self, path: str, data: bytes, media_type: str, cache: str) -> Tag:
        """Write an object, whatever is there."""
        ...

    def put_new(self, path: str, data: bytes, media_type: str, cache: str) -> Tag | None:
        """Write an object where there is none; None where there is one. UnconditionalError."""
        ...

    def put_over(self, path: str, data: bytes, media_type: str, cache: str, tag: Tag) -> Tag | None:
        """Write an object that still has this tag; None where it hasn't. UnconditionalError."""
        ...

    def delete(self, path: str) -> None:
        """Remove an object, if it is there."""
        ...


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a target has its sites, and where it remembers them: below `.planmark/` beside them, or in a place that nobody reads."""

    public: Store
    state: Store
