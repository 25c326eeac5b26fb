"""After a handoff, nothing that was done in the plan before it is new on the page of the next one."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import MakeWorkspace
from tests.page.site import receiving
from tests.site.test_projection import TODAY

from planmark.content.acting import load_one
from planmark.site.forms import Forms, page_data
from planmark.site.projection import project

PLAN = """\
account: Acme
title: Rollout
target: 2027-01-29
version: 2026-11-03
people: [{id: maria, name: Maria}, {id: dana, name: Dana, party: seller}]
stages: [{title: Start, tasks: [{id: nda, title: Sign, owner: maria, due: 2026-12-20}]}]
"""


def said(number: int, on: str, plan: str = "acme", received: str = "", **other: str) -> str:
    """A line of activity, of one day after the other."""
    line = {"id": f"019a8e5c-0001-7000-8000-{number:012}", "plan": plan, "on": on, "kind": "comment", "proof": "link", "by": "maria"}
    return (
        json.dumps({**line, "received": received or f"2026-11-{number:02}T08:00:00Z", "text": "Hello", "via": "planmark", **other}) + "\n"
    )


def data(workspace: MakeWorkspace, before: str, after: str = "") -> dict[str, Any]:
    """What the page of the next plan tells its script."""
    files = {
        "planmark.yaml": "seller: Halyard\n",
        "content/acme/plan.yaml": PLAN + "share_key: k7w2m9x4c3hq5d8rj6p1t0bn2v\n",
        "content/live/plan.yaml": PLAN + "continues: acme\n",
        "content/acme/activity.jsonl": before,
    }
    root = workspace({**files, **({"content/live/activity.jsonl": after} if after else {})})
    deal = load_one(root, "live")
    view = project(deal, TODAY, deal.history).view
    forms = Forms(receiving("https://forms.example")(view.key), "")
    found: dict[str, Any] = json.loads(page_data(view, forms, deal.acts, deal.former))
    return found


def test_what_was_said_before_is_seen_and_told_whatever_it_was_on(workspace: MakeWorkspace) -> None:
    """A receiver gives both plans' acts under the one link: the script shows those that are newer than what was seen."""
    found = data(workspace, said(4, "task/nda") + said(9, "section/summary") + said(6, "plan"))
    newest = "2026-11-09T08:00:00.000000Z"
    assert {found["seen"][item] for item in ("task/nda", "plan", "section/summary")} == {newest}
    assert len(found["told"]) == 3


def test_what_is_said_since_is_seen_as_it_is(workspace: MakeWorkspace) -> None:
    found = data(workspace, said(4, "task/nda"), said(11, "task/nda", plan="live"))
    assert (found["seen"]["task/nda"], found["seen"]["plan"]) == ("2026-11-11T08:00:00.000000Z", "2026-11-04T08:00:00.000000Z")


def test_a_plan_with_nothing_before_it_says_nothing_of_it(workspace: MakeWorkspace) -> None:
    assert (data(workspace, "")["seen"], data(workspace, "")["told"]) == ({}, [])
