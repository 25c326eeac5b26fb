"""What the buyer's side may do, item by item."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plan.doing import plan

from planmark.plan.allowed import KINDS, allowed, guests, kinds, signers
from planmark.plan.events import BUYER_KINDS
from planmark.plan.shared import shared

PARTIES = {"parties": [{"id": "firm", "name": "Firm", "side": "partner"}, {"id": "us", "name": "Us too", "side": "seller"}]}
PEOPLE = [
    {"id": "maria", "name": "Maria"},
    {"id": "role", "role": "legal"},
    {"id": "ingo", "name": "Ingo", "party": "firm"},
    {"id": "ula", "name": "Ula", "party": "us"},
    {"id": "dana", "name": "Dana", "party": "seller"},
]


def acts(task: dict[str, Any], **keys: Any) -> set[str]:
    """What may be done with a task."""
    return set(allowed(plan({"id": "nda", **task}, **keys)).get("task/nda", ()))


@pytest.mark.parametrize(
    ("task", "may"),
    [
        ({"owner": "maria"}, "comment propose agree check"),
        ({"owner": ["dana", "maria"]}, "comment propose agree check"),
        ({"owner": "buyer"}, "comment propose agree check"),
        ({"owner": "ingo"}, "comment propose agree check"),
        ({"owner": "firm"}, "comment propose agree check"),
        ({"owner": "dana"}, "comment propose"),
        ({"owner": "seller"}, "comment propose"),
        ({"owner": "ula"}, "comment propose"),
        ({}, "comment propose"),
        ({"owner": "nobody"}, "comment propose"),
        ({"owner": "maria", "status": "done"}, "comment propose agree check"),
        ({"owner": "maria", "status": "dropped"}, "comment"),
        ({"owner": "maria", "gate": "legal"}, "comment propose agree check approve"),
        ({"owner": "maria", "gate": "signature"}, "comment propose agree check"),
        ({"owner": "dana", "gate": "legal"}, "comment propose"),
        ({"owner": "maria", "buyer_can": ["upload", "approve"]}, "comment propose agree check upload approve"),
        ({"owner": "dana", "buyer_can": "upload"}, "comment propose"),
        ({"owner": "maria", "milestone": "yes", "after": "other"}, "comment propose agree"),
        ({"owner": "maria", "milestone": "yes"}, "comment propose agree check"),
    ],
)
def test_a_task_is_acted_on_by_those_who_own_it(task: dict[str, Any], may: str) -> None:
    assert acts(task, people=PEOPLE, **PARTIES) == set(may.split())


def test_a_plan_can_allow_less_and_a_lost_one_allows_nothing() -> None:
    assert acts({"owner": "maria"}, buyers_can="comment") == {"comment"}
    assert allowed(plan({"id": "nda", "owner": "maria"}, buyers_can=[])) == {}
    assert allowed(plan({"id": "nda", "owner": "maria"}, state="lost")) == {}
    assert acts({"owner": "maria"}, state="won")


def test_what_beside_tasks_can_be_acted_on() -> None:
    of = plan(
        success_criteria=[{"id": "fast", "criterion": "Fast"}],
        resources=[{"id": "deck", "title": "Deck"}],
        risks=[{"id": "delay", "title": "Delay"}],
        sign_off={"statement": "We agree.", "by": ["maria", "dana"]},
    )
    found = allowed(of)
    assert set(found["criterion/fast"]) == {"agree", "comment"}
    assert set(found["resource/deck"]) == set(found["risk/delay"]) == {"comment"}
    assert set(found["plan"]) == {"comment", "propose", "sign"}
    assert found["section/faq"] == ("comment",)


@pytest.mark.parametrize("sign_off", [None, {"statement": "We agree.", "by": ["dana"]}, {"statement": "We agree.", "by": ["role"]}])
def test_a_plan_is_signed_only_where_somebody_of_the_buyers_is_asked_to(sign_off: dict[str, Any] | None) -> None:
    """A role that waits for a person has nobody who could."""
    of = plan(people=PEOPLE, **PARTIES, **({"sign_off": sign_off} if sign_off else {}))
    assert "sign" not in allowed(of)["plan"]
    assert signers(of) == ()


def test_nothing_internal_can_be_acted_on() -> None:
    of = plan(
        {"id": "nda", "owner": "maria"},
        {"id": "secret", "owner": "maria", "audience": "internal"},
        risks=[{"id": "cold", "title": "They go cold", "audience": "internal"}],
    )
    assert {on for on in allowed(shared(of)) if not on.startswith("section/")} == {"plan", "task/nda"}


def test_guests_are_named_people_of_every_party_but_the_seller() -> None:
    assert [one.id for one in guests(plan(people=PEOPLE, **PARTIES))] == ["maria", "ingo"]


def test_every_kind_that_a_buyer_sends_belongs_to_one_act() -> None:
    assert sorted(kind for found in KINDS.values() for kind in found) == sorted(BUYER_KINDS)
    assert kinds(["check", "approve"]) == {"done", "reopened", "approved", "declined"}
