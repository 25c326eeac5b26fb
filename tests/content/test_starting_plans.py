"""Each starting plan on different days and with different targets: a plan that can be sent, or a word about what cannot be kept."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import MakeWorkspace

from planmark.content.deal import Deal
from planmark.content.load import load_deal
from planmark.content.starting import start_plan, starting_plans
from planmark.content.starting.beginning import KEY_LETTERS, new_share_key
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.scalars import When
from planmark.plan.walk import marked
from planmark.problems import Problem
from planmark.shipped import TEMPLATES

SHIPPED = sorted(folder.name for folder in TEMPLATES.iterdir() if (folder / "plan.yaml").is_file())
WEEKS = {"complete": 20, "enterprise": 24, "essentials": 8, "onboarding": 10, "smb": 5, "workspace": 16}
"""How long each takes when nothing is cut short."""
TODAYS = [date(2026, 11, 22), date(2027, 2, 26), date(2028, 2, 29), date(2026, 12, 24)]
EARLY = "would have been due before today"


def load(root: Path, name: str) -> Deal:
    """A deal without any problem."""
    problems: list[Problem] = []
    team = load_team(root, scan(root / "content" / "_library"), problems)
    assert team is not None
    loaded = load_deal(team, name, scan(root / "content" / name))
    assert [*problems, *loaded.problems] == []
    assert loaded.deal is not None
    return loaded.deal


def crossings(deal: Deal) -> list[str]:
    """Tasks that are due before something they wait for."""
    days = {task.id: task.due.day for stage in deal.plan.stages for task in stage.tasks if task.due and task.due.day}
    return [task.id for stage in deal.plan.stages for task in stage.tasks if any(days[before] > days[task.id] for before in task.after)]


@pytest.mark.parametrize("today", TODAYS, ids=str)
@pytest.mark.parametrize("template", SHIPPED)
def test_without_a_target_it_takes_as_long_as_it_takes(template: str, today: date, workspace: MakeWorkspace) -> None:
    root = workspace({"planmark.yaml": "holidays: GB\n"})
    started = start_plan(root, "acme", template, None, None, today, "GB")
    deal = load(root, "acme")
    assert started.notes == []
    assert crossings(deal) == []
    start, target = deal.plan.start, deal.plan.target.date.day
    assert start is not None
    assert start.day == BusinessCalendar("GB").nearest(today)
    assert target is not None
    assert today < target < today + timedelta(weeks=27)


@pytest.mark.parametrize("today", TODAYS, ids=str)
@pytest.mark.parametrize("template", SHIPPED)
def test_with_time_enough_everything_fits_before_the_target(template: str, today: date, workspace: MakeWorkspace) -> None:
    root = workspace({"planmark.yaml": "holidays: DE-BY\n"})
    target = today + timedelta(weeks=WEEKS[template] + 5)
    started = start_plan(root, "acme", template, "Beta Works GmbH & Co. KG", target, today, "DE-BY")
    deal = load(root, "acme")
    assert started.notes == []
    assert crossings(deal) == []
    assert deal.plan.account.name == "Beta Works GmbH & Co. KG"
    assert deal.plan.target.date == When(target.isoformat(), day=target)
    written = [value for _, marker, value in marked(deal.plan) if marker == "date"]
    assert all(value.written == str(value.day) for value in written)
    calendar = BusinessCalendar("DE-BY")
    assert all(calendar.works(value.day) for value in written if value.day != target)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(template=st.sampled_from(SHIPPED), weeks=st.integers(0, 40), after=st.integers(0, 400))
def test_what_a_near_target_does_to_the_plan_is_said(template: str, weeks: int, after: int, tmp_path: Path) -> None:
    """What cannot be kept is found at once, not by the customer."""
    root = Path(mkdtemp(dir=tmp_path))
    (root / "planmark.yaml").write_text("")
    today = date(2026, 9, 1) + timedelta(days=after)
    started = start_plan(root, "acme", template, None, today + timedelta(weeks=weeks), today)
    text = (root / "content/acme/plan.yaml").read_text(encoding="utf-8")
    dues = [date.fromisoformat(day) for day in re.findall(r"\bdue: ([-0-9]+)", text)]
    assert len(dues) == len(re.findall(r"\bdue: ", text)) > 3
    early = sum(due < today for due in dues)
    assert [note.split(" ", 1)[0] for note in started.notes] == ([str(early)] if early else [])
    assert all(EARLY in note for note in started.notes)


def test_the_note_names_the_first_tasks_and_counts_them_all(workspace: MakeWorkspace) -> None:
    root = workspace({})
    started = start_plan(root, "near", "enterprise", None, date(2026, 12, 11), date(2026, 11, 22))
    (note,) = started.notes
    assert re.fullmatch(
        r"\d+ tasks would have been due before today \(“[^”]+”, “[^”]+”, “[^”]+” …\): move the target, or shorten the way", note
    )
    started = start_plan(root, "nearer", "smb", None, date(2026, 11, 26), date(2026, 11, 22))
    assert started.notes == [f"1 task {EARLY} (“Agree price and terms and sign”): move the target, or shorten the way"]


def test_a_share_key_is_130_bits_that_can_be_read_aloud() -> None:
    keys = {new_share_key() for _ in range(200)}
    assert len(keys) == 200
    assert {len(key) for key in keys} == {26}
    assert set("".join(keys)) == set(KEY_LETTERS)
    assert not set(KEY_LETTERS) & set("ilou")


OWN = """\
# Ours
id: ours
share_key: k7w2m9x4c3hq5d8rj6p1t0bn2v     # of the deal that this was made from
account: Somebody
title: Rollout
target: 4w after start
contact: account_executive
people: [{id: buyer_lead, role: champion}, {id: account_executive, party: seller}]
stages:
  - title: Start
    owner: account_executive
    tasks:
      - {title: Sign, owner: [account_executive, buyer_lead], due: 2w before target}
      - {title: Meet, owner: account_executive, due: 2w before target, meeting: {with: [buyer_lead, account_executive]}}
risks: [{title: The account_executive is away, owner: account_executive}]
"""


def test_a_starting_plan_of_ones_own_gets_a_key_of_its_own(workspace: MakeWorkspace) -> None:
    """Even where it was made from a deal, whose link must not lead to another customer's plan."""
    root = workspace({"content/_templates/ours/plan.yaml": OWN, "planmark.yaml": "people: [{id: dana, name: Dana}]\n"})
    start_plan(root, "acme", "ours", None, None, date(2026, 11, 22))
    text = (root / "content/acme/plan.yaml").read_text(encoding="utf-8")
    assert "k7w2m9x4" not in text
    assert text.count("share_key:") == 1
    assert len(load(root, "acme").plan.share_key or "") == 26


def test_the_teams_contact_stands_wherever_the_seller_stood(workspace: MakeWorkspace) -> None:
    root = workspace({"content/_templates/ours/plan.yaml": OWN, "planmark.yaml": "people: [{id: dana, name: Dana}]\ncontact: dana\n"})
    start_plan(root, "acme", "ours", None, None, date(2026, 11, 22), contact="dana")
    plan = load(root, "acme").plan
    assert plan.contact == "dana"
    assert [person.id for person in plan.people] == ["buyer_lead", "dana"]
    assert [task.owner for task in plan.stages[0].tasks] == [("dana", "buyer_lead"), ("dana",)]
    assert plan.stages[0].owner == plan.risks[0].owner == ("dana",)
    assert plan.risks[0].title == "The account_executive is away"


def test_the_starting_plans_are_those_that_ship_and_the_teams_own(workspace: MakeWorkspace) -> None:
    root = workspace({"content/_templates/ours/plan.yaml": OWN, "content/_templates/notes/readme.md": "none"})
    assert sorted(starting_plans(root)) == sorted([*SHIPPED, "ours"])
    assert sorted(WEEKS) == SHIPPED
