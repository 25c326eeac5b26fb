"""What came from endpoints before anything is made of it: raw answers, how far reading got, and what could not be applied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from planmark.content.activity import QUARANTINE, append, json_line, read_lines
from planmark.content.layout import CONTENT, INBOX
from planmark.extensions import Record, SentFile


class Inbox:
    """`content/_inbox/<endpoint>/`: one folder for each endpoint that was ever read."""

    def __init__(self, root: Path, kind: str, address: str) -> None:
        self.folder = root / CONTENT / INBOX / f"{kind}-{sha256(address.encode()).hexdigest()[:8]}"

    def keep(self, raw: bytes) -> None:
        """Keep an answer as it came, durably, under its digest; the same answer once."""
        path = self.folder / f"{sha256(raw).hexdigest()[:32]}.raw"
        if not path.exists():
            _write_whole(path, raw)

    @property
    def cursor(self) -> str:
        """Where reading goes on; empty at the beginning."""
        try:
            return (self.folder / "cursor").read_text(encoding="utf-8").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    @cursor.setter
    def cursor(self, cursor: str) -> None:
        if cursor and cursor != self.cursor:
            _write_whole(self.folder / "cursor", cursor.encode())


def _write_whole(path: Path, data: bytes) -> None:
    """A file whole and on the disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def keep_file(folder: Path, data: bytes, ending: str) -> str:
    """Keep an upload in a deal's folder `received/` under its SHA-256, which is returned."""
    digest = sha256(data).hexdigest()
    path = folder / f"{digest}{ending}"
    if not path.exists():
        _write_whole(path, data)
    return digest


def set_aside(folder: Path, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Append to a folder's quarantine what does not stand there yet, and return just that."""
    if not entries:
        return []
    known = {(one.get("id"), one.get("code")) for one in quarantine(folder)}
    fresh = []
    for one in entries:
        if (mark := (one["id"], one["code"])) not in known:
            known.add(mark)
            fresh.append(one)
    append(folder, map(json_line, fresh), QUARANTINE)
    return fresh


def quarantine(folder: Path) -> Iterator[dict[str, Any]]:
    """What could not be applied, as it stands in a folder."""
    yield from read_lines(folder / QUARANTINE)


def record_data(record: Record) -> dict[str, Any]:
    """A record as JSON holds it."""
    return {
        "source_id": record.source_id,
        "received": record.received.isoformat(),
        "fields": dict(record.fields),
        "files": [[one.name, one.url] for one in record.files],
        "suspect": record.suspect,
    }


def record_of(data: object) -> Record | None:
    """The record that `record_data` wrote; none where somebody changed it beyond reading."""
    try:
        assert isinstance(data, dict)
        return Record(
            source_id=str(data["source_id"]),
            received=datetime.fromisoformat(data["received"]),
            fields={str(name): str(value) for name, value in data["fields"].items()},
            files=tuple(SentFile(str(name), str(url)) for name, url in data["files"]),
            suspect=bool(data["suspect"]),
        )
    except (AssertionError, KeyError, TypeError, ValueError, AttributeError):
        return None
