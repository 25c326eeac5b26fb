"""Ids made from titles: they stay the same, they are one of a kind, and every item has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.plan.ids import slug, with_ids
from planmark.plan.item import Item, Part, fields_of
from planmark.plan.plan import Plan
from planmark.plan.scalars.texts import ID_PATTERN
from planmark.problems import Finding

BASE = {
    "account": "Acme",
    "title": "Rollout",
    "target": "2027-01-29",
    "people": ["maria"],
    "stages": [{"title": "S", "tasks": [{"title": "T"}]}],
}


def named(**keys: Any) -> tuple[Plan, list[tuple[str, tuple[str | int, ...], str]]]:
    findings: list[Finding] = []
    plan = with_ids(Plan.model_validate({**BASE, **keys}), findings)
    return plan, [(finding.code, finding.path, finding.severity) for finding in findings]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Sign the mutual NDA", "sign-the-mutual-nda"),
        ("  Go-live!  ", "go-live"),
        ("Größe & Maß", "grosse-and-mass"),
        ("Łódź, Århus, Malmö", "lodz-arhus-malmo"),
        ("Don't wait", "dont-wait"),
        ("R2: 50 %", "r2-50"),
        ("ﬁnal", "final"),
        ("x" * 99, "x" * 48),
    ],
)
def test_an_id_is_made_of_what_can_be_read_aloud(text: str, made: str) -> None:
    assert slug(text) == made


def test_a_title_without_latin_letters_has_an_id_of_its_own_that_stays() -> None:
    assert slug("契約に署名する") == slug("契約に署名する")
    assert len({slug("契約に署名する"), slug("検収"), slug("!?"), slug("")}) == 4


@given(st.text())
def test_every_text_makes_an_id(text: str) -> None:
    made = slug(text)
    assert re.fullmatch(ID_PATTERN, made)
    assert slug(text) == made
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) and len(text) <= 48:
        assert made == text


def test_two_titles_that_make_one_id_are_told_apart_with_a_warning() -> None:
    plan, found = named(risks=[{"title": "Late"}, {"title": "Late!"}, {"title": "late"}])
    assert [risk.id for risk in plan.risks] == ["late", "late-2", "late-3"]
    assert found == [("PM308", ("risks", 1), "warning"), ("PM308", ("risks", 2), "warning")]


def test_an_id_that_is_given_is_not_made_for_another() -> None:
    plan, found = named(risks=[{"title": "Late"}, {"id": "late", "title": "Too late"}])
    assert [risk.id for risk in plan.risks] == ["late-2", "late"]
    assert found == [("PM308", ("risks", 0), "warning")]


def test_a_task_has_an_id_of_its_own_among_the_tasks_of_all_stages() -> None:
    stages = [
        {"title": "One", "tasks": [{"title": "Sign"}]},
        {"title": "Two", "tasks": [{"title": "Sign"}, {"id": "sign-3", "title": "Sign"}]},
    ]
    plan, found = named(stages=stages)
    assert [task.id for stage in plan.stages for task in stage.tasks] == ["sign", "sign-2", "sign-3"]
    assert found == [("PM308", ("stages", 1, "tasks", 0), "warning")]


def test_a_task_keeps_the_id_that_it_is_given_in_a_later_stage() -> None:
    stages = [{"title": "One", "tasks": [{"title": "Sign"}]}, {"title": "Two", "tasks": [{"id": "sign", "title": "Sign again"}]}]
    plan, found = named(stages=stages)
    assert [task.id for stage in plan.stages for task in stage.tasks] == ["sign-2", "sign"]
    assert found == [("PM308", ("stages", 0, "tasks", 0), "warning")]


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"people": ["maria", "maria"]}, ("people", 1, "id")),
        ({"parties": [{"id": "buyer", "name": "X"}]}, ("parties", 0, "id")),
        ({"stages": [{"id": "s", "title": "S", "tasks": [{"title": "T"}]}, {"id": "s", "title": "T"}]}, ("stages", 1, "id")),
        (
            {"stages": [{"title": "S", "tasks": [{"id": "t", "title": "T"}]}, {"title": "U", "tasks": [{"id": "t", "title": "T"}]}]},
            ("stages", 1, "tasks", 0, "id"),
        ),
    ],
)
def test_an_id_that_is_given_twice_is_an_error(keys: dict[str, Any], path: tuple[str | int, ...]) -> None:
    assert named(**keys)[1] == [("PM305", path, "error")]


def test_a_party_called_seller_by_its_title_is_no_seller() -> None:
    plan, _ = named(parties=[{"name": "Seller"}])
    assert plan.parties[0].id == "seller-2"


def test_one_name_in_two_lists_is_no_clash() -> None:
    assert named(risks=[{"title": "Launch"}], key_dates=[{"date": "2027-01-29", "title": "Launch"}], outcomes=["Launch"])[1] == []


def test_equal_lines_of_an_agenda_or_an_offer_are_no_mistake() -> None:
    line = {"item": "Seats", "unit": "1"}
    plan, found = named(pricing={"currency": "EUR", "options": [{"name": "A", "lines": [line, line]}]}, review={"agenda": ["Next", "Next"]})
    assert plan.pricing is not None
    assert [one.id for one in plan.pricing.options[0].lines] == ["seats", "seats-2"]
    assert found == []


TITLES = st.lists(
    st.fixed_dictionaries(
        {"title": st.text("aB é!", min_size=1).filter(str.strip)}, optional={"id": st.sampled_from(["a", "b", "a-2", "b-2"])}
    ),
    max_size=6,
)


def items(part: Part) -> Iterator[tuple[int, list[Item]]]:
    for field in fields_of(type(part)):
        value = getattr(part, field.name)
        if field.part and value and field.name != "internal":
            if field.many and issubclass(field.part, Item):
                yield id(value), list(value)
            for one in value if field.many else [value]:
                yield from items(one)


@given(TITLES, TITLES)
def test_every_item_has_an_id_and_those_that_were_given_stay(one: list[dict[str, Any]], two: list[dict[str, Any]]) -> None:
    keys = {
        "stages": [{"title": "S", "tasks": one}, {"title": "T", "tasks": two}],
        "risks": two,
        "outcomes": [item["title"] for item in one],
    }
    plan, found = named(**keys)
    for _, group in items(plan):
        assert all(re.fullmatch(ID_PATTERN, item.id) for item in group)
        if not any(code == "PM305" for code, _, _ in found):
            assert len({item.id for item in group}) == len(group)
    tasks = [task for stage in plan.stages for task in stage.tasks]
    assert [task.id for task, raw in zip(tasks, [*one, *two], strict=True) if "id" in raw] == [
        raw["id"] for raw in [*one, *two] if "id" in raw
    ]
    if not any(code == "PM305" for code, _, _ in found):
        assert len({task.id for task in tasks}) == len(tasks)
    again, _ = named(**keys)
    assert again == plan
