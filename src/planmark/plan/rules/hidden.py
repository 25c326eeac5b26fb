"""Rules about what is not said: gates that nobody has thought of, and internal facts that have slipped into what the buyer reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from planmark.plan.item import Item, Part
from planmark.plan.people import Person
from planmark.plan.rules.case import Case
from planmark.plan.rules.rule import Broken, Numbers, QualityRule
from planmark.plan.scalars import Markdown
from planmark.plan.shared import shared
from planmark.plan.words import Gate
from planmark.problems import Path

GATES: dict[Gate, str] = {
    "security": "a security review",
    "legal": "a legal review",
    "procurement": "procurement",
    "budget": "the approval of the budget",
    "executive": "the yes of an executive",
}
"""The gates that most purchases have, as a message calls them."""
TELLING = 24
"""Letters that an internal text has at the least to be known again; shorter ones stand in other places by chance."""


def _gates(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for gate, name in GATES.items():
        if gate not in case.gates:
            yield Broken(
                ("stages",),
                f"no task is {name}",
                f"write `gate: {gate}` at the task that is, add one, or say why there is none: `not_needed: {{{gate}: …}}`",
                gate=gate,
            )


def _leaks(case: Case, numbers: Numbers) -> Iterator[Broken]:
    if shared(case.plan) is case.plan:
        return
    told: list[tuple[Path, str]] = []
    secrets: dict[str, str] = {}
    for path, text, internal in _texts(case.plan, (), False):
        words = _folded(text)
        if not internal:
            told.append((path, text))
        elif internal == "name" or (len(words) >= TELLING and " " in words):
            secrets.setdefault(words, ".".join(map(str, path)))
    if not secrets:
        return
    known = re.compile("|".join(rf"(?<!\w){re.escape(secret)}(?!\w)" for secret in sorted(secrets, key=len, reverse=True)))
    for path, text in told:
        found = known.search(_folded(case.facts.texts.get(text, text)))
        if found:
            yield Broken(
                path,
                f"the buyer would read here what is internal: “{_short(found[0])}” ({secrets[found[0]]})",
                "take it out here, or make this internal, too",
            )


def _texts(part: Part, path: Path, hidden: bool) -> Iterator[tuple[Path, str, str]]:
    """Every text below `part`, and in what way it is internal: empty where it is shared, `name` where it is somebody's name."""
    for name, info in type(part).model_fields.items():
        value: Any = getattr(part, name)
        here = (*path, info.alias or name)
        many = value if isinstance(value, tuple) else (value,)
        for index, one in enumerate(many):
            place = (*here, index) if isinstance(value, tuple) else here
            if isinstance(one, Part):
                yield from _texts(one, place, hidden or name == "internal" or (isinstance(one, Item) and one.audience == "internal"))
            elif name not in ("id", "audience") and isinstance(one, (str, Markdown)):
                whose = "name" if isinstance(part, Person) and name == "name" and " " in str(one) else "text"
                yield place, one.written if isinstance(one, Markdown) else one, whose if hidden else ""


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


RULES = (
    QualityRule(
        "R23",
        "Internal facts stay internal",
        f"No text that the buyer reads holds an internal one of {TELLING} letters or more, or the name of somebody internal. "
        "What stands under `internal:` itself cannot reach the buyer: the projection is an allow-list. Internal .md files are left out.",
        "Notes are copied. What you think of their finance director is read by their finance director.",
        "internal: {notes: Wants one number and its source}",
        _leaks,
        severity="error",
    ),
    QualityRule(
        "R28",
        "Hidden gates are named",
        "For security, legal, procurement, budget and executive there is a task with that `gate`, or `not_needed` says why there is none.",
        "Deals do not die of the tasks that everybody sees. They wait for the review that nobody had asked about.",
        "not_needed: {security: No personal data is kept}",
        _gates,
        light=False,
    ),
)
