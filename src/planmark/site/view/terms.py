"""What is agreed beside the work, as a theme sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from planmark.plan.words import Act, Gate
from planmark.site.view.acts import By, Said, Signature
from planmark.site.view.html import Html
from planmark.site.view.people import Organisation, Owner, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One measure of success, with the days on which each side agreed."""

    id: str
    criterion: str
    baseline: str | None = None
    goal: str | None = None
    by: dt.date | None = None
    measured_by: str | None = None
    party: Organisation | None = None
    agreed_buyer: dt.date | None = None
    agreed_seller: dt.date | None = None
    agreed_by: By | None = None
    """Who agreed for the buyer, where they did so on the page."""
    agreed_earlier: By | None = None
    """Who agreed for the buyer to an earlier wording, where nobody agreed to this one."""
    rev: str = ""
    """The digest of what is agreed to."""
    acts: tuple[Act, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDate:
    """A day that matters. `kind` is target, signature, event, constraint or freeze; `stops` names the stages and tasks a freeze stops."""

    id: str
    kind: str
    date: dt.date
    title: str
    past: bool
    end: dt.date | None = None
    time: dt.time | None = None
    why: str | None = None
    party: Organisation | None = None
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Something that limits the plan."""

    id: str
    title: str
    date: dt.date | None = None
    detail: Html | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Days on which no work is done."""

    id: str
    start: dt.date
    end: dt.date
    why: str | None = None
    party: Organisation | None = None
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility:
    """What a party takes on."""

    id: str
    party: Organisation
    what: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Who brings what."""

    id: str
    what: str
    provided_by: Organisation
    type: str | None = None
    amount: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    stage: str | None = None
    """The stage's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One line of an option; `total` is quantity times unit, before the discount."""

    item: str
    quantity: Decimal
    unit: Decimal
    per: str
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTotal:
    """What an option costs each `per`, after its discount."""

    per: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to buy."""

    id: str
    name: str
    recommended: bool
    lines: tuple[PriceLine, ...]
    totals: tuple[PriceTotal, ...]
    term: str | None = None
    note: str | None = None
    discount: Decimal | None = None
    """Per cent off every line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """Options side by side."""

    currency: str
    options: tuple[Option, ...]
    valid_until: dt.date | None = None
    expired: bool = False
    tax: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What could go wrong."""

    id: str
    title: str
    status: str
    probability: str | None = None
    impact: str | None = None
    detail: Html | None = None
    mitigation: str | None = None
    owners: tuple[Owner, ...] = ()
    acts: tuple[Act, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """How both sides meet."""

    every: str | None = None
    day: str | None = None
    time: dt.time | None = None
    duration: int | None = None
    """Minutes."""
    mode: str | None = None
    link: str | None = None
    place: str | None = None
    with_: tuple[Owner, ...] = ()
    agenda: tuple[str, ...] = ()
    contact: Owner | None = None
    urgent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """How the buyer can say something."""

    how: str | None = None
    handled_by: Owner | None = None
    adjust: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and its answer."""

    id: str
    question: str
    answer: Html


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """What both sides sign, and who."""

    statement: str
    by: tuple[Person, ...] = ()
    rev: str = ""
    """The digest of what is signed."""
    can_sign: tuple[str, ...] = ()
    """The ids of those of `by` who may sign on the page."""
    signatures: tuple[Signature, ...] = ()
    """Newest last; of one person only the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The notes of one meeting."""

    id: str
    title: str
    html: Html
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNeeded:
    """A gate that this deal doesn't have, and why."""

    gate: Gate
    why: str
