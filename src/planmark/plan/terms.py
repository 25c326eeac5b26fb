"""What is agreed beside the work: criteria, dates, limits, risks, questions, signatures."""

from __future__ import annotations

from typing import ClassVar

from planmark.plan.item import Internal, Item, Many, Part
from planmark.plan.scalars import (
    Clock,
    Date,
    OwnerRef,
    PartyRef,
    PersonRef,
    Prose,
    Text,
    WorkRef,
)
from planmark.plan.words import Likelihood, RiskStatus


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


class FeedbackFields(Part):
    """What is optional about feedback."""

    how: Text | None = None
    """Where to write it."""
    handled_by: PersonRef | None = None
    """Who answers."""
    adjust: Text | None = None
    """How the plan is changed."""


class FeedbackInternal(FeedbackFields, Internal):
    """What only the seller sees of the feedback."""


class Feedback(FeedbackFields):
    """How the buyer can say something."""

    internal: FeedbackInternal | None = None
    """Never leaves the workspace."""


class Question(Item):
    """A question and its answer."""

    named_by: ClassVar[str] = "q"

    q: Text
    """The question."""
    a: Prose
    """The answer, in Markdown."""
    internal: Internal | None = None
    """Never leaves the workspace."""


class SignOffFields(Part):
    """What is optional about the signatures."""

    by: Many[PersonRef] = ()
    """Who signs it."""


class SignOffInternal(SignOffFields, Internal):
    """What only the seller sees of the signatures."""


class SignOff(SignOffFields):
    """What both sides sign."""

    shorthand: ClassVar[str] = "statement"

    statement: Text
    """The sentence that is signed."""
    internal: SignOffInternal | None = None
    """Never leaves the workspace."""
