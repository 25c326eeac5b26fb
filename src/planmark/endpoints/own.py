"""Our own receiver: it keeps what is sent in order, says what others did meanwhile, and is told each plan before it takes any of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlsplit

from planmark.endpoints.addresses import WHERE, missing, origin, with_query
from planmark.endpoints.credentials import REGISTER_TOKEN, bearer, token
from planmark.endpoints.exports import records_in
from planmark.endpoints.records import Paths, as_text, items_of, parsed, record_of, unexpected
from planmark.extensions import Answer, Fetch, Form, Record, Request, Secret, SentFile, Settings
from planmark.plan.submissions import NEXT
from planmark.problems import PlanmarkError, Problem

_PATHS = Paths(items=("events",), received=("received",), fields=("fields",), id=("seq",), spam=("spam",))


@dataclass(frozen=True, slots=True)
class Receiver:
    """`kind: planmark`. Its list grows at the end and is numbered without gaps, so the last number read is all that a pull remembers."""

    kind: str = "planmark"
    standing: Literal["verified", "documented"] = "verified"
    wants: tuple[str, ...] = ("url",)
    takes: tuple[str, ...] = ()

    def form(self, settings: Settings, plan: str) -> Form:
        """How the forms of a plan reach it."""
        address = _address(settings)
        at_plan = f"{address}/v1/plans/{plan}"
        origins = (origin(address),)
        return Form(
            action=f"{at_plan}/events",
            next_field=NEXT,
            ok_key="ok",
            files=True,
            connect=origins,
            form_action=origins,
            live=f"{at_plan}/state",
        )

    def read(self, settings: Settings, secret: Secret, fetch: Fetch, cursor: str) -> Iterator[Answer]:
        """All that came after the cursor, in order; each answer moves it."""
        address = _address(settings)
        headers = {"Accept": "application/json", **bearer(token(secret))}
        source = sha256(address.encode()).hexdigest()[:8]
        theirs, _, number = cursor.partition(".")
        return _pages(address, headers, fetch, source, int(number) if theirs == source and number.isdecimal() else 0)

    def file(self, settings: Settings, secret: Secret, sent: SentFile) -> Request:
        """How to ask for a file: the receiver keeps all of them itself, and gives them to nobody without the secret."""
        address = _address(settings)
        if not sent.url.startswith(f"{address}/v1/files/"):
            text = f"a file lies on {urlsplit(sent.url).hostname}, not on the receiver"
            raise PlanmarkError(Problem("PM705", text, WHERE, "see whether `url` still names the receiver that took it"))
        return Request(sent.url, bearer(token(secret)))

    def exported(self, data: bytes) -> Iterator[Record]:
        """The submissions in what `planmark receiver export` wrote."""
        return iter(records_in(data))


def register(settings: Settings, secret: Secret, fetch: Fetch, plan: str, document: bytes) -> None:
    """Tell the receiver what a plan is and what may be done in it. PlanmarkError where it does not take that."""
    headers = {"Accept": "application/json", "Content-Type": "application/json", **bearer(token(secret, REGISTER_TOKEN))}
    fetch(Request(f"{_address(settings)}/v1/plans/{plan}", headers, "PUT", document))


def _pages(address: str, headers: dict[str, str], fetch: Fetch, source: str, after: int) -> Iterator[Answer]:
    more = True
    while more:
        raw = fetch(Request(with_query(f"{address}/v1/events", (("after", str(after)), ("limit", "1000"))), headers))
        answer = parsed(raw)
        records = tuple(_record(item, address) for item in items_of(answer, _PATHS))
        following, more = answer.get("next_after"), answer.get("has_more") is True
        if type(following) is not int or following < after or (more and following == after):
            raise unexpected("its `next_after` does not lead on")
        after = following
        yield Answer(raw=raw, records=records, cursor=f"{source}.{after}")


def _record(item: Any, address: str) -> Record:
    record = record_of(item, _PATHS, suspect=False)
    given = item.get("files")
    files = [one for one in given if isinstance(one, dict) and as_text(one.get("digest")).isalnum()] if isinstance(given, list) else []
    sent = tuple(SentFile(as_text(one.get("name")) or "file", f"{address}/v1/files/{one['digest']}") for one in files)
    return Record(source_id=record.source_id, received=record.received, fields=record.fields, files=sent, suspect=record.suspect)


def _address(settings: Settings) -> str:
    if not settings.get("url"):
        raise PlanmarkError(missing("url", WHERE))
    return settings["url"].rstrip("/")
