"""Nothing is missed: whatever comes, goes and moves between two requests, and wherever the last read ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmark.endpoints.paging import Paging, Query
from planmark.endpoints.reading import MOST_PAGES, Folder, Reading, read_since
from planmark.endpoints.records import Paths
from planmark.extensions import Answer
from planmark.problems import PlanmarkError

START = datetime(2026, 11, 3, tzinfo=UTC)
NOW = START + timedelta(days=400)
PATHS = Paths(items=("items",), received=("at",), fields=("fields",), id=("id",))
PAGINGS = {
    "number": Paging(by="number", param="page"),
    "offset": Paging(by="offset", param="offset"),
    "cursor": Paging(by="cursor", param="after", next=("next",), more=("more",)),
}


class Moving:
    """A list that is newest first and changes between requests, as `changes` say: one entry for each request, until they run out."""

    def __init__(self, paging: Paging, size: int, count: int, changes: list[list[tuple[str, int]]]) -> None:
        self.paging, self.size = paging, size
        self.changes = iter(changes)
        self.number = 0
        self.items: list[dict[str, Any]] = []
        self.asked = 0
        self.hours = 1
        for _ in range(count):
            self.add()
        self.always = {one["id"] for one in self.items}
        """What is there all the time."""

    def add(self) -> None:
        self.number += 1
        when = START + timedelta(hours=self.number * self.hours)
        self.items.insert(0, {"id": f"n{self.number:05d}", "at": when.isoformat(), "fields": {"pm_plan": "x"}})

    def ask(self, query: Query) -> bytes:
        self.asked += 1
        for what, where in next(self.changes, []):
            if what == "add":
                self.add()
            elif self.items:
                self.always.discard(self.items.pop(where % len(self.items))["id"])
        place = dict(query).get(self.paging.param, "")
        if self.paging.by == "cursor":
            rest = [one for one in self.items if not place or one["id"] < place]
            return json.dumps(
                {"items": rest[: self.size], "more": len(rest) > self.size, "next": rest[: self.size][-1]["id"] if rest else ""}
            ).encode()
        start = int(place) if self.paging.by == "offset" else (int(place) - 1) * self.size
        return json.dumps({"items": self.items[start : start + self.size]}).encode()

    def read(self, cursor: str = "") -> list[Answer]:
        return list(read_since(Reading(paths=PATHS, paging=self.paging), self.ask, cursor, NOW, "form"))


def ids(answers: list[Answer]) -> set[str]:
    return {one.source_id for answer in answers for one in answer.records}


change = st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 60)), max_size=4)


@pytest.mark.parametrize("by", PAGINGS)
@given(size=st.integers(1, 7), count=st.integers(0, 40), changes=st.lists(change, max_size=12))
@settings(deadline=None, max_examples=150)
def test_what_is_there_all_the_time_is_read_whatever_moves(by: str, size: int, count: int, changes: list[list[tuple[str, int]]]) -> None:
    """Either it is read, or the cursor stays, so that the next read brings it."""
    service = Moving(PAGINGS[by], size, count, changes)
    answers = service.read()
    if answers[-1].cursor or not service.number:
        assert service.always <= ids(answers)


@pytest.mark.parametrize("by", PAGINGS)
@given(
    size=st.integers(1, 7),
    rounds=st.lists(st.tuples(st.integers(0, 9), st.lists(change, max_size=4)), max_size=5),
    hours=st.integers(1, 40),
)
@settings(deadline=None, max_examples=100)
def test_reads_after_each_other_miss_nothing(by: str, size: int, rounds: list[tuple[int, list[list[tuple[str, int]]]]], hours: int) -> None:
    service = Moving(PAGINGS[by], size, 5, [])
    service.hours = hours
    cursor, found = "", set[str]()
    for new, changes in rounds:
        for _ in range(new):
            service.add()
        service.always |= {one["id"] for one in service.items}
        service.changes = iter(changes)
        answers = service.read(cursor)
        cursor = answers[-1].cursor
        found |= ids(answers)
    service.changes = iter([])
    found |= ids(service.read(cursor))
    assert service.always <= found


def test_a_read_that_breaks_off_is_done_again() -> None:
    service = Moving(PAGINGS["number"], 2, 9, [])
    first = next(iter(read_since(Reading(paths=PATHS, paging=service.paging), service.ask, "", NOW, "form")))
    assert first.cursor == ""
    assert ids(service.read(first.cursor)) == service.always


def test_a_list_that_never_holds_still_does_not_move_the_cursor() -> None:
    service = Moving(PAGINGS["number"], 2, 9, [[("add", 0)]] * 500)
    answers = service.read("form.2026-11-03T00:00:00+00:00")
    assert answers[-1].cursor == "form.2026-11-03T00:00:00+00:00"
    assert service.always <= ids(answers)


def test_a_list_that_holds_still_is_given_once() -> None:
    service = Moving(PAGINGS["number"], 3, 9, [])
    answers = service.read()
    assert [len(one.records) for one in answers] == [3, 3, 3, 0]


def test_one_request_is_enough_when_old_ones_follow_on_the_page() -> None:
    service = Moving(PAGINGS["number"], 50, 60, [])
    cursor = service.read()[-1].cursor
    service.add()
    service.asked = 0
    found = service.read(cursor)
    assert service.asked == 1
    assert "n00061" in ids(found)


def test_a_list_that_is_not_newest_first_after_all_is_read_to_its_end() -> None:
    service = Moving(PAGINGS["number"], 5, 60, [])
    cursor = service.read()[-1].cursor
    service.add()
    service.items.reverse()
    assert "n00061" in ids(service.read(cursor))


@pytest.mark.parametrize("by", PAGINGS)
def test_a_service_that_does_not_turn_its_pages(by: str) -> None:
    same = json.dumps({"items": [{"id": "n1", "at": START.isoformat(), "fields": {}}], "more": True, "next": "n1"}).encode()
    with pytest.raises(PlanmarkError, match=r"same page again and again|more, and not where"):
        list(read_since(Reading(paths=PATHS, paging=PAGINGS[by]), lambda query: same, "", NOW, "form"))


def test_a_list_without_an_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planmark.endpoints.reading.MOST_PAGES", 50)

    def endless() -> Iterator[bytes]:
        for number in range(MOST_PAGES):
            yield json.dumps({"items": [{"id": f"n{number}", "at": START.isoformat(), "fields": {}}]}).encode()

    pages = endless()
    with pytest.raises(PlanmarkError, match="more than 50 pages"):
        list(read_since(Reading(paths=PATHS, paging=PAGINGS["number"]), lambda query: next(pages), "", NOW, "form"))


def test_a_clock_that_runs_ahead_does_not_hide_what_comes() -> None:
    service = Moving(PAGINGS["cursor"], 5, 3, [])
    service.items[0]["at"] = "2099-01-01T00:00:00Z"
    assert service.read()[-1].cursor == f"form.{NOW.isoformat()}"


def test_a_folder_for_spam_that_holds_all_the_rest_makes_nothing_suspect() -> None:
    clean = [{"id": "n1", "at": START.isoformat(), "fields": {"pm_plan": "x"}}]
    spam = [*clean, {"id": "n2", "at": START.isoformat(), "fields": {"pm_plan": "y"}}]

    def ask(query: Query) -> bytes:
        asked = dict(query)
        return json.dumps({"items": [] if asked["page"] != "1" else spam if "spam" in asked else clean}).encode()

    folders = (Folder(), Folder(query=(("spam", "true"),), suspect=True))
    reading = Reading(paths=PATHS, paging=PAGINGS["number"], folders=folders)
    found = [(one.source_id, one.suspect) for answer in read_since(reading, ask, "", NOW, "form") for one in answer.records]
    assert found == [("n1", False), ("n2", True)]


@pytest.mark.parametrize("item", [{"id": "n1", "fields": {}}, {"id": "n1", "at": "yesterday", "fields": {}}, "n1", None, 7, []])
def test_a_submission_without_a_time_is_not_guessed(item: object) -> None:
    with pytest.raises(PlanmarkError, match="a submission has no time at `at`"):
        list(
            read_since(
                Reading(paths=PATHS, paging=PAGINGS["number"]), lambda query: json.dumps({"items": [item]}).encode(), "", NOW, "form"
            )
        )


@given(
    raw=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["items", "at", "fields", "id", "next", "more", "x"]), inner),
    ).map(lambda value: json.dumps(value).encode())
)
@settings(deadline=None, max_examples=300)
def test_no_answer_leads_to_a_traceback(raw: bytes) -> None:
    for paging in PAGINGS.values():
        try:
            list(read_since(Reading(paths=PATHS, paging=paging), lambda query: raw, "", NOW, "form"))
        except PlanmarkError as error:
            assert {one.code for one in error.problems} == {"PM705"}  # noqa: PT017 - it need not be raised
