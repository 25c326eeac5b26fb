"""The live state: what counts, for whom, and how soon it is told."""

from __future__ import annotations

import secrets
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.receiver.cluster import Cluster
from tests.receiver.conftest import MANY
from tests.receiver.running import KEY, OTHER, PAGE, PATIENCE, Answer, Receiving, eventually, fields, link, ref, registration

from planmark.plan import tokens
from planmark.plan.headers import HEADERS


def shown(server: Receiving, plan: str) -> list[str]:
    """The ids in the state."""
    return [one["id"] for one in server.state(plan).json["events"]]


def sent(server: Receiving, plan: str, **changes: str) -> str:
    """Send something, and give its id."""
    given = fields(plan, **changes)
    assert server.post(given, plan).status == 201
    return given["pm_event"]


def test_what_a_proven_link_sends_is_shown(server: Receiving, plan: str) -> None:
    first = sent(server, plan, name="Maria", text="Done", event="event-1-" + plan)
    second = sent(server, plan, kind="proposed", what="date", value="2026-12-01", token=link("ben", plan), item="task/nda")
    one, other = server.state(plan).json["events"]
    assert one == {
        "id": first,
        "on": "task/nda",
        "kind": "done",
        "by": ref("maria", plan),
        "name": "",
        "text": "Done",
        "what": "",
        "value": "",
        "received": one["received"],
    }
    assert (other["id"], other["by"], other["what"], other["value"]) == (second, ref("ben", plan), "date", "2026-12-01")


def flipped(token: str) -> str:
    """With another signature."""
    return token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]


UNPROVEN = {
    "no token": lambda plan: "",
    "noise": lambda plan: "a.b.c.d",
    "tampered": lambda plan: flipped(link(plan=plan)),
    "another's words under its signature": lambda plan: ".".join([*link("ben", plan).split(".")[:2], link("maria", plan).split(".")[2]]),
    "of an earlier version": lambda plan: link(plan=plan, version=0),
    "of a later version": lambda plan: link(plan=plan, version=2),
    "expired": lambda plan: link(plan=plan, until=date.today() - timedelta(days=2)),
    "of nobody": lambda plan: link("eve", plan),
    "of another plan": lambda plan: link(plan=OTHER),
    "by another key": lambda plan: link(plan=plan, key=bytes(32)),
    "by another key under the name of ours": lambda plan: tokens.fingerprint(KEY) + link(plan=plan, key=bytes(32))[8:],
}


@pytest.mark.parametrize("case", UNPROVEN)
def test_what_nobody_vouches_for_waits(server: Receiving, plan: str, case: str) -> None:
    given = fields(plan, token=UNPROVEN[case](plan), name="Maria")
    said = server.post(given, plan)
    assert (said.status, said.json["standing"]) == (201, "waiting")
    assert shown(server, plan) == []
    (event,) = [one for one in server.events() if one["plan"] == plan]
    assert event["fields"]["pm_token"] == given["pm_token"], "whoever pulls judges again"
    server.register(plan, deal=plan, accepted=[given["pm_event"]])
    (accepted,) = server.state(plan).json["events"]
    assert (accepted["by"], accepted["name"]) == ("", "Maria")


def test_what_the_team_rejected_is_not_shown(server: Receiving, plan: str) -> None:
    ids = [sent(server, plan) for _ in range(3)]
    server.register(plan, deal=plan, accepted=ids, rejected=[ids[1]])
    assert shown(server, plan) == [ids[0], ids[2]]


def test_what_was_sent_with_a_link_that_is_revoked_is_shown_no_more(server: Receiving, plan: str) -> None:
    mine = sent(server, plan, name="Maria")
    bens = sent(server, plan, token=link("ben", plan))
    people = {ref("maria", plan): 2, ref("ben", plan): 1}
    server.register(plan, deal=plan, people=people)
    assert shown(server, plan) == [bens]
    server.register(plan, deal=plan, people=people, accepted=[mine])
    one, _ = server.state(plan).json["events"]
    assert (one["id"], one["by"], one["name"]) == (mine, "", "Maria"), "accepted, but nobody vouches for the sender"


def test_what_was_sent_with_a_key_that_is_withdrawn_is_shown_no_more(server: Receiving, plan: str) -> None:
    sent(server, plan)
    server.register(plan, deal=plan, keys={})
    assert shown(server, plan) == []


def test_what_an_item_no_longer_takes_is_shown_no_more(server: Receiving, plan: str) -> None:
    sent(server, plan)
    comment = sent(server, plan, kind="comment", text="Hello")
    server.register(plan, deal=plan, items={"task/nda": ["comment"]})
    assert shown(server, plan) == [comment]


def test_suspects_are_not_shown_even_if_accepted(server: Receiving, plan: str) -> None:
    given = {**fields(plan), "pm_website": "x"}
    server.post(given, plan)
    server.register(plan, deal=plan, accepted=[given["pm_event"]])
    assert shown(server, plan) == []


def test_one_plan_shows_nothing_of_another(server: Receiving, plan: str) -> None:
    second = secrets.token_hex(16)
    server.register(second, deal=second)
    sent(server, second)
    assert shown(server, plan) == []


def test_of_a_protected_plan_nothing_is_shown(server: Receiving, plan: str) -> None:
    """Its lock page tells everybody how it is called. What is sent is taken in as ever."""
    assert server.register(plan, quiet=True).status == 200
    assert server.post(fields(plan, token=link(plan=plan)), plan).status == 201
    assert server.state(plan).status == 404
    assert server.register(plan, quiet="yes").status == 422
    assert server.register(plan).status == 200
    assert server.state(plan).status == 200


def test_only_the_newest_are_shown(url: str, tmp_path: Path) -> None:
    """As many as the limits say, and no more than a page can hold; accepted ones among them."""
    before = "from planmark.receiver import limits\nlimits.STATE_EVENTS, limits.STATE_BYTES = 20, 40_000"
    plan = secrets.token_hex(16)
    with Receiving(tmp_path, url, before=before, **MANY) as server:
        server.register(plan, deal=plan)
        order = [sent(server, plan, token="" if number % 3 else link(plan=plan)) for number in range(30)]
        server.register(plan, deal=plan, accepted=order)
        assert shown(server, plan) == order[-20:]
        long = [sent(server, plan, text="x" * 9_000) for _ in range(6)]
        assert shown(server, plan) == long[-4:]


def test_a_state_that_is_known_is_not_sent_again(server: Receiving, plan: str) -> None:
    first = server.state(plan)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    same = server.state(plan, If_None_Match=tag)
    assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
    assert server.state(plan, If_None_Match=f'"other", W/{tag}').status == 304
    sent(server, plan)
    after = server.state(plan, If_None_Match=tag)
    assert after.status == 200
    assert after.headers["etag"] != tag
    sent(server, plan, token="")
    assert server.state(plan, If_None_Match=after.headers["etag"]).status == 304, "what waits changes nothing"


def waiting(server: Receiving, plan: str, seconds: int = 25) -> tuple[threading.Thread, list[Answer]]:
    """Somebody who waits for the state to change."""
    known = server.state(plan).headers["etag"]
    found: list[Answer] = []
    thread = threading.Thread(target=lambda: found.append(server.state(plan, wait=seconds, If_None_Match=known)))
    thread.start()
    return thread, found


def test_who_waits_is_told_of_a_check_off(server: Receiving, plan: str) -> None:
    thread, found = waiting(server, plan)
    event = sent(server, plan)
    thread.join()
    assert found[0].status == 200
    assert [one["id"] for one in found[0].json["events"]] == [event]


def test_what_comes_here_is_told_at_once(tmp_path: Path) -> None:
    """Without a look at the database, which is for what comes to others."""
    plan = secrets.token_hex(16)
    with Receiving(tmp_path, before="from planmark.receiver import limits\nlimits.LOOK_SECONDS = 1_000", **MANY) as server:
        server.register(plan, deal=plan)
        thread, found = waiting(server, plan)
        sent(server, plan)
        thread.join()
    assert found[0].status == 200


def test_who_waits_is_told_when_the_team_accepts(server: Receiving, plan: str) -> None:
    event = sent(server, plan, token="")
    thread, found = waiting(server, plan)
    server.register(plan, deal=plan, accepted=[event])
    thread.join()
    assert [one["id"] for one in found[0].json["events"]] == [event]


def test_who_waits_is_told_when_the_link_was_changed(server: Receiving, plan: str) -> None:
    thread, found = waiting(server, plan)
    server.register(secrets.token_hex(16), deal=plan)
    thread.join()
    assert (found[0].status, found[0].code) == (410, "gone")


def test_who_waits_in_vain_hears_that_nothing_changed(server: Receiving, plan: str) -> None:
    known = server.state(plan).headers["etag"]
    assert server.state(plan, wait=1, If_None_Match=known).status == 304
    assert server.state(plan, wait=25, If_None_Match='"another"').status == 200, "who knows nothing yet does not wait"


def test_past_the_most_who_wait_everybody_is_answered_at_once(server: Receiving, plan: str) -> None:
    known = server.state(plan).headers["etag"]
    with ThreadPoolExecutor(51) as many:
        asked = [many.submit(server.state, plan, 25, If_None_Match=known) for _ in range(51)]
        first = next(one for one in iter(lambda: next((one for one in asked if one.done()), None), 0) if one)
        assert first.result().status == 304
        assert sum(one.done() for one in asked) == 1
        sent(server, plan)
        assert sorted(one.result().status for one in asked) == [200] * 50 + [304]


def waits(server: Receiving, plan: str) -> bytes:
    """The request of somebody who waits for the state to change."""
    known = server.state(plan).headers["etag"]
    return f"GET /v1/plans/{plan}/state?wait=25 HTTP/1.1\r\nHost: x\r\nIf-None-Match: {known}\r\n\r\n".encode()


def test_whoever_hangs_up_makes_room_for_others(server: Receiving, plan: str) -> None:
    asked = waits(server, plan)
    many = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    for connection in many:
        connection.sendall(asked)
    thread, _ = waiting(server, plan)
    thread.join()
    for connection in many:
        connection.close()

    def one_more_may_wait() -> bool:
        thread, found = waiting(server, plan)
        thread.join(0.5)
        if not thread.is_alive():
            return False
        sent(server, plan)
        thread.join()
        return found[0].status == 200

    eventually(one_more_may_wait, patience=10)


def test_who_waits_at_one_instance_is_told_of_what_came_to_another(cluster: Cluster, tmp_path: Path) -> None:
    url, plan = cluster.new(), secrets.token_hex(16)
    with Receiving(tmp_path, url, **MANY) as one, Receiving(tmp_path, url, name="other", **MANY) as other:
        other.register(plan, deal=plan)
        thread, found = waiting(one, plan)
        event = sent(other, plan)
        thread.join()
        assert [shown["id"] for shown in found[0].json["events"]] == [event]


def test_the_end_of_the_receiver_lets_go_who_waits(tmp_path: Path) -> None:
    plan = secrets.token_hex(16)
    with Receiving(tmp_path) as server:
        server.register(plan, deal=plan)
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
            connection.sendall(waits(server, plan))
            server.ask("/healthz")  # once this is answered, what came before has been read
            assert server.stop() == 0
            assert b" 304 " in connection.recv(65_536)


def test_other_origins_scripts(server: Receiving, plan: str) -> None:
    for path in (f"/v1/plans/{plan}/events", f"/v1/plans/{plan}/state"):
        asked = server.ask(path, "OPTIONS", Origin=PAGE, Access_Control_Request_Method="POST")
        assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, PAGE)
        assert "Content-Type" in asked.headers["access-control-allow-headers"]
        for origin in ("https://evil.example", "null", f"{PAGE}.evil.example", PAGE.upper(), f"{PAGE}:443", "http://plans.example.com"):
            other = server.ask(path, "OPTIONS", Origin=origin)
            assert "access-control-allow-origin" not in other.headers, origin
            assert other.headers["vary"] == "Origin"
    told = server.post(fields(plan), plan, Origin=PAGE)
    refused = server.post({}, plan, Origin=PAGE)
    for said in (told, refused, server.state(plan, Origin=PAGE)):
        assert said.headers["access-control-allow-origin"] == PAGE
        assert said.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in said.headers
    team = server.ask("/v1/events", Origin=PAGE)
    assert "access-control-allow-origin" not in team.headers


def test_pages_from_a_file_where_that_is_allowed(tmp_path: Path) -> None:
    with Receiving(tmp_path, "", "--origin", "null") as server:
        assert server.ask("/v1/plans/x/state", Origin="null").headers["access-control-allow-origin"] == "null"
        assert server.ask("/v1/plans/x/state", Origin=PAGE).headers["access-control-allow-origin"] == PAGE


def test_every_answer_is_safe_to_look_at(server: Receiving, plan: str) -> None:
    asked: list[Any] = [server.ask(path) for path in ("/", "/healthz", "/v1/events", f"/v1/plans/{plan}/state", "/nothing")]
    for said in [*asked, server.post({}, plan), server.post(fields(plan), plan, Accept="text/html"), server.ask("/", "OPTIONS")]:
        for name, value in HEADERS.items():
            assert value in said.headers[name.lower()], name
        assert said.headers["cache-control"] == "no-store"
        assert said.headers["content-security-policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in said.headers["content-security-policy"]
        assert not {"set-cookie", "server"} & set(said.headers)


def test_ways_of_asking(server: Receiving, plan: str) -> None:
    assert server.ask("/").status == 404
    assert server.ask("/healthz").json == {"ok": True}
    head = server.ask(f"/v1/plans/{plan}/state", "HEAD")
    assert (head.status, head.body) == (200, b"")
    for method, path in [("GET", f"/v1/plans/{plan}/events"), ("POST", "/healthz"), ("GET", f"/v1/plans/{plan}"), ("TRACE", "/healthz")]:
        said = server.ask(path, method)
        assert (said.status, said.code) == (405, "method"), (method, path)
    assert server.ask(f"/v1/plans/{plan}/events/", "POST").status == 404


def test_asking_changes_nothing(server: Receiving, plan: str) -> None:
    before = server.events()
    for path in ("", "/state", "/events?pm_kind=done&pm_item=task/nda", "/state?wait=1"):
        server.ask(f"/v1/plans/{plan}{path}")
        server.ask(f"/v1/plans/{plan}{path}", "HEAD")
    assert server.events() == before


def test_the_registration_of_the_tests_is_the_one_of_the_contract() -> None:
    assert set(registration()) == {"v", "deal", "items", "people", "keys", "accepted", "rejected", "until", "name", "tell"}
