"""What is searched for is what is internal: all of it, and nothing that the buyer may read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.build.small import tree
from tests.conftest import MakeWorkspace
from tests.site.canary import Canary, leaves

from planmark.build.build import Options, build
from planmark.content.load import load_deal
from planmark.content.team import team_of
from planmark.content.tree import scan
from planmark.publish.internal import internal_secrets
from planmark.publish.scan import Secrets, normalised, wrong_in
from planmark.site.data import as_data
from planmark.site.projection import project

TODAY = date(2026, 11, 9)


@pytest.fixture
def canary() -> Canary:
    """A deal in which every field has a value of its own."""
    made = Canary()
    del made.plan["theme"]
    return made


@pytest.fixture
def root(canary: Canary, workspace: MakeWorkspace) -> Path:
    """Its workspace."""
    return workspace(canary.workspace())


def searched(root: Path, name: str = "acme") -> Secrets:
    """What is searched for before the deal goes out."""
    team = team_of(root)
    deal = load_deal(team, name, scan(root / "content" / name)).deal
    assert deal
    return internal_secrets(deal, team, as_data(project(deal, TODAY, deal.history).view))


def test_every_internal_text_is_searched_for(canary: Canary, root: Path) -> None:
    """Of each field of each part, and of planmark.yaml; in notes, each line as it is read."""
    secrets = searched(root)
    hidden = {text for text in leaves(canary.plan) if text.startswith("hush words")}
    assert len(hidden) > 100
    assert not {text for text in hidden if normalised(text) not in secrets.texts}
    assert "hush seller" in secrets.texts
    assert [amount for amount in secrets.amounts if "JPY" in amount]


def test_nothing_that_the_buyer_may_read_is_searched_for(root: Path) -> None:
    secrets = searched(root)
    assert not [text for text in secrets.texts if "open" in text]
    assert not [amount for amount in secrets.amounts if "EUR" in amount]


def test_the_built_site_passes(root: Path) -> None:
    """No find is made in what was built from the buyer's view, with every field filled."""
    report = build(root, Options(today=TODAY, workers=1, pdf="none"))
    assert report.ok
    secrets = searched(root)
    site = root / "build/sites" / report.sites["acme"]
    assert not [(path, why) for path, data in tree(site).items() for why in wrong_in(path, data, secrets)]


def test_words_of_the_interface_are_no_finds(workspace: MakeWorkspace) -> None:
    """An internal task may be called what a heading of the page is called, in any language of the page."""
    plan = """\
    account: Northwind
    title: Rollout
    target: 2027-01-29
    locale: de
    people: [{id: maria, name: Maria Lindqvist}]
    stages: [{title: Evaluate, tasks: [
      {title: Sign the agreement, owner: maria, due: 2026-11-20},
      {title: In progress, owner: maria, due: 2026-11-20, audience: internal},
      {title: Nur für uns allein, owner: maria, due: 2026-11-20, audience: internal}]}]
    """
    assert "nur für uns allein" in searched(workspace({"content/acme/plan.yaml": plan})).texts
    assert "in progress" not in searched(workspace({"content/acme/plan.yaml": plan})).texts
