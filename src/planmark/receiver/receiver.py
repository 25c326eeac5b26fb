"""The receiver's parts, opened and closed together, and what its routes ask of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, delete, insert

from planmark.plan.events import moment
from planmark.receiver import faults
from planmark.receiver.body import Room
from planmark.receiver.config import Config
from planmark.receiver.database import Database, is_unavailable
from planmark.receiver.filestore import FileStore
from planmark.receiver.live import Live
from planmark.receiver.news import Newsroom
from planmark.receiver.tables import HEALTH
from planmark.receiver.taking import Taking
from planmark.receiver.waiting import Waiting
from planmark.receiver.writer import Writer

T = TypeVar("T")
_READING, _LOOKING = 4, 2
"""Threads that read the database, and that look at files."""
_PROVEN_SECONDS = 1.0
"""So long a health check counts: asking often costs the disk nothing."""


class Receiver:
    """An open receiver. PlanmarkError PM712 where its database or folder cannot be used."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.files = FileStore(config.data / "files")
        self.database = Database(config.database)
        self.database.prepare()
        with self.database.writing.begin() as connection:
            self.files.sweep(connection, alone=self.database.is_sqlite)
        self._readers = ThreadPoolExecutor(_READING, "receiver-reader")
        self.lookers = ThreadPoolExecutor(_LOOKING, "receiver-looker")
        self.live = Live(self.database.reading)
        self.room = Room()
        self.waiting = Waiting(lambda plans: self.read(lambda: self.live.changes(plans)))
        self.taking = Taking(config, self.files)
        self.newsroom = Newsroom(config)
        self._loop = asyncio.get_running_loop()
        self.writer = Writer(self.database.writing, self.taking.take, self._settled)
        self._proving = asyncio.Lock()
        self._proven = float("-inf")

    async def read(self, reading: Callable[[], T]) -> T:
        """Read from the database in a thread of its own. BouncedError 503 where it does not answer."""
        try:
            return await self._loop.run_in_executor(self._readers, reading)
        except Exception as error:
            if is_unavailable(error):
                raise faults.unavailable() from None
            raise

    async def prove(self) -> None:
        """Write to the database and to the file folder, for good. BouncedError 503 where either is impossible."""
        async with self._proving:
            if self._loop.time() - self._proven < _PROVEN_SECONDS:
                return
            try:
                await self._loop.run_in_executor(self.lookers, self.files.prove)
            except OSError:
                raise faults.unavailable() from None
            await self.writer.do(_alive)
            self._proven = self._loop.time()

    def close(self) -> None:
        """Write what waits, and let go of everything."""
        self.waiting.close()
        self.writer.stop()
        self.newsroom.close()
        self._readers.shutdown()
        self.lookers.shutdown()
        self.database.close()

    def _settled(self, committed: bool) -> None:
        self.taking.settled(committed)
        self.newsroom.add(self.taking.news)
        if self.taking.changed:
            changed, self.taking.changed = self.taking.changed, set()
            self._loop.call_soon_threadsafe(self.waiting.wake, changed)


def _alive(connection: Connection) -> None:
    connection.execute(delete(HEALTH))
    connection.execute(insert(HEALTH).values(id=1, at=moment(datetime.now(UTC))))
