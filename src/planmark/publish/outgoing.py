"""Deals on their way out, many at a time: whether each may go, the version that is added to it, and the search of what it became.

Both take longer than sending does, and one deal's has nothing to do with another's: so they are spread over processes where deals are many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import current_thread, main_thread
from typing import TypeVar

from planmark.build.crew import context, end_with_parent
from planmark.build.versions import snapshot_of
from planmark.content.access.keys import PlanKey
from planmark.content.access.opening import kept_by_person, plan_key, spelled
from planmark.content.team import Team
from planmark.problems import Location, PlanmarkError, Problem
from planmark.publish.internal import internal_secrets
from planmark.publish.ready import ready
from planmark.publish.scan import Secrets, wrong_in
from planmark.site.sealed.reading import NotOpenError, in_the_open

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
    key: PlanKey | None = None
    """What a protected one is encrypted with."""


def outgoing(team: Team, today: date, adds_version: bool, name: str) -> Outgoing:
    """The deal, which may go out on that day. PlanmarkError with every reason why it may not."""
    from planmark.site.data import as_data
    from planmark.site.projection import project

    deal = ready(team, name, today)
    key = plan_key(deal) if deal.address.hidden else None
    openers = spelled(kept_by_person(deal)) if key else {}
    added = snapshot_of(team.root, deal, today) if adds_version else None
    secrets = internal_secrets(deal, team, added.view if added else as_data(project(deal, today, deal.history).view))
    version = team.root / added.path if added and added.path else None
    return Outgoing(name, replace(secrets, keys={**secrets.keys, **openers}), version, key)


@dataclass(frozen=True)
class Built:
    """A built site that is to be searched. `shown` is its folder as people know it, `paths` are those of its files."""

    folder: Path
    shown: str
    paths: tuple[str, ...]
    secrets: Secrets
    key: PlanKey | None = None


def searched(site: Built) -> list[Problem]:
    """What of a built site may not go out: PM803 for each file, and each reason. A protected one is opened, as its readers will open it."""
    hint = "see where it comes from: the theme, a file that the plan shares"

    def read(path: str) -> bytes:
        return (site.folder / path).read_bytes()

    files = in_the_open(site.paths, read, site.key) if site.key else ((path, read(path)) for path in site.paths)
    try:
        return [
            Problem("PM803", why, Location(f"{site.shown}/{path}"), hint)
            for path, data in files
            for why in wrong_in(path, data, site.secrets)
        ]
    except NotOpenError as error:
        text, hint = "this does not open with the plan's key, so that nobody could read it", "remove it, and publish again: it is made anew"
        return [Problem("PM808", text, Location(f"{site.shown}/{error}"), hint)]


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
