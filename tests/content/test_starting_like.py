"""A plan like another deal: the way stays; the customer, what was agreed and what is internal do not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.media import PNG

from planmark.content.load import load_deal
from planmark.content.starting import start_like
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.plan.calendars import BusinessCalendar
from planmark.problems import Problem
from planmark.shipped import TEMPLATES

TODAY = date(2026, 11, 22)
EXAMPLES = TEMPLATES.parents[1]
TEAM = frozenset({"dana", "owen"})
WORKSPACE = "people: [{id: dana, name: Dana, email: dana@lumen.example}, {id: owen, name: Owen}]\ncontact: dana\n"
PLAN = """\
id: northwind
account:
  {name: Northwind Robotics, short: Northwind, logo: files/logo.svg, site: https://northwind.com, role: Buyer, internal: {role: SECRET}}
title: Platform rollout
deal_number: NW-2026-014
version: 2026-11-03
start: 2026-10-05
target: {date: 2027-01-29, label: Go-live}
contract_signature: 2026-12-18
value: 120000 EUR
state: {is: paused, on: 2026-11-20, internal: {why: SECRET}}
share_key: k7w2m9x4c3hq5d8rj6p1t0bn2v
brand: {accent: "#0b6e4f", logo: files/logo.svg}
contact: dana
kept_by: dana
expires: 2027-06-30
summary: overview.md
in_their_words: {text: We want to know in minutes, by: maria}
success_criteria:
  - {id: s1, criterion: Planning cycle, by: 2027-03-31, party: buyer, agreed: {buyer: 2026-10-12}, internal: {notes: SECRET}}
  - {criterion: SECRET margin, audience: internal}
key_dates:
  - {id: fair, date: 2026-11-21, title: Fair}
  - {id: board, date: 5d after fair, title: Board}
freezes: [{start: 2026-12-21, end: 2027-01-03, why: Shutdown, stops: [nda, squeeze]}]
people:
  - {id: dana, role: account_executive, internal: {notes: SECRET}}
  - id: maria
    name: Maria Lindqvist
    title: VP Finance
    party: buyer
    role: [economic_buyer, signatory]
    decides: [budget above 50000 EUR]
    needs: A board-ready page
    email: maria@northwind.example
    phone: "+31 10 555 0100"
    prefers: email
    photo: files/maria.png
    link: 3
    internal: {stance: blocker, notes: SECRET}
  - {id: joost, name: Joost Bakker, role: economic_buyer}
  - {id: nosy, name: Nosy SECRET, party: buyer, audience: internal}
stages:
  - id: evaluate
    title: Evaluate together
    owner: maria
    exit_criteria: [s1]
    tasks:
      - {id: nda, title: Sign the NDA, owner: [maria, dana], due: 2026-10-16, status: done, done_on: 2026-10-14, internal: {notes: SECRET}}
      - {title: SECRET squeeze, id: squeeze, audience: internal, due: 2026-10-20}
      - id: trial
        title: Try it
        owner: joost
        start: 1d after nda
        due: 10d after nda
        after: [nda, squeeze]
        status: doing
        risk: off_track
        steps: [Sent, {title: Signed, done: yes}]
        resources: [deck, pitch]
        meeting: {time: "10:00", with: [maria, dana], agenda: [Terms]}
        detail: See [the plan](files/line%202.pdf) and ![it](files/photo.png)
      - {id: live, title: Go-live, due: 2027-01-29, after: trial, milestone: yes}
resources:
  - {id: deck, title: Deck, file: files/deck.pdf, owner: dana}
  - {id: pitch, title: SECRET pitch, audience: internal, url: https://lumen.example/SECRET}
  - {id: returned, title: Signed form, file: received/form.pdf}
risks: [{title: Late, owner: maria, status: closed, internal: {notes: SECRET}}]
review: {every: week, with: [maria, dana, joost], contact: maria}
sign_off: {statement: We both work to this plan, by: [maria, dana]}
internal: {value: 140000 EUR, forecast: commit, rep: dana, notes: SECRET}
"""
FILES: dict[str, str | bytes] = {
    "planmark.yaml": WORKSPACE,
    "content/northwind/plan.yaml": PLAN,
    "content/northwind/overview.md": "# Why\n\nMaria asked. ![Line](files/photo.png)\n",
    "content/northwind/internal.md": "SECRET",
    "content/northwind/files/logo.svg": "<svg/>",
    "content/northwind/files/maria.png": PNG,
    "content/northwind/files/photo.png": PNG,
    "content/northwind/files/deck.pdf": "%PDF-",
    "content/northwind/files/line 2.pdf": "%PDF-",
    "content/northwind/files/unused.pdf": "%PDF- SECRET",
    "content/northwind/received/form.pdf": "%PDF- SECRET",
    "content/northwind/meetings/2026-11-03-steering.md": "SECRET",
    "content/northwind/versions/2026-11-03.json": '{"version": "2026-11-03", "by": "SECRET", "view": {"target": "2027-01-29"}}',
    "content/northwind/activity.jsonl": (
        '{"id":"an-event","plan":"northwind","on":"plan","kind":"comment","received":"2026-11-03T09:00:00Z","name":"SECRET","text":"SECRET"}\n'
    ),
    "content/northwind/quarantine.jsonl": '{"by": "SECRET"}\n',
}
MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def started(workspace: MakeWorkspace) -> tuple[Path, dict[str, Any]]:
    root = workspace(FILES)
    start_like(root, "beta", "northwind", "Beta Works", None, TODAY, TEAM)
    return root, yaml.load((root / "content/beta/plan.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def problems_of(root: Path, name: str) -> list[Problem]:
    problems: list[Problem] = []
    team = load_team(root, scan(root / "content" / "_library"), problems)
    assert team is not None
    return problems + load_deal(team, name, scan(root / "content" / name)).problems


def test_it_is_a_plan_without_a_problem(started: tuple[Path, dict[str, Any]]) -> None:
    assert problems_of(started[0], "northwind") == []
    assert problems_of(started[0], "beta") == []


def test_nothing_internal_comes_along(started: tuple[Path, dict[str, Any]]) -> None:
    folder = started[0] / "content" / "beta"
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path
    assert "internal" not in str(started[1])


def test_only_the_files_that_it_names_or_links_to_come_along(started: tuple[Path, dict[str, Any]]) -> None:
    folder = started[0] / "content" / "beta"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "files/deck.pdf",
        "files/line 2.pdf",
        "files/photo.png",
        "overview.md",
        "plan.yaml",
    ]


def test_the_buyers_people_become_roles_and_the_team_stays(started: tuple[Path, dict[str, Any]]) -> None:
    plan = started[1]
    assert plan["people"] == [
        {"id": "dana", "role": "account_executive"},
        {"id": "economic-buyer", "party": "buyer", "role": ["economic_buyer", "signatory"]},
        {"id": "economic-buyer-2", "role": "economic_buyer"},
    ]
    assert [task["owner"] for task in plan["stages"][0]["tasks"] if "owner" in task] == [["economic-buyer", "dana"], ["economic-buyer-2"]]
    assert plan["review"]["with"] == ["economic-buyer", "dana", "economic-buyer-2"]
    assert plan["sign_off"]["by"] == ["economic-buyer", "dana"]
    text = (started[0] / "content/beta/plan.yaml").read_text(encoding="utf-8")
    for word in (
        "maria",
        "Lindqvist",
        "joost",
        "Bakker",
        "northwind.example",
        "VP Finance",
        "+31",
        "NW-2026",
        "0b6e4f",
        "k7w2m9x4",
        "nosy",
    ):
        assert word.lower() not in text.lower().replace("like northwind", ""), word


def test_what_was_agreed_done_and_signed_stays_behind(started: tuple[Path, dict[str, Any]]) -> None:
    plan = started[1]
    assert not {"state", "version", "value", "deal_number", "expires", "id", "brand", "in_their_words", "continues"} & plan.keys()
    assert plan["account"] == {"name": "Beta Works", "role": "Buyer"}
    assert plan["title"] == "Platform rollout"
    for item in (*plan["stages"][0]["tasks"], *plan["risks"], *plan["success_criteria"]):
        assert not {"status", "done_on", "agreed", "risk"} & item.keys()
    assert plan["stages"][0]["tasks"][1]["steps"] == ["Sent", {"title": "Signed"}]


def test_the_key_is_fresh(started: tuple[Path, dict[str, Any]]) -> None:
    root, plan = started
    start_like(root, "gamma", "northwind", None, None, TODAY, TEAM)
    other = yaml.safe_load((root / "content/gamma/plan.yaml").read_text(encoding="utf-8"))
    assert re.fullmatch("[0-9abcdefghjkmnpqrstvwxyz]{26}", plan["share_key"])
    assert other["share_key"] != plan["share_key"]
    assert other["account"]["name"] == "Gamma"


def test_internal_items_take_the_references_to_them_along(started: tuple[Path, dict[str, Any]]) -> None:
    plan = started[1]
    assert [task["id"] for task in plan["stages"][0]["tasks"]] == ["nda", "trial", "live"]
    assert plan["stages"][0]["tasks"][1]["after"] == ["nda"]
    assert plan["stages"][0]["tasks"][1]["resources"] == ["deck"]
    assert plan["freezes"][0]["stops"] == ["nda"]
    assert [one["id"] for one in plan["resources"]] == ["deck", "returned"]
    assert "file" not in plan["resources"][1]


def test_dates_move_by_business_days_and_stay_in_order(started: tuple[Path, dict[str, Any]]) -> None:
    plan = started[1]
    calendar = BusinessCalendar()
    target = date.fromisoformat(plan["target"]["date"])
    assert plan["start"] == "2026-11-23"
    assert calendar.between(date(2026, 11, 23), target) == calendar.between(date(2026, 10, 5), date(2027, 1, 29))
    shift = calendar.between(date(2027, 1, 29), target)
    tasks = {task["id"]: task for task in plan["stages"][0]["tasks"]}
    assert tasks["nda"]["due"] == calendar.add(date(2026, 10, 16), shift).isoformat()
    assert tasks["trial"]["start"] == calendar.add(date(2026, 10, 19), shift).isoformat()
    assert tasks["trial"]["due"] == calendar.add(date(2026, 10, 30), shift).isoformat()
    assert tasks["live"]["due"] == plan["target"]["date"]
    assert plan["contract_signature"] == calendar.add(date(2026, 12, 18), shift).isoformat()
    assert plan["key_dates"][1]["date"] == calendar.add(date(2026, 11, 27), shift).isoformat()


def test_a_target_of_ones_own_is_kept(workspace: MakeWorkspace) -> None:
    root = workspace(FILES)
    start_like(root, "beta", "northwind", None, date(2027, 6, 30), TODAY, TEAM)
    plan = yaml.load((root / "content/beta/plan.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert plan["target"]["date"] == "2027-06-30"
    assert plan["stages"][0]["tasks"][2]["due"] == "2027-06-30"


def test_lines_that_still_name_the_customer_or_its_people_are_listed(workspace: MakeWorkspace) -> None:
    files = {**FILES, "content/northwind/plan.yaml": PLAN.replace("label: Go-live", "label: Go-live at Northwind")}
    root = workspace(files)
    (note,) = start_like(root, "beta", "northwind", None, None, TODAY, TEAM).notes
    lines = (root / "content/beta/plan.yaml").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if "Go-live at Northwind" in line)
    assert f"content/beta/plan.yaml:{number}," in note
    assert note.endswith("content/beta/overview.md:3")


@pytest.mark.parametrize("example", ["northwind", "harbour", "juniper"])
def test_a_plan_like_each_example_is_without_a_problem(example: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "content", tmp_path / "content", ignore=shutil.ignore_patterns("_templates"))
    shutil.copy(EXAMPLES / "planmark.yaml", tmp_path)
    start_like(tmp_path, "beta", example, "Beta Works", None, TODAY, frozenset({"dana", "owen", "priya", "marcus", "ellen", "ivo"}), "GB")
    assert [problem for problem in problems_of(tmp_path, "beta") if problem.severity == "error"] == []
    old = yaml.safe_load((EXAMPLES / "content" / example / "plan.yaml").read_text(encoding="utf-8"))
    new = (tmp_path / "content/beta/plan.yaml").read_text(encoding="utf-8")
    assert old["share_key"] not in new
    assert all(str(person.get("email", "@")) not in new for person in old["people"] if person.get("email"))
    assert not (tmp_path / "content/beta/meetings").exists()


def test_what_the_buyer_sent_does_not_come_along_even_where_a_text_links_to_it(workspace: MakeWorkspace) -> None:
    root = workspace({**FILES, "content/northwind/overview.md": "See [the signed form](received/form.pdf).\n"})
    start_like(root, "beta", "northwind", None, None, TODAY, TEAM)
    assert not (root / "content/beta/received").exists()
    assert [(str(problem.location), problem.code) for problem in problems_of(root, "beta")] == [("content/beta/overview.md:1:23", "PM401")]
