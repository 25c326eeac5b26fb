"""A form arrives: from the bytes of a request to what is answered, once it is stored."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from planmark.plan.submissions import HONEYPOT, NEXT, PLAN_DIGEST, TEST, RefusedError, Submission, read_submission
from planmark.receiver import faults, limits
from planmark.receiver.addresses import address_of
from planmark.receiver.answers import thanks, told, wants_page
from planmark.receiver.body import MULTIPART, Form, media_type, read_body, read_form
from planmark.receiver.config import origin_of
from planmark.receiver.filestore import KeptFile
from planmark.receiver.origins import is_ours
from planmark.receiver.receiver import Receiver
from planmark.receiver.taking import Posted, Taken


async def post(receiver: Receiver, request: Request) -> Response:
    """Take a submission in. It is answered as received only when it is on the disk."""
    plan = request.path_params["plan"]
    if not PLAN_DIGEST.fullmatch(plan):
        raise faults.unknown()
    address = address_of(request, receiver.config.proxies)
    receiver.taking.bounce(address)
    content_type = request.headers.get("content-type", "")
    many = media_type(content_type) == MULTIPART
    with receiver.room.taken() as held:
        body = await read_body(request, limits.BODY_BYTES if many else limits.FORM_BYTES, receiver.room, held)
        if many:
            form = await asyncio.get_running_loop().run_in_executor(receiver.lookers, read_form, content_type, body)
        else:
            form = read_form(content_type, body)
        taken = await _take(receiver, address, plan, form)
    if not wants_page(request.headers):
        return told({"ok": True, "event": taken.event, "received": taken.received, "standing": taken.standing}, 201)
    onward = form.fields.get(NEXT, "")
    origin = origin_of(onward)
    if origin and is_ours(origin, receiver.config.origins):
        return RedirectResponse(onward, 303)
    return thanks()


async def _take(receiver: Receiver, address: str, plan: str, form: Form) -> Taken:
    submission = _submission(form, plan)
    kept: list[KeptFile] = []
    try:
        if form.files:
            await asyncio.get_running_loop().run_in_executor(receiver.lookers, _keep, receiver, form, kept)
        posted = Posted(
            submission=submission,
            files=tuple(kept),
            spam=bool(form.fields.get(HONEYPOT)),
            address=address,
        )
        found: Taken = await receiver.writer.take(posted)
        return found
    except OSError:
        raise faults.unavailable() from None
    finally:
        if kept:
            await asyncio.get_running_loop().run_in_executor(receiver.lookers, receiver.files.drop, kept)


def _submission(form: Form, plan: str) -> Submission:
    """What the fields say. A field that people do not see makes it suspect, not lost: so it is not looked at here."""
    try:
        found = read_submission({name: value for name, value in form.fields.items() if name != HONEYPOT})
    except RefusedError as refused:
        raise faults.BouncedError(422, refused.code, refused.message) from None
    if found.plan != plan:
        raise faults.BouncedError(422, "plan", "it names another plan than its address does")
    if found.kind == "upload" and not form.files:
        raise faults.BouncedError(422, "empty", "there is no file in it")
    if form.files and found.kind not in ("upload", TEST):
        raise faults.BouncedError(422, "file", "a file comes only with an upload")
    return found


def _keep(receiver: Receiver, form: Form, kept: list[KeptFile]) -> None:
    kept.extend(map(receiver.files.keep, form.files))  # one by one: those before one that is refused must be dropped, too
