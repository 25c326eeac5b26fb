"""A plan like another deal: the way stays, the customer does not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
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
from planmark.plan.ids import slug
from planmark.plan.item import Part, fields_of
from planmark.plan.people import Organisation, Party
from planmark.plan.plan import Plan
from planmark.plan.walk import marked
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
    calendar = BusinessCalendar(plan.holidays or holidays)
    old_target = plan.target.date.day or today
    old_start = (
        plan.start.day
        if plan.start and plan.start.day
        else min((when.day for _, marker, when in marked(plan) if marker == "date" and when.day), default=old_target)
    )
    start = calendar.nearest(today)
    new_target = target or calendar.add(start, max(1, calendar.between(old_start, old_target)))
    shift = calendar.between(old_target, new_target)
    days = {
        path: calendar.add(when.day, shift).isoformat() if when.day != old_target else new_target.isoformat()
        for path, marker, when in marked(plan)
        if marker == "date" and when.day
    }
    leaving = _Leaving(plan, days, _new_ids(plan, team))
    value = leaving.without(_as_lists(document.value, Plan), ())
    value = leaving.without_dangling(value)
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
    for path in _files_named(value, source):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, folder / path)
        started.files.append(f"{CONTENT}/{name}/{path}")
    write_schemas(root, started)
    naming = re.compile(rf"\b(?:{'|'.join(map(re.escape, _names(plan, leaving.renamed)))})\b", re.IGNORECASE)
    left = [
        f"{path}:{number}"
        for path in started.files
        if path.endswith((".yaml", ".md")) and path.startswith(f"{CONTENT}/{name}/")
        for number, line in enumerate((root / path).read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if naming.search(line) and not line.startswith("# Started like")
    ]
    if left:
        listed = ", ".join(left[:12]) + (" …" if len(left) > 12 else "")
        started.notes.append(f"these lines still name {plan.account.short or plan.account.name}, or somebody there: {listed}")
    return started


def _names(plan: Plan, people: Collection[str]) -> list[str]:
    """What the buyer, its parties and its people are called."""
    parties: list[Organisation | Party] = [plan.account, *(party for party in plan.parties if party.side == "buyer")]
    names = [name for party in parties for name in (party.short, party.name) if name]
    persons = [person.name for person in plan.people if person.id in people and person.name]
    return names + persons + [part for name in persons for part in name.split() if len(part) > 2]


def _new_ids(plan: Plan, team: frozenset[str]) -> dict[str, str]:
    """New ids for the buyer's people, made from their roles: who they are stays behind, what they do goes on."""
    renamed: dict[str, str] = {}
    for person in plan.people:
        if person.id in team or person.party == "seller":
            continue
        made = slug(person.role[0]) if person.role else "colleague"
        number, found = 1, made
        while found in renamed.values() or found in team:
            number += 1
            found = f"{made}-{number}"
        renamed[person.id] = found
    return renamed


def _as_lists(value: Any, part: type[Part]) -> Any:
    """The raw values of a part with a list wherever one value stood for it, so that paths into it are those of the model."""
    if not isinstance(value, dict):
        return {part.shorthand: value} if part.shorthand and isinstance(value, list) else value
    whole = dict(value)
    for known in fields_of(part):
        if known.key not in whole:
            continue
        one = whole[known.key]
        if known.many and not isinstance(one, list):
            one = [one]
        if known.part:
            one = [_as_lists(item, known.part) for item in one] if isinstance(one, list) and known.many else _as_lists(one, known.part)
        whole[known.key] = one
    return whole


_PEOPLE = ("owner", "with", "by", "contact", "handled_by", "kept_by", "rep")
_REFERENCES = (*_PEOPLE, "after", "resources", "stops", "stages", "stage")


@dataclass
class _Leaving:
    """What a plan loses when another is started like it."""

    plan: Plan
    days: dict[Steps, str]
    renamed: dict[str, str]
    gone: set[str] = field(default_factory=set)

    def without(self, value: Any, path: Steps) -> Any:
        """A copy of the raw plan without what stays behind, with moved dates and renamed people."""
        if isinstance(value, dict):
            if path[:1] == ("people",) and len(path) == 2:
                return self._role(value, self.plan.people[int(path[1])].id)
            kept = {}
            for key, one in value.items():
                if key in (_STAYS if not path else _STAYS_IN_ITEMS) and not (key == "risk" and path[0] != "stages"):
                    continue
                if isinstance(one, str) and one.startswith(_NOT_TAKEN):
                    continue
                if not (path[:1] == ("risks",) and key == "status"):
                    kept[key] = self.without(one, (*path, key))
            return kept
        if isinstance(value, list):
            kept_items = []
            for index, one in enumerate(value):
                if isinstance(one, dict) and one.get("audience") == "internal":
                    self.gone.add(self._item(*path, index).id)
                else:
                    kept_items.append(self.without(one, (*path, index)))
            return kept_items
        if path in self.days:
            return self.days[path]
        keys = [step for step in path if isinstance(step, str)]
        if path[:1] == ("people",) and len(path) == 2:
            return self.renamed.get(value, value)
        return self.renamed.get(value, value) if keys and keys[-1] in _PEOPLE else value

    def _item(self, *path: str | int) -> Any:
        """The part of the plan that stands at a path."""
        part: Any = self.plan
        for step in path:
            names = {known.key: known.name for known in fields_of(type(part))} if isinstance(part, Part) else {}
            part = part[step] if isinstance(step, int) else getattr(part, names[step])
        return part

    def _role(self, person: dict[str, Any], old: str) -> dict[str, Any]:
        if old not in self.renamed:
            return {key: one for key, one in person.items() if key != "internal"}
        return {
            "id": self.renamed[old],
            **{key: one for key, one in person.items() if key not in _STAYS_IN_PEOPLE and key != "id"},
        }

    def without_dangling(self, value: Any, key: str = "") -> Any:
        """References to what is gone go as well."""
        if isinstance(value, dict):
            return {
                name: kept
                for name, one in value.items()
                if (kept := self.without_dangling(one, name)) != []
                and not (name in _REFERENCES and isinstance(one, str) and one in self.gone)
            }
        if isinstance(value, list):
            return [
                self.without_dangling(one, key) for one in value if not (key in _REFERENCES and isinstance(one, str) and one in self.gone)
            ]
        return value


_NOT_TAKEN = ("meetings/", "received/", "versions/")


def _files_named(value: Any, source: Path) -> list[str]:
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
