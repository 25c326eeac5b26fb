"""The folder of the files that were sent: each under its digest, on the disk before any row names it."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select

from planmark.receiver.body import SentFile
from planmark.receiver.counting import lock
from planmark.receiver.filetypes import clean_name, type_of
from planmark.receiver.tables import FILES

_LEFT_SECONDS = 600
"""What has lain in `incoming` for so long is of a receiver that was killed: no request takes that time."""
_AT_ONCE = 500
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that lies on the disk, not yet under its digest."""

    name: str
    type: str
    size: int
    digest: str
    incoming: Path


class FileStore:
    """Files move in under the database's lock, in the transaction that names them, so a sweep never meets one in between."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._incoming = folder, folder / "incoming"
        for made in (folder.parent, folder, self._incoming):  # one by one: the mode is the last one's alone
            made.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, sent: SentFile) -> KeptFile:
        """Look at a file, and write it to the disk. BouncedError 413 or 415 where it is not taken; OSError where there is no room."""
        name = clean_name(sent.name)
        kind = type_of(name, sent.data)
        path = self._incoming / secrets.token_hex(16)
        try:
            _write(path, sent.data)
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise
        return KeptFile(name, kind, len(sent.data), sha256(sent.data).hexdigest(), path)

    def move_in(self, files: Iterable[KeptFile]) -> None:
        """Give them their place, for good. Within the transaction that names them."""
        for file in files:
            file.incoming.replace(self.folder / file.digest)
        _sync(self.folder)

    def drop(self, files: Iterable[KeptFile]) -> None:
        """Remove those that did not move in."""
        for file in files:
            with suppress(OSError):
                file.incoming.unlink(missing_ok=True)

    def path(self, digest: str) -> Path | None:
        """Where the file with that digest lies."""
        found = self.folder / digest
        return found if found.is_file() else None

    def sweep(self, connection: Connection, alone: bool) -> None:
        """Remove what no row names: left by a receiver that was killed, or by a commit that failed."""
        lock(connection)
        found = sorted(path.name for path in self.folder.iterdir() if DIGEST.fullmatch(path.name))
        self.sweep_these(connection, found)
        for path in self._incoming.iterdir():
            with suppress(OSError):
                if alone or time.time() - path.stat().st_mtime > _LEFT_SECONDS:
                    path.unlink(missing_ok=True)

    def sweep_these(self, connection: Connection, digests: list[str]) -> None:
        """The same for some. After `lock`."""
        for start in range(0, len(digests), _AT_ONCE):
            some = digests[start : start + _AT_ONCE]
            named = set(connection.scalars(select(FILES.c.digest).where(FILES.c.digest.in_(some))))
            for digest in set(some) - named:
                (self.folder / digest).unlink(missing_ok=True)

    def prove(self) -> None:
        """Write a file, to the disk, and remove it. OSError where that is impossible."""
        path = self._incoming / secrets.token_hex(16)
        try:
            _write(path, b"health")
        finally:
            path.unlink(missing_ok=True)


def _write(path: Path, data: bytes | memoryview) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows keeps no folder open
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
