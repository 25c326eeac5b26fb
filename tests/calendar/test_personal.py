"""Everybody's own calendar: what they have to do, where they are to be, and the dates that are everybody's."""

from __future__ import annotations

import pytest
from tests.calendar.plans import Plain, made, retold, view
from tests.calendar.readers import Read, by_icalendar, by_icaljs

TASKS = """\
- {title: Sign the agreement, id: nda, owner: maria, due: 2026-11-20}
- {title: Read it, id: read, owner: [joost, dana], due: 2026-11-21}
- {title: Kick off, id: kickoff, owner: joost, due: 2026-11-24, meeting: {time: "09:30", with: [maria]}}
- {title: Agree inside, id: inside, owner: buyer, due: 2026-11-25}
"""
REVIEW = "review: {every: week, day: Monday, time: '09:00', with: [joost, dana]}\nkey_dates: [{title: Fair, id: fair, date: 2026-12-01}]"


@pytest.fixture(scope="module")
def plan() -> Plain:
    """A plan of three people."""
    return view(TASKS, REVIEW)


def own(plan: Plain, person: str, *versions: Plain) -> Read:
    """Somebody's own calendar, of which both parsers say the same."""
    data = made(plan, *versions).of(person)
    assert by_icaljs(data) == by_icalendar(data)
    return by_icalendar(data)


def test_each_has_their_own(plan: Plain) -> None:
    """Tasks, meetings as owner or as guest, the review where they are in it, and what concerns everybody."""
    every = {"target", "event-fair"}
    assert own(plan, "maria").names == every | {"task-nda", "task-kickoff"}
    assert own(plan, "joost").names == every | {"task-read", "task-kickoff", "review"}
    assert own(plan, "dana").names == every | {"task-read", "review"}
    assert own(plan, "nobody").names == every


def test_a_review_without_names_is_everybodys(plan: Plain) -> None:
    """Whoever it is."""
    assert "review" in own(plan | {"review": {"every": "week", "day": "Monday"}}, "maria").names


def test_an_entry_is_the_same_in_both(plan: Plain) -> None:
    """Who takes in both has it once."""
    whole, mine = by_icalendar(made(plan).whole()), own(plan, "joost")
    assert {event.name: event for event in mine.events}.items() <= {event.name: event for event in whole.events}.items()


def test_only_what_has_a_time_needs_a_time_zone(plan: Plain) -> None:
    """Each file has the zones that its own entries name."""
    assert own(plan, "maria").zones == ("Europe/Amsterdam",)
    assert own(plan, "nobody").zones == ()


def test_what_passes_to_somebody_else_leaves_the_calendar(plan: Plain) -> None:
    """It is cancelled for whom it was, with a SEQUENCE that counts, and new for whom it is."""
    owners = [{"id": "joost", "name": "Joost van den Berg"}]
    passed = retold(plan, owners=owners) | {"version": "2026-11-10"}
    was, now = own(passed, "maria", plan)["task-nda"], own(passed, "joost", plan)["task-nda"]
    assert (was.status, was.sequence) == ("CANCELLED", 1)
    assert (now.status, now.sequence) == ("CONFIRMED", 1)
    assert "task-nda" not in own(passed, "dana", plan).names
    back = own(plan | {"version": "2026-11-12"}, "maria", plan, passed)["task-nda"]
    assert (back.status, back.sequence) == ("CONFIRMED", 2)


def test_everybody_with_a_link_has_a_file(plan: Plain) -> None:
    """Named by what the link calls them: the seller's people have no links."""
    files = dict(made(plan).personal())
    assert list(files) == [f"calendar-{guest['ref']}.ics" for guest in plan["guests"]]
    assert [guest["id"] for guest in plan["guests"]] == ["maria", "joost"]
    assert list(files.values()) == [made(plan).of(name) for name in ("maria", "joost")]
