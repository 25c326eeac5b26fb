"""Providers of embeds in a build: a mistake has its place and is not remembered for ever; hostile addresses stay links."""

from __future__ import annotations

import sys
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.conftest import MakeWorkspace

from planmark.build.build import Options, build
from planmark.extensions import EMBEDS
from planmark.problems import Problem

ACME = EntryPoint("acme", "acme_planmark:EMBED", EMBEDS)
PLAN = """\
account: Acme
title: A plan
target: 2027-01-29
people: {id: maria, name: Maria}
stages: [{title: S, tasks: [{title: T, owner: maria}]}]
resources:
"""


def embed(**other: object) -> SimpleNamespace:
    """A provider as a package would add it."""
    return SimpleNamespace(
        name="Acme Theatre",
        kind="video",
        hosts=("watch.acme.example",),
        frames=("play.acme.example",),
        allow=(),
        tells_origin=False,
        shown=other.get("shown", lambda address: f"https://play.acme.example/{address.path}"),
    )


def page_of(root: Path) -> tuple[list[Problem], str]:
    """What a build says, and the plan's page after it."""
    problems = build(root, Options(today=date(2026, 11, 22), workers=1, pdf="none")).problems
    return problems, next(iter((root / "build/sites").glob("*/index.html")), Path("/dev/null")).read_text(encoding="utf-8")


NAMED = {
    "planmark.yaml": "timezone: UTC\nembeds: acme\n",
    "content/acme/plan.yaml": f"{PLAN}  - {{title: Film, url: https://watch.acme.example/film}}\n",
}


def test_a_provider_that_is_not_there_has_its_place_and_is_found_once_it_is(
    workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then its addresses are links. Nothing in the workspace has to change for it."""
    root = workspace(NAMED)
    problems, page = page_of(root)
    assert [f"{one.location} {one.code}" for one in problems] == ["planmark.yaml:2:9 PM703"]
    assert 'href="https://watch.acme.example/film"' in page
    assert "data-src" not in page
    monkeypatch.setitem(sys.modules, "acme_planmark", SimpleNamespace(EMBED=embed()))  # type: ignore[arg-type]  # as good as a module
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [ACME] if group == EMBEDS else [])
    problems, page = page_of(root)
    assert problems == []
    assert 'data-src="https://play.acme.example/film"' in page
    assert "frame-src https://play.acme.example;" in page


def test_a_provider_that_leads_elsewhere_fails_the_plan_and_says_whose_it_is(
    workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = embed(shown=lambda address: "https://evil.example/")
    monkeypatch.setitem(sys.modules, "acme_planmark", SimpleNamespace(EMBED=one))  # type: ignore[arg-type]  # as good as a module
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [ACME] if group == EMBEDS else [])
    (problem,), page = page_of(workspace(NAMED))
    assert (problem.code, problem.location.path) == ("PM704", "content/acme/plan.yaml")
    assert "`acme` leads to an address that it may not" in problem.message
    assert page == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com./watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch%2Fx?v=dQw4w9WgXcQ",
        "https://youtu.be/..%2f..%2fevil",
        "https://www.youtube.com/watch?v=%22onload%3Dalert(1)",
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        'https://calendly.com/acme/30min#"><iframe src=https://evil.example>',
        "javascript:alert(1)//https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "data:text/html,<script>alert(1)</script>",
        "//www.youtube.com/watch?v=dQw4w9WgXcQ",
    ],
)
def test_a_hostile_address_is_a_link_or_a_problem(url: str, workspace: MakeWorkspace) -> None:
    """Never a frame, and never anything that runs."""
    root = workspace({"content/acme/plan.yaml": PLAN + f"  - {{title: Film, kind: video, url: '{url}'}}\n"})
    problems, page = page_of(root)
    if problems:
        assert [one.code for one in problems] == ["PM212"]
        return
    assert "data-src" not in page
    assert "frame-src" not in page
    assert "<iframe" not in page
    assert 'href="javascript' not in page.lower()
    assert 'href="http' in page
