"""What of a plan stands in its calendar, as two parsers read it."""

from __future__ import annotations

import pytest
from tests.calendar.plans import Plain, examples, made, retold, view, whole
from tests.calendar.readers import Read, all_by_icaljs, by_icalendar, by_icaljs

TASKS = """\
- {title: Sign the agreement, id: nda, owner: [maria, buyer], due: 2026-11-20, why: Nothing goes out before, evidence: A signed copy}
- {title: Read it, id: read, owner: maria, due: 2026-11-10, status: done}
- {title: Forget it, id: forget, owner: maria, due: 2026-11-11, status: dropped}
- {title: Some day, id: some-day, owner: maria}
- title: Kick off
  id: kickoff
  owner: dana
  due: 2027-03-29
  meeting:
    {time: "09:30", end: "11:00", place: "Room Maas; floor 2", link: "https://meet.example/a,b", with: [maria, dana], agenda: [Who, What]}
- {title: Call, id: call, owner: joost, due: 2026-11-30, status: done, meeting: {time: "23:30", link: "https://meet.example/call"}}
- {title: Choose a day, id: choose, owner: joost, due: 2026-12-01, meeting: {link: "https://cal.example/dana"}}
"""
DATES = """\
contract_signature: 2026-12-18
key_dates:
  - {title: Steering committee, id: steering, date: 2026-11-24, time: "14:00", why: It decides}
  - {title: Fair, id: fair, date: 2026-12-01, end: 2026-12-03, time: "10:00"}
constraints: [{title: The budget ends, id: budget, date: 2026-12-31}]
freezes:
  - {start: 2026-12-21, end: 2027-01-03, id: holidays, party: buyer, stops: [nda]}
  - {start: 2027-01-10, end: 2027-01-10, id: stocktaking, why: Stocktaking}
"""


@pytest.fixture(scope="module")
def plan() -> Plain:
    """A plan with all that has a date."""
    return view(TASKS, DATES)


@pytest.fixture(scope="module")
def read(plan: Plain) -> Read:
    """Its calendar, of which both parsers say the same."""
    data = whole(plan)
    assert by_icaljs(data) == by_icalendar(data)
    return by_icalendar(data)


def test_what_has_a_day_has_an_entry(read: Read) -> None:
    """And nothing else has: no dropped task, and none whose date is open."""
    tasks = {"task-nda", "task-read", "task-kickoff", "task-call", "task-choose", "task-some-day"}
    dates = {"target", "signature", "event-steering", "event-fair", "constraint-budget", "freeze-holidays", "freeze-stocktaking"}
    assert read.names == tasks | dates
    assert "task-some-day" not in by_icalendar(whole(retold(view(TASKS), "some-day", due=None))).names


def test_a_due_date_is_all_day(read: Read) -> None:
    """It keeps nobody from anything; whose it is and why are told."""
    task = read["task-nda"]
    assert (task.start, task.end, task.busy, task.status) == ("2026-11-20", "2026-11-21", False, "CONFIRMED")
    assert task.title == "Sign the agreement"
    assert task.about == (
        "Nothing goes out before\nWho: Maria Lindqvist, Northwind Robotics\nDone when we have: A signed copy\n\nOne build plan"
    )


def test_what_is_done_says_so(read: Read) -> None:
    """It keeps its day. A meeting that was held stays what it was."""
    assert (read["task-read"].title, read["task-read"].start) == ("✓ Read it", "2026-11-10")
    assert read["task-call"].title == "Call"


def test_a_date_that_nobody_wrote_is_tentative(plan: Plain) -> None:
    """It was worked back, and moves with what it was worked back from."""
    task = by_icalendar(whole(retold(plan, worked_back=True)))["task-nda"]
    assert task.status == "TENTATIVE"
    done = by_icalendar(whole(retold(plan, worked_back=True, status="done")))["task-nda"]
    assert done.status == "CONFIRMED"


def test_a_meeting_is_held_at_its_time(read: Read) -> None:
    """In the plan's time zone, by the clock of that day: 29 March 2027 is summer time in Rotterdam."""
    meeting = read["task-kickoff"]
    assert (meeting.start, meeting.end, meeting.busy) == ("2027-03-29T07:30:00", "2027-03-29T09:00:00", True)
    assert (meeting.place, meeting.link) == ("Room Maas; floor 2", "https://meet.example/a,b")
    assert "With Maria Lindqvist, Dana Whitfield\nAgenda\n1. Who\n2. What\nJoin the meeting: https://meet.example/a,b" in meeting.about


def test_a_meeting_without_an_end_takes_an_hour(read: Read) -> None:
    """Over midnight, too. Where there is no place, one goes to where it leads."""
    call = read["task-call"]
    assert (call.start, call.end, call.place) == ("2026-11-30T22:30:00", "2026-11-30T23:30:00", "https://meet.example/call")


def test_a_meeting_without_a_time_is_a_day(read: Read) -> None:
    """And its link is where to book it, no place to go to."""
    day = read["task-choose"]
    assert (day.start, day.busy, day.place, day.link) == ("2026-12-01", False, "", "https://cal.example/dana")
    assert "Book a time: https://cal.example/dana" in day.about


def test_dates_that_matter(read: Read) -> None:
    """A day, an hour, a period whose last day is in it; what has no name of its own says which plan it is of."""
    assert (read["event-steering"].start, read["event-steering"].end) == ("2026-11-24T13:00:00", "2026-11-24T14:00:00")
    assert not read["event-steering"].busy
    assert (read["event-fair"].start, read["event-fair"].end) == ("2026-12-01", "2026-12-04")
    assert read["event-fair"].about.startswith("10:00\n")
    assert (read["constraint-budget"].start, read["constraint-budget"].end) == ("2026-12-31", "2027-01-01")
    assert (read["freeze-holidays"].start, read["freeze-holidays"].end) == ("2026-12-21", "2027-01-04")
    assert (read["target"].start, read["target"].title) == ("2027-01-29", "Go-live · One build plan")
    assert (read["signature"].start, read["signature"].title) == ("2026-12-18", "Contract signature · One build plan")
    assert read["freeze-holidays"].title == "No work · One build plan"
    assert read["freeze-holidays"].about == "Northwind Robotics\nStops: Sign the agreement\n\nOne build plan"
    assert read["freeze-stocktaking"].title == "Stocktaking"


def test_nothing_is_an_invitation(read: Read) -> None:
    """No method, organiser, attendee or alarm, and no mail address of anybody."""
    assert not read.properties & {"method"}
    assert not [event for event in read.events if event.properties & {"organizer", "attendee"} or event.parts]
    assert not [event for event in read.events if "@" in event.about + event.title + event.place]


def test_the_address_of_the_plan_is_in_no_entry(plan: Plain) -> None:
    """Calendars are shown to more people than the plan: neither its share key nor what endpoints know it by."""
    data = whole(plan).replace(b"\r\n ", b"")
    assert b"k9m2x4c7hq5d8rj6p1t0bn2v" not in data
    assert plan["key"].encode() not in data


def test_entries_of_two_plans_never_meet(plan: Plain) -> None:
    """Same ids, same buyer, another key or another id: other UIDs."""
    others = [plan, plan | {"key": "0" * 32}, plan | {"id": "other"}]
    uids = [event.uid for one in others for event in by_icalendar(whole(one)).events]
    assert len(uids) == len(set(uids))


def test_a_plan_in_utc_has_no_time_zone(plan: Plain) -> None:
    """Its times are those of UTC themselves."""
    data = whole(plan | {"timezone": "UTC"})
    assert b"TZID" not in data
    assert by_icalendar(data) == by_icaljs(data)
    assert by_icalendar(data)["task-kickoff"].start == "2027-03-29T09:30:00"


def test_a_plan_without_times_has_no_time_zone(plan: Plain) -> None:
    """Nothing in it would ask for one."""
    assert b"VTIMEZONE" not in whole(view())
    assert by_icalendar(whole(plan)).zones == ("Europe/Amsterdam",)


def test_words_are_in_the_language_of_the_plan() -> None:
    """Those that the catalogue has."""
    read = by_icalendar(whole(view(TASKS, DATES + "locale: de-DE\n")))
    assert read["signature"].title == "Vertragsunterzeichnung · One build plan"
    assert "Wer: Maria Lindqvist" in read["task-nda"].about


@pytest.mark.parametrize("state", ["lost", "paused"])
def test_a_plan_that_ended_or_rests(plan: Plain, state: str) -> None:
    """What was before that day stays as it was; what is on it or later is cancelled, or tentative."""
    read = by_icalendar(whole(plan | {"state": state, "state_on": "2026-11-20"}))
    changed = {event.name for event in read.events if event.status == {"lost": "CANCELLED", "paused": "TENTATIVE"}[state]}
    assert read.names - changed == {"task-read"}
    assert by_icaljs(whole(plan | {"state": state})) == by_icalendar(whole(plan | {"state": state}))
    kept = {
        event.name for event in by_icalendar(whole(plan | {"state": "won", "state_on": "2026-11-20"})).events if event.status == "CONFIRMED"
    }
    assert kept == read.names - {"task-some-day"}


@pytest.mark.parametrize(("name", "plan"), examples())
def test_both_parsers_read_the_examples_alike(name: str, plan: Plain) -> None:
    """Down to each occurrence of the review, in each person's own calendar, too."""
    calendars = [whole(plan), *(data for _, data in made(plan).personal())]
    assert all_by_icaljs(calendars) == [by_icalendar(data) for data in calendars], name


def test_the_same_view_gives_the_same_bytes(plan: Plain) -> None:
    """And its day is that of the version, not of the build."""
    assert whole(plan) == whole(dict(reversed(plan.items())))
    assert {event.stamp for event in by_icalendar(whole(plan)).events} == {"2026-11-03T00:00:00"}
