"""A store in memory, whose clock and faults are a test's own, and what its readers get."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import RLock

from tests.publish.contract import Shown
from tests.publish.published import place

from planmark.problems import Location
from planmark.targets.objects import Objects
from planmark.targets.refusals import cannot_write
from planmark.targets.stores import AwayError, Found, Stores, Tag, UnconditionalError


@dataclass
class Memory:
    """One bucket. `before` is called with each operation and its path; `conditional` is what the store does with conditions."""

    conditional: str = "kept"
    """kept, ignored or refused."""
    digests: bool = True
    """Whether entity tags are digests, as S3's are."""
    before: Callable[[str, str], None] = lambda operation, path: None
    objects: dict[str, tuple[bytes, str, datetime]] = field(default_factory=dict)
    now: datetime = datetime(2026, 11, 9, 10, 15, tzinfo=UTC)
    where: str = "mem://plans/"
    lock: RLock = field(default_factory=RLock)
    tags: Iterator[int] = field(default_factory=lambda: count(1))

    def folders(self, prefix: str) -> list[str]:
        """From the names of objects."""
        self.before("folders", prefix)
        return sorted({path.removeprefix(prefix).partition("/")[0] for path in self.objects if "/" in path.removeprefix(prefix)})

    def list(self, prefix: str) -> Iterator[Found]:
        """By name."""
        self.before("list", prefix)
        for path, (data, tag, changed) in sorted(self.objects.items()):
            if path.startswith(prefix):
                yield Found(path.removeprefix(prefix), len(data), tag, changed)

    def get(self, path: str) -> tuple[bytes, Tag] | None:
        """As it is."""
        self.before("get", path)
        there = self.objects.get(path)
        return (there[0], Tag(f'"{there[1]}"')) if there else None

    def put(self, path: str, data: bytes, media_type: str, cache: str) -> Tag:
        """Whatever is there."""
        with self.lock:
            self.before("put", path)
            tag = hashlib.md5(data).hexdigest() if self.digests else f"0x{next(self.tags):X}"
            self.objects[path] = (data, tag, self.now)
            return Tag(f'"{tag}"')

    def put_new(self, path: str, data: bytes, media_type: str, cache: str) -> Tag | None:
        """If there is nothing."""
        return self._put_if(path not in self.objects, path, data, media_type, cache)

    def put_over(self, path: str, data: bytes, media_type: str, cache: str, tag: Tag) -> Tag | None:
        """If it is as it was."""
        there = self.objects.get(path)
        return self._put_if(there is not None and there[1] == tag.bare, path, data, media_type, cache)

    def _put_if(self, fits: bool, path: str, data: bytes, media_type: str, cache: str) -> Tag | None:
        if self.conditional == "refused":
            raise UnconditionalError
        with self.lock:
            if fits or self.conditional == "ignored":
                return self.put(path, data, media_type, cache)
            self.before("put", path)
            return None

    def delete(self, path: str) -> None:
        """If it is there."""
        with self.lock:
            self.before("delete", path)
            self.objects.pop(path, None)

    def later(self, seconds: float) -> None:
        """Its clock goes on."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Below(Memory):
    """What is below a prefix of another one."""

    def __init__(self, store: Memory, prefix: str) -> None:
        self.store, self.prefix, self.where = store, prefix, store.where + prefix

    def folders(self, prefix: str) -> list[str]:
        """There."""
        return self.store.folders(self.prefix + prefix)

    def list(self, prefix: str) -> Iterator[Found]:
        """There."""
        return self.store.list(self.prefix + prefix)

    def get(self, path: str) -> tuple[bytes, Tag] | None:
        """There."""
        return self.store.get(self.prefix + path)

    def put(self, path: str, data: bytes, media_type: str, cache: str) -> Tag:
        """There."""
        return self.store.put(self.prefix + path, data, media_type, cache)

    def put_new(self, path: str, data: bytes, media_type: str, cache: str) -> Tag | None:
        """There."""
        return self.store.put_new(self.prefix + path, data, media_type, cache)

    def put_over(self, path: str, data: bytes, media_type: str, cache: str, tag: Tag) -> Tag | None:
        """There."""
        return self.store.put_over(self.prefix + path, data, media_type, cache, tag)

    def delete(self, path: str) -> None:
        """There."""
        self.store.delete(self.prefix + path)


def shown(store: Memory) -> Shown:
    """A target in that store."""
    from pathlib import Path

    target = Objects("mem", (), lambda place: "", lambda place: Stores(store, Below(store, ".planmark/")))
    return Shown(target, place(Path("/nowhere")), lambda site, path: there[0] if (there := store.objects.get(f"{site}/{path}")) else None)


def faults(store: Memory, site: str = "acme-k") -> list[str]:
    """What a reader of a site's page would miss at this moment."""
    page = store.objects.get(f"{site}/index.html")
    wanted = re.findall(rb'"(assets/[^"#?]+)"', page[0]) if page else []
    return [path.decode() for path in wanted if f"{site}/{path.decode()}" not in store.objects]


def away(path: str) -> AwayError:
    """No answer."""
    return AwayError(cannot_write(str(Location(path)), "the connection broke off", "try again"))
