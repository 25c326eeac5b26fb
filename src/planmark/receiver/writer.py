"""The one thread that writes. Whatever waits is committed together, and nobody is answered before the commit is on the disk."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from planmark.receiver import faults
from planmark.receiver.database import is_unavailable
from planmark.receiver.limits import BATCH, QUEUE, WRITE_SECONDS

T = TypeVar("T")
Work = Callable[[Connection], T]
"""What is done in a transaction, with others where several wait. Before it changes anything it may raise BouncedError."""


@dataclass(slots=True)
class _Job:
    """Work, or something to take in; and who waits for it."""

    what: Any
    together: bool
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs work in the order of its coming. `take` takes in many submissions at once; `settled` is called after each commit."""

    def __init__(self, engine: Engine, take: Callable[[Connection, Sequence[Any]], Sequence[Any]], settled: Callable[[bool], None]) -> None:
        self._engine, self._take, self._settled = engine, take, settled
        self._jobs: queue.Queue[_Job | None] = queue.Queue(QUEUE)
        self._thread = threading.Thread(target=self._run, name="receiver-writer", daemon=True)
        self._thread.start()

    async def take(self, what: object) -> Any:
        """Take it in together with whatever else waits. BouncedError 503 where that is impossible: nothing is acknowledged then."""
        return await self._wait(_Job(what, together=True))

    async def do(self, work: Work[T]) -> T:
        """Do some work, and give what it returns once that is committed. BouncedError as with `take`."""
        found: T = await self._wait(_Job(work, together=False))
        return found

    async def _wait(self, job: _Job) -> Any:
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise faults.unavailable(1) from None
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                return await asyncio.wrap_future(job.done)
        except TimeoutError:
            raise faults.unavailable() from None

    def stop(self) -> None:
        """Write what waits, and end."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        over = False
        while not over:
            jobs: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                jobs.append(job)
                if len(jobs) == BATCH or self._jobs.empty():
                    break
                job = self._jobs.get()
            over = job is None
            wanted = [one for one in jobs if one.done.set_running_or_notify_cancel()]
            if wanted:
                self._commit(wanted)

    def _commit(self, jobs: Sequence[_Job]) -> None:
        """All of them in one transaction. Where one of several breaks it, each has one of its own."""
        try:
            outcomes = self._together(jobs)
        except BaseException as error:
            self._settled(False)
            if is_unavailable(error):
                for job in jobs:
                    job.done.set_exception(faults.unavailable())
            elif len(jobs) == 1:
                jobs[0].done.set_exception(error)
            else:
                for job in jobs:
                    self._commit([job])
            return
        self._settled(True)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, Exception):
                job.done.set_exception(outcome)
            else:
                job.done.set_result(outcome)

    def _together(self, jobs: Sequence[_Job]) -> list[Any]:
        with self._engine.begin() as connection:
            outcomes: dict[int, Any] = {}
            for job in jobs:
                if not job.together:
                    outcomes[id(job)] = _outcome(job.what, connection)
            posts = [job for job in jobs if job.together]
            if posts:
                taken = self._take(connection, [job.what for job in posts])
                outcomes |= {id(job): outcome for job, outcome in zip(posts, taken, strict=True)}
            return [outcomes[id(job)] for job in jobs]


def _outcome(work: Work[Any], connection: Connection) -> Any:
    try:
        return work(connection)
    except faults.BouncedError as bounced:
        return bounced
