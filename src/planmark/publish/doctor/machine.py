"""The machine: Python, the libraries that PDFs need, what was installed beside, and SQLite where a receiver would use it."""

from __future__ import annotations

import importlib
import platform
import re
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from planmark import __version__
from planmark.publish.doctor.found import Found, fine, warned, wrong

ABOUT = "machine"
_NEEDED = ("pydantic_core", "yaml", "PIL", "fontTools")
"""Libraries of machine code: where they cannot be loaded, nothing works, and their own message says little."""
_EXTRA = re.compile(r"([A-Za-z0-9._-]+)[^;]*;.*\bextra *== *[\"'](\w+)[\"']")
_NOT_FOR_USE = "dev"
WAL_RESET = ((3, 7, 0), (3, 51, 3))
"""SQLite from the first of these on, and before the second, can break a file that two connections write in WAL mode."""


def machine() -> Iterator[Found]:
    """Everything that needs no workspace."""
    from planmark.site.pdf import why_no_pdf

    yield fine(ABOUT, f"Planmark {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for name in _NEEDED:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            hint = "install Planmark anew into a fresh environment: python3 -m venv, then pip install planmark"
            yield wrong(ABOUT, f"the library {name} cannot be loaded: {error}", hint)
    reason, _, hint = why_no_pdf().partition(": ")
    yield wrong(ABOUT, f"there can be no PDFs: {reason}", f"{hint}, or build with --no-pdf") if reason else fine(ABOUT, "PDFs can be made")
    for name, missing in extras().items():
        how = f'pip install "planmark[{name}]" adds it'
        yield fine(ABOUT, f"planmark[{name}] is installed" if not missing else f"planmark[{name}] is not installed; {how}")
    if not extras().get("receiver"):
        yield sqlite(sqlite3.sqlite_version)


def extras() -> dict[str, list[str]]:
    """What can be installed beside, each with what is missing of it. Empty where Planmark runs without being installed."""
    found: dict[str, list[str]] = {}
    try:
        wanted = requires("planmark") or []
    except PackageNotFoundError:
        return {}
    for line in wanted:
        match = _EXTRA.match(line)
        if match and match[2] != _NOT_FOR_USE:
            missing = found.setdefault(match[2], [])
            try:
                version(match[1])
            except PackageNotFoundError:
                missing.append(match[1])
    return found


def sqlite(number: str) -> Found:
    """Whether the SQLite of this Python has the bug that breaks files, which a receiver that runs here must be kept from."""
    first, mended = WAL_RESET
    if first <= tuple(int(part) for part in number.split(".")[:3]) < mended:
        text = f"SQLite {number} can break a database that two programs write at once (the WAL-reset bug, mended in 3.51.3)"
        hint = "a receiver here writes through one connection, so let no other program write to its file; or let it use PostgreSQL"
        return warned(ABOUT, text, hint)
    return fine(ABOUT, f"SQLite {number}")
