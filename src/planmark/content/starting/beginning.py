"""What every beginning shares: a fresh share key, schemas for editors, files that are written once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from planmark.content.layout import CONTENT, DEAL_NAME
from planmark.content.models import problem_at, read_model
from planmark.content.places import Document
from planmark.content.schemas import file_name, schemas, written
from planmark.content.yamltext import read_yaml
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.dates import resolved
from planmark.plan.ids import slug, with_ids
from planmark.plan.plan import Plan
from planmark.plan.walk import marked
from planmark.problems import Finding, Location, PlanmarkError, Problem, in_order

KEY_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: nothing in it is mistaken for anything else when it is read aloud."""


def new_share_key() -> str:
    """130 bits by chance."""
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(26))


@dataclass
class Started:
    """What was written, and what the rep should know about it."""

    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write_new(root: Path, path: str, text: str, started: Started, keep: bool = False) -> None:
    """Write a file of the workspace and note it; with `keep`, one that is there stays as it is."""
    target = root / path
    if keep and target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    started.files.append(path)


def schema_line(name: str, depth: int) -> str:
    """The first line that tells editors which schema holds, in a file `depth` folders down."""
    return f"# yaml-language-server: $schema={'../' * depth}{file_name(name)}\n"


def write_schemas(root: Path, started: Started) -> None:
    """The schemas that editors read, into the workspace's `.planmark/`."""
    for name, schema in schemas().items():
        target = root / file_name(name)
        text = written(schema)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            write_new(root, file_name(name), text, started)


def source_document(source: Path, shown: str) -> Document:
    """A starting point as read. Raises PlanmarkError with its problems."""
    problems: list[Problem] = []
    document = read_yaml(source.read_bytes(), shown, problems)
    if document is None or problems:
        raise PlanmarkError(problems)
    return document


def dated_plan(document: Document, holidays: str) -> Plan:
    """The plan with all dates resolved. Raises PlanmarkError with its problems."""
    findings: list[Finding] = []
    plan, whole = read_model(Plan, document, findings)
    if plan is not None and whole:
        plan = with_ids(plan, findings)
        calendar = BusinessCalendar(plan.holidays or holidays)
        plan = resolved(plan, marked(plan), lambda path: calendar, findings)
    errors = [finding for finding in findings if finding.severity == "error"]
    if plan is None or errors:
        raise PlanmarkError(in_order(problem_at(document, finding) for finding in errors))
    return plan


def free_folder(root: Path, name: str) -> Path:
    """The folder for a new deal. Raises PlanmarkError for a name that is taken or none."""
    if not DEAL_NAME.fullmatch(name):
        raise PlanmarkError(
            Problem(
                "PM214",
                f"`{name}` cannot be a deal's name",
                Location(f"{CONTENT}/{name}"),
                f"use lower-case letters, digits, `-` and `_`: `{slug(name)}`",
            )
        )
    folder = root / CONTENT / name
    if folder.exists():
        raise PlanmarkError(Problem("PM607", "there is a deal of this name already", Location(f"{CONTENT}/{name}"), "choose another name"))
    return folder
