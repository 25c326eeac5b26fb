"""The buyer's view of a deal: everything that is shared is there, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.conftest import Files, write
from tests.site.canary import Canary, is_secret, leaves

from planmark.build.build import Options, build
from planmark.content.deal import Deal
from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.plan.scalars import Markdown, Money, When
from planmark.plan.shared import shared
from planmark.problems import Problem
from planmark.site.data import as_data
from planmark.site.projection import project
from planmark.site.view import BuyerView

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
NOT_SHOWN = {
    "Plan.share_key": "it is the page's address",
    "Plan.theme": "the page itself",
    "Plan.holidays": "decides which days are worked",
    "Organisation.holidays": "likewise",
    "Party.holidays": "likewise",
    "Person.holidays": "likewise",
    "Person.link": "the number of a personal link",
    "Brand.accent": "the page itself",
    "Brand.second": "the page itself",
    "Brand.font": "the page itself",
    "Brand.font_bold": "the page itself",
    "Line.id": "a line of text is shown as its text",
    "PriceLine.id": "a line of an offer is shown as its text",
}
"""What the buyer sees in no place of plan.json, and why."""


def load(root: Path, name: str) -> Deal:
    """A deal of a workspace without any problem."""
    problems: list[Problem] = []
    team = load_team(root, scan(root / "content" / "_library"), problems)
    assert team is not None
    loaded = load_deal(team, name, scan(root / "content" / name))
    assert [*problems, *loaded.problems] == []
    assert loaded.deal is not None
    return loaded.deal


@cache
def northwind() -> Deal:
    """The example deal that has everything."""
    return load(ROOT, "northwind")


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Deal]:
    """A deal in which every field has a value of its own."""
    root = tmp_path_factory.mktemp("canary")
    write(root, Canary().workspace())
    return root, load(root, "acme")


def data(deal: Deal, today: date = TODAY) -> Any:
    """The deal's plan.json."""
    return as_data(project(deal, today).view)


def values(part: BaseModel) -> Iterator[tuple[str, Any]]:
    """Every value of a plan with the part and the field that it stands in."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else value.values() if isinstance(value, dict) else (value,):
            if isinstance(one, BaseModel):
                yield from values(one)
            elif one is not None and one != "":
                yield f"{type(part).__name__}.{name}", one


def is_in(value: Any, said: list[str], deal: Deal) -> bool:
    """Whether plan.json says a value of the plan."""
    match value:
        case When():
            return str(value.day) in said
        case Money():
            return {str(value.amount), value.currency} <= set(said)
        case Markdown():
            return str(value.html) in said
        case time():
            return f"{value:%H:%M}" in said
        case str() if value in deal.assets:
            made = (deal.assets[value].shown(use) for use in ("shown", "portrait", "logo"))
            return bool({deal.assets[value].output, *(one.src for one in made if one)} & set(said))
        case str() if value in deal.texts:
            return str(deal.texts[value]) in said
        case _:
            return str(value) in said or any(one.startswith(f"{value}, ") or one.endswith(f", {value}") for one in said)


def test_no_field_of_a_plan_is_shown_nowhere(canary: tuple[Path, Deal]) -> None:
    deal = canary[1]
    said = list(leaves(data(deal)))
    missing = {where for where, value in values(shared(deal.plan)) if not is_in(value, said, deal) and not str(value).startswith("hush-")}
    assert missing == set(NOT_SHOWN)


def test_northwinds_texts_and_dates_are_all_shown() -> None:
    deal = northwind()
    said = list(leaves(data(deal)))
    words = [(where, value) for where, value in values(shared(deal.plan)) if where not in NOT_SHOWN and where != "Person.role"]
    hidden = {"discount-approval", deal.plan.not_needed["R8"]}  # an internal task, and an answer to a rule
    assert [(where, value) for where, value in words if not is_in(value, said, deal) and value not in hidden] == []
    assert len(words) > 1000
    assert {note.title for note in deal.notes} <= set(said)


def test_nothing_internal_is_in_the_data(canary: tuple[Path, Deal]) -> None:
    deal = canary[1]
    assert sum(is_secret(text) for text in map(str, leaves(deal.plan.model_dump()))) > 300
    assert [text for text in leaves(data(deal)) if is_secret(text)] == []


def test_nothing_internal_is_in_any_file_of_the_site(canary: tuple[Path, Deal]) -> None:
    """Neither on a page, nor as a file, nor in a file's name."""
    root = canary[0]
    write(root, {"content/acme/plan.yaml": (root / "content/acme/plan.yaml").read_text().replace("\ntheme: open", "\n# theme: open")})
    assert build(root, Options(today=TODAY, workers=1, pdf="none")).problems == []
    site = next((root / "build" / "sites").iterdir())
    files = [path for path in site.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        assert not is_secret(path.name)
        if path.suffix in (".html", ".json", ".svg", ".vtt", ".woff2"):
            assert not is_secret(path.read_bytes().decode("utf-8", "replace")), path.name


def test_northwind_keeps_its_secrets() -> None:
    said = "\n".join(leaves(data(northwind())))
    for secret in ("Wouter", "wouter", "rival", "discount-approval", "CIO", "Gdansk job", "171500", "006QX", "supporter", "2027-01-08"):
        assert secret not in said


Made = Callable[..., Any]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """The plan.json of a small deal."""

    def make(text: str, files: Files | None = None, today: date = TODAY) -> Any:
        lines = dedent(text).strip("\n")
        rest = {"account": "Acme", "title": "Rollout", "target": "2027-01-29", "people": "[{id: maria, name: Maria}]"}
        rest |= {"stages": "[{id: start, title: Start, tasks: [{id: sign, title: Sign}]}]"}
        base = "".join(f"{key}: {value}\n" for key, value in rest.items() if f"\n{key}:" not in f"\n{lines}")
        write(tmp_path, {"planmark.yaml": "seller: Lumen", **(files or {}), "content/acme/plan.yaml": f"{base}{lines}\n"})
        return data(load(tmp_path, "acme"), today)

    return make


HIDDEN = "people: [{id: maria, name: Maria}, {id: zorro, name: Zorro, title: CIO, audience: internal}]"


def test_a_shared_task_after_an_internal_one_has_its_date_and_no_link(made: Made) -> None:
    said = made(
        """
        stages:
          - title: Buy
            tasks:
              - {id: discount, title: Discount, due: 2026-11-30, audience: internal}
              - {id: sign, title: Sign, due: 3d after discount, after: [discount]}
        """
    )
    (task,) = said["stages"][0]["tasks"]
    assert task["due"] == "2026-12-03"
    assert "after" not in task
    assert said["total"] == 1


def test_a_milestone_that_waits_for_an_internal_task_is_not_done_before_it(made: Made) -> None:
    text = """
        stages:
          - title: Buy
            tasks:
              - {{id: discount, title: Discount, status: {}, audience: internal}}
              - {{id: agreed, title: Agreed, milestone: true, after: [discount]}}
        """
    assert made(text.format("doing"))["stages"][0]["tasks"][0]["status"] == "todo"
    assert made(text.format("done"))["stages"][0]["tasks"][0]["status"] == "done"


def test_an_internal_person_who_owns_a_shared_task_is_not_named(made: Made) -> None:
    said = made(
        f"""
        {HIDDEN}
        contact: zorro
        kept_by: zorro
        in_their_words: {{text: Faster, by: zorro}}
        review: {{with: [zorro, maria], contact: zorro}}
        feedback: {{how: Here, handled_by: zorro}}
        sign_off: {{statement: Yes, by: [zorro, maria]}}
        risks: [{{title: Late, owner: zorro}}]
        resources: [{{title: Report, owner: zorro, quote: {{text: Good, by: zorro}}}}]
        stages:
          - title: S
            owner: zorro
            tasks: [{{title: A, owner: [zorro, maria], meeting: {{with: [zorro, maria]}}}}, {{title: B, owner: zorro}}]
        """
    )
    assert [text for text in leaves(said) if "zorro" in text.lower() or text == "CIO"] == []
    first, second = said["stages"][0]["tasks"]
    assert [owner["name"] for owner in first["owners"]] == ["Maria"]
    assert "owners" not in second
    assert said["in_their_words"] == {"text": "Faster"}


def test_an_internal_partner_is_not_named_and_its_work_is_the_sellers(made: Made) -> None:
    said = made(
        """
        parties:
          - {id: helper, name: Secret Helpers, side: partner, audience: internal}
          - {id: adviser, name: Secret Advisers, side: buyer, audience: internal}
        responsibilities: [{party: helper, what: Build it}, {party: adviser, what: Read it}]
        people: [{id: maria, name: Maria, party: adviser}, {id: jo, name: Jo, party: helper}]
        """
    )
    assert [one["party"]["name"] for one in said["responsibilities"]] == ["Lumen", "Acme"]
    assert [one["party"]["name"] for one in said["people"]] == ["Acme", "Lumen"]
    assert "Secret" not in "".join(leaves(said))


def test_a_resource_without_a_kind_is_what_its_file_is(made: Made) -> None:
    """What is written counts first; what is no file follows from its address."""
    names = ["files/a.mp4", "files/a.vtt", "files/a.mp3", "files/a.csv", "a.md"]
    lines = ", ".join(f"{{title: {name}, file: {name}}}" for name in names)
    files: Files = {f"content/acme/{name}": "What it says" for name in ("files/a.csv", "a.md")}
    files |= {"content/acme/files/a.vtt": "WEBVTT\n", "content/acme/files/a.mp3": b"ID3\x04" + bytes(60)}
    files |= {"content/acme/files/a.mp4": b"\0\0\0\x18ftypmp42" + bytes(60)}
    found = made(
        f"resources: [{lines}, {{title: T, kind: training, file: files/a.mp4}}, {{title: U, url: 'https://acme.example/'}}]", files
    )
    assert [one["kind"] for one in found["resources"]] == ["video", "document", "recording", "sheet", "document", "training", "link"]


def test_internal_criteria_stages_and_resources_are_not_even_named_by_their_ids(made: Made) -> None:
    said = made(
        """
        success_criteria: [{id: s1, criterion: Speed}, {id: s2, criterion: Margin, audience: internal}]
        resources: [{id: demo, title: Demo}, {id: rival, title: Rival, audience: internal}]
        freezes: [{start: 2026-12-21, end: 2027-01-03, why: Ours, stops: [closing]}, {start: 2026-12-21, end: 2027-01-03, why: All}]
        stages:
          - {id: start, title: Start, exit_criteria: [s1, s2, Two plants], tasks: [{title: Sign, resources: [demo, rival]}]}
          - {id: closing, title: Closing, audience: internal, tasks: [{title: Close}]}
        pages:
          - title: Plan
            sections: [{stages: [start, closing]}, {stages: closing}, {resources: [rival]}, {resources: [rival, demo]}, risks]
        """
    )
    assert [one["text"] for one in said["stages"][0]["exit_criteria"]] == ["Speed", "Two plants"]
    sections = [{key: one[key] for key in ("stages", "resources") if key in one} for one in said["pages"][0]["sections"]]
    assert sections == [{"stages": ["start"]}, {"resources": ["demo"]}, {}]
    assert [one["why"] for one in said["freezes"]] == ["All"]
    assert not {"s2", "closing", "rival"} & set(leaves(said))


def test_colleagues_whom_only_internal_parts_name_do_not_appear(made: Made) -> None:
    team = """\
        seller: Lumen
        people: [{id: dana, name: Dana}, {id: owen, name: Owen}, {id: ivo, name: Ivo}, {id: pat, name: Pat}, {id: kim, name: Kim}]
        contact: dana
        """
    said = made(
        """
        internal: {rep: owen}
        stages:
          - title: Start
            tasks:
              - {title: Sign, owner: maria, internal: {owner: ivo}}
              - {title: Close, owner: pat, audience: internal}
              - {title: Call, owner: kim}
        """,
        {"planmark.yaml": team},
    )
    assert [one["name"] for one in said["people"]] == ["Maria", "Dana", "Kim"]
    assert not {"Owen", "Ivo", "Pat", "owen", "ivo", "pat"} & set(leaves(said))


@settings(deadline=None, max_examples=40)
@given(st.dates(date(2026, 9, 1), date(2027, 8, 1)))
@example(date(2026, 11, 20))
@example(date(2026, 11, 30))
@example(date(2027, 1, 29))
@example(date(2027, 6, 30))
def test_the_view_stays_as_it_is_until_the_day_that_is_named(today: date) -> None:
    """On that day the site is built anew; on no day before it need it be."""
    now = project(northwind(), today)
    assert now.until > today
    if now.until == date.max:
        assert project(northwind(), today + timedelta(days=5000)).view == now.view
        return
    before = project(northwind(), now.until - timedelta(days=1))
    assert before.view == now.view
    assert before.until == now.until
    assert project(northwind(), now.until).view != now.view


def test_somebody_who_leaves_is_gone_from_that_day_on(tmp_path: Path) -> None:
    plan = "account: A\ntitle: T\ntarget: 2027-01-29\nversion: 2026-11-03\npeople: [{id: jo, name: Jo, left: 2026-12-01}]\n"
    stages = "stages: [{title: S, tasks: [{title: Sign, owner: jo}]}]\n"
    write(tmp_path, {"planmark.yaml": "", "content/acme/plan.yaml": plan + stages})
    deal = load(tmp_path, "acme")
    before, after = project(deal, date(2026, 11, 30)), project(deal, date(2026, 12, 1))
    assert before.until == date(2026, 12, 1)
    assert [found.view.people[0].has_left for found in (before, after)] == [False, True]
    assert [found.view.stages[0].tasks[0].owners[0].has_left for found in (before, after)] == [False, True]


def test_a_plan_without_a_version_shows_today_and_is_new_every_day(made: Made) -> None:
    assert made("deal_number: one")["version"] == "2026-11-22"
    assert made("deal_number: one", today=date(2026, 11, 23))["version"] == "2026-11-23"


def test_a_view_has_no_place_for_anything_internal() -> None:
    """A theme cannot show what it never receives."""
    seen: set[type] = set()
    pending: list[Any] = [project(northwind(), TODAY).view]
    while pending:
        one = pending.pop()
        if isinstance(one, tuple):
            pending += one
        elif is_dataclass(one) and not isinstance(one, type):
            names = {field.name for field in fields(one)}
            assert not names & {"internal", "audience", "notes_internal", "stance", "share_key", "forecast"}
            seen.add(type(one))
            pending += [getattr(one, name) for name in names]
    assert BuyerView in seen
    assert len(seen) > 25
