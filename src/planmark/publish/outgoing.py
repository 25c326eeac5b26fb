"""Deals on their way out, many at a time: whether each may go, the version that is added to it, and the search of what it became.

Both take longer than sending does, and one deal's has nothing to do with another's: so they are spread over processes where deals are many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from threading import current_thread, main_thread
from typing import TypeVar

from planmark.build.crew import context, end_with_parent
from planmark.build.versions import snapshot_of
from planmark.content.team import Team
from planmark.problems import Location, PlanmarkError, Problem
from planmark.publish.internal import internal_secrets
from planmark.publish.ready import ready
from planmark.publish.scan import Secrets, wrong_in

FEW = 6
"""So many deals are looked at in this process."""
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Outgoing:
    """A deal that may go out."""

    name: str
    secrets: Secrets
    """What nothing that goes out of it may hold."""
    version: Path | None
    """The version that was added to the plan; None where the newest holds still, and where none was asked for."""


def outgoing(team: Team, today: date, adds_version: bool, name: str) -> Outgoing:
    """The deal, which may go out on that day. PlanmarkError with every reason why it may not."""
    from planmark.site.data import as_data
    from planmark.site.projection import project

    deal = ready(team, name, today)
    if not adds_version:
        return Outgoing(name, internal_secrets(deal, team, as_data(project(deal, today, deal.history).view)), None)
    added = snapshot_of(team.root, deal, today)
    return Outgoing(name, internal_secrets(deal, team, added.view), team.root / added.path if added.path else None)


@dataclass(frozen=True)
class Built:
    """A built site that is to be searched. `shown` is its folder as people know it, `paths` are those of its files."""

    folder: Path
    shown: str
    paths: tuple[str, ...]
    secrets: Secrets


def searched(site: Built) -> list[Problem]:
    """What of a built site may not go out: PM803 for each file, and each reason."""
    hint = "see where it comes from: the theme, a file that the plan shares"
    return [
        Problem("PM803", why, Location(f"{site.shown}/{path}"), hint)
        for path in site.paths
        for why in wrong_in(path, (site.folder / path).read_bytes(), site.secrets)
    ]


def each(do: Callable[[T], R], of: Sequence[T]) -> Iterator[R | PlanmarkError]:
    """What `do` gives for each, or raises, in their order."""
    if len(of) <= FEW or current_thread() is not main_thread():  # a thread among others cannot start processes by forking
        yield from map(partial(_done, do), of)
        return
    from concurrent.futures import ProcessPoolExecutor

    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, context(), _begin) as pool:
        yield from pool.map(partial(_done, do), of, chunksize=max(1, min(16, len(of) // (workers * 4))))


def _done(do: Callable[[T], R], one: T) -> R | PlanmarkError:
    try:
        return do(one)
    except PlanmarkError as error:
        return error


def _begin() -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the publisher's to answer
    end_with_parent()
    gc.set_threshold(50_000)
