"""The target `directory`: a folder that a web server shows. Every site is a link to one of its versions, and the switch is one rename.

plans/index.html                            says nothing: no server lists what is here
plans/northwind-k7w2…  →  .planmark/northwind-k7w2…/20261109T101500.123Z
plans/.planmark/northwind-k7w2…/20261109T101500.123Z/      a version: its files, and the assets of those before it
plans/.planmark/northwind-k7w2…/20261109T101500.123Z.json  its manifest
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from planmark.extensions.targets import Place, Published, Release, SiteFile, Step
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets.layout import NOTHING, STORE, assets_before
from planmark.targets.manifest import manifest_json, read_manifest
from planmark.targets.refusals import cannot_read, cannot_write, changed_on_the_way, somebody_else

SYNCS = 16
"""So many files are made to last at once."""


class Directory:
    """Folders and links below one folder."""

    kind = "directory"
    takes = ("path",)

    def wrong(self, place: Place) -> str:
        """Whether there is a folder to publish to: not the workspace, nor one inside or around it."""
        if not place.settings.get("path"):
            return f"write `path:` at `{place.name}`: the folder that your web server shows, such as /var/www/plans"
        home, workspace = _home(place), place.workspace.resolve()
        if home == workspace or home.is_relative_to(workspace) or workspace.is_relative_to(home):
            return f"write another `path:` at `{place.name}`: {home} and the workspace must not lie in each other"
        return ""

    def published(self, place: Place) -> Iterator[Published]:
        """Every link with a manifest behind it."""
        home = _home(place)
        with _reading(home):
            names = sorted(entry.name for entry in os.scandir(home) if entry.is_symlink()) if home.is_dir() else []
        for name in names:
            if found := _out(home, name):
                yield found

    def versions(self, place: Place, site: str) -> tuple[Published, ...]:
        """Newest first, from the one that is out: what is newer never was."""
        home = _home(place)
        current = _out(home, site)
        if current is None:
            return ()
        found = (_manifest(home, site, name) for name in _whole(home / STORE / site) if name <= current.version)
        return tuple(sorted((one for one in found if one), key=lambda one: one.version, reverse=True))

    def read(self, place: Place, published: Published, file: SiteFile) -> bytes:
        """A file of a version."""
        home = _home(place)
        with _reading(home):
            return (home / STORE / published.site / published.version / file.path).read_bytes()

    def publish(self, place: Place, release: Release) -> Iterator[Step]:
        """A new folder is filled, read back and made durable; then the link is replaced, and old versions go."""
        new, home = release.published, _home(place)
        store = home / STORE / new.site
        with _writing(home):
            _make_home(home)
            store.mkdir(parents=True, exist_ok=True)
            with _alone(store):
                current = _out(home, new.site)
                if (current.version if current else "") != release.before:
                    raise PlanmarkError(somebody_else(str(home / new.site)))
                if os.path.lexists(home / new.site) and not (home / new.site).is_symlink():
                    hint = "move it away: Planmark puts a link there"
                    raise PlanmarkError(
                        Problem("PM805", "something that Planmark did not put there is in the way", _at(home / new.site), hint)
                    )
                before = self.versions(place, new.site)
                _remove(store, keep={_led(home, new.site), *(one.version for one in before)})  # what a killed one left
                stay = before[: release.keep]
                part = store / f"{new.version}.part"
                try:
                    kept = _places(store, stay, assets_before(stay, new.files))
                    yield from _fill(part, release, {**_places(store, stay, new.files), **kept}, kept)
                    _write(store / f"{new.version}.json", manifest_json(replace(new, kept=tuple(kept))))
                    part.rename(store / new.version)
                    _sync(store)
                    _switch(home, new)
                except BaseException:
                    shutil.rmtree(part, ignore_errors=True)
                    raise
                yield Step("switched", new.site)
                for name in _remove(store, keep={new.version, *(one.version for one in stay)}):
                    yield Step("removed", f"{new.site} {name}")


def _home(place: Place) -> Path:
    return (place.workspace / Path(place.settings["path"]).expanduser()).resolve()


def _led(home: Path, site: str) -> str:
    """The version that the link of a site leads to; empty where there is no link of ours."""
    try:
        above, _, version = (home / site).readlink().as_posix().rpartition("/")
    except OSError:
        return ""
    return version if above == f"{STORE}/{site}" else ""


def _out(home: Path, site: str) -> Published | None:
    """What readers of a site get."""
    version = _led(home, site)
    return _manifest(home, site, version) if version else None


def _manifest(home: Path, site: str, version: str) -> Published | None:
    try:
        found = read_manifest((home / STORE / site / f"{version}.json").read_bytes())
    except OSError:
        return None
    return found if found and (found.site, found.version) == (site, version) else None


def _whole(store: Path) -> list[str]:
    """The names of versions that were filled to the end."""
    return [entry.name for entry in os.scandir(store) if entry.is_dir() and not entry.name.endswith(".part")] if store.is_dir() else []


def _make_home(home: Path) -> None:
    for folder in (home, home / STORE):
        folder.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(folder / "index.html"):
            _write(folder / "index.html", NOTHING)


Places = dict[SiteFile, Path]


def _places(store: Path, before: Sequence[Published], wanted: Iterable[SiteFile]) -> Places:
    """Where earlier versions have the files that are wanted, newest first. What a disk or somebody changed there is not among them."""
    there = {(file.path, file.sha256): store / one.version / file.path for one in reversed(before) for file in one.files}
    found = ((file, there.get((file.path, file.sha256))) for file in wanted)
    return {file: place for file, place in found if place and _digest(place) == file.sha256}


def _fill(folder: Path, release: Release, there: Places, kept: Iterable[SiteFile]) -> Iterator[Step]:
    """The folder of a version that nobody reads yet. What an earlier version has is linked; all else is sent and read back."""
    made, sent = {folder}, {}
    folder.mkdir()
    for file in (*kept, *release.published.files):
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        made |= {one for one in target.parents if one.is_relative_to(folder)}
        earlier = there.get(file)
        if earlier and _linked(earlier, target):
            yield Step("kept", file.path, file.size)
            continue
        target.write_bytes(earlier.read_bytes() if earlier else release.read(file))
        sent[target] = file.sha256
        yield Step("sent", file.path, file.size)
    _make_last(sent)
    for target, sha256 in sent.items():
        if _digest(target) != sha256:
            raise PlanmarkError(changed_on_the_way(str(target), "the disk"))
    for one in made:
        _sync(one)


def _linked(earlier: Path, target: Path) -> bool:
    """Whether a file could be had a second time without being written."""
    try:
        os.link(earlier, target)
    except OSError:  # no hard links there, or too many of this one: then it is copied
        return False
    return True


def _switch(home: Path, new: Published) -> None:
    """At one instant readers get the new version: a link is made beside the old one and renamed over it."""
    link = home / STORE / new.site / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(f"{STORE}/{new.site}/{new.version}")
    link.replace(home / new.site)
    _sync(home)


def _remove(store: Path, keep: set[str]) -> list[str]:
    """Remove every version but those, and what was left of unfinished ones. A folder is set aside first: never half of one by its name."""
    gone = []
    for entry in sorted(os.scandir(store), key=lambda one: one.name):
        if entry.name == "lock" or entry.name.removesuffix(".json") in keep:
            continue
        if entry.is_dir(follow_symlinks=False):
            aside = Path(entry.path) if entry.name.endswith(".part") else store / f"{entry.name}.part"
            Path(entry.path).replace(aside)
            shutil.rmtree(aside)
            gone.append(entry.name)
        else:
            Path(entry.path).unlink(missing_ok=True)
    return gone


def _write(path: Path, data: bytes) -> None:
    """Write a file whole, and make it last: a name never stands for half of it."""
    half = path.with_name(f".{path.name}.half")
    with open(half, "wb", opener=_no_link) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _make_last(files: Iterable[Path]) -> None:
    """Make written files last, many at once: a disk takes hardly longer for them together than for one."""
    from concurrent.futures import ThreadPoolExecutor

    def sync(path: Path) -> None:
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    with ThreadPoolExecutor(SYNCS) as pool:
        for _ in pool.map(sync, files):
            pass


def _sync(folder: Path) -> None:
    """Make what a folder lists last, where the system can."""
    with suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _digest(path: Path) -> str:
    """The file's digest; empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """One publisher of a site at a time. A second one is told so, and waits for nobody."""
    with open(store / "lock", "a", opener=_no_link) as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlanmarkError(somebody_else(str(store))) from None
        except (ImportError, OSError):  # no flock on Windows and some network folders: there what is out is compared, no more
            pass
        yield


def _no_link(path: str, flags: int) -> int:
    """Open a file, and nothing that a link leads to which others may have put there, where the system can tell."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _at(path: Path) -> Location:
    return Location(str(path))


@contextmanager
def _reading(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlanmarkError(cannot_read(str(error.filename or home), error.strerror or str(error), "check its permissions")) from None


@contextmanager
def _writing(home: Path) -> Iterator[None]:
    """Turn an error of the system into a problem. Readers have what they had: nothing is switched before all of it is there."""
    try:
        yield
    except OSError as error:
        hint = f"check the permissions and the free space of {home}"
        raise PlanmarkError(cannot_write(str(error.filename or home), error.strerror or str(error), hint)) from None
