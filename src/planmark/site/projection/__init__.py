"""From a deal to the buyer's view: an allow-list, written out field by field. Internal facts are gone before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import cast, get_args

from planmark.content.deal import Deal
from planmark.plan.plan import Plan
from planmark.plan.progress import Clock, size_of, statuses
from planmark.plan.shared import shared
from planmark.plan.words import Act, Gate
from planmark.site import view
from planmark.site.projection.pages import pages
from planmark.site.projection.said import Spoken
from planmark.site.projection.terms import Terms
from planmark.site.projection.values import day, html, texts
from planmark.site.projection.who import Who
from planmark.site.projection.work import Work


@dataclass(frozen=True)
class Projected:
    """The view, and the first day on which it would be another."""

    view: view.BuyerView
    until: date


def project(deal: Deal, today: date, versions: Iterable[date] = ()) -> Projected:
    """The deal as the buyer sees it on `today`. `versions` are the dates of published versions and of what people did."""
    clock = Clock(today)
    plan = _view(deal, shared(deal.plan), clock, versions)
    if deal.versions:
        from planmark.site.projection.changes import changes

        plan = replace(plan, changes=changes(plan, deal.versions, clock))
    return Projected(plan, clock.until)


def _view(deal: Deal, plan: Plan, clock: Clock, versions: Iterable[date]) -> view.BuyerView:
    spoken = Spoken(deal, plan)
    who = Who(deal, plan, clock, spoken)
    work = Work(who, statuses(deal.plan), spoken, deal.schedule, deal.health(clock, plan))  # a milestone waits for internal tasks, too
    terms = Terms(who, spoken)
    stages = work.stages()
    every = [task for stage in stages for task in stage.tasks]
    counted = [task for task in every if task.status != "dropped"]
    waiting = [task for task in counted if task.status != "done" and not work.rests]
    soonest = sorted(waiting, key=lambda task: (task.due is None, task.due or date.max))
    target = plan.target.date.day or clock.today
    state = plan.state
    return view.BuyerView(
        id=plan.id,
        title=plan.title,
        plan_name=plan.plan_name,
        deal_number=plan.deal_number,
        buyer=who.buyer,
        seller=who.seller,
        parties=who.parties,
        target=target,
        target_label=plan.target.label,
        target_why=plan.target.why,
        contract_signature=day(plan.contract_signature),
        start=day(plan.start),
        version=_version(plan, versions, clock),
        state=state.is_ if state else "selling",
        state_on=day(state.on) if state else None,
        resting=work.rests,
        size=size_of(plan),
        expires=day(plan.expires),
        expired=bool(plan.expires and plan.expires.day and clock.past(plan.expires.day)),
        locale=deal.locale,
        timezone=deal.timezone,
        value=plan.value.amount.amount if plan.value else None,
        currency=plan.value.amount.currency if plan.value else None,
        value_note=plan.value.note if plan.value else None,
        contact=who.by_person.get(deal.contact or ""),
        kept_by=who.by_person.get(plan.kept_by or ""),
        sponsors=tuple(person for person, source in zip(who.people, plan.people, strict=True) if "executive_sponsor" in source.role),
        people=who.people,
        done=sum(task.status == "done" for task in counted),
        total=len(counted),
        late=sum(task.late for task in counted),
        next_milestone=next((task for task in soonest if task.milestone), None),
        next_steps=tuple(task for task in soonest if "buyer" in task.sides and not task.milestone),
        objective=plan.objective,
        in_their_words=who.quote(plan.in_their_words),
        summary=html(plan.summary),
        challenges=texts(plan.challenges),
        outcomes=texts(plan.outcomes),
        deliverables=texts(plan.deliverables),
        scope_in=texts(plan.scope.in_) if plan.scope else (),
        scope_out=texts(plan.scope.out) if plan.scope else (),
        stages=stages,
        not_needed=tuple(view.NotNeeded(gate=gate, why=plan.not_needed[gate]) for gate in _answered_gates(plan)),
        success_criteria=tuple(map(terms.criterion, plan.success_criteria)),
        key_dates=terms.key_dates(target),
        constraints=tuple(
            view.Constraint(id=one.id, title=one.title, date=day(one.date), detail=html(one.detail)) for one in plan.constraints
        ),
        freezes=terms.freezes(),
        responsibilities=tuple(
            view.Responsibility(id=one.id, party=who.party(one.party), what=one.what, outcome=one.outcome) for one in plan.responsibilities
        ),
        allocation=tuple(map(terms.allocation, plan.allocation)),
        pricing=terms.pricing(),
        risks=tuple(map(terms.risk, plan.risks)),
        resources=who.resources,
        review=terms.review(),
        notes=tuple(map(terms.note, deal.notes)),
        feedback=view.Feedback(how=plan.feedback.how, handled_by=who.owner(plan.feedback.handled_by), adjust=plan.feedback.adjust)
        if plan.feedback
        else None,
        faq=tuple(view.Question(id=one.id, question=one.q, answer=view.Html(one.a.html)) for one in plan.faq),
        sign_off=terms.sign_off(),
        buyers_can=get_args(Act) if plan.buyers_can is None else plan.buyers_can,
        key=spoken.key,
        acts=spoken.can("plan"),
        said=spoken.said_of_plan(),
        guests=spoken.guests,
        pages=pages(plan),
        health=work.health(),
    )


def _version(plan: Plan, versions: Iterable[date], clock: Clock) -> date:
    if plan.version:
        return plan.version
    newest = max(versions, default=None)
    return newest or clock.shown()


def _answered_gates(plan: Plan) -> list[Gate]:
    """The gates that the deal doesn't have, as written. Answers to rules are the seller's own."""
    return [cast(Gate, one) for one in plan.not_needed if one in get_args(Gate)]
