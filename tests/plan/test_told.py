"""What somebody did, in a sentence that says no more than is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.plan.doing import MANY, event, plan, seller

from planmark.plan.events import BUYER_KINDS, SELLER_KINDS, Event, Upload
from planmark.plan.told import sentence, titles

PLAN = plan(
    {"id": "nda", "title": "Sign the NDA {value}"},
    success_criteria=[{"id": "fast", "criterion": "Quotes in a day"}],
    risks=[{"id": "delay", "title": "Delay"}],
    resources=[{"id": "deck", "title": "The deck"}, {"id": "bare"}],
)
NAMES = titles(PLAN)
NDA = "“Sign the NDA {value}”"
FILE = Upload("a {on}.pdf", "0" * 64, 3)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (event(), f"Maria checked off {NDA}"),
        (event(kind="reopened"), f"Maria reopened {NDA}"),
        (event("plan", "comment", text="Two\nlines"), "Maria commented on the plan: Two lines"),
        (event(kind="upload", file=FILE), f"Maria uploaded “a {{on}}.pdf” to {NDA}"),
        (event("criterion/fast", "agreed", rev="0" * 32), "Maria agreed to “Quotes in a day”"),
        (event(kind="agreed", value="2026-12-01"), f"Maria says that 2026-12-01 works for {NDA}"),
        (event(kind="declined", text="Too early"), f"Maria declined {NDA}: Too early"),
        (event("plan", "signed", name="Maria", text="We mean to do this."), "Maria signed the plan"),
        (event(kind="proposed", what="date", value="2026-12-01"), f"Maria proposes 2026-12-01 for {NDA}"),
        (event(kind="proposed", what="owner", value="jo"), f"Maria proposes Jo as the owner of {NDA}"),
        (event("plan", "proposed", what="colleague", value="Ann, legal"), "Maria proposes a colleague: Ann, legal"),
        (event("plan", "proposed", what="task", value="Train users"), "Maria proposes a task: Train users"),
        (seller(value="doing", was=""), f"Dana set {NDA} to doing"),
        (seller(kind="due", value="2026-12-01", was=""), f"Dana moved {NDA} to 2026-12-01"),
        (seller(kind="owner", value="jo", was=""), f"Dana gave {NDA} to Jo"),
        (seller(kind="owner", value="jo maria nobody", was=""), f"Dana gave {NDA} to Jo, Maria, nobody"),
        (seller("risk/delay", "commented", text="Seen"), "Dana commented on “Delay”: Seen"),
        (seller(kind="accepted", of="event-1"), f"Dana accepted what was sent on {NDA}"),
        (event("task/gone"), "Maria checked off “gone”"),
        (event("resource/bare", "comment", text="Hm"), "Maria commented on “bare”: Hm"),
        (event(by="gone"), f"gone checked off {NDA}"),
    ],
)
def test_what_was_done_is_told_in_a_sentence(one: Event, said: str) -> None:
    assert sentence(one, NAMES) == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"name": "Maria"}, "“Maria” (unverified)"),
        ({}, "somebody without a name (unverified)"),
        ({"name": "Maria", "lapsed": "revoked maria"}, "“Maria”, with a link of Maria that was revoked"),
        ({"name": "M", "lapsed": "expired jo"}, "“M”, with a link of Jo that has ended"),
        ({"name": "M", "lapsed": "expired gone"}, "“M”, with a link of gone that has ended"),
    ],
)
def test_a_name_that_nobody_vouches_for_is_a_claim(known: dict[str, Any], said: str) -> None:
    assert sentence(event(proof="", by="", **known), NAMES) == f"{said} checked off {NDA}"


@given(MANY)
def test_whatever_was_done_can_be_told_on_one_line(events: list[Event]) -> None:
    for one in events:
        told = sentence(one, NAMES)
        assert told
        assert "\n" not in told


def test_every_kind_has_its_words() -> None:
    for kind in BUYER_KINDS:
        assert sentence(event(kind=kind, what="date" if kind == "proposed" else ""), NAMES)
    for kind in SELLER_KINDS:
        assert sentence(seller(kind=kind), NAMES)
