"""Who takes part, and what there is to look at: the things that everything else of a plan names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from planmark.content.deal import Deal
from planmark.content.kinds import IMAGES
from planmark.content.layout import CONTENT
from planmark.content.pictures import Use
from planmark.content.pictures import shown as shown_as
from planmark.plan import people, resources
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock
from planmark.plan.shared import shared
from planmark.plan.words import Side
from planmark.problems import Location
from planmark.site import view
from planmark.site.language import Language
from planmark.site.projection.said import Spoken
from planmark.site.projection.values import day, html, initials, texts
from planmark.site.words import say

if TYPE_CHECKING:
    from planmark.extensions import Embed


class Who:
    """The organisations, people and resources of a plan that holds nothing internal, by id."""

    def __init__(self, deal: Deal, plan: Plan, clock: Clock, spoken: Spoken) -> None:
        self.deal, self.plan, self.clock, self.spoken = deal, plan, clock, spoken
        self.language = Language(deal.locale)
        self.buyer = self.organisation("buyer", "buyer", plan.account)
        self.seller = self.organisation("seller", "seller", shared(deal.seller), deal.brand.logo)
        self.parties = tuple(self.organisation(party.id, party.side, party) for party in plan.parties)
        self.by_party = {party.id: party for party in (self.buyer, self.seller, *self.parties)}
        self.hidden = _internal(deal.plan)
        self.people = tuple(self.person(person) for person in plan.people)
        self.by_person = {person.id: person for person in self.people}
        self.titles = {task.id: task.title for stage in plan.stages for task in stage.tasks}
        self.resources = tuple(self.resource(resource) for resource in plan.resources)
        self.by_resource = {resource.id: resource for resource in self.resources}

    def organisation(
        self, name: str, side: Side, source: people.Organisation | people.Party, over: people.Logo | None = None
    ) -> view.Organisation:
        logo = over or source.logo
        return view.Organisation(
            id=name,
            name=source.name,
            short=source.short or source.name,
            side=side,
            site=source.site,
            role=source.role,
            benefit=source.benefit,
            logo=self.logo(logo),
        )

    def person(self, source: people.Person) -> view.Person:
        name = source.name or (say(source.role[0], language=self.language) if source.role else source.id)
        return view.Person(
            id=source.id,
            name=source.name,
            shown=name,
            initials=initials(name),
            title=source.title,
            party=self.party(source.party or "buyer"),
            roles=tuple(source.role),
            decides=texts(source.decides),
            needs=source.needs,
            email=source.email,
            phone=source.phone,
            prefers=source.prefers,
            booking=source.booking,
            picture=self.picture(source.photo, "portrait"),
            left=day(source.left),
            has_left=bool(source.left and source.left.day and self.clock.reached(source.left.day)),
        )

    def party(self, name: str) -> view.Organisation:
        """The party; one that is internal is not named, the organisation on whose side it stands is."""
        return self.by_party.get(name) or (self.seller if self.hidden.get(name) in ("seller", "partner") else self.buyer)

    def owner(self, name: str | None) -> view.Owner | None:
        person = self.by_person.get(name or "")
        if person:
            return view.Owner(
                id=person.id,
                name=person.shown,
                initials=person.initials,
                side=person.party.side,
                has_left=person.has_left,
            )
        party = self.by_party.get(name or "")
        if party:
            return view.Owner(id=party.id, name=party.short, initials=initials(party.short), side=party.side, is_person=False)
        return None

    def owners(self, names: Iterable[str]) -> tuple[view.Owner, ...]:
        found = (self.owner(name) for name in names)
        return tuple(owner for owner in found if owner)

    def quote(self, source: resources.Quote | None) -> view.Quote | None:
        if source is None:
            return None
        person = self.by_person.get(source.by or "")
        by = ", ".join(filter(None, (person.shown, person.title))) if person else None if source.by in self.hidden else source.by
        return view.Quote(text=source.text, by=by, lang=source.lang)

    def resource(self, source: resources.Resource) -> view.Resource:
        asset = self.deal.assets.get(source.file) if source.file else None
        document = self.deal.documents.get(source.file) if source.file else None
        shown = self.embed(source)
        of_file = _OF_FILES.get((source.file or "").rpartition(".")[2].lower(), "document")
        kind = source.kind or ("widget" if source.block else of_file if source.file else shown.kind if shown else "link")
        return view.Resource(
            id=source.id,
            title=source.title or source.id,
            kind=kind,
            href=asset.output if asset else source.url,
            is_file=asset is not None,
            media_type=asset.media_type if asset else None,
            size=asset.size if asset else 0,
            host=_host(source.url),
            embed=shown,
            block=source.block,
            captions=self.asset(source.captions),
            picture=self.picture(source.poster or source.file, "shown"),
            pages=document.pages if document else None,
            length=source.length,
            lang=source.lang,
            alt=source.alt,
            owner=self.owner(source.owner),
            about=html(source.about),
            text=self.deal.texts.get(source.file or ""),
            quote=self.quote(source.quote),
            acts=self.spoken.can(f"resource/{source.id}"),
            said=self.spoken.said(f"resource/{source.id}"),
        )

    def logo(self, source: people.Logo | None) -> view.Logo | None:
        light = self.picture(source.light, "logo") if source else None
        if source is None or light is None:
            return None
        logo = view.Logo(light=light.src, width=light.width, height=light.height)
        dark = self.picture(source.dark, "logo")
        return replace(logo, dark=dark.src, dark_width=dark.width, dark_height=dark.height) if dark else logo

    def picture(self, name: str | None, use: Use) -> view.Picture | None:
        """The image as it is shown in this use; None of what is no image."""
        asset = self.deal.assets.get(name) if name else None
        shown = asset.shown(use) if asset else None
        document = self.deal.documents.get(name) if name else None
        if document and document.makings:
            shown = shown_as(document.makings)
        return view.Picture(src=shown.src, width=shown.width, height=shown.height, srcset=shown.srcset) if shown else None

    def embed(self, source: resources.Resource) -> view.Embed | None:
        """What the page may show in place of a resource's address, once a reader asks for it."""
        if not source.url or source.file or source.embed is False:
            return None
        from planmark.site.embeds import frame_of

        found = frame_of(source.url, self.providers, Location(f"{CONTENT}/{self.deal.name}/plan.yaml"))
        return view.Embed(**{one: getattr(found, one) for one in found.__slots__}) if found else None

    @cached_property
    def providers(self) -> dict[str, Embed]:
        """The providers of embeds by name; without those of other packages that cannot be used, which the build tells."""
        from planmark.site.embeds import usable

        return usable(self.deal.workspace.embeds)

    def asset(self, name: str | None) -> str | None:
        asset = self.deal.assets.get(name) if name else None
        return asset.output if asset else None


def _internal(plan: Plan) -> dict[str, Side | None]:
    """The ids of people, parties and success criteria that are internal, which texts and lists may name; of a party, with its side."""
    found: dict[str, Side | None] = {item.id: None for item in (*plan.people, *plan.success_criteria) if item.audience == "internal"}
    return found | {party.id: party.side for party in plan.parties if party.audience == "internal"}


_OF_FILES = {
    **dict.fromkeys(("mp4", "webm"), "video"),
    **dict.fromkeys(("mp3", "m4a"), "recording"),
    **dict.fromkeys(IMAGES, "image"),
    **dict.fromkeys(("xlsx", "ods", "csv"), "sheet"),
    **dict.fromkeys(("pptx", "odp"), "deck"),
}
"""What a file is called by its ending; any other is a document."""


def _host(url: str | None) -> str | None:
    if not url:
        return None
    return (urlsplit(url).hostname or "").removeprefix("www.") or None
