"""A plan from a starting plan: its dates worked back, a fresh share key, and from then on the rep's own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from planmark.content.emit import quoted
from planmark.content.layout import CONTENT, PLAN_FILE, TEMPLATES
from planmark.content.places import Document
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
from planmark.content.starting.values import value_at
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.plan import Plan
from planmark.plan.scalars import When
from planmark.plan.walk import marked
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean
from planmark.shipped import TEMPLATES as SHIPPED


def starting_plans(root: Path) -> dict[str, Path]:
    """The starting plans by name: the team's own, and those that ship."""
    found: dict[str, Path] = {}
    for place in (SHIPPED, root / CONTENT / TEMPLATES):
        if place.is_dir():
            found |= {folder.name: folder for folder in sorted(place.iterdir()) if (folder / PLAN_FILE).is_file()}
    return found


def starting_plan(root: Path, name: str) -> Path:
    """A starting plan's plan.yaml. Raises PlanmarkError where there is none of that name."""
    plans = starting_plans(root)
    if name not in plans:
        where = Location(f"{CONTENT}/{TEMPLATES}/{name}")
        raise PlanmarkError(Problem("PM606", f"there is no starting plan `{name}`", where, did_you_mean(name, plans)))
    return plans[name] / PLAN_FILE


SELLER_ROLE = "account_executive"
"""The role in a starting plan that the workspace's contact takes."""


def start_plan(
    root: Path,
    name: str,
    template: str,
    account: str | None,
    target: date | None,
    today: date,
    holidays: str = "",
    contact: str | None = None,
) -> Started:
    """Write `content/<name>/` from a starting plan: ISO dates worked back from `target`, a fresh share key.

    `contact`, somebody of planmark.yaml, takes the account executive's part. Raises PlanmarkError for a name that is taken or none,
    and for a starting plan that does not exist or has problems.
    """
    folder = free_folder(root, name)
    source = starting_plan(root, template)
    document = source_document(source, f"{CONTENT}/{TEMPLATES}/{template}/{PLAN_FILE}")
    value = dict(document.value)
    value.setdefault("start", BusinessCalendar(holidays).nearest(today).isoformat())
    if target:
        value["target"] = {**(value["target"] if isinstance(value.get("target"), dict) else {}), "date": target.isoformat()}
    plan = dated_plan(replace(document, value=value), holidays)
    text = _edited(source.read_text(encoding="utf-8"), _edits(document, plan, account or _title(name), contact))
    first_key = re.search(r"^[a-z_]+:", text, re.MULTILINE)
    cut = first_key.start() if first_key else 0
    lines = ""
    if "share_key" not in document.value:
        lines += f"share_key: {new_share_key()}   # the unguessable part of the link; change it to revoke the link\n"
    if "start" not in document.value:
        lines += f"start: {value['start']}\n"
    started = Started()
    write_new(root, f"{CONTENT}/{name}/{PLAN_FILE}", schema_line("plan", 2) + text[:cut] + lines + text[cut:], started)
    for other in sorted(source.parent.rglob("*")):
        relative = other.relative_to(source.parent)
        if other.is_file() and relative.as_posix() != PLAN_FILE and not any(part.startswith(".") for part in relative.parts):
            (folder / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(other, folder / relative)
            started.files.append(f"{CONTENT}/{name}/{relative.as_posix()}")
    write_schemas(root, started)
    say_what_is_too_early(plan, today, started)
    return started


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").title()


def _edits(document: Document, plan: Plan, account: str, contact: str | None) -> Iterator[tuple[int, int, str, str]]:
    """What changes in the starting plan's text: `(line, column, old, new)`. Dates become ISO, the buyer and the contact get their names."""
    ids = [(("people", index, "id"), person.id) for index, person in enumerate(plan.people)]
    for path, marker, value in [*marked(plan), *((path, "person", name) for path, name in ids)]:
        written = value_at(document.value, path)
        place = document.at(path)
        if isinstance(value, When) and value.day and isinstance(written, str):
            yield place.line, place.column, written, value.day.isoformat()
        elif contact and marker in ("person", "owner") and value == SELLER_ROLE == written:
            yield place.line, place.column, written, contact
    if isinstance(old_key := document.value.get("share_key"), str):
        place = document.at(("share_key",))
        yield place.line, place.column, old_key, new_share_key()
    named = ("account", "name") if isinstance(document.value.get("account"), dict) else ("account",)
    place = document.at(named)
    yield place.line, place.column, str(value_at(document.value, named)), quoted(account)


def say_what_is_too_early(plan: Plan, today: date, started: Started, known: Collection[str] = ()) -> None:
    """Worked back from a near target, some work would have had to start before today: better said now than promised.

    `known` are tasks that have their dates from elsewhere.
    """
    waiting = [task for stage in plan.stages for task in stage.tasks if task.status not in ("done", "dropped") and task.id not in known]
    early = [task.title for task in waiting if task.due and task.due.day and task.due.day < today]
    if early:
        listed = ", ".join(f"“{title}”" for title in early[:3]) + (" …" if len(early) > 3 else "")
        tasks = "1 task" if len(early) == 1 else f"{len(early)} tasks"
        started.notes.append(f"{tasks} would have been due before today ({listed}): move the target, or shorten the way")


def _edited(text: str, edits: Iterable[tuple[int, int, str, str]]) -> str:
    """The text with scalars replaced at their places (line and column from 1), whatever quotes they stand in."""
    lines = text.split("\n")
    for line, column, old, new in sorted(set(edits), reverse=True):
        row, start = lines[line - 1], column - 1
        for shape in (old, quoted(old), "'" + old.replace("'", "''") + "'", f'"{old}"'):
            if row.startswith(shape, start):
                lines[line - 1] = row[:start] + new + row[start + len(shape) :]
                break
    return "\n".join(lines)
