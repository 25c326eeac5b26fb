"""What is agreed beside the work: criteria, dates, limits, prices, risks, meetings, signatures."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from planmark.content.deal import Note
from planmark.plan import people, pricing, terms
from planmark.plan.agreement import criterion_digest
from planmark.plan.shared import shared
from planmark.site import view
from planmark.site.projection.said import Spoken
from planmark.site.projection.values import day, html, texts
from planmark.site.projection.who import Who
from planmark.site.words import say


class Terms:
    """Everything of a plan that both sides agree to."""

    def __init__(self, who: Who, spoken: Spoken) -> None:
        self.who, self.spoken = who, spoken

    def criterion(self, source: terms.Criterion) -> view.Criterion:
        agreed = source.agreed or terms.Agreement()
        item = f"criterion/{source.id}"
        now, earlier = self.spoken.agreed(source)
        return view.Criterion(
            id=source.id,
            criterion=source.criterion,
            baseline=source.baseline,
            goal=source.goal,
            by=day(source.by),
            measured_by=source.measured_by,
            party=self.who.party(source.party) if source.party else None,
            agreed_buyer=day(agreed.buyer),
            agreed_seller=day(agreed.seller),
            agreed_by=now,
            agreed_earlier=earlier if not agreed.buyer else None,
            rev=criterion_digest(source),
            acts=self.spoken.can(item),
            said=self.spoken.said(item),
        )

    def key_dates(self, target: date) -> tuple[view.KeyDate, ...]:
        """Target, signature, events, dated constraints and freezes, by date."""
        plan, past = self.who.plan, self.who.clock.past
        signature = day(plan.contract_signature)
        label = plan.target.label or say("target", language=self.who.language)
        found = [view.KeyDate(id="target", kind="target", date=target, title=label, why=plan.target.why, past=past(target))]
        if signature:
            title = say("contract_signature", language=self.who.language)
            found.append(view.KeyDate(id="contract_signature", kind="signature", date=signature, title=title, past=past(signature)))
        found += [self._event(event, event.date.day) for event in plan.key_dates if event.date.day]
        found += [
            view.KeyDate(id=limit.id, kind="constraint", date=limit.date.day, title=limit.title, past=past(limit.date.day))
            for limit in plan.constraints
            if limit.date and limit.date.day
        ]
        found += [
            view.KeyDate(
                id=freeze.id,
                kind="freeze",
                date=freeze.start,
                end=freeze.end,
                title=freeze.why or say("freeze", language=self.who.language),
                party=freeze.party,
                stops=freeze.stops,
                past=past(freeze.end),
            )
            for freeze in self.freezes()
        ]
        return tuple(sorted(found, key=lambda one: one.date))

    def _event(self, source: terms.KeyDate, first: date) -> view.KeyDate:
        last = day(source.end)
        return view.KeyDate(
            id=source.id,
            kind="event",
            date=first,
            end=last,
            time=source.time,
            title=source.title,
            why=source.why,
            past=self.who.clock.past(last or first),
        )

    def freezes(self) -> tuple[view.Freeze, ...]:
        names = {stage.id: stage.title for stage in self.who.plan.stages} | self.who.titles
        return tuple(
            view.Freeze(
                id=one.id,
                start=one.start.day,
                end=one.end.day,
                why=one.why,
                party=self.who.party(one.party) if one.party else None,
                stops=tuple(names[name] for name in one.stops if name in names),
            )
            for one in self.who.plan.freezes
            if one.start.day and one.end.day and (not one.stops or any(name in names for name in one.stops))
        )

    def allocation(self, source: people.Allocation) -> view.Allocation:
        stage = next((stage.title for stage in self.who.plan.stages if stage.id == source.stage), None)
        return view.Allocation(
            id=source.id,
            what=source.what,
            provided_by=self.who.party(source.provided_by),
            type=source.type,
            amount=source.amount,
            start=day(source.start),
            end=day(source.end),
            stage=stage,
        )

    def pricing(self) -> view.Pricing | None:
        source = self.who.plan.pricing
        if source is None:
            return None
        valid = day(source.valid_until)
        return view.Pricing(
            currency=source.currency,
            options=tuple(map(_option, source.options)),
            valid_until=valid,
            expired=bool(valid and self.who.clock.past(valid)),
            tax=source.tax,
        )

    def risk(self, source: terms.Risk) -> view.Risk:
        return view.Risk(
            id=source.id,
            title=source.title,
            status=source.status,
            probability=source.probability,
            impact=source.impact,
            detail=html(source.detail),
            mitigation=source.mitigation,
            owners=self.who.owners(source.owner),
            acts=self.spoken.can(f"risk/{source.id}"),
            said=self.spoken.said(f"risk/{source.id}"),
        )

    def review(self) -> view.Review | None:
        source = shared(self.who.deal.review) if self.who.deal.review else None
        if source is None:
            return None
        return view.Review(
            every=source.every,
            day=source.day,
            time=source.time,
            duration=source.duration,
            mode=source.mode,
            link=source.link,
            place=source.place,
            with_=self.who.owners(source.with_),
            agenda=texts(source.agenda),
            contact=self.who.owner(source.contact),
            urgent=source.urgent,
        )

    def note(self, source: Note) -> view.Note:
        return view.Note(
            id=source.id,
            title=source.title,
            html=source.html,
            date=source.day,
        )

    def sign_off(self) -> view.SignOff | None:
        source = self.who.plan.sign_off
        if source is None:
            return None
        rev, can_sign = self.spoken.signing()
        return view.SignOff(
            statement=source.statement,
            by=tuple(self.who.by_person[name] for name in source.by if name in self.who.by_person),
            rev=rev,
            can_sign=can_sign,
            signatures=self.spoken.signatures(),
        )


def _option(source: pricing.Option) -> view.Option:
    """An option with its totals: each period's lines added up, less the discount, to the cent."""
    lines = tuple(
        view.PriceLine(item=one.item, quantity=one.quantity, unit=one.unit, per=one.per, total=one.quantity * one.unit)
        for one in source.lines
    )
    share = (Decimal(100) - (source.discount or Decimal(0))) / Decimal(100)
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.per] = sums.get(line.per, Decimal(0)) + line.total
    totals = tuple(
        view.PriceTotal(per=per, amount=(sums[per] * share).quantize(Decimal("0.01"), ROUND_HALF_UP))
        for per in ("once", "month", "year")
        if per in sums
    )
    return view.Option(
        id=source.id,
        name=source.name,
        recommended=source.recommended,
        lines=lines,
        totals=totals,
        term=source.term,
        note=source.note,
        discount=source.discount,
    )
