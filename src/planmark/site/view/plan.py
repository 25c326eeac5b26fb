"""A whole plan, as a theme sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from planmark.plan.words import Act, PlanState, Size
from planmark.site.view.acts import Guest, Said
from planmark.site.view.changes import Changes
from planmark.site.view.health import Health
from planmark.site.view.html import Html
from planmark.site.view.people import Organisation, Person, Quote
from planmark.site.view.terms import (
    Allocation,
    Constraint,
    Criterion,
    Feedback,
    Freeze,
    KeyDate,
    Note,
    NotNeeded,
    Pricing,
    Question,
    Responsibility,
    Review,
    Risk,
    SignOff,
)
from planmark.site.view.work import Resource, Stage, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of a page. `name` is the section's own, or `resources`, `plan` and `markdown` with a choice of their own."""

    id: str
    name: str
    title: str | None = None
    """In place of the section's own heading."""
    stages: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    html: Html | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the microsite. `file` is its path in the site; the first page is index.html."""

    file: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerView:
    """A mutual action plan as the buyer sees it on one day."""

    id: str
    title: str
    plan_name: str | None
    deal_number: str | None
    buyer: Organisation
    seller: Organisation
    parties: tuple[Organisation, ...]
    """Beside the two."""
    target: dt.date
    target_label: str | None
    target_why: str | None
    contract_signature: dt.date | None
    start: dt.date | None
    version: dt.date
    state: PlanState
    state_on: dt.date | None
    resting: bool
    """Nothing is asked of anybody and nothing is late: it is won, lost, paused, or over."""
    size: Size
    expires: dt.date | None
    expired: bool
    locale: str
    timezone: str
    value: Decimal | None
    currency: str | None
    value_note: str | None
    contact: Person | None
    kept_by: Person | None
    sponsors: tuple[Person, ...]
    people: tuple[Person, ...]
    done: int
    total: int
    late: int
    next_milestone: Task | None
    next_steps: tuple[Task, ...]
    """The buyer's open tasks, soonest first."""
    objective: str | None
    in_their_words: Quote | None
    summary: Html | None
    challenges: tuple[str, ...]
    outcomes: tuple[str, ...]
    deliverables: tuple[str, ...]
    scope_in: tuple[str, ...]
    scope_out: tuple[str, ...]
    stages: tuple[Stage, ...]
    not_needed: tuple[NotNeeded, ...]
    success_criteria: tuple[Criterion, ...]
    key_dates: tuple[KeyDate, ...]
    """Target, signature, events, dated constraints and freezes, by date."""
    constraints: tuple[Constraint, ...]
    freezes: tuple[Freeze, ...]
    responsibilities: tuple[Responsibility, ...]
    allocation: tuple[Allocation, ...]
    pricing: Pricing | None
    risks: tuple[Risk, ...]
    resources: tuple[Resource, ...]
    review: Review | None
    notes: tuple[Note, ...]
    feedback: Feedback | None
    faq: tuple[Question, ...]
    sign_off: SignOff | None
    buyers_can: tuple[Act, ...]
    key: str
    """What an endpoint knows the plan by: a digest that does not lead back to its address."""
    acts: tuple[Act, ...]
    """What the buyer's side can do with the plan as a whole."""
    said: tuple[Said, ...]
    guests: tuple[Guest, ...]
    """Everybody who may have a personal link."""
    pages: tuple[Page, ...]
    health: Health | None = None
    """How it is doing; None while it rests."""
    changes: Changes | None = None
    """What changed since earlier versions; None where there is none, or where nothing changed."""
