"""The list that `planmark inbox` prints, and going through it one by one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from planmark.cli.printing import print_problems, safe
from planmark.content.acting import Acting, load_one
from planmark.content.activity import activity_files, read_activity
from planmark.content.inbox import quarantine
from planmark.content.layout import CONTENT, INBOX
from planmark.content.tree import scan
from planmark.plan.told import sentence, titles
from planmark.problems import PlanmarkError


@dataclass(frozen=True)
class Entry:
    """One line: of which deal, which event, what it says, and whether it can be answered."""

    deal: str
    id: str
    text: str
    answerable: bool


def listing(root: Path, deals: list[str]) -> list[Entry]:
    """What waits in these deals, then what could not be applied and is not in a plan by another way."""
    found: list[Entry] = []
    aside: list[Entry] = []
    for name in deals:
        folder = root / CONTENT / name
        files = activity_files(scan(folder))
        kept = list(quarantine(folder))
        if not files and not kept:
            continue
        known = {event.id for event in read_activity(folder, files, "", []).events}
        aside += [_aside(name, one) for one in kept if one.get("id") not in known]
        try:
            deal = load_one(root, name)
        except PlanmarkError as error:
            print_problems(error.problems)
            continue
        names, acts = titles(deal.plan), deal.acts
        pending = [*acts.waiting, *(one for one in acts.counting if acts.is_open(one))]
        found += [Entry(name, one.id, sentence(one, names), True) for one in sorted(pending, key=lambda one: one.received)]
    aside += [_aside("–", one) for one in quarantine(root / CONTENT / INBOX)]
    return found + aside


def _aside(deal: str, entry: dict[str, Any]) -> Entry:
    return Entry(deal, str(entry.get("id", "")), f"not applied: {entry.get('reason', '')}", False)


def as_data(entry: Entry) -> dict[str, Any]:
    """One line as plain values."""
    return {"deal": entry.deal, "id": entry.id, "text": entry.text, "answerable": entry.answerable}


def go_through(root: Path, entries: list[Entry]) -> None:
    """Ask about each in turn: a accepts, r rejects, s leaves it, q ends."""
    for one in (one for one in entries if one.answerable):
        click.echo(f"{safe(one.deal)}: {safe(one.text)}")
        choice = click.prompt("accept, reject, skip or quit", type=click.Choice(["a", "r", "s", "q"]), default="s")
        if choice == "q":
            return
        if choice != "s":
            try:
                Acting(root, one.deal).answer(one.id, choice == "a", click.prompt("a word to it", default="", show_default=False))
            except PlanmarkError as error:
                print_problems(error.problems)
