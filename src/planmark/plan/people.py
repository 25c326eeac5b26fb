"""Who takes part: organisations, people, what each party takes on, and how they meet."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from planmark.plan.item import Internal, Item, Line, Many, Part
from planmark.plan.scalars import (
    Clock,
    Colour,
    Date,
    Email,
    FileName,
    Holidays,
    Minutes,
    PartyRef,
    PersonRef,
    StageRef,
    Text,
    Url,
    Whole,
)
from planmark.plan.words import AllocationType, Contact, Mode, Rhythm, Side, Stance, Weekday


class Logo(Part):
    """A logo, with another for dark pages where one is needed."""

    shorthand: ClassVar[str] = "light"

    light: FileName
    """SVG, PNG, JPEG or WebP, for light paper."""
    dark: FileName | None = None
    """For dark pages; left out: the light one."""


class Brand(Part):
    """Colours, font and logo over the theme's own."""

    accent: Colour | None = None
    """The one colour that leads: "#0F5C5C"."""
    second: Colour | None = None
    """A second colour, used sparingly."""
    font: FileName | None = None
    """A font of your own: WOFF2, WOFF, TTF or OTF. Pages get the letters that they need of it."""
    font_bold: FileName | None = None
    """Its bold, where that is a file of its own."""
    logo: Logo | None = None
    """In the masthead, in place of the seller's."""


class OrganisationFields(Part):
    """What is optional about an organisation."""

    short: Text | None = None
    """The name in running text."""
    logo: Logo | None = None
    """For the masthead."""
    site: Url | None = None
    """Its web site."""
    role: Text | None = None
    """What it is in this deal."""
    benefit: Text | None = None
    """What it gains."""
    holidays: Holidays | None = None
    """Whose public holidays its people keep: GB, DE-BY."""


class OrganisationInternal(OrganisationFields, Internal):
    """What only the seller sees of an organisation."""


class Organisation(OrganisationFields):
    """The seller or the buyer."""

    shorthand: ClassVar[str] = "name"

    name: Text
    """Its full name."""
    internal: OrganisationInternal | None = None
    """Never leaves the workspace."""


class PartyFields(OrganisationFields):
    """What is optional about a party."""

    side: Side = "partner"
    """Whose side it stands on."""


class PartyInternal(PartyFields, Internal):
    """What only the seller sees of a party."""


class Party(PartyFields, Item):
    """Somebody beside the account (`buyer`) and the seller (`seller`): counsel, an integrator."""

    named_by: ClassVar[str] = "name"

    name: Text
    """Its full name."""
    internal: PartyInternal | None = None
    """Never leaves the workspace."""


class PersonFields(Part):
    """What is optional about a person."""

    name: Text | None = None
    """Left out: a role that waits for a person."""
    title: Text | None = None
    """The job title."""
    party: PartyRef | None = None
    """buyer, seller or a party's id; left out: the seller for somebody of planmark.yaml, else the buyer."""
    role: Many[Text] = ()
    """What they are in this deal: champion, economic_buyer, signatory…, or any text."""
    decides: Many[Line] = ()
    """What they decide."""
    needs: Text | None = None
    """What they need to say yes."""
    email: Email | None = None
    """Their mail address."""
    phone: Text | None = None
    """Their telephone number, with the country."""
    prefers: Contact | None = None
    """How they like to be reached."""
    booking: Url | None = None
    """Where to book a time with them."""
    photo: FileName | None = None
    """A portrait."""
    left: Date | None = None
    """The day from which they are no longer there."""
    holidays: Holidays | None = None
    """Whose public holidays they keep, where it isn't their party's."""


class PersonInternal(PersonFields, Internal):
    """What only the seller knows of a person."""

    stance: Stance | None = None
    """How they stand to the deal."""


class Person(PersonFields, Item):
    """Somebody who takes part. In plan.yaml, an id of planmark.yaml adds this deal's role to that person."""

    shorthand: ClassVar[str] = "id"
    named_by: ClassVar[str] = "name"

    link: Whole = 1
    """Raise it to revoke this person's personal link."""
    internal: PersonInternal | None = None
    """Never leaves the workspace."""

    @property
    def name_for_id(self) -> str:
        return self.name or " ".join(self.role)


class ResponsibilityFields(Part):
    """What is optional about a responsibility."""

    outcome: Text | None = None
    """What comes of it."""


class ResponsibilityInternal(ResponsibilityFields, Internal):
    """What only the seller sees of a responsibility."""


class Responsibility(ResponsibilityFields, Item):
    """What a party takes on."""

    named_by: ClassVar[str] = "what"

    party: PartyRef
    """Who takes it on."""
    what: Text
    """What they take on."""
    internal: ResponsibilityInternal | None = None
    """Never leaves the workspace."""


class AllocationFields(Part):
    """What is optional about an allocation."""

    type: AllocationType | None = None
    """What kind of thing it is."""
    amount: Text | None = None
    """How much: 0.5 FTE."""
    start: Date | None = None
    """From when."""
    end: Date | None = None
    """Until when."""
    stage: StageRef | None = None
    """For which stage."""


class AllocationInternal(AllocationFields, Internal):
    """What only the seller sees of an allocation."""


class Allocation(AllocationFields, Item):
    """Who brings what."""

    named_by: ClassVar[str] = "what"

    what: Text
    """People, machines, data, money."""
    provided_by: PartyRef
    """Who brings it."""
    internal: AllocationInternal | None = None
    """Never leaves the workspace."""


class ReviewFields(Part):
    """How both sides meet."""

    every: Rhythm | None = None
    """The rhythm."""
    day: Weekday | None = None
    """The day of the week."""
    time: Clock | None = None
    """When, in the plan's time zone."""
    duration: Minutes | None = None
    """How long: 25m."""
    mode: Mode | None = None
    """video, call, in person, mail."""
    link: Url | None = None
    """Where to join."""
    place: Text | None = None
    """Where it is held."""
    with_: Many[PersonRef] = Field(default=(), alias="with")
    """Who takes part."""
    agenda: Many[Line] = ()
    """What is spoken about."""
    contact: PersonRef | None = None
    """Whom to ask."""
    urgent: Text | None = None
    """How to reach us when it cannot wait."""


class ReviewInternal(ReviewFields, Internal):
    """What only the seller sees of the review."""


class Review(ReviewFields):
    """The standing meeting; becomes a recurring calendar entry."""

    internal: ReviewInternal | None = None
    """Never leaves the workspace."""
