"""A multipart body in its parts, by the library that web frameworks use; here are its limits, and what browsers do to names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from planmark.receiver import faults, limits

PARTS = limits.FIELDS + 2 * limits.FILES
_ESCAPED = ((b"%22", b'"'), (b"%0D", b"\r"), (b"%0A", b"\n"))
"""What browsers escape in a name (HTML standard, multipart/form-data)."""


@dataclass(slots=True)
class Part:
    """One part: its name, its file's name (None for a field), and its bytes."""

    name: bytes = b""
    file: bytes | None = None
    data: bytearray = field(default_factory=bytearray)


class _Parts:
    """Hears what the parser finds."""

    def __init__(self) -> None:
        self.whole: list[Part] = []
        self.part = Part()
        self.header = self.value = b""
        self.ended = False

    def on_part_begin(self) -> None:
        if len(self.whole) >= PARTS:
            raise faults.too_large(f"The form has more than {PARTS} parts.")
        self.part, self.header, self.value = Part(), b"", b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def on_header_end(self) -> None:
        if self.header.lower() == b"content-disposition":
            _, said = parse_options_header(self.value)
            self.part.name = _unescaped(said.get(b"name", b""))
            self.part.file = _unescaped(said[b"filename"]) if b"filename" in said else None
        self.header = self.value = b""

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self.part.data += data[start:end]

    def on_part_end(self) -> None:
        if not self.part.name:
            raise broken()
        self.whole.append(self.part)

    def on_end(self) -> None:
        self.ended = True


def parts_of(content_type: str, body: bytes) -> Iterator[Part]:
    """The parts of a body, in order. BouncedError 413 where they are too many, 422 where the body is not whole."""
    _, said = parse_options_header(content_type)
    if not said.get(b"boundary"):
        raise faults.unreadable("The form does not say what its parts are divided by.")
    heard = _Parts()
    names = [name for name in dir(heard) if name.startswith("on_")]
    try:
        parser = MultipartParser(said[b"boundary"], {name: getattr(heard, name) for name in names})  # type: ignore[arg-type]  # a TypedDict of just these
        parser.write(body)
    except (FormParserError, ValueError):
        raise broken() from None
    if not heard.ended:
        raise broken()
    return iter(heard.whole)


def broken() -> faults.BouncedError:
    """422: the end is missing, or something in between."""
    return faults.unreadable("The form did not arrive whole. Send it again.")


def _unescaped(name: bytes) -> bytes:
    for written, meant in _ESCAPED:
        name = name.replace(written, meant)
    return name
