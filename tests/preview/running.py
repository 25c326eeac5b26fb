"""A preview server in a process of its own, and what tests ask of it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tests.build.small import environment

PATIENCE = 20.0
PROGRAM = """\
import sys
from datetime import date
from pathlib import Path
from planmark.preview.acts import Acts
from planmark.preview.server import serve
from planmark.preview.showing import Showing

def tell(*words):  # in one piece: several threads do
    print(" ".join(words) + "\\n", end="", flush=True)

def start(self, start=Acts.start):
    start(self)
    tell("acts", self.settings["url"])

Acts.start = start

def join(self, listener, folder, join=Showing.join):
    join(self, listener, folder)
    tell("joined", folder)

Showing.join = join
{before}
serve(Path(sys.argv[1]), port=int(sys.argv[2]), allowed=tuple(sys.argv[3:]), poll={poll},
      ready=lambda url: tell("ready", url), today=date(2026, 11, 9))
tell("ended")
"""


def eventually(condition: Callable[[], object], what: str = "", patience: float = PATIENCE) -> None:
    """Return as soon as the condition holds; fail when it does not within `patience` seconds."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(what or "it did not come to be")
        time.sleep(0.01)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Running:
    """`planmark serve` at work in a folder. Any warning of Python's is an error in it."""

    def __init__(self, root: Path, *allowed: str, port: int = 0, before: str = "", poll: bool = False) -> None:
        self.root = root
        program = PROGRAM.format(before=before, poll=poll)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, str(root), str(port), *allowed],
            env=environment(PYTHONPATH=os.pathsep.join(sys.path)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            eventually(lambda: self._url() or self.process.poll() is not None, "the server does not start", 60)
            assert self._url()
        except AssertionError as error:
            self.stop()
            raise AssertionError("\n".join([str(error), *self.said])) from None
        self.url = self._url()
        self.acts = next((line.removeprefix("acts ") for line in self.said if line.startswith("acts ")), "")
        """Where the preview's own receiver answers."""
        self.port = int(self.url.rstrip("/").rpartition(":")[2])

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))

    def _url(self) -> str:
        return next((line.removeprefix("ready ") for line in self.said if line.startswith("ready ")), "")

    def __enter__(self) -> Running:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it, and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def joined(self, folder: str = "") -> int:
        """How many pages have come so far from a site's folder, or from the list of deals."""
        return self.said.count(f"joined {folder}")

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """A request, just as written: no path is tidied up. `_` in a header's name stands for `-`."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host="Host" in named)
            for name, value in named.items():
                connection.putheader(name, value)
            connection.endheaders()
            said = connection.getresponse()
            return Answer(said.status, dict(said.headers.items()), said.read())

    def site(self, deal: str) -> str:
        """The path of a deal's site, as the server itself leads to it."""
        said = self.ask(f"/sites/{deal}/")
        assert said.status == 302, said
        return said.headers["Location"]

    def output(self, deal: str) -> Path:
        """The folder that the deal's site is built into."""
        return self.root / "build" / ".planmark" / "preview" / self.site(deal).strip("/")
