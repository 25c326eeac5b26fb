"""What people did, as a theme sees it: what was proven, accepted or the seller's own, and never more than is known of who did it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planmark.plan.words import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who did something, as far as anybody knows.

    `how` is `link` (sent with the link issued to that person), `seller` (written by the team itself) or `named` (sent by somebody who
    gave that name, possibly none, and confirmed by the seller afterwards).
    """

    name: str
    how: str
    side: Side
    ref: str = ""
    """What the person's link calls them; empty where it was no person of the plan."""
    initials: str = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that somebody said or did on an item. `kind` is that of the event: comment, upload, proposed, approved, declined."""

    id: str
    kind: str
    by: By
    day: dt.date
    text: str = ""
    what: str = ""
    """Of a proposal: date, owner, colleague or task."""
    value: str = ""
    """What is proposed, in words; the name of a file."""
    date: dt.date | None = None
    """The proposed or agreed date."""
    size: int = 0
    """Bytes of a file."""
    answer: str = ""
    """What became of a proposal: accepted, rejected, or nothing yet."""
    answer_text: str = ""
    about: str = ""
    """The section that a comment on the plan is about; empty where it is about all of it."""
    earlier: bool = False
    """Of an approval: what was approved or declined has been worded otherwise since."""
    preview: bool = False
    """Made in a preview: it counts here and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature: by whom, under which typed name and date, and whether the plan is still as it was signed."""

    id: str
    by: By
    person: str
    """The id of the person whose signature it is; empty where nobody can say."""
    typed: str
    """The name as it was typed."""
    day: dt.date
    """The day of receipt."""
    dated: dt.date | None
    """The date that was typed."""
    statement: str
    current: bool
    rev: str
    """The digest of what was signed."""
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who may have a personal link: what their token calls them, their id and their name."""

    ref: str
    id: str
    name: str
