"""Dates that count from something else become days, whoever keeps which holidays; those that lead nowhere are told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.plan.calendars import BusinessCalendar
from planmark.plan.dates import resolved
from planmark.plan.ids import with_ids
from planmark.plan.plan import Plan
from planmark.plan.scalars import When
from planmark.plan.walk import marked
from planmark.problems import Finding

BASE = {"account": "Acme", "title": "Rollout", "target": "2027-01-29", "people": ["maria"]}


def days(code: str = "", tasks: list[dict[str, Any]] | None = None, **keys: Any) -> tuple[dict[str, date | None], list[Finding]]:
    """The day of every date of a plan, by its place; and what was found."""
    stages = [{"title": "S", "tasks": tasks or [{"title": "T"}]}]
    findings: list[Finding] = []
    plan = with_ids(Plan.model_validate({**BASE, "stages": stages, **keys}), findings)
    plan = resolved(plan, marked(plan), lambda path: BusinessCalendar(code), findings)
    found: dict[str, date | None] = {}
    for path, _, when in marked(plan):
        if isinstance(when, When):
            task = plan.stages[0].tasks[int(path[3])] if path[0] == "stages" else None
            found[f"{task.id}.{path[-1]}" if task else ".".join(map(str, path))] = when.day
    return found, findings


def due(written: str, code: str = "", **keys: Any) -> date | None:
    found, findings = days(code, [{"id": "t", "title": "T", "due": written}], **keys)
    assert findings == []
    return found["t.due"]


@pytest.mark.parametrize(
    ("written", "code", "day"),
    [
        ("2026-11-21", "GB", date(2026, 11, 21)),  # a Saturday, if that is what was agreed
        ("10d before target", "", date(2027, 1, 15)),
        ("10d before target", "GB", date(2027, 1, 15)),
        ("20d before target", "GB", date(2026, 12, 31)),
        ("24d before target", "", date(2026, 12, 28)),
        ("24d before target", "GB", date(2026, 12, 23)),  # Boxing Day, Christmas and New Year's Day are no work
        ("20d before target", "DE-BY", date(2026, 12, 30)),  # Epiphany is no work in Bavaria
        ("20d before target", "DE", date(2026, 12, 31)),
        ("1d after start", "SA", date(2026, 11, 22)),  # Friday and Saturday are the weekend
        ("1d after start", "AE", date(2026, 11, 20)),
        ("2d after start", "AE", date(2026, 11, 23)),
        ("0d before target", "", date(2027, 1, 29)),
        ("0d after fair", "", date(2026, 11, 23)),  # the fair is on a Saturday
        ("1w after start", "", date(2026, 11, 26)),
        ("3w before target", "", date(2027, 1, 8)),
        ("1w before new_year", "GB", date(2026, 12, 24)),  # Christmas is stepped over backwards
        ("1w after christmas", "GB", date(2027, 1, 4)),
        ("2026-11", "", date(2026, 11, 30)),
        ("2026-11", "GB-SCT", date(2026, 11, 27)),
        ("2026-10", "SA", date(2026, 10, 29)),
        ("5d after contract_signature", "", date(2026, 12, 25)),
        ("5d after contract_signature", "GB", date(2026, 12, 29)),
        ("999w before target", "", date(2007, 12, 7)),
    ],
)
def test_a_date_counts_in_business_days_and_in_weeks(written: str, code: str, day: date) -> None:
    key_dates = [
        {"id": "fair", "title": "Fair", "date": "2026-11-21"},
        {"id": "new_year", "title": "New year", "date": "2027-01-01"},
        {"id": "christmas", "title": "Christmas", "date": "2026-12-25"},
    ]
    assert due(written, code, start="2026-11-19", contract_signature="2026-12-18", key_dates=key_dates) == day


def test_dates_count_from_dates_that_count_from_others_in_any_order() -> None:
    tasks = [
        {"id": "last", "title": "T", "due": "1d after middle", "start": "1d before last"},
        {"id": "middle", "title": "T", "due": "2d after first"},
        {"id": "first", "title": "T", "due": "0d after start"},
    ]
    found, findings = days("", tasks, start="2w before target", freezes=[{"start": "1d after last", "end": "2d after last"}])
    assert findings == []
    assert found == {
        "start": date(2027, 1, 15),
        "target.date": date(2027, 1, 29),
        "first.due": date(2027, 1, 15),
        "middle.due": date(2027, 1, 19),
        "last.due": date(2027, 1, 20),
        "last.start": date(2027, 1, 19),
        "freezes.0.start": date(2027, 1, 21),
        "freezes.0.end": date(2027, 1, 22),
    }


def test_a_date_counts_in_the_days_of_whom_it_belongs_to() -> None:
    stages = [{"title": "S", "tasks": [{"title": "T", "due": "10d after start"}, {"title": "U", "due": "10d after start"}]}]
    plan = with_ids(Plan.model_validate({**BASE, "start": "2026-12-16", "stages": stages}), [])
    codes = {0: "GB", 1: "SA"}
    plan = resolved(plan, marked(plan), lambda path: BusinessCalendar(codes[int(path[3])] if path[0] == "stages" else ""), [])
    one, two = (task.due and task.due.day for task in plan.stages[0].tasks)
    assert (one, two) == (date(2027, 1, 4), date(2026, 12, 30))


@pytest.mark.parametrize(
    ("anchor", "hint"),
    [
        ("lunch", "count from target, start, contract_signature, a task or a key date"),
        ("targt", "did you mean `target`?"),
        ("kickof", "did you mean `kickoff`?"),
        ("fare", "did you mean `fair`?"),
        ("start", "write `start: 2026-11-03` as well, or count from something else"),
        ("t", "did you mean `start`?"),  # a task without a date of its own
    ],
)
def test_a_date_that_counts_from_nothing_says_what_there_is(anchor: str, hint: str) -> None:
    tasks = [{"id": "t", "title": "T", "start": f"2d after {anchor}"}, {"id": "kickoff", "title": "K", "due": "2026-11-03"}]
    found, findings = days("", tasks, key_dates=[{"title": "Fair", "date": "2026-11-21"}])
    assert found["t.start"] is None
    (finding,) = findings
    assert (finding.code, finding.path) == ("PM307", ("stages", 0, "tasks", 0, "start"))
    if anchor != "t":
        assert finding.hint == hint


def test_what_counts_from_a_date_that_leads_nowhere_is_not_told_as_well() -> None:
    tasks = [{"id": "a", "title": "A", "due": "1d after lunch"}, {"id": "b", "title": "B", "due": "1d after a", "start": "1d before b"}]
    found, findings = days("", tasks)
    assert len(findings) == 1
    assert {name for name, day in found.items() if day is None} == {"a.due", "b.due", "b.start"}


def test_dates_that_count_in_a_circle_are_told_once_with_the_whole_loop() -> None:
    tasks = [
        {"id": "x", "title": "X", "due": "1d after a"},
        {"id": "a", "title": "A", "due": "1d after b"},
        {"id": "b", "title": "B", "due": "1d after c"},
        {"id": "c", "title": "C", "due": "1d after a"},
        {"id": "y", "title": "Y", "due": "1d after c"},
    ]
    found, findings = days("", tasks)
    assert [finding.message for finding in findings] == ["`1d after b` counts from itself: b → c → a → b"]
    assert set(found.values()) == {None, date(2027, 1, 29)}


def test_two_circles_are_two_findings() -> None:
    tasks = [{"id": name, "title": name, "due": f"1d after {other}"} for name, other in (("a", "b"), ("b", "a"), ("c", "c"))]
    assert len(days("", tasks)[1]) == 2


def test_a_chain_of_thousands_of_dates_is_followed() -> None:
    tasks = [{"id": f"t{number}", "title": "T", "due": f"1d after t{number + 1}"} for number in range(3000)]
    found, findings = days("", [*tasks, {"id": "t3000", "title": "T", "due": "2020-01-01"}])
    assert findings == []
    assert found["t0.due"] == BusinessCalendar().add(date(2020, 1, 1), 3000)


def test_a_plan_with_plain_dates_only_is_the_same_plan() -> None:
    plan = Plan.model_validate({**BASE, "start": "2026-11-19", "stages": [{"title": "S", "tasks": [{"title": "T", "due": "2026-11-20"}]}]})
    assert resolved(plan, marked(plan), lambda path: BusinessCalendar(), []) is plan


GRAPHS = st.lists(st.tuples(st.integers(0, 6), st.integers(-9, 9)), min_size=1, max_size=7)


@given(GRAPHS, st.sampled_from(["", "GB", "SA"]))
def test_every_day_is_so_far_from_what_it_counts_from(graph: list[tuple[int, int]], code: str) -> None:
    tasks = [
        {
            "id": f"t{number}",
            "title": "T",
            "due": f"{abs(shift)}d {'before' if shift < 0 else 'after'} {f't{other}' if other < len(graph) else 'target'}",
        }
        for number, (other, shift) in enumerate(graph)
    ]
    found, findings = days(code, tasks)
    calendar = BusinessCalendar(code)
    leads: dict[int, bool] = {}
    for number in range(len(graph)):
        seen, at = set(), number
        while at < len(graph) and at not in seen:
            seen.add(at)
            at = graph[at][0]
        leads[number] = at >= len(graph)
    for number, (other, shift) in enumerate(graph):
        day = found[f"t{number}.due"]
        assert (day is not None) == leads[number]
        if day:
            origin = found[f"t{other}.due"] if other < len(graph) else date(2027, 1, 29)
            assert origin
            step = timedelta(days=-1 if shift < 0 else 1)
            expected, left = origin, abs(shift)
            while left or not calendar.works(expected):
                expected += step
                left -= left > 0 and calendar.works(expected)
            assert day == expected
    assert bool(findings) == (not all(leads.values()))
    assert all("counts from itself" in finding.message for finding in findings)
