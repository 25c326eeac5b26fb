"""What there is to read, watch, fill in or book."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from planmark.plan.item import Internal, Item, Part
from planmark.plan.scalars import FileName, Id, LanguageTag, OwnerRef, Prose, Text, Url, YesNo
from planmark.plan.words import ResourceKind

KindWord = Annotated[ResourceKind, BeforeValidator(lambda word: "price_quote" if word == "quote" else word)]
"""A resource's kind. `quote` is taken as `price_quote`: it is what sellers call it."""


class Quote(Part):
    """What somebody said."""

    shorthand: ClassVar[str] = "text"

    text: Text
    """The words, without quotation marks."""
    by: Text | None = None
    """A person's id, or a text: "COO, Fabrikam"."""
    lang: LanguageTag | None = None
    """The language of the words, where it isn't the plan's: fi, pt-BR."""


class ResourceFields(Part):
    """What is optional about a resource."""

    title: Text | None = None
    """Its name; needed unless the library has it under this id."""
    kind: KindWord | None = None
    """video, deck, case_study, price_quote…; left out: what its file or its address is."""
    url: Url | None = None
    """Where it is; or `file`; or neither: on request from its owner."""
    file: FileName | None = None
    """A file of the deal or of the library."""
    embed: YesNo | None = None
    """Whether the page may show it in place, once a reader asks for it; no: a link only, also where the provider is known."""
    block: Id | None = None
    """A widget's block: `blocks/<name>.html` of the team's own theme."""
    captions: FileName | None = None
    """Captions of a video: a .vtt file."""
    poster: FileName | None = None
    """A still picture of it."""
    length: Text | None = None
    """How long: 12 min, 8 pages."""
    lang: LanguageTag | None = None
    """The language of it, its title and its texts, where it isn't the plan's: fi, pt-BR."""
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
