"""What came from endpoints is kept as it came, and what waits is listed until somebody answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.doing import event, seller

from planmark.content.activity import append_events, read_lines
from planmark.content.inbox import Inbox, keep_file, quarantine, record_data, record_of, set_aside
from planmark.content.pending import waiting
from planmark.extensions import Record, SentFile
from planmark.plan.events import event_line
from planmark.problems import Problem

MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]
ANY = st.text(max_size=20) | st.binary(max_size=8).map(lambda data: data.decode("utf-8", "surrogateescape"))
PLAN = """\
account: Acme
title: Rollout
target: 2027-01-29
people: [{id: maria, name: Maria}]
stages: [{title: Start, tasks: [{id: nda, title: Sign, owner: maria}]}]
"""


def test_each_answer_is_kept_whole_and_once(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "formspree", "https://formspree.io/f/x")
    for raw in (b'{"a":1}', b'{"a":1}', b"\xff\x00", b""):
        inbox.keep(raw)
    assert sorted(path.read_bytes() for path in inbox.folder.iterdir()) == [b"", b'{"a":1}', b"\xff\x00"]
    assert inbox.folder.parent == tmp_path / "content/_inbox"


def test_every_endpoint_has_a_folder_of_its_own_and_no_address_is_a_path(tmp_path: Path) -> None:
    folders = {Inbox(tmp_path, "generic", address).folder for address in ("https://a.example", "https://b.example", "../../x", "")}
    assert len(folders) == 4
    assert {folder.parent for folder in folders} == {tmp_path / "content/_inbox"}


def test_how_far_reading_got_is_remembered(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "generic", "x")
    assert inbox.cursor == ""
    inbox.cursor = "source.41"
    inbox.cursor = ""
    assert Inbox(tmp_path, "generic", "x").cursor == "source.41"
    (inbox.folder / "cursor").write_bytes(b"\xff\xfe")
    assert inbox.cursor == ""


def test_a_file_is_kept_under_its_digest(tmp_path: Path) -> None:
    one, again, other = (keep_file(tmp_path / "received", data, ".pdf") for data in (b"a", b"a", b"b"))
    assert one == again != other
    assert {path.name for path in (tmp_path / "received").iterdir()} == {f"{one}.pdf", f"{other}.pdf"}


@given(
    st.dictionaries(ANY, ANY),
    ANY,
    st.lists(st.tuples(ANY, ANY), max_size=2),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])),
    st.booleans(),
)
def test_what_is_set_aside_is_had_back_as_it_came(
    tmp_path_factory: pytest.TempPathFactory,
    fields: dict[str, str],
    name: str,
    files: list[tuple[str, str]],
    received: datetime,
    spam: bool,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "aside"
    folder.mkdir(exist_ok=True)
    (folder / "quarantine.jsonl").unlink(missing_ok=True)
    one = Record(source_id=name, received=received, fields=fields, files=tuple(SentFile(*file) for file in files), suspect=spam)
    set_aside(folder, [{"id": "event-one", "code": "item", "reason": "gone", "record": record_data(one)}])
    (kept,) = quarantine(folder)
    assert record_of(kept["record"]) == one


@pytest.mark.parametrize("change", [{"received": "yesterday"}, {"fields": []}, {"files": [1]}, {"received": None}, {"files": None}])
def test_a_record_that_somebody_changed_beyond_reading_is_none(change: dict[str, Any]) -> None:
    good = record_data(Record(source_id="1", received=datetime(2026, 11, 3, tzinfo=UTC), fields={}))
    assert record_of(good)
    assert record_of({**good, **change}) is None
    assert record_of([good]) is None


def test_the_same_thing_is_set_aside_once_for_each_reason(tmp_path: Path) -> None:
    one, other, third = ({"id": name, "code": code} for name, code in (("a", "item"), ("a", "plan"), ("b", "item")))
    assert set_aside(tmp_path, [one, one, other]) == [one, other]
    assert set_aside(tmp_path, [other, third]) == [third]
    assert list(read_lines(tmp_path / "quarantine.jsonl")) == [one, other, third]
    assert set_aside(tmp_path / "none", []) == []
    assert not (tmp_path / "none").exists()


# What waits


@pytest.fixture
def root(workspace: MakeWorkspace) -> Path:
    return workspace({"content/acme/plan.yaml": PLAN, "content/beta/plan.yaml": PLAN})


def listed(root: Path, *deals: str) -> list[tuple[str, str, bool]]:
    problems: list[Problem] = []
    found = waiting(root, list(deals or ("acme", "beta")), problems)
    assert problems == []
    return [(one.deal, one.text, one.answerable) for one in found]


def test_what_waits_is_listed_oldest_first_until_it_is_answered(root: Path) -> None:
    early, late = "2026-11-03T10:00:00Z", "2026-11-04T10:00:00Z"
    asked = event(kind="proposed", what="date", value="2026-12-01", at=late)
    loose = event(proof="", by="", name="Jo", at=early)
    append_events(root / "content/acme", [asked, loose, event(at=early)])
    assert listed(root) == [
        ("acme", "“Jo” (unverified) checked off “Sign”", True),
        ("acme", "Maria proposes 2026-12-01 for “Sign”", True),
    ]
    assert listed(root, "beta") == []
    append_events(root / "content/acme", [seller(kind="rejected", of=one.id, at=late) for one in (asked, loose)])
    assert listed(root) == []


def test_what_could_not_be_applied_is_listed_until_it_is_in_the_plan_by_another_way(root: Path) -> None:
    one = event()
    set_aside(root / "content/acme", [{"id": one.id, "code": "plan", "reason": "the plan has errors"}])
    set_aside(root / "content/_inbox", [{"id": "lost-0001", "code": "another-plan", "reason": "no plan here has this link"}])
    assert listed(root) == [("acme", "not applied: the plan has errors", False), ("–", "not applied: no plan here has this link", False)]
    append_events(root / "content/acme", [one])
    assert listed(root) == [("–", "not applied: no plan here has this link", False)]


def test_what_is_lost_once_a_deal_has_it_is_listed_no_more(root: Path) -> None:
    """Its plan came into the workspace later, and the next pull applied it."""
    one = event(plan="beta")
    set_aside(root / "content/_inbox", [{"id": one.id, "code": "another-plan", "reason": "no plan here has this link"}])
    append_events(root / "content/beta", [one])
    assert listed(root) == []


def test_a_line_that_was_cut_short_is_listed_until_it_came_again(root: Path) -> None:
    one = event()
    (root / "content/acme/activity.jsonl").write_text(event_line(one)[:-9], encoding="utf-8")
    append_events(root / "content/acme", [event()])
    assert listed(root) == [("acme", "not applied: the line was cut short when it was written", False)]
    append_events(root / "content/acme", [one])
    assert listed(root) == []


def test_a_plan_with_errors_hides_nothing_of_the_others(root: Path) -> None:
    append_events(root / "content/beta", [event(proof="", by="", name="Jo", plan="beta")])
    (root / "content/acme/plan.yaml").write_text(PLAN.replace("owner: maria", "owner: mara"), encoding="utf-8")
    append_events(root / "content/acme", [event()])
    problems: list[Problem] = []
    assert [one.deal for one in waiting(root, ["acme", "beta"], problems)] == ["beta"]
    assert [one.code for one in problems] == ["PM301"]
