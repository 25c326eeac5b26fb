"""How far a plan is, and until when that holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.plan.plan import Plan
from planmark.plan.progress import Clock, counted, current_stage, is_late, statuses

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def plan(*stages: list[dict[str, Any]]) -> Plan:
    return Plan.model_validate(
        {
            "account": "Acme",
            "title": "Rollout",
            "target": "2027-01-29",
            "people": ["maria"],
            "stages": [
                {"id": f"s{number}", "title": "S", "tasks": [{"title": "T", **task} for task in tasks]}
                for number, tasks in enumerate(stages)
            ],
        }
    )


@pytest.mark.parametrize(
    ("task", "status"),
    [
        ({}, "todo"),
        ({"status": "doing"}, "doing"),
        ({"status": "blocked"}, "blocked"),
        ({"done_on": "2026-11-03"}, "done"),
        ({"status": "doing", "done_on": "2026-11-03"}, "doing"),
        ({"after": ["open"]}, "todo"),
        ({"after": ["closed"]}, "todo"),  # done is what somebody says, unless it is a milestone
        ({"milestone": "yes"}, "todo"),
        ({"milestone": "yes", "after": ["closed"]}, "done"),
        ({"milestone": "yes", "after": ["closed", "dropped"]}, "done"),
        ({"milestone": "yes", "after": ["closed", "open"]}, "todo"),
        ({"milestone": "yes", "after": ["open"], "status": "done"}, "done"),
        ({"milestone": "yes", "after": ["closed"], "status": "todo"}, "todo"),
        ({"milestone": "yes", "after": ["open"], "done_on": "2026-11-03"}, "done"),
    ],
)
def test_the_status_of_a_task(task: dict[str, Any], status: str) -> None:
    others = [{"id": "open"}, {"id": "closed", "status": "done"}, {"id": "dropped", "status": "dropped"}]
    assert statuses(plan(others, [{"id": "it", **task}]))["it"] == status


def test_a_milestone_may_wait_for_milestones_in_any_order() -> None:
    chain = [{"id": f"m{n}", "milestone": "yes", "after": [f"m{n + 1}"]} for n in range(5)]
    assert set(statuses(plan([*chain, {"id": "m5", "status": "done"}])).values()) == {"done"}
    assert set(statuses(plan([*chain, {"id": "m5", "status": "doing"}])).values()) == {"todo", "doing"}


def test_milestones_that_wait_for_each_other_stay_open() -> None:
    found = statuses(
        plan(
            [
                {"id": "a", "milestone": "yes", "after": ["b"]},
                {"id": "b", "milestone": "yes", "after": ["a", "t"]},
                {"id": "c", "milestone": "yes", "after": ["c"]},
                {"id": "d", "milestone": "yes", "after": ["a"]},
                {"id": "e", "milestone": "yes", "after": ["t"]},
                {"id": "t", "status": "done"},
            ]
        )
    )
    assert found == {"a": "todo", "b": "todo", "c": "todo", "d": "todo", "e": "done", "t": "done"}


STATUS = st.sampled_from(["todo", "doing", "done", "blocked", "dropped", None])


@given(st.lists(st.tuples(STATUS, st.booleans(), st.sets(st.integers(0, 6), max_size=3)), min_size=1, max_size=7))
def test_a_milestone_is_done_when_all_it_waits_for_is(graph: list[tuple[str | None, bool, set[int]]]) -> None:
    tasks = [
        {
            "id": f"t{number}",
            "milestone": "yes" if milestone else "no",
            "after": [f"t{other}" for other in sorted(after) if other < len(graph)],
            **({"status": status} if status else {}),
        }
        for number, (status, milestone, after) in enumerate(graph)
    ]
    found = statuses(plan(tasks))
    assert found.keys() == {task["id"] for task in tasks}
    for task in tasks:
        if "status" in task:
            assert found[task["id"]] == task["status"]
        elif task["milestone"] == "yes" and task["after"] and found[task["id"]] == "done":
            assert all(found[before] in ("done", "dropped") for before in task["after"])
        else:
            assert found[task["id"]] == "todo"


def test_a_task_is_late_from_the_day_after_its_date_and_while_it_is_open() -> None:
    (task,) = plan([{"due": "2026-11-22"}]).stages[0].tasks
    assert [is_late(task, "todo", Clock(TODAY + DAY * shift)) for shift in (-1, 0, 1)] == [False, False, True]
    assert [is_late(task, status, Clock(TODAY + DAY)) for status in ("doing", "blocked", "done", "dropped")] == [True, True, False, False]
    (undated,) = plan([{}]).stages[0].tasks
    assert not is_late(undated, "todo", Clock(date.max))


def test_what_the_clock_was_asked_holds_until_the_first_day_on_which_it_would_not() -> None:
    clock = Clock(TODAY)
    assert clock.until == date.max
    assert clock.past(TODAY - DAY)
    assert clock.reached(TODAY)
    assert clock.until == date.max  # what has passed stays passed
    assert not clock.reached(TODAY + DAY * 9)
    assert clock.until == TODAY + DAY * 9
    assert not clock.past(TODAY + DAY * 3)
    assert clock.until == TODAY + DAY * 4
    assert not clock.past(TODAY)
    assert clock.until == TODAY + DAY
    assert clock.shown() == TODAY


@given(st.lists(st.tuples(st.sampled_from(["past", "reached"]), st.integers(-30, 30)), max_size=8), st.integers(0, 40))
def test_no_answer_of_the_clock_differs_before_that_day(asked: list[tuple[str, int]], later: int) -> None:
    clock = Clock(TODAY)
    said = [getattr(clock, question)(TODAY + DAY * shift) for question, shift in asked]
    other = Clock(TODAY + DAY * later)
    again = [getattr(other, question)(TODAY + DAY * shift) for question, shift in asked]
    assert (again == said) == (other.today < clock.until)


def test_dropped_tasks_do_not_count() -> None:
    one = plan([{"id": "a", "status": "done"}, {"id": "b", "status": "dropped"}, {"id": "c"}])
    assert counted(one.stages[0], statuses(one)) == (1, 2)


@pytest.mark.parametrize(
    ("stages", "current"),
    [
        (([{"id": "a"}], [{"id": "b"}]), "s0"),
        (([{"id": "a", "status": "done"}], [{"id": "b"}]), "s1"),
        (([{"id": "a", "status": "dropped"}], [{"id": "b", "status": "blocked"}]), "s1"),
        (([{"id": "a"}], [{"id": "b", "status": "done"}]), "s0"),
        (([], [{"id": "b"}]), "s1"),
        (([{"id": "a", "status": "done"}], [{"id": "b", "status": "dropped"}]), ""),
    ],
)
def test_the_first_stage_with_open_work_is_under_way(stages: tuple[list[dict[str, Any]], ...], current: str) -> None:
    one = plan(*stages)
    assert current_stage(one, statuses(one)) == current
