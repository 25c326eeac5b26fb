"""A reply file is read once, however often it comes; what somebody wrote by hand is refused in words, or judged as any submission is."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.endpoints.coming import FILES, KEY, WORKSPACE, Desk, MakeWorkspace, everything, fields, token

from planmark.content.secrets import written_key
from planmark.content.team import workspace_of
from planmark.endpoints.connected import pull
from planmark.endpoints.pull import Pulled
from planmark.endpoints.replies import LARGEST, MOST, replied
from planmark.plan.events import EVENT_ID
from planmark.plan.tokens import fingerprint
from planmark.problems import PlanmarkError

LATE = date(2099, 1, 1)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def act(number: int = 1, **changes: str) -> dict[str, str]:
    """One act as the page saves it."""
    given = fields(pm_event=f"event-{number:06}", **changes)
    return {name: value for name, value in given.items() if name != "pm_payload"}


def reply(*acts: Any, **more: object) -> bytes:
    """A reply file."""
    return json.dumps({"planmark": "reply", "submissions": list(acts), **more}).encode()


def test_what_was_done_is_read_in_its_order_as_received_now() -> None:
    found = replied(reply(act(1), act(2, received="2020-01-01T00:00:00Z")), NOW)
    assert found is not None
    assert [one.fields["pm_event"] for one in found] == ["event-000001", "event-000002"]
    assert NOW - timedelta(seconds=1) < found[0].received < found[1].received == NOW
    assert all(not one.source_id and not one.files and not one.suspect for one in found)


def test_a_field_that_is_none_of_ours_goes_nowhere() -> None:
    found = replied(reply(act() | {"received": "2020-01-01T00:00:00Z", "pm_payload": "{}", "id": "x"}), NOW)
    assert found is not None
    assert set(found[0].fields) == set(act())


@pytest.mark.parametrize("data", [b"", b"[]", b'{"submissions": []}', b"pm_plan,pm_event\n", b"\xff\xfe{", b'{"note": "planmark"}'])
def test_anything_else_is_left_to_the_service(data: bytes) -> None:
    assert replied(data, NOW) is None


BROKEN = {
    "not whole": b'{"planmark": "reply", "submissions": [',
    "no list": reply() + b" ",
    "an object": json.dumps({"planmark": "reply", "submissions": {"a": act()}}).encode(),
    "no act": reply(act(), 7),
    "a number": reply(act() | {"pm_text": 7}),
    "no id": reply(act() | {"pm_event": ""}),
    "a wrong id": reply(act() | {"pm_event": "../../etc"}),
    "no plan": reply(act() | {"pm_plan": "acme"}),
    "too many": reply(*[act()] * (MOST + 1)),
    "too large": reply(act(pm_text="x" * LARGEST)),
    "deep": b'{"planmark": "reply", "submissions": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_one_is_refused_whole_with_what_to_do(data: bytes) -> None:
    with pytest.raises(PlanmarkError) as caught:
        replied(data, NOW)
    (problem,) = caught.value.problems
    assert problem.code == "PM706"
    assert problem.message.startswith("the reply file cannot be used: ")
    assert "ask" in problem.hint


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_whatever_stands_in_it_is_read_or_refused(value: object) -> None:
    try:
        found = replied(json.dumps({"planmark": "reply", "submissions": value}).encode(), NOW)
    except PlanmarkError:
        return
    assert found is not None
    assert all(EVENT_ID.fullmatch(one.fields["pm_event"]) for one in found)


@pytest.fixture(params=["", 'endpoint: {kind: planmark, url: "https://inbox.example"}\n', "endpoint: {kind: formspree, form: abcd}\n"])
def desk(workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Desk:
    """A workspace without an endpoint, with a receiver of its own, with a service."""
    monkeypatch.setenv("PLANMARK_KEY", written_key(KEY))
    return Desk(workspace({**FILES, "planmark.yaml": f'{WORKSPACE}key: "{fingerprint(KEY)}"\n{request.param}'}))


def pulled(desk: Desk, data: bytes) -> Pulled:
    """What the plans take of a file."""
    path = desk.root / "planmark-reply-acme.json"
    path.write_bytes(data)
    return pull(desk.root, workspace_of(desk.root), (), path)


def test_it_comes_into_the_plan_once_with_what_its_link_proves(desk: Desk) -> None:
    data = reply(act(1, pm_token=token(until=LATE)), act(2, pm_kind="comment", pm_text="Hello", pm_token="", pm_name="Jo"))
    first = pulled(desk, data)
    assert (first.new, first.read, first.set_aside) == (2, 2, {})
    assert [(one.proof, one.by) for one in desk.events()] == [("link", "maria"), ("", "")]
    assert desk.status() == "done"
    before = everything(desk.root)
    assert pulled(desk, data).new == 0
    assert everything(desk.root) == before


def test_no_day_in_it_lets_a_link_count_that_has_ended(desk: Desk) -> None:
    over = act(1, pm_token=token(until=date(2020, 1, 1))) | {"received": "2019-01-01T00:00:00Z"}
    pulled(desk, reply(over))
    (event,) = desk.events()
    assert (event.proof, event.lapsed) == ("", "expired maria")
    assert desk.status() != "done"


def test_what_belongs_to_no_plan_here_or_is_forged_is_set_aside_with_its_reason(desk: Desk) -> None:
    found = pulled(
        desk, reply(act(1, pm_plan="f" * 32), act(2, pm_token=token(until=LATE)[:-4] + "AAAA"), act(3, pm_item="task/none", pm_token=""))
    )
    assert found.new == 0
    assert [one["code"] for one in found.set_aside[""]] == ["another-plan"]
    assert [one["code"] for one in found.set_aside["acme"]] == ["forged", "item"]


def test_a_broken_one_names_its_file_and_changes_nothing(desk: Desk) -> None:
    before = everything(desk.root)
    with pytest.raises(PlanmarkError) as caught:
        pulled(desk, BROKEN["not whole"])
    assert caught.value.problems[0].location.path.endswith("planmark-reply-acme.json")
    (desk.root / "planmark-reply-acme.json").unlink()
    assert everything(desk.root) == before
