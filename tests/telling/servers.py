"""Servers that are told: a mail server and a webhook, on loopback, as real ones speak."""

from __future__ import annotations

import json
import socketserver
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class MailServer:
    """A mail server that keeps what it is given. Addresses in `refuses` are nobody's; `after` mails it hangs up."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    after: int = 1_000
    password: str = ""
    """The one that lets somebody in; any does where it is empty."""

    @property
    def place(self) -> str:
        """As planmark.yaml names it."""
        return f"127.0.0.1:{self.port}"

    def got(self) -> list[tuple[str, str]]:
        """To whom, with which subject, in the order that it came."""
        return [(str(one["To"]), str(one["Subject"])) for one in self.mails]


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """A mail server (SMTP) on a free port."""
    kept = MailServer()

    class Session(socketserver.StreamRequestHandler):
        """One conversation."""

        def handle(self) -> None:
            self.say("220 likeness ready")
            while line := self.rfile.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                if not self.answer(verb.upper(), rest):
                    return

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def answer(self, verb: str, rest: str) -> bool:
            if verb == "EHLO":
                self.say("250-likeness\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                kept.logins.append(rest)
                sent = b64decode(rest.rpartition(" ")[2]).rpartition(b"\0")[2].decode()
                self.say("235 welcome" if kept.password in ("", sent) else "535 no")
            elif verb == "RCPT" and any(one in rest for one in kept.refuses):
                self.say("550 \x1b[31mno such user here")
            elif verb == "MAIL":
                kept.senders.append(rest)
                if len(kept.mails) >= kept.after:
                    return False
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                kept.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
                self.say("250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return False
            else:
                self.say("250 ok")
            return True

    class Server(socketserver.ThreadingTCPServer):
        """Ends with its threads."""

        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", port), Session) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()


@dataclass
class Webhook:
    """A webhook that keeps what it is posted. `answers` is what it says, as status, or as bytes that are no HTTP."""

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    answer: int | bytes = 204


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A webhook on a free port."""
    kept = Webhook()

    class Handler(BaseHTTPRequestHandler):
        """Keeps a body of JSON."""

        def do_POST(self) -> None:
            """Keep it."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if isinstance(kept.answer, bytes):
                self.wfile.write(kept.answer)
                return
            if kept.answer < 300:
                kept.posts.append(json.loads(body))
                kept.types.append(self.headers["Content-Type"])
            self.send_response(kept.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_port}/hook?token=t0ken"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
