"""A sealed site read back with the plan's key: everything in it, as its readers get it. What does not open is told by its name."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from planmark.content.access.keys import PlanKey
from planmark.site.sealed.manifest import ENTRY, MANIFEST
from planmark.site.sealed.objects import Sealing

_SEALED = re.compile(r"assets/[0-9a-f]{32}\.bin")
_LOCK = re.compile(r' data-lock="([^"]*)"')


class NotOpenError(Exception):
    """A file of the site, named by the argument, does not open, or nothing leads to it."""


def in_the_open(paths: Iterable[str], read: Callable[[str], bytes], key: PlanKey) -> Iterator[tuple[str, bytes]]:
    """Every file of a sealed site by the path that it has for readers: what is public, then what was sealed. Raises NotOpenError."""
    sealing, left = Sealing(key), set(paths)
    lock = _lock(read(ENTRY))
    manifest = _opened(sealing, MANIFEST, lock, read, left)
    try:
        files: dict[str, Any] = json.loads(manifest)["files"]
        wanted = [(path, str(one["name"]), str(one["digest"])) for path, one in files.items()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotOpenError(lock) from None
    for path in sorted(left.difference(name for _, name, _ in wanted)):
        if _SEALED.fullmatch(path):
            raise NotOpenError(path)
        yield path, read(path)
    for path, name, digest in wanted:
        yield path, _opened(sealing, path, name, read, left, digest)


def _lock(page: bytes) -> str:
    """The manifest's name, as the lock page says it."""
    found = _LOCK.search(page.decode("utf-8", "replace"))
    try:
        return str(json.loads(html.unescape(found[1]))["manifest"]) if found else ""
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _opened(sealing: Sealing, path: str, name: str, read: Callable[[str], bytes], left: set[str], digest: str = "") -> bytes:
    if name not in left:
        raise NotOpenError(name or ENTRY)
    left.remove(name)
    found = sealing.open(path, read(name))
    if found is None or (digest and found.digest.hex() != digest):
        raise NotOpenError(name)
    return found.data
