"""Plain values into YAML that a rep would have written, and that reads back as the same values."""

from __future__ import annotations

import re
from typing import Any

_ODD = "\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u2028\u2029"
"""Signs that YAML does not allow, or takes for the end of a line: they are written as escapes."""
_SAFE = re.compile(rf"[^\W_][^{_ODD}:#{{}}\[\],&*!|>'\"%@`]*", re.UNICODE)
_SAFE_IN_BLOCK = re.compile(rf"[^\W_](?:(?!: | #)[^{_ODD}])*(?<!:)", re.UNICODE)
WIDTH = 100


def emit(value: dict[str, Any], indent: int = 0) -> str:
    """A mapping of texts, lists and mappings as block YAML; short lists and mappings of short texts stay on one line."""
    lines: list[str] = []
    _mapping(value, indent, lines)
    return "\n".join(lines) + "\n"


def _mapping(value: dict[str, Any], indent: int, lines: list[str]) -> None:
    for key, one in value.items():
        _entry(f"{' ' * indent}{quoted(key)}:", one, indent, lines)


def _entry(head: str, value: Any, indent: int, lines: list[str]) -> None:
    if isinstance(value, str):
        lines.extend(_text(head, value, indent + 2))
        return
    short = _flow(value)
    if short is not None and len(head) + 1 + len(short) <= WIDTH:
        lines.append(f"{head} {short}")
    elif isinstance(value, dict):
        lines.append(head)
        _mapping(value, indent + 2, lines)
    else:
        lines.append(head)
        for one in value:
            _item(one, indent + 2, lines)


def _item(value: Any, indent: int, lines: list[str]) -> None:
    dash = f"{' ' * indent}-"
    short = _flow(value) if not isinstance(value, str) else None
    if isinstance(value, str):
        lines.extend(_text(dash, value, indent + 2))
    elif short is not None and len(dash) + 1 + len(short) <= WIDTH:
        lines.append(f"{dash} {short}")
    elif isinstance(value, dict):
        inner: list[str] = []
        _mapping(value, indent + 2, inner)
        inner[0] = f"{dash} {inner[0].lstrip()}"
        lines.extend(inner)
    else:
        lines.append(dash)
        for one in value:
            _item(one, indent + 2, lines)


def _text(head: str, text: str, indent: int) -> list[str]:
    """A text after its key: on one line, or as a block where it has several that a block can hold."""
    body = text.removesuffix("\n")
    plain_lines = body.split("\n")
    if (
        "\n" in text
        and body
        and all(line == line.rstrip() and _printable(line) for line in plain_lines)
        and not body.startswith((" ", "\n"))
        and not body.endswith("\n")
    ):
        mark = "|" if text.endswith("\n") else "|-"
        return [f"{head} {mark}", *(" " * indent + line if line else "" for line in plain_lines)]
    bare = _SAFE_IN_BLOCK.fullmatch(text) and text == text.strip() and "  " not in text
    return [f"{head} {text if bare else quoted(text)}"]


def _printable(line: str) -> bool:
    return not re.search(f"[{_ODD}]", line)


def _flow(value: Any) -> str | None:
    """A list or mapping on one line, where it is flat or nearly so."""
    if isinstance(value, str):
        return quoted(value) if "\n" not in value else None
    if isinstance(value, dict):
        parts = [(quoted(key), _flow(one)) for key, one in value.items()]
        if any(text is None for _, text in parts) or any(isinstance(one, dict) and one for one in value.values()):
            return None
        return "{" + ", ".join(f"{key}: {text}" for key, text in parts) + "}"
    items = [_flow(one) for one in value]
    if any(item is None for item in items) or any(isinstance(one, (dict, list)) and one for one in value):
        return None
    return "[" + ", ".join(item for item in items if item is not None) + "]"


def quoted(text: str) -> str:
    """A text as it may stand in YAML: bare where nothing in it means anything, else in double quotes."""
    if _SAFE.fullmatch(text) and text == text.strip() and "  " not in text:
        return text
    escaped = []
    for char in text:
        if char in '"\\':
            escaped.append("\\" + char)
        elif char == "\n":
            escaped.append("\\n")
        elif char == "\t":
            escaped.append("\\t")
        elif not _printable(char):
            escaped.append(f"\\u{ord(char):04x}")
        else:
            escaped.append(char)
    return '"' + "".join(escaped) + '"'
