"""Business days, as people in different countries keep them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmark.plan.calendars import BusinessCalendar

CODES = ["", "GB", "GB-SCT", "DE-BY", "NL", "US", "AE", "SA", "IL", "JP", "BN", "IN"]
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("code", "day", "works"),
    [
        ("", date(2026, 12, 25), True),  # a Friday; nobody said whose holidays are kept
        ("", date(2026, 11, 21), False),  # a Saturday
        ("GB", date(2026, 12, 25), False),
        ("GB", date(2026, 12, 28), False),  # Boxing Day fell on a Saturday
        ("GB", date(2026, 11, 30), True),
        ("GB-SCT", date(2026, 11, 30), False),  # St Andrew's Day
        ("DE-BY", date(2026, 1, 6), False),  # Epiphany
        ("DE", date(2026, 1, 6), True),
        ("DE-BY", date(2026, 11, 21), False),
        ("AE", date(2026, 11, 21), False),  # Saturday and Sunday since 2022
        ("AE", date(2026, 11, 20), True),
        ("SA", date(2026, 11, 20), False),  # Friday
        ("SA", date(2026, 11, 21), False),
        ("SA", date(2026, 11, 22), True),  # Sunday
        ("IL", date(2026, 11, 22), True),
    ],
)
def test_whose_weekend_and_whose_holidays(code: str, day: date, works: bool) -> None:
    assert BusinessCalendar(code).works(day) is works


@pytest.mark.parametrize(
    ("code", "day", "count", "found"),
    [
        ("", date(2026, 11, 20), 1, date(2026, 11, 23)),
        ("", date(2026, 11, 23), -1, date(2026, 11, 20)),
        ("", date(2026, 11, 21), 0, date(2026, 11, 23)),
        ("", date(2026, 11, 23), 0, date(2026, 11, 23)),
        ("GB", date(2026, 12, 24), 1, date(2026, 12, 29)),
        ("GB", date(2026, 12, 29), -1, date(2026, 12, 24)),
        ("SA", date(2026, 11, 19), 1, date(2026, 11, 22)),
        ("DE-BY", date(2026, 12, 23), 10, date(2027, 1, 11)),
        ("", date(2026, 11, 16), 10, date(2026, 11, 30)),
    ],
)
def test_so_many_business_days_from_a_day(code: str, day: date, count: int, found: date) -> None:
    assert BusinessCalendar(code).add(day, count) == found


@pytest.mark.parametrize(
    ("code", "year", "month", "found"),
    [
        ("", 2026, 11, date(2026, 11, 30)),
        ("GB-SCT", 2026, 11, date(2026, 11, 27)),
        ("", 2026, 2, date(2026, 2, 27)),
        ("", 2026, 12, date(2026, 12, 31)),
        ("GB", 2027, 5, date(2027, 5, 28)),  # the spring bank holiday is the 31st
        ("SA", 2026, 10, date(2026, 10, 29)),  # the 30th and 31st are a Friday and a Saturday
    ],
)
def test_the_last_business_day_of_a_month(code: str, year: int, month: int, found: date) -> None:
    assert BusinessCalendar(code).last_of(year, month) == found


@settings(deadline=None)
@given(st.sampled_from(CODES), DAYS, st.integers(-120, 120))
def test_adding_leads_to_a_business_day_with_so_many_in_between(code: str, day: date, count: int) -> None:
    calendar = BusinessCalendar(code)
    found = calendar.add(day, count)
    assert calendar.works(found)
    step = timedelta(days=1 if count >= 0 else -1)
    between = [day + step * number for number in range(1, abs((found - day).days) + 1)]
    assert sum(map(calendar.works, between)) == (abs(count) if count or calendar.works(day) else 1)


@settings(deadline=None)
@given(st.sampled_from(CODES), DAYS, DAYS)
def test_adding_what_lies_between_two_days_leads_from_one_to_the_other(code: str, first: date, last: date) -> None:
    calendar = BusinessCalendar(code)
    last = calendar.nearest(last)
    if calendar.works(first) or first != last:
        assert calendar.add(first, calendar.between(first, last)) == last


@settings(deadline=None)
@given(st.sampled_from(CODES), DAYS, st.integers(-120, 120))
def test_between_gives_back_what_was_added(code: str, day: date, count: int) -> None:
    calendar = BusinessCalendar(code)
    day = calendar.nearest(day)
    assert calendar.between(day, calendar.add(day, count)) == count


@settings(deadline=None)
@given(st.sampled_from(CODES), DAYS)
def test_the_nearest_business_day_skips_none(code: str, day: date) -> None:
    calendar = BusinessCalendar(code)
    after, before = calendar.nearest(day), calendar.nearest(day, timedelta(days=-1))
    assert before <= day <= after
    assert not any(calendar.works(before + timedelta(days=number)) for number in range(1, (after - before).days))
