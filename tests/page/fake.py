"""A tiny likeness of the receiver, and of the host that a site lies on: a form crosses origins as it does for buyers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

RECEIVED = "2026-11-22T10:{:02}:00.000Z"


@dataclass
class Post:
    """One submission as it came over the wire."""

    path: str
    headers: dict[str, str]
    fields: dict[str, str]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def payload(self) -> dict[str, str]:
        """What the script sent once more as one text."""
        found: dict[str, str] = json.loads(self.fields["pm_payload"])
        return found


@dataclass
class Reply:
    """What the receiver says next instead of taking it in. `hold` waits until it is set."""

    status: int = 503
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None


def standing(post: Post) -> str:
    """What a receiver says of a submission: any link proves who it was."""
    return "link" if post.fields.get("pm_token") else "waiting"


class Receiver:
    """It takes everything in, once for each id; what it says next can be told it beforehand."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.taken: dict[str, Post] = {}
        self.live: list[dict[str, Any]] = []
        self.replies: list[Reply] = []
        self.always: Reply | None = None
        self.standing: Callable[[Post], str] = standing
        self.changed = threading.Condition()
        self.over = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Receiving, self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def tell(self, **event: Any) -> None:
        """Something that somebody else did, for every page that listens."""
        with self.changed:
            self.live.append({"id": f"live-{len(self.live):08}", "received": RECEIVED.format(len(self.live)), "by": "", "name": ""} | event)
            self.changed.notify_all()

    def reset(self) -> None:
        """As it was in the beginning."""
        with self.changed:
            for kept in (self.posts, self.taken, self.live, self.replies):
                kept.clear()
            self.always, self.standing = None, standing
            self.changed.notify_all()

    def stop(self) -> None:
        """End it, and let nobody wait."""
        with self.changed:
            self.over = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()


class _Receiving(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, receiver: Receiver, *args: Any) -> None:
        self.receiver = receiver
        super().__init__(*args)

    def log_message(self, *args: Any) -> None:
        """Nothing: tests look at what was sent."""

    def answer(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        data = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Expose-Headers", "ETag, Retry-After")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        with suppress(BrokenPipeError, ConnectionResetError):  # a page that was closed meanwhile
            self.end_headers()
            self.wfile.write(data)

    def do_OPTIONS(self) -> None:
        """A form must not ask beforehand; reading the state may, for its tag."""
        allowed = self.headers["Access-Control-Request-Method"] == "GET"
        self.answer(204 if allowed else 405, headers={"Access-Control-Allow-Headers": "If-None-Match"} if allowed else {})

    def do_GET(self) -> None:
        """What others did; with `wait` and the tag that it has already, as soon as there is more."""
        address = urlsplit(self.path)
        assert address.path.endswith("/state"), self.path
        known, wait = self.headers["If-None-Match"], float(parse_qs(address.query).get("wait", ["0"])[0])
        receiver = self.receiver
        with receiver.changed:
            receiver.changed.wait_for(lambda: known != f'"{len(receiver.live)}"' or receiver.over, wait)
            tag, events = f'"{len(receiver.live)}"', list(receiver.live)
        if known == tag:
            return self.answer(304, headers={"ETag": tag})
        return self.answer(200, {"events": events}, {"ETag": tag})

    def do_POST(self) -> None:
        """A submission, by script or by form."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        post = Post(self.path, {name.lower(): value for name, value in self.headers.items()}, *_read(self.headers, body))
        receiver = self.receiver
        receiver.posts.append(post)
        reply = receiver.replies.pop(0) if receiver.replies else receiver.always
        if reply and reply.hold:
            assert reply.hold.wait(30)
        if reply and not (reply.hold and reply.body is None):
            return self.answer(reply.status, reply.body, reply.headers)
        event = post.fields.get("pm_event") or f"made-{len(receiver.posts)}"
        again = event in receiver.taken
        receiver.taken.setdefault(event, post)
        if post.fields.get("pm_next"):
            return self.answer(303, headers={"Location": post.fields["pm_next"]})
        said = {"ok": True, "event": event, "received": RECEIVED.format(0), "standing": receiver.standing(post)}
        return self.answer(200 if again else 201, said)


def _read(headers: Message, body: bytes) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    kind = headers.get_content_type()
    if kind == "application/x-www-form-urlencoded":
        pairs = parse_qsl(body.decode(), keep_blank_values=True)
        assert len(dict(pairs)) == len(pairs), "a field stands twice"
        return dict(pairs), {}
    assert kind == "multipart/form-data", kind
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if part.get_filename() is None:
            fields[name] = data.decode()
        else:
            files[name] = part.get_filename(), data
    return fields, files


class _Host(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Nothing."""


class Host:
    """A static host with one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(folder)))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self) -> None:
        """End it."""
        self.server.shutdown()
        self.server.server_close()
