"""Every stale deal is made: in this process, or in workers where there are many."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from planmark.build.inputs import Inputs, look_at
from planmark.build.state import State
from planmark.build.worker import Job, Made, Workshop
from planmark.content.layout import CONTENT

FEW = 6
"""So many deals without a PDF are made in this process; starting workers for them costs more than it saves."""

Progress = Callable[[int, int, str], None]
"""`(done, of, deal)`, called when a deal has been made."""


def make(
    shop: Workshop, reasons: dict[str, str], inputs: Inputs, state: State, sites: Path, workers: int, progress: Progress
) -> list[Made]:
    """What became of each deal that has a reason to be built, in their order. `workers` 0 means one for each core."""
    jobs = [_job(name, inputs, state, sites) for name in reasons]
    workers = workers or os.cpu_count() or 1
    made = []
    few = 1 if shop.pdf == "made" else FEW
    for one in _in_workers(shop, jobs, workers) if workers > 1 and len(jobs) > few else map(shop.make, jobs):
        made.append(one)
        progress(len(made), len(jobs), one.name)
    return made


def _job(name: str, inputs: Inputs, state: State, sites: Path) -> Job:
    """The job of one deal. Outputs that are not as they were written are written anew, whatever their bytes should be."""
    record = state.deals.get(name)
    tree = inputs.tree(f"{CONTENT}/{name}")
    if record is None:
        return Job(name, tree, "", {})
    return Job(name, tree, record.site, look_at(record, sites)[0], record.pdf_key)


def _in_workers(shop: Workshop, jobs: list[Job], workers: int) -> Iterator[Made]:
    import gc
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    gc.freeze()
    with ProcessPoolExecutor(workers, multiprocessing.get_context(method), _enter, (shop,)) as pool:
        yield from pool.map(_make_one, jobs, chunksize=max(1, min(16, len(jobs) // (workers * 4))))


_shop: Workshop


def _enter(shop: Workshop) -> None:
    import gc
    import signal
    import threading

    global _shop
    _shop = shop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the build's to answer; it ends its workers
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    gc.set_threshold(50_000)  # nearly all that a job makes is freed by counting; looking for circles costs 6 % of it


def _end_with_the_build() -> None:
    """A worker whose build was killed would wait for jobs for ever, and hold the lock that it inherited."""
    from multiprocessing import parent_process

    build = parent_process()
    assert build is not None
    build.join()
    os._exit(1)


def _make_one(job: Job) -> Made:
    return _shop.make(job)
