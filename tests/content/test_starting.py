"""Starting: a workspace, a plan from each starting plan, and a plan like another deal that takes nothing of that customer along."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from planmark.content.deal import Deal
from planmark.content.load import load_deal
from planmark.content.starting import start_like, start_plan, start_workspace
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.scalars import When
from planmark.plan.walk import marked
from planmark.problems import PlanmarkError, Problem
from planmark.shipped import TEMPLATES

TODAY = date(2026, 11, 22)
TARGET = date(2027, 6, 30)
SHIPPED = sorted(folder.name for folder in TEMPLATES.iterdir() if (folder / "plan.yaml").is_file())
KEY = re.compile(r"[0-9abcdefghjkmnpqrstvwxyz]{26}")
EXAMPLES = TEMPLATES.parents[1]
MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]


def loaded(root: Path, name: str) -> tuple[Deal | None, list[Problem]]:
    problems: list[Problem] = []
    team = load_team(root, scan(root / "content" / "_library"), problems)
    assert team is not None
    deal = load_deal(team, name, scan(root / "content" / name))
    return deal.deal, problems + deal.problems


def raw(root: Path, name: str) -> dict[str, Any]:
    """The plan as a program without our reader sees it."""
    return yaml.load((root / "content" / name / "plan.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def every_text(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in (key, *every_text(one))]
    return [text for one in value for text in every_text(one)] if isinstance(value, list) else [value]


# ---- a plan from a starting plan -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("holidays", ["", "GB", "SA"])
@pytest.mark.parametrize("template", SHIPPED)
def test_every_starting_plan_gives_a_plan_without_a_problem(template: str, holidays: str, workspace: MakeWorkspace) -> None:
    root = workspace({"planmark.yaml": f"holidays: {holidays}\n" if holidays else ""})
    started = start_plan(root, "acme", template, "Acme: Robots & Co", TARGET, TODAY, holidays)
    deal, problems = loaded(root, "acme")
    assert problems == []
    assert deal is not None
    assert deal.plan.account.name == "Acme: Robots & Co"
    assert deal.plan.target.date.day == TARGET
    assert deal.plan.share_key is not None
    assert KEY.fullmatch(deal.plan.share_key)
    assert deal.plan.start is not None
    assert BusinessCalendar(holidays).works(deal.plan.start.day or TODAY)
    assert "content/acme/plan.yaml" in started.files
    assert started.notes == []


@pytest.mark.parametrize("template", SHIPPED)
def test_every_date_is_a_plain_day_between_the_start_and_what_follows_the_target(template: str, workspace: MakeWorkspace) -> None:
    root = workspace({})
    start_plan(root, "acme", template, None, TARGET, TODAY)
    deal, _ = loaded(root, "acme")
    assert deal is not None
    dates = {path: when for path, _, when in marked(deal.plan) if isinstance(when, When)}
    assert len(dates) > 4
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", when.written) for when in dates.values())
    assert all(date(2026, 11, 23) <= when.day <= date(2028, 6, 30) for when in dates.values() if when.day)
    tasks = {task.id: task for stage in deal.plan.stages for task in stage.tasks}
    for task in tasks.values():
        assert task.due is not None
        for before in task.after:
            assert (tasks[before].due or task.due).day <= task.due.day, f"{task.id} is due before {before}"
    assert max(when.day for path, when in dates.items() if path[:1] == ("stages",) and when.day) >= TARGET


@pytest.mark.parametrize("template", SHIPPED)
def test_a_starting_plan_keeps_its_comments_and_names_nobody(template: str, workspace: MakeWorkspace) -> None:
    root = workspace({})
    start_plan(root, "acme", template, None, TARGET, TODAY)
    text = (root / "content/acme/plan.yaml").read_text(encoding="utf-8")
    comments = re.findall(r"^#.*$", (TEMPLATES / template / "plan.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert comments
    assert all(comment in text for comment in comments)
    assert not any("name" in person for person in raw(root, "acme")["people"])


def test_without_a_target_the_dates_follow_from_today(workspace: MakeWorkspace) -> None:
    root = workspace({})
    start_plan(root, "acme", "smb", None, None, TODAY)
    plan = raw(root, "acme")
    assert plan["start"] == "2026-11-23"
    assert plan["target"]["date"] == "2026-12-28"
    assert plan["account"]["name"] == "Acme"


def test_a_near_target_is_said_to_be_too_early_for_some_tasks(workspace: MakeWorkspace) -> None:
    started = start_plan(workspace({}), "acme", "enterprise", None, date(2026, 12, 31), TODAY)
    assert len(started.notes) == 1
    assert "would have been due before today" in started.notes[0]


def test_the_key_is_another_each_time(workspace: MakeWorkspace) -> None:
    root = workspace({})
    for name in ("one", "two", "three"):
        start_plan(root, name, "smb", None, TARGET, TODAY)
    assert len({raw(root, name)["share_key"] for name in ("one", "two", "three")}) == 3


def test_the_contact_of_the_workspace_takes_the_sellers_part(workspace: MakeWorkspace) -> None:
    root = workspace({"planmark.yaml": "people: [{id: dana, name: Dana}]\ncontact: dana\n"})
    start_plan(root, "acme", "smb", None, TARGET, TODAY, contact="dana")
    deal, problems = loaded(root, "acme")
    assert problems == []
    assert deal is not None
    assert [person.name for person in deal.plan.people if person.party == "seller"] == ["Dana"]
    assert "account_executive" not in {owner for stage in deal.plan.stages for task in stage.tasks for owner in task.owner}


def test_the_teams_own_starting_plan_comes_before_one_that_ships(workspace: MakeWorkspace) -> None:
    own = """\
        # ours
        account: 'Somebody''s'
        title: "Rollout"
        target: {label: Go, date: "4w after start"}    # four weeks
        start: 2026-12-01
        people: maria
        stages: {title: S, tasks: {title: T, due: '0d before target'}}
        summary: text.md
    """
    root = workspace(
        {"content/_templates/smb/plan.yaml": own, "content/_templates/smb/text.md": "Hello", "content/_templates/smb/.x": "no"}
    )
    started = start_plan(root, "acme", "smb", "Beta Works", None, TODAY)
    assert loaded(root, "acme")[1] == []
    text = (root / "content/acme/plan.yaml").read_text(encoding="utf-8")
    assert re.sub(KEY, "KEY", text) == (
        "# yaml-language-server: $schema=../../.planmark/plan.schema.json\n"
        "# ours\n"
        "share_key: KEY   # the unguessable part of the link; change it to revoke the link\n"
        "account: Beta Works\n"
        'title: "Rollout"\n'
        "target: {label: Go, date: 2026-12-29}    # four weeks\n"
        "start: 2026-12-01\n"
        "people: maria\n"
        "stages: {title: S, tasks: {title: T, due: 2026-12-29}}\n"
        "summary: text.md\n"
    )
    assert [path for path in started.files if path.startswith("content/")] == ["content/acme/plan.yaml", "content/acme/text.md"]


@pytest.mark.parametrize(
    ("name", "code", "hint"),
    [
        ("taken", "PM607", "choose another name"),
        ("Acme Corp", "PM214", "use lower-case letters, digits, `-` and `_`: `acme-corp`"),
        ("../acme", "PM214", "use lower-case letters, digits, `-` and `_`: `acme`"),
        ("_acme", "PM214", "use lower-case letters, digits, `-` and `_`: `acme`"),
        ("", "PM214", None),
        ("a" * 65, "PM214", None),
        ("/tmp/acme", "PM214", None),
    ],
)
def test_a_name_that_is_taken_or_none_is_refused_and_nothing_is_written(
    name: str, code: str, hint: str | None, workspace: MakeWorkspace
) -> None:
    root = workspace({"content/taken/plan.yaml": "title: Rollout"})
    before = sorted(root.rglob("*"))
    for start in (
        lambda: start_plan(root, name, "smb", None, TARGET, TODAY),
        lambda: start_like(root, name, "taken", None, TARGET, TODAY, frozenset()),
    ):
        with pytest.raises(PlanmarkError) as refused:
            start()
        (problem,) = refused.value.problems
        assert problem.code == code
        assert hint is None or problem.hint == hint
    assert sorted(root.rglob("*")) == before


def test_a_starting_plan_or_a_deal_that_does_not_exist_is_refused_with_the_nearest(workspace: MakeWorkspace) -> None:
    root = workspace({"content/northwind/plan.yaml": "title: Rollout"})
    with pytest.raises(PlanmarkError) as refused:
        start_plan(root, "acme", "enterprize", None, TARGET, TODAY)
    assert [(problem.code, problem.hint) for problem in refused.value.problems] == [("PM606", "did you mean `enterprise`?")]
    with pytest.raises(PlanmarkError) as refused:
        start_like(root, "acme", "nortwind", None, TARGET, TODAY, frozenset())
    assert [(problem.code, problem.hint) for problem in refused.value.problems] == [("PM604", "did you mean `northwind`?")]


def test_a_starting_plan_with_mistakes_is_refused_with_all_of_them(workspace: MakeWorkspace) -> None:
    root = workspace({"content/_templates/own/plan.yaml": "account: A\ntitel: T\ntarget: someday\npeople: maria\nstages: []\n"})
    with pytest.raises(PlanmarkError) as refused:
        start_plan(root, "acme", "own", None, None, TODAY)
    assert [(str(problem.location), problem.code) for problem in refused.value.problems] == [
        ("content/_templates/own/plan.yaml:2:1", "PM201"),
        ("content/_templates/own/plan.yaml:3:9", "PM205"),
    ]
    assert not (root / "content/acme").exists()


# ---- a workspace ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seller", ["Lumen", 'Lumen: "Security" & Co', "# Lumen", "ルーメン"])
def test_a_new_workspace_is_without_a_problem_and_names_its_seller(seller: str, tmp_path: Path) -> None:
    start_workspace(tmp_path, seller, "Europe/London")
    problems: list[Problem] = []
    team = load_team(tmp_path, {}, problems)
    assert problems == []
    assert team is not None
    assert team.workspace.seller is not None
    assert team.workspace.seller.name == seller
    assert team.workspace.timezone == "Europe/London"
    assert (tmp_path / ".planmark/plan.schema.json").is_file()
    assert (tmp_path / ".gitattributes").read_text(encoding="utf-8") == "activity*.jsonl merge=union\n"
    start_plan(tmp_path, "acme", "smb", None, TARGET, TODAY, contact=team.workspace.contact)
    assert loaded(tmp_path, "acme")[1] == []


def test_a_workspace_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    start_workspace(tmp_path, "Lumen", "UTC")
    with pytest.raises(PlanmarkError) as refused:
        start_workspace(tmp_path, "Other", "UTC")
    assert [problem.code for problem in refused.value.problems] == ["PM607"]
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    assert "Lumen" in (tmp_path / "planmark.yaml").read_text(encoding="utf-8")
