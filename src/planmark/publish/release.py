"""A release: a built site, a page that says it is gone, or an earlier version, on its way to a target."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from planmark import __version__
from planmark.build.state import Record
from planmark.content.kinds import media_type
from planmark.content.tree import digest_bytes
from planmark.extensions.targets import Published, Release, SiteFile
from planmark.plan.headers import cache_of
from planmark.targets.layout import order

KEEP = 5
"""So many versions before the one that is out stay, to go back to, and with their assets."""


def fingerprint(record: Record) -> str:
    """A digest of a built site, by which a target's version is known to be the same: the same plan gives the same one on any machine."""
    return digest_bytes("\n".join(f"{path} {one.digest}" for path, one in sorted(record.outputs.items())).encode())


def next_version(now: datetime, before: str) -> str:
    """The name of a version that is put out now: later than the one before it, whatever the clocks of two machines say."""
    moment = now.astimezone(UTC)
    if before:
        moment = max(moment, moment_of(before) + timedelta(milliseconds=1))
    return moment.strftime("%Y%m%dT%H%M%S.") + f"{moment.microsecond // 1000:03}Z"


def moment_of(version: str) -> datetime:
    """When a version was put out, by its name."""
    return datetime.strptime(version, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)


def release_of(folder: Path, published: Published, paths: Iterable[str], before: str, keep: int = KEEP) -> Release:
    """The site in a folder as a release. `published` has all but the files."""
    return _release(published, {path: (folder / path).read_bytes for path in paths}, before, keep)


def release_of_bytes(files: Mapping[str, bytes], published: Published, before: str) -> Release:
    """A site of a few bytes that takes the place of all versions there are."""
    return _release(published, {path: partial(bytes, data) for path, data in files.items()}, before, 0)


def release_again(read: Callable[[Published, SiteFile], bytes], earlier: Published, version: str, before: str) -> Release:
    """An earlier version once more, under a new name: who has the page open that it takes the place of finds that one's assets."""
    new = replace(earlier, version=version, again=earlier.again or earlier.version, kept=())
    return Release(published=new, read=lambda file: read(earlier, file), before=before, keep=KEEP)


def new_version(
    site: str, deal: str, owner: str, now: datetime, before: str, day: str = "", built: str = "", draft: bool = False, sealed: str = ""
) -> Published:
    """What is to be remembered of a version, its files aside."""
    return Published(
        site=site,
        version=next_version(now, before),
        deal=deal,
        owner=owner,
        day=day,
        tool=f"planmark {__version__}",
        built=built,
        files=(),
        draft=draft,
        gone=not built,
        sealed=sealed,
    )


def _release(published: Published, reads: Mapping[str, Callable[[], bytes]], before: str, keep: int) -> Release:
    files = []
    for path in sorted(reads, key=lambda path: (order(path), path)):
        data = reads[path]()
        files.append(
            SiteFile(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type(path), cache=cache_of(path))
        )
    return Release(published=replace(published, files=tuple(files)), read=lambda file: reads[file.path](), before=before, keep=keep)
