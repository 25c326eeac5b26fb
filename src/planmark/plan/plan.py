"""One deal: who, what, when, and all that is agreed. The root of the content model."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from planmark.plan.item import Internal, Line, Many, Part
from planmark.plan.people import Allocation, Brand, Organisation, Party, Person, Responsibility, Review
from planmark.plan.pricing import Pricing
from planmark.plan.resources import KindWord, Quote, Resource
from planmark.plan.scalars import (
    Amount,
    Date,
    Day,
    Holidays,
    Id,
    Locale,
    PersonRef,
    Prose,
    ResourceRef,
    ShareKey,
    StageRef,
    Text,
    Zone,
)
from planmark.plan.tasks import Stage
from planmark.plan.terms import Constraint, Criterion, Feedback, Freeze, KeyDate, Question, Risk, SignOff
from planmark.plan.words import Access, Act, Answered, PlanState, SectionName, Size


class TargetFields(Part):
    """What is optional about the target."""

    label: Text | None = None
    """What happens on it: Go-live in the Rotterdam plant."""
    why: Text | None = None
    """The buyer's event that this date hangs on."""


class TargetInternal(TargetFields, Internal):
    """What only the seller sees of the target."""


class Target(TargetFields):
    """What both sides work back from."""

    shorthand: ClassVar[str] = "date"

    date: Date
    """The day."""
    internal: TargetInternal | None = None
    """Never leaves the workspace."""


class Value(Part):
    """What the deal is worth; shown to the buyer, so else put it under `internal`."""

    shorthand: ClassVar[str] = "amount"

    amount: Amount
    """120000 EUR."""
    note: Text | None = None
    """over 36 months."""


class StateInternal(Internal):
    """What only the seller knows of a plan's state."""

    why: Text | None = None
    """Why it was lost, or paused."""


class State(Part):
    """Where the deal stands."""

    shorthand: ClassVar[str] = "is"

    is_: PlanState = Field(alias="is")
    """selling, onboarding, won, lost or paused."""
    on: Date | None = None
    """Since when."""
    internal: StateInternal | None = None
    """Never leaves the workspace."""


class Scope(Part):
    """What belongs to it and what doesn't."""

    in_: Many[Line] = Field(default=(), alias="in")
    """What belongs to it."""
    out: Many[Line] = ()
    """What does not."""


class ResourceChoice(Part):
    """Which resources a section shows: a list of ids, or those of some kinds."""

    shorthand: ClassVar[str] = "ids"

    ids: Many[ResourceRef] = ()
    """These."""
    kind: Many[KindWord] = ()
    """Those of these kinds."""


class Section(Part):
    """One section of a page: a section's name, or one of the keys below."""

    shorthand: ClassVar[str] = "section"

    section: SectionName | None = None
    """The section's name."""
    stages: Many[StageRef] = ()
    """The plan, of these stages only."""
    resources: ResourceChoice | None = None
    """Resources: a list of ids, or `{kind: [video, deck]}`."""
    markdown: Prose | None = None
    """A .md file of the deal, or Markdown."""
    title: Text | None = None
    """A heading in place of the section's own."""


class Page(Part):
    """One page of the microsite."""

    title: Text
    """Its name in the navigation."""
    sections: Many[Section]
    """What stands on it, in order."""


class PlanFields(Part):
    """What is optional about a plan, save what only settings need."""

    plan_name: Text | None = None
    """What this team calls it: mutual action plan, go-live plan…"""
    deal_number: Text | None = None
    """The number that both sides' papers name."""
    start: Date | None = None
    """The first day."""
    contract_signature: Date | None = None
    """A second date to work back from, if there is one."""
    value: Value | None = None
    """What the deal is worth. Shown to the buyer."""
    summary: Prose | None = None
    """Why we are here: Markdown, or the name of a .md file."""
    in_their_words: Quote | None = None
    """What the buyer said."""
    objective: Text | None = None
    """What is true when it worked."""
    challenges: Many[Line] = ()
    """What is hard today."""
    outcomes: Many[Line] = ()
    """What changes."""
    deliverables: Many[Line] = ()
    """What is handed over."""
    scope: Scope | None = None
    """What belongs to it and what doesn't."""
    success_criteria: Many[Criterion] = ()
    """How both sides will know."""
    constraints: Many[Constraint] = ()
    """They limit."""
    freezes: Many[Freeze] = ()
    """They stop work."""
    key_dates: Many[KeyDate] = ()
    """They happen."""
    parties: Many[Party] = ()
    """Beside the account and the seller."""
    responsibilities: Many[Responsibility] = ()
    """What each party takes on."""
    resources: Many[Resource] = ()
    """What to read, watch, fill in or book."""
    allocation: Many[Allocation] = ()
    """Who brings what."""
    pricing: Pricing | None = None
    """Options side by side."""
    risks: Many[Risk] = ()
    """What could go wrong."""
    review: Review | None = None
    """How we meet."""
    feedback: Feedback | None = None
    """How the buyer can say something."""
    faq: Many[Question] = ()
    """Questions and answers."""
    sign_off: SignOff | None = None
    """What both sides sign."""
    contact: PersonRef | None = None
    """Shown first, with every way to reach them."""
    kept_by: PersonRef | None = None
    """Who keeps the plan current."""
    not_needed: dict[Answered, Text] = Field(default_factory=dict)
    """Gates that this deal doesn't have, and why; and rules (R1 to R30) that don't fit it, and why, which no buyer sees."""


class Crm(Part):
    """The deal's number in the team's own systems."""

    salesforce: Text | None = None
    """The opportunity's id."""
    hubspot: Text | None = None
    """The deal's id."""


class PlanInternal(PlanFields, Internal):
    """What only the seller sees of a plan."""

    forecast: Text | None = None
    """commit, best case, pipeline."""
    close_date: Date | None = None
    """Only where it differs from `contract_signature`."""
    rep: PersonRef | None = None
    """Whose deal it is."""
    crm: Crm | None = None
    """Its numbers in the team's own systems."""


class Plan(PlanFields):
    """A mutual action plan, as `content/<deal>/plan.yaml` holds it."""

    id: Id = ""
    """The readable part of the address, and what events name; left out: the folder's name."""
    account: Organisation
    """The buyer. Its name alone is enough."""
    title: Text
    """The opportunity, in the buyer's words."""
    target: Target
    """What both sides work back from. Its date alone is enough."""
    version: Day | None = None
    """The version date; left out: the newest of versions and activity, else today."""
    state: State | None = None
    """selling, onboarding, won, lost or paused."""
    size: Size | None = None
    """enterprise or light; left out: light under 8 tasks."""
    share_key: ShareKey | None = None
    """The unguessable part of the public address. Change it to revoke the link."""
    continues: Id | None = None
    """The plan whose link goes on here; takes the place of a share key."""
    locale: Locale | None = None
    """The language; left out: the workspace's."""
    timezone: Zone | None = None
    """Where times of day are meant; left out: the workspace's."""
    holidays: Holidays | None = None
    """The public holidays; left out: the workspace's."""
    theme: Text | None = None
    """The theme; left out: the workspace's."""
    brand: Brand | None = None
    """Over the workspace's."""
    access: Access = "link"
    """link: whoever has the link reads it. passphrase: the site is encrypted, and `planmark access` says for whom."""
    expires: Date | None = None
    """The last day on which the page is out."""
    buyers_can: Many[Act] | None = None
    """What the buyer can do; left out: all of it; []: nothing."""
    people: Many[Person]
    """Everybody who takes part."""
    stages: Many[Stage]
    """The work."""
    pages: Many[Page] = ()
    """Left out: one page, in the theme's order."""
    internal: PlanInternal | None = None
    """Never leaves the workspace."""
