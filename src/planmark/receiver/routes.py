"""What is asked of the receiver, address by address."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from planmark.plan.submissions import PLAN_DIGEST
from planmark.receiver import faults, limits
from planmark.receiver.answers import told
from planmark.receiver.body import JSON, media_type, read_body
from planmark.receiver.filestore import DIGEST
from planmark.receiver.live import State
from planmark.receiver.posting import post
from planmark.receiver.reading import events_after
from planmark.receiver.receiver import Receiver
from planmark.receiver.registration import read_registration, register, remove

Handler = Callable[[Receiver, Request], Awaitable[Response]]


def routes(receiver: Callable[[], Receiver]) -> list[Route]:
    """Every address, with what answers there. `receiver` gives the open one."""

    def route(path: str, method: str, handler: Handler) -> Route:
        async def endpoint(request: Request) -> Response:
            return await handler(receiver(), request)

        return Route(path, endpoint, methods=[method])

    return [
        route("/v1/plans/{plan}/events", "POST", post),
        route("/v1/plans/{plan}/state", "GET", state),
        route("/v1/plans/{plan}", "PUT", put_plan),
        route("/v1/plans/{plan}", "DELETE", delete_plan),
        route("/v1/events", "GET", events),
        route("/v1/files/{digest}", "GET", file),
        route("/healthz", "GET", healthz),
    ]


async def healthz(receiver: Receiver, request: Request) -> Response:
    """Whether something could be taken in right now: it is tried."""
    del request
    await receiver.prove()
    return told({"ok": True})


async def events(receiver: Receiver, request: Request) -> Response:
    """All that was taken in past a number, for the team."""
    _bearer(request, receiver.config.read_token)
    after = _number(request, "after", 0, 0, 2**62)
    most = _number(request, "limit", limits.PAGE_EVENTS, 1, limits.PAGE_EVENTS)

    def read() -> dict[str, object]:
        with receiver.database.reading.connect() as connection:
            return events_after(connection, after, most)

    return told(await receiver.read(read))


async def file(receiver: Receiver, request: Request) -> Response:
    """The bytes of a file, for the team; never to be shown in place."""
    _bearer(request, receiver.config.read_token)
    digest = request.path_params["digest"]
    path = receiver.files.path(digest) if DIGEST.fullmatch(digest) else None
    if path is None:
        raise faults.BouncedError(404, "unknown", "There is no such file.")
    headers = {"content-disposition": f'attachment; filename="{digest}"', "content-security-policy": "sandbox; default-src 'none'"}
    return FileResponse(path, headers=headers, media_type="application/octet-stream")


async def put_plan(receiver: Receiver, request: Request) -> Response:
    """Register a plan, or register it anew."""
    _bearer(request, receiver.config.register_token)
    plan = _plan(request)
    if media_type(request.headers.get("content-type", "")) != JSON:
        raise faults.BouncedError(415, "type", f"Send it as {JSON}.")
    with receiver.room.taken() as held:
        body = await read_body(request, limits.REGISTRATION_BYTES, receiver.room, held)
        found, stored = await asyncio.to_thread(read_registration, body)
    changed = await receiver.writer.do(lambda connection: register(connection, plan, found, stored))
    receiver.waiting.wake(changed)
    return told({"ok": True})


async def delete_plan(receiver: Receiver, request: Request) -> Response:
    """Take a plan down: from now on it is gone. What came for it stays until it is read."""
    _bearer(request, receiver.config.register_token)
    plan = _plan(request)
    await receiver.writer.do(lambda connection: remove(connection, plan))
    receiver.waiting.wake({plan})
    return told({"ok": True})


async def state(receiver: Receiver, request: Request) -> Response:
    """What was done on a plan and counts, for everybody who has its page; held back until there is news, where that is asked for."""
    plan = _plan(request)
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    seconds = _number(request, "wait", 0, 0, 1_000)
    found = await receiver.read(lambda: receiver.live.look(plan))
    if found.etag in known and seconds and request.method == "GET":
        found = await _news(receiver, request, found, min(seconds, limits.WAIT_SECONDS))
    headers = {"etag": found.etag}
    if found.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type="application/json")


async def _news(receiver: Receiver, request: Request, known: State, seconds: float) -> State:
    """The state once it differs, or when the time is over or nobody listens any more."""
    end = asyncio.get_running_loop().time() + seconds
    waiter = receiver.waiting.join(request.path_params["plan"], known.changed)
    if waiter is None:
        return known
    listening = asyncio.create_task(_left(request, waiter.wake))
    found = known
    try:
        while True:  # the first look is after joining, so that nothing is missed in between
            found = await receiver.read(lambda: receiver.live.look(waiter.plan))
            waiter.seen = found.changed
            over = receiver.waiting.closed or listening.done()
            if found.etag != known.etag or over or not await waiter.woken(end - asyncio.get_running_loop().time()):
                return found
    finally:
        listening.cancel()
        receiver.waiting.leave(waiter)


async def _left(request: Request, wake: Callable[[], None]) -> None:
    """Until the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    asyncio.get_running_loop().call_soon(wake)  # once this task counts as done


def _plan(request: Request) -> str:
    plan: str = request.path_params["plan"]
    if not PLAN_DIGEST.fullmatch(plan):
        raise faults.unknown()
    return plan


def _bearer(request: Request, token: str) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    sound = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    if scheme.lower() != "bearer" or not sound:
        raise faults.BouncedError(401, "token", "This needs the right token, sent as `Authorization: Bearer …`.")


def _number(request: Request, name: str, otherwise: int, least: int, most: int) -> int:
    given = request.query_params.get(name, str(otherwise))
    found = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else least - 1
    if not least <= found <= most:
        raise faults.BouncedError(422, "query", f"`{name}` must be a whole number from {least} to {most}.")
    return found
