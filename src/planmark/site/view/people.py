"""Who takes part, as a theme sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planmark.plan.words import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image in the site. `width` and `height` are those of `src`, in pixels, and go into the page so that nothing moves."""

    src: str
    """Its path in the site: the largest of its files, 1,280 pixels wide at most."""
    width: int
    height: int
    srcset: str = ""
    """All its files with their widths, for `srcset`; empty where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """Two pictures of one logo, as paths in the site. `dark` is None where the light one serves both."""

    light: str
    width: int
    """Of the light one, in pixels."""
    height: int
    dark: str | None = None
    dark_width: int = 0
    """Of the dark one, where there is one."""
    dark_height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A party to the plan. `id` is `buyer`, `seller` or the party's own."""

    id: str
    name: str
    short: str
    side: Side
    logo: Logo | None = None
    site: str | None = None
    role: str | None = None
    benefit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who takes part. `name` is None where a role waits for a person. `has_left` says that they are no longer there."""

    id: str
    name: str | None
    shown: str
    """The name, else the role in words."""
    initials: str
    title: str | None
    party: Organisation
    roles: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    needs: str | None = None
    email: str | None = None
    phone: str | None = None
    prefers: str | None = None
    booking: str | None = None
    picture: Picture | None = None
    """A portrait, square."""
    left: dt.date | None = None
    has_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who answers for something: a person or a whole party."""

    id: str
    name: str
    initials: str
    side: Side
    is_person: bool = True
    has_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody said; `by` is a name with a title, or the text as written."""

    text: str
    by: str | None = None
    lang: str | None = None
    """The language of the words, where it isn't the plan's."""
