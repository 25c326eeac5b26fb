"""What a receiver is told: enough to take what may be done, and nothing that the plan could be read from."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from tests.plan.doing import MANY, day_of, event, fold, plan, seller

from planmark.plan.activity import folded
from planmark.plan.events import Event
from planmark.plan.plan import Plan
from planmark.plan.registration import registration, to_tell
from planmark.plan.shared import shared
from planmark.plan.succession import Address
from planmark.plan.tokens import fingerprint, person_ref, plan_digest, plan_key

KEY = bytes(range(32))
SHARE = "k00m9x4c3hq5d8rj6p1t0bn2v"
DIGEST = plan_digest(SHARE)


def told(of: Plan, *events: Event) -> dict[str, Any]:
    """The registration of a plan after those events."""
    after, acts = fold(of, *events)
    address = Address(of.id, of.share_key or "")
    found: dict[str, Any] = json.loads(registration(shared(after), acts, address, {fingerprint(KEY): KEY}, "Lumen", to_tell(of, "dana")))
    return found


SECRETIVE = plan(
    {"id": "nda", "title": "Sign the paper", "owner": ["maria"]},
    {"id": "fire-them", "title": "Fire them", "owner": ["dana"], "audience": "internal"},
    share_key=SHARE,
    people=[
        {"id": "maria", "name": "Maria Lindqvist", "email": "maria@acme.example"},
        {"id": "dana", "name": "Dana", "party": "seller", "email": "dana@lumen.example"},
    ],
)


def test_a_receiver_learns_nothing_that_the_plan_could_be_read_from() -> None:
    text = json.dumps(told(SECRETIVE, event(kind="comment", text="Hush"), seller("task/fire-them", kind="commented", text="Soon")))
    for secret in ("Sign the paper", "Maria", "maria@", "fire-them", "Fire", "Hush", "Soon", SHARE, KEY.hex(), "Rollout", "Acme"):
        assert secret not in text


def test_it_learns_what_may_be_done_whose_links_count_and_one_key_of_this_plan() -> None:
    found = told(SECRETIVE)
    assert found["items"]["task/nda"] == ["agreed", "comment", "done", "proposed", "reopened"]
    assert found["people"] == {person_ref(DIGEST, "maria"): 1}
    assert found["keys"] == {fingerprint(KEY): plan_key(KEY, DIGEST).hex()}
    assert found["tell"] == {"": ["dana@lumen.example"]}


def test_it_learns_how_the_seller_answered_what_nobody_vouched_for() -> None:
    loose = [event(proof="", by="", kind="comment", text=text) for text in ("One", "Two", "Three")]
    late = "2026-11-04T10:00:00Z"
    answers = [seller(kind="accepted", of=loose[0].id, at=late), seller(kind="rejected", of=loose[1].id, at=late)]
    found = told(SECRETIVE, *loose, *answers)
    assert (found["accepted"], found["rejected"]) == ([loose[0].id], [loose[1].id])


def test_a_proposal_that_a_link_proves_is_neither_accepted_nor_rejected_there() -> None:
    """It is shown to everybody at once; whether the plan follows it is another matter."""
    asked = event(kind="proposed", what="date", value="2026-12-01")
    no = seller(kind="rejected", of=asked.id, at="2026-11-04T10:00:00Z")
    assert told(SECRETIVE, asked, no)["rejected"] == []


@given(MANY)
def test_the_same_plan_and_acts_give_the_same_bytes(events: list[Event]) -> None:
    one, other = (
        registration(shared(after), acts, Address("acme", SHARE), {}, "Lumen", {})
        for after, acts in (folded(SECRETIVE, order, day_of) for order in (events, events[::-1]))
    )
    assert one == other


def test_another_share_key_is_another_plan_of_the_same_deal() -> None:
    moved = SECRETIVE.model_copy(update={"share_key": "k01m9x4c3hq5d8rj6p1t0bn2v"})
    assert told(moved)["deal"] == told(SECRETIVE)["deal"]
    other = SECRETIVE.model_copy(update={"id": "beta"})
    assert told(other)["deal"] != told(SECRETIVE)["deal"]


def test_the_contact_hears_of_everything_and_owners_of_their_tasks() -> None:
    people = [
        {"id": "dana", "name": "Dana", "party": "seller", "email": "dana@lumen.example"},
        {"id": "owen", "name": "Owen", "party": "seller", "email": "owen@lumen.example"},
        {"id": "priya", "name": "Priya", "party": "seller"},
        {"id": "maria", "name": "Maria", "email": "maria@acme.example"},
    ]
    of = plan({"id": "nda", "owner": ["maria", "owen"]}, {"id": "trial", "owner": ["dana", "priya"]}, people=people)
    assert to_tell(of, "dana") == {"": ["dana@lumen.example"], "task/nda": ["owen@lumen.example"]}
    assert to_tell(of, None) == {"task/nda": ["owen@lumen.example"], "task/trial": ["dana@lumen.example"]}


def test_a_receiver_is_told_to_keep_quiet_about_a_protected_plan() -> None:
    """Of others it is not told: a receiver of before knows no such word."""
    after, acts = fold(SECRETIVE)

    def told_at(address: Address) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(registration(shared(after), acts, address, {}, "Lumen", {}))
        return found

    plain, hidden = told_at(Address("acme", SHARE)), told_at(Address("acme", SHARE, hidden=True))
    assert "quiet" not in plain
    assert hidden == {**plain, "quiet": True}
