"""What changed, on its way to the buyer: who is named, what is internal, and the same on paper as on the page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.hostile.strings import MARKUP

from planmark.build.versions import snapshot
from planmark.content.acting import load_one
from planmark.problems import Location
from planmark.site import view
from planmark.site.environment import environment
from planmark.site.pages import outputs, with_content
from planmark.site.paper.sheet import paper_of
from planmark.site.projection import project
from planmark.site.theme import load_theme

MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]
WORKSPACE = """\
people: [{id: dana, name: Dana Whitfield}, {id: owen, name: Owen Pryce}]
contact: dana
"""
PLAN = """\
account: Acme
title: Rollout
target: {target}
people: [{{id: maria, name: Maria}}, {{id: eve, name: Eve, party: seller, audience: internal}}]
stages: [{{title: Start, tasks: [{{id: nda, title: Sign, owner: [maria{owner}], due: {due}}}{more}]}}]
"""
TODAY = date(2026, 11, 22)


def plan(target: str = "2027-01-29", due: str = "2026-12-01", more: str = "", owner: str = "") -> str:
    return PLAN.format(target=target, due=due, more=more, owner=owner)


def seen(root: Path, today: date = TODAY) -> view.BuyerView:
    """The plan as the buyer sees it."""
    deal = load_one(root, "acme")
    return project(deal, today, deal.history).view


@pytest.fixture
def acme(workspace: MakeWorkspace) -> Callable[..., Path]:
    """A workspace whose plan had versions; the last text is the plan now."""

    def make(*plans: str, by: str | None = None, note: str = "") -> Path:
        root = workspace({"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": plans[0]})
        shutil.rmtree(root / "content/acme/versions", ignore_errors=True)
        for number, text in enumerate(plans[:-1]):
            (root / "content/acme/plan.yaml").write_text(text, encoding="utf-8")
            snapshot(root, "acme", date(2026, 11, 1 + 9 * number), by, note)
        (root / "content/acme/plan.yaml").write_text(plans[-1], encoding="utf-8")
        return root

    return make


def test_internal_items_and_owners_that_come_and_go_are_no_news(acme: Callable[..., Path]) -> None:
    internal = ", {id: secret, title: Secret, due: 2026-12-01, audience: internal}"
    assert seen(acme(plan(), plan(more=internal))).changes is None
    assert seen(acme(plan(), plan(owner=", eve"))).changes is None


def test_nothing_changed_is_no_section(acme: Callable[..., Path]) -> None:
    found = seen(acme(plan(), plan()))
    assert found.changes is None
    assert "changes" not in {section.name for section in with_content(found).pages[0].sections}


def test_who_moved_the_target_is_named_where_the_buyer_sees_them(acme: Callable[..., Path]) -> None:
    """Somebody who is internal in this plan, or not in it, has no name here."""
    for by, name in (("dana", "Dana Whitfield"), ("eve", None), ("owen", None)):
        found = seen(acme(plan(), plan("2027-02-05"), plan("2027-02-05"), by=by, note="Budget")).changes
        assert found is not None
        (move,) = found.target_moves
        assert (move.by, move.note, move.days, move.day) == (name, "Budget", 7, date(2026, 11, 10))


def test_a_task_has_one_sign_and_one_that_is_done_has_its_mark(acme: Callable[..., Path]) -> None:
    now = plan(due="2026-12-03", owner=", buyer", more=", {id: data, title: Data, due: 2026-12-01}, {id: dull, title: Dull, status: done}")
    before = plan(more=", {id: dull, title: Dull, due: 2026-12-01}")
    found = seen(acme(before, now)).changes
    assert found is not None
    assert {one.on: one.kind for one in found.badges} == {"task/nda": "moved", "task/data": "new"}
    assert len(found.entries) > len(found.badges)


def test_what_no_version_has_yet_is_of_today(acme: Callable[..., Path]) -> None:
    found = seen(acme(plan(), plan(due="2026-12-02"))).changes
    assert found is not None
    assert [one.day for one in found.entries] == [TODAY]


def test_paper_says_the_same(acme: Callable[..., Path]) -> None:
    root = acme(plan(), plan("2027-02-05", due="2026-12-04"))
    deal = load_one(root, "acme")
    theme = load_theme(root, "default", Location("planmark.yaml"))
    shown = with_content(seen(root))
    text = re.sub(r"<[^>]+>", "", paper_of(shown, deal, theme, environment(theme, "en-GB"), "").html)
    assert "What changed\nSince 1 November 2026" in re.sub(r"\n+", "\n", text)
    assert "3 days later: 4 Dec 2026, no longer 1 Dec 2026" in text
    assert "The target date has moved once: from 29 Jan 2027 to 5 Feb 2027 on 22 Nov 2026" in text
    quiet = replace(shown, changes=replace(shown.changes, entries=(), earlier=shown.changes.entries)) if shown.changes else shown
    text = re.sub(r"<[^>]+>", "", paper_of(quiet, deal, theme, environment(theme, "en-GB"), "").html)
    assert "3 days later: 4 Dec 2026" in text, "where a week brought nothing, paper tells what came before"


def test_what_a_version_holds_is_a_text_on_the_page(acme: Callable[..., Path]) -> None:
    """Titles, names and words of another time: also those that today's model would not take."""
    root = acme(plan(), plan(due="2026-12-04"))
    shown = seen(root)
    assert shown.changes is not None
    entry = shown.changes.entries[0]
    kinds = ("renamed", "goal", "owner", "signed", "status", "probability", "impact", "state", "agreed", "new", "gone")
    entries = tuple(
        replace(entry, kind=kind, group=group, title=text, was=text, now=text, who=(text,), before=(f"{text}!",))
        for group in ("risks", "new")
        for kind in kinds
        for text in MARKUP
    )
    moves = tuple(view.TargetMove(day=TODAY, was=TODAY, now=TODAY, days=1, by=text, note=text) for text in MARKUP)
    changes = replace(shown.changes, entries=entries, earlier=entries, target_moves=moves)
    deal = load_one(root, "acme")
    theme = load_theme(root, "default", Location("planmark.yaml"))
    made = outputs(replace(shown, changes=changes), deal, theme, environment(theme, "en-GB"))
    page = next(one.data for one in made if one.path == "index.html" and one.data).decode()
    section = page.partition('<div class="changes"')[2].partition("</section>")[0]
    assert set(re.findall(r"<(\w+)", section)) <= {"p", "time", "dl", "div", "dt", "dd", "ul", "li", "a", "span", "details", "summary"}
    assert not re.search(r"<[^>]+\son\w+=", section)
