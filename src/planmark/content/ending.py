"""What taking a plan down needs to know of it, whatever else is wrong with it: what has ended must not stay for a slip in another line."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.content.load import load_deal
from planmark.content.team import Team
from planmark.content.tree import scan
from planmark.plan.scalars import LANGUAGES

_PLAIN = re.compile(r"\nexpires[ \t]*:[ \t]*([\"']?)([0-9]{4}-[0-9]{2}-[0-9]{2})\1[ \t]*(?:#.*)?\r?(?=\n)")

_LOCALE = re.compile(rf"\nlocale[ \t]*:[ \t]*[\"']?({'|'.join(LANGUAGES)})(?![A-Za-z])", re.IGNORECASE)


def last_day(team: Team, name: str) -> date | None:
    """The day that a deal's `expires` means; None where it says none, or one that nobody can read.

    A plain day is read off the text, so that not even broken YAML is in the way. A month, or `30d after target`, needs the plan.
    """
    text = _text(team, name)
    if found := _PLAIN.search(text):
        with suppress(ValueError):
            return date.fromisoformat(found[2])
    if "expires" not in text:
        return None
    return load_deal(team, name, scan(team.root / CONTENT / name), look_only=True).expires


def language(team: Team, name: str) -> str:
    """The locale of a deal; of one with errors at least its language, and of one that is no longer here the workspace's."""
    folder = team.root / CONTENT / name
    loaded = load_deal(team, name, scan(folder), look_only=True).deal if folder.is_dir() else None
    if loaded:
        return loaded.locale
    found = _LOCALE.search(_text(team, name))
    return found[1].lower() if found else team.workspace.locale


def _text(team: Team, name: str) -> str:
    """A plan as it is written, between ends of lines; empty where there is none."""
    path = team.root / CONTENT / name / PLAN_FILE
    if not path.is_file():  # a pipe would be waited for
        return ""
    try:
        return "\n" + path.read_text(encoding="utf-8-sig", errors="replace") + "\n"
    except OSError:
        return ""
