"""A new version of a plan replaces what calendars have of it: the same UIDs, and a SEQUENCE that rises with each change and no other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendar.plans import Plain, retold, view, whole, without
from tests.calendar.readers import Event, Read, Reader, all_by_icaljs, by_icalendar, by_icaljs

TASKS = """\
- {title: Sign the agreement, id: nda, owner: maria, due: 2026-11-20}
- {title: Kick off, id: kickoff, owner: joost, due: 2026-11-24, meeting: {time: "09:30", place: Room 1, with: [maria]}}
"""
READERS = [by_icalendar, by_icaljs]


@pytest.fixture(scope="module")
def plan() -> Plain:
    """The first version of a plan of two tasks."""
    return view(TASKS)


def on(day: int, plan: Plain) -> Plain:
    """The plan as a version of that day in November."""
    return plan | {"version": f"2026-11-{day:02}"}


def taken_in(*files: Read) -> dict[str, Event]:
    """What an application has that takes in one file after the other: by UID, the highest SEQUENCE counts, and of equals the later one."""
    found: dict[str, Event] = {}
    for file in files:
        for event in file.events:
            before = found.get(event.uid)
            if before is None or (event.sequence, event.stamp) >= (before.sequence, before.stamp):
                found[event.uid] = event
    return {event.name: event for event in found.values() if event.status != "CANCELLED"}


@pytest.mark.parametrize("reader", READERS)
def test_a_new_version_takes_the_place_of_the_old_one(plan: Plain, reader: Reader) -> None:
    """One entry, with the newer data."""
    first = on(3, plan)
    second = on(10, retold(plan, due="2026-11-27"))
    old, new = reader(whole(first)), reader(whole(second, first))
    has = taken_in(old, new)
    assert set(has) == {"task-nda", "task-kickoff", "target"}
    assert (has["task-nda"].start, has["task-nda"].sequence, has["task-nda"].stamp) == ("2026-11-27", 1, "2026-11-10T00:00:00")
    assert has["task-kickoff"] == old["task-kickoff"], "nothing of it changed, not a byte"


@pytest.mark.parametrize("reader", READERS)
def test_what_is_dropped_or_gone_is_taken_away(plan: Plain, reader: Reader) -> None:
    """Whoever took it in is told; whoever never had it hears nothing of it."""
    first = on(3, plan)
    for second in (retold(plan, status="dropped"), without(plan, "nda"), retold(plan, due=None)):
        new = reader(whole(on(10, second), first))
        assert (new["task-nda"].status, new["task-nda"].sequence, new["task-nda"].busy) == ("CANCELLED", 1, False)
        assert set(taken_in(reader(whole(first)), new)) == {"task-kickoff", "target"}
        assert "task-nda" not in reader(whole(on(10, second))).names


def test_what_comes_back_comes_back(plan: Plain) -> None:
    """It was cancelled in between, so it has to count for more than that."""
    first, gone = on(3, plan), on(10, without(plan, "nda"))
    again = by_icalendar(whole(on(12, plan), first, gone))["task-nda"]
    assert (again.sequence, again.status, again.start) == (2, "CONFIRMED", "2026-11-20")


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Sign it"},
        {"due": "2026-11-21"},
        {"status": "done"},
        {"why": "Because"},
        {"evidence": "A copy"},
        {"worked_back": True},
        {"owners": [{"id": "joost", "name": "Joost van den Berg"}]},
        {"meeting": {"time": "10:00"}},
    ],
)
def test_what_stands_in_a_calendar_counts(plan: Plain, facts: Plain) -> None:
    """Each fact of a task that its entry tells."""
    assert by_icalendar(whole(on(10, retold(plan, **facts)), on(3, plan)))["task-nda"].sequence == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"late": True},
        {"rev": "abc"},
        {"said": [{"id": "c1", "text": "Hello"}]},
        {"priority": "high"},
        {"steps": [{"title": "A", "done": True}]},
    ],
)
def test_what_stands_in_none_does_not(plan: Plain, facts: Plain) -> None:
    """A comment or a passed day moves nobody's calendar."""
    assert whole(on(3, retold(plan, **facts)), on(3, plan)) == whole(on(3, plan))


def test_a_plan_in_another_time_zone_moves_its_meetings(plan: Plain) -> None:
    """And not its days."""
    read = by_icalendar(whole(on(10, plan | {"timezone": "America/New_York"}), on(3, plan)))
    assert {event.name: event.sequence for event in read.events} == {"task-nda": 0, "task-kickoff": 1, "target": 0}
    assert read["task-kickoff"].start == "2026-11-24T14:30:00"


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Sign", "Read and sign"]),
        "due": st.sampled_from(["2026-11-20", "2026-11-27", None]),
        "status": st.sampled_from(["todo", "done", "dropped"]),
        "late": st.booleans(),
        "meeting": st.sampled_from([None, {"time": "10:00"}, {"place": "Room 2"}]),
    },
)


@settings(max_examples=60)
@given(st.lists(st.tuples(CHANGES, st.booleans()), min_size=1, max_size=6))
def test_it_rises_exactly_when_something_changes(plan: Plain, changes: list[tuple[Plain, bool]]) -> None:
    """Over any history: from version to version an entry has one more where it says something else, and the same where not."""
    versions = [on(3, plan)]
    for number, (facts, stays) in enumerate(changes, 4):
        versions.append(on(number, retold(plan, **facts) if stays else without(plan, "nda")))
    files = [by_icalendar(whole(one, *versions[:number])) for number, one in enumerate(versions)]
    for before, after in pairwise(files):
        assert before.names <= after.names, "nothing that anybody may have is forgotten"
        for event in before.events:
            now = after[event.name]
            says = replace(now, sequence=event.sequence, stamp=event.stamp)
            assert now.sequence == event.sequence + (says != event)
            assert now.stamp >= event.stamp
    has = taken_in(*files)
    alone = {event.name: event for event in by_icalendar(whole(versions[-1])).events}
    assert {name: (one.title, one.start, one.end, one.place) for name, one in has.items()} == {
        name: (one.title, one.start, one.end, one.place) for name, one in alone.items()
    }, "whoever took in all of them has what the last one says"


BROKEN: list[Plain] = [
    {},
    {"stages": None, "key_dates": 7, "review": []},
    {"stages": [None, 1, {"tasks": "no"}, {"tasks": [None, {}, {"id": 4, "title": [], "due": "2026-13-40"}]}]},
    {
        "stages": [
            {"tasks": [{"id": "nda", "title": "x", "due": "2026-11-20", "owners": ["maria"], "meeting": {"time": "25:99", "with": {}}}]}
        ]
    },
    {
        "stages": [
            {"tasks": [{"id": "a\r\nEND:VEVENT", "title": "x", "due": "9999-12-31"}, {"id": "b", "due": "2026-11-20", "title": "\ud800"}]}
        ]
    },
    {"timezone": "Mars/Olympus", "version": "never", "locale": "xx", "state": "lost", "target": "2026-02-30"},
    {"key_dates": [{"id": "x", "kind": "event\r\nX:y", "date": "2026-11-20", "end": "2026-11-01", "title": "t"}]},
    {"review": {"every": "week", "day": "Monday", "time": "9", "duration": "long", "with": [{"id": None}]}, "target": "2027-01-01"},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_version_that_says_nonsense_breaks_nothing(plan: Plain, broken: Plain) -> None:
    """Of an earlier program, or edited by hand: what can be read of it counts."""
    calendars = [whole(on(10, plan), broken), whole(on(10, plan), plan | broken, broken, plan)]
    read = [by_icalendar(data) for data in calendars]
    assert all_by_icaljs(calendars) == read
    for one in read:
        assert {event.name for event in one.events if event.status == "CONFIRMED"} == {"task-nda", "task-kickoff", "target"}
