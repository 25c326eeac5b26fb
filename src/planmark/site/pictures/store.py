"""Where what was drawn lies between builds: files whose names say what is in them, so that none of them is ever out of date."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

PICTURES = "pictures"
"""The store's folder beside the state."""


class Store:
    """A folder of drawn files. One that only looks draws nothing: what isn't there is empty."""

    def __init__(self, folder: Path, only_looks: bool = False) -> None:
        self.folder, self.only_looks = folder, only_looks

    def get(self, name: str, draw: Callable[[], bytes]) -> bytes:
        """The bytes under `name`, a path in a site; drawn, and kept, where they aren't there. A store that cannot be written is no harm."""
        place = self.folder / name.rpartition("/")[2]
        try:
            return place.read_bytes()
        except OSError:
            pass
        if self.only_looks:
            return b""
        data = draw()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh = place.with_name(f".{os.getpid()}.{place.name}")
            fresh.write_bytes(data)
            fresh.replace(place)  # two workers may draw the same: the last one's takes the place, and it is the same
        except OSError:
            pass
        return data

    def sweep(self, wanted: Iterable[str]) -> None:
        """Remove the pictures that no site has any more; what is known of documents stays. `wanted` are names, without folders."""
        keep = set(wanted)
        try:
            entries = list(os.scandir(self.folder))
        except OSError:
            return
        for entry in entries:
            if entry.name not in keep and not entry.name.endswith(".json"):
                Path(entry.path).unlink(missing_ok=True)
