"""What the seller does by command: an event of their own, appended. plan.yaml is never touched; whoever edits it later overrules it."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from planmark.content.activity import append_events, events_in
from planmark.content.deal import Deal
from planmark.content.layout import CONTENT, PLAN_FILE, chosen, deal_names
from planmark.content.load import load_deal
from planmark.content.team import team_of
from planmark.content.tree import scan
from planmark.plan.activity import pending, written
from planmark.plan.agreement import terms_digest
from planmark.plan.allowed import is_derived, side_of_parties
from planmark.plan.events import Event, after
from planmark.plan.shared import shared
from planmark.plan.submissions import clean_text
from planmark.plan.tasks import Task
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean


def load_one(root: Path, name: str, warnings: list[Problem] | None = None) -> Deal:
    """The deal as it stands; what is only a warning is added to `warnings`. Raises PlanmarkError with its problems where it has errors."""
    chosen(deal_names(root, []), (name,))
    loaded = load_deal(team_of(root), name, scan(root / CONTENT / name))
    deal = loaded.sound()
    if warnings is not None:
        warnings += loaded.problems
    return deal


def new_id() -> str:
    """An event's id: sorted by when it was made, and otherwise by chance (a UUID of version 7)."""
    stamp = time.time_ns() // 1_000_000
    number = stamp << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def colleague_in(deal: Deal, person: str | None) -> str:
    """The id of a colleague: `person`, else the plan's contact, else whose deal it is. PlanmarkError where that is nobody of the team."""
    plan = deal.plan
    sides = side_of_parties(plan)
    team = {one.id for one in deal.workspace.people} | {one.id for one in plan.people if sides.get(one.party or "buyer") == "seller"}
    chosen_one = person or deal.contact or (plan.internal.rep if plan.internal else None) or ""
    if chosen_one not in team:
        hint = did_you_mean(chosen_one, team, "name somebody of planmark.yaml: `--as dana`")
        said = f"nobody of the team has the id `{chosen_one}`" if chosen_one else "nobody says who is doing this"
        raise PlanmarkError(Problem("PM301", said, Location(f"{CONTENT}/{deal.name}/{PLAN_FILE}"), hint))
    return chosen_one


class Acting:
    """A colleague of the seller's at work in one deal. `person` is their id; left out: the plan's contact."""

    def __init__(self, root: Path, name: str, person: str | None = None) -> None:
        self.root, self.folder = root, root / CONTENT / name
        self.deal = load_one(root, name)
        self.where = Location(f"{CONTENT}/{name}/{PLAN_FILE}")
        self.person = colleague_in(self.deal, person)

    def task(self, name: str) -> Task:
        """The task as plan.yaml has it. Raises PlanmarkError for an id that is none."""
        tasks = {task.id: task for stage in self.deal.written.stages for task in stage.tasks}
        if name not in tasks:
            raise self._wrong("PM302", f"no task has the id `{name}`", did_you_mean(name, tasks, "`planmark show` lists them"))
        return tasks[name]

    def set_status(self, name: str, status: str, text: str = "") -> Event:
        """Say that a task is done, open again, under way, blocked or dropped."""
        task = self.task(name)
        if is_derived(task):
            hint = "finish those tasks, or write a `status` into plan.yaml"
            raise self._wrong("PM711", f"`{name}` is done when all that it waits for is", hint)
        return self._append(on=f"task/{name}", kind="status", value=status, was=written(task, "status"), text=text)

    def set_due(self, name: str, day: date, text: str = "") -> Event:
        """Give a task another date."""
        return self._append(**self.due(name, day, text))

    def due(self, name: str, day: date, text: str = "") -> dict[str, Any]:
        """The fields of an event that gives a task another date."""
        return {"on": f"task/{name}", "kind": "due", "value": day.isoformat(), "was": written(self.task(name), "due"), "text": text}

    def set_owner(self, name: str, owners: tuple[str, ...], text: str = "") -> Event:
        """Give a task to other people or parties."""
        was = written(self.task(name), "owner")
        return self._append(on=f"task/{name}", kind="owner", value=" ".join(map(self._owner, owners)), was=was, text=text)

    def sign(self, typed: str | None = None) -> Event:
        """Sign the plan as it is, by the statement of its sign-off."""
        plan = shared(self.deal.plan)
        if plan.sign_off is None:
            raise self._wrong("PM711", "the plan has nothing to sign", "write `sign_off: {statement: …, by: [dana, maria]}`")
        if self.person not in plan.sign_off.by:
            hint = (
                f"it is signed by {', '.join(plan.sign_off.by) or 'nobody yet'}: add `{self.person}` to `by`, or sign `--as` somebody else"
            )
            raise self._wrong("PM711", f"`{self.person}` is not asked to sign", hint)
        name = typed or next((one.name for one in plan.people if one.id == self.person and one.name), self.person)
        today = datetime.now(ZoneInfo(self.deal.timezone)).date().isoformat()
        return self._append(on="plan", kind="signed", name=name, text=plan.sign_off.statement, value=today, rev=terms_digest(plan))

    def answer(self, start: str, accept: bool, text: str = "", owner: tuple[str, ...] = ()) -> Event:
        """Accept or reject what was proposed, or what nobody vouches for yet. `start` is the beginning of its id.

        An accepted date or owner holds as if a command had set it.
        """
        event = self._pending(start)
        was, value = None, ""
        kind, _, name = event.on.partition("/")
        if accept and kind == "task" and event.kind == "proposed" and event.what in ("date", "owner"):
            task = self.task(name)
            was = written(task, {"date": "due", "owner": "owner"}[event.what])
            value = event.value if event.what == "date" else " ".join(map(self._owner, owner or (event.value,)))
        return self._append(on=event.on, kind="accepted" if accept else "rejected", of=event.id, was=was, value=value, text=text)

    def pending(self) -> tuple[Event, ...]:
        """What waits for an answer, oldest first."""
        return pending(self.deal.acts)

    def _pending(self, start: str) -> Event:
        found = [event for event in self.pending() if event.id.startswith(start)]
        found = [event for event in found if event.id == start] or found
        if not found:
            raise self._wrong("PM711", f"nothing that waits has an id like `{start}`", "`planmark inbox` lists what waits, with the ids")
        if len(found) > 1:
            hint = "write more of one of them: " + ", ".join(event.id for event in found[:5])
            raise self._wrong("PM711", f"{len(found)} that wait have an id like `{start}`", hint)
        return found[0]

    def _append(self, **fields: Any) -> Event:
        """Append an event of the seller's, stamped after the newest on its item."""
        event = self.event(**fields)
        append_events(self.folder, [event])
        return event

    def event(self, *, on: str, kind: str, text: str = "", **more: Any) -> Event:
        """An event of the seller's as it would be appended now."""
        received = after(datetime.now(UTC), events_in(self.folder), on)
        plan = self.deal.plan.id
        return Event(
            id=new_id(), plan=plan, on=on, kind=kind, received=received, proof="seller", by=self.person, text=clean_text(text), **more
        )

    def _owner(self, name: str) -> str:
        """The id of a person or a party, given by id or by full name. Raises PlanmarkError where there is none."""
        people = {one.id: one.name or "" for one in self.deal.plan.people} | {one.id: one.name for one in self.deal.plan.parties}
        people |= dict.fromkeys(side_of_parties(self.deal.plan), "") | people
        found = name if name in people else next((one for one, shown in people.items() if shown and shown.lower() == name.lower()), "")
        if not found:
            hint = did_you_mean(name, people, "add them to `people` first, then name their id")
            raise self._wrong("PM301", f"no person or party here is called `{name}`", hint)
        return found

    def _wrong(self, code: str, message: str, hint: str) -> PlanmarkError:
        return PlanmarkError(Problem(code, message, self.where, hint))
