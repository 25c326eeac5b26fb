"""Every stale deal is made: in this process, or in workers where there are many, or where there is a PDF to lay out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import current_thread, main_thread

from planmark.build.inputs import Inputs, look_at
from planmark.build.jobs import Job, Made
from planmark.build.state import State
from planmark.build.worker import Workshop
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
    made: dict[int, Made] = {}
    for number, one in _in_workers(shop, jobs, workers) if _needs_workers(shop, jobs, workers) else enumerate(map(shop.make, jobs)):
        made[number] = one
        progress(len(made), len(jobs), one.name)
    return [made[number] for number in sorted(made)]


def _needs_workers(shop: Workshop, jobs: list[Job], workers: int) -> bool:
    """A layout is stopped best in a process of its own; a thread among others cannot start one by forking."""
    if shop.pdf == "made" and shop.staging is not None:
        return bool(jobs) and current_thread() is main_thread()
    return workers > 1 and len(jobs) > FEW


def _job(name: str, inputs: Inputs, state: State, sites: Path) -> Job:
    """The job of one deal. Outputs that are not as they were written are written anew, whatever their bytes should be."""
    record = state.deals.get(name)
    tree = inputs.tree(f"{CONTENT}/{name}")
    if record is None or not record.site:
        return Job(name, tree, "", {})
    return Job(name, tree, record.site, look_at(record, sites)[0], record.pdf_key, record.summary)


def _in_workers(shop: Workshop, jobs: list[Job], workers: int) -> Iterator[tuple[int, Made]]:
    import gc

    from planmark.build.crew import in_workers

    gc.freeze()
    return in_workers(shop, jobs, workers)
