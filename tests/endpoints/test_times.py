"""Times as services write them; what says no zone is UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.endpoints.times import moment_of

NINE = datetime(2026, 11, 3, 9, 12, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-03T09:12:44Z", "2026-11-03T09:12:44", "2026-11-03 09:12:44", "2026-11-03 09:12:44 UTC", "2026-11-03 09:12:44 +0000"),
        *("2026-11-03T10:12:44+01:00", "2026-11-03T09:12:44.000000", "2026-11-03T09:12:44.000000000Z", "2026-11-03T09:12:44,0Z"),
        *("Tue, 03 Nov 2026 09:12:44 GMT", "Tue, 3 Nov 2026 04:12:44 -0500", "1793697164", "1793697164000", 1793697164, 1793697164.0),
    ],
)
def test_a_moment_in_many_ways(text: object) -> None:
    assert moment_of(text) == NINE


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-03T09:12:44Z", "2026-11-03", "11/03/2026 09:12", "03.11.2026 09:12", None, True, [], "9" * 400, "12"]
)
def test_no_moment(text: object) -> None:
    assert moment_of(text) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_moment_comes_back(when: datetime, minutes: int) -> None:
    aware = when.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment_of(aware.isoformat()) == aware
    assert moment_of(when.isoformat(" ")) == when.replace(tzinfo=UTC)


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_nothing_is_too_odd(value: object) -> None:
    moment_of(value)
