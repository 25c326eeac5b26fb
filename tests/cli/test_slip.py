"""`planmark slip`: what else moves is told before anything is promised; only --apply writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.running import Said, planmark
from tests.endpoints.coming import MakeWorkspace

from planmark.content.acting import load_one
from planmark.content.activity import ACTIVITY, read_activity

WORKSPACE = "seller: {name: Lumen}\npeople: [{id: dana, name: Dana Whitfield}]\ncontact: dana\n"
PLAN = """\
account: Northwind
title: Rollout
target: {date: 2026-12-18, label: Go-live}
people: [{id: maria, name: Maria Lindqvist}]
stages:
  - title: Evaluate
    tasks:
      - {id: review, title: Security review, owner: maria, due: 2026-12-02}
      - {id: text, title: Contract text, owner: dana, takes: 2d, due: 2026-12-09, after: [review]}
      - {id: copy, title: Send a copy, owner: dana, due: 1d after review}
      - {id: plan, title: Plan the day, owner: [maria, dana], takes: 3d, after: [text]}
      - {id: kickoff, title: Kick-off, owner: dana, due: 2026-11-02, status: done}
"""


@pytest.fixture
def root(workspace: MakeWorkspace) -> Path:
    return workspace({"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": PLAN})


def dues(root: Path) -> dict[str, str]:
    """The date of each task, as the plan stands."""
    return {task.id: str(task.due.day) for stage in load_one(root, "acme").plan.stages for task in stage.tasks if task.due}


def slip(root: Path, *arguments: str) -> Said:
    return planmark(root, "slip", "acme", *arguments)


def test_a_slip_within_the_room_moves_nothing_else(root: Path) -> None:
    said = slip(root, "text", "2d")
    assert said.code == 0
    assert said.out.splitlines() == [
        "“Contract text” moves from 2026-12-09 to 2026-12-11.",
        "Nothing else moves.",
        "",
        "Go-live on 2026-12-18 holds: the last task before it is due on 2026-12-18.",
        "Whom it concerns: Dana Whitfield",
        "Nothing is written; `--apply` sets these dates.",
    ]


def test_a_longer_one_says_what_moves_whom_it_concerns_and_that_the_target_is_missed(root: Path) -> None:
    said = slip(root, "review", "2w")
    assert said.code == 0
    assert "These follow by themselves:\n  copy  2026-12-03 → 2026-12-17  Send a copy (Dana Whitfield)" in said.out
    assert "These have to move:\n  text  2026-12-09 → 2026-12-18  Contract text (Dana Whitfield; it waits for review)" in said.out
    assert "  plan  2026-12-18 → 2026-12-23  Plan the day (Maria Lindqvist, Dana Whitfield; it waits for text)" in said.out
    assert "Go-live on 2026-12-18 does not hold: it would be 2026-12-23, 5 days later." in said.out
    assert "Whom it concerns: Maria Lindqvist, Dana Whitfield" in said.out
    assert not (root / "content/acme/activity.jsonl").exists()


def test_one_date_that_is_set_is_one(root: Path) -> None:
    assert "Set: 1 date. It holds until plan.yaml says otherwise." in slip(root, "plan", "1d", "--apply").out


def test_applied_it_sets_all_of_them_in_one_go_and_the_file_stays(root: Path) -> None:
    before = (root / "content/acme/plan.yaml").read_bytes()
    said = slip(root, "review", "--to", "2026-12-16", "--apply", "--text", "Their counsel is away")
    assert "Set: 3 dates. They hold until plan.yaml says otherwise." in said.out
    assert dues(root) == {
        "review": "2026-12-16",
        "text": "2026-12-18",
        "copy": "2026-12-17",
        "plan": "2026-12-23",
        "kickoff": "2026-11-02",
    }
    assert (root / "content/acme/plan.yaml").read_bytes() == before
    events = read_activity(root / "content/acme", [ACTIVITY], "", []).events
    assert [(one.on, one.value, one.by, one.text) for one in events] == [
        (f"task/{name}", day, "dana", "Their counsel is away")
        for name, day in (("review", "2026-12-16"), ("text", "2026-12-18"), ("plan", "2026-12-23"))
    ]
    assert slip(root, "review", "--to", "2026-12-16").code == 1


def test_as_data_it_is_the_same(root: Path) -> None:
    found = json.loads(slip(root, "review", "2w", "--json").out)
    assert (found["task"], found["was"], found["now"]) == ("review", "2026-12-02", "2026-12-16")
    assert [(one["task"], one["pushed"], one["because"]) for one in found["moves"]] == [
        ("review", False, None),
        ("text", True, "review"),
        ("copy", False, None),
        ("plan", True, "text"),
    ]
    assert found["targets"] == [{"target": "target", "day": "2026-12-18", "done_by": "2026-12-23", "holds": False}]
    assert found["owners"] == ["maria", "dana"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kickoff", "3d"), "content/acme/plan.yaml  PM711  `kickoff` is done already: it cannot slip"),
        (("reviev", "3d"), "PM302  no task has the id `reviev`  did you mean `review`?"),
        (("review", "--to", "2026-12-02"), "PM711  `review` is due on 2026-12-02 already  write how many business days later, such as 5d"),
    ],
)
def test_what_cannot_slip_says_why(root: Path, arguments: tuple[str, ...], said: str) -> None:
    answer = slip(root, *arguments)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


@pytest.mark.parametrize("arguments", [("review",), ("review", "5d", "--to", "2026-12-11"), ("review", "soon"), ("review", "5 days")])
def test_how_much_is_written_one_way(root: Path, arguments: tuple[str, ...]) -> None:
    answer = slip(root, *arguments)
    assert answer.code == 2
    assert "planmark slip acme review 5d (business days; 2w are two weeks), or --to 2027-01-29" in answer.err
