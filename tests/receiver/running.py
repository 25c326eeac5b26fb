"""A receiver in a process of its own, and what tests ask of it."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from planmark.plan import tokens

READ, REGISTER = "read-token-of-the-tests-0123456789", "register-token-of-the-tests-0123456789"
PATIENCE = 30.0
KEY = bytes(range(32))
"""The team's signing key."""
PLAN = tokens.plan_digest("share-key-of-the-tests")
OTHER = tokens.plan_digest("another-share-key")
PAGE = "https://plans.example.com"
"""Where the plans of the tests are shown."""
FOREVER = date(2099, 12, 31)
FORM = "application/x-www-form-urlencoded"


def eventually(condition: Callable[[], object], what: str = "it did not come to be", patience: float = PATIENCE) -> None:
    """Return as soon as the condition holds; fail when it does not in time."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(what)
        time.sleep(0.01)


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, with the receiver's tokens and nothing else that it listens to."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLANMARK_RECEIVER", "PYTEST"))}
    tokens_of_tests = {"PLANMARK_RECEIVER_READ_TOKEN": READ, "PLANMARK_RECEIVER_REGISTER_TOKEN": REGISTER}
    return {**kept, **tokens_of_tests, "PYTHONPATH": os.pathsep.join(sys.path), **changes}


def link(person: str = "maria", plan: str = PLAN, version: int = 1, until: date = FOREVER, key: bytes = KEY) -> str:
    """A personal link's token."""
    return tokens.made(key, plan, person, version, until)


def ref(person: str = "maria", plan: str = PLAN) -> str:
    """What the receiver calls a person."""
    return tokens.person_ref(plan, person)


def registration(plan: str = PLAN, **changes: Any) -> dict[str, Any]:
    """A plan with one task, on which maria and ben have links."""
    return {
        "v": 1,
        "deal": "northwind",
        "items": {
            "task/nda": ["done", "reopened", "comment", "upload", "approved", "declined", "agreed", "proposed"],
            "plan": ["comment", "signed"],
        },
        "people": {ref("maria", plan): 1, ref("ben", plan): 1},
        "keys": {tokens.fingerprint(KEY): tokens.plan_key(KEY, plan).hex()},
        "accepted": [],
        "rejected": [],
        "until": "",
        "name": "northwind",
        "tell": {"": ["dana@halyard.example"], "task/nda": ["owen@halyard.example"]},
        **changes,
    }


def fields(plan: str = PLAN, **changes: str) -> dict[str, str]:
    """The fields of a check-off of the task, with an id of its own and maria's link; changes by name without `pm_`."""
    given = {
        "v": "1",
        "plan": plan,
        "event": secrets.token_hex(12),
        "kind": "done",
        "item": "task/nda",
        "token": link(plan=plan),
        **changes,
    }
    return {f"pm_{name}": value for name, value in given.items()}


def multipart(given: Mapping[str, str], *files: tuple[str, bytes], boundary: str = "----Boundary7MA4YWxkTrZu0gW") -> tuple[bytes, str]:
    """A body as browsers write it, and its content type."""
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in given.items()]
    for name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="pm_file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


@dataclass(frozen=True)
class Answer:
    """What the receiver said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as data."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of an error."""
        return str(self.json.get("code", "")) if self.headers.get("content-type", "").startswith("application/json") else ""


class Receiving:
    """`planmark receive` at work. Any warning of Python's is an error in it. `before` is Python that runs in it first."""

    def __init__(self, data: Path, database: str = "", *arguments: str, before: str = "", name: str = "log", **changes: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.data, self.log = data, data / f"{name}.jsonl"
        code = f"import sys\n{before}\nfrom planmark.cli import main\nmain(sys.argv[1:])"
        program = [sys.executable, "-W", "error", "-c", code, "receive", "--port", "0", "--data", str(data)]
        program += ["--database", database] if database else []
        program += ["--origin", PAGE, *arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(program, env=environment(**changes), stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout
        said = self.process.stdout.readline()
        if not said.startswith("Planmark receives at http://"):
            self.stop(signal.SIGKILL)
            raise AssertionError(said + self.log.read_text())
        self.url = said.split()[-1]
        self.port = int(self.url.rpartition(":")[2])

    def __enter__(self) -> Receiving:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it, and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        with self.process:
            try:
                return self.process.wait(PATIENCE)
            finally:
                self.process.kill()

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """A request, just as written. `_` in a header's name stands for `-`."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.putrequest(method, path)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            if (body or method in ("POST", "PUT")) and "Content-Length" not in named:
                named["Content-Length"] = str(len(body))
            for name, value in named.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            said = connection.getresponse()
            return Answer(said.status, {name.lower(): value for name, value in said.headers.items()}, said.read())

    def register(self, plan: str = PLAN, token: str = REGISTER, **changes: Any) -> Answer:
        """Register a plan."""
        body = json.dumps(registration(plan, **changes)).encode()
        return self.ask(f"/v1/plans/{plan}", "PUT", body, Content_Type="application/json", Authorization=f"Bearer {token}")

    def post(self, given: Mapping[str, str], plan: str = PLAN, **headers: str) -> Answer:
        """Send a form as the page's script does."""
        sent = {"Content_Type": FORM, "Accept": "application/json", **headers}
        return self.ask(f"/v1/plans/{plan}/events", "POST", urlencode(given).encode(), **sent)

    def upload(self, given: Mapping[str, str], *files: tuple[str, bytes], plan: str = PLAN, **headers: str) -> Answer:
        """The same with files."""
        body, kind = multipart(given, *files)
        return self.ask(f"/v1/plans/{plan}/events", "POST", body, Content_Type=kind, **{"Accept": "application/json", **headers})

    def state(self, plan: str = PLAN, wait: int = 0, **headers: str) -> Answer:
        """The live state."""
        return self.ask(f"/v1/plans/{plan}/state" + (f"?wait={wait}" if wait else ""), **headers)

    def page(self, after: int = 0, limit: int = 1000) -> Any:
        """One page of what the team reads."""
        said = self.ask(f"/v1/events?after={after}&limit={limit}", Authorization=f"Bearer {READ}")
        assert said.status == 200, said
        return said.json

    def events(self, limit: int = 1000) -> list[Any]:
        """All that the team reads."""
        found: list[Any] = []
        while True:
            page = self.page(found[-1]["seq"] if found else 0, limit)
            found += page["events"]
            if not page["has_more"]:
                return found
