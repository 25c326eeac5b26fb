"""The receiver as an ASGI application."""

from __future__ import annotations

import os

from starlette.exceptions import HTTPException
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from planmark.problems import PlanmarkError
from planmark.receiver.config import Config, from_environment
from planmark.receiver.guard import Guard
from planmark.receiver.receiver import Receiver
from planmark.receiver.routes import routes


class Application:
    """Opens the receiver when the server starts, and closes it when that ends."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.receiver: Receiver | None = None
        self._router = Router(routes(self._open), redirect_slashes=False, default=_nothing)
        self._guarded: ASGIApp = Guard(self._router, config.origins, _template)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            scope["app"] = self  # the router then raises what does not fit, and the guard answers it
            await self._guarded(scope, receive, send)

    def open(self) -> None:
        """Open the receiver, inside the running loop. PlanmarkError PM712 where that is impossible."""
        self.receiver = self.receiver or Receiver(self._config)

    def _open(self) -> Receiver:
        assert self.receiver, "the server sends lifespan events"
        return self.receiver

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self.open()
        except PlanmarkError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self.receiver:
            self.receiver.close()
        await send({"type": "lifespan.shutdown.complete"})


def app_from_environment() -> Application:
    """For uvicorn and gunicorn: `uvicorn --factory planmark.receiver.asgi:app_from_environment`."""
    return Application(from_environment(os.environ))


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive, send
    raise HTTPException(404)


def _template(scope: Scope) -> str:
    """The address of a request without what stands in it."""
    parts = str(scope["path"]).split("/")
    match parts:
        case ["", "v1", "plans", _]:
            return "/v1/plans/{plan}"
        case ["", "v1", "plans", _, ("events" | "state") as last]:
            return f"/v1/plans/{{plan}}/{last}"
        case ["", "v1", "files", _]:
            return "/v1/files/{digest}"
        case ["", "v1", "events"] | ["", "healthz"] | ["", ""]:
            return "/".join(parts)
    return "other"
