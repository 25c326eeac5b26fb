"""A form arrives: what is answered, and what is kept of it."""

from __future__ import annotations

import json
import secrets
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.receiver.running import FORM, OTHER, PAGE, Answer, Receiving, fields, link, multipart

from planmark.plan.events import EVENT_ID

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


def of(server: Receiving, plan: str) -> list[Any]:
    """What the team reads of a plan."""
    return [one for one in server.events() if one["plan"] == plan]


def test_a_check_off_is_acknowledged_and_there(server: Receiving, plan: str) -> None:
    sent = fields(plan, text="With thanks.\r\n\r\n\r\nMaria\u202e", name="  Maria   Lindqvist ")
    said = server.post(sent, plan)
    (event,) = of(server, plan)
    assert said.status == 201
    assert said.json == {"ok": True, "event": sent["pm_event"], "received": event["received"], "standing": "link"}
    assert event["fields"] == {
        "pm_v": "1",
        "pm_plan": plan,
        "pm_event": sent["pm_event"],
        "pm_kind": "done",
        "pm_item": "task/nda",
        "pm_rev": "",
        "pm_token": sent["pm_token"],
        "pm_name": "Maria Lindqvist",
        "pm_text": "With thanks.\n\nMaria",
        "pm_what": "",
        "pm_value": "",
    }
    assert (event["standing"], event["spam"], event["files"]) == ("link", False, [])


def test_every_way_of_sending_gives_the_same(server: Receiving, plan: str) -> None:
    sent = fields(plan, text="Über 1 & 2 = 3 %41 + ✓\n2")
    hidden = {**fields(plan), "pm_payload": json.dumps(sent)}
    body, kind = multipart(sent)
    ways = [
        server.post(sent, plan),
        server.post(hidden, plan),
        server.ask(f"/v1/plans/{plan}/events", "POST", body, Content_Type=kind, Accept="application/json"),
        server.ask(f"/v1/plans/{plan}/events", "POST", json.dumps(sent).encode(), Content_Type="application/json; charset=utf-8"),
        server.ask(f"/v1/plans/{plan}/events", "POST", urlencode(sent).encode(), Content_Type=FORM.upper()),
    ]
    assert {one.status for one in ways} == {201}, ways
    assert len({one.body for one in ways}) == 1
    assert len(of(server, plan)) == 1


def test_a_script_that_sends_json_is_answered_in_json(server: Receiving, plan: str) -> None:
    body = json.dumps(fields(plan)).encode()
    said = server.ask(f"/v1/plans/{plan}/events", "POST", body, Content_Type="application/json", Accept=HTML)
    assert (said.status, said.json["ok"]) == (201, True)


def test_another_body_under_one_id_is_a_conflict(server: Receiving, plan: str) -> None:
    sent = fields(plan)
    first = server.post(sent, plan)
    other = server.post({**sent, "pm_text": "something else"}, plan)
    assert (other.status, other.code) == (422, "conflict")
    assert server.post(sent, plan).body == first.body
    assert len(of(server, plan)) == 1


def test_one_id_may_come_for_two_plans(server: Receiving, plan: str) -> None:
    second = secrets.token_hex(16)
    server.register(second, deal=second)
    sent = fields(plan)
    assert server.post(sent, plan).status == 201
    assert server.post({**fields(second), "pm_event": sent["pm_event"]}, second).status == 201


def test_what_comes_without_an_id_gets_one_that_sorts_by_receipt(server: Receiving, plan: str) -> None:
    sent = {name: value for name, value in fields(plan).items() if name != "pm_event"}
    given = [server.post(sent, plan).json["event"] for _ in range(5)]
    assert all(EVENT_ID.fullmatch(one) for one in given)
    assert [one["fields"]["pm_event"] for one in of(server, plan)] == given
    assert all(one[:13] <= other[:13] for one, other in pairwise(given))


def test_a_hidden_field_that_was_filled_in_makes_it_suspect_and_not_lost(server: Receiving, plan: str) -> None:
    sent = {**fields(plan), "pm_website": "https://spam.example"}
    said = server.post(sent, plan)
    (event,) = of(server, plan)
    assert (said.status, said.json["standing"]) == (201, "waiting")
    assert (event["spam"], event["standing"], event["fields"]["pm_token"]) == (True, "waiting", sent["pm_token"])
    assert server.state(plan).json == {"events": []}


def test_a_test_is_kept_and_in_no_state(server: Receiving, plan: str) -> None:
    assert server.post(fields(plan, kind="test", item="task/unheard-of"), plan).status == 201
    (event,) = of(server, plan)
    assert event["fields"]["pm_kind"] == "test"
    assert server.state(plan).json == {"events": []}


REFUSED = {
    "another plan": (422, "plan", {"plan": OTHER}),
    "no plan": (422, "plan", {"plan": ""}),
    "another version": (422, "version", {"v": "2"}),
    "no kind": (422, "kind", {"kind": "destroyed"}),
    "no item": (422, "item", {"item": "task/../nda"}),
    "an id that is none": (422, "id", {"event": "a b"}),
    "a long text": (422, "long", {"text": "x" * 10_001}),
    "an empty comment": (422, "empty", {"kind": "comment"}),
    "a token that is none": (422, "token", {"token": "<script>"}),
    "an upload without a file": (422, "empty", {"kind": "upload"}),
    "a proposal of nothing": (422, "what", {"kind": "proposed"}),
    "not a day": (422, "date", {"kind": "proposed", "what": "date", "value": "31/12/2026"}),
    "an item that is not there": (403, "not-allowed", {"item": "task/other"}),
    "an act that is not offered": (403, "not-allowed", {"kind": "signed", "name": "M", "text": "I agree"}),
    "a field beyond its limit": (413, "too-large", {"text": "x" * 100_001}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_and_not_kept(server: Receiving, plan: str, case: str) -> None:
    status, code, changes = REFUSED[case]
    said = server.post({**fields(plan), **{f"pm_{name}": value for name, value in changes.items()}}, plan)
    assert (said.status, said.code) == (status, code)
    assert said.json["ok"] is False
    assert len(said.json["message"]) > 10
    assert not of(server, plan)


BODIES: dict[str, tuple[int, str, str, bytes]] = {
    "an unknown type": (415, "type", "text/plain", b"pm_v=1"),
    "no type": (415, "type", "", b"pm_v=1"),
    "XML": (415, "type", "application/xml", b"<a/>"),
    "broken JSON": (422, "body", "application/json", b'{"pm_v":'),
    "a JSON list": (422, "body", "application/json", b'["pm_v"]'),
    "JSON with numbers": (422, "body", "application/json", b'{"pm_v":1}'),
    "JSON with objects": (422, "body", "application/json", b'{"pm_text":{"a":"b"}}'),
    "deep JSON": (422, "body", "application/json", b"[" * 100_000),
    "JSON with a key twice": (422, "body", "application/json", b'{"pm_v":"1","pm_v":"2"}'),
    "a payload that is a list": (422, "payload", FORM, b"pm_payload=[]"),
    "a deep payload": (422, "payload", FORM, b"pm_payload=" + b"[" * 60_000),
    "a field twice": (422, "body", FORM, b"pm_v=1&pm_v=2"),
    "not UTF-8": (422, "body", FORM, b"pm_text=%ff%fe"),
    "raw bytes": (422, "body", FORM, b"pm_text=\xff"),
    "many fields": (413, "too-large", FORM, b"&".join(b"a%d=1" % number for number in range(60))),
    "no boundary": (422, "body", "multipart/form-data", b"--x\r\n"),
    "no end": (422, "body", "multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'),
    "nothing": (422, "plan", FORM, b""),
    "too much": (413, "too-large", FORM, b"pm_text=" + b"x" * (1 << 20)),
}


@pytest.mark.parametrize("case", BODIES)
def test_bodies_that_are_none(server: Receiving, plan: str, case: str) -> None:
    status, code, kind, body = BODIES[case]
    said = server.ask(f"/v1/plans/{plan}/events", "POST", body, Content_Type=kind, Accept="application/json")
    assert (said.status, said.code) == (status, code)
    assert not of(server, plan)


def without_script(server: Receiving, plan: str, onward: str | None = None, **changes: str) -> Answer:
    """What a browser's own form sends."""
    given = {name: value for name, value in fields(plan, **changes).items() if name not in ("pm_event", "pm_token")}
    return server.post({**given, **({} if onward is None else {"pm_next": onward})}, plan, Accept=HTML)


@pytest.mark.parametrize("onward", [f"{PAGE}/northwind-k7/sent.html", f"{PAGE}:443/x?a=b#c", "HTTPS://PLANS.example.com/x"])
def test_a_form_without_script_is_led_on_to_the_plan(server: Receiving, plan: str, onward: str) -> None:
    said = without_script(server, plan, onward)
    assert (said.status, said.headers["location"]) == (303, onward)
    (event,) = of(server, plan)
    assert "pm_next" not in event["fields"]
    assert onward not in json.dumps(event)


ELSEWHERE = [
    None,
    "",
    "/sent.html",
    "https://evil.example/",
    "https://plans.example.com.evil.example/",
    "https://plans.example.com@evil.example/",
    "https://evil.example\\@plans.example.com/",
    "https:/\\plans.example.com",
    "//evil.example/",
    "///plans.example.com",
    "http://plans.example.com/",
    "https://plans.example.com:8443/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://plans.example.com/\r\nSet-Cookie: a=b",
    "https://plans.example.com/\u2028",
    "https://[plans.example.com",
    "https://plans.example.com:port/",
    " https://plans.example.com/",
]


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_a_form_is_led_nowhere_else(server: Receiving, plan: str, onward: str | None) -> None:
    said = without_script(server, plan, onward)
    assert said.status == 200
    assert not {"location", "set-cookie"} & set(said.headers)
    assert "It has arrived" in said.text
    assert "<script" not in said.text
    policy = said.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert len(of(server, plan)) == 1


def test_a_person_reads_why_a_form_was_refused(server: Receiving, plan: str) -> None:
    said = without_script(server, plan, "https://evil.example/", kind="comment", text="<script>alert(1)</script>" + "x" * 10_000)
    assert said.status == 422
    assert said.headers["content-type"] == "text/html; charset=utf-8"
    assert "The text has more than 10,000 characters." in said.text
    assert "alert" not in said.text


def test_a_plan_that_is_not_known(server: Receiving) -> None:
    for plan in (secrets.token_hex(16), "nothing", "A" * 32):
        said = server.post(fields(plan), plan)
        assert (said.status, said.code) == (404, "unknown")
        assert server.state(plan).status == 404


def test_a_plan_whose_link_was_changed(server: Receiving, plan: str) -> None:
    """Its deal is registered under another digest; registered again itself, it is back, with all that came."""
    server.post(fields(plan), plan)
    after = secrets.token_hex(16)
    assert server.register(after, deal=plan).status == 200
    assert (server.post(fields(plan), plan).status, server.post(fields(plan), plan).code) == (410, "gone")
    assert server.state(plan).status == 410
    assert server.post(fields(after), after).status == 201
    server.register(plan, deal=plan)
    assert server.post(fields(plan), plan).status == 201
    assert len(server.state(plan).json["events"]) == 2
    assert server.state(after).status == 410


def test_a_plan_that_was_taken_down(server: Receiving, plan: str) -> None:
    sent = fields(plan)
    first = server.post(sent, plan)
    bearer = {"Authorization": "Bearer register-token-of-the-tests-0123456789"}
    assert server.ask(f"/v1/plans/{plan}", "DELETE", **bearer).json == {"ok": True}
    assert (server.post(fields(plan), plan).status, server.state(plan).code) == (410, "gone")
    assert server.post(sent, plan).body == first.body, "what was acknowledged before stays so"
    assert server.ask(f"/v1/plans/{secrets.token_hex(16)}", "DELETE", **bearer).status == 404


def test_a_plan_that_has_ended(server: Receiving, plan: str) -> None:
    server.register(plan, deal=plan, until=(date.today() - timedelta(days=2)).isoformat())
    said = server.post(fields(plan), plan)
    assert (said.status, said.code) == (410, "ended")
    assert server.state(plan).status == 200
    server.register(plan, deal=plan, until=(date.today() + timedelta(days=2)).isoformat())
    assert server.post(fields(plan), plan).status == 201


def test_a_link_of_another_plan_proves_nothing(server: Receiving, plan: str) -> None:
    assert server.post(fields(plan, token=link(plan=OTHER)), plan).json["standing"] == "waiting"
