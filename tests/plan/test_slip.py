"""What a slip moves: what no longer fits, no further than it must, and whether the targets hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.planned import dated

from planmark.plan.calendars import BusinessCalendar
from planmark.plan.dates import resolved
from planmark.plan.scalars import When
from planmark.plan.schedule import schedule, with_dates
from planmark.plan.schedule.slipping import Slip, slipped
from planmark.plan.walk import marked

WEEKDAYS = BusinessCalendar()
START = date(2026, 11, 2)


def slip(tasks: Sequence[dict[str, Any]], name: str, to: str, **keys: Any) -> Slip:
    """What it moves that a task is due on another day."""
    plan, works, before = dated(tasks, **keys)
    (stage,) = plan.stages
    moved = tuple(one.model_copy(update={"due": When(to, day=date.fromisoformat(to))}) if one.id == name else one for one in stage.tasks)
    plan = plan.model_copy(update={"stages": (stage.model_copy(update={"tasks": moved}),)})
    unresolved = plan.model_copy(update={"stages": (stage.model_copy(update={"tasks": tuple(map(_as_written, moved))}),)})
    plan = resolved(unresolved, tuple(marked(unresolved)), works.at, [])
    works = replace(works, plan=plan)
    plan = with_dates(plan, schedule(plan, works))
    return slipped(before, plan, replace(works, plan=plan), name)


def _as_written(task: Any) -> Any:
    """The task before its date was resolved or worked back."""
    due = task.due
    if due is None or due.written == due.day.isoformat():
        return task
    return task.model_copy(update={"due": replace(due, day=None) if due.written else None})


def moves(found: Slip) -> dict[str, str]:
    return {one.task: one.now.isoformat() for one in found.moves}


CHAIN = [
    {"id": "review", "due": "2026-12-02", "owner": "maria"},
    {"id": "text", "due": "2026-12-09", "takes": "2d", "after": ["review"], "owner": "dana"},
    {"id": "sign", "due": "2026-12-11", "after": ["text"], "owner": "maria"},
    {"id": "aside", "due": "2026-12-10", "owner": "gwen"},
]


def test_what_has_room_stays() -> None:
    found = slip(CHAIN, "review", "2026-12-07", target="2026-12-18")
    assert moves(found) == {"review": "2026-12-07"}
    assert found.owners == ("maria",)
    assert all(one.holds for one in found.targets)


def test_what_no_longer_fits_is_pushed_no_further_than_it_must() -> None:
    found = slip(CHAIN, "review", "2026-12-09", target="2026-12-18")
    assert moves(found) == {"review": "2026-12-09", "text": "2026-12-11", "sign": "2026-12-14"}
    assert [(one.task, one.pushed, one.because) for one in found.moves] == [
        ("review", False, ""),
        ("text", True, "review"),
        ("sign", True, "text"),
    ]
    assert found.owners == ("maria", "dana")
    assert [(one.holds, one.done_by) for one in found.targets] == [(True, date(2026, 12, 14))]


def test_a_target_that_is_missed_is_told_with_the_day() -> None:
    (target,) = slip(CHAIN, "review", "2026-12-18", target="2026-12-18").targets
    assert (target.holds, target.day, target.done_by) == (False, date(2026, 12, 18), date(2026, 12, 23))


def test_two_of_one_day_stay_together() -> None:
    """Who dated them so knew why."""
    tasks = [{"id": "a", "due": "2026-12-02"}, {"id": "b", "due": "2026-12-02", "after": ["a"]}]
    assert moves(slip(tasks, "a", "2026-12-04")) == {"a": "2026-12-04", "b": "2026-12-04"}


def test_what_counts_from_the_task_follows_by_itself() -> None:
    tasks = [
        {"id": "a", "due": "2026-12-02"},
        {"id": "b", "due": "2d after a"},
        {"id": "c"},
        {"id": "d", "due": "2026-12-04", "after": ["c"]},
    ]
    found = slip(tasks, "a", "2026-12-09")
    assert moves(found) == {"a": "2026-12-09", "b": "2026-12-11"}
    assert not any(one.pushed for one in found.moves)


def test_what_is_done_stays_where_it_was() -> None:
    tasks = [{"id": "a", "due": "2026-12-02"}, {"id": "b", "due": "2026-12-03", "after": ["a"], "status": "done"}]
    assert moves(slip(tasks, "a", "2026-12-09")) == {"a": "2026-12-09"}


def test_one_that_comes_earlier_than_what_it_waits_for_says_so() -> None:
    found = slip(CHAIN, "text", "2026-12-01", target="2026-12-18")
    assert moves(found) == {"text": "2026-12-01"}
    assert found.waits_for == ("review",)


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[dict[str, Any]], str, int, int]:
    """Dated tasks in which everything fits, one of them, and two lengths of slip, the longer one second."""
    tasks: list[dict[str, Any]] = []
    days: list[date] = []
    for number in range(draw(st.integers(1, 6))):
        takes = draw(st.integers(1, 4))
        before = draw(st.lists(st.integers(0, number - 1), unique=True, max_size=2)) if number else []
        first = max([START, *(days[one] for one in before)])
        days.append(WEEKDAYS.add(first, takes + draw(st.integers(0, 6))))
        tasks.append({"id": f"t{number}", "takes": f"{takes}d", "after": [f"t{one}" for one in before], "due": days[-1].isoformat()})
    short = draw(st.integers(1, 15))
    return tasks, f"t{draw(st.integers(0, len(tasks) - 1))}", short, short + draw(st.integers(0, 15))


@settings(max_examples=150, deadline=None)
@given(chains())
def test_afterwards_everything_fits_and_nothing_moved_without_need(given: tuple[list[dict[str, Any]], str, int, int]) -> None:
    """Each pushed task is done the very day on which it can be done, after the last of those it waits for; a longer slip moves no less."""
    tasks, name, short, long = given
    dues = {task["id"]: date.fromisoformat(task["due"]) for task in tasks}
    found = {}
    for length in (short, long):
        done = slip(tasks, name, WEEKDAYS.add(dues[name], length).isoformat(), target="2027-12-31")
        now = dues | {one.task: one.now for one in done.moves}
        found[length] = now
        for task in tasks:
            reached = [WEEKDAYS.add(now[one], int(task["takes"][:-1])) for one in task["after"]]
            assert all(day <= now[task["id"]] for day in reached)
            if now[task["id"]] != dues[task["id"]] and task["id"] != name:
                assert now[task["id"]] == max(reached)
    assert all(found[short][one] <= found[long][one] for one in dues)


@pytest.mark.parametrize("name", ["review", "aside"])
def test_the_same_day_moves_nothing(name: str) -> None:
    day = next(one["due"] for one in CHAIN if one["id"] == name)
    assert slip(CHAIN, name, day).moves == ()
