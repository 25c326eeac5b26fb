"""Workers that may die: what they had in hand is named, another takes their place, and the rest is built."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory

from planmark.build.jobs import Job, Made
from planmark.build.worker import Workshop
from planmark.content.layout import CONTENT
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.paper import guard

_AT_ONCE = 16
"""So many jobs at most are handed over together, where each is quick."""


@dataclass
class _Worker:
    process: BaseProcess
    line: Connection
    hand: deque[int] = field(default_factory=deque)
    """The jobs it was given and has not answered, the one it works at first."""
    heard: float = 0.0
    spent: bool = False
    """It gets nothing more: what a stopped layout leaves behind would stop the next one."""


def in_workers(shop: Workshop, jobs: list[Job], workers: int) -> Iterator[tuple[int, Made]]:
    """The number of each job and what became of it, as they are done."""
    if shop.pdf != "made":
        yield from _by_crew(shop, jobs, workers, "")
        return
    # fonts are unpacked into files, which a worker that is stopped leaves behind
    with TemporaryDirectory(prefix="planmark-", ignore_cleanup_errors=True) as scratch:
        yield from _by_crew(shop, jobs, workers, scratch)


def _by_crew(shop: Workshop, jobs: list[Job], workers: int, scratch: str) -> Iterator[tuple[int, Made]]:
    processes = context()
    slow = shop.pdf == "made"
    size = 1 if slow else max(1, min(_AT_ONCE, len(jobs) // (workers * 4)))
    waiting = deque(range(len(jobs)))
    crew: list[_Worker] = []
    try:
        while waiting or any(one.hand for one in crew):
            for one in [one for one in crew if one.spent and not one.hand]:
                _end(one)
                crew.remove(one)
            while len(crew) < workers and waiting and all(one.hand for one in crew):
                crew.append(_started(processes, shop, scratch))
                _give(crew[-1], waiting, jobs, size)
            for one in crew:
                if not one.hand and waiting:
                    _give(one, waiting, jobs, size)
            patience = guard.SECONDS + guard.PATIENCE if slow else None
            late = None if patience is None else max(0.0, min(one.heard for one in crew if one.hand) + patience - time.monotonic())
            wait([place for one in crew for place in (one.line, one.process.sentinel)], late)
            for one in list(crew):
                yield from _heard(one)
                gone = not one.process.is_alive()
                hung = bool(one.hand) and patience is not None and time.monotonic() > one.heard + patience
                if not (gone or hung):
                    continue
                yield from _heard(one)  # what it said before its end
                _end(one)
                crew.remove(one)
                if one.hand:
                    number = one.hand.popleft()
                    where = Location(f"{CONTENT}/{jobs[number].name}")
                    yield number, _lost(jobs[number], guard.too_long(where) if hung else guard.ended(where))
                    waiting.extendleft(reversed(one.hand))
    finally:
        for one in crew:
            _end(one)


def context() -> BaseContext:
    """How processes are started here: by forking where the system can, for then nothing is loaded twice."""
    return multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")


def _started(processes: BaseContext, shop: Workshop, scratch: str) -> _Worker:
    ours, theirs = processes.Pipe()
    process = processes.Process(target=_work, args=(theirs, shop, scratch), daemon=True)  # type: ignore[attr-defined]  # each context has it
    with _uninterrupted():
        process.start()
    theirs.close()
    return _Worker(process, ours, heard=time.monotonic())


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits meanwhile: whoever has just been forked would not know yet that it is the build's to answer."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _give(one: _Worker, waiting: deque[int], jobs: list[Job], size: int) -> None:
    one.hand.extend(waiting.popleft() for _ in range(min(size, len(waiting))))
    one.heard = time.monotonic()
    try:
        one.line.send([(number, jobs[number]) for number in one.hand])
    except OSError:  # it is dead already, which its sentinel tells
        return


def _heard(one: _Worker) -> Iterator[tuple[int, Made]]:
    """What a worker has said, as far as it is there."""
    while True:
        try:
            if not one.line.poll():
                return
            number, made = one.line.recv()
        except (EOFError, OSError):  # it is dead, which its sentinel tells
            return
        one.hand.remove(number)
        one.heard = time.monotonic()
        if isinstance(made, Exception):
            raise made
        one.spent = one.spent or any(problem.code == "PM612" for problem in made.problems)
        yield number, made


def _end(one: _Worker) -> None:
    one.line.close()
    one.process.kill()
    one.process.join()


def _lost(job: Job, problem: Problem) -> Made:
    made = Made(job.name, [problem])
    made.retry = problem.code == "PM613"  # chance may have done it; a layout without end would be without end again
    return made


def _work(line: Connection, shop: Workshop, scratch: str) -> None:
    """What a worker does: jobs come, answers go, until nobody is there any more."""
    import gc
    import tempfile

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the build's to answer; it ends its workers
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    end_with_parent()
    gc.set_threshold(50_000)  # nearly all that a job makes is freed by counting; looking for circles costs 6 % of it
    guard.enter()
    tempfile.tempdir = scratch or tempfile.tempdir
    while True:
        try:
            given: list[tuple[int, Job]] = line.recv()
        except EOFError:
            return
        for number, job in given:
            line.send((number, _made(shop, job)))


def _made(shop: Workshop, job: Job) -> Made | Exception:
    try:
        return shop.make(job)
    except MemoryError:
        return Made(job.name, [guard.too_large(Location(f"{CONTENT}/{job.name}"))])
    except (OSError, PlanmarkError) as error:  # a full disk, say: the build answers for it
        return error
    except Exception as error:  # a defect of ours: the build says it as its own
        traceback.print_exc()
        return RuntimeError(f"{job.name}: {type(error).__name__}: {error}")


def end_with_parent() -> None:
    """A worker whose parent was killed would wait for jobs for ever, and hold the locks that it inherited: from now on it ends, too."""
    import threading
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None

    def wait_for_it() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_for_it, daemon=True).start()
