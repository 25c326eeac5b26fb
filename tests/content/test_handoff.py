"""Handing a plan on after the signature: what is open, who takes part and what was agreed go on; what is done stays where it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.media import PNG

from planmark.content.acting import load_one
from planmark.content.deal import Deal
from planmark.content.starting import Started, hand_off
from planmark.plan.agreement import criterion_digest
from planmark.plan.shared import shared
from planmark.problems import PlanmarkError, Problem

TODAY = date(2026, 12, 21)
WORKSPACE = """\
seller: Halyard
people:
  - {id: dana, name: Dana Whitfield}
  - {id: priya, name: Priya Raman, title: Customer success}
  - {id: owen, name: Owen Pryce}
contact: dana
"""
PLAN = """\
account: {name: Northwind Robotics, short: Northwind, logo: files/logo.png}
title: One build plan for Rotterdam
target: {date: 2027-01-29, label: Go-live in Rotterdam, why: Series production starts in March}
start: 2026-10-05
contract_signature: 2026-12-18
deal_number: NWR-14
share_key: k7w2m9x4c3hq5d8rj6p1t0bn2v
value: 120000 EUR
expires: 2027-06-30
pricing: {currency: EUR, options: [{name: One, lines: [{item: Seats, quantity: 1, unit: 10}]}]}
objective: Nine orders in ten ship on the first date
contact: dana
kept_by: dana
success_criteria:
  - {id: cycle, criterion: Planning cycle, goal: One day, by: 4w after target, agreed: {seller: 2026-10-23}}
  - {id: kept, criterion: Dates kept, by: 5d after workshop, agreed: {buyer: 2026-10-24}}
  - A feeling that it works
constraints: [{title: Data stays in the EU}, {title: Fair, date: 2026-11-02}]
freezes:
  - {id: stop, start: 2026-12-21, end: 2027-01-03, why: Shutdown}
  - {id: audit, start: 2027-02-01, end: 2027-02-05, why: Audit, stops: [nda]}
people:
  - id: maria
    name: Maria Lindqvist
    role: [economic_buyer, signatory]
    email: maria@northwind.example
    link: 2
    internal: {stance: supporter}
  - {id: joost, name: Joost van den Berg, role: executive_sponsor}
  - {name: Anouk de Wit, role: [champion, project_lead]}
  - {id: henk, name: Henk Brouwer, role: it, left: 2026-11-13}
  - {id: dana, role: account_executive}
  - {id: owen, role: solutions_engineer}
stages:
  - title: Evaluate
    tasks:
      - {id: nda, title: Sign the confidentiality agreement, owner: maria, due: 2026-10-08, status: done, done_on: 2026-10-08}
      - {id: workshop, title: Workshop, owner: anouk-de-wit, due: 2026-10-20, status: done, done_on: 2026-10-20}
  - id: close
    title: Close
    owner: maria
    tasks:
      - {id: interface, title: Connect the test system, owner: owen, due: 2026-12-23, status: doing, after: [nda, workshop]}
      - {id: consent, title: Consent of the council, owner: anouk-de-wit, due: 3d before target, gate: legal, after: interface}
      - {id: rival, title: Answer the rival's offer, owner: dana, status: dropped}
      - {id: signed, title: Contract signed, owner: [maria, dana], due: 2026-12-18, gate: signature, status: done, done_on: 2026-12-17}
  - title: Live
    kind: onboarding
    tasks:
      - {id: go-live, title: Go-live on all lines, owner: joost, due: 2027-01-29, milestone: true, after: [consent]}
      - {id: visit, title: Visit to the plant, owner: dana, audience: internal}
risks: [{id: late, title: It gets late, status: open}, {id: old, title: It was bad, status: closed}]
resources: [{id: deck, title: The deck, file: files/deck.png}]
internal: {forecast: commit, rep: dana, notes: SECRET}
"""

Write = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def root(workspace: Write) -> Path:
    """A workspace with one deal that is signed."""
    files = {"content/northwind/files/logo.png": PNG, "content/northwind/files/deck.png": PNG}
    return workspace({"planmark.yaml": WORKSPACE, "content/northwind/plan.yaml": PLAN, **files})


def handed(root: Path, **options: Any) -> tuple[Started, dict[str, Any]]:
    """Hand it on; what was written, and the new plan as any reader of YAML sees it."""
    wanted: dict[str, Any] = {"name": None, "template": "onboarding", "owner": None, "go_live": None, "today": TODAY, **options}
    started = hand_off(root, "northwind", **wanted)
    folder = started.files[0].rpartition("/")[0]
    found: dict[str, Any] = yaml.load((root / folder / "plan.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return started, found


def loaded(root: Path, name: str = "northwind-onboarding") -> tuple[Deal, list[Problem]]:
    """The new deal, with what is said about it."""
    warnings: list[Problem] = []
    return load_one(root, name, warnings), warnings


def tasks(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every task of the plan by its id."""
    return {task["id"]: task for stage in plan["stages"] for task in stage["tasks"]}


def say(root: Path, **event: Any) -> None:
    """Somebody of the buyer's side did something in the old plan, by their own link."""
    line = {"id": f"019a8e5c-0001-7000-8000-{len(event):012}", "plan": "northwind", "received": "2026-11-12T08:41:07.214Z", "proof": "link"}
    with (root / "content/northwind/activity.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**line, "by": "maria", "via": "planmark", "key": "7f31c2a9", "link": 1, **event}) + "\n")


def test_the_new_plan_has_the_old_ones_link_and_no_errors(root: Path) -> None:
    before = (root / "content/northwind/plan.yaml").read_bytes()
    old = load_one(root, "northwind").address
    handed(root)
    deal, _ = loaded(root)
    assert deal.address == old
    assert deal.plan.share_key is None
    assert (root / "content/northwind/plan.yaml").read_bytes() == before


def test_what_is_done_stays_and_what_is_open_goes_on_as_it_stands(root: Path) -> None:
    say(root, on="task/consent", kind="proposed", what="date", value="2027-01-20")
    _, plan = handed(root)
    found = tasks(plan)
    assert not {"nda", "workshop", "rival", "signed"} & set(found)
    assert (found["interface"]["status"], found["interface"]["due"]) == ("doing", "2026-12-23")
    assert "after" not in found["interface"]
    assert found["consent"]["after"] == ["interface"]
    assert found["visit"]["audience"] == "internal"
    assert "Evaluate" not in {stage["title"] for stage in plan["stages"]}


def test_a_date_that_a_command_set_and_a_state_that_the_buyer_set_go_on(root: Path) -> None:
    say(root, on="task/consent", kind="done")
    seller = {"proof": "seller", "by": "dana", "value": "2027-01-11", "was": "2026-12-23"}
    say(root, on="task/interface", kind="due", id="019a8e5c-0002-7000-8000-000000000009", **seller)
    found = tasks(handed(root)[1])
    assert "consent" not in found
    assert found["interface"]["due"] == "2027-01-11"


def test_a_task_of_both_plans_is_the_old_ones(root: Path) -> None:
    """`go-live` is what the starting plan calls `go_live`; whatever waits for it waits for the one that is there."""
    _, plan = handed(root)
    found = tasks(plan)
    assert "go_live" not in found
    assert found["go-live"]["title"] == "Go-live on all lines"
    assert found["daily_calls"]["after"] == ["go-live"]


def test_the_signature_is_done_and_gives_its_day(root: Path) -> None:
    _, plan = handed(root)
    signed = tasks(plan)["contract_signed"]
    assert (signed["status"], signed["done_on"], plan["contract_signature"]) == ("done", "2026-12-17", "2026-12-17")


def test_a_signature_that_is_still_to_come_is_carried_over(root: Path) -> None:
    path = root / "content/northwind/plan.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("gate: signature, status: done, done_on: 2026-12-17", "gate: signature"), "utf-8"
    )
    _, plan = handed(root)
    found = tasks(plan)
    assert "contract_signed" not in found
    assert found["handover_talk"]["after"] == ["signed"]
    assert plan["contract_signature"] == "2026-12-18"


def test_the_people_go_on_with_their_links_and_play_the_parts_that_are_theirs(root: Path) -> None:
    _, plan = handed(root)
    people = {one.get("id") or one["name"]: one for one in plan["people"]}
    assert people["maria"]["link"] == "2"
    assert people["maria"]["internal"] == {"stance": "supporter"}
    assert "henk" not in people
    assert not {"project_lead", "buyer_sponsor", "solutions_engineer"} & set(people)
    assert {"data_owner", "administrator", "customer_success"} <= set(people)
    found = tasks(plan)
    assert found["go_decision"]["owner"] == ["joost", "seller_sponsor"]
    assert found["training_plan"]["owner"] == "anouk-de-wit"


def test_whoever_has_left_and_still_owns_something_stays_until_somebody_else_does(root: Path) -> None:
    path = root / "content/northwind/plan.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("owner: owen, due: 2026-12-23", "owner: henk, due: 2026-12-23"), encoding="utf-8"
    )
    assert "henk" in {one.get("id") for one in handed(root)[1]["people"]}


def test_a_new_owner_keeps_the_plan_and_is_whom_the_buyer_calls(root: Path) -> None:
    _, plan = handed(root, owner="priya")
    assert (plan["contact"], plan["kept_by"]) == ("priya", "priya")
    assert {one.get("id") for one in plan["people"]} >= {"priya", "dana", "owen"}
    assert tasks(plan)["daily_calls"]["owner"] == ["priya", "lead_user"]
    deal, _ = loaded(root)
    assert next(one for one in deal.plan.people if one.id == "priya").name == "Priya Raman"


def test_an_owner_whom_nobody_knows_is_a_mistake_with_a_name(root: Path) -> None:
    with pytest.raises(PlanmarkError) as error:
        handed(root, owner="prya")
    assert (error.value.problems[0].code, error.value.problems[0].hint) == ("PM301", "did you mean `priya`?")
    with pytest.raises(PlanmarkError):
        handed(root, owner="maria")
    assert not (root / "content/northwind-onboarding").exists()


def test_dates_count_from_go_live(root: Path) -> None:
    _, plan = handed(root, go_live=date(2027, 3, 31))
    found = tasks(plan)
    assert plan["target"] == {"date": "2027-03-31", "label": "Go-live in Rotterdam", "why": "Series production starts in March"}
    assert found["go-live"]["due"] == "2027-03-31"
    assert found["first_review"]["due"] == "2027-04-28"
    assert found["go_decision"]["due"] == "2027-03-29"
    assert found["consent"]["due"] == "2027-01-26"
    assert (plan["start"], found["kickoff"]["due"]) == ("2026-12-21", "2026-12-28")


def test_without_a_date_go_live_is_the_old_target(root: Path) -> None:
    assert handed(root)[1]["target"]["date"] == "2027-01-29"


def test_an_old_target_that_is_over_is_no_go_live(root: Path) -> None:
    _, plan = handed(root, today=date(2027, 2, 1))
    assert plan["target"] == {"date": "2027-04-12", "label": "Go-live", "why": "The day from which the work is done in the new way"}


def test_go_live_before_the_start_is_refused(root: Path) -> None:
    with pytest.raises(PlanmarkError) as error:
        handed(root, go_live=date(2026, 12, 1))
    assert error.value.problems[0].code == "PM222"


def test_criteria_go_on_word_for_word_with_what_was_agreed_to_these_words(root: Path) -> None:
    """An agreement binds a criterion as it reads; of an earlier wording nothing is carried over."""
    old = shared(load_one(root, "northwind").plan)
    rev = criterion_digest(old.success_criteria[0])
    say(root, on="criterion/cycle", kind="agreed", rev=rev)
    say(root, on="criterion/a-feeling-that-it-works", kind="agreed", rev="0" * 32, id="019a8e5c-0003-7000-8000-000000000009")
    _, plan = handed(root, go_live=date(2027, 3, 31))
    cycle, kept, feeling = plan["success_criteria"]
    assert cycle["agreed"] == {"buyer": "2026-11-12", "seller": "2026-10-23"}
    assert kept["agreed"] == {"buyer": "2026-10-24"}
    assert "agreed" not in feeling
    deal, _ = loaded(root)
    assert criterion_digest(shared(deal.plan).success_criteria[0]) == rev
    assert kept["by"] == "2026-10-27"


def test_money_and_what_is_over_stay_behind(root: Path) -> None:
    _, plan = handed(root)
    assert not {"value", "pricing", "expires", "share_key", "id"} & set(plan)
    assert plan["internal"] == {"rep": "dana"}
    assert [one["title"] for one in plan["constraints"]] == ["Data stays in the EU"]
    assert [one["id"] for one in plan["freezes"]] == ["stop"]
    assert "old" not in {one["id"] for one in plan["risks"]}
    assert (plan["title"], plan["objective"]) == ("One build plan for Rotterdam", "Nine orders in ten ship on the first date")
    assert plan["deal_number"] == "NWR-14"
    assert "legal" not in plan["not_needed"]


def test_files_that_go_on_come_along(root: Path) -> None:
    started, _ = handed(root)
    assert {"content/northwind-onboarding/files/logo.png", "content/northwind-onboarding/files/deck.png"} <= set(started.files)
    assert (root / "content/northwind-onboarding/overview.md").is_file()


def test_activity_stays_with_the_old_plan_and_is_known_to_the_new_one(root: Path) -> None:
    say(root, on="plan", kind="comment", text="Keep Mondays free")
    handed(root)
    deal, problems = loaded(root)
    assert not deal.acts.counting
    assert [event.text for event in deal.former] == ["Keep Mondays free"]
    assert not [one for one in problems if one.code.startswith("PM7")]


def test_a_plan_is_handed_on_once_and_then_its_heir(root: Path) -> None:
    handed(root)
    with pytest.raises(PlanmarkError) as error:
        handed(root, name="another")
    assert error.value.problems[0].code == "PM614"
    hand_off(root, "northwind-onboarding", None, "essentials", None, date(2027, 9, 1), date(2027, 5, 3))
    deal, _ = loaded(root, "northwind-essentials")
    assert deal.address == load_one(root, "northwind").address


def test_what_it_cannot_know_is_said(root: Path) -> None:
    notes = "\n".join(handed(root)[0].notes)
    assert "data_owner, administrator" in notes
    assert "give --owner" in notes
    assert "4 tasks are still open and carried over" in notes


@pytest.mark.parametrize("template", ["complete", "enterprise", "essentials", "smb", "workspace", "onboarding"])
@pytest.mark.parametrize("deal", ["northwind", "harbour", "juniper"])
def test_every_example_goes_on_with_every_starting_plan(tmp_path: Path, deal: str, template: str) -> None:
    import shutil

    from planmark.shipped import TEMPLATES

    root = tmp_path / "workspace"
    for name in ("content/_library", f"content/{deal}", "themes"):
        shutil.copytree(TEMPLATES.parents[1] / name, root / name)
    shutil.copy(TEMPLATES.parents[1] / "planmark.yaml", root)
    hand_off(root, deal, "next", template, "priya", date(2027, 4, 30), TODAY)
    assert load_one(root, "next").address == load_one(root, deal).address
