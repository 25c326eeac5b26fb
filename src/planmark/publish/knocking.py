"""A door for a receiver's webhook: whoever knocks only makes the next round begin sooner. What they say is not even read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from planmark.problems import Location, PlanmarkError, Problem


@contextmanager
def listening(host: str, port: int, knocked: Callable[[], None]) -> Iterator[int]:
    """Answer POSTs at that place while the context lasts; gives the port. PlanmarkError where it is taken."""

    class Door(BaseHTTPRequestHandler):
        """Answers 204 to a POST, and nothing else."""

        timeout = 10

        def do_POST(self) -> None:
            """Somebody knocks."""
            knocked()
            self.send_response(204)
            self.send_header("Connection", "close")
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Nothing is logged."""

    try:
        server = ThreadingHTTPServer((host, port), Door)
    except OSError as error:
        text = f"cannot listen at {host}, port {port}: {error.strerror or error}"
        raise PlanmarkError(Problem("PM611", text, Location("--listen"), "choose another port; 0 takes any free one")) from None
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="planmark-door", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
