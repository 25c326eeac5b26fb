"""What waits in the deals of a workspace: for an answer, or for being applied at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planmark.content.acting import load_one
from planmark.content.activity import events_in
from planmark.content.inbox import quarantine
from planmark.content.layout import CONTENT, INBOX, deal_names
from planmark.plan.activity import pending
from planmark.plan.told import sentence, titles
from planmark.problems import PlanmarkError, Problem


@dataclass(frozen=True)
class Entry:
    """One thing that waits: in which deal, which event, what it says, and whether it can be answered."""

    deal: str
    id: str
    text: str
    answerable: bool


def waiting(root: Path, deals: list[str], problems: list[Problem]) -> list[Entry]:
    """What waits in these deals, then what could not be applied and is not in a plan by another way."""
    found: list[Entry] = []
    aside: list[Entry] = []
    for name in deals:
        folder = root / CONTENT / name
        known = {event.id for event in events_in(folder)}
        kept = list(quarantine(folder))
        if not known and not kept:
            continue
        aside += [_aside(name, one) for one in kept if one.get("id") not in known]
        try:
            deal = load_one(root, name)
        except PlanmarkError as error:
            problems += error.problems
            continue
        names = titles(deal.plan)
        found += [Entry(name, one.id, sentence(one, names), True) for one in pending(deal.acts)]
    lost = list(quarantine(root / CONTENT / INBOX))
    if lost:
        applied = {event.id for name in deal_names(root, []) for event in events_in(root / CONTENT / name)}
        aside += [_aside("–", one) for one in lost if one.get("id") not in applied]
    return found + aside


def _aside(deal: str, entry: dict[str, Any]) -> Entry:
    return Entry(deal, str(entry.get("id", "")), f"not applied: {entry.get('reason', '')}", False)
