"""The close plan is honest: what is missing among the people, and what cannot be promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from tests.plan.doing import event, seller
from tests.plan.planned import dated

from planmark.plan.activity import standing
from planmark.plan.closing import ClosePlan, Known, close_plan, gaps
from planmark.plan.events import Event
from planmark.plan.health import Seen, health
from planmark.plan.progress import Clock, statuses
from planmark.plan.workspace import Health as Settings

TODAY = date(2026, 12, 7)
Values = dict[str, Any]

PEOPLE: list[Values] = [
    {"id": "maria", "name": "Maria", "party": "buyer", "role": "economic_buyer"},
    {"id": "joost", "name": "Joost", "party": "buyer", "role": "executive_sponsor"},
    {"id": "farah", "name": "Farah", "party": "buyer", "role": ["security", "procurement", "legal"]},
    {"id": "dana", "name": "Dana", "party": "seller", "role": "executive_sponsor"},
]
"""A buying group without a gap."""


def closed(
    tasks: Sequence[Values] = (), *acts: Event, people: Sequence[Values] = PEOPLE, today: date = TODAY, **keys: Any
) -> tuple[ClosePlan, list[str]]:
    """The close plan of such a plan, and its gaps: the kind, and what it is about."""
    plan, works, times = dated(tasks or [{"id": "t", "owner": "dana"}], **{"size": "enterprise", "people": list(people), **keys})
    clock, done, status = Clock(today), standing(acts), statuses(plan)
    seen = Seen(times, Settings(), clock, done, lambda received: date.fromisoformat(received[:10]))
    known = Known("Halyard", times, works, health(plan, seen), status, done, clock, seen.day_of, [])
    found = gaps(plan, status, done, clock)
    return close_plan(plan, known), [" ".join(filter(None, (one.kind, one.person, one.gate, one.side))) for one in found]


def without(who: str, **changes: Any) -> list[Values]:
    """The group without somebody, or with them otherwise."""
    return [{**one, **changes} if one["id"] == who else one for one in PEOPLE if one["id"] != who or changes]


def test_a_whole_group_has_no_gap() -> None:
    """As a check on all that follow."""
    assert closed()[1] == []


@pytest.mark.parametrize(
    ("people", "found"),
    [
        (without("maria", role="champion"), ["no_economic_buyer", "gate budget"]),
        (without("maria", role="champion", decides=["budget up to 50000 EUR"]), ["gate budget"]),
        (without("maria", role="champion", internal={"role": "economic_buyer"}), []),
        (without("maria", left="2026-12-07"), ["no_economic_buyer", "gate budget", "single_threaded"]),
        (without("maria", left="2026-12-08"), []),
        (without("maria", party="seller"), ["no_economic_buyer", "gate budget", "single_threaded"]),
        (without("maria", audience="internal"), ["no_economic_buyer", "gate budget", "single_threaded"]),
        (without("joost", role="champion"), ["gate executive", "no_sponsor buyer"]),
        (without("dana", role="champion"), ["no_sponsor seller"]),
        (without("farah", role=["procurement", "counsel"]), ["gate security"]),
        (without("farah", name=None), ["gate security", "gate legal", "gate procurement"]),
        (without("farah", internal={"stance": "sceptic"}), ["against farah"]),
        (without("farah", internal={"stance": "blocker"}), ["against farah"]),
        (without("farah", internal={"stance": "neutral"}), []),
        (without("farah", internal={"stance": "sceptic", "needs": "Evidence"}), []),
        (without("farah", internal={"stance": "sceptic"}, needs="Evidence"), []),
        (without("dana", internal={"stance": "sceptic"}), []),
    ],
)
def test_who_is_missing(people: list[Values], found: list[str]) -> None:
    """Roles that nobody of theirs has, and people against it about whom nothing is planned."""
    assert closed(people=people)[1] == found


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ({"owner": "dana", "gate": "security"}, ["gate security"]),
        ({"owner": "buyer", "gate": "security"}, ["gate security"]),
        ({"owner": ["dana", "farah"], "gate": "security"}, []),
        ({"owner": "dana", "gate": "security", "status": "done", "done_on": "2026-12-01"}, []),
        ({"owner": "dana", "gate": "security", "status": "dropped"}, []),
        ({"owner": "dana", "gate": "signature"}, ["gate signature"]),
    ],
)
def test_who_answers_for_an_approval(task: Values, found: list[str]) -> None:
    """Somebody of theirs, by name, as long as it is open."""
    assert [one for one in closed([{"id": "t", **task}])[1] if one.startswith("gate")] == found


def test_a_meeting_with_a_sceptic_is_a_plan() -> None:
    """While it lies ahead; also one that only the seller knows of."""
    people = without("farah", internal={"stance": "sceptic"})
    meeting = {"id": "t", "owner": "dana", "audience": "internal", "meeting": {"with": ["farah"]}}
    assert closed([meeting], people=people)[1] == []
    assert closed([{"id": "t", "owner": "dana", "internal": {"meeting": {"with": ["farah"]}}}], people=people)[1] == []
    assert closed([{**meeting, "status": "done", "done_on": "2026-12-01"}], people=people)[1] == ["against farah"]


@pytest.mark.parametrize(
    ("answer", "people", "left"),
    [
        ("R22", without("maria", role="champion"), ["gate budget"]),
        ("budget", without("maria", role="champion"), ["no_economic_buyer"]),
        ("R28", without("farah", role="user"), []),
        ("R30", without("dana", role="champion"), []),
        ("R19", [*PEOPLE[:2], {**PEOPLE[2], "left": "2026-01-01"}, PEOPLE[3]], ["gate security", "gate legal", "gate procurement"]),
    ],
)
def test_what_is_answered_is_no_gap(answer: str, people: list[Values], left: list[str]) -> None:
    """One answer in the plan is heard by the rule and here."""
    assert closed(people=people, not_needed={answer: "They told us"})[1] == left


def test_a_light_plan_needs_fewer() -> None:
    """Two people, no sponsors, and only the approvals that its tasks are."""
    people = [PEOPLE[0], {"id": "jo", "name": "Jo", "party": "buyer"}, {"id": "dana", "name": "Dana", "party": "seller"}]
    assert closed(people=people, size="light")[1] == []
    assert closed(people=[people[0], people[2]], size="light")[1] == ["single_threaded"]


def test_owners_who_left_or_never_acted() -> None:
    """Who has acted, if only once, is heard of; whoever only helps is not asked for."""
    tasks: list[Values] = [{"id": "a", "owner": ["maria", "joost"]}, {"id": "b", "owner": "farah"}, {"id": "c", "owner": "dana"}]
    assert closed(tasks)[1] == ["silent"]
    assert closed(tasks, seller("task/a"))[1] == ["silent"]
    assert closed(tasks, event("task/a", by="maria"))[1] == ["never_acted farah"]
    assert closed(tasks, event("task/a", by="maria"), event("task/a", "comment", by="farah"))[1] == []
    found = closed(tasks, event("task/a", by="maria"), people=without("joost", left="2026-11-30"))[1]
    assert found == ["gate executive", "single_threaded", "no_sponsor buyer", "left joost", "never_acted farah"]
    done = [{**task, "status": "done", "done_on": "2026-12-01"} for task in tasks]
    assert closed(done, people=without("joost", left="2026-11-30"))[1][-1] == "no_sponsor buyer"


def test_a_plan_that_rests_asks_nothing() -> None:
    """Won, lost, paused: nobody is missing any more, and nothing is doubted."""
    found, none = closed(people=[PEOPLE[3]], state="lost", internal={"forecast": "commit", "close_date": "2026-01-01"})
    assert none == []
    assert found.standing is None
    assert found.forecast.doubts == ()


def test_every_gap_says_what_to_do() -> None:
    """As sentences, with names and titles in the place of ids."""
    tasks: list[Values] = [{"id": "a", "title": "Pass the review", "owner": "joost", "gate": "security"}]
    people = [{"id": "joost", "name": "Joost", "party": "buyer", "left": "2026-11-30"}, PEOPLE[3]]
    told = [f"{one.text}. {one.hint}." for one in closed(tasks, people=people)[0].gaps]
    assert "Joost has left, and still owns “Pass the review”. Ask who took it over, and write them as the owner." in told
    assert "The plan knows nobody of the buyer's side. Ask your contact who else has to say yes, and to bring one of them along." in told
    assert len(told) == 9


# The forecast


SIGNING: list[Values] = [
    {"id": "review", "owner": "farah", "due": "2026-12-11", "takes": "3d"},
    {"id": "sign", "owner": ["maria", "dana"], "gate": "signature", "due": "2026-12-18", "takes": "1d", "after": ["review"]},
]


def doubts(today: str = "2026-12-07", tasks: Sequence[Values] = SIGNING, **internal: str) -> list[tuple[str, int]]:
    """What is doubtful about a forecast, with the days."""
    keys = {"contract_signature": "2026-12-18", "internal": internal}
    return [(one.kind, one.days) for one in closed(tasks, today=date.fromisoformat(today), **keys)[0].forecast.doubts]


def test_a_forecast_that_the_plan_bears_out() -> None:
    """The day of the signature is the close date, where none is written."""
    found = closed(SIGNING, contract_signature="2026-12-18", value="5 EUR", internal={"forecast": "commit"})[0].forecast
    assert (found.word, found.close, found.is_written, found.doubts) == ("commit", date(2026, 12, 18), False, ())
    assert (found.signature, found.earliest, str(found.amount), found.is_internal) == (
        date(2026, 12, 18),
        date(2026, 12, 18),
        "5 EUR",
        False,
    )


@pytest.mark.parametrize(
    ("today", "internal", "found"),
    [
        ("2026-12-07", {"close_date": "2026-12-18"}, []),
        ("2026-12-07", {"close_date": "2026-12-17"}, [("before_plan", 1)]),
        ("2026-12-07", {"close_date": "2026-12-30"}, [("later", 12)]),
        ("2026-12-07", {"close_date": "2026-12-04"}, [("passed", 3)]),
        ("2026-12-17", {"close_date": "2026-12-30"}, [("slipping", 4)]),
        ("2026-12-17", {"close_date": "2026-12-21"}, [("impossible", 1)]),
        ("2026-12-17", {"close_date": "2026-12-30", "forecast": "Commit"}, [("slipping", 4), ("committed", 0)]),
        ("2026-12-17", {"close_date": "2026-12-30", "forecast": "best case"}, [("slipping", 4)]),
        ("2026-12-28", {}, [("passed", 10)]),
    ],
)
def test_what_is_doubtful_about_a_forecast(today: str, internal: dict[str, str], found: list[tuple[str, int]]) -> None:
    """Held against what can still be done: three days of review, and a day to sign, from today on."""
    assert doubts(today, **internal) == found


def test_a_close_date_before_the_plan_signs() -> None:
    """Though it could be signed by then: where it is not written how the plan comes to its signature."""
    late = [{**SIGNING[1], "due": None, "after": []}]
    assert doubts(tasks=late, close_date="2026-12-10") == [("before_plan", 8)]


def test_no_day_at_all() -> None:
    """A plan of no signature promises none."""
    found = closed([{"id": "t", "owner": "dana"}], internal={"forecast": "pipeline"})[0].forecast
    assert ([one.kind for one in found.doubts], found.close) == (["undated"], None)


def test_what_is_signed_is_not_doubted() -> None:
    """Whatever day was forecast."""
    done = [{**task, "status": "done", "done_on": "2026-12-04"} for task in SIGNING]
    found = closed(done, internal={"forecast": "commit", "close_date": "2026-11-01"})[0].forecast
    assert (found.signed, found.doubts) == (True, ())


def test_a_date_that_can_no_longer_hold_is_said_to() -> None:
    """Though every task before it is dated before it."""
    keys = {"contract_signature": "2026-12-18"}
    (now, _), (later, _) = (closed(SIGNING, today=date(2026, 12, day), **keys)[0].dates for day in (7, 17))
    assert (now.holds, now.slack) == (True, 0)
    assert (later.holds, later.last, later.earliest) == (False, date(2026, 12, 18), date(2026, 12, 22))


# What is internal


def test_internal_tasks_stand_among_the_others() -> None:
    """By date, marked, and with what is written in them; what has no date comes last."""
    tasks: list[Values] = [
        {"id": "b", "due": "2026-12-15"},
        {"id": "a", "due": "2026-12-10", "audience": "internal", "evidence": "A line in the sheet", "internal": {"notes": "Ask Ivo"}},
        {"id": "c", "due": "2026-12-09", "internal": {"owner": "maria"}},
        {"id": "d", "status": "done", "done_on": "2026-12-01"},
    ]
    lines = closed(tasks)[0].tasks
    assert [(line.id, line.internal, [(one.key, one.text) for one in line.facts]) for line in lines] == [
        ("c", False, [("owner", "maria")]),
        ("a", True, [("evidence", "A line in the sheet"), ("notes", "Ask Ivo")]),
        ("b", False, []),
    ]


def test_people_with_what_they_need() -> None:
    """The buyer's side first; the seller's own words about them before the shared ones; their last act."""
    people = [PEOPLE[3], *without("maria", needs="One number", internal={"needs": "To look good", "stance": "neutral"})[:1]]
    dana, maria = closed((), event("plan", "comment", by="maria"), people=people)[0].people[::-1]
    assert (maria.needs, maria.stance, maria.acted, maria.did) == (
        ("To look good", "One number"),
        "neutral",
        date(2026, 11, 3),
        "commented on the plan",
    )
    assert (dana.side, dana.party, dana.acted) == ("seller", "Halyard", None)


def test_what_waits_can_be_answered() -> None:
    """By the id that the inbox takes."""
    asked = event("task/t", "proposed", by="maria", what="date", value="2026-12-20")
    (waits,) = closed((), asked)[0].waits
    assert (waits.id, waits.text) == (asked.id, "Maria proposes 2026-12-20 for “t”")
