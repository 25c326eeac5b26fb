"""Which version a day is compared with, until when that holds, what came with which version, and how the target date moved."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.plan.seen import task, view, without

from planmark.plan.changes import Facts, Version, facts_of, news, on_day, out_before, target_moves
from planmark.plan.progress import Clock

FIRST = date(2026, 10, 1)
PLAIN = facts_of(view(task()))
OFFSETS = st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(sorted)


def version(day: date, facts: Facts = PLAIN, **more: str) -> Version:
    """A version that came out on a day."""
    return Version(day.isoformat(), day, facts, **more)


def compared(versions: list[Version], today: date, days: int) -> tuple[Version | None, date]:
    """The version that a page of that day is compared with, and until when that holds."""
    clock = Clock(today)
    out = on_day(versions, clock)
    return (out_before(out, days, clock) if out else None), clock.until


@given(OFFSETS, st.integers(-5, 60), st.integers(1, 20))
def test_it_is_the_newest_that_is_old_enough_else_the_oldest(offsets: list[int], at: int, days: int) -> None:
    versions = [version(FIRST + timedelta(one)) for one in offsets]
    today = FIRST + timedelta(at)
    out = [one for one in versions if one.day <= today]
    old = [one for one in out if one.day <= today - timedelta(days)]
    assert compared(versions, today, days)[0] == (old[-1] if old else out[0] if out else None)


@given(OFFSETS, st.integers(-5, 60), st.integers(1, 20))
def test_the_answer_holds_until_the_day_that_is_said_and_no_longer(offsets: list[int], at: int, days: int) -> None:
    """Nothing is built in vain, and nothing is missed."""
    versions = [version(FIRST + timedelta(one)) for one in offsets]
    today = FIRST + timedelta(at)
    found, until = compared(versions, today, days)
    for number in range(80):
        other = today + timedelta(number)
        if other < until:
            assert compared(versions, other, days)[0] == found
    if until < date.max:
        known = len(on_day(versions, Clock(today)))
        assert compared(versions, until, days)[0] != found or len(on_day(versions, Clock(until))) > known


def test_the_last_day_of_the_calendar_is_a_day_like_others() -> None:
    versions = [version(date.max - timedelta(3)), version(date.max - timedelta(1)), version(date.max)]
    assert compared(versions, date.max, 7)[0] is not None


def test_of_two_on_a_day_the_second_counts() -> None:
    first, second = version(FIRST), Version(f"{FIRST}-2", FIRST, PLAIN)
    assert compared([first, second], FIRST + timedelta(30), 7)[0] is second


def test_what_changed_has_the_day_on_which_it_came() -> None:
    steps = [
        version(FIRST, facts_of(view(task(), task("data")))),
        version(FIRST + timedelta(2), facts_of(view(task(due="2026-12-03"), task("data")))),
        version(FIRST + timedelta(4), facts_of(view(task(due="2026-12-03"), task("data", status="done")))),
    ]
    now, today = facts_of(view(task(due="2026-12-06"), task("data", status="done"), task("users"))), FIRST + timedelta(9)
    found = {(change.kind, change.on): (day, change.days) for change, day in news(steps, now, today)}
    assert found == {
        ("moved", "task/nda"): (today, 5),
        ("status", "task/data"): (steps[2].day, None),
        ("new", "task/users"): (today, None),
    }


def test_what_moved_and_moved_back_is_nothing() -> None:
    steps = [version(FIRST), version(FIRST + timedelta(1), facts_of(view(task(due="2027-01-01"))))]
    assert news(steps, PLAIN, FIRST + timedelta(2)) == ()
    assert news([], PLAIN, FIRST) == ()


def test_the_target_date_remembers_every_move() -> None:
    def at(target: str) -> Facts:
        return facts_of(view(target=target))

    steps = [
        version(FIRST, at("2027-01-15")),
        version(FIRST + timedelta(7), at("2027-01-29"), by="dana", note="Year-end close"),
        version(FIRST + timedelta(9), at("2027-01-29"), by="owen"),
    ]
    first, second = target_moves(steps, at("2027-01-22"), FIRST + timedelta(20))
    assert (first.day, first.days, first.by, first.note) == (FIRST + timedelta(7), 14, "dana", "Year-end close")
    assert (second.day, second.days, second.by) == (FIRST + timedelta(20), -7, "")
    assert target_moves(steps[1:], at("2027-01-29"), FIRST + timedelta(20)) == ()
    assert target_moves([], at("2027-01-29"), FIRST) == ()


def test_a_date_that_was_open_is_no_reason_to_fail() -> None:
    steps = [version(FIRST, facts_of(view(without(task(), "due"))))]
    ((change, day),) = news(steps, PLAIN, FIRST)
    assert (change.kind, change.days, day) == ("moved", None, FIRST)
