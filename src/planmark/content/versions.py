"""The versions of a deal, `content/<deal>/versions/*.json`: the buyer's view as it was out on a day. Files are added and never changed.

    {"version": "2026-11-12", "by": "dana", "note": "After the steering meeting", "digest": "…", "view": {…}}

`2026-11-12.json` is the first of its day, `2026-11-12-2.json` the second. `view` is what plan.json held; `note` and `by` may be missing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from planmark.content.layout import CONTENT
from planmark.content.textfile import read_text
from planmark.content.tree import NO_CONTENT, Tree
from planmark.plan.changes import NotAViewError, Version, facts_of
from planmark.plan.events import day_of
from planmark.problems import Location, PlanmarkError, Problem

VERSIONS = "versions"
_FILE = re.compile(r"versions/(\d{4}-\d\d-\d\d)(?:-([1-9]\d{0,3}))?\.json")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HINT = "bring the file back as it was; the other versions count"


def version_files(tree: Tree) -> list[str]:
    """The paths of a deal's version files, oldest first."""
    found = {path: match for path in tree if (match := _FILE.fullmatch(path)) and day_of(match[1])}
    return sorted(found, key=lambda path: (found[path][1], int(found[path][2] or 1)))


def read_versions(folder: Path, tree: Tree, shown: str, problems: list[Problem]) -> tuple[Version, ...]:
    """The versions of the deal in `folder`, oldest first. One that cannot be read is a warning: the others count."""
    found, files = [], version_files(tree)
    for path in sorted(path for path in tree if path.startswith(f"{VERSIONS}/") and path not in files):
        hint = "a version is called `2026-11-12.json`, the second of a day `2026-11-12-2.json`; put other files elsewhere"
        problems.append(Problem("PM714", f"`{path.rpartition('/')[2]}` is no version's name", Location(f"{shown}/{path}"), hint, "warning"))
    for path in files:
        where = Location(f"{shown}/{path}")
        if tree[path].digest in NO_CONTENT:
            problems.append(Problem("PM714", "the version is no file that can be read", where, _HINT, "warning"))
            continue
        version = _read((folder / path).read_bytes(), path, where, problems)
        if version is not None:
            found.append(version)
    return tuple(found)


def write_version(folder: Path, day: date, view: Mapping[str, Any], digest: str, by: str, note: str) -> Path:
    """Add a version to the deal in `folder`, durably, and give its path. No file that is there is touched."""
    place = folder / VERSIONS
    if place.is_symlink():
        hint = "put the folder itself there"
        where = Location(f"{CONTENT}/{folder.name}/{VERSIONS}")
        raise PlanmarkError(Problem("PM403", "the folder of versions is a symbolic link", where, hint))
    place.mkdir(exist_ok=True)
    head = {"version": day.isoformat(), "by": by, "note": note, "digest": digest}
    held = {name: one for name, one in head.items() if one} | {"view": view}
    data = json.dumps(held, ensure_ascii=False, separators=(",", ":")) + "\n"
    for path in _names(place, day):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data.encode())
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink()  # half a version is none
            raise
        return path
    raise AssertionError("there is always another name")


def _names(place: Path, day: date) -> Iterable[Path]:
    yield place / f"{day.isoformat()}.json"
    number = 2
    while True:
        yield place / f"{day.isoformat()}-{number}.json"
        number += 1


def _read(data: bytes, path: str, where: Location, problems: list[Problem]) -> Version | None:
    unreadable: list[Problem] = []
    text = read_text(data, where.path, unreadable)
    if text is None:
        problems.extend(
            Problem("PM714", f"the version cannot be read: {one.message}", one.location, _HINT, "warning") for one in unreadable
        )
        return None
    try:
        held = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(held, ensure_ascii=False).encode()  # half a character, which no page could show
    except json.JSONDecodeError as error:
        place = Location(where.path, error.lineno, error.colno)
        problems.append(Problem("PM714", f"the version is not JSON: {error.msg}", place, _HINT, "warning"))
        return None
    except (ValueError, RecursionError):
        problems.append(Problem("PM714", "the version holds what no version does", where, _HINT, "warning"))
        return None
    try:
        if not isinstance(held, dict):
            raise NotAViewError("a version should be an object")
        day = day_of(_text(held, "version"))
        if day is None or not Path(path).name.startswith(day.isoformat()):
            raise NotAViewError("`version` should be the day that the file is named after")
        facts = facts_of(held.get("view"))
        return Version(Path(path).stem, day, facts, _text(held, "by"), _text(held, "note"), _text(held, "digest"), held["view"])
    except NotAViewError as error:
        problems.append(Problem("PM714", str(error), where, _HINT, "warning"))
        return None


def _text(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name, "")
    if not isinstance(value, str) or _CONTROL.search(value):
        raise NotAViewError(f"`{name}` should be a text on one line")
    return value
