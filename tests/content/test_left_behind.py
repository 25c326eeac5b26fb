"""A plan like another, whatever that one holds: it has no problem of its own, and what it leaves behind leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from textwrap import dedent
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import MakeWorkspace, write
from tests.site.canary import Canary, is_secret

from planmark.content.load import load_deal
from planmark.content.starting import start_like
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.plan import Plan
from planmark.plan.walk import marked
from planmark.problems import PlanmarkError, Problem

TODAY = date(2026, 11, 22)
TEAM = "people: [{id: dana, name: Dana}]\n"
REST = {
    "account": "Acme",
    "title": "Rollout",
    "start": "2026-11-02",
    "target": "2027-01-29",
    "people": "[{id: maria, name: Maria, role: champion}]",
    "stages": "[{id: start, title: Start, tasks: [{id: sign, title: Sign}]}]",
}
Like = Callable[..., Any]


def load(root: Path, name: str) -> Plan:
    """A deal's plan without any problem."""
    problems: list[Problem] = []
    team = load_team(root, scan(root / "content" / "_library"), problems)
    assert team is not None
    loaded = load_deal(team, name, scan(root / "content" / name))
    assert [*problems, *loaded.problems] == []
    assert loaded.deal is not None
    return loaded.deal.plan


@pytest.fixture
def like(workspace: MakeWorkspace) -> Like:
    """The raw values of a plan like a small one that has these lines. Neither has a problem."""

    def start(lines: str, target: date | None = None, name: str = "beta") -> Any:
        text = dedent(lines).strip("\n")
        base = "".join(f"{key}: {value}\n" for key, value in REST.items() if f"\n{key}:" not in f"\n{text}")
        root = workspace({"planmark.yaml": TEAM, "content/acme/plan.yaml": f"{base}{text}\n"})
        load(root, "acme")
        start_like(root, name, "acme", "Beta Works", target, TODAY, frozenset({"dana"}))
        load(root, name)
        return yaml.load((root / "content" / name / "plan.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)

    return start


def test_of_a_plan_with_every_field_nothing_internal_comes_along(workspace: MakeWorkspace) -> None:
    root = workspace(Canary().workspace())
    load(root, "acme")
    start_like(root, "beta", "acme", "Beta Works", None, TODAY, frozenset({"open-dana", "hush-owen"}))
    load(root, "beta")
    for path in (root / "content" / "beta").rglob("*"):
        assert not is_secret(path.name)
        assert path.is_dir() or not is_secret(path.read_bytes().decode("utf-8", "replace")), path.name


def moved(target: Any) -> Any:
    """A target's date, whether it is alone or not."""
    return target["date"] if isinstance(target, dict) else target


@pytest.mark.parametrize("target", ["2027-01-29", "{date: 2027-01-29, label: Go-live}", "64d after start"])
def test_the_target_moves_however_it_is_written(target: str, like: Like) -> None:
    plan = like(f"target: {target}")
    assert plan["start"] == "2026-11-23"
    assert moved(plan["target"]) == "2027-02-19"
    assert moved(like(f"target: {target}", date(2027, 5, 28), "gamma")["target"]) == "2027-05-28"


def test_new_ids_of_people_are_not_those_of_others(like: Like) -> None:
    """A role may be called like a party, or like a colleague who comes along."""
    plan = like(
        """
        parties: [{id: counsel, name: Orr LLP, side: buyer}]
        people:
          - {id: maria, name: Maria, role: champion}
          - {id: champion, name: Ours, party: seller}
          - {id: claire, name: Claire, role: Counsel, party: counsel}
          - {id: bo, name: Bo, role: Buyer}
          - {id: di, name: Di, role: dana}
          - {name: Ed Moss}
        stages: [{title: S, tasks: [{title: T, owner: [maria, champion, counsel, claire, buyer, bo, di, ed-moss]}]}]
        """
    )
    assert [person["id"] for person in plan["people"]] == ["champion-2", "champion", "counsel-2", "buyer-2", "dana-2", "colleague"]
    (task,) = plan["stages"][0]["tasks"]
    assert task["owner"] == ["champion-2", "champion", "counsel", "counsel-2", "buyer", "buyer-2", "dana-2", "colleague"]


def test_what_refers_to_something_internal_goes_with_it(like: Like) -> None:
    plan = like(
        """
        people: [{id: maria, name: Maria, role: champion, party: helper}, {id: zorro, name: Zorro, role: champion, audience: internal}]
        parties: [{id: helper, name: Helpers, audience: internal}]
        contact: zorro
        review: {with: [zorro, maria], contact: zorro, every: week}
        responsibilities: [{party: helper, what: Build}, {party: buyer, what: Decide}]
        allocation: [{what: Data, provided_by: helper}, {what: Room, provided_by: buyer, stage: closing}]
        success_criteria: [{id: s1, criterion: Speed, party: helper}, {id: s2, criterion: Margin, audience: internal}]
        resources: [{id: rival, title: Rival, audience: internal}, {id: demo, title: Demo, owner: zorro, quote: {text: Good, by: zorro}}]
        freezes: [{start: 2026-12-01, end: 2026-12-02, stops: [close]}, {start: 2026-12-03, end: 2026-12-04, stops: [close, sign]}]
        stages:
          - id: start
            title: Start
            owner: zorro
            exit_criteria: [s1, s2, Two plants]
            tasks: [{id: sign, title: Sign, owner: zorro, after: close, resources: rival, meeting: {with: zorro}}]
          - {id: closing, title: Closing, audience: internal, tasks: [{id: close, title: Close}]}
        pages:
          - title: Plan
            sections: [{stages: closing, title: Closing}, {stages: [start, closing]}, {resources: rival}, {resources: [rival, demo]}, risks]
        """
    )
    assert plan["people"] == [{"id": "champion", "role": "champion"}]
    assert "contact" not in plan
    assert plan["review"] == {"with": ["champion"], "every": "week"}
    assert [one["what"] for one in plan["responsibilities"]] == ["Decide"]
    assert plan["allocation"] == [{"what": "Room", "provided_by": "buyer"}]
    assert plan["success_criteria"] == [{"id": "s1", "criterion": "Speed"}]
    assert plan["resources"] == [{"id": "demo", "title": "Demo", "quote": {"text": "Good"}}]
    assert [one["stops"] for one in plan["freezes"]] == [["sign"]]
    (stage,) = plan["stages"]
    assert stage["exit_criteria"] == ["s1", "Two plants"]
    assert stage["tasks"] == [{"id": "sign", "title": "Sign"}]
    assert plan["pages"][0]["sections"] == [{"stages": ["start"]}, {"resources": ["demo"]}, "risks"]
    assert "parties" not in plan


def test_what_the_team_set_up_stays(like: Like) -> None:
    lines = {
        "buyers_can": "[]",
        "locale": "en-GB",
        "timezone": "Europe/Amsterdam",
        "holidays": "NL",
        "size": "enterprise",
        "not_needed": "{security: No personal data}",
        "faq": "[{q: Why, a: Because}]",
        "outcomes": "[One plan, Two plans]",
    }
    plan = like("\n".join(f"{key}: {value}" for key, value in lines.items()))
    assert {key: plan[key] for key in lines} == {key: yaml.load(value, yaml.BaseLoader) for key, value in lines.items()}


@pytest.mark.parametrize(("gate", "kept"), [("security: No personal data, ", {"security": "No personal data"}), ("", None)])
def test_what_was_said_to_a_rule_stays_behind(like: Like, gate: str, kept: dict[str, str] | None) -> None:
    """It is internal, and of that deal; a gate that the deal doesn't have goes on."""
    assert like(f"not_needed: {{{gate}R13: They asked late}}").get("not_needed") == kept


def test_a_quotation_of_somebody_elsewhere_stays_theirs(like: Like) -> None:
    plan = like(
        "resources: [{id: a, title: A, quote: {text: Paid back, by: 'COO, Fabrikam'}}, {id: b, title: B, quote: {text: Fine, by: maria}}]"
    )
    assert [one["quote"]["by"] for one in plan["resources"]] == ["COO, Fabrikam", "champion"]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    today=st.dates(date(2026, 9, 1), date(2027, 12, 31)),
    weeks=st.none() | st.integers(13, 60),
    code=st.sampled_from(["", "GB", "AE", "SA"]),
    dues=st.lists(st.dates(date(2026, 11, 2), date(2027, 1, 28)), min_size=1, max_size=5),
)
def test_every_date_keeps_its_distance_to_the_target(today: date, weeks: int | None, code: str, dues: list[date], tmp_path: Path) -> None:
    """In business days, whatever is a holiday there and then."""
    root = Path(mkdtemp(dir=tmp_path))
    calendar = BusinessCalendar(code)
    base = {**REST, "target": calendar.nearest(date(2027, 1, 29)).isoformat(), **({"holidays": code} if code else {})}
    tasks = ", ".join(f"{{id: t{number}, title: T, due: {calendar.nearest(due)}}}" for number, due in enumerate(dues))
    base["stages"] = f"[{{id: start, title: Start, tasks: [{tasks}, {{id: last, title: Last, due: 0d after target}}]}}]"
    write(root, {"planmark.yaml": TEAM, "content/acme/plan.yaml": "".join(f"{key}: {value}\n" for key, value in base.items())})
    target = calendar.nearest(date.fromordinal(today.toordinal() + 7 * weeks)) if weeks else None
    start_like(root, "beta", "acme", None, target, today, frozenset({"dana"}))
    old, new = load(root, "acme"), load(root, "beta")
    ends = [plan.target.date.day for plan in (old, new)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert target in (None, ends[1])
    for (path, marker, before), (_, _, after) in zip(marked(old), marked(new), strict=True):
        if marker == "date" and path != ("start",):
            assert calendar.between(after.day, ends[1]) == calendar.between(before.day, ends[0]), path
            assert calendar.works(after.day)
    if target is None:
        assert old.start is not None
        assert new.start is not None
        assert calendar.between(new.start.day or today, ends[1]) == calendar.between(calendar.nearest(date(2026, 11, 2)), ends[0])


def test_a_deal_with_mistakes_is_no_beginning(workspace: MakeWorkspace) -> None:
    root = workspace({"content/acme/plan.yaml": "account: Acme\ntitle: [a\n"})
    with pytest.raises(PlanmarkError) as caught:
        start_like(root, "beta", "acme", None, None, TODAY, frozenset())
    assert [str(problem.location) for problem in caught.value.problems] == ["content/acme/plan.yaml:2:8"]
    assert not (root / "content/beta").exists()
