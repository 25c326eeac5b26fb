"""`planmark meeting`: the walk-through of a call, for both sides, or with what is internal and marked so."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from babel.dates import format_date
from tests.build.complete import SECRET_SHOWN, complete
from tests.cli.running import planmark
from tests.conftest import MakeWorkspace, write

from planmark.plan.scalars import LANGUAGES

DAY = ("--today", "2026-11-24")
PLAN = """\
account: Northwind
title: Rollout
target: {{date: 2027-01-29, label: Go-live}}
locale: {locale}
people:
  - {{id: maria, name: Maria Lindqvist, internal: {{stance: sceptic, needs: A second reference, notes: Asked about Leeds}}}}
  - {{id: dana, name: Dana Whitfield, party: seller}}
review: {{agenda: [What is done, What is next]}}
success_criteria: [{{id: hours, criterion: Six hours a week}}]
internal: {{notes: The floor is 171500}}
stages:
  - title: Evaluate
    tasks:
      - {{id: nda, title: Sign the NDA, owner: maria, due: 2026-11-20, done_on: 2026-11-19}}
      - {{id: orders, title: Send a week of orders, owner: maria, due: {due}, internal: {{notes: Henk left in the middle of it}}}}
      - {{id: trial, title: "{trial}", owner: dana, due: 2026-12-11, after: orders}}
      - {{id: sign, title: Sign the contract, owner: maria, due: 2027-01-27, buyer_can: [approve], gate: signature}}
      - {{id: discount, title: Get the discount approved, owner: dana, due: 2026-11-30, audience: internal}}
"""
SECRETS = ["sceptic", "second reference", "Leeds", "171500", "Henk", "discount"]


def plan(due: str = "2026-11-20", trial: str = "Set up a trial", locale: str = "en-GB") -> str:
    return PLAN.format(due=due, trial=trial, locale=locale)


@pytest.fixture
def acme(workspace: MakeWorkspace) -> Path:
    """A workspace of one deal with a version of 12 November, before something was done and a date moved."""
    before = plan(due="2026-11-18").replace(", done_on: 2026-11-19", "")
    root = workspace({"content/acme/plan.yaml": before})
    assert planmark(root, "snapshot", "acme", "--today", "2026-11-12").code == 0
    write(root, {"content/acme/plan.yaml": plan()})
    return root


def test_what_was_signed_stands_under_its_whole_heading(acme: Path) -> None:
    write(acme, {"content/acme/plan.yaml": plan() + "sign_off: {statement: We go this way together, by: [maria, dana]}\n"})
    assert planmark(acme, "sign", "acme", "--as", "dana").code == 0
    assert "  Agreed and signed Dana Whitfield signed" in planmark(acme, "meeting", "acme", *DAY).out


def words(html: str) -> str:
    """What a page says."""
    body = html.partition("</style>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_walk_through_in_the_terminal(acme: Path) -> None:
    said = planmark(acme, "meeting", "acme", *DAY)
    assert said.code == 0
    assert (
        said.out
        == """\
Rollout (Northwind)

Where we are
  29 Jan 2027  Go-live: holds, with 2 business days to spare
               at risk; 1 of 4 tasks done, 1 late

Agenda
  1.  What is done
  2.  What is next

Done since 12 Nov 2026
  19 Nov 2026  Sign the NDA (Maria Lindqvist)

Changed since 12 Nov 2026
  Moved        Send a week of orders: 20 Nov 2026, 2 days later (was 18 Nov
               2026)

Late or at risk
  20 Nov 2026  Send a week of orders (Maria Lindqvist): 4 days late

Next for Northwind
  20 Nov 2026  Send a week of orders (Maria Lindqvist): late
  27 Jan 2027  Sign the contract (Maria Lindqvist)

Next for the seller
  11 Dec 2026  Set up a trial (Dana Whitfield)

To be decided
  approval     Sign the contract (Maria Lindqvist, 27 Jan 2027)
  criterion    Six hours a week (not agreed yet by Northwind)

build/internal/acme/meeting.html
"""
    )


def test_what_is_internal_needs_the_word_for_it(acme: Path) -> None:
    """Without it nothing internal is printed or on the page; with it, in another file, all of it, and marked."""
    shared = planmark(acme, "meeting", "acme", *DAY).out
    ours = planmark(acme, "meeting", "acme", "--internal", *DAY).out
    folder = acme / "build/internal/acme"
    assert sorted(path.name for path in folder.iterdir()) == ["meeting-internal.html", "meeting.html"]
    page, own = (words((folder / name).read_text(encoding="utf-8")) for name in ("meeting.html", "meeting-internal.html"))
    for secret in SECRETS:
        assert secret not in shared
        assert secret not in page
        assert secret in ours
        assert secret in own
    assert ours.splitlines()[1] == "  Internal, not for the buyer."
    assert own.startswith("Internal")
    assert "Internal" not in page


def test_the_same_on_the_page(acme: Path) -> None:
    planmark(acme, "meeting", "acme", *DAY)
    html = (acme / "build/internal/acme/meeting.html").read_text(encoding="utf-8")
    said = words(html)
    for text in ("2 business days to spare", "What is next", "2 days later", "4 days late", "Next for Northwind", "Six hours a week"):
        assert text in said
    assert not re.search(r"<(?:script|img|link|iframe)|url\(|@import", html)
    assert "default-src 'none'" in html


def test_no_line_is_wider_than_a_terminal(acme: Path) -> None:
    write(acme, {"content/acme/plan.yaml": plan(trial="Set up " + "a trial of this and of that and " * 12)})
    out = planmark(acme, "meeting", "acme", "--internal", *DAY).out
    assert max(map(len, out.splitlines())) <= 80


def test_without_versions_it_says_what_was_done_lately(workspace: MakeWorkspace) -> None:
    root = workspace({"content/acme/plan.yaml": plan()})
    said = planmark(root, "meeting", "acme", *DAY)
    assert "Done in the last 14 days\n  19 Nov 2026  Sign the NDA" in said.out
    assert "Changed" not in said.out


def test_a_plan_that_rests_asks_for_nothing(workspace: MakeWorkspace) -> None:
    root = workspace({"content/acme/plan.yaml": plan() + "state: paused\n"})
    out = planmark(root, "meeting", "acme", *DAY).out
    assert "paused, and nothing is asked of anybody" in out
    assert not re.search("Next for|Late|To be decided|holds", out)


@pytest.mark.parametrize("place", ["build/sites/meeting.html", "content/acme/meeting.html"])
def test_no_page_lies_where_sites_are_made(acme: Path, place: str) -> None:
    said = planmark(acme, "meeting", "acme", "--internal", "--html", place, *DAY)
    assert said.code == 1
    assert "PM615" in said.err
    assert not (acme / place).exists()


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "{{ 7 * 7 }} & “x”", "</li></ul><img src=x>"])
def test_a_title_is_a_text(acme: Path, title: str) -> None:
    write(acme, {"content/acme/plan.yaml": plan(trial=title)})
    assert title in planmark(acme, "meeting", "acme", *DAY).out
    html = (acme / "build/internal/acme/meeting.html").read_text(encoding="utf-8")
    assert not re.search("<(?:script|img)", html)
    assert title in unescape(html)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_speaks_the_plans_language_and_the_team_english(workspace: MakeWorkspace, code: str) -> None:
    root = workspace({"content/acme/plan.yaml": plan(locale=code)})
    for more, spoken in (((), code), (("--internal",), "en-GB" if code != "en" else "en")):
        target = root / "page.html"
        assert planmark(root, "meeting", "acme", "--html", str(target), *more, *DAY).code == 0
        html = target.read_text(encoding="utf-8")
        assert f'<html lang="{spoken}" dir="{"rtl" if spoken == "ar" else "ltr"}">' in html
        assert format_date(date(2027, 1, 29), "long", locale=spoken.replace("-", "_")) in words(html)


def test_nothing_of_all_that_can_be_internal_is_shown(tmp_path: Path) -> None:
    made = complete()
    write(tmp_path, made.files)
    said = planmark(tmp_path, "meeting", "complete", "--today", "2026-11-09")
    assert said.code == 0
    whole = (said.out + (tmp_path / "build/internal/complete/meeting.html").read_text(encoding="utf-8")).lower()
    assert not [where for word, where in made.secret.items() if word in whole]
    assert not [shown for shown in SECRET_SHOWN if shown.lower() in whole]
    assert [word for word in made.shared if word in whole]
