"""Content lines of iCalendar (RFC 5545, 3.1): texts that stay texts whatever stands in them, and lines of 75 bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 75
"""Bytes of a line, without its end."""

_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_ESCAPES: dict[int, str | None] = dict.fromkeys(_CONTROLS) | {
    ord("\t"): "\t",
    ord("\\"): "\\\\",
    ord(";"): "\\;",
    ord(","): "\\,",
    **dict.fromkeys(map(ord, "\n\v\f\x85\u2028\u2029"), "\\n"),
}
"""All that any reader takes for the end of a line is one of the text's own; other control characters are dropped."""


def escaped(text: str) -> str:
    """A text as a value of type TEXT."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ESCAPES)


def address(text: str) -> str:
    """A web address as a value of type URI, which has no way to escape anything; empty where it cannot be one."""
    return text if _ADDRESS.fullmatch(text) else ""


def joined(lines: Iterable[str]) -> bytes:
    """Content lines as bytes, those that are too long folded between two letters."""
    return b"".join(map(_folded, lines))


def _folded(line: str) -> bytes:
    whole = line.encode("utf-8", "replace")
    if len(whole) <= LONGEST:
        return whole + b"\r\n"
    parts, at, room = [], 0, LONGEST
    while at < len(whole):
        end = at + room
        while end < len(whole) and whole[end] & 0xC0 == 0x80:  # in the midst of a letter
            end -= 1
        parts.append(whole[at:end])
        at, room = end, LONGEST - 1  # the space that a folded line begins with counts
    return b"\r\n ".join(parts) + b"\r\n"
