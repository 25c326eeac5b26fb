"""A plan that goes on after the signature: a new deal under the buyer's link, from a starting plan and what still holds of the old one."""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from planmark.content.access.record import ACCESS_FILE
from planmark.content.acting import load_one
from planmark.content.addresses import continued_deals, succession_in
from planmark.content.deal import Deal
from planmark.content.emit import emit
from planmark.content.layout import CONTENT, PLAN_FILE, TEMPLATES
from planmark.content.models import read_model
from planmark.content.places import Document
from planmark.content.starting.beginning import Started, dated_plan, free_folder, schema_line, source_document, write_new, write_schemas
from planmark.content.starting.casting import OWNER_ROLE, cast
from planmark.content.starting.like import files_named
from planmark.content.starting.open_work import OpenWork, open_work, with_days
from planmark.content.starting.plan import say_what_is_too_early, starting_plan
from planmark.content.starting.values import items, put_at, value_at
from planmark.plan.allowed import side_of_parties
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.plan import Plan
from planmark.plan.scalars import When
from planmark.plan.walk import marked
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean

_KEPT = ("deal_number", "locale", "timezone", "holidays", "theme", "brand", "access", "buyers_can", "in_their_words")
_KEPT_FIRST = ("objective", "outcomes", "deliverables", "scope", "success_criteria", "responsibilities", "review")
"""Of the old plan where it has them, else of the starting plan: what was promised holds."""
_ORDER = (
    *("account", "title", "plan_name", "deal_number", "continues", "start", "target", "contract_signature", "state", "size", "locale"),
    *("timezone", "holidays", "theme", "brand", "access", "contact", "kept_by", "buyers_can", "not_needed", "summary", "in_their_words"),
    *("objective", "outcomes", "deliverables", "scope", "success_criteria", "constraints", "freezes", "key_dates", "parties"),
    *("responsibilities", "people", "stages", "resources", "allocation", "risks", "review", "feedback", "faq", "sign_off"),
)


def hand_off(root: Path, deal: str, name: str | None, template: str, owner: str | None, go_live: date | None, today: date) -> Started:
    """Write `content/<name>/`, a plan that continues `deal`: its link, people, criteria and open tasks, in the frame of a starting plan.

    Dates are worked out from `go_live`; left out, from the old target where it lies ahead. `owner` keeps the plan from now on. The old
    folder is not touched. Raises PlanmarkError for a deal whose link has gone on already, and for names that are none or taken.
    """
    heir = continued_deals(root).get(deal)
    if heir:
        where = Location(f"{CONTENT}/{deal}/{PLAN_FILE}")
        raise PlanmarkError(Problem("PM614", f"the link of `{deal}` goes on with `{heir}`", where, f"hand that one on: {heir}"))
    old = load_one(root, deal)
    first = [deal, *(one.folder for one in succession_in(root, deal).before)][-1]
    name = name or f"{first}-{template}"
    folder = free_folder(root, name)
    frame = starting_plan(root, template)
    source = root / CONTENT / deal
    going = _GoingOn(old, source_document(source / PLAN_FILE, f"{CONTENT}/{deal}/{PLAN_FILE}"), today, go_live, owner)
    document = source_document(frame, f"{CONTENT}/{TEMPLATES}/{template}/{PLAN_FILE}")
    value, plan = going.on(document)
    started = Started(notes=going.notes)
    head = f"# Goes on from {deal}: the buyer's link shows this plan now. What is done stays in {CONTENT}/{deal}/.\n"
    write_new(root, f"{CONTENT}/{name}/{PLAN_FILE}", schema_line("plan", 2) + head + _text(value), started)
    texts = {one.relative_to(frame.parent).as_posix(): one for one in sorted(frame.parent.rglob("*")) if one.is_file() and one != frame}
    people = {ACCESS_FILE: source / ACCESS_FILE} if old.access else {}  # who may open the link now may open it then
    for path, place in sorted({**{path: source / path for path in files_named(value, source)}, **texts, **people}.items()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place, folder / path)
        started.files.append(f"{CONTENT}/{name}/{path}")
    write_schemas(root, started)
    say_what_is_too_early(plan, today, started, going.carried)
    if old.workspace.endpoint:
        started.notes.append("what buyers send from now on goes into the new plan: publish it soon after `planmark build`")
    return started


def _text(value: dict[str, Any]) -> str:
    """The plan with an empty line before each part that takes several."""
    parts = [emit({key: one}) for key, one in value.items()]
    lines = [part if part.count("\n") == 1 or not index else f"\n{part}" for index, part in enumerate(parts)]
    return "".join(lines)


@dataclass
class _GoingOn:
    """A deal on its way into a starting plan."""

    old: Deal
    source: Document
    today: date
    go_live: date | None
    owner: str | None

    def __post_init__(self) -> None:
        plan = self.old.plan
        self.notes: list[str] = []
        self.carried: set[str] = set()
        self.calendar = BusinessCalendar(plan.holidays or self.old.workspace.holidays or "")
        self.start = self.calendar.nearest(self.today)
        self.where = Location(f"{CONTENT}/{self.old.name}/{PLAN_FILE}")
        if self.go_live and self.go_live < self.start:
            hint = f"give a day after {self.start.isoformat()}, on which the plan starts"
            raise PlanmarkError(Problem("PM222", f"go-live would be before the plan's start ({self.go_live})", self.where, hint))
        ahead = plan.target.date.day
        self.leads_to = ahead if ahead and ahead > self.start else None
        """The old target, where it lies ahead: what both sides work back from is reached after the signature."""
        team = {one.id: one for one in self.old.workspace.people}
        self.people = {**team, **{one.id: one for one in plan.people}}
        self.sellers = {*team, *(one.id for one in plan.people if one.party == "seller")}
        if self.owner and self.owner not in self.sellers:
            hint = did_you_mean(self.owner, sorted(self.sellers), "write them into planmark.yaml, and give their id")
            raise PlanmarkError(Problem("PM301", f"nobody of the seller has the id `{self.owner}`", self.where, hint))

    def on(self, document: Document) -> tuple[dict[str, Any], Plan]:
        """The new plan's raw value, in a rep's order, and the same as a plan."""
        frame = dict(document.value)
        frame["start"] = self.start.isoformat()
        target = dict(frame["target"]) if isinstance(frame.get("target"), dict) else {"date": frame.get("target")}
        if self.leads_to:
            old = self.source.value["target"]
            target |= {key: old[key] for key in ("label", "why", "internal") if isinstance(old, dict) and key in old}
        if day := self.go_live or self.leads_to:
            target["date"] = day.isoformat()
        frame["target"] = target
        plan = dated_plan(replace(document, value=frame), self.old.workspace.holidays or "")
        day = plan.target.date.day or self.start
        how = "--go-live DATE takes another" if not self.go_live else f"in {self.old.name} the target was {self.leads_to}"
        if day != self.go_live or (self.leads_to and day != self.leads_to):
            self.notes.append(f"{plan.target.label or 'the target'} is {day}; {how}")
        moved = {self.leads_to: day} if self.leads_to else {}
        raw = with_days(self.source.value, self.old, moved)
        work = open_work(raw, self.old, moved)
        self.carried.update(work.tasks)
        frame = self._recast(frame, plan, work)
        value = self._merged(frame, raw, work)
        return self._whole(value, document)

    def _recast(self, frame: dict[str, Any], plan: Plan, work: OpenWork) -> dict[str, Any]:
        """The starting plan with days for dates, people for roles, and without what the old plan has itself."""
        frame = copy.deepcopy(frame)
        sides = side_of_parties(self.old.plan)
        there = [one for one in self.people.values() if one.audience != "internal" and not (one.left and one.left.day)]
        there = [one if one.party or one.id not in self.sellers else one.model_copy(update={"party": "seller"}) for one in there]
        self.parts = cast(plan.people, there, sides, self.owner or "")
        keeper = next((part.id for part in plan.people if OWNER_ROLE in part.role), "")
        self.keeper = self.owner or self.parts.get(keeper, "")
        for path, marker, one in marked(plan):
            if marker == "date" and isinstance(one, When) and one.day and isinstance(value_at(frame, path), str):
                put_at(frame, path, one.day.isoformat())
            elif marker in ("person", "owner") and one in self.parts:
                put_at(frame, path, self.parts[one])
        unnamed = [part for part in plan.people if part.id not in self.parts]
        raw = {part.id: one for part, one in zip(plan.people, items(frame["people"]), strict=True)}
        self.roles = [raw[part.id] for part in unnamed]
        if self.keeper and self.keeper not in {one.id for one in self.old.plan.people}:
            self.roles.insert(0, {"id": self.keeper, "role": value_at(raw.get(keeper), ("role",)) or OWNER_ROLE})
        if unnamed:
            self.notes.append(f"nobody has these parts yet: {', '.join(part.id for part in unnamed)}; write who does, or take them out")
        self._signed(frame, plan, work)
        return frame

    def _signed(self, frame: dict[str, Any], plan: Plan, work: OpenWork) -> None:
        """The starting plan's tasks that the old one has: open ones are left out in its favour; the signature is done if it was."""
        taken = {_plain(name): name for name in work.tasks}
        signature = next((task for task in work.tasks.values() if task.gate == "signature"), None)
        state = self.old.plan.state
        gates = [task for stage in self.old.plan.stages for task in stage.tasks if task.gate == "signature"]
        signed = next((task.done_on.day for task in gates if task.done_on and task.done_on.day and task.id not in work.tasks), None)
        if not signed and state and state.is_ == "won" and not signature:
            signed = (state.on.day if state.on else None) or self.today
        instead: dict[str, str] = {}
        for stage, written in zip(items(frame.get("stages")), plan.stages, strict=True):
            kept = []
            for one, task in zip(items(stage.get("tasks")), written.tasks, strict=True):
                gate = signature if task.gate == "signature" else None
                if gate or _plain(task.id) in taken:
                    instead[task.id] = gate.id if gate else taken[_plain(task.id)]
                    continue
                if task.gate == "signature" and signed:
                    one |= {"due": signed.isoformat(), "status": "done", "done_on": signed.isoformat()}
                kept.append(one)
            stage["tasks"] = kept
        for stage in items(frame.get("stages")):
            for task in stage["tasks"]:
                if "after" in task:
                    task["after"] = [instead.get(name, name) for name in items(task["after"])]
        day = signed or (self.old.plan.contract_signature.day if self.old.plan.contract_signature and signature else None)
        if day:
            frame["contract_signature"] = day.isoformat()

    def _merged(self, frame: dict[str, Any], raw: dict[str, Any], work: OpenWork) -> dict[str, Any]:
        """What holds of the old plan in the frame of the new one."""
        found = {key: one for key, one in frame.items() if key not in ("id", "share_key", "people", "stages")}
        found |= {"account": raw["account"], "title": raw["title"], "continues": self.old.plan.id}
        found |= {key: raw[key] for key in (*_KEPT, *_KEPT_FIRST) if key in raw}
        found["success_criteria"] = self._criteria(raw) or found.get("success_criteria")
        found["people"] = [*items(raw["people"]), *self.roles]
        found["stages"] = _in_order(items(frame.get("stages")), work)
        gates = {task.gate for task in work.tasks.values()}
        found["not_needed"] = {gate: why for gate, why in (frame.get("not_needed") or {}).items() if gate not in gates}
        if self.keeper:
            found |= {"kept_by": self.keeper, "contact": self.keeper}
            self.notes.append(f"{self.people[self.keeper].name or self.keeper} keeps the plan and is the buyer's contact")
        else:
            found |= {key: raw[key] for key in ("contact", "kept_by") if key in raw}
            self.notes.append("the plan's keeper and contact are as before: write who has taken over, or give --owner")
        if isinstance(found.get("review"), dict) and self.keeper:
            found["review"] = {**found["review"], "contact": self.keeper}
        self._lists(found, frame, raw)
        internal = raw.get("internal")
        kept = {key: internal[key] for key in ("rep", "crm") if key in internal} if isinstance(internal, dict) else {}
        if kept:
            found["internal"] = kept
        listed = ", ".join(f"“{task.title}”" for task in list(work.tasks.values())[:3]) + (" …" if len(work.tasks) > 3 else "")
        if work.tasks:
            self.notes.append(f"{_tasks(len(work.tasks))} still open and carried over: {listed}")
        keys = [*(key for key in _ORDER if key in found), *(key for key in found if key not in _ORDER)]
        return {key: found[key] for key in keys if found[key] not in (None, [], {})}

    def _lists(self, found: dict[str, Any], frame: dict[str, Any], raw: dict[str, Any]) -> None:
        """Lists of both plans: what is over stays behind, and of two items with one id the old plan's counts."""
        plan, stages = self.old.plan, {stage["id"] for stage in found["stages"] if "id" in stage}

        def ahead(*days: When | None) -> bool:
            known = [one.day for one in days if one and one.day]
            return not known or max(known) >= self.today

        still = {
            "constraints": [ahead(one.date) for one in plan.constraints],
            "freezes": [ahead(one.start, one.end) for one in plan.freezes],
            "key_dates": [ahead(one.date, one.end) for one in plan.key_dates],
            "risks": [one.status != "closed" for one in plan.risks],
            "resources": [True] * len(items(raw.get("resources"))),
            "parties": [True] * len(plan.parties),
            "faq": [True] * len(plan.faq),
            "allocation": [ahead(one.start, one.end) and one.stage in {None, *stages} for one in plan.allocation],
        }
        for key, holds in still.items():
            mine = [one for one, is_so in zip(items(raw.get(key)), holds, strict=False) if is_so]
            ids = {one if isinstance(one, str) else one.get("id") for one in mine}
            theirs = [one for one in items(frame.get(key)) if isinstance(one, str) or "id" not in one or one["id"] not in ids]
            found[key] = mine if key == "allocation" and mine else [*mine, *theirs]
        tasks = {task["id"] for stage in found["stages"] for task in stage["tasks"] if "id" in task}
        for one in found["freezes"]:
            if "stops" in one:
                one["stops"] = [name for name in items(one["stops"]) if name in tasks or name in stages]
        found["freezes"] = [one for one in found["freezes"] if one.get("stops", True)]

    def _criteria(self, raw: dict[str, Any]) -> list[Any]:
        """The success criteria word for word, with the days on which both sides agreed to these words."""
        kept = []
        for one, criterion in zip(items(raw.get("success_criteria")), self.old.plan.success_criteria, strict=True):
            written: dict[str, Any] = {"criterion": one} if isinstance(one, str) else dict(one)
            agreed = criterion.agreed
            days = {"buyer": agreed.buyer, "seller": agreed.seller} if agreed else {}
            said = {side: when.day.isoformat() for side, when in days.items() if when and when.day}
            kept.append({"id": criterion.id, **written, **({"agreed": said} if said else {})})
        return kept

    def _whole(self, value: dict[str, Any], document: Document) -> tuple[dict[str, Any], Plan]:
        """The value without those who have left and are named nowhere any longer, and the plan that it is."""
        plan, _ = read_model(Plan, replace(document, value=value), [])
        assert plan is not None
        named = {one for _, marker, one in marked(plan) if marker in ("person", "owner")}
        gone = {one.id for one in self.old.plan.people if one.left and one.left.day and one.left.day <= self.today and one.id not in named}
        written = [one.id for one in self.old.written.people]
        value["people"] = [one for index, one in enumerate(value["people"]) if index >= len(written) or written[index] not in gone]
        return value, dated_plan(replace(document, value=value), self.old.workspace.holidays or "")


def _in_order(frame: list[dict[str, Any]], work: OpenWork) -> list[dict[str, Any]]:
    """The starting plan's stages, and among them what is open, each before the first that begins later; of one id they are one."""
    found = [stage for stage in frame if stage["tasks"]]
    for stage, begins in work.stages:
        same = next((one for one in found if _plain(one.get("id", "")) == _plain(stage["id"])), None)
        if same:
            same["tasks"] = [*stage["tasks"], *same["tasks"]]
            continue
        firsts = [min((task["due"] for task in one["tasks"] if "due" in task), default="") for one in found]
        place = next((index for index, day in enumerate(firsts) if begins and day > begins.isoformat()), len(found) if begins else 0)
        found.insert(place, stage)
    return found


def _plain(name: str) -> str:
    return name.replace("_", "-")


def _tasks(number: int) -> str:
    return "1 task is" if number == 1 else f"{number} tasks are"
