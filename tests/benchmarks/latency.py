"""From saving a file to its new content in the development server's answer."""

from __future__ import annotations

import http.client
import subprocess
import time
from dataclasses import dataclass
from random import Random

from tests.ports import free_port

from . import formats
from .corpus import deal, slug_of
from .formats import Part
from .generators import Generator
from .measure import Bench, CommandError, Spread, tree_memory

START_LIMIT = 300.0
EDIT_LIMIT = 120.0
POLL = 0.002
PARTS: tuple[Part, ...] = ("data", "body")


@dataclass(frozen=True)
class Latency:
    """Seconds from the save to the answer, by what was edited; the server's start; its memory with children in MiB."""

    data: Spread
    body: Spread
    start: float
    memory: float


def measure(bench: Bench, generator: Generator, edits: int) -> Latency:
    """Edit one deal `edits` times in its data and in its prose, polling its page; the first edit of each is left out.

    Edits come at random moments, so that none always falls at the same point of a server's own rhythm, and each
    waits until the work after the one before is over.
    """
    generator.clean()
    k = generator.deals // 2
    slug, port = slug_of(k), free_port()
    moments = Random(k)
    began = time.perf_counter()
    with bench.server(generator.serve(port), generator.folder) as server:
        url = _ready(bench, generator, server, port)
        start = time.perf_counter() - began
        time.sleep(2)
        found: dict[Part, Spread] = {}
        for part in PARTS:
            seconds = []
            for i in range(edits + 1):
                time.sleep(moments.uniform(0.2, 0.9))
                bench.quiet.wait()
                token = f"Zq{part}{i}r{moments.randrange(10**6)}"
                formats.edit(generator.source(slug, part), token, part)
                seconds.append(_seconds_until(port, url, token))
            found[part] = Spread.of(seconds[1:])
        memory = tree_memory(server.pid)
    return Latency(found["data"], found["body"], start, memory)


def _ready(bench: Bench, generator: Generator, server: subprocess.Popen[bytes], port: int) -> str:
    """Wait for the edited deal's page and return its URL, which may be known only once it is built."""
    k = generator.deals // 2
    account = deal(k).plan.account.encode()
    end = time.perf_counter() + START_LIMIT
    while time.perf_counter() < end:
        url = generator.url(slug_of(k))
        if _answer_has(port, url, account):
            return url
        if server.poll() is not None:
            raise CommandError(f"{generator.name}: the server ended with {server.returncode}\n{bench.said()[-1500:]}")
        time.sleep(0.01)
    raise CommandError(f"{generator.name}: no page at {url} within {START_LIMIT:.0f} s")


def _seconds_until(port: int, url: str, token: str) -> float:
    saved = time.perf_counter()
    while not _answer_has(port, url, token.encode()):
        time.sleep(POLL)
        if time.perf_counter() > saved + EDIT_LIMIT:
            raise CommandError(f"{url} did not show {token} within {EDIT_LIMIT:.0f} s")
    return time.perf_counter() - saved


def _answer_has(port: int, url: str, token: bytes) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", url)
        answer = connection.getresponse()
        return answer.status == 200 and token in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
