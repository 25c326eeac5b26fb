"""Receivers that are killed at random moments while several clients send, and what must be true afterwards."""

from __future__ import annotations

import http.client
import json
import secrets
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.receiver.cluster import Cluster
from tests.receiver.running import FORM, PLAN, Receiving, eventually, fields, multipart

CLIENTS = 4
EACH = 6
"""So much is acknowledged before each kill, at the least."""
MANY = {"PLANMARK_RECEIVER_PER_ADDRESS": "10000000", "PLANMARK_RECEIVER_PER_PLAN": "10000000"}
TINY_PDF = b"%PDF-1.4 "


@dataclass
class Story:
    """What clients were promised, and what a reader was told meanwhile."""

    kills: int = 0
    promised: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    """Text, digest of the file, and the answer, by id."""
    wrong: list[str] = field(default_factory=list)
    read: list[tuple[int, str]] = field(default_factory=list)
    """Number and id of all that the reader met, in its order."""


@dataclass(frozen=True)
class Outcome:
    """What was found at the end."""

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    wrong: tuple[str, ...]


class Trial:
    """Several instances on one database and one folder, clients that send to any of them, and a reader that follows the cursor."""

    def __init__(self, folder: Path, database: str, instances: int, seed: int, cluster: Cluster | None = None) -> None:
        self.folder, self.database, self.cluster = folder, database, cluster
        self.random = Random(seed)
        self.story = Story()
        self.servers = [self._start(number) for number in range(instances)]
        assert self.servers[0].register().status == 200

    def run(self, kills: int) -> Outcome:
        """Kill that often, restart each time, and look at what is there."""
        over = threading.Event()
        threads = [threading.Thread(target=self._send, args=(over, Random(number))) for number in range(CLIENTS)]
        threads.append(threading.Thread(target=self._follow, args=(over,)))
        for thread in threads:
            thread.start()
        try:
            for number in range(kills):
                enough = len(self.story.promised) + EACH
                over.wait(self.random.uniform(0.02, 0.35))
                eventually(partial(self._has, enough), "nothing is acknowledged")
                self._kill(number)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        try:
            return self._judge()
        finally:
            for server in self.servers:
                server.stop()

    def _has(self, enough: int) -> bool:
        return len(self.story.promised) >= enough

    def _start(self, number: int) -> Receiving:
        return Receiving(self.folder, self.database, name=f"log{number}", **MANY)

    def _kill(self, number: int) -> None:
        self.story.kills += 1
        if self.cluster and number % 10 == 9:
            self.cluster.stop("immediate")
            self.cluster.start()
            return
        which = self.random.randrange(len(self.servers))
        self.servers[which].stop(signal.SIGKILL)
        self.servers[which] = self._start(which)

    def _send(self, over: threading.Event, random: Random) -> None:
        """One client: it sends each thing until it is acknowledged, to whoever answers, and some of them once more."""
        client = _Client(lambda: random.choice(self.servers).port)
        while not over.is_set():
            event, text = secrets.token_hex(12), secrets.token_hex(random.choice((8, 500, 4000)))
            file = TINY_PDF + secrets.token_bytes(3000) if random.random() < 0.1 else b""
            sent = fields(kind="upload" if file else "done", event=event, text=text)
            body, kind = multipart(sent, ("a.pdf", file)) if file else (urlencode(sent).encode(), FORM)
            answer = b""
            while not answer and not over.is_set():
                answer = client.post(body, kind)
            if answer:
                self.story.promised[event] = (text, sha256(file).hexdigest() if file else "", answer)
            if answer and random.random() < 0.1:
                again = client.post(body, kind)
                if again not in (b"", answer):
                    self.story.wrong.append(f"{event} was answered in two ways")
        client.close()

    def _follow(self, over: threading.Event) -> None:
        """The team's reader: it goes on from where it was, whatever happens."""
        after = 0
        while not over.wait(0.01):
            with suppress(OSError, http.client.HTTPException, ValueError, AssertionError):
                page = self.random.choice(self.servers).page(after)
                self.story.read += [(one["seq"], one["fields"]["pm_event"]) for one in page["events"]]
                after = page["next_after"]

    def _judge(self) -> Outcome:
        server = self.servers[0]
        found = server.events()
        times = Counter(one["fields"]["pm_event"] for one in found)
        by_id = {one["fields"]["pm_event"]: one for one in found}
        lost = [event for event, promise in self.story.promised.items() if not self._kept(by_id.get(event), *promise)]
        wrong = list(self.story.wrong)
        met = self.story.read
        if met != [(one["seq"], one["fields"]["pm_event"]) for one in found[: len(met)]]:
            wrong.append("the reader skipped something, or met it twice")
        if [one["seq"] for one in found] != list(range(1, len(found) + 1)):
            wrong.append("the numbers have gaps")
        named = {file["digest"] for one in found for file in one["files"]}
        wrong += [f"{digest} is not on the disk" for digest in named if not self._on_disk(digest)]
        if self.database == "":
            for each in self.servers:
                each.stop()
            self.servers[0] = self._start(0)  # sweeps
            left = {path.name for path in (self.folder / "files").iterdir()} - {"incoming"}
            wrong += [] if left == named else ["files are left over"]
            with closing(sqlite3.connect(self.folder / "receiver.db")) as connection:
                wrong += [said for (said,) in connection.execute("PRAGMA integrity_check") if said != "ok"]
        doubled = sum(count - 1 for count in times.values())
        return Outcome(self.story.kills, len(self.story.promised), len(lost), doubled, tuple(wrong))

    def _kept(self, event: Any, text: str, digest: str, answer: bytes) -> bool:
        if event is None or event["fields"]["pm_text"] != text or [one["digest"] for one in event["files"]] != [digest] * bool(digest):
            return False
        said = json.loads(answer)
        return bool(said["event"] == event["fields"]["pm_event"] and said["received"] == event["received"])

    def _on_disk(self, digest: str) -> bool:
        path = self.folder / "files" / digest
        return path.is_file() and sha256(path.read_bytes()).hexdigest() == digest


class _Client:
    """A kept connection, made anew to another instance whenever it breaks."""

    def __init__(self, port: Callable[[], int]) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def post(self, body: bytes, kind: str) -> bytes:
        """The answer of an acknowledgement; empty for everything else."""
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=10)
            self._connection.request("POST", f"/v1/plans/{PLAN}/events", body, {"Content-Type": kind, "Accept": "application/json"})
            said = self._connection.getresponse()
            answer = said.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return b""
        if said.status not in (201, 503):
            raise AssertionError(f"{said.status} {answer!r}")
        return answer if said.status == 201 else b""

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None
