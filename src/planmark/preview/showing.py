"""What all answers share: the last picture, the names we go by, the open pages."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any, Protocol

from planmark.preview.acts import Acts
from planmark.preview.answers import state
from planmark.preview.names import Names
from planmark.preview.picture import Picture
from planmark.preview.rebuilding import OUTPUT, Rebuilding

PATIENCE = 1.0
"""So many seconds a request waits for a build that concerns it; then it gets what there is, and a reload follows."""


class Listener(Protocol):
    """An open page."""

    @property
    def is_here(self) -> bool:
        """Whether it is open on the server's own machine."""

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message to the page."""


class Showing:
    """Lives on the server's loop; nothing here but `make_pdf` and `close_plan` is called from another thread."""

    def __init__(self, root: Path, names: Names, rebuilding: Rebuilding, acts: Acts | None = None) -> None:
        self.sites = root / OUTPUT / "sites"
        self.names = names
        self.picture = rebuilding.picture
        self.begun = f"{time.time_ns():x}-{os.getpid():x}"
        self._rebuilding = rebuilding
        self._acts = acts
        self._opened: set[str] = set()
        self._listeners: dict[Listener, str] = {}
        self._built = asyncio.Event()

    def publish(self, picture: Picture) -> None:
        """There was a build. Every open page hears how things stand; those that it changed are to reload."""
        before, self.picture = self.picture, picture
        self._built.set()
        self._built = asyncio.Event()
        states: dict[tuple[str, bool], dict[str, Any]] = {}
        for listener, folder in list(self._listeners.items()):
            mine = folder, listener.is_here
            if mine not in states:
                states[mine] = state(picture, folder, self.begun, listener.is_here)
            if picture.version(folder) != before.version(folder):
                listener.tell({"command": "reload", "path": f"/sites/{folder}/" if folder else "/", "liveCSS": False})
            listener.tell(states[mine])
        self._look()
        if self._acts:
            changed = [deal for deal, folder in picture.sites.items() if picture.version(folder) != before.version(folder)]
            if self._opened.intersection(changed):
                asyncio.get_running_loop().run_in_executor(None, self._acts.built, changed)

    async def opened(self, folder: str) -> None:
        """A page of the site in `folder` is asked for: before it is shown, its forms are ready to be taken in."""
        deal = self.picture.deal_of(folder)
        if deal and self._acts and deal not in self._opened:
            self._opened.add(deal)
            await asyncio.get_running_loop().run_in_executor(None, self._acts.open, deal)

    def make_pdf(self, deal: str) -> bytes | None:
        """The deal's plan on paper, made now. Called from another thread, for it takes its time."""
        return self._rebuilding.make_pdf(deal)

    def close_plan(self, deal: str) -> bytes | None:
        """The deal's internal page as it stands now; None where the deal has errors. Called from another thread, as above."""
        return self._rebuilding.close_plan(deal)

    def join(self, listener: Listener, folder: str) -> None:
        """A page is open. It hears at once how things stand, for something may have happened since it was loaded."""
        self._listeners[listener] = folder
        listener.tell(state(self.picture, folder, self.begun, listener.is_here))
        self._look()

    def leave(self, listener: Listener) -> None:
        """A page was closed."""
        if self._listeners.pop(listener, None) is not None:
            self._look()

    async def settled(self, folder: str) -> None:
        """Return when the site in `folder` has in it what is known to have changed, or after `PATIENCE`."""
        deal = self.picture.deal_of(folder)
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while deal and not self._rebuilding.is_fresh(deal) and loop.time() < end:
            built = self._built
            self._rebuilding.wish(deal)
            try:
                await asyncio.wait_for(built.wait(), end - loop.time())
            except TimeoutError:
                return

    def _look(self) -> None:
        deals = {self.picture.deal_of(folder) for folder in self._listeners.values()}
        self._rebuilding.look_at(frozenset(deal for deal in deals if deal))
        if self._acts:
            self._acts.looked_at = bool(self._listeners)
