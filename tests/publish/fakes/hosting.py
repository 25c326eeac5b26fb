"""What the likenesses of hosts have in common: an API on loopback, the deploys it has, and the web that shows them."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.publish.fakes.rules import Rules

from planmark.extensions.targets import Place
from planmark.publish.release import media_type


@dataclass(frozen=True)
class Asked:
    """A request to the API."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, where it is JSON; None where it is none."""
        if self.headers.get("content-type") != "application/json":
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def token(self) -> str:
        """What came as a Bearer."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token if kind == "Bearer" else ""


@dataclass(frozen=True)
class Said:
    """A reply. `cut`: it ends in the middle; `stall`: it never comes."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    stall: bool = False


def data(value: object, status: int = 200, **headers: str) -> Said:
    """A reply in JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


@dataclass
class Deploy:
    """A deploy: path to digest, and what the host says of it."""

    id: str
    files: dict[str, str]
    note: str
    created: datetime
    state: str = "new"
    been_live: bool = False
    more: dict[str, Any] = field(default_factory=dict)


class Fake:
    """A host. `before` is done before a request (by its number) is answered; what `answer` returns is said in place of the host's own."""

    kind = ""
    secret = ""
    cleans = False
    """Whether `/page.html` leads to `/page`."""
    open = True
    """Whether a deploy's own address answers to everybody."""

    def __init__(self) -> None:
        self.token = "token-of-the-team-4711"
        self.contents: dict[str, bytes] = {}
        self.forgotten: set[str] = set()
        """What it shows, and wants to be sent once more where a deploy names it."""
        self.deploys: dict[str, Deploy] = {}
        self.live = ""
        self.before_it = ""
        self.lag = 0
        """So many readers get the deploy before, until the new one is everywhere."""
        self.asked: list[Asked] = []
        self.before: Callable[[int, Asked], None] = lambda number, asked: None
        self.answer: Callable[[Asked], Said | None] = lambda asked: None
        self.harm: list[str] = []
        """What nobody should ever ask for."""
        self.now = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
        self.lock = threading.RLock()
        self.over = threading.Event()
        self.api, self.www = self._server(self._api), self._server(self._web)
        self.url = f"http://127.0.0.1:{self.api.server_address[1]}"
        self.web = f"http://127.0.0.1:{self.www.server_address[1]}"

    def __enter__(self) -> Self:
        for server in (self.api, self.www):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.over.set()
        for server in (self.api, self.www):
            server.shutdown()
            server.server_close()

    def settings(self) -> dict[str, str]:
        """The target's block in planmark.yaml."""
        raise NotImplementedError

    def reply(self, asked: Asked) -> Said:
        """What the host says."""
        raise NotImplementedError

    def place(self, token: str = "") -> Place:
        """The target without a workspace to speak of."""
        from pathlib import Path

        secrets = {self.secret: token or self.token}
        return Place(name="live", settings=self.settings(), workspace=Path("nowhere"), secret=secrets.__getitem__)

    def tick(self) -> datetime:
        """A moment later."""
        self.now += timedelta(milliseconds=10)
        return self.now

    def lacks(self, digest: str) -> bool:
        """Whether a file must be sent."""
        return digest not in self.contents or digest in self.forgotten

    def keep(self, digest: str, content: bytes) -> None:
        """A file was sent."""
        self.contents[digest] = content
        self.forgotten.discard(digest)

    def add(self, files: dict[str, str], note: str, **more: Any) -> Deploy:
        """A new deploy."""
        made = Deploy(f"{self.kind[0]}{len(self.deploys) + 1:023x}", files, note, self.tick(), more=more)
        self.deploys[made.id] = made
        return made

    def go_live(self, number: str) -> None:
        """What readers get from now on."""
        self.live, self.before_it = number, self.live
        self.deploys[number].been_live = True

    def delete(self, number: str) -> None:
        """Without looking whether it is live: that is for whoever asks to know."""
        if number == self.live:
            self.harm.append("the live deploy was deleted")
        self.deploys[number].state = "deleted"

    def there(self) -> list[Deploy]:
        """Those that were not deleted, the newest first."""
        return [one for one in reversed(self.deploys.values()) if one.state != "deleted"]

    def rules(self, deploy: Deploy) -> Rules:
        """Which headers it says."""
        raise NotImplementedError

    def shown(self, deploy: Deploy, path: str) -> Said:
        """What a reader of a deploy gets."""
        name = unquote(path).lstrip("/")
        if not name or name.endswith("/"):
            name += "index.html"
        elif self.cleans and name.endswith(".html"):
            return Said(308, headers={"Location": path.removesuffix(".html").removesuffix("index") or "/"})
        elif self.cleans and name not in deploy.files and f"{name}.html" in deploy.files:
            name += ".html"
        digest = deploy.files.get(name)
        status, kind = (200, media_type(name)) if digest else (404, "text/html; charset=utf-8")
        body = self.contents[digest or deploy.files["404.html"]] if digest or "404.html" in deploy.files else b"Not found"
        return Said(status, body, self.rules(deploy).of(unquote(path), {"Content-Type": kind, "Cache-Control": "public, max-age=0"}))

    def _api(self, asked: Asked) -> Said:
        own = asked.path.split("/", 3)
        if len(own) == 4 and own[1] == "deployments-own":
            with self.lock:
                deploy = self.deploys.get(own[2])
                found = self.shown(deploy, "/" + own[3]) if deploy and deploy.state != "deleted" and self.open else data({}, 401)
            if asked.token:
                self.harm.append("a deploy's own address was told the token")
        else:
            found = Said()
        with self.lock:
            number = len(self.asked)
            self.asked.append(asked)
        self.before(number, asked)
        instead = self.answer(asked)
        if instead:
            return instead
        if found.body or found.headers or found.status != 200:
            return found
        with self.lock:
            return self.reply(asked)

    def _web(self, asked: Asked) -> Said:
        with self.lock:
            deploy = self.deploys.get(self.before_it if self.lag else self.live)
            self.lag = max(0, self.lag - 1)
            return self.shown(deploy, asked.path) if deploy and deploy.state != "deleted" else Said(404, b"No site here")

    def _server(self, reply: Callable[[Asked], Said]) -> ThreadingHTTPServer:
        over, harm = self.over, self.harm

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # a reply in one piece

            def do(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                said = reply(Asked(self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, body))
                if said.stall:
                    over.wait(20)
                if said.stall or said.cut:
                    self.close_connection = True
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{" if said.cut else b"")
                    return
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                self.wfile.write(said.body)

            do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Whoever hangs up is no news; all else is a mistake of the likeness."""
                if not isinstance(error := sys.exception(), ConnectionError):
                    harm.append(repr(error))

        return Server(("127.0.0.1", 0), Handler)
