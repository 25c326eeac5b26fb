"""`planmark receive`: the application on an address, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn

from planmark.problems import Location, PlanmarkError, Problem
from planmark.receiver import limits
from planmark.receiver.asgi import Application
from planmark.receiver.config import PREFIX, Config
from planmark.receiver.connection import Connection
from planmark.receiver.guard import LibraryLog

_SPARE = 200
"""Open files beside connections: the database's, those that are sent."""


class _Server(uvicorn.Server):
    """uvicorn's, that opens the receiver before it listens, says when it answers, and lets those go who wait when it stops."""

    def __init__(self, config: uvicorn.Config, application: Application, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._application, self._ready = application, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._application.open()
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._application.receiver:
            self._application.receiver.waiting.close()
        await super().shutdown(sockets)


def run(config: Config, ready: Callable[[str], None]) -> None:
    """Receive until SIGTERM or Ctrl-C; what has come is answered before it ends. `ready` gets the address once it answers.

    PlanmarkError PM712: the address is taken, or the database or the folder cannot be used.
    """
    with _listen(config) as listening:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        application = Application(config)
        settings = uvicorn.Config(
            application,
            http=Connection,
            ws="none",
            lifespan="on",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_connections(),
            timeout_keep_alive=limits.IDLE_SECONDS,
            timeout_graceful_shutdown=limits.STOP_SECONDS,
        )
        logging.basicConfig(handlers=[LibraryLog()], level=logging.WARNING)
        with _quiet_end():
            _Server(settings, application, lambda: ready(f"http://{shown}:{port}")).run([listening])


def _listen(config: Config) -> socket.socket:
    host = config.host.strip("[]")
    try:
        listening = socket.create_server((host, config.port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512)
    except OSError as error:
        text = f"cannot listen at {config.host}, port {config.port}: {error.strerror or error}"
        raise PlanmarkError(Problem("PM712", text, Location(f"{PREFIX}PORT"), "choose another port; 0 takes any free one")) from None
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does so only where the protocol is named; else 40 ms
    return listening


def _connections() -> int:
    """As many as the system allows this process, up to our own limit."""
    try:
        import resource
    except ImportError:  # Windows
        return limits.CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.CONNECTIONS + _SPARE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return limits.CONNECTIONS if soft == resource.RLIM_INFINITY else max(20, min(limits.CONNECTIONS, soft - _SPARE))


@contextmanager
def _quiet_end() -> Iterator[None]:
    """uvicorn raises the signal that ended it once more; an end that was asked for is no failure."""

    def heard(number: int, frame: FrameType | None) -> None:
        del number, frame

    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
