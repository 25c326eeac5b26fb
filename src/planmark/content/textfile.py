"""Bytes into text: UTF-8 and nothing else."""

from __future__ import annotations

from planmark.problems import Location, Problem

MAX_BYTES = 4 * 1024 * 1024


def read_text(data: bytes, path: str, problems: list[Problem], limit: int = MAX_BYTES) -> str | None:
    """The file as text: UTF-8, a byte order mark taken off, line ends made plain. None, and a problem, where it cannot be."""
    if len(data) > limit:
        problems.append(
            Problem(
                "PM109",
                f"the file has {len(data):,} bytes, {limit:,} are allowed",
                Location(path),
                "split it, or move long texts elsewhere",
            )
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        kind = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "another encoding, or not text"
        problems.append(Problem("PM110", f"the file is not UTF-8 ({kind})", Location(path, line, 1), "save it as UTF-8"))
        return None
    nul = text.find("\0")
    if nul >= 0:
        problems.append(
            Problem(
                "PM110",
                "the file holds a NUL character, so it is not text",
                Location(path, text.count("\n", 0, nul) + 1, 1),
                "save it as UTF-8 text",
            )
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")
