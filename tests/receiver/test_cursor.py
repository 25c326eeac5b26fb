"""The team's reader follows a cursor that never skips what is committed later."""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.receiver.cluster import Cluster
from tests.receiver.conftest import MANY
from tests.receiver.running import PATIENCE, READ, Receiving, eventually, fields

EACH, WRITERS = 60, 8


def followed(servers: list[Receiving], over: threading.Event) -> list[Any]:
    """All that a reader meets that always goes on from where it was, until it is over and nothing is left."""
    met: list[Any] = []
    after, number = 0, 0
    while True:
        last = over.is_set()
        page = servers[number % len(servers)].page(after, limit=7)
        met += page["events"]
        after = page["next_after"]
        number += 1
        if last and not page["events"]:
            return met


def followed_while_many_write(servers: list[Receiving]) -> None:
    servers[0].register()
    over = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as many:
        reader = many.submit(followed, servers, over)
        sent = [
            many.submit(lambda one: (servers[one % len(servers)].post(given := fields()), given)[1], one) for one in range(EACH * WRITERS)
        ]
        ids = [one.result()["pm_event"] for one in sent]
        over.set()
        met = reader.result(PATIENCE)
    assert [one["seq"] for one in met] == list(range(1, len(ids) + 1))
    assert sorted(one["fields"]["pm_event"] for one in met) == sorted(ids)


def test_nothing_is_skipped_while_many_write(url: str, tmp_path: Path) -> None:
    with Receiving(tmp_path, url, **MANY) as server:
        followed_while_many_write([server])


def test_nothing_is_skipped_while_two_instances_write(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.new()
    with Receiving(tmp_path, url, **MANY) as one, Receiving(tmp_path, url, name="other", **MANY) as other:
        followed_while_many_write([one, other])


def test_a_commit_that_is_late_holds_up_the_later_numbers(cluster: Cluster, tmp_path: Path) -> None:
    """One instance has numbered an event and not committed it yet; what another takes in meanwhile waits for it."""
    url = cluster.new()
    patient = "from planmark.receiver import limits\nlimits.LOCK_SECONDS = limits.WRITE_SECONDS = 60.0"
    with Receiving(tmp_path, url, before=patient, **MANY) as server, ThreadPoolExecutor(1) as one:
        server.register()
        server.post(fields())
        with psycopg.connect(url.replace("+psycopg", "")) as late:
            late.execute("UPDATE counter SET seq = seq + 1")
            same = "plan, 'the-late-one', digest, received, standing, spam, item, kind, ref, version, key, fields"
            late.execute(f"INSERT INTO events SELECT seq + 1, {same} FROM events")
            asked = one.submit(server.post, fields())
            blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as watching:
                eventually(lambda: (watching.execute(blocked).fetchone() or (0,))[0])
            assert [event["seq"] for event in server.events()] == [1]
            late.commit()
        assert asked.result().status == 201
        assert [event["seq"] for event in server.events()] == [1, 2, 3]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A receiver with forty events, some refused in between."""
    with Receiving(tmp_path_factory.mktemp("filled"), **MANY) as server:
        server.register()
        for number in range(40):
            server.post(fields(text=str(number)))
            server.post(fields(item="task/none"))
        yield server


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_pages_of_any_size_give_the_same(filled: Receiving, sizes: list[int]) -> None:
    met: list[str] = []
    after, more, number = 0, True, 0
    while more:
        page = filled.page(after, sizes[number % len(sizes)])
        met += [one["fields"]["pm_text"] for one in page["events"]]
        assert len(page["events"]) <= sizes[number % len(sizes)]
        after, more, number = page["next_after"], page["has_more"], number + 1
    assert met == [str(number) for number in range(40)]
    assert filled.page(after) == {"events": [], "next_after": after, "has_more": False}


def test_a_cursor_past_the_end_is_of_another_database(filled: Receiving) -> None:
    """A backup was restored: its numbers come once more, and whoever went on from a later one would miss them."""
    said = filled.ask("/v1/events?after=41", Authorization=f"Bearer {READ}")
    assert (said.status, said.code) == (422, "cursor")


def test_a_page_is_not_larger_than_a_reader_can_hold(tmp_path: Path) -> None:
    before = "from planmark.receiver import limits\nlimits.PAGE_BYTES = 30_000"
    with Receiving(tmp_path, before=before, **MANY) as server:
        server.register()
        for _ in range(10):
            assert server.post(fields(text="x" * 9_000)).status == 201
        page = server.page()
        assert (len(page["events"]), page["has_more"]) == (3, True)
        assert len(server.events()) == 10


bodies = st.tuples(st.integers(0, 3), st.integers(0, 2))


@settings(max_examples=25, deadline=None)
@given(st.lists(bodies, min_size=1, max_size=12))
def test_of_several_bodies_with_one_id_the_first_counts(server: Receiving, sent: list[tuple[int, int]]) -> None:
    plan = secrets.token_hex(16)
    server.register(plan, deal=plan)
    first: dict[int, tuple[int, bytes]] = {}
    for number, text in sent:
        said = server.post(fields(plan, event=f"an-event-{number}", text=f"text {text}", token=""), plan)
        body, answer = first.setdefault(number, (text, said.body))
        assert ((said.status, said.body) == (201, answer)) if body == text else (said.status, said.code) == (422, "conflict")
    kept = {one["fields"]["pm_event"]: one["fields"]["pm_text"] for one in server.events() if one["plan"] == plan}
    assert kept == {f"an-event-{number}": f"text {text}" for number, (text, _) in first.items()}


def test_many_at_once_with_one_id_are_one(server: Receiving, plan: str) -> None:
    """Half of them with another body: one of the two counts, for all."""
    given = fields(plan)
    with ThreadPoolExecutor(16) as many:
        said = list(many.map(lambda number: server.post({**given, "pm_text": str(number % 2)}, plan), range(32)))
    assert sorted(one.status for one in said) == [201] * 16 + [422] * 16
    assert len({one.body for one in said if one.status == 201}) == 1
    assert sum(one["plan"] == plan for one in server.events()) == 1
