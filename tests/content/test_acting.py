"""The seller's own acts: events of theirs, after everything that they answer to, and plan.yaml as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.plan.doing import event
from tests.wrong import wrong

from planmark.content.acting import Acting, load_one, new_id
from planmark.content.activity import ACTIVITY, append_events, read_activity
from planmark.plan.acts import Acts
from planmark.plan.agreement import terms_digest
from planmark.plan.events import EVENT_ID, Event
from planmark.plan.shared import shared
from planmark.plan.tasks import Task
from planmark.problems import PlanmarkError, Problem

MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]
WORKSPACE = """\
seller: {name: Lumen}
people: [{id: dana, name: Dana Whitfield}, {id: owen, name: Owen}]
contact: dana
"""
PLAN = """\
account: Acme
title: Rollout
target: 2027-01-29
people: [{id: maria, name: Maria Lindqvist}, {id: jo, name: Jo}, {id: priya, name: Priya, party: seller}]
parties: [{id: firm, name: The Firm, side: partner}]
sign_off: {statement: We mean to do this., by: [dana, maria]}
stages:
  - title: Start
    tasks:
      - {id: nda, title: Sign, owner: maria, due: 2026-11-20}
      - {id: trial, title: Try, owner: [maria, dana], due: 10d before target, status: doing}
      - {id: go, title: Go live, milestone: yes, after: [nda, trial]}
"""
AHEAD = "2099-01-01T00:00:00.000Z"


@pytest.fixture
def root(workspace: MakeWorkspace) -> Path:
    return workspace({"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": PLAN})


def put(root: Path, *events: Event) -> None:
    append_events(root / "content/acme", events)


def events(root: Path) -> list[Event]:
    return read_activity(root / "content/acme", [ACTIVITY], "", []).events


def task(root: Path, name: str = "nda") -> Task:
    return next(one for one in load_one(root, "acme").plan.stages[0].tasks if one.id == name)


def acts(root: Path) -> Acts:
    return load_one(root, "acme").acts


def refused(act: Callable[[], object]) -> Problem:
    """Why something cannot be done."""
    with pytest.raises(PlanmarkError) as error:
        act()
    (problem,) = error.value.problems
    assert problem.hint
    assert problem.location.path == "content/acme/plan.yaml"
    return problem


def test_a_status_a_date_and_an_owner_are_set_and_the_file_stays_as_it_was(root: Path) -> None:
    acting = Acting(root, "acme")
    acting.set_status("nda", "doing", "We have begun.")
    acting.set_due("trial", date(2027, 1, 8))
    acting.set_owner("nda", ("Jo", "firm", "seller"))
    assert (task(root).status, task(root).owner) == ("doing", ("jo", "firm", "seller"))
    due = task(root, "trial").due
    assert due
    assert (due.day, task(root, "trial").status) == (date(2027, 1, 8), "doing")
    assert (root / "content/acme/plan.yaml").read_text(encoding="utf-8") == PLAN
    assert [(one.kind, one.was, one.by, one.proof) for one in events(root)] == [
        ("status", "", "dana", "seller"),
        ("due", "10d before target", "dana", "seller"),
        ("owner", "maria", "dana", "seller"),
    ]
    assert wrong(root) == []


def test_a_second_command_on_the_same_task_counts_from_the_file_too(root: Path) -> None:
    """Both replace what plan.yaml says, so both hold, and the newer one counts."""
    Acting(root, "acme").set_status("nda", "doing")
    Acting(root, "acme").set_status("nda", "done")
    assert [one.was for one in events(root)] == ["", ""]
    assert task(root).status == "done"


def test_whoever_edits_the_file_later_overrules_a_command(root: Path) -> None:
    Acting(root, "acme").set_due("nda", date(2026, 12, 1))
    plan = root / "content/acme/plan.yaml"
    plan.write_text(PLAN.replace("2026-11-20", "2026-11-27"), encoding="utf-8")
    due = task(root).due
    assert due
    assert due.written == "2026-11-27"
    assert [one.code for one in wrong(root)] == ["PM710"]


def test_a_command_comes_after_what_it_answers_to_though_that_clock_is_ahead(root: Path) -> None:
    put(root, event(at=AHEAD))
    assert task(root).status == "done"
    Acting(root, "acme").set_status("nda", "todo")
    assert task(root).status == "todo"


def test_what_was_done_stays_done_on_its_day_in_the_plans_own_time_zone(root: Path) -> None:
    (root / "planmark.yaml").write_text(WORKSPACE + "timezone: Asia/Tokyo\n", encoding="utf-8")
    put(root, event(at="2026-11-03T20:00:00Z"))
    done_on = task(root).done_on
    assert done_on
    assert done_on.day == date(2026, 11, 4)


@pytest.mark.parametrize(("person", "by"), [(None, "dana"), ("owen", "owen"), ("priya", "priya")])
def test_an_act_is_somebodys_of_the_team(root: Path, person: str | None, by: str) -> None:
    assert Acting(root, "acme", person).set_status("nda", "done").by == by


def test_nobody_of_the_buyers_can_act_for_the_seller(root: Path) -> None:
    problem = refused(lambda: Acting(root, "acme", "maria"))
    assert problem.message == "nobody of the team has the id `maria`"
    near = refused(lambda: Acting(root, "acme", "dan"))
    assert near.hint == "did you mean `dana`?"


def test_where_nobody_is_the_contact_somebody_has_to_be_named(workspace: MakeWorkspace) -> None:
    root = workspace(
        {"planmark.yaml": "people: [{id: dana, name: Dana}]", "content/acme/plan.yaml": PLAN.replace("[dana, maria]", "maria")}
    )
    problem = refused(lambda: Acting(root, "acme"))
    assert problem.message == "nobody says who is doing this"
    assert "--as dana" in problem.hint


def test_a_task_that_is_none_says_which_was_meant(root: Path) -> None:
    assert refused(lambda: Acting(root, "acme").set_status("ndaa", "done")).hint == "did you mean `nda`?"
    assert refused(lambda: Acting(root, "acme").set_due("nothing-like-it", date(2027, 1, 8))).code == "PM302"


def test_a_milestone_that_waits_for_others_cannot_be_checked_off(root: Path) -> None:
    problem = refused(lambda: Acting(root, "acme").set_status("go", "done"))
    assert problem.code == "PM711"
    assert not (root / "content/acme" / ACTIVITY).exists()


def test_an_owner_who_is_nobody_is_refused_and_nothing_is_written(root: Path) -> None:
    problem = refused(lambda: Acting(root, "acme").set_owner("nda", ("maria", "Marja Lindqvist")))
    assert (problem.code, "`Marja Lindqvist`" in problem.message) == ("PM301", True)
    assert not (root / "content/acme" / ACTIVITY).exists()


def test_what_a_colleague_writes_is_a_clean_text(root: Path) -> None:
    assert Acting(root, "acme").set_status("nda", "blocked", " See\u202e you\r\nthere\x1b[2J ").text == "See you\nthere[2J"


# Signing


def test_the_seller_signs_the_plan_as_it_is(root: Path) -> None:
    signed = Acting(root, "acme").sign()
    assert (signed.name, signed.text, signed.on) == ("Dana Whitfield", "We mean to do this.", "plan")
    assert signed.rev == terms_digest(shared(load_one(root, "acme").plan))
    Acting(root, "acme").set_status("nda", "done")
    assert signed.rev == terms_digest(shared(load_one(root, "acme").plan))
    Acting(root, "acme").set_due("nda", date(2026, 12, 1))
    assert signed.rev != terms_digest(shared(load_one(root, "acme").plan))


def test_whoever_is_not_asked_to_sign_does_not(root: Path) -> None:
    problem = refused(lambda: Acting(root, "acme", "owen").sign())
    assert problem.message == "`owen` is not asked to sign"
    (root / "content/acme/plan.yaml").write_text(PLAN.replace("sign_off", "not_needed: {legal: none}\n#"), encoding="utf-8")
    assert "nothing to sign" in refused(lambda: Acting(root, "acme").sign()).message


# Answering


def test_a_proposed_date_holds_once_it_is_accepted(root: Path) -> None:
    asked = event(kind="proposed", what="date", value="2026-12-01")
    put(root, asked)
    assert Acting(root, "acme").pending() == (asked,)
    Acting(root, "acme").answer(asked.id[:-1], accept=True, text="Fine.")
    due = task(root).due
    assert due
    assert due.written == "2026-12-01"
    assert Acting(root, "acme").pending() == ()


def test_a_rejected_proposal_changes_nothing_and_says_why(root: Path) -> None:
    asked = event(kind="proposed", what="date", value="2026-12-01")
    put(root, asked)
    Acting(root, "acme").answer(asked.id, accept=False, text="The paper is due.")
    due = task(root).due
    assert due
    assert due.written == "2026-11-20"
    assert acts(root).answers[asked.id].text == "The paper is due."


@pytest.mark.parametrize(("value", "owner"), [("jo", "jo"), ("Jo", "jo"), ("the firm", "firm"), ("maria lindqvist", "maria")])
def test_a_proposed_owner_is_found_by_id_or_by_name(root: Path, value: str, owner: str) -> None:
    asked = event(kind="proposed", what="owner", value=value)
    put(root, asked)
    Acting(root, "acme").answer(asked.id, accept=True)
    assert task(root).owner == (owner,)


def test_a_proposed_owner_who_is_nobody_yet_can_be_named(root: Path) -> None:
    asked = event(kind="proposed", what="owner", value="Ann of legal")
    put(root, asked)
    assert refused(lambda: Acting(root, "acme").answer(asked.id, accept=True)).code == "PM301"
    assert acts(root).is_open(asked)
    Acting(root, "acme").answer(asked.id, accept=True, owner=("jo",))
    assert task(root).owner == ("jo",)


def test_a_date_proposed_for_the_whole_plan_can_be_accepted_and_sets_none(root: Path) -> None:
    """There is no task that it could be set on; the seller moves the target in plan.yaml."""
    asked = event("plan", "proposed", what="date", value="2027-03-01")
    put(root, asked)
    before = load_one(root, "acme").plan
    Acting(root, "acme").answer(asked.id, accept=True)
    assert load_one(root, "acme").plan == before
    assert Acting(root, "acme").pending() == ()


def test_what_nobody_vouched_for_counts_once_it_is_accepted(root: Path) -> None:
    loose = event(proof="", by="", name="Maria")
    put(root, loose)
    assert task(root).status is None
    Acting(root, "acme").answer(loose.id, accept=True)
    assert task(root).status == "done"


def test_an_answer_to_nothing_and_to_too_much_says_so(root: Path) -> None:
    both = [event(id=f"0193-abcd-{number}", proof="", by="", kind="comment", text="x") for number in (1, 2)]
    put(root, *both)
    assert refused(lambda: Acting(root, "acme").answer("0194", accept=True)).code == "PM711"
    many = refused(lambda: Acting(root, "acme").answer("0193", accept=True))
    assert "2 that wait" in many.message
    assert all(one.id in many.hint for one in both)
    assert Acting(root, "acme").answer(both[0].id, accept=True).of == both[0].id
    assert refused(lambda: Acting(root, "acme").answer(both[0].id, accept=True)).code == "PM711"


def test_ids_of_events_sort_by_when_they_were_made_and_none_is_made_twice() -> None:
    made = [new_id() for _ in range(200)]
    assert len(set(made)) == 200
    stamps = [one[:13] for one in made]
    assert stamps == sorted(stamps)
    assert all(EVENT_ID.fullmatch(one) for one in made)
    assert {one[14] for one in made} == {"7"}
