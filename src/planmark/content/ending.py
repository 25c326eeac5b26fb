"""The last day on which a plan is out, whatever else is wrong with it: what has ended must not stay for a slip in another line."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.content.load import load_deal
from planmark.content.team import Team
from planmark.content.tree import scan

_PLAIN = re.compile(r"\nexpires[ \t]*:[ \t]*([\"']?)([0-9]{4}-[0-9]{2}-[0-9]{2})\1[ \t]*(?:#.*)?\r?(?=\n)")


def last_day(team: Team, name: str) -> date | None:
    """The day that a deal's `expires` means; None where it says none, or one that nobody can read.

    A plain day is read off the text, so that not even broken YAML is in the way. A month, or `30d after target`, needs the plan.
    """
    path = team.root / CONTENT / name / PLAN_FILE
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        text = "\n" + path.read_text(encoding="utf-8-sig", errors="replace") + "\n"
    except OSError:
        return None
    if found := _PLAIN.search(text):
        with suppress(ValueError):
            return date.fromisoformat(found[2])
    if "expires" not in text:
        return None
    return load_deal(team, name, scan(path.parent), look_only=True).expires
