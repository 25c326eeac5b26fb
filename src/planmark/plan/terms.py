"""What is agreed beside the work: criteria, dates, limits, risks, resources, prices, questions, signatures."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from planmark.plan.item import Internal, Item, Many, Part
from planmark.plan.scalars import (
    Clock,
    Currency,
    Date,
    FileName,
    Number,
    OwnerRef,
    PartyRef,
    Percent,
    PersonRef,
    Prose,
    Text,
    Url,
    WorkRef,
    YesNo,
)
from planmark.plan.words import Likelihood, Period, ResourceKind, RiskStatus

KindWord = Annotated[ResourceKind, BeforeValidator(lambda word: "price_quote" if word == "quote" else word)]
"""A resource's kind. `quote` is taken as `price_quote`: it is what sellers call it."""


class Quote(Part):
    """What somebody said."""

    shorthand: ClassVar[str] = "text"

    text: Text
    """The words, without quotation marks."""
    by: Text | None = None
    """A person's id, or a text: "COO, Fabrikam"."""


class Agreement(Part):
    """The days on which both sides agreed."""

    buyer: Date | None = None
    """The buyer's day."""
    seller: Date | None = None
    """The seller's day."""


class CriterionFields(Part):
    """What is optional about a success criterion."""

    baseline: Text | None = None
    """How it is today."""
    goal: Text | None = None
    """How it is to be."""
    by: Date | None = None
    """By when."""
    measured_by: Text | None = None
    """How both sides will know."""
    party: PartyRef | None = None
    """Whose criterion it is."""
    agreed: Agreement | None = None
    """Who agreed to it, and when."""


class CriterionInternal(CriterionFields, Internal):
    """What only the seller sees of a criterion."""


class Criterion(CriterionFields, Item):
    """One measure of success."""

    shorthand: ClassVar[str] = "criterion"
    named_by: ClassVar[str] = "criterion"

    criterion: Text
    """What is measured."""
    internal: CriterionInternal | None = None
    """Never leaves the workspace."""


class ConstraintFields(Part):
    """What is optional about a constraint."""

    date: Date | None = None
    """A dated one also shows among the key dates."""
    detail: Prose | None = None
    """Markdown."""


class ConstraintInternal(ConstraintFields, Internal):
    """What only the seller sees of a constraint."""


class Constraint(ConstraintFields, Item):
    """Something that limits the plan."""

    shorthand: ClassVar[str] = "title"

    title: Text
    """What limits."""
    internal: ConstraintInternal | None = None
    """Never leaves the workspace."""


class FreezeFields(Part):
    """What is optional about a freeze."""

    why: Text | None = None
    """What stops the work."""
    party: PartyRef | None = None
    """Whose work stops; left out: everybody's."""
    stops: Many[WorkRef] = ()
    """The stages or tasks it stops; left out: all that party's work."""


class FreezeInternal(FreezeFields, Internal):
    """What only the seller sees of a freeze."""


class Freeze(FreezeFields, Item):
    """Days on which no work is done; the schedule steps over them."""

    named_by: ClassVar[str] = "why"

    start: Date
    """Its first day."""
    end: Date
    """Its last day."""
    internal: FreezeInternal | None = None
    """Never leaves the workspace."""


class KeyDateFields(Part):
    """What is optional about a key date."""

    time: Clock | None = None
    """At what time."""
    end: Date | None = None
    """Its last day, for a period."""
    why: Text | None = None
    """Why it matters."""


class KeyDateInternal(KeyDateFields, Internal):
    """What only the seller sees of a key date."""


class KeyDate(KeyDateFields, Item):
    """Something that happens on a day."""

    date: Date
    """When."""
    title: Text
    """What."""
    internal: KeyDateInternal | None = None
    """Never leaves the workspace."""


class RiskFields(Part):
    """What is optional about a risk."""

    detail: Prose | None = None
    """Markdown."""
    probability: Likelihood | None = None
    """high, medium or low."""
    impact: Likelihood | None = None
    """high, medium or low."""
    mitigation: Text | None = None
    """What is done about it."""
    owner: Many[OwnerRef] = ()
    """Who watches it."""
    status: RiskStatus = "open"
    """open, watching or closed."""


class RiskInternal(RiskFields, Internal):
    """What only the seller sees of a risk."""


class Risk(RiskFields, Item):
    """What could go wrong."""

    title: Text
    """What could."""
    internal: RiskInternal | None = None
    """Never leaves the workspace."""


class ResourceFields(Part):
    """What is optional about a resource."""

    title: Text | None = None
    """Its name; needed unless the library has it under this id."""
    kind: KindWord | None = None
    """video, deck, case_study, price_quote…; left out: a link or a document."""
    url: Url | None = None
    """Where it is; or `file`; or neither: on request from its owner."""
    file: FileName | None = None
    """A file of the deal or of the library."""
    captions: FileName | None = None
    """Captions of a video: a .vtt file."""
    poster: FileName | None = None
    """A still picture of it."""
    length: Text | None = None
    """How long: 12 min, 8 pages."""
    alt: Text | None = None
    """What the picture shows, for those who do not see it."""
    owner: OwnerRef | None = None
    """Whom to ask for it."""
    about: Prose | None = None
    """What it is, and for whom: Markdown or a .md file."""
    quote: Quote | None = None
    """The sentence that a case study leads with."""


class ResourceInternal(ResourceFields, Internal):
    """What only the seller sees of a resource."""


class Resource(ResourceFields, Item):
    """Something to read, watch, fill in or book. An id of the library alone stands for that library item."""

    shorthand: ClassVar[str] = "id"

    internal: ResourceInternal | None = None
    """Never leaves the workspace."""


class PriceLine(Item):
    """One line of an option."""

    named_by: ClassVar[str] = "item"

    item: Text
    """What is paid for."""
    quantity: Number = Field(default="1", validate_default=True)
    """How many."""
    unit: Number
    """The price of one, in the pricing's currency."""
    per: Period = "once"
    """once, month or year."""


class Option(Item):
    """One way to buy."""

    named_by: ClassVar[str] = "name"

    name: Text
    """Its name."""
    recommended: YesNo = False
    """The one we would take."""
    term: Text | None = None
    """For how long: 36 months."""
    note: Text | None = None
    """What else is to be said."""
    lines: Many[PriceLine] = ()
    """What it is made of."""
    discount: Percent | None = None
    """Off every line: 10 %."""


class Pricing(Part):
    """Options side by side, with totals per period."""

    currency: Currency
    """Its three letters: EUR."""
    valid_until: Date | None = None
    """The last day on which these prices hold."""
    tax: Text | None = None
    """What is said about tax: excl. VAT."""
    options: Many[Option]
    """The ways to buy."""


class Feedback(Part):
    """How the buyer can say something."""

    how: Text | None = None
    """Where to write it."""
    handled_by: PersonRef | None = None
    """Who answers."""
    adjust: Text | None = None
    """How the plan is changed."""


class Question(Item):
    """A question and its answer."""

    named_by: ClassVar[str] = "q"

    q: Text
    """The question."""
    a: Prose
    """The answer, in Markdown."""


class SignOff(Part):
    """What both sides sign."""

    shorthand: ClassVar[str] = "statement"

    statement: Text
    """The sentence that is signed."""
    by: Many[PersonRef] = ()
    """Who signs it."""
