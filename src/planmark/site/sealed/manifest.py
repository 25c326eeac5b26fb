"""The sealed manifest: which files a protected site has, in which version, and under which names. The lock page names it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planmark.content.access.slots import written
from planmark.site.sealed.objects import Sealed

FORMAT = 1
MANIFEST = "manifest"
"""The path under which a manifest is sealed. No file of a site is called so."""
ENTRY = "index.html"


@dataclass(frozen=True, slots=True)
class Lock:
    """What the lock page holds of a plan: nothing that leads to whose it is. `manifest` is the manifest's name in the site."""

    plan: str
    salt: bytes
    iterations: int
    manifest: str
    slots: tuple[bytes, ...]

    def as_json(self) -> str:
        """The value of the page's attribute `data-lock`, before it is escaped."""
        return _canonical(
            {
                "format": FORMAT,
                "plan": self.plan,
                "salt": written(self.salt),
                "iterations": self.iterations,
                "manifest": self.manifest,
                "slots": [written(one) for one in self.slots],
            }
        )


def manifest_text(day: str, files: Iterable[tuple[Sealed, str]]) -> bytes:
    """The manifest of sealed files, each with its media type. `day` (ISO) is the one that the site was built for."""
    found = {one.path: {"name": one.name, "digest": one.digest.hex(), "size": one.size, "type": media_type} for one, media_type in files}
    return _canonical({"format": FORMAT, "day": day, "entry": ENTRY, "files": found}).encode()


def _canonical(data: Mapping[str, object]) -> str:
    """JSON in one spelling: keys in order, no spaces, letters as they are."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
