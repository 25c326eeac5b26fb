"""What people did, on its way to the buyer: who is named as far as it is known, and nothing that still waits or was rejected."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planmark.content.deal import Deal
from planmark.plan.acts import Acts
from planmark.plan.agreement import criterion_digest, task_digest, terms_digest
from planmark.plan.allowed import Allowed, allowed, guests, side_of_parties, signers
from planmark.plan.events import day_of
from planmark.plan.plan import Plan
from planmark.plan.tasks import Task
from planmark.plan.terms import Criterion
from planmark.plan.tokens import person_ref
from planmark.plan.words import Act
from planmark.site import view
from planmark.site.projection.values import initials

if TYPE_CHECKING:
    from planmark.plan.events import Event

TALK = ("comment", "commented", "upload", "proposed", "approved", "declined")
"""The kinds that are shown as a conversation; the others are states."""


class Spoken:
    """The acts of one deal by item, and what the buyer's side may do with each. `plan` is the deal's, without anything internal."""

    def __init__(self, deal: Deal, plan: Plan) -> None:
        self.plan = plan
        self.acts: Acts = deal.acts
        self.key = deal.address.digest
        self.zone = ZoneInfo(deal.timezone)
        self.allowed: Allowed = allowed(plan)
        self.guests = tuple(view.Guest(ref=person_ref(self.key, one.id), id=one.id, name=one.name or one.id) for one in guests(plan))
        self.names = {one.id: one.name for one in plan.people if one.name}
        self.titles = {one.id: one.name for one in plan.people if one.name} | {
            "buyer": plan.account.short or plan.account.name,
            "seller": deal.seller.short or deal.seller.name,
            **{party.id: party.short or party.name for party in plan.parties},
        }
        self.seller = deal.seller.short or deal.seller.name
        self.buyer = plan.account.short or plan.account.name
        parties = side_of_parties(plan)
        self.sides = {one.id: parties[one.party or "buyer"] for one in guests(plan)}

    @cached_property
    def terms(self) -> str:
        """The digest of all that a signature is bound to."""
        return terms_digest(self.plan)

    @cached_property
    def statement(self) -> str:
        """The sentence that is signed, as a form sends it."""
        from planmark.plan.submissions import clean_text

        return clean_text(self.plan.sign_off.statement) if self.plan.sign_off else ""

    def can(self, item: str) -> tuple[Act, ...]:
        """The acts that an item's forms offer."""
        return self.allowed.get(item, ())

    def said(self, item: str, rev: str = "") -> tuple[view.Said, ...]:
        """The conversation on an item, oldest first. `rev` is the digest that an approval of it, as it is now, is bound to."""
        return tuple(self._said(event, rev) for event in self.acts.on(item, *TALK))

    def said_of_plan(self) -> tuple[view.Said, ...]:
        """The conversation on the plan as a whole and on its sections, oldest first."""
        return tuple(
            self._said(event)
            for event in self.acts.counting
            if event.kind in TALK and (event.on == "plan" or event.on.startswith("section/"))
        )

    def task_rev(self, task: Task) -> str:
        """The digest that an approval of the task is bound to; empty where nobody approves it."""
        return task_digest(task) if "approve" in self.can(f"task/{task.id}") else ""

    def done_by(self, task: Task) -> view.By | None:
        """Who said last that a task is done."""
        events = self.acts.on(f"task/{task.id}", "done", "approved", "status")
        said = [event for event in events if event.kind != "status" or event.value == "done"]
        return self.by(said[-1]) if said else None

    def date_agreed(self, task: Task) -> tuple[view.By, ...]:
        """Who said that the task's date, as it is now, works for them."""
        due = task.due.day if task.due else None
        found = {
            (event.by, event.name): self.by(event)
            for event in self.acts.on(f"task/{task.id}", "agreed")
            if due and event.value == due.isoformat()
        }
        return tuple(found.values())

    def agreed(self, criterion: Criterion) -> tuple[view.By | None, view.By | None]:
        """Who agreed to a criterion as it is, and else who agreed to an earlier wording."""
        events = self.acts.on(f"criterion/{criterion.id}", "agreed")
        now = [event for event in events if event.rev == criterion_digest(criterion)]
        if now:
            return self.by(now[0]), None
        return None, self.by(events[-1]) if events else None

    def signatures(self) -> tuple[view.Signature, ...]:
        """The newest signature of each person, and of each name that nobody can vouch for."""
        newest: dict[tuple[str, str], Event] = {}
        for event in self.acts.on("plan", "signed"):
            signer = (event.by, "" if event.by else event.name)  # a name that somebody typed may be the id of another
            newest.pop(signer, None)
            newest[signer] = event
        return tuple(
            view.Signature(
                id=event.id,
                by=self.by(event),
                person=event.by if event.by in self.names else "",
                typed=event.name,
                day=self.day(event),
                dated=day_of(event.value),
                statement=event.text,
                current=event.rev == self.terms and event.text == self.statement,
                rev=event.rev,
                preview=event.id in self.acts.previewed,
            )
            for event in newest.values()
        )

    def signing(self) -> tuple[str, tuple[str, ...]]:
        """The digest that a signature is bound to, and who may sign on the page."""
        return self.terms, signers(self.plan) if "sign" in self.can("plan") else ()

    def by(self, event: Event) -> view.By:
        """Who it was, as far as anybody knows. Somebody who is no longer in the plan keeps no name here."""
        name = self.names.get(event.by)
        if event.from_seller:
            return view.By(name=name or self.seller, how="seller", side="seller", initials=initials(name or self.seller))
        if event.proof == "link":
            shown = name or self.buyer
            ref = person_ref(self.key, event.by) if event.by in self.sides else ""
            return view.By(name=shown, how="link", side=self.sides.get(event.by, "buyer"), ref=ref, initials=initials(shown))
        return view.By(name=event.name, how="named", side="buyer", initials=initials(event.name) if event.name else "–")

    def day(self, event: Event) -> date:
        """The day of receipt, where the plan is at home."""
        return datetime.fromisoformat(event.received).astimezone(self.zone).date()

    def _said(self, event: Event, rev: str = "") -> view.Said:
        answer = self.acts.answers.get(event.id) if event.kind == "proposed" else None
        return view.Said(
            id=event.id,
            kind="comment" if event.kind == "commented" else event.kind,
            by=self.by(event),
            day=self.day(event),
            text=event.text,
            what=event.what,
            value=self._value(event),
            date=day_of(event.value) if event.what == "date" else None,
            size=event.file.size if event.file else 0,
            answer=answer.kind if answer else "",
            answer_text=answer.text if answer else "",
            about=event.on.removeprefix("section/") if event.on.startswith("section/") else "",
            earlier=event.kind in ("approved", "declined") and bool(rev and event.rev) and event.rev != rev,
            preview=event.id in self.acts.previewed,
        )

    def _value(self, event: Event) -> str:
        if event.file:
            return event.file.name
        return self.titles.get(event.value, event.value) if event.what == "owner" else event.value
