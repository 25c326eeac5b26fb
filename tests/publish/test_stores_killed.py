"""A publisher to an object store that is killed at any operation leaves pages that work, and the next one finishes at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from tests.build.small import environment
from tests.publish.contract import Shown, put, shows
from tests.publish.published import name, release
from tests.publish.stores import Server, azurite, google, more, moto, rclone

from planmark.targets.objects import Objects

TRIALS = 10_000 if os.environ.get("PLANMARK_TRIALS") == "full" else 4
"""At each of the stores."""
KILLED_AT = """
import json, os, signal, sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Lock
from tests.publish.published import release
from tests.publish.stores import more, secret_of
from planmark.extensions.targets import Place
from planmark.targets.kinds import KINDS
from planmark.targets.stores import Stores

class Counted:
    def __init__(self, store, left, steps, lock):
        self.store, self.left, self.steps, self.lock, self.where = store, left, steps, lock, store.where

    def __getattr__(self, name):
        def counted(*given):
            with self.lock:
                number = next(self.steps)
                if number == self.left and number % 2:
                    os.kill(os.getpid(), signal.SIGKILL)
            done = getattr(self.store, name)(*given)
            done = list(done) if name == "list" else done
            if number == self.left:
                os.kill(os.getpid(), signal.SIGKILL)
            return done
        return counted

asked = json.loads(sys.stdin.read())
for prefix, left in asked["trials"]:
    if not (child := os.fork()):
        settings = {**asked["settings"], "prefix": prefix}
        place = Place(name="live", settings=settings, workspace=Path("/"), secret=secret_of(asked["secrets"]))
        target, steps, lock = KINDS[asked["settings"]["kind"]], count(), Lock()
        def opened(place):
            stores = target.opened(place)
            return Stores(Counted(stores.public, left, steps, lock), Counted(stores.state, left, steps, lock))
        list(replace(target, opened=opened).publish(place, release(3, more(3), before=2, keep=1)))
        print(next(steps), flush=True)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (0, -signal.SIGKILL):
        sys.exit(f"{prefix}: {code}")
"""
"""A publisher that kills itself at its nth operation at the store, before or after it: one process for each trial."""


@pytest.fixture(autouse=True)
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What publishers leave on this machine to be known by, in a folder of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture(scope="module", params=["moto", "rclone", "azurite", "google"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each of the stores."""
    kinds = {"moto": moto, "google": google}
    folders = {"rclone": rclone, "azurite": azurite}
    opened = kinds[request.param]() if request.param in kinds else folders[request.param](tmp_path_factory.mktemp("store"))
    with opened as here:
        yield here


def killed(server: Server, trials: list[tuple[str, int]]) -> str:
    """Publish the third version below each prefix, as far as a number of operations; what those say that come to the end."""
    place = server.place("")
    asked = {"settings": dict(place.settings), "secrets": dict(server.secrets), "trials": trials}
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT],
        input=json.dumps(asked),
        env=environment(PYTHONPATH=f"{Path(__file__).parents[2]}"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def begun(server: Server) -> Shown:
    """Two versions, of which the first goes with the third."""
    there = server.shown()
    put(there, release(1, more(1)))
    put(there, release(2, more(2), before=1, keep=1))
    return there


def test_killed_at_any_operation_the_next_one_finishes(server: Server) -> None:
    """Readers have the second version whole, or the third; afterwards all is as if nobody had been killed."""
    whole = begun(server)
    steps = int(killed(server, [(whole.place.settings["prefix"], 10_000)]))
    assert steps > 20
    shows(whole, more(3))
    ends = [*sorted(Random(7).sample(range(steps), min(steps, TRIALS))), steps - 1]
    trials = [(begun(server), end) for end in ends]
    killed(server, [(there.place.settings["prefix"], end) for there, end in trials])
    for there, end in trials:
        page = there.get("acme-k", "index.html")
        assert page in (more(2)["index.html"], more(3)["index.html"]), end
        for path in re.findall(r'"(assets/[^"]+)"', page.decode()):
            assert there.get("acme-k", path), (end, path)
        (current,) = there.target.published(there.place)
        before = 3 if current.version == name(3) else 2
        put(there, release(4, more(4), before=before, keep=1))
        shows(there, more(4))
        assert {one.version for one in there.target.versions(there.place, "acme-k")} == {name(before), name(4)}, end
        assert isinstance(there.target, Objects)
        stores = there.target.opened(there.place)
        held = {one.path for one in stores.state.list("acme-k/") if not one.path.startswith("files/")}
        assert held == {"current.json", f"{name(before)}.json", f"{name(4)}.json"}, end
        shown = {one.path for one in stores.public.list("acme-k/")}
        assert shown == {*more(4), f"assets/a.{before}.css"}, end
