"""Who takes part, and what there is to look at: the things that everything else of a plan names."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from planmark.content.deal import Deal
from planmark.plan import people, resources
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock
from planmark.plan.shared import shared
from planmark.plan.words import Side
from planmark.site import view
from planmark.site.projection.said import Spoken
from planmark.site.projection.values import day, html, initials, texts
from planmark.site.words import say


class Who:
    """The organisations, people and resources of a plan that holds nothing internal, by id."""

    def __init__(self, deal: Deal, plan: Plan, clock: Clock, spoken: Spoken) -> None:
        self.deal, self.plan, self.clock, self.spoken = deal, plan, clock, spoken
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
            logo=view.Logo(light=self.asset(logo.light) or "", dark=self.asset(logo.dark)) if logo else None,
        )

    def person(self, source: people.Person) -> view.Person:
        roles = tuple(say(role) for role in source.role)
        name = source.name or (roles[0] if roles else source.id)
        return view.Person(
            id=source.id,
            name=source.name,
            shown=name,
            initials=initials(name),
            title=source.title,
            party=self.party(source.party or "buyer"),
            roles=roles,
            decides=texts(source.decides),
            needs=source.needs,
            email=source.email,
            phone=source.phone,
            prefers=source.prefers,
            booking=source.booking,
            photo=self.asset(source.photo),
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
        return view.Quote(text=source.text, by=by)

    def resource(self, source: resources.Resource) -> view.Resource:
        asset = self.deal.assets.get(source.file) if source.file else None
        kind = source.kind or ("document" if source.file else "link")
        return view.Resource(
            id=source.id,
            title=source.title or source.id,
            kind=kind,
            href=asset.output if asset else source.url,
            is_file=asset is not None,
            media_type=asset.media_type if asset else None,
            size=asset.size if asset else 0,
            host=_host(source.url),
            captions=self.asset(source.captions),
            poster=self.asset(source.poster),
            length=source.length,
            alt=source.alt,
            owner=self.owner(source.owner),
            about=html(source.about),
            text=self.deal.texts.get(source.file or ""),
            quote=self.quote(source.quote),
            acts=self.spoken.can(f"resource/{source.id}"),
            said=self.spoken.said(f"resource/{source.id}"),
        )

    def asset(self, name: str | None) -> str | None:
        asset = self.deal.assets.get(name) if name else None
        return asset.output if asset else None


def _internal(plan: Plan) -> dict[str, Side | None]:
    """The ids of people, parties and success criteria that are internal, which texts and lists may name; of a party, with its side."""
    found: dict[str, Side | None] = {item.id: None for item in (*plan.people, *plan.success_criteria) if item.audience == "internal"}
    return found | {party.id: party.side for party in plan.parties if party.audience == "internal"}


def _host(url: str | None) -> str | None:
    if not url:
        return None
    return (urlsplit(url).hostname or "").removeprefix("www.") or None
