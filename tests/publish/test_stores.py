"""The targets `s3`, `gcs` and `azure` keep what every target promises, at real servers and likenesses of them."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator

import pytest
from tests.publish.contract import PROMISES, Promise, put
from tests.publish.published import release
from tests.publish.stores import Server, azurite, google, more, moto, rclone

PUBLISHES = 80 if os.environ.get("PLANMARK_TRIALS") == "full" else 10


@pytest.fixture(scope="module", params=["moto", "rclone", "azurite", "google"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each of the stores."""
    if request.param in ("moto", "google"):
        with moto() if request.param == "moto" else google() as here:
            yield here
    else:
        folder = tmp_path_factory.mktemp("store")
        with rclone(folder) if request.param == "rclone" else azurite(folder) as here:
            yield here


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_is_kept(promise: Promise, server: Server) -> None:
    promise(server.shown())


def test_whoever_reads_all_along_misses_nothing(server: Server) -> None:
    """While version after version goes out, and old assets go: every page has what it loads, of its own version."""
    if not server.whole:
        pytest.skip("no publisher can do for its readers what this store does not do")
    there = server.shown()
    put(there, release(1, more(1), keep=1))
    over, begun, faults, rounds = threading.Event(), threading.Event(), list[str](), 0

    def read() -> None:
        nonlocal rounds
        while not over.is_set():
            page = there.get("acme-k", "index.html") or b""
            version = re.search(rb">(\d+)<", page)
            if version is None or page != more(int(version[1]))["index.html"]:
                faults.append(f"a page that is none: {page!r}")
            for path in re.findall(r'"(assets/[^"]+)"', page.decode()):
                if there.get("acme-k", path) is None and there.get("acme-k", "index.html") == page:
                    faults.append(f"{page!r} lacks {path}")
            rounds += 1
            begun.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert begun.wait(20)
        for version in range(2, 2 + PUBLISHES):
            put(there, release(version, more(version), before=version - 1, keep=1))
    finally:
        over.set()
        reader.join()
    assert not faults
    assert rounds > 1
