"""A door for a receiver's webhook: whoever knocks only makes the next round begin sooner. Nobody looks at what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from planmark.problems import Location, PlanmarkError, Problem

MOST = 1 << 20
"""Bytes of what somebody says that are heard out."""


@contextmanager
def listening(host: str, port: int, knocked: Callable[[], None]) -> Iterator[int]:
    """Answer POSTs at that place while the context lasts; gives the port. PlanmarkError where it is taken."""

    class Door(BaseHTTPRequestHandler):
        """Answers 204 to a POST, and nothing else."""

        timeout = 10

        def do_POST(self) -> None:
            """Somebody knocks."""
            knocked()
            length = self.headers.get("Content-Length", "")
            if length.isascii() and length.isdigit():
                self.rfile.read(min(int(length), MOST))  # who is hung up on while still speaking takes that for a failure
            self.send_response(204)
            self.send_header("Connection", "close")
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Nothing is logged."""

    class House(ThreadingHTTPServer):
        """Whoever hangs up is no news."""

        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Nothing is printed."""

    try:
        server = House((host, port), Door)
    except OSError as error:
        text = f"cannot listen at {host}, port {port}: {error.strerror or error}"
        raise PlanmarkError(Problem("PM611", text, Location("--listen"), "choose another port; 0 takes any free one")) from None
    Thread(target=server.serve_forever, name="planmark-door", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
