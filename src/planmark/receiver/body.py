"""Reading what a form sends, within limits of size and time. Every byte of it is hostile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from planmark.plan.submissions import FILE
from planmark.receiver import faults, limits
from planmark.receiver.multipart import parts_of

URLENCODED, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came; neither its name nor its bytes have been looked at."""

    name: str
    data: memoryview


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and files of a body, none of them twice."""

    fields: dict[str, str] = field(default_factory=dict)
    files: tuple[SentFile, ...] = ()


class Room:
    """How much memory all bodies together may take. BouncedError 503 where there is none left."""

    def __init__(self, most: int = limits.HELD_BYTES) -> None:
        self._left = most

    @contextmanager
    def taken(self) -> Iterator[list[int]]:
        """Room for one body: numbers of bytes are appended as they come."""
        held: list[int] = []
        try:
            yield held
        finally:
            self._left += sum(held)

    def take(self, held: list[int], size: int) -> None:
        """So many bytes more."""
        if size > self._left:
            raise faults.unavailable(2)
        held.append(size)
        self._left -= size


def media_type(content_type: str) -> str:
    """What stands before the parameters."""
    return content_type.partition(";")[0].strip().lower()


async def read_body(request: Request, most: int, room: Room, held: list[int]) -> bytes:
    """The whole body, of at most that many bytes as they arrive. BouncedError 413, 408 or 503."""
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(limits.BODY_SECONDS):
            async for chunk in _stream(request):
                size += len(chunk)
                if size > max(most, limits.DRAINED_BYTES):
                    break
                if size <= most:
                    room.take(held, len(chunk))
                    body += chunk
                elif body:
                    body = bytearray()
    except TimeoutError:
        raise faults.too_slow() from None
    if size > most:
        text = f"It is larger than {most // limits.MIB} MiB. Send it in smaller parts, or smaller files."
        raise faults.too_large(text)
    return bytes(body)


async def _stream(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise faults.too_slow() from None


def read_form(content_type: str, body: bytes) -> Form:
    """The fields and files in a body. BouncedError 413, 415 or 422."""
    kind = media_type(content_type)
    if kind == JSON:
        return Form(_once(_of_json(body)))
    if kind == URLENCODED:
        return Form(_once(_of_query(body)))
    if kind != MULTIPART:
        raise faults.BouncedError(415, "type", f"Send it as {URLENCODED}, {MULTIPART} or {JSON}.")
    fields: list[tuple[str, str]] = []
    files: list[SentFile] = []
    for part in parts_of(content_type, body):
        name, file, data = _text(part.name), None if part.file is None else _text(part.file), part.data
        if file is None:
            fields.append((name, _text(bytes(data))))
            if len(fields) > limits.FIELDS:
                raise _too_many()
        elif name == FILE and (file or data):  # an empty input sends a file without a name
            files.append(SentFile(file, memoryview(data)))
            if len(files) > limits.FILES:
                raise faults.too_large(f"There are more than {limits.FILES} files in it. Send the others afterwards.")
    return Form(_once(fields), tuple(files))


def _of_json(body: bytes) -> list[tuple[str, str]]:
    try:
        found = json.loads(body.decode(), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        raise faults.unreadable("The body is not JSON.") from None
    if not isinstance(found, _Pairs) or not all(isinstance(value, str) for _, value in found):
        raise faults.unreadable("The body must be one JSON object whose values are texts.")
    if len(found) > limits.FIELDS:
        raise _too_many()
    return list(found)


class _Pairs(list[tuple[str, str]]):
    """The members of a JSON object, those with one name all of them."""


def _of_query(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=limits.FIELDS)
    except UnicodeError:
        raise faults.unreadable("The form is not in UTF-8.") from None
    except ValueError:
        raise _too_many() from None


def _once(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in fields:
        if len(name) > limits.FIELD_NAME_BYTES or len(value.encode("utf-8", "surrogatepass")) > limits.FIELD_BYTES:
            raise faults.too_large(f"A field of the form has more than {limits.FIELD_BYTES // 1000} kB. Write less, or send a file.")
        if name in found:
            raise faults.unreadable("A field of the form is in it twice.")
        found[name] = value
    return found


def _too_many() -> faults.BouncedError:
    return faults.too_large(f"The form has more than {limits.FIELDS} fields.")


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise faults.unreadable("The form is not in UTF-8.") from None
