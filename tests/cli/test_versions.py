"""`planmark snapshot` and `planmark diff`: a version is added, and what changed since one is said in people's words."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.cli.running import planmark
from tests.conftest import MakeWorkspace

WORKSPACE = "people: [{id: dana, name: Dana Whitfield}]\ncontact: dana\n"
PLAN = """\
account: Northwind
title: {title}
target: {target}
people: [{{id: maria, name: Maria Lindqvist}}]
stages: [{{title: Evaluate, tasks: [{{id: nda, title: {task}, owner: maria, due: {due}}}{more}]}}]
"""
DAY = ("--today", "2026-11-12")


def plan(title: str = "Rollout", target: str = "2027-01-29", task: str = "Sign", due: str = "2026-11-20", more: str = "") -> str:
    return PLAN.format(title=title, target=target, task=json.dumps(task), due=due, more=more)


@pytest.fixture
def acme(workspace: MakeWorkspace) -> Path:
    """A workspace of one deal with a version of 3 November, before its task moved and its target with it."""
    root = workspace({"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": plan()})
    assert planmark(root, "snapshot", "acme", "--today", "2026-11-03").code == 0
    (root / "content/acme/plan.yaml").write_text(plan(target="2027-02-05", due="2026-11-25"), encoding="utf-8")
    return root


def test_the_first_snapshot_is_a_file_and_the_same_plan_is_no_second_one(workspace: MakeWorkspace) -> None:
    root = workspace({"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": plan()})
    said = planmark(root, "snapshot", "acme", *DAY)
    assert (said.code, said.out) == (0, "content/acme/versions/2026-11-12.json, the first version\n")
    said = planmark(root, "snapshot", "acme", "--today", "2026-12-01")
    assert (said.code, said.out) == (0, "Nothing has changed since the version of 2026-11-12, so there is no new one.\n")


def test_a_later_snapshot_says_what_it_holds(acme: Path) -> None:
    said = planmark(acme, "snapshot", "acme", *DAY, "--as", "dana", "--note", "Year-end close")
    assert said.out.splitlines() == [
        "content/acme/versions/2026-11-12.json, 2 changes",
        "  Target date: 5 Feb 2027, 7 days later (was 29 Jan 2027)",
        "  Moved: Sign: 25 Nov 2026, 5 days later (was 20 Nov 2026)",
    ]
    held = json.loads((acme / "content/acme/versions/2026-11-12.json").read_text(encoding="utf-8"))
    assert (held["version"], held["by"], held["note"]) == ("2026-11-12", "dana", "Year-end close")


def test_somebody_whom_nobody_knows_puts_nothing_out(acme: Path) -> None:
    said = planmark(acme, "snapshot", "acme", *DAY, "--as", "dna")
    assert said.code == 1
    assert "PM301" in said.err
    assert "did you mean `dana`?" in said.err
    assert not (acme / "content/acme/versions/2026-11-12.json").exists()


def test_a_plan_that_knows_of_nobody_has_versions_all_the_same(workspace: MakeWorkspace) -> None:
    """As where a machine puts it out."""
    root = workspace({"content/acme/plan.yaml": plan()})
    assert planmark(root, "snapshot", "acme", *DAY).code == 0
    assert "by" not in json.loads((root / "content/acme/versions/2026-11-12.json").read_text(encoding="utf-8"))


def test_without_versions_it_says_what_to_do(workspace: MakeWorkspace) -> None:
    said = planmark(workspace({"content/acme/plan.yaml": plan()}), "diff", "acme")
    assert said.code == 1
    assert "PM715" in said.err
    assert "planmark snapshot acme" in said.err


def test_what_changed_is_said_in_words(acme: Path) -> None:
    said = planmark(acme, "diff", "acme", *DAY)
    assert said.code == 0
    assert (
        said.out
        == """\
Rollout
Since 3 Nov 2026

Target date
  5 Feb 2027, 7 days later (was 29 Jan 2027)

Moved
  Sign: 25 Nov 2026, 5 days later (was 20 Nov 2026)

The target date has moved once:
  5 Feb 2027, 7 days later (was 29 Jan 2027), on 12 Nov 2026
"""
    )


def test_the_target_dates_history_says_who_and_why(acme: Path) -> None:
    planmark(acme, "snapshot", "acme", "--today", "2026-11-05", "--note", "Year-end close")
    said = planmark(acme, "diff", "acme", *DAY)
    assert "Nothing has changed since 5 Nov 2026." in said.out
    moved = "5 Feb 2027, 7 days later (was 29 Jan 2027), on 5 Nov 2026"
    assert said.out.endswith(f"The target date has moved once:\n  {moved} by Dana Whitfield: Year-end close\n")


@pytest.mark.parametrize(
    ("since", "day"),
    [("2026-11-03", "3 Nov"), ("2026-11-04", "3 Nov"), ("2026-11-05", "5 Nov"), ("2026-11-05-2", "5 Nov"), ("2026-12-24", "5 Nov")],
)
def test_since_a_day_or_a_version(acme: Path, since: str, day: str) -> None:
    for number, due in enumerate(("2026-11-26", "2026-11-27")):
        (acme / "content/acme/plan.yaml").write_text(plan(due=due), encoding="utf-8")
        assert planmark(acme, "snapshot", "acme", "--today", "2026-11-05").code == 0, number
    said = planmark(acme, "diff", "acme", "--since", since, "--today", "2026-11-09")
    assert f"since {day}".lower() in said.out.lower()
    assert ("Sign" in said.out) is (day == "3 Nov")


@pytest.mark.parametrize(
    ("since", "hint"),
    [
        ("2026-11-01", "the first one is of 2026-11-03: write that, or a later day"),
        ("2026-11-03-2", "did you mean `2026-11-03`?"),
        ("soon", "write a day such as 2026-11-03, or a version's name such as 2026-11-03"),
    ],
)
def test_a_version_that_is_none_is_told(acme: Path, since: str, hint: str) -> None:
    said = planmark(acme, "diff", "acme", "--since", since, *DAY)
    assert said.code == 1
    assert "PM715" in said.err
    assert hint in said.err


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "*bold* _it_ `code` [a](http://x) ![p](y) ~s~ &amp; <b> \\ |",
    "1. first",
    "- item",
    "# head",
    "+ plus",
    "> quote",
    "=== rule",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_a_text_in_every_form(acme: Path, title: str) -> None:
    """Whatever it holds: nothing of it runs, nothing of it is markup."""
    (acme / "content/acme/plan.yaml").write_text(plan(due="2026-11-27", task=title), encoding="utf-8")
    shown = planmark(acme, "diff", "acme", *DAY, "--format", "html").out
    assert set(re.findall(r"<(\w+)", shown)) <= {"div", "p", "ul", "li", "strong", "br"}
    assert title in html.unescape(shown)
    rendered = MarkdownIt("commonmark").render(planmark(acme, "diff", "acme", *DAY, "--format", "markdown").out)
    assert title in html.unescape(rendered)
    assert set(re.findall(r"<(\w+)", rendered)) <= {"h2", "h3", "p", "ul", "li"}


def test_a_version_that_cannot_be_read_is_told_and_says_nothing_to_the_terminal(acme: Path) -> None:
    """A version is a file that anybody may have written."""
    file = acme / "content/acme/versions/2026-11-03.json"
    held = json.loads(file.read_text(encoding="utf-8"))
    held["view"]["stages"][0]["tasks"][0]["title"] = "Sign\u202e\x1b[2J at once"
    file.write_text(json.dumps(held), encoding="utf-8")
    said = planmark(acme, "diff", "acme", *DAY)
    assert (said.code, said.out) == (1, "")
    assert "content/acme/versions/2026-11-03.json  PM714  " in said.err
    assert "PM715  the plan has no versions yet" in said.err
    assert not {"\u202e", "\x1b"} & set(said.all)


def test_as_data_every_change_has_its_fields_and_its_line(acme: Path) -> None:
    found = json.loads(planmark(acme, "diff", "acme", *DAY, "--format", "json").out)
    assert found["since"] == {"version": "2026-11-03", "day": "2026-11-03"}
    assert found["changes"][1] == {
        "kind": "moved",
        "on": "task/nda",
        "title": "Sign",
        "was": "2026-11-20",
        "now": "2026-11-25",
        "days": 5,
        "group": "moved",
        "text": "Sign: 25 Nov 2026, 5 days later (was 20 Nov 2026)",
    }
    assert [move["days"] for move in found["target"]["moves"]] == [7]
