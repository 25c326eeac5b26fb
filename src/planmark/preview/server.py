"""`planmark serve`: all plans in the browser, and every save as it happens."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.web import Application

from planmark.preview.acts import Acts, reset, why_no_acts
from planmark.preview.handlers import Deals, Internal, Live, Missing, Own, Sites
from planmark.preview.names import EVERYWHERE, Names, bracketed, names_of
from planmark.preview.picture import Picture
from planmark.preview.rebuilding import Rebuilding
from planmark.preview.showing import Showing
from planmark.preview.terminal import say
from planmark.preview.watching import Watching
from planmark.problems import Location, PlanmarkError, Problem

LARGEST_BODY = 4096
"""Nobody has anything to send."""


def serve(
    root: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    allowed: tuple[str, ...] = (),
    poll: bool = False,
    ready: Callable[[str], None],
    today: date | None = None,
    afresh: bool = False,
) -> None:
    """Show the workspace at `root` until Ctrl-C or SIGTERM. `ready` gets the address once it answers; port 0 is any free one.

    What is done in the pages goes to a receiver of the preview's own; `afresh` forgets what was done before.
    Whatever is wrong in the workspace is shown, never raised. PlanmarkError: the address is taken, or a name is none.
    """
    root = root.resolve()
    with _ended_by_signals(), _listen(host, port) as listening:
        port = listening.getsockname()[1]
        names = _names(host, port, allowed)
        shown = "127.0.0.1" if host in EVERYWHERE else bracketed(host)
        if afresh:
            reset(root)
        with _taking(root, host, shown, port, allowed) as acts:
            rebuilding = Rebuilding(root, today, say, lambda: acts.preview if acts else None)
            if acts:
                acts.acted = rebuilding.acted
            rebuilding.first()
            if acts:
                acts.look()
            asyncio.run(_serve(root, listening, names, rebuilding, acts, poll, lambda: ready(f"http://{shown}:{port}/")))


@contextmanager
def _taking(root: Path, host: str, shown: str, port: int, allowed: tuple[str, ...]) -> Iterator[Acts | None]:
    """The preview's receiver while the server runs; none, and a word why, where its libraries are missing."""
    reason = why_no_acts()
    if reason:
        say(reason)
        yield None
        return
    called = [f"{name if ':' in name else f'{name}:{port}'}" for name in allowed]
    origins = [f"http://{name}" for name in (f"{shown}:{port}", f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", *called)]
    named = called[0].rpartition(":")[0] if host in EVERYWHERE and called else shown
    acts = Acts(root, host or "0.0.0.0", named, f"http://{shown}:{port}/sites", dict.fromkeys(origins), lambda deal: None)  # noqa: S104  (asked for)
    try:
        acts.start()
        yield acts
    finally:
        acts.stop()


async def _serve(
    root: Path,
    listening: socket.socket,
    names: Names,
    rebuilding: Rebuilding,
    acts: Acts | None,
    poll: bool,
    ready: Callable[[], None],
) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread: `_ended_by_signals` is left
            loop.add_signal_handler(number, ended.set)

    def publish(picture: Picture) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it everybody who would hear
            loop.call_soon_threadsafe(lambda: showing.publish(picture))

    showing = Showing(root, names, rebuilding, acts)
    server = HTTPServer(_application(showing), max_body_size=LARGEST_BODY)
    server.add_socket(listening)
    watching = Watching(root, rebuilding.touch, poll=poll, say=say)
    rebuilding.start(publish)
    watching.start()
    try:
        ready()
        await ended.wait()
    finally:
        server.stop()
        await asyncio.to_thread(watching.stop)
        await asyncio.to_thread(rebuilding.stop)
        await server.close_all_connections()


def _application(showing: Showing) -> Application:
    shared = {"showing": showing}
    return Application(
        [
            (r"/", Deals, shared),
            (r"/_planmark/(preview\.js|preview\.css|live\.js|icon\.svg)", Own, shared),
            (r"/_planmark/internal/([a-z0-9_-]+)/", Internal, shared),
            (r"/livereload", Live, shared),
            (r"/sites/(.+)", Sites, shared),
        ],
        default_handler_class=Missing,
        default_handler_args=shared,
        log_function=lambda handler: None,
        websocket_max_message_size=65_536,
    )


def _names(host: str, port: int, allowed: tuple[str, ...]) -> Names:
    try:
        return names_of(host, port, allowed)
    except ValueError as error:
        hint = "write a name, with a port if you like: `plans.local:8000`"
        raise PlanmarkError(Problem("PM611", f"`{error}` is not a host name", Location("--allow"), hint)) from None


def _listen(host: str, port: int) -> socket.socket:
    sixth = ":" in host
    try:
        listening = socket.create_server(
            (host.strip("[]"), port),
            family=socket.AF_INET6 if sixth else socket.AF_INET,
            dualstack_ipv6=host.strip("[]") == "::" and socket.has_dualstack_ipv6(),
        )
    except OSError as error:
        text = f"cannot listen at {host}, port {port}: {error.strerror or error}"
        raise PlanmarkError(Problem("PM611", text, Location("--port"), "choose another port; 0 takes any free one")) from None
    listening.setblocking(False)
    return listening


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end what is inside, also while the first build runs; both are as before afterwards."""

    def end(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)} if main else {}
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
