"""A plan after what people did: the same from any order and any repetition, and what the file says where the file was changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.doing import BASE, MANY, day_of, event, fold, plan, seller, task

from planmark.plan.activity import folded, pending, standing
from planmark.plan.agreement import criterion_digest
from planmark.plan.events import Event, event_line, read_event
from planmark.plan.plan import Plan
from planmark.plan.progress import statuses

STATES = st.sampled_from([None, "todo", "doing", "done", "blocked", "dropped"])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of three tasks in whatever state, the last one a milestone that waits for both."""
    tasks: list[dict[str, Any]] = []
    for name in ("nda", "trial"):
        one: dict[str, Any] = {"id": name, "owner": ["maria"], "due": "2026-11-20", "status": draw(STATES)}
        if draw(st.booleans()):
            one["done_on"] = "2026-10-01"
        tasks.append({key: value for key, value in one.items() if value is not None})
    tasks.append({"id": "go", "milestone": "yes", "after": ["nda", "trial"]})
    criteria = [{"id": "fast", "criterion": "Quotes in a day", **draw(st.sampled_from([{}, {"agreed": {"buyer": "2026-10-01"}}]))}]
    return plan(*tasks, success_criteria=criteria)


@given(plans(), MANY, st.data())
def test_any_order_and_any_repetition_give_the_same_plan_and_the_same_acts(of: Plan, events: list[Event], data: st.DataObject) -> None:
    """Also two bodies with one id: which of them counts does not depend on which came first."""
    shuffled = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=6)) if events else events))
    assert folded(of, shuffled, day_of) == folded(of, events, day_of)


@given(plans(), MANY, st.integers(0, 24))
def test_events_spread_over_several_files_are_the_same_events(of: Plan, events: list[Event], cut: int) -> None:
    """A copy that a synced folder made holds some of the lines; git's union of two files holds some twice."""
    lines = [event_line(one) for one in events]
    files = (lines[:cut], lines[cut:], lines[: cut // 2])
    assert folded(of, [read_event(line) for file in reversed(files) for line in file], day_of) == folded(of, events, day_of)


@given(plans(), MANY)
def test_each_event_counts_waits_or_is_rejected_and_none_is_lost(of: Plan, events: list[Event]) -> None:
    acts = folded(of, events, day_of)[1]
    places = [{one.id for one in part} for part in (acts.counting, acts.waiting, acts.rejected)]
    assert set.union(*places) == {one.id for one in events}
    assert sum(map(len, places)) == len(set.union(*places))


@given(plans(), MANY)
def test_what_nobody_vouches_for_changes_nothing(of: Plan, events: list[Event]) -> None:
    loose = [one for one in events if not one.proof]
    assert folded(of, loose, day_of)[0] == of


@given(plans(), MANY)
def test_a_plan_without_its_own_events_is_the_same_object(of: Plan, events: list[Event]) -> None:
    elsewhere = [one for one in events if one.on in ("task/gone", "risk/delay", "resource/deck", "plan")]
    assert folded(of, elsewhere, day_of)[0].stages == of.stages


# Which of two bodies with one id


PAIRS = [
    pytest.param({"proof": "", "by": "", "at": "2026-11-01T00:00:00Z"}, {"at": "2026-11-02T00:00:00Z"}, id="the proven one, though later"),
    pytest.param({"at": "2026-11-01T00:00:01Z"}, {"at": "2026-11-01T00:00:00.999Z"}, id="the one that came first"),
    pytest.param({"at": "2026-11-01T00:00:00.10Z"}, {"at": "2026-11-01T00:00:00.099Z"}, id="the first, however it is written"),
]


@pytest.mark.parametrize(("loses", "wins"), PAIRS)
def test_of_two_bodies_with_one_id(loses: dict[str, str], wins: dict[str, str]) -> None:
    one = event(id="the-same-1", kind="comment", text="One", **loses)
    other = event(id="the-same-1", kind="comment", text="Other", **wins)
    for both in ((one, other), (other, one)):
        assert [found.text for found in standing(both).counting] == ["Other"]


def test_of_two_bodies_that_came_at_once_always_the_same_counts() -> None:
    bodies = [event(id="the-same-1", kind="comment", text=text) for text in ("One", "Two", "Three")]
    kept = {standing(order).counting[0].text for order in (bodies, bodies[::-1], [bodies[1], bodies[2], bodies[0]])}
    assert len(kept) == 1


# The buyer's side


def test_a_task_that_the_buyer_checked_off_is_done_on_that_day_in_the_plans_own_time_zone() -> None:
    """Half past eleven at night in UTC is the next day in a London summer."""
    found = task(plan(), event(at="2026-07-03T23:30:00Z"))
    assert (found.status, found.done_on and found.done_on.day) == ("done", date(2026, 7, 4))
    winter = task(plan(), event(at="2026-11-03T23:30:00Z"))
    assert winter.done_on
    assert winter.done_on.day == date(2026, 11, 3)


DONE = "2026-11-03T10:00:00Z"
LATER = "2026-11-04T10:00:00Z"
LATEST = "2026-11-05T10:00:00Z"


@pytest.mark.parametrize(
    ("written", "kinds", "status"),
    [
        ({}, ["done", "reopened"], "todo"),
        ({}, ["done", "reopened", "done"], "done"),
        ({}, ["approved"], "done"),
        ({}, ["approved", "declined"], "blocked"),
        ({}, ["declined", "approved"], "done"),
        ({"status": "doing"}, ["comment", "agreed", "upload"], "doing"),
        ({"status": "doing"}, ["done", "reopened"], "doing"),
        ({"status": "done"}, ["reopened"], "todo"),
        ({"done_on": "2026-10-01"}, ["reopened"], "todo"),
    ],
)
def test_what_the_buyer_did_last_counts(written: dict[str, str], kinds: list[str], status: str) -> None:
    moments = ["2026-11-03T10:00:00Z", "2026-11-03T10:00:00.001Z", "2026-11-03T10:00:00.002Z"]
    events = [event(kind=kind, at=at) for kind, at in zip(kinds, moments, strict=False)]
    found = task(plan({"id": "nda", **written}), *reversed(events))
    assert found.status == status
    assert bool(found.done_on) == (status == "done")


@pytest.mark.parametrize("written", [{"status": "done", "done_on": "2026-10-01"}, {"done_on": "2026-10-01"}])
def test_the_day_in_the_file_stays_where_the_task_was_done_already(written: dict[str, str]) -> None:
    found = task(plan({"id": "nda", **written}), event())
    assert found.done_on
    assert found.done_on.day == date(2026, 10, 1)


@pytest.mark.parametrize("kind", ["done", "approved", "declined", "reopened"])
def test_a_task_that_was_dropped_stays_dropped_whatever_the_buyer_did_before(kind: str) -> None:
    """PM709 tells the seller to keep a task that people acted on with `status: dropped`: then that has to hold."""
    assert task(plan({"id": "nda", "status": "dropped"}), event(kind=kind)).status == "dropped"
    assert task(plan(), event(at=DONE), seller(value="dropped", was="", at=LATER), event(kind=kind, at=LATEST)).status == "dropped"


def test_a_dropped_task_that_the_seller_took_up_again_can_be_checked_off() -> None:
    back = seller(value="todo", was="dropped", at=DONE)
    assert task(plan({"id": "nda", "status": "dropped"}), back, event(at=LATER)).status == "done"


def test_a_milestone_that_waits_for_others_follows_what_the_buyer_did_with_those() -> None:
    of = plan({"id": "nda"}, {"id": "trial"}, {"id": "go", "milestone": "yes", "after": ["nda", "trial"]})
    both = [event(at=DONE), event("task/trial", at=DONE)]
    assert statuses(fold(of, *both)[0])["go"] == "done"
    assert statuses(fold(of, *both, event(kind="reopened", at=LATER))[0])["go"] == "todo"


# The seller's commands


def test_a_command_holds_while_the_file_says_what_it_said_then() -> None:
    events = [seller(value="doing", was="todo"), seller(kind="due", value="2026-12-01", was="2026-11-20")]
    events.append(seller(kind="owner", value="jo dana", was="maria"))
    found = task(plan({"id": "nda", "status": "todo", "due": "2026-11-20", "owner": "maria"}), *events)
    assert (found.status, found.owner) == ("doing", ("jo", "dana"))
    assert found.due
    assert (found.due.written, found.due.day) == ("2026-12-01", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("written", "change", "field"),
    [
        ({"status": "blocked"}, {"value": "doing", "was": "todo"}, "status"),
        ({"status": "todo"}, {"value": "doing", "was": ""}, "status"),
        ({}, {"value": "doing", "was": "todo"}, "status"),
        ({"done_on": "2026-10-01"}, {"value": "doing", "was": ""}, "status"),
        ({"due": "2026-11-21"}, {"kind": "due", "value": "2026-12-01", "was": "2026-11-20"}, "due"),
        ({"due": "5d before target"}, {"kind": "due", "value": "2026-12-01", "was": "6d before target"}, "due"),
        ({"owner": ["maria", "jo"]}, {"kind": "owner", "value": "jo", "was": "maria"}, "owner"),
        ({}, {"kind": "owner", "value": "jo", "was": "maria"}, "owner"),
    ],
)
def test_a_file_that_was_edited_since_overrules_the_command_and_that_is_told(
    written: dict[str, str], change: dict[str, Any], field: str
) -> None:
    of = plan({"id": "nda", **written})
    command = seller(**change)
    after, acts = fold(of, command)
    assert getattr(after.stages[0].tasks[0], field) == getattr(of.stages[0].tasks[0], field)
    assert acts.overruled == (command,)


def test_what_the_buyer_does_after_a_command_that_was_overruled_counts() -> None:
    command = seller(value="doing", was="todo", at=DONE)
    assert task(plan({"id": "nda", "status": "blocked"}), command, event(at=LATER)).status == "done"


def test_an_overruled_command_leaves_the_other_fields() -> None:
    of = plan({"id": "nda", "due": "2026-11-20", "status": "blocked"})
    found = task(of, seller(value="doing", was="todo"), seller(kind="due", value="2026-12-01", was="2026-11-20"))
    assert found.status == "blocked"
    assert found.due
    assert found.due.written == "2026-12-01"


def test_a_command_with_a_value_of_a_later_version_is_left_alone() -> None:
    of = plan({"id": "nda", "status": "todo", "due": "2026-11-20"})
    found = task(of, seller(value="paused", was="todo"), seller(kind="due", value="soon", was="2026-11-20"))
    assert (found.status, found.due) == ("todo", of.stages[0].tasks[0].due)


# Answers


def test_what_nobody_vouches_for_counts_once_it_is_accepted_and_not_when_it_is_rejected() -> None:
    loose = event(proof="", by="", at=DONE)
    accepted, rejected = (seller(kind=kind, of=loose.id, at=LATER) for kind in ("accepted", "rejected"))
    assert task(plan(), loose).status is None
    assert task(plan(), loose, accepted).status == "done"
    after, acts = fold(plan(), loose, rejected)
    assert after.stages[0].tasks[0].status is None
    assert acts.rejected == (loose,)
    assert pending(fold(plan(), loose)[1]) == (loose,)
    assert pending(acts) == ()


@pytest.mark.parametrize("proof", ["link", ""])
def test_of_two_answers_the_newer_counts(proof: str) -> None:
    """Two colleagues answered at once, each in a copy of their own."""
    asked = event(kind="proposed", what="date", value="2026-12-01", proof=proof, at=DONE)
    yes = seller(kind="accepted", of=asked.id, was="2026-11-20", value="2026-12-01", at=LATER)
    no = seller(kind="rejected", of=asked.id, at=LATEST)
    of = plan({"id": "nda", "due": "2026-11-20"})
    assert task(of, asked, yes, no).due == of.stages[0].tasks[0].due
    first = seller(kind="rejected", of=asked.id, at="2026-11-03T11:00:00Z")
    due = task(of, asked, yes, first).due
    assert due
    assert due.written == "2026-12-01"


@pytest.mark.parametrize(
    ("what", "value", "was", "field", "given"),
    [("date", "2026-12-01", "2026-11-20", "due", "2026-12-01"), ("owner", "jo", "maria", "owner", "jo")],
)
def test_an_accepted_proposal_holds_while_the_file_says_what_it_said_then(what: str, value: str, was: str, field: str, given: str) -> None:
    of = plan({"id": "nda", "due": "2026-11-20", "owner": "maria"})
    asked = event(kind="proposed", what=what, value=value, at=DONE)
    assert fold(of, asked)[0].stages == of.stages
    yes = seller(kind="accepted", of=asked.id, was=was, value=value, at=LATER)
    assert str(getattr(task(of, asked, yes), field)) in (given, f"('{given}',)")
    edited = plan({"id": "nda", "due": "2026-11-27", "owner": "dana"})
    after, acts = fold(edited, asked, yes)
    assert after.stages == edited.stages
    assert acts.overruled == (yes,)


@pytest.mark.parametrize("what", ["colleague", "task"])
def test_an_accepted_colleague_or_task_waits_for_the_file(what: str) -> None:
    """Nothing is written into a plan by anybody but its keepers."""
    asked = event(kind="proposed", what=what, value="Somebody", at=DONE)
    after, acts = fold(plan(), asked, seller(kind="accepted", of=asked.id, at=LATER))
    assert after.stages == plan().stages
    assert not acts.is_open(asked)


# Criteria

FAST = {"id": "fast", "criterion": "Quotes in a day"}


def agreed(of: Plan, events: Sequence[Event]) -> date | None:
    found = fold(of, *events)[0].success_criteria[0].agreed
    return found.buyer.day if found and found.buyer else None


def test_an_agreement_is_to_what_the_criterion_said_then() -> None:
    of = plan(success_criteria=[FAST])
    yes = event("criterion/fast", "agreed", rev=criterion_digest(of.success_criteria[0]), at=DONE)
    again = event("criterion/fast", "agreed", rev=yes.rev, at=LATER)
    assert agreed(of, [again, yes]) == date(2026, 11, 3)
    assert agreed(plan(success_criteria=[{**FAST, "goal": "An hour"}]), [yes]) is None
    assert agreed(plan(success_criteria=[{**FAST, "internal": {"notes": "Hard"}}]), [yes]) == date(2026, 11, 3)


def test_a_day_of_agreement_in_the_file_stays() -> None:
    of = plan(success_criteria=[{**FAST, "agreed": {"buyer": "2026-10-01", "seller": "2026-10-02"}}])
    yes = event("criterion/fast", "agreed", rev=criterion_digest(of.success_criteria[0]))
    assert agreed(of, [yes]) == date(2026, 10, 1)
    half = plan(success_criteria=[{**FAST, "agreed": {"seller": "2026-10-02"}}])
    found = fold(half, yes)[0].success_criteria[0].agreed
    assert found
    assert found.seller
    assert (found.seller.day, found.buyer and found.buyer.day) == (date(2026, 10, 2), date(2026, 11, 3))


def test_what_was_made_in_a_preview_counts_there_and_is_marked() -> None:
    loose = event(proof="", by="")
    after, acts = folded(plan(), [loose], day_of, [loose.id])
    assert after.stages[0].tasks[0].status == "done"
    assert acts.previewed == {loose.id}
    assert BASE["id"] == loose.plan
