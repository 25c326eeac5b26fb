"""What the targets at object stores have in common: many objects under fixed names, none of which can be renamed, and no switch for all.

plans/northwind-k7w2…/index.html                                what readers get
plans/.planmark/northwind-k7w2…/current.json                    which version that is, and who is at work on the next
plans/.planmark/northwind-k7w2…/20261109T101500.123Z.json       a version's manifest
plans/.planmark/northwind-k7w2…/files/4bf5…                     what stands under the same name in each version, by its digest
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from threading import Lock
from typing import TypeVar

from planmark.extensions.targets import Place, Published, Release, SiteFile, Step
from planmark.problems import PlanmarkError
from planmark.targets.layout import assets_before, order
from planmark.targets.manifest import manifest_json, read_manifest
from planmark.targets.pointer import PRIVATE, SIGN, Claim, Pointer, claimed, pointer_path, read_pointer
from planmark.targets.refusals import cannot_read, changed_on_the_way, somebody_else
from planmark.targets.stores import Found, Store, Stores

AT_ONCE = 8
"""Files that are sent at one time."""
LOOKING = 32
"""Small objects that are read at one time: with a thousand plans out there are two thousand."""
LARGE = 1024 * 1024
"""Bytes from which files are sent one by one: several would share a slow line, and fill memory."""
_SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_ALONE = (
    "the store does not refuse what it is asked to refuse (conditional writes), so two who publish this plan at the same moment "
    "may mix their versions: let one machine publish, or use a store that has them"
)
T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True)
class Objects:
    """A kind of object store. `wrong_settings` and `opened` are its own; all else is the same for each."""

    kind: str
    takes: tuple[str, ...]
    wrong_settings: Callable[[Place], str]
    opened: Callable[[Place], Stores]

    def wrong(self, place: Place) -> str:
        """Which settings are missing, or cannot be."""
        return self.wrong_settings(place)

    def published(self, place: Place) -> Iterator[Published]:
        """Every site whose pointer names a version with a manifest."""
        state = self.opened(place).state
        sites = [site for site in state.folders("") if _SITE.fullmatch(site)]
        yield from (one for one in _each(partial(_out, state), sites) if one)

    def versions(self, place: Place, site: str) -> tuple[Published, ...]:
        """The one that is out, and those before it of which nothing is missing."""
        stores = self.opened(place)
        pointer = _pointer(stores.state, site)
        current = _manifest(stores.state, site, pointer.version)
        if current is None:
            return ()
        shown = {one.path: one.size for one in stores.public.list(f"{site}/")}
        held = {one.path.removeprefix("files/") for one in stores.state.list(f"{site}/")}
        there = {(file.path, file.sha256) for file in (*current.files, *current.kept) if shown.get(file.path) == file.size}
        earlier = _each(partial(_manifest, stores.state, site), pointer.earlier)
        whole = (one for one in earlier if one and all(file.sha256 in held or (file.path, file.sha256) in there for file in one.files))
        return (current, *whole)

    def read(self, place: Place, published: Published, file: SiteFile) -> bytes:
        """A file of a version: what stands under one name in each is kept by its digest, all else stands where readers get it."""
        stores = self.opened(place)
        held = _held(file)
        found = stores.state.get(f"{published.site}/{held}") if held else stores.public.get(f"{published.site}/{file.path}")
        if found is None or _digest(found[0]) != file.sha256:
            why = "what it holds is not what was published" if found else "it is gone"
            raise PlanmarkError(cannot_read(f"{stores.public.where}{published.site}/{file.path}", why, "publish the plan anew"))
        return found[0]

    def publish(self, place: Place, release: Release) -> Iterator[Step]:
        """Claim the site; then files, each group after the one before it; the pointer; and what nobody needs any more."""
        stores, new = self.opened(place), release.published

        def wanted(pointer: Pointer) -> None:
            out = _manifest(stores.state, new.site, pointer.version)
            if (out.version if out else "") != release.before:
                raise PlanmarkError(somebody_else(f"{stores.public.where}{new.site}"))

        with claimed(stores.state, new.site, wanted) as claim:
            if not claim.conditional:
                yield Step("said", _ALONE)
            yield from _Publishing(stores, release, claim).run()


def _held(file: SiteFile) -> str:
    """Where a file's bytes are kept for later versions; empty for assets, whose names no other bytes get."""
    return "" if file.path.startswith("assets/") else f"files/{file.sha256}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _pointer(state: Store, site: str) -> Pointer:
    """What is out; nothing, where it cannot be read."""
    found = state.get(pointer_path(site))
    return (read_pointer(found[0]) if found else None) or Pointer()


def _out(state: Store, site: str) -> Published | None:
    """What is out. Where a publisher was cut off it is not known to be whole, so it is like no built site: publishing mends it."""
    pointer = _pointer(state, site)
    found = _manifest(state, site, pointer.version)
    return found if found is None or pointer.whole else replace(found, built="")


def _manifest(state: Store, site: str, version: str) -> Published | None:
    found = state.get(f"{site}/{version}.json") if version else None
    read = read_manifest(found[0]) if found else None
    return read if read and (read.site, read.version) == (site, version) else None


def _each(do: Callable[[T], S], these: Iterable[T]) -> list[S]:
    """Do the same to each, several at a time."""
    with _several(LOOKING) as pool:
        return list(pool.map(do, these))


@contextmanager
def _several(most: int) -> Iterator[ThreadPoolExecutor]:
    """Threads; what has not begun when something goes wrong never does."""
    pool = ThreadPoolExecutor(most, thread_name_prefix="planmark-store")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass
class _Publishing:
    stores: Stores
    release: Release
    claim: Claim
    large: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        state, new, pointer = self.stores.state, self.release.published, self.claim.pointer
        self.site = new.site
        self.there = {one.path: one for one in self.stores.public.list(f"{self.site}/")}
        self.held = {one.path: one for one in state.list(f"{self.site}/")}
        names = [path.removesuffix(".json") for path in self.held if path.endswith(".json") and path != "current.json"]
        found = _each(partial(_manifest, state, self.site), [name for name in names if name != new.version])
        self.manifests = {one.version: one for one in found if one}
        """Of every version of which something may be there, one that never came to be out among them."""
        out = self.manifests.get(pointer.version)
        earlier = (pointer.version, *pointer.earlier) if out else pointer.earlier
        self.stay = [self.manifests[name] for name in earlier if name in self.manifests][: self.release.keep]
        known = (*out.files, *out.kept) if out else ()
        self.known = {file for file in known if self._tagged(file.path)}
        """What is there as it was when the version that is out was sent."""
        self.kept = tuple(file for file in assets_before(self.stay, new.files) if file in self.known)
        self.tags = {file.path: self.there[file.path].etag for file in self.kept}

    def _tagged(self, path: str) -> bool:
        there = self.there.get(path)
        return there is not None and there.etag == self.claim.pointer.tags.get(path)

    def run(self) -> Iterator[Step]:
        new = self.release.published
        manifest = manifest_json(replace(new, kept=self.kept))
        self.stores.state.put(f"{self.site}/{new.version}.json", manifest, *PRIVATE)  # first: by it the next one knows what we left
        yield from (Step("kept", file.path, file.size) for file in self.kept)
        held = {place: file for file in new.files if (place := _held(file)) and not self._holds(place, file)}
        self._all(self._hold, list(held.items()))
        for _, group in groupby(sorted(new.files, key=lambda file: order(file.path)), key=lambda file: order(file.path)):
            yield from self._in_order(self._send, list(group))  # all of them are there before the next group begins
        gone, unneeded = self._gone(), self._unneeded()
        self.claim.switch(new.version, tuple(one.version for one in self.stay), self.tags, last=not (gone or unneeded))
        yield Step("switched", self.site)
        yield from self._in_order(self._take_away, gone)
        self._all(lambda path: self.stores.state.delete(f"{self.site}/{path}"), unneeded)

    def _holds(self, place: str, file: SiteFile) -> bool:
        return place in self.held and self.held[place].size == file.size

    def _hold(self, one: tuple[str, SiteFile]) -> None:
        place, file = one
        self._write(self.stores.state, place, file, self.release.read(file), "application/octet-stream", PRIVATE[1])

    def _send(self, file: SiteFile) -> Step:
        there = self.there.get(file.path)
        if there and there.size == file.size and (file in self.known or self._left_by_another(file, there)):
            self.tags[file.path] = there.etag
            return Step("kept", file.path, file.size)
        with self.large if file.size >= LARGE else nullcontext():
            self.tags[file.path] = self._write(self.stores.public, file.path, file, self.release.read(file), file.media_type, file.cache)
        return Step("sent", file.path, file.size)

    def _left_by_another(self, file: SiteFile, there: Found) -> bool:
        """Whether one that was killed had sent it already; known where entity tags are digests."""
        listed = any(file in one.files for one in self.manifests.values())
        return listed and there.etag == _md5(self.release.read(file))

    def _write(self, store: Store, path: str, file: SiteFile, data: bytes, media_type: str, cache: str) -> str:
        """Send a file, and see that it is what arrived: by the store's digest where its entity tag is one, else by reading it back."""
        where = f"{self.site}/{path}"
        if _digest(data) != file.sha256:
            raise PlanmarkError(changed_on_the_way(file.path, "what is changing it while it is published"))
        self.claim.sign()
        tag = store.put(where, data, media_type, cache)
        if tag.bare != _md5(data):
            found = store.get(where)
            if found is None or found[0] != data:
                raise PlanmarkError(changed_on_the_way(f"{store.where}{where}", "the connection, and who else writes there"))
        return tag.bare

    def _gone(self) -> list[str]:
        """Files of the site that no version that stays has, of those that Planmark wrote; with nothing to stay, of all that there are."""
        stays = {file.path for file in (*self.release.published.files, *self.kept)}
        ours = {file.path for one in self.manifests.values() for file in (*one.files, *one.kept)}
        return [path for path in self.there if path not in stays and (path in ours or not self.release.keep)]

    def _unneeded(self) -> list[str]:
        """What is remembered of versions that do not stay."""
        versions = (self.release.published, *self.stay)
        needed = {f"{one.version}.json" for one in versions} | {_held(file) for one in versions for file in one.files} | {"current.json"}
        return [path for path in self.held if path not in needed]

    def _take_away(self, path: str) -> Step:
        self.stores.public.delete(f"{self.site}/{path}")
        return Step("removed", f"{self.site}/{path}")

    def _all(self, do: Callable[[T], None], these: Sequence[T]) -> None:
        for _ in self._in_order(do, these):
            pass

    def _in_order(self, do: Callable[[T], S], these: Sequence[T]) -> Iterator[S]:
        """Several at a time, what they gave in the order of what they were given; all the while it is said that we are at it."""
        if not these:
            return
        with _several(AT_ONCE) as pool:
            for future in [pool.submit(do, one) for one in these]:
                yield self._result(future)

    def _result(self, future: Future[S]) -> S:
        while True:
            self.claim.sign()
            try:
                return future.result(timeout=SIGN)
            except TimeoutError:
                if future.done():
                    raise


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
