"""When each task can be done from today on: against the same exhaustive reference as the schedule, and by name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.planned import dated
from tests.plan.test_schedule import Reference, small_plans

from planmark.plan.schedule.possible import possible

DAY = timedelta(days=1)
Given = tuple[list[dict[str, Any]], date, tuple[date, date] | None]


def first_days(tasks: list[dict[str, Any]], today: date, **keys: Any) -> dict[str, date]:
    """The first day of each open task."""
    plan, works, found = dated(tasks, **keys)
    return possible(plan, works, found, today)


def one(task: dict[str, Any], today: str, **keys: Any) -> str:
    """The first day of one task."""
    return first_days([{"id": "t", **task}], date.fromisoformat(today), **keys)["t"].isoformat()


@settings(max_examples=100)
@given(small_plans(), st.integers(-20, 40))
def test_every_day_is_the_one_that_trying_finds(given: Given, before: int) -> None:
    """Whatever is dated, closed, or late already."""
    tasks, target, frozen = given
    today = target - DAY * before
    freezes = [{"start": frozen[0].isoformat(), "end": frozen[1].isoformat()}] if frozen else []
    found = first_days(tasks, today, target=target.isoformat(), start=(target - DAY * 90).isoformat(), freezes=freezes)
    reference = Reference(tasks, target, frozen)
    assert found == {name: reference.first(name, today) for name in found}
    assert len(found) == len(tasks)


@settings(max_examples=50)
@given(small_plans(), st.integers(-20, 40), st.integers(0, 10))
def test_waiting_makes_nothing_earlier(given: Given, before: int, days: int) -> None:
    """A day that is lost is never won back."""
    tasks, target, _ = given
    today = target - DAY * before
    now, later = (first_days(tasks, day, target=target.isoformat()) for day in (today, today + DAY * days))
    assert all(now[name] <= later[name] for name in now)


@pytest.mark.parametrize(
    ("task", "today", "day"),
    [
        ({"takes": "1d"}, "2026-12-07", "2026-12-07"),
        ({"takes": "3d"}, "2026-12-07", "2026-12-09"),
        ({"takes": "3d"}, "2026-12-05", "2026-12-09"),  # a Saturday
        ({"milestone": "yes"}, "2026-12-05", "2026-12-05"),
        ({"takes": "3d", "due": "2026-12-18"}, "2026-12-07", "2026-12-18"),
        ({"takes": "3d", "due": "2026-12-01"}, "2026-12-07", "2026-12-09"),
        ({"takes": "5d", "due": "2026-12-08", "status": "doing"}, "2026-12-07", "2026-12-08"),
        ({"takes": "5d", "due": "2026-12-01", "status": "doing"}, "2026-12-07", "2026-12-07"),
        ({"takes": "3d", "start": "2026-12-14"}, "2026-12-07", "2026-12-16"),
    ],
)
def test_one_task(task: dict[str, Any], today: str, day: str) -> None:
    """Its whole length from today on; not before its date; what is under way began as planned."""
    assert one(task, today) == day


def test_what_is_done_holds_nobody_up_any_more() -> None:
    """And has no first day itself."""
    tasks = [{"id": "a", "due": "2026-12-01", "status": "done", "done_on": "2026-12-01"}, {"id": "b", "takes": "2d", "after": ["a"]}]
    assert first_days(tasks, date(2026, 12, 7)) == {"b": date(2026, 12, 8)}
