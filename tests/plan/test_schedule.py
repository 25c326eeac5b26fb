"""Dates are worked back, slack and the critical path are right: against a published example and an exhaustive reference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.planned import dated, plan_of, scheduled

from planmark.plan.calendars import BusinessCalendar
from planmark.plan.schedule import schedule, with_dates

DAY = timedelta(days=1)
TARGET = date(2027, 1, 29)

# Hillier and Lieberman, Introduction to Operations Research, "Project management with PERT/CPM": the Reliable Construction Company. Each
# activity with its duration, what it follows, and the earliest start and finish, latest start and finish that the book's tables give.
BOOK: dict[str, tuple[int, str, int, int, int, int]] = {
    "a": (2, "", 0, 2, 0, 2),
    "b": (4, "a", 2, 6, 2, 6),
    "c": (10, "b", 6, 16, 6, 16),
    "d": (6, "c", 16, 22, 20, 26),
    "e": (4, "c", 16, 20, 16, 20),
    "f": (5, "e", 20, 25, 20, 25),
    "g": (7, "d", 22, 29, 26, 33),
    "h": (9, "e g", 29, 38, 33, 42),
    "i": (7, "c", 16, 23, 18, 25),
    "j": (8, "f i", 25, 33, 25, 33),
    "k": (4, "j", 33, 37, 34, 38),
    "l": (5, "j", 33, 38, 33, 38),
    "m": (2, "h", 38, 40, 42, 44),
    "n": (6, "k l", 38, 44, 38, 44),
}
CRITICAL = set("abcefjln")
WEEKDAYS = BusinessCalendar()


def test_the_published_example_comes_out_as_published() -> None:
    """Its weeks are business days here; the target is the day on which the shortest possible project ends."""
    start = date(2026, 11, 2)
    tasks = [{"id": name, "takes": f"{takes}d", "after": after.split()} for name, (takes, after, *_) in BOOK.items()]
    found = scheduled(tasks, start=start.isoformat(), target=WEEKDAYS.add(start - DAY, 44).isoformat())
    for name, (takes, _, start_early, finish_early, start_late, finish_late) in BOOK.items():
        slot = found.tasks[name]
        days = [WEEKDAYS.between(start, day) for day in (slot.earliest_start, slot.earliest, slot.latest_start, slot.latest)]
        assert days == [start_early, finish_early - 1, start_late, finish_late - 1], name
        assert slot.slack == finish_late - finish_early, name
        assert (slot.due, slot.worked_back) == (slot.latest, True), name
        assert WEEKDAYS.between(slot.start, slot.due) == takes - 1, name
    assert {name for name, slot in found.tasks.items() if slot.critical} == CRITICAL
    assert found.conflicts == ()


def test_the_published_path_is_the_same_with_time_to_spare() -> None:
    """A target two weeks later gives everything ten days more, and the longest way is still the longest way."""
    start = date(2026, 11, 2)
    tasks = [{"id": name, "takes": f"{takes}d", "after": after.split()} for name, (takes, after, *_) in BOOK.items()]
    found = scheduled(tasks, start=start.isoformat(), target=WEEKDAYS.add(start - DAY, 54).isoformat())
    assert {name for name, slot in found.tasks.items() if slot.critical} == CRITICAL
    assert {name: slot.slack for name, slot in found.tasks.items()} == {name: row[5] - row[3] + 10 for name, row in BOOK.items()}


# An exhaustive reference: it knows nothing of passes or tables, walks days one by one, and tries every day and every chain.

CODES = {"maria": "", "sami": "SA", "gwen": "GB"}


class Reference:
    """A small plan, judged by trying."""

    def __init__(self, tasks: list[dict[str, Any]], target: date, frozen: tuple[date, date] | None) -> None:
        self.tasks = {task["id"]: task for task in tasks}
        self.target, self.frozen = target, frozen

    def works(self, name: str, day: date) -> bool:
        if self.frozen and self.frozen[0] <= day <= self.frozen[1]:
            return False
        return BusinessCalendar(CODES[self.tasks[name]["owner"]]).works(day)

    def takes(self, name: str) -> int:
        return int(self.tasks[name]["takes"][:-1])

    def done(self, name: str, day: date) -> date:
        """The evening on which a task is done that begins the day after `day`."""
        left = self.takes(name)
        while left:
            day += DAY
            left -= self.works(name, day)
        return day

    def chains(self, name: str) -> Iterator[list[str]]:
        """Every way from a task to one that nothing waits for."""
        behind = [one for one, task in self.tasks.items() if name in task["after"]]
        if not behind:
            yield [name]
        for one in behind:
            for rest in self.chains(one):
                yield [name, *rest]

    def holds(self, name: str, day: date, dates: bool) -> bool:
        """Whether a task that is done on `day` lets every chain behind it hold: its target, or the first date written on the way."""
        for chain in self.chains(name):
            reached, limit = day, self.target
            for one in chain[1:]:
                reached = self.done(one, reached)
                if dates and "due" in self.tasks[one]:
                    limit = date.fromisoformat(self.tasks[one]["due"])
                    break
            if reached > limit:
                return False
        return True

    def last(self, name: str, dates: bool) -> date:
        """The last day on which a task can be done."""
        day = self.target
        while not (self.holds(name, day, dates) and (not self.takes(name) or self.works(name, day))):
            day -= DAY
        return day

    def first(self, name: str, start: date) -> date:
        """The first day on which a task can be done: not before its own date, nor before what it waits for."""
        begun = self.done(name, start - DAY) if self.takes(name) else start
        own = date.fromisoformat(self.tasks[name]["due"]) if "due" in self.tasks[name] else begun
        return max([begun, own, *(self.done(name, self.first(one, start)) for one in self.tasks[name]["after"])])


@st.composite
def small_plans(draw: st.DrawFn) -> tuple[list[dict[str, Any]], date, tuple[date, date] | None]:
    """Up to five tasks of people of three countries, some of them dated, with or without a freeze."""
    target = draw(st.dates(date(2026, 12, 20), date(2027, 1, 10)))
    tasks: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        task: dict[str, Any] = {
            "id": f"t{number}",
            "takes": f"{draw(st.integers(0, 4))}d",
            "owner": draw(st.sampled_from(sorted(CODES))),
            "after": draw(st.lists(st.sampled_from([one["id"] for one in tasks]), unique=True, max_size=2)) if tasks else [],
        }
        if draw(st.integers(0, 3)) == 0:
            task["due"] = (target - DAY * draw(st.integers(0, 40))).isoformat()
        tasks.append(task)
    frozen = draw(st.none() | st.tuples(st.integers(1, 40), st.integers(0, 12)))
    first = target - DAY * frozen[0] if frozen else target
    return draw(st.permutations(tasks)), target, (first, first + DAY * frozen[1]) if frozen else None


@settings(max_examples=150, deadline=None)
@given(small_plans())
def test_every_day_is_the_one_that_trying_finds(given: tuple[list[dict[str, Any]], date, tuple[date, date] | None]) -> None:
    tasks, target, frozen = given
    start = target - DAY * 90
    freezes = [{"start": frozen[0].isoformat(), "end": frozen[1].isoformat()}] if frozen else []
    found = scheduled(tasks, target=target.isoformat(), start=start.isoformat(), freezes=freezes)
    reference = Reference(tasks, target, frozen)
    for name, slot in found.tasks.items():
        written = reference.tasks[name].get("due")
        assert slot.worked_back == (written is None)
        assert slot.due == (date.fromisoformat(written) if written else reference.last(name, dates=True)), name
        assert slot.latest == reference.last(name, dates=False), name
        assert slot.earliest == reference.first(name, start), name


@settings(max_examples=100, deadline=None)
@given(small_plans())
def test_what_was_worked_back_may_as_well_be_written(given: tuple[list[dict[str, Any]], date, tuple[date, date] | None]) -> None:
    """The same dates and the same conflicts come out; the order in which tasks stand says nothing."""
    tasks, target, frozen = given
    freezes = [{"start": frozen[0].isoformat(), "end": frozen[1].isoformat()}] if frozen else []
    keys = {"target": target.isoformat(), "start": "2026-08-03", "freezes": freezes}
    found = scheduled(tasks, **keys)
    written = [{**task, "due": found.tasks[task["id"]].due.isoformat()} for task in reversed(tasks)]
    again = scheduled(written, **keys)
    assert {name: slot.due for name, slot in again.tasks.items()} == {name: slot.due for name, slot in found.tasks.items()}
    assert {(one.kind, one.task, one.other) for one in again.conflicts} == {(one.kind, one.task, one.other) for one in found.conflicts}


@given(small_plans())
def test_with_nothing_dated_nothing_conflicts(given: tuple[list[dict[str, Any]], date, tuple[date, date] | None]) -> None:
    tasks, target, _ = given
    for task in tasks:
        task.pop("due", None)
    found = scheduled(tasks, target=target.isoformat())
    assert found.conflicts == ()
    assert min(slot.slack for slot in found.tasks.values()) == 0


# By name


def due(found: Any, name: str) -> str:
    return found.tasks[name].due.isoformat()


def test_a_date_comes_from_what_follows_then_from_the_target() -> None:
    found = scheduled(
        [
            {"id": "draft", "takes": "3d"},
            {"id": "sign", "after": ["draft"], "due": "2027-01-12", "takes": "2d"},
            {"id": "train", "takes": "1w", "after": ["sign"]},
        ]
    )
    assert [due(found, name) for name in ("draft", "sign", "train")] == ["2027-01-08", "2027-01-12", "2027-01-29"]
    assert found.tasks["train"].start == date(2027, 1, 25)
    assert found.tasks["draft"].start == date(2027, 1, 6)


def test_everybody_s_own_weekend_and_holidays_count() -> None:
    """Sami's last day before a British Monday is a Sunday; Gwen does not work on Boxing Day, which fell on a Saturday."""
    found = scheduled([{"id": "s", "owner": "sami"}, {"id": "g", "owner": "gwen", "after": ["s"]}], target="2026-11-23")
    assert (due(found, "s"), due(found, "g")) == ("2026-11-22", "2026-11-23")
    found = scheduled([{"id": "g", "owner": "gwen", "takes": "2d"}, {"id": "m", "after": ["g"]}], target="2026-12-29")
    assert found.tasks["g"].start == date(2026, 12, 23)
    assert due(found, "g") == "2026-12-24"


@pytest.mark.parametrize(
    ("freeze", "days"),
    [
        ({}, ["2026-12-18", "2026-12-18"]),
        ({"party": "buyer"}, ["2026-12-18", "2027-01-04"]),
        ({"stops": ["build"]}, ["2027-01-04", "2026-12-18"]),
        ({"stops": ["s"]}, ["2026-12-18", "2026-12-18"]),
        ({"stops": ["build"], "party": "buyer"}, ["2027-01-04", "2026-12-18"]),
    ],
)
def test_a_freeze_stops_whom_it_says(freeze: dict[str, Any], days: list[str]) -> None:
    """What is frozen is done before, and the rest goes on."""
    tasks = [
        {"id": "check", "owner": "maria", "takes": "1d"},
        {"id": "build", "owner": "dana", "takes": "1d"},
        {"id": "live", "owner": "dana", "after": ["check", "build"], "due": "2027-01-05", "takes": "1d"},
    ]
    frozen = {"start": "2026-12-21", "end": "2027-01-04", "why": "Shutdown", **freeze}
    found = scheduled(tasks, freezes=[frozen])
    assert [due(found, "check"), due(found, "build")] == days


def test_the_signature_is_a_target_of_its_own() -> None:
    """What leads to the signature is worked back from it; what comes after, from the target."""
    stages = [
        {"id": "prove", "title": "P", "tasks": [{"id": "trial"}, {"id": "loose", "takes": "2d"}]},
        {"id": "sign", "title": "S", "tasks": [{"id": "signed", "gate": "signature", "milestone": "yes", "after": ["trial"]}]},
        {"id": "go", "title": "G", "tasks": [{"id": "install", "takes": "3d", "after": ["signed"]}, {"id": "live", "after": ["install"]}]},
    ]
    found = scheduled(stages=stages, contract_signature="2026-12-18", start="2026-11-02")
    assert [due(found, name) for name in ("trial", "loose", "signed")] == ["2026-12-18", "2026-12-18", "2026-12-18"]
    assert [due(found, name) for name in ("install", "live")] == ["2027-01-28", "2027-01-29"]
    assert found.tasks["signed"].toward == "contract_signature"
    assert found.tasks["signed"].leads_to == ("contract_signature", "target")
    assert found.tasks["live"].toward == "target"


def test_work_after_the_target_holds_nothing_up() -> None:
    stages = [
        {"id": "go", "title": "G", "tasks": [{"id": "live", "milestone": "yes"}]},
        {
            "id": "after",
            "title": "A",
            "kind": "onboarding",
            "tasks": [{"id": "care", "after": ["live"], "due": "2027-02-12"}, {"id": "end"}],
        },
    ]
    found = scheduled(stages=stages)
    assert (due(found, "live"), found.tasks["live"].critical) == ("2027-01-29", True)
    assert (found.tasks["care"].toward, found.tasks["care"].critical) == (None, False)
    assert due(found, "end") == "2027-02-12"
    assert found.conflicts == ()


def test_a_last_stage_that_slips_past_the_target_still_leads_to_it() -> None:
    """Nothing else is done on that day, so it is what the target stands for."""
    stages = [
        {"id": "sign", "title": "S", "tasks": [{"id": "signed", "due": "2026-12-18"}]},
        {"id": "go", "title": "G", "tasks": [{"id": "live", "due": "2027-02-05", "after": ["signed"]}]},
    ]
    found = scheduled(stages=stages)
    assert [(one.kind, one.task) for one in found.conflicts] == [("target", "live")]
    assert found.tasks["live"].slack == -5


def test_a_milestone_takes_no_time_and_its_day_may_be_a_saturday() -> None:
    found = scheduled([{"id": "work"}, {"id": "live", "milestone": "yes", "after": ["work"]}], target="2027-01-30")
    slot = found.tasks["live"]
    assert slot.start == slot.due == date(2027, 1, 30)
    assert due(found, "work") == "2027-01-29"


@pytest.mark.parametrize(
    ("tasks", "conflicts"),
    [
        ([{"id": "b", "due": "2027-01-11"}, {"id": "c", "due": "2027-01-08", "after": ["b"]}], [("order", "c", "b")]),
        ([{"id": "b", "due": "2027-01-11"}, {"id": "c", "due": "2027-01-11", "after": ["b"]}], []),
        ([{"id": "b", "due": "2027-01-11"}, {"id": "c", "due": "2027-01-11", "takes": "1d", "after": ["b"]}], [("room", "c", "b")]),
        ([{"id": "b", "due": "2027-01-11"}, {"id": "c", "due": "2027-01-13", "takes": "3d", "after": ["b"]}], [("room", "c", "b")]),
        ([{"id": "b", "due": "2027-01-11"}, {"id": "c", "due": "2027-01-14", "takes": "3d", "after": ["b"]}], []),
        ([{"id": "b", "due": "2027-02-01"}, {"id": "c", "due": "2027-01-14"}], [("target", "b", "target")]),
        ([{"id": "b", "due": "2027-01-16"}], [("closed", "b", "")]),
        ([{"id": "b", "due": "2027-01-16", "milestone": "yes"}], []),
        ([{"id": "b", "due": "2027-01-15", "owner": "sami"}], [("closed", "b", "")]),
        ([{"id": "b", "due": "2027-01-11", "status": "done"}, {"id": "c", "due": "2027-01-08", "after": ["b"]}], []),
        ([{"id": "b", "due": "2027-01-11", "status": "dropped"}, {"id": "c", "due": "2027-01-08", "after": ["b"]}], []),
    ],
)
def test_dates_that_cannot_hold_are_told(tasks: list[dict[str, Any]], conflicts: list[tuple[str, str, str]]) -> None:
    found = scheduled([{"id": "a", "due": "2027-01-04"}, *tasks])
    assert [(one.kind, one.task, one.other) for one in found.conflicts] == conflicts


def test_the_day_before_a_closed_one_is_named() -> None:
    (one,) = scheduled([{"id": "b", "due": "2027-01-17"}]).conflicts
    assert one.at == date(2027, 1, 15)


def test_what_is_done_is_on_no_path_and_holds_nobody_up() -> None:
    found = scheduled(
        [
            {"id": "a", "status": "done", "done_on": "2026-11-09", "due": "2026-11-06"},
            {"id": "b", "takes": "2d", "after": ["a"]},
            {"id": "c", "status": "done"},
            {"id": "d", "after": ["c"], "takes": "1d"},
            {"id": "e", "status": "dropped", "after": ["b"]},
        ],
        start="2026-11-02",
    )
    assert found.tasks["b"].earliest == date(2026, 11, 11)
    assert not found.tasks["a"].critical
    assert "c" not in found.tasks
    assert "e" not in found.tasks
    assert due(found, "b") == "2027-01-29"


def test_without_a_start_the_longest_way_has_no_slack() -> None:
    """Nothing says when work may begin, so it begins when the longest chain has to."""
    found = scheduled([{"id": "a", "takes": "5d"}, {"id": "b", "takes": "3d", "after": ["a"]}, {"id": "c", "takes": "1d"}])
    assert {name: (slot.slack, slot.critical) for name, slot in found.tasks.items()} == {"a": (0, True), "b": (0, True), "c": (7, False)}


def test_dates_that_leave_room_show_which_chain_drives_the_target() -> None:
    found = scheduled(
        [
            {"id": "review", "due": "2026-12-02"},
            {"id": "redlines", "due": "2026-11-20"},
            {"id": "text", "due": "2026-12-09", "after": ["review", "redlines"]},
            {"id": "live", "due": "2027-01-29", "milestone": "yes", "after": ["text"]},
        ]
    )
    assert [name for name, slot in found.tasks.items() if slot.critical] == ["review", "text", "live"]


def test_ten_thousand_tasks_in_a_row_are_worked_back() -> None:
    tasks = [{"id": f"t{n}", "takes": "1d", "after": [f"t{n - 1}"] if n else []} for n in range(10_000)]
    found = scheduled(tasks)
    assert found.tasks["t0"].due == WEEKDAYS.add(TARGET, -9_999)
    assert all(slot.critical for slot in found.tasks.values())


def test_work_that_leads_out_of_the_calendar_is_refused() -> None:
    tasks = [{"id": f"t{n}", "takes": "999d", "after": [f"t{n - 1}"] if n else []} for n in range(1_000)]
    with pytest.raises(OverflowError):
        scheduled(tasks)


def test_tasks_in_a_circle_have_no_slot_and_the_others_do() -> None:
    """The circle is an error of its own, named by its whole loop."""
    found = scheduled([{"id": "a", "after": ["b"]}, {"id": "b", "after": ["a"]}, {"id": "c"}])
    assert list(found.tasks) == ["c"]


def test_worked_back_dates_change_no_agreement_and_leave_what_is_written() -> None:
    plan, _, found = dated([{"id": "a"}, {"id": "b", "due": "3d before target"}])
    first, second = plan.stages[0].tasks
    assert first.due is not None
    assert second.due is not None
    assert (first.due.written, first.due.day) == ("", TARGET)
    assert second.due.written == "3d before target"
    again, works = plan_of([{"id": "b", "due": "3d before target"}])
    assert with_dates(again, schedule(again, works)) is again
    assert found.targets == {"target": TARGET}
