"""Views as data, as `plan.json` has them: small ones by hand, and made-up ones for properties."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from hypothesis import strategies as st

View = dict[str, Any]

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31)).map(date.isoformat)
TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
LEVELS = ("low", "medium", "high")
STATUSES = ("todo", "doing", "done", "blocked", "dropped")
PEOPLE = ("anna", "ben", "cleo", "dana")


def view(*tasks: View, **more: Any) -> View:
    """A view with these tasks in one stage."""
    return {
        "id": "acme",
        "title": "Quotes out in a day",
        "target": "2027-01-29",
        "state": "selling",
        "buyer": {"id": "buyer", "short": "Acme"},
        "seller": {"id": "seller", "short": "Halyard"},
        "people": [{"id": "dana", "shown": "Dana Whitfield"}],
        "stages": [{"id": "all", "title": "All", "tasks": list(tasks)}],
    } | more


def task(name: str = "nda", **more: Any) -> View:
    """A task that is still to be done."""
    return {"id": name, "title": f"Task {name}", "status": "todo", "due": "2026-12-01", "owners": owners("anna")} | more


def owners(*names: str) -> list[View]:
    """Owners by id, who are called by it with a capital."""
    return [{"id": name, "name": name.capitalize(), "initials": "X", "side": "buyer"} for name in names]


def without(value: View, name: str) -> View:
    """A copy without one of its keys."""
    return {key: one for key, one in value.items() if key != name}


def _some(build: st.SearchStrategy[View]) -> st.SearchStrategy[list[View]]:
    return st.lists(build, max_size=5, unique_by=lambda one: one["id"])


NAMES = st.sampled_from([f"one-{number}" for number in range(9)])
OWNERS = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3).map(lambda names: owners(*names))
TASKS = st.fixed_dictionaries(
    {"id": NAMES, "title": TEXTS, "status": st.sampled_from(STATUSES), "owners": OWNERS}, optional={"due": DAYS, "late": st.booleans()}
)
RISKS = st.fixed_dictionaries(
    {"id": NAMES, "title": TEXTS, "status": st.sampled_from(("open", "watching", "closed"))},
    optional={"probability": st.sampled_from(LEVELS), "impact": st.sampled_from(LEVELS)},
)
CRITERIA = st.fixed_dictionaries({"id": NAMES, "criterion": TEXTS}, optional={"goal": TEXTS, "agreed_buyer": DAYS, "agreed_seller": DAYS})
EVENTS = st.fixed_dictionaries({"id": NAMES, "kind": st.just("event"), "title": TEXTS, "date": DAYS}, optional={"end": DAYS})
FREEZES = st.fixed_dictionaries({"id": NAMES, "start": DAYS, "end": DAYS}, optional={"why": TEXTS})
RESOURCES = st.fixed_dictionaries({"id": NAMES, "title": TEXTS})
SIGNATURES = st.fixed_dictionaries({"id": NAMES, "person": st.sampled_from(PEOPLE), "typed": TEXTS})


@st.composite
def views(draw: st.DrawFn) -> View:
    """A plan with some of everything that can change."""
    stages = draw(st.lists(_some(TASKS), min_size=1, max_size=2))
    taken: set[str] = set()
    for tasks in stages:
        tasks[:] = [one for one in tasks if one["id"] not in taken]
        taken |= {one["id"] for one in tasks}
    found = view(
        target=draw(DAYS),
        state=draw(st.sampled_from(("selling", "won", "lost", "paused"))),
        stages=[{"id": f"stage-{number}", "tasks": tasks} for number, tasks in enumerate(stages)],
        risks=draw(_some(RISKS)),
        success_criteria=draw(_some(CRITERIA)),
        key_dates=draw(_some(EVENTS)),
        freezes=draw(_some(FREEZES)),
        resources=draw(_some(RESOURCES)),
        sign_off={"statement": "Yes", "signatures": draw(st.lists(SIGNATURES, max_size=3, unique_by=lambda one: one["person"]))},
    )
    if draw(st.booleans()):
        found["contract_signature"] = draw(DAYS)
    return copy.deepcopy(found)


def tasks_of(found: View) -> list[View]:
    """Every task of a view, to be changed in place."""
    return [one for stage in found["stages"] for one in stage["tasks"]]
