"""One line a request, and in none of them anything that somebody sent."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.receiver.conftest import MANY
from tests.receiver.running import PAGE, PLAN, READ, REGISTER, Receiving, fields, link

KEYS = {"time", "method", "route", "status", "ms", "code"}


def test_a_line_for_each_request_and_no_secret_in_any(tmp_path: Path) -> None:
    with Receiving(tmp_path, "", "--proxy", "127.0.0.1", **MANY) as server:
        server.register(name="the-secret-deal")
        sent = fields(name="Maria Lindqvist", text="the-secret-text", next=f"{PAGE}/the-secret-share-key/sent.html")
        server.post(sent, X_Forwarded_For="203.0.113.77", Referer=f"{PAGE}/the-secret-share-key/", Accept="text/html")
        server.post({**sent, "pm_text": "other"}, Accept="application/json")
        server.post(fields(item="task/the-secret-item"))
        server.upload(fields(kind="upload"), ("the-secret-name.pdf", b"%PDF-1.4 the-secret-content"))
        server.ask(f"/v1/plans/{PLAN}/state?wait=0&key=the-secret-query")
        server.ask("/the-secret-path", "GET")
        server.ask("/v1/events/the-secret-path", "DELETE")
        server.page()
        server.ask("/healthz", "PROPFIND")
        server.ask("/the-secret-path", "BREW")
    log = server.log.read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    secret = ("secret", "Maria", "Lindqvist", "203.0.113", "127.0.0.1", PLAN, READ, REGISTER, link(), sent["pm_event"], PAGE, "PROPFIND")
    assert not [word for word in secret if word in log]
    last = lines.pop()
    assert {**last, "time": ""} == {"time": "", "level": "warning", "logger": "uvicorn.error", "message": "Invalid HTTP request received."}
    assert all(set(line) <= KEYS for line in lines)
    assert [(line["method"], line["route"], line["status"], line.get("code", "")) for line in lines] == [
        ("PUT", "/v1/plans/{plan}", 200, ""),
        ("POST", "/v1/plans/{plan}/events", 303, ""),
        ("POST", "/v1/plans/{plan}/events", 422, "conflict"),
        ("POST", "/v1/plans/{plan}/events", 403, "not-allowed"),
        ("POST", "/v1/plans/{plan}/events", 201, ""),
        ("GET", "/v1/plans/{plan}/state", 200, ""),
        ("GET", "other", 404, "unknown"),
        ("DELETE", "other", 404, "unknown"),
        ("GET", "/v1/events", 200, ""),
        ("other", "/healthz", 405, "method"),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]) and line["ms"] >= 0 for line in lines)


def test_a_mistake_of_ours_says_where_and_not_what(tmp_path: Path) -> None:
    """An exception's text may hold what was sent."""
    before = "from planmark.receiver import posting\ndef fail(*given): raise KeyError(f'the secret: {given}')\nposting._submission = fail"
    with Receiving(tmp_path, before=before, **MANY) as server:
        server.register()
        said = server.post(fields(text="the-secret-text"))
        assert (said.status, said.code) == (500, "internal")
        assert server.post(fields(), Accept="text/html").status == 500
    log = server.log.read_text()
    assert "secret" not in log + said.text
    assert json.loads(log.splitlines()[1])["failure"].startswith("KeyError in ")


def test_a_mistake_in_a_transaction_says_nothing_of_what_was_sent_and_harms_no_one_else(tmp_path: Path) -> None:
    before = (
        "from planmark.receiver import taking\n"
        "row = taking._row\n"
        "def odd(one, *given):\n"
        "    if one.submission.text == 'the-secret-text': raise KeyError(one.submission.text)\n"
        "    return row(one, *given)\n"
        "taking._row = odd"
    )
    with Receiving(tmp_path, before=before, **MANY) as server:
        server.register()
        with ThreadPoolExecutor(16) as many:
            said = list(many.map(lambda number: server.post(fields(text="" if number % 4 else "the-secret-text")).status, range(200)))
        assert said == [201 if number % 4 else 500 for number in range(200)]
        assert len(server.events()) == 150
    assert "secret" not in server.log.read_text()


def test_a_log_that_cannot_be_written_costs_nobody_an_answer(tmp_path: Path) -> None:
    before = "import os\nos.dup2(os.open('/dev/full', os.O_WRONLY), 2)"
    with Receiving(tmp_path, before=before, **MANY) as server:
        server.register()
        assert server.post(fields()).status == 201
        assert len(server.events()) == 1
