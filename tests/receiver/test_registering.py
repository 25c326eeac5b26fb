"""What the team tells of a plan: taken only whole, only with the right token, within limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.receiver.running import PLAN, READ, REGISTER, Receiving, ref, registration

JSON = "application/json"

WRONG: dict[str, Any] = {
    "another version": {"v": 2},
    "a version that is true": {"v": True},
    "no deal": {"deal": ""},
    "a deal of two lines": {"deal": "a\nb"},
    "a long deal": {"deal": "x" * 201},
    "an unknown key": {"webhook": "https://evil.example"},
    "items that are a list": {"items": []},
    "an item that is none": {"items": {"task/A B": ["done"]}},
    "a kind of the seller's": {"items": {"task/nda": ["accepted"]}},
    "kinds that are a text": {"items": {"task/nda": "done"}},
    "too many items": {"items": {f"task/t{number}": [] for number in range(5_001)}},
    "a person by name": {"people": {"maria": 1}},
    "a version that is a text": {"people": {ref(): "1"}},
    "a version below zero": {"people": {ref(): -1}},
    "a version beyond a database's numbers": {"people": {ref(): 1 << 40}},
    "a short key": {"keys": {"7f31c2a9": "00"}},
    "a fingerprint that is none": {"keys": {"key": "0" * 64}},
    "an event that is none": {"accepted": ["a b"]},
    "events that are an object": {"rejected": {}},
    "too many events": {"accepted": [f"event{number:08d}" for number in range(20_001)]},
    "not a day": {"until": "tomorrow"},
    "a day that is not": {"until": "2026-02-30"},
    "a name of two lines": {"name": "a\nb"},
    "telling nobody": {"tell": {"task/nda": "mail"}},
    "telling by what is no address": {"tell": {"": ["dana"]}},
    "telling by two addresses in one": {"tell": {"": ["dana@halyard.example, eve@evil.example"]}},
    "telling by an address of two lines": {"tell": {"": ["dana@halyard.example\\nBcc: eve@evil.example"]}},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_registration_that_cannot_be_used(server: Receiving, plan: str, case: str) -> None:
    said = server.register(plan, **{"deal": plan, **WRONG[case]})
    assert (said.status, said.code) == (422, "registration")
    assert said.json["message"].startswith("The registration cannot be used: ")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"v":' + b"1" * 5_000 + b"}", b"\xff", b'{"v":1}'])
def test_a_body_that_is_none(server: Receiving, plan: str, body: bytes) -> None:
    said = server.ask(f"/v1/plans/{plan}", "PUT", body, Content_Type=JSON, Authorization=f"Bearer {REGISTER}")
    assert (said.status, said.code) == (422, "registration")


def test_a_body_beyond_measure(server: Receiving, plan: str) -> None:
    body = json.dumps(registration(plan)).encode() + b" " * (4 << 20)
    said = server.ask(f"/v1/plans/{plan}", "PUT", body, Content_Type=JSON, Authorization=f"Bearer {REGISTER}")
    assert said.status == 413


def test_another_type(server: Receiving, plan: str) -> None:
    said = server.ask(f"/v1/plans/{plan}", "PUT", b"v=1", Content_Type="text/plain", Authorization=f"Bearer {REGISTER}")
    assert said.status == 415


ROUTES = [
    ("PUT", f"/v1/plans/{PLAN}", REGISTER, READ),
    ("DELETE", f"/v1/plans/{PLAN}", REGISTER, READ),
    ("GET", "/v1/events", READ, REGISTER),
    ("GET", f"/v1/files/{'0' * 64}", READ, REGISTER),
]


@pytest.mark.parametrize(("method", "path", "right", "wrong"), ROUTES)
def test_each_token_opens_only_its_own(server: Receiving, method: str, path: str, right: str, wrong: str) -> None:
    for given in ("", f"Bearer {wrong}", f"Bearer {right}x", f"Bearer {right[:-1]}", f"Basic {right}", "Bearer", f"Bearer é{right}"):
        said = server.ask(path, method, Content_Type=JSON, **({"Authorization": given} if given else {}))
        assert (said.status, said.code) == (401, "token"), given
        assert said.headers["www-authenticate"] == "Bearer"
    assert server.ask(path, method, Content_Type=JSON, Authorization=f"bearer {right}").status != 401
