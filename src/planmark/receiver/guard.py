"""What surrounds every request: its log line, the headers of its answer, other origins' scripts, and whatever goes wrong inside."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planmark.plan.events import moment
from planmark.receiver import answers, faults, limits
from planmark.receiver.origins import is_ours

CODE = "planmark.code"
"""Where in the scope an answer's code stands, for the log."""
_CROSS_ORIGIN = ("/events", "/state")
_METHODS = {"/events": "POST", "/state": "GET, HEAD"}


def log_line(entry: Mapping[str, object]) -> None:
    """One line of JSON on standard error. A log that cannot be written, on a full disk, costs nobody an answer."""
    with suppress(OSError, ValueError):
        sys.stderr.write(json.dumps(entry, separators=(",", ":")) + "\n")
        sys.stderr.flush()


class LibraryLog(logging.Handler):
    """What libraries have to say, as lines of the same kind. Only uvicorn's own words: others' may hold what was sent."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        said: dict[str, object] = {"time": moment(datetime.now(UTC)), "level": record.levelname.lower(), "logger": record.name}
        if record.name.startswith("uvicorn"):
            said["message"] = str(record.msg).strip()
        if record.exc_info and record.exc_info[1]:
            said["failure"] = _where(record.exc_info[1])
        log_line(said)


class Guard:
    """Wraps the routes. Nothing that a client sent gets into a log line or past here as an exception."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...], template: Callable[[Scope], str]) -> None:
        self._app, self._origins, self._template = app, frozenset(origins), template

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, failure = time.perf_counter(), 0, ""
        headers = Headers(scope=scope)

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._complete(scope, headers, MutableHeaders(raw=message.setdefault("headers", [])))
            await send(message)

        try:
            await self._handle(scope, headers, receive, answer)
        except Exception as error:
            failure = _where(error)
            if not status:
                scope[CODE] = "internal"
                wrong = faults.BouncedError(500, "internal", "Something went wrong here. Send it again in a moment.")
                await answers.bounced(wrong, answers.wants_page(headers))(scope, receive, answer)
        entry: dict[str, Any] = {
            "time": moment(datetime.now(UTC)),
            "method": scope["method"] if scope["method"] in _KNOWN_METHODS else "other",
            "route": self._template(scope),
            "status": status,
            "ms": round((time.perf_counter() - began) * 1000, 1),
        }
        log_line({**entry, **({"code": scope[CODE]} if CODE in scope else {}), **({"failure": failure} if failure else {})})

    async def _handle(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        raw = scope["headers"]
        try:
            if len(raw) > limits.HEADERS or sum(len(name) + len(value) for name, value in raw) > limits.HEAD_BYTES:
                raise faults.BouncedError(431, "headers", "The request has too many headers.")
            if scope["method"] == "OPTIONS":
                await Response(status_code=204, headers={"allow": "GET, HEAD, POST, PUT, DELETE, OPTIONS"})(scope, receive, send)
                return
            await self._app(scope, receive, send)
            return
        except faults.BouncedError as bounced:
            error = bounced
        except HTTPException as unfit:
            error = _of_routing(unfit.status_code)
        scope[CODE] = error.code
        await answers.bounced(error, answers.wants_page(headers))(scope, receive, send)

    def _complete(self, scope: Scope, asked: Headers, answer: MutableHeaders) -> None:
        for name, value in answers.SAFE.items():
            answer.setdefault(name, value)
        path = scope["path"]
        if not path.startswith("/v1/plans/") or not path.endswith(_CROSS_ORIGIN):
            return
        answer.add_vary_header("Origin")
        if is_ours(asked.get("origin", ""), self._origins):
            answer["access-control-allow-origin"] = asked["origin"]
            answer["access-control-expose-headers"] = "ETag, Retry-After"
            if scope["method"] == "OPTIONS":
                answer["access-control-allow-methods"] = _METHODS[path[path.rindex("/") :]]
                answer["access-control-allow-headers"] = "Content-Type, If-None-Match"
                answer["access-control-max-age"] = "7200"


_KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}


def _of_routing(status: int) -> faults.BouncedError:
    if status == 405:
        return faults.BouncedError(405, "method", "This address is not asked in this way.")
    return faults.BouncedError(404, "unknown", "There is nothing at this address.")


def _where(error: BaseException) -> str:
    """The kind of an error and where it arose; never its text, which may hold what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((frame for frame in reversed(frames) if "planmark" in frame.filename), frames[-1] if frames else None)
    return f"{type(error).__name__} in {place.name}, line {place.lineno}" if place else type(error).__name__
