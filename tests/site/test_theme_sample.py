"""The plan that themes are shown with: whatever a theme may receive has something in it."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

from planmark.plan.words import Act, Contact, Gate, PlanState, RiskStatus, SectionName, StageKind, Status
from planmark.problems import Location
from planmark.site.theme import load_theme
from planmark.site.themes.sample import sample_views, shown_in

NOT_YET = {
    "Said.preview",  # only where a preview runs
    "Signature.preview",
    "Resource.pages",  # counted by a build
    "Picture.srcset",  # the sample's pictures are drawings, which need one size
}


def _walk(value: Any, seen: dict[str, bool]) -> None:
    if isinstance(value, tuple):
        for one in value:
            _walk(one, seen)
    elif is_dataclass(value):
        for field in fields(value):
            name, held = f"{type(value).__name__}.{field.name}", getattr(value, field.name)
            seen[name] = seen.get(name, False) or bool(held)
            _walk(held, seen)


def test_every_field_of_the_view_is_filled_somewhere() -> None:
    seen: dict[str, bool] = {}
    for view, _ in sample_views().values():
        _walk(view, seen)
    assert {name for name, filled in seen.items() if not filled} <= NOT_YET


def test_every_section_and_every_state_is_there() -> None:
    views = [view for view, _ in sample_views().values()]
    plan = views[0]
    assert {section.name for page in plan.pages for section in page.sections} >= {*get_args(SectionName), "markdown"}
    tasks = [task for stage in plan.stages for task in stage.tasks]
    assert {task.status for task in tasks} == set(get_args(Status))
    assert {task.late for task in tasks} == {task.milestone for task in tasks} == {True, False}
    assert {task.risk for task in tasks} >= {"on_track", "at_risk", "off_track"}
    assert {task.priority for task in tasks} == {"high", "normal", "low"}
    assert {task.gate for task in tasks} | {one.gate for one in plan.not_needed} >= set(get_args(Gate))
    assert {side for task in tasks for side in task.sides} == {"buyer", "seller", "partner"}
    assert {stage.state for stage in plan.stages} == {"done", "current", "later"}
    assert {act for task in tasks for act in task.acts} | set(plan.acts) >= set(get_args(Act)) - {"sign"}
    assert {risk.status for risk in plan.risks} == set(get_args(RiskStatus))
    assert plan.sign_off
    assert {one.current for one in plan.sign_off.signatures} == {True, False}
    assert len(plan.sign_off.by) > len(plan.sign_off.signatures)
    assert any(len(word) > 60 for task in tasks for word in task.title.split())
    assert {view.expired for view in views} == {True, False}
    assert {view.state for view in views} <= set(get_args(PlanState))
    assert {stage.kind for stage in plan.stages} - {None} <= set(get_args(StageKind))
    assert {person.prefers for person in plan.people} - {None} <= set(get_args(Contact))


def test_the_default_shows_every_section_on_the_page_and_on_paper() -> None:
    shown = shown_in(load_theme(Path(), "default", Location("default")))
    page, paper = shown["everything"]["index.html"], shown["everything"]["plan.pdf"]
    for name in get_args(SectionName):
        assert f'class="section section-{name}' in page, name
        assert f"section-{name}" in paper or name == "where_we_are", name
    assert "Only the seller sees this" not in "".join(text for pages in shown.values() for text in pages.values())
    assert len(re.findall(r"<form", page)) > 20
    assert "<form" not in shown["ended"]["index.html"]
