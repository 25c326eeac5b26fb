"""A plan like another deal: the way stays, the customer does not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

from planmark.content.emit import emit
from planmark.content.files import unusable
from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.content.starting.beginning import (
    Started,
    dated_plan,
    free_folder,
    new_share_key,
    schema_line,
    source_document,
    write_new,
    write_schemas,
)
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.ids import RESERVED_PARTIES, slug
from planmark.plan.item import Field, Item, Part, fields_of
from planmark.plan.people import Organisation, Party, Person
from planmark.plan.plan import Plan, Section
from planmark.plan.resources import Quote
from planmark.plan.walk import marked
from planmark.plan.words import Gate
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean
from planmark.problems import Path as Steps

_STAYS = {
    "version",
    "state",
    "share_key",
    "continues",
    "brand",
    "in_their_words",
    "internal",
    "deal_number",
    "value",
    "id",
    "expires",
}
_STAYS_IN_ITEMS = {"internal", "status", "done_on", "agreed", "risk", "done"}
_STAYS_IN_PEOPLE = {
    "name",
    "title",
    "email",
    "phone",
    "photo",
    "booking",
    "prefers",
    "left",
    "link",
    "needs",
    "decides",
    "internal",
    "holidays",
}


def start_like(
    root: Path,
    name: str,
    other: str,
    account: str | None,
    target: date | None,
    today: date,
    team: frozenset[str],
    holidays: str = "",
) -> Started:
    """Write `content/<name>/` after another deal: a fresh share key, dates moved by business days.

    Activity, versions, received files, states, agreements, what is internal, and the buyer's people and brand stay behind.
    `team` are the ids of planmark.yaml's people.
    """
    folder = free_folder(root, name)
    source = root / CONTENT / other
    if not (source / PLAN_FILE).is_file():
        names = [entry.name for entry in (root / CONTENT).iterdir() if (entry / PLAN_FILE).is_file()]
        raise PlanmarkError(Problem("PM604", f"there is no deal `{other}`", Location(f"{CONTENT}/{other}"), did_you_mean(other, names)))
    document = source_document(source / PLAN_FILE, f"{CONTENT}/{other}/{PLAN_FILE}")
    plan = dated_plan(document, holidays)
    start, days = _moved(plan, BusinessCalendar(plan.holidays or holidays), target, today)
    leaving = _Leaving(days, _new_ids(plan, team), _hidden(plan), tuple(person.id for person in plan.people))
    value = leaving.without(document.value, Plan, ())
    who = account or name.replace("-", " ").replace("_", " ").title()
    value = {
        "account": {"name": who, **({"role": plan.account.role} if plan.account.role else {})},
        "title": plan.title,
        "share_key": new_share_key(),
        **{key: one for key, one in value.items() if key not in ("account", "title")},
    }
    value["start"] = start.isoformat()
    text = emit(value)
    started = Started()
    write_new(
        root,
        f"{CONTENT}/{name}/{PLAN_FILE}",
        schema_line("plan", 2) + f"# Started like {other}: dates moved, its people, brand, states and agreements left behind.\n" + text,
        started,
    )
    for path in files_named(value, source):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, folder / path)
        started.files.append(f"{CONTENT}/{name}/{path}")
    write_schemas(root, started)
    left = _lines_naming(root, started.files, _names(plan, leaving.renamed))
    if left:
        listed = ", ".join(left[:12]) + (" …" if len(left) > 12 else "")
        started.notes.append(f"these lines still name {plan.account.short or plan.account.name}, or somebody there: {listed}")
    return started


def _moved(plan: Plan, calendar: BusinessCalendar, target: date | None, today: date) -> tuple[date, dict[Steps, str]]:
    """The day on which the new plan starts, and its dates by their places: as many business days from its target as they were."""
    written = [(path, when.day) for path, marker, when in marked(plan) if marker == "date" and when.day]
    old_target = plan.target.date.day or today
    old_start = (plan.start and plan.start.day) or min((day for _, day in written), default=old_target)
    start = calendar.nearest(today)
    new_target = target or calendar.add(start, max(1, calendar.between(old_start, old_target)))
    shift = calendar.between(old_target, new_target)
    return start, {path: (calendar.add(day, shift) if day != old_target else new_target).isoformat() for path, day in written}


def _lines_naming(root: Path, paths: Iterable[str], names: Iterable[str]) -> list[str]:
    """The lines of the new plan's own texts that name somebody of the old one."""
    naming = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    return [
        f"{path}:{number}"
        for path in paths
        if path.endswith((".yaml", ".md")) and path.startswith(f"{CONTENT}/")
        for number, line in enumerate((root / path).read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if naming.search(line) and not line.startswith("# Started like")
    ]


def _names(plan: Plan, people: Collection[str]) -> list[str]:
    """What the buyer, its parties and its people are called."""
    parties: list[Organisation | Party] = [plan.account, *(party for party in plan.parties if party.side == "buyer")]
    names = [name for party in parties for name in (party.short, party.name) if name]
    persons = [person.name for person in plan.people if person.id in people and person.name]
    return names + persons + [part for name in persons for part in name.split() if len(part) > 2]


def _new_ids(plan: Plan, team: frozenset[str]) -> dict[str, str]:
    """New ids for the buyer's people, made from their roles: who they are stays behind, what they do goes on."""
    kept = [person.id for person in plan.people if person.id in team or person.party == "seller"]
    taken = {*RESERVED_PARTIES, *team, *kept, *(party.id for party in plan.parties)}
    renamed: dict[str, str] = {}
    for person in plan.people:
        if person.id not in kept and person.audience != "internal":
            made = slug(person.role[0]) if person.role else "colleague"
            number, found = 1, made
            while found in taken:
                number += 1
                found = f"{made}-{number}"
            taken.add(found)
            renamed[person.id] = found
    return renamed


def _hidden(plan: Plan) -> dict[str, set[str]]:
    """The ids of what is internal, by what refers to it; it stays behind, and so does every reference to it."""

    def internal(items: Iterable[Item]) -> set[str]:
        return {item.id for item in items if item.audience == "internal"}

    people, parties, stages = internal(plan.people), internal(plan.parties), internal(plan.stages)
    tasks = {task.id for stage in plan.stages for task in stage.tasks if "internal" in (stage.audience, task.audience)}
    return {
        "person": people,
        "owner": people | parties,
        "party": parties,
        "task": tasks,
        "stage": stages,
        "work": stages | tasks,
        "resource": internal(plan.resources),
        "criterion": internal(plan.success_criteria),
    }


@dataclass(frozen=True)
class _Leaving:
    """What a plan loses when another is started like it: `days` are its moved dates, `renamed` its people's new ids."""

    days: dict[Steps, str]
    renamed: dict[str, str]
    hidden: dict[str, set[str]]
    people: tuple[str, ...]

    def without(self, value: Any, part: type[Part], path: Steps) -> Any:
        """A copy of the raw part that stands at `path`, without what stays behind. None where nothing is left that could stand alone."""
        fields = {known.key: known for known in fields_of(part)}
        if part.shorthand in fields and isinstance(value, (str, list)):
            kept = self.without({part.shorthand: value}, part, path)
            return kept and kept[part.shorthand]
        if not isinstance(value, dict):
            return self.renamed.get(value, value) if part is Person else value
        if value.get("audience") == "internal":
            return None
        stays = _STAYS if part is Plan else _STAYS_IN_ITEMS
        if part is Person and self.people[int(path[1])] in self.renamed:
            value = {"id": self.renamed[self.people[int(path[1])]], **{key: one for key, one in value.items() if key != "id"}}
            stays = _STAYS_IN_PEOPLE
        kept = {}
        for key, one in value.items():
            if key in stays or (isinstance(one, str) and one.startswith(_NOT_TAKEN)):
                continue
            found = self._field(one, part, fields.get(key), key, (*path, key))
            if found is not None:
                kept[key] = found
            elif key == "stops" or _is_required(part, key):
                return None  # without what it stops, a freeze would stop everything
        return kept if kept and (part is not Section or kept.keys() != {"title"}) else None

    def _field(self, value: Any, part: type[Part], known: Field | None, key: str, path: Steps) -> Any:
        """The raw value of one field. None where nothing of it is left."""
        if key == "not_needed":  # what was said to a rule is internal, and of that deal
            return {gate: why for gate, why in value.items() if gate in get_args(Gate)} or None
        if known is None:
            return self._named("person", value) if part is Quote and key == "by" else value
        if not known.many:
            return self._one(value, known, path)
        items = value if isinstance(value, list) else [value]
        kept = [found for index, one in enumerate(items) if (found := self._one(one, known, (*path, index))) is not None]
        if key == "exit_criteria":
            kept = [one for one in kept if not isinstance(one, str) or one not in self.hidden["criterion"]]
        return kept or None

    def _one(self, value: Any, known: Field, path: Steps) -> Any:
        if known.part:
            return self.without(value, known.part, path)
        return self.days.get(path, value) if known.marker == "date" else self._named(known.marker, value)

    def _named(self, marker: str, name: str) -> str | None:
        """What a reference names from now on; None where that stays behind."""
        if name in self.hidden.get(marker, ()):
            return None
        return self.renamed.get(name, name) if marker in ("person", "owner") else name


def _is_required(part: type[Part], key: str) -> bool:
    return any(info.is_required() for name, info in part.model_fields.items() if (info.alias or name) == key)


_NOT_TAKEN = ("meetings/", "received/", "versions/")


def files_named(value: Any, source: Path) -> list[str]:
    """The files of the old deal's folder that the new plan, or a Markdown file of it, names or links to."""
    found: set[str] = set()
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending.extend(one.values())
        elif isinstance(one, list):
            pending.extend(one)
        elif isinstance(one, str):
            for name in (one, *map(unquote, re.findall(r"\]\(\s*<?([^()\s<>]+)", one))):
                path = source / name
                if name in found or len(name) > 200 or unusable(name) or name.startswith(_NOT_TAKEN):
                    continue
                if path.is_file() and not path.is_symlink():
                    found.add(name)
                    if name.endswith(".md"):
                        pending.append(path.read_text(encoding="utf-8", errors="replace"))
    return sorted(found)
