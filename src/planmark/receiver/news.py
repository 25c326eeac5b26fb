"""Telling the team that something came, on a thread of its own. It tells what was done on which item, and neither names nor texts."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterable

from planmark.receiver.config import Config
from planmark.receiver.registration import Registration
from planmark.telling import Batch, News

_LOOK_SECONDS = 0.2
"""How exactly the time between two messages is kept."""


def news_of(plan: Registration, on: str, kind: str) -> News:
    """The news of one act, and whom of the team it concerns."""
    to = dict.fromkeys([*plan.tell.get("", ()), *plan.tell.get(on, ())])
    return News(plan.name, tuple(to), f"{kind}: {on}")


class Newsroom:
    """Gathers news and tells them together. Nothing waits for it, and nothing that goes wrong with it reaches a buyer."""

    def __init__(self, config: Config) -> None:
        self._batch = Batch(config.ways, config.tell_every, time.monotonic)
        self._came: queue.SimpleQueue[list[News]] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        if config.ways:
            self._thread = threading.Thread(target=self._run, name="receiver-news", daemon=True)
            self._thread.start()

    def add(self, news: Iterable[News]) -> None:
        """Take in what was just committed. Returns at once, however long somebody is being told."""
        if self._thread:
            self._came.put(list(news))

    def close(self) -> None:
        """Tell what waits, and end."""
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self._tell(only_due=True)
        self._tell(only_due=False)

    def _tell(self, only_due: bool) -> None:
        while not self._came.empty():
            self._batch.add(self._came.get())
        ready = self._batch.due() or not only_due
        for problem in self._batch.tell() if ready else []:
            logging.getLogger("planmark.receiver").warning(problem.message)
