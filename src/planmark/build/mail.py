"""Mails about one deal, as drafts that somebody of the team sends: how the plan stands, and reminders of what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from planmark.build.standing import Standing
    from planmark.site.briefing.draft import Letter, Mailbox
    from planmark.site.briefing.letters import Letters, Link
    from planmark.site.view import Person


@dataclass(frozen=True)
class Mail:
    """One mail. `name` is what its file is called, without an ending; `to` are those whose address the plan knows."""

    name: str
    letter: Letter
    to: tuple[Mailbox, ...]
    sender: Mailbox | None

    def draft(self) -> bytes:
        """The mail as a file that mail programs open as a draft."""
        from planmark.site.briefing.draft import draft

        return draft(self.letter, self.to, self.sender)


@dataclass(frozen=True)
class Mails:
    """The mails that were asked for, and what whoever sends them should know."""

    mails: tuple[Mail, ...]
    notes: tuple[str, ...]


def updates(root: Path, name: str, today: date, to: Sequence[str] = (), since: str = "", warnings: list[Problem] | None = None) -> Mails:
    """How the deal in `content/<name>` stands, for each of the people `to` by id; left out: one mail for everybody of the buyer's side.

    Each person's own mail begins with their own tasks and has their personal link, where there can be one. `since` is what the plan is
    compared with, as `standing_of` takes it. Raises PlanmarkError for somebody who is not in the plan, or no longer there.
    """
    post = _Post(root, name, today, since, warnings)
    if not to:
        return post.of([post.mail("update", None, post.letters.update(post.standing.points, None, post.plain_link))])
    people = [post.person(one) for one in dict.fromkeys(to)]
    return post.of([post.mail("update", one, post.letters.update(post.standing.points, one, post.link(one))) for one in people])


def reminders(root: Path, name: str, today: date, days: int, to: Sequence[str] = (), warnings: list[Problem] | None = None) -> Mails:
    """A reminder for each person whose own tasks are late, or due within so many days; with `to`, for those people only.

    Whoever sends them, the plan's contact, gets none unless they are named. Raises PlanmarkError as `updates` does.
    """
    from planmark.site.briefing.points import open_tasks, tasks_of

    post = _Post(root, name, today, "", warnings)
    until = today + timedelta(days=days)
    plan = post.standing.view
    contact = plan.contact.id if plan.contact else ""
    people = [post.person(one) for one in dict.fromkeys(to)] or [one for one in plan.people if one.id != contact]
    found = []
    for person in people:
        due = tuple(task for task in tasks_of(plan, person.id) if task.due and task.due <= until)
        if due and person.name and not person.has_left:
            found.append(post.mail("reminder", person, post.letters.reminder(person, due, until, post.link(person))))
    if not to:
        reached = {one.id for one in plan.people if one.name and not one.has_left}
        orphans = [
            task for task in open_tasks(plan) if task.due and task.due <= until and not reached & {owner.id for owner in task.owners}
        ]
        post.notes += [f"“{task.title}” is due {task.due}, and is nobody’s by name: nobody is reminded of it" for task in orphans]
    return post.of(found)


class _Post:
    """One deal on one day: its letters, its people, its links, and what there is to note on the way."""

    def __init__(self, root: Path, name: str, today: date, since: str, warnings: list[Problem] | None) -> None:
        from planmark.build.standing import standing_of
        from planmark.content.addresses import require_own_link
        from planmark.site.briefing.letters import Letters
        from planmark.site.environment import environment
        from planmark.site.theme import load_theme

        require_own_link(root, name, "planmark update")
        self.standing: Standing = standing_of(root, name, today, since, warnings)
        self.where = Location(f"{CONTENT}/{name}/{PLAN_FILE}")
        deal = self.standing.deal
        theme = load_theme(root, deal.theme, self.where)
        self.letters: Letters = Letters(self.standing.view, today, theme, environment(theme, deal.locale), deal.brand.accent)
        self.notes: list[str] = []

    def of(self, mails: Sequence[Mail]) -> Mails:
        return Mails(tuple(mails), tuple(dict.fromkeys(self.notes)))

    def person(self, name: str) -> Person:
        from planmark.build.paper import reader_in

        found = reader_in(self.standing.view, name, self.where)
        if found.has_left:
            raise PlanmarkError(
                Problem("PM301", f"`{name}` is no longer there (`left: {found.left}`)", self.where, "write to somebody else")
            )
        return found

    def mail(self, kind: str, reader: Person | None, letter: Letter) -> Mail:
        from planmark.site.briefing.draft import Mailbox

        view = self.standing.view
        people = [reader] if reader else [one for one in view.people if one.party.side == "buyer" and one.name and not one.has_left]
        to = tuple(Mailbox(one.shown, one.email) for one in people if one.email)
        unknown = [one.shown for one in people if not one.email]
        if unknown:
            self.notes.append(f"the plan has no mail address of {', '.join(unknown)}: write it into the draft")
        contact = view.contact
        sender = Mailbox(contact.shown, contact.email) if contact and contact.email else None
        if sender is None:
            self.notes.append("the plan’s contact has no mail address: the draft has no sender, and goes out from your own account")
        name = "-".join(filter(None, (kind, self.standing.today.isoformat(), reader.id if reader else "")))
        return Mail(name, letter, to, sender)

    @cached_property
    def plain_link(self) -> Link | None:
        """The plan's address, where planmark.yaml says where sites are published."""
        from planmark.build.forms import site_address
        from planmark.site.briefing.letters import Link

        deal = self.standing.deal
        address = site_address(deal.workspace, deal.address.site)
        if not address:
            self.notes.append("planmark.yaml names no public address (`publish: {live: {kind: …, url: https://…}}`), so there is no link")
            return None
        return Link(address)

    def link(self, reader: Person) -> Link | None:
        """A reader's personal link, where there can be one; else the plan's address."""
        from planmark.site.briefing.letters import Link

        fragment = self._fragments.get(reader.id)
        return Link(self.plain_link.address + fragment, personal=True) if self.plain_link and fragment else self.plain_link

    @cached_property
    def _fragments(self) -> dict[str, str]:
        """What stands behind the plan's address on each person's link; nothing without the key, or with nothing to prove or open."""
        from planmark.build.links import personal_fragments

        try:
            return personal_fragments(self.standing.deal, self.standing.today)
        except PlanmarkError as error:
            said = "; ".join(problem.message for problem in error.problems)
            self.notes.append(f"{said}: the link is the plan’s plain address, and nobody’s own")
            return {}
