"""Prices: options side by side. Amounts are decimals."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from planmark.plan.item import Internal, Item, Many, Part
from planmark.plan.scalars import Currency, Date, Number, Percent, Text, YesNo
from planmark.plan.words import Period


class PriceLineFields(Part):
    """What is optional about a line of an option."""

    quantity: Number = Field(default="1", validate_default=True)
    """How many."""
    per: Period = "once"
    """once, month or year."""


class PriceLineInternal(PriceLineFields, Internal):
    """What only the seller sees of a line."""


class PriceLine(PriceLineFields, Item):
    """One line of an option."""

    named_by: ClassVar[str] = "item"

    item: Text
    """What is paid for."""
    unit: Number
    """The price of one, in the pricing's currency."""
    internal: PriceLineInternal | None = None
    """Never leaves the workspace."""


class OptionFields(Part):
    """What is optional about an option."""

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


class OptionInternal(OptionFields, Internal):
    """What only the seller sees of an option."""


class Option(OptionFields, Item):
    """One way to buy."""

    named_by: ClassVar[str] = "name"

    name: Text
    """Its name."""
    internal: OptionInternal | None = None
    """Never leaves the workspace."""


class PricingFields(Part):
    """What is optional about pricing."""

    valid_until: Date | None = None
    """The last day on which these prices hold."""
    tax: Text | None = None
    """What is said about tax: excl. VAT."""


class PricingInternal(PricingFields, Internal):
    """What only the seller sees of the pricing."""


class Pricing(PricingFields):
    """Options side by side, with totals per period."""

    currency: Currency
    """Its three letters: EUR."""
    options: Many[Option]
    """The ways to buy."""
    internal: PricingInternal | None = None
    """Never leaves the workspace."""
