"""`planmark close-plan` and what `planmark show` says of how a plan stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.running import planmark
from tests.conftest import MakeWorkspace

from planmark.content.layout import INTERNAL_MARK

PLAN = """\
account: Northwind
title: Rollout
target: {date: 2027-01-29, label: Go-live}
contract_signature: 2026-12-18
people:
  - {id: maria, name: Maria Lindqvist, role: economic_buyer, internal: {stance: sceptic, notes: Wants one number}}
  - {id: joost, name: Joost Berg}
stages:
  - title: Evaluate
    internal: {notes: Keep it short}
    tasks:
      - {id: trial, title: Try it, owner: maria, due: 2026-12-01, takes: 3d, internal: {notes: Bring Jelle}}
      - {id: ask, title: Ask Ivo for the discount, owner: joost, due: 2026-12-02, audience: internal}
      - {id: sign, title: Sign it, owner: maria, due: 2026-12-18, gate: signature, after: [trial]}
  - title: Launch
    tasks: [{id: live, title: Go live, owner: joost, due: 2027-01-29, after: [sign]}]
internal: {forecast: commit, close_date: 2026-12-11, value: 9000 EUR, notes: "The floor is *low*"}
"""
DAY = ("--today", "2026-12-07")


@pytest.fixture
def deal(workspace: MakeWorkspace) -> Path:
    """A workspace with such a deal."""
    return workspace({"content/acme/plan.yaml": PLAN})


def test_it_says_everything(deal: Path) -> None:
    """In the order in which a seller asks; what is internal with the rest."""
    said = planmark(deal, "close-plan", "acme", *DAY)
    assert said.code == 0
    lines = said.out.splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert heads == [
        "Northwind: Rollout",
        "Health: at risk",
        "Stages",
        "Forecast",
        "Dates",
        "Critical path",
        "Gaps in the buying group",
        "People",
        "What has to be done",
        "Rules broken (planmark check)",
        "Notes",
    ]
    for part in (
        "  Internal, not for the buyer. As on 2026-12-07.",
        "  commit, 9000 EUR, closes on 2026-12-11",
        "  The close date is 7 days before the plan signs: one of the two is wrong.",
        "  Maria Lindqvist (Northwind, economic buyer) [sceptic]",
        "    notes: Wants one number",
        "  2026-12-01  Try it (Maria Lindqvist) [critical path]  at risk: 6 days late",
        "              notes: Bring Jelle",
        "  2026-12-02  Ask Ivo for the discount (Joost Berg) [internal]  at risk: 5 days late",
        "    notes: The floor is low",
        "  The same as a page: build/internal/acme/close-plan.html",
    ):
        assert part in lines, part
    assert any(line.startswith("  Maria Lindqvist is sceptical, and nothing is planned about it.") for line in lines)
    assert any(line.startswith("  R17  the target date hangs on nothing of the buyer's") for line in lines)
    assert [line[14:24] for line in lines if line.startswith("  2026-12-") and "  at risk" in line] == ["Try it (Ma", "Ask Ivo fo"]


def test_the_page_goes_to_its_folder_or_where_it_is_asked(deal: Path) -> None:
    """Whole, marked, and never among sites."""
    planmark(deal, "close-plan", "acme", *DAY)
    assert INTERNAL_MARK in (deal / "build/internal/acme/close-plan.html").read_text(encoding="utf-8")
    assert planmark(deal, "close-plan", "acme", "--html", "mine.html", *DAY).code == 0
    assert "Bring Jelle" in (deal / "mine.html").read_text(encoding="utf-8")
    said = planmark(deal, "close-plan", "acme", "--html", "build/sites/mine.html", *DAY)
    assert (said.code, said.out) == (1, "")
    assert "PM615" in said.err
    assert not (deal / "build/sites").exists()


def test_as_data(deal: Path) -> None:
    """Nothing is written with it."""
    said = planmark(deal, "close-plan", "acme", "--json", *DAY)
    data = json.loads(said.out)
    assert data["internal"] is True
    assert data["standing"] == "at_risk"
    assert data["forecast"]["close"] == "2026-12-11"
    assert data["forecast"]["amount"] == {"amount": "9000", "currency": "EUR"}
    assert data["critical"] == ["trial", "sign", "live"]
    assert [line["id"] for line in data["tasks"] if line["internal"]] == ["ask"]
    assert [line["holds"] for line in data["dates"]] == [True, True]
    assert not (deal / "build").exists()


def test_a_plan_with_errors_has_none(deal: Path) -> None:
    """The problems are told instead."""
    (deal / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    said = planmark(deal, "close-plan", "acme", *DAY)
    assert (said.code, said.out) == (1, "")
    assert "PM201" in said.err


def test_show_says_how_it_stands(deal: Path) -> None:
    """The plan and each stage in a word; tasks with late days, the critical path, and what is to spare where that is little."""
    said = planmark(deal, "show", "acme", *DAY).out
    assert "\nIt is at risk: 2 tasks are up to 6 days late; " in said
    assert "\nEvaluate  0/2  at risk\n" in said
    assert "\nLaunch  0/1  on track\n" in said
    assert "Try it  (Maria Lindqvist)  6 days late, critical path" in said
    assert "Sign it  (Maria Lindqvist)  critical path, nothing to spare" in said
    assert "Wants one number" not in said


def test_show_as_json_stays_the_buyers(deal: Path) -> None:
    """Not a word of how it stands for the seller, and nothing internal."""
    said = planmark(deal, "show", "acme", "--json", *DAY).out
    assert "slack" not in said
    assert "discount" not in said
    assert json.loads(said)["title"] == "Rollout"


def test_show_of_a_plan_that_rests_judges_nothing(deal: Path) -> None:
    """Nothing is late in it."""
    (deal / "content/acme/plan.yaml").write_text(PLAN + "state: paused\n", encoding="utf-8")
    said = planmark(deal, "show", "acme", *DAY).out
    assert "late," not in said
    assert "critical path" not in said
    assert "It is" not in said
