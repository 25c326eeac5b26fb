"""A text in another language than the plan says which, and only a language that exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.wrong import wrong

from planmark.build.build import Options, build
from planmark.content.acting import load_one
from planmark.site.projection import project

MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]
PLAN = """\
account: Acme
title: Rollout
target: 2027-01-29
{locale}
people: [{{id: maria, name: Maria}}, {{id: who, role: economic_buyer}}]
in_their_words: {{text: Se toimii, by: maria, lang: fi}}
resources:
  - {{id: guide, title: Opas, url: "https://docs.example/fi", lang: {lang}, about: "Lue tämä"}}
  - leaflet
stages: [{{title: Start, tasks: [{{title: Sign, owner: who, due: 2026-12-01}}]}}]
"""
LIBRARY = "- {id: leaflet, title: عرض, lang: ar, url: 'https://docs.example/ar'}\n"


def made(workspace: MakeWorkspace, lang: str = "fi", locale: str = "") -> Path:
    return workspace({"content/acme/plan.yaml": PLAN.format(lang=lang, locale=locale), "content/_library/resources.yaml": LIBRARY})


def test_a_resource_and_a_quote_keep_their_language(workspace: MakeWorkspace) -> None:
    view = project(load_one(made(workspace, "FI_fi"), "acme"), date(2026, 11, 9)).view
    assert [one.lang for one in view.resources] == ["fi-FI", "ar"]
    assert view.in_their_words
    assert view.in_their_words.lang == "fi"


@pytest.mark.parametrize("lang", ["xx", "finnish", "f", "en-", "fi-FIN-x"])
def test_what_is_no_language_is_told(workspace: MakeWorkspace, lang: str) -> None:
    (problem,) = wrong(made(workspace, lang))
    assert (problem.code, problem.location.line) == ("PM216", 8)
    assert "fi, pt-BR" in (problem.hint or "")


def test_a_language_that_ships_is_no_longer_warned_of(workspace: MakeWorkspace) -> None:
    for locale in ("de", "de-AT", "ja", "ar"):
        assert wrong(made(workspace, locale=f"locale: {locale}")) == []


def test_a_role_without_a_person_is_called_what_it_is_in_the_plans_language(workspace: MakeWorkspace) -> None:
    """The name that is shown is the language's; the role itself stays the model's word."""
    root = made(workspace, locale="locale: de")
    view = project(load_one(root, "acme"), date(2026, 11, 9)).view
    (person,) = (one for one in view.people if one.id == "who")
    assert (person.shown, person.roles) == ("Budgetverantwortung", ("economic_buyer",))
    assert view.stages[0].tasks[0].owners[0].name == "Budgetverantwortung"
    assert [one.title for one in view.key_dates] == ["Zieldatum"]


def test_a_changed_catalogue_makes_deals_stale(workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a part of the program, as templates' code is."""
    import shutil

    import planmark
    from planmark.build import state

    copy = workspace({}) / "planmark"
    shutil.copytree(Path(planmark.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(state, "__file__", str(copy / "build" / "state.py"))
    before = state.program()
    assert state.program() == before
    catalogue = copy / "site" / "languages" / "de" / "LC_MESSAGES" / "planmark.mo"
    catalogue.write_bytes(catalogue.read_bytes() + b"\0")
    assert state.program() != before


def test_the_page_says_it_of_each_text(workspace: MakeWorkspace) -> None:
    root = made(workspace)
    assert build(root, Options(today=date(2026, 11, 9), workers=1, pdf="none")).failed == []
    (page,) = (root / "build" / "sites").glob("*/index.html")
    text = page.read_text(encoding="utf-8")
    assert 'lang="fi"' in text
    assert 'lang="ar" dir="rtl"' in text
