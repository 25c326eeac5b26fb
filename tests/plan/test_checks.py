"""Loops of tasks that wait for each other, and what one value of a plan says about another."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planmark.plan.calendars import BusinessCalendar
from planmark.plan.checks import Known, circles, contradictions
from planmark.plan.dates import resolved
from planmark.plan.ids import with_ids
from planmark.plan.plan import Plan
from planmark.plan.walk import marked
from planmark.problems import Finding

GRAPHS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefgh"), max_size=4), max_size=6)


def loops(graph: dict[str, list[str]]) -> set[frozenset[str]]:
    """Every simple loop of a small graph, by trying all of them."""
    found = set()
    for size in range(1, len(graph) + 1):
        for way in permutations(graph, size):
            if all(following in graph[node] for node, following in zip(way, (*way[1:], way[0]), strict=True)):
                found.add(frozenset(way))
    return found


@given(GRAPHS)
@example({"a": ["a"]})
@example({"a": ["b"], "b": ["a"], "c": ["a", "b"]})
@example({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["a"]})
def test_every_loop_that_is_found_is_one_and_none_is_found_only_where_none_is(graph: dict[str, list[str]]) -> None:
    found = list(circles(graph))
    for loop in found:
        assert len(set(loop)) == len(loop)
        assert all(following in graph[node] for node, following in zip(loop, (*loop[1:], loop[0]), strict=True))
    assert {frozenset(loop) for loop in found} <= loops(graph)
    assert bool(found) == bool(loops(graph))


@given(GRAPHS)
def test_without_one_edge_of_every_loop_that_was_found_there_is_none(graph: dict[str, list[str]]) -> None:
    cut = {node: list(following) for node, following in graph.items()}
    for loop in circles(graph):
        cut[loop[-1]] = [name for name in cut[loop[-1]] if name != loop[0]]
    assert loops(cut) == set()


def test_a_chain_of_many_thousands_is_walked() -> None:
    assert list(circles({f"t{n}": [f"t{n + 1}"] for n in range(20_000)})) == []
    (loop,) = circles({f"t{n}": [f"t{(n + 1) % 3_000}"] for n in range(3_000)})
    assert len(loop) == 3_000


def found(known: Known | None = None, **keys: Any) -> list[Finding]:
    base = {
        "account": "Acme",
        "title": "Rollout",
        "target": "2027-01-29",
        "people": ["maria"],
        "stages": [{"title": "S", "tasks": [{"title": "T"}]}],
    }
    plan = with_ids(Plan.model_validate({**base, **keys}), [])
    plan = resolved(plan, marked(plan), lambda path: BusinessCalendar(), [])
    return list(contradictions(plan, list(marked(plan)), known or Known()))


def test_the_team_and_the_library_may_be_referred_to() -> None:
    keys = {
        "kept_by": "dana",
        "resources": ["demo"],
        "stages": [{"title": "S", "tasks": [{"title": "T", "owner": "dana", "resources": "demo"}]}],
    }
    assert {finding.code for finding in found(**keys)} == {"PM301", "PM202"}
    assert found(Known(people=frozenset({"dana"}), resources=frozenset({"demo"})), **keys) == []


def test_parties_may_own_tasks_and_people_may_stand_for_them() -> None:
    keys = {
        "parties": [{"id": "fenwick", "name": "Fenwick"}],
        "responsibilities": [{"party": "fenwick", "what": "Review"}],
        "stages": [{"title": "S", "tasks": [{"title": "T", "owner": ["buyer", "seller", "fenwick", "maria"]}]}],
    }
    assert found(**keys) == []
    assert [finding.path for finding in found(kept_by="buyer")] == [("kept_by",)]


def test_references_under_internal_and_in_internal_items_are_checked_as_well() -> None:
    hidden = {"title": "Budget", "audience": "internal", "after": ["nothing"], "internal": {"owner": ["peter"]}}
    findings = found(internal={"rep": "peter"}, stages=[{"title": "S", "tasks": [hidden]}])
    assert {(finding.code, finding.path) for finding in findings} == {
        ("PM302", ("stages", 0, "tasks", 0, "after", 0)),
        ("PM301", ("stages", 0, "tasks", 0, "internal", "owner", 0)),
        ("PM301", ("internal", "rep")),
    }


@pytest.mark.parametrize(
    "keys",
    [
        {"freezes": [{"start": "2026-12-21", "end": "2026-12-21", "why": "One day"}]},
        {"start": "2027-01-29"},
        {"key_dates": [{"date": "2026-12-21", "end": "2026-12-21", "title": "One day"}]},
        {"stages": [{"title": "S", "tasks": [{"title": "T", "start": "2026-12-21", "due": "2026-12-21"}]}]},
        {"stages": [{"title": "S", "exit_criteria": ["Two plants connected", "speed", "Done"], "tasks": [{"title": "T"}]}]},
        {
            "pages": [
                {
                    "title": "P",
                    "sections": ["summary", {"stages": "s", "title": "Now"}, {"resources": {"kind": "deck"}}, {"markdown": "Hello"}],
                }
            ]
        },
    ],
)
def test_what_is_no_contradiction(keys: dict[str, Any]) -> None:
    assert found(success_criteria=[{"id": "speed", "criterion": "Fast"}], **keys) == []


def test_periods_are_compared_after_their_dates_have_been_counted() -> None:
    (finding,) = found(start="2027-01-04", freezes=[{"start": "10d after start", "end": "5d after start", "why": "Shutdown"}])
    assert (finding.code, finding.path) == ("PM222", ("freezes", 0, "end"))
    assert finding.message == "the freeze ends before it starts (2027-01-18 to 2027-01-11)"
