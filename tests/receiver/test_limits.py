"""Too much, too often, too slow: bounced clearly, and nothing else suffers."""

from __future__ import annotations

import json
import secrets
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import pytest
from tests.receiver.cluster import Cluster
from tests.receiver.conftest import MANY
from tests.receiver.running import FORM, PATIENCE, PLAN, Receiving, fields

T = TypeVar("T")
HASTY = "from planmark.receiver import limits\nlimits.HEAD_SECONDS = limits.BODY_SECONDS = 0.5"


def within_a_minute(trial: Callable[[], T]) -> T:
    """What the trial gives when the clock's minute does not change in it: rates are counted by the minute."""
    while True:
        began = time.time() // 60
        found = trial()
        if time.time() // 60 == began:
            return found


def sent_at_once(servers: list[Receiving], plan: str, count: int) -> Counter[int]:
    """The statuses of so many submissions, sent to the servers in turn by eight clients."""
    with ThreadPoolExecutor(8) as many:
        asked = [many.submit(servers[number % len(servers)].post, fields(plan), plan) for number in range(count)]
        return Counter(one.result().status for one in asked)


def test_a_plan_takes_so_many_a_minute(url: str, tmp_path: Path) -> None:
    with Receiving(tmp_path, url, **{**MANY, "PLANMARK_RECEIVER_PER_PLAN": "20"}) as server:

        def trial() -> tuple[Counter[int], str]:
            plan = secrets.token_hex(16)
            server.register(plan, deal=plan)
            return sent_at_once([server], plan, 50), plan

        statuses, plan = within_a_minute(trial)
        assert statuses == {201: 20, 429: 30}
        assert sum(one["plan"] == plan for one in server.events()) == 20
        said = within_a_minute(lambda: [server.post(fields(plan), plan) for _ in range(21)][-1])
        assert (said.status, said.code) == (429, "too-often")
        assert 1 <= int(said.headers["retry-after"]) <= 60
        other = secrets.token_hex(16)
        server.register(other, deal=other)
        assert server.post(fields(other), other).status == 201


def test_two_instances_count_together(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.new()
    few = {**MANY, "PLANMARK_RECEIVER_PER_PLAN": "30"}
    with Receiving(tmp_path, url, **few) as one, Receiving(tmp_path, url, name="other", **few) as other:

        def trial() -> Counter[int]:
            plan = secrets.token_hex(16)
            one.register(plan, deal=plan)
            return sent_at_once([one, other], plan, 80)

        assert within_a_minute(trial) == {201: 30, 429: 50}


def test_what_is_over_the_rate_can_be_sent_again_later(tmp_path: Path) -> None:
    """The same id is taken once there is room: it was not used up."""
    with Receiving(tmp_path, **{**MANY, "PLANMARK_RECEIVER_PER_ADDRESS": "2"}) as server:
        server.register()

        def trial() -> dict[str, str]:
            sent = [fields() for _ in range(3)]
            for one in sent:
                server.post(one)
            return sent[-1]

        late = within_a_minute(trial)
        assert not [one for one in server.events() if one["fields"]["pm_event"] == late["pm_event"]]
    with Receiving(tmp_path, **MANY) as server:
        assert server.post(late).status == 201


def test_a_flood_is_bounced_before_it_is_looked_at(tmp_path: Path) -> None:
    """Also where the database cannot be written: whoever is over the rate costs it nothing."""
    with Receiving(tmp_path, **{**MANY, "PLANMARK_RECEIVER_PER_ADDRESS": "2"}) as server:
        server.register()

        def trial() -> tuple[int, int]:
            for _ in range(3):
                server.post(fields())
            with closing(sqlite3.connect(tmp_path / "receiver.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                return server.post({}).status, int(server.post(fields()).headers["retry-after"])

        status, left = within_a_minute(trial)
        assert status == 429
        assert 1 <= left <= 60


def test_an_address_is_believed_only_from_a_proxy(tmp_path: Path) -> None:
    few = {**MANY, "PLANMARK_RECEIVER_PER_ADDRESS": "3"}

    def statuses(server: Receiving, forwarded: list[str]) -> list[int]:
        return [server.post(fields(), X_Forwarded_For=one).status for one in forwarded]

    with Receiving(tmp_path / "direct", **few) as server:
        server.register()
        found = within_a_minute(lambda: statuses(server, [f"203.0.113.{number}" for number in range(8)]))
        assert found[-1] == 429, "whoever is no proxy is counted by the address of the connection"
    with Receiving(tmp_path / "behind", "", "--proxy", "127.0.0.1", "--proxy", "10.0.0.0/8", **few) as server:
        server.register()
        assert statuses(server, [f"203.0.113.{number}" for number in range(8)]) == [201] * 8
        made_up = [f"198.51.100.{number}, 192.0.2.1, 10.1.2.3" for number in range(8)]
        assert within_a_minute(lambda: statuses(server, made_up))[-1] == 429, "what a client makes up stands before what a proxy saw"
        neighbours = [f"2001:db8:1:2::{number}" for number in range(8)]
        assert within_a_minute(lambda: statuses(server, neighbours))[-1] == 429, "one customer has a whole network"
        assert within_a_minute(lambda: statuses(server, ["nonsense"] * 8))[-1] == 429


def test_no_address_is_kept(tmp_path: Path) -> None:
    with Receiving(tmp_path, "", "--proxy", "127.0.0.1", **MANY) as server:
        server.register()
        assert server.post(fields(), X_Forwarded_For="203.0.113.77").status == 201
    assert b"203.0.113" not in b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    """A receiver that waits half a second for a head or a body."""
    with Receiving(tmp_path_factory.mktemp("hasty"), before=HASTY, **MANY) as server:
        server.register()
        yield server


def spoken(server: Receiving, said: bytes) -> bytes:
    """All that is answered to some bytes, until the connection is cut."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(said)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def post_head(length: str, plan: str = PLAN) -> bytes:
    return f"POST /v1/plans/{plan}/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n{length}\r\n\r\n".encode()


STALLED = {
    "nothing": b"",
    "half a line": b"GET /hea",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n",
    "half a body": post_head("Content-Length: 100") + b"pm_v=1",
    "half a chunk": post_head("Transfer-Encoding: chunked") + b"5\r\npm",
    "another request's half": b"GET /v1/plans/x/state HTTP/1.1\r\nHost: x\r\n\r\nGET /hea",
}


@pytest.mark.parametrize("case", STALLED)
def test_whoever_stalls_is_cut_off(hasty: Receiving, case: str) -> None:
    answer = spoken(hasty, STALLED[case])
    assert b"HTTP/1.1 408 " in answer
    if "body" in case or "chunk" in case:
        assert b'"code":"too-slow"' in answer


def test_many_who_stall_keep_nobody_else_waiting(server: Receiving, plan: str) -> None:
    stalled = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    for number, connection in enumerate(stalled):
        connection.sendall(b"GET / HTTP/1.1\r\n" if number % 2 else post_head("Content-Length: 100", plan))
    try:
        assert server.post(fields(plan), plan).status == 201
    finally:
        for connection in stalled:
            connection.close()


def test_a_body_without_end_is_cut(server: Receiving, plan: str) -> None:
    """Counted as it comes, whatever its head says: an answer first, then the connection is closed."""
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(post_head("Transfer-Encoding: chunked", plan))
        sent = 0
        with suppress(ConnectionError):
            while sent < 200:
                connection.sendall(chunk)
                sent += 1
    assert 12 < sent < 200
    assert not [one for one in server.events() if one["plan"] == plan]


def test_a_large_body_hears_why(server: Receiving, plan: str) -> None:
    said = server.upload(fields(plan, kind="upload"), ("a.pdf", b"%PDF-1.4" + b"x" * (13 << 20)), plan=plan)
    assert (said.status, said.code) == (413, "too-large")
    assert "12 MiB" in said.json["message"]


def test_heads_beyond_measure(server: Receiving) -> None:
    many = b"".join(b"X-%d: y\r\n" % number for number in range(100))
    assert b" 431 " in spoken(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + many + b"\r\n")
    assert b" 431 " in spoken(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: " + b"y" * 20_000 + b"\r\n\r\n")
    assert b" 431 " in spoken(server, b"GET /healthz HTTP/1.1\r\nX-A: " + b"y" * 100_000)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1e3", "limit=0", "limit=1001", "after=" + "9" * 40, "limit=%C2%B2"])
def test_numbers_that_are_none(server: Receiving, query: str) -> None:
    said = server.ask(f"/v1/events?{query}", Authorization="Bearer read-token-of-the-tests-0123456789")
    assert (said.status, said.code) == (422, "query")


def test_a_hundred_fields_of_the_largest_size_fit_nowhere(server: Receiving, plan: str) -> None:
    body = json.dumps({f"f{number}": "x" * 100_000 for number in range(30)}).encode()
    said = server.ask(f"/v1/plans/{plan}/events", "POST", body, Content_Type="application/json")
    assert (said.status, said.code) == (413, "too-large")
