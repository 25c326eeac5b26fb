"""The standing meeting recurs as people expect it to: on its weekday, by the clock on the wall, until the target date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.calendar.plans import Plain, view, whole
from tests.calendar.readers import by_icalendar, by_icaljs

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ZONES = ("Europe/Amsterdam", "America/New_York", "Africa/Casablanca", "Asia/Kolkata", "Australia/Sydney", "Asia/Gaza", "UTC", "Etc/GMT+7")
REVIEW = """\
review:
  every: week
  day: Tuesday
  time: "15:00"
  duration: 25m
  link: https://meet.example/weekly
  with: [maria, dana]
  agenda: [What was done, What is next]
  urgent: Telephone Dana
"""


@pytest.fixture(scope="module")
def plan() -> Plain:
    """A plan from 5 October to 29 January, with a review every Tuesday at three."""
    return view(more=REVIEW)


def reviewed(
    plan: Plain, review: dict[str, Any], zone: str = "Europe/Amsterdam", start: str = "2026-10-05", target: str = "2027-01-29"
) -> Plain:
    """The plan with another review, elsewhere or at another time."""
    return plan | {"review": review, "timezone": zone, "start": start, "target": target}


def days(every: str, weekday: str, start: date, target: date) -> list[date]:
    """The days of the meeting, by going through all days one by one."""
    all_days = [start + timedelta(n) for n in range((target - start).days + 1)]
    found = [day for day in all_days if WEEKDAYS[day.weekday()] == weekday]
    if every == "2 weeks":
        return found[::2]
    if every == "month" and found and found[0].day > 28:  # a fifth one, which is the last of its month
        return [day for day in found if (day + timedelta(7)).month != day.month]
    if every == "month":
        return [day for day in found if (day.day - 1) // 7 == (found[0].day - 1) // 7]
    return found


def test_every_week_at_three_whatever_the_clocks_do(plan: Plain) -> None:
    """The clocks go back on 25 October 2026: three in the afternoon is one hour later from then on, seen from elsewhere."""
    for read in (by_icalendar(whole(plan)), by_icaljs(whole(plan))):
        review = read["review"]
        assert review.occurrences[:4] == (
            ("2026-10-06T13:00:00", "2026-10-06T13:25:00"),
            ("2026-10-13T13:00:00", "2026-10-13T13:25:00"),
            ("2026-10-20T13:00:00", "2026-10-20T13:25:00"),
            ("2026-10-27T14:00:00", "2026-10-27T14:25:00"),
        )
        assert review.occurrences[-1][0] == "2027-01-26T14:00:00"
        assert len(review.occurrences) == 17


def test_what_is_told_of_it(plan: Plain) -> None:
    """Who, what about, where to."""
    review = by_icalendar(whole(plan))["review"]
    assert review.title == "Review meeting · One build plan"
    assert (review.place, review.link, review.busy) == ("https://meet.example/weekly", "https://meet.example/weekly", True)
    assert review.about == (
        "With Maria Lindqvist, Dana Whitfield\nAgenda\n1. What was done\n2. What is next\n"
        "Join the meeting: https://meet.example/weekly\nIf it is urgent: Telephone Dana\n\nOne build plan"
    )


@settings(max_examples=40)
@given(
    every=st.sampled_from(["week", "2 weeks", "month"]),
    weekday=st.sampled_from(WEEKDAYS),
    begins=st.none() | st.times(time(3, 30), time(20)),  # the clocks change in the night
    duration=st.none() | st.integers(1, 200),
    zone=st.sampled_from(ZONES),
    start=st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    length=st.integers(0, 500),
)
@example(every="week", weekday="Friday", begins=time(23), duration=30, zone="America/New_York", start=date(2026, 10, 5), length=116)
@example(every="month", weekday="Friday", begins=None, duration=None, zone="UTC", start=date(2027, 1, 29), length=200)
@example(every="2 weeks", weekday="Monday", begins=time(9), duration=None, zone="Europe/Amsterdam", start=date(2026, 10, 5), length=0)
def test_any_rhythm_anywhere(
    plan: Plain, every: str, weekday: str, begins: time | None, duration: int | None, zone: str, start: date, length: int
) -> None:
    """Both parsers find the meetings that one finds by going through the days."""
    target = start + timedelta(length)
    review: dict[str, Any] = {"every": every, "day": weekday}
    if begins:
        review["time"] = begins.strftime("%H:%M")
    if duration:
        review["duration"] = duration
    data = whole(reviewed(plan, review, zone, start.isoformat(), target.isoformat()))
    expected = days(every, weekday, start, target)
    for read in (by_icalendar(data), by_icaljs(data)):
        assert ("review" in read.names) is bool(expected)
        if expected:
            assert list(read["review"].occurrences) == [held(day, review, zone) for day in expected]


def held(day: date, review: dict[str, Any], zone: str) -> tuple[str, str]:
    """Beginning and end of one meeting: in UTC, or whole days."""
    if "time" not in review:
        return day.isoformat(), (day + timedelta(1)).isoformat()
    start = datetime.combine(day, time.fromisoformat(review["time"]))
    both = (start, start + timedelta(minutes=review.get("duration", 60)))
    begins, ends = (moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None).isoformat() for moment in both)
    return begins, ends


@pytest.mark.parametrize(
    "review",
    [{}, {"day": "Monday"}, {"every": "week"}, {"every": "week", "time": "09:00"}, {"mode": "mail"}, {"every": "daily", "day": "Monday"}],
)
def test_what_has_no_rhythm_or_no_day_is_no_entry(plan: Plain, review: dict[str, Any]) -> None:
    """Nobody could say when."""
    assert "review" not in by_icalendar(whole(reviewed(plan, review))).names


def test_it_begins_with_the_oldest_version_where_the_plan_names_no_start(plan: Plain) -> None:
    """So that a series does not move with each version: every second Tuesday stays the same Tuesday."""
    plan = {name: value for name, value in reviewed(plan, {"every": "2 weeks", "day": "Tuesday"}).items() if name != "start"}
    plan = plan | {"stages": []}
    first, second = plan | {"version": "2026-10-05"}, plan | {"version": "2026-10-12"}
    assert by_icalendar(whole(first))["review"].start == "2026-10-06"
    assert by_icalendar(whole(second, first))["review"].start == "2026-10-06"


def test_it_ends_where_the_plan_does(plan: Plain) -> None:
    """A plan that is lost or rests has no meetings from that day on; without any left, no entry."""
    for state in ("lost", "paused"):
        ended = by_icalendar(whole(plan | {"state": state, "state_on": "2026-11-03"}))["review"]
        assert ended.occurrences[-1][0] == "2026-10-27T14:00:00"
        assert ended.status == "CONFIRMED"
        assert "review" not in by_icalendar(whole(plan | {"state": state, "state_on": "2026-10-06"})).names
