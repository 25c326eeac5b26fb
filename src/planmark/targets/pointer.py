"""Which version of a site is out, and who is at work on the next one: one small object that is only ever written over what was read.

Whoever would publish claims the site in it first. A claim ends with the publisher: on the same machine that is seen at once, by a lock
that the system takes from a process that is killed; elsewhere after LEASE seconds without a sign of life, by the store's clock.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import IO

from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets.refusals import somebody_else
from planmark.targets.stores import NEVER, AwayError, Store, Tag, UnconditionalError

FORMAT = 1
LEASE = 300.0
"""Seconds after which a claim counts no more, if its publisher gave no sign of life."""
SIGN = 60.0
"""Seconds between two signs of life."""
PRIVATE = ("application/json", "no-store")
_VERSION = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{3}Z|")
_TOKEN = re.compile(r"[0-9a-f]{32}|")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What is out of a site. `earlier` are the versions before it, newest first; `tags` what the store called the files that it has."""

    version: str = ""
    earlier: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    """Whether what readers get is that version and nothing else: not while the next one is on its way, nor after that was cut off."""
    by: str = ""
    """The token of whoever is publishing; empty where nobody is."""
    sign: int = 0
    """Counts signs of life, so that no two contents of the object are alike."""


def pointer_json(pointer: Pointer) -> bytes:
    """The pointer as it is written. `read_pointer` gives back the same."""
    data = {
        "format": FORMAT,
        "version": pointer.version,
        "earlier": list(pointer.earlier),
        "tags": dict(pointer.tags),
        "whole": pointer.whole,
        "by": pointer.by,
        "sign": pointer.sign,
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read_pointer(data: bytes) -> Pointer | None:
    """What a pointer says; None where it is none that this version of Planmark can read."""
    try:
        found = json.loads(data)
        pointer = Pointer(
            str(found["version"]),
            tuple(str(one) for one in found["earlier"]),
            {str(path): str(tag) for path, tag in found["tags"].items()},
            bool(found["whole"]),
            str(found["by"]),
            int(found["sign"]),
        )
        known = all(_VERSION.fullmatch(one) for one in (pointer.version, *pointer.earlier)) and _TOKEN.fullmatch(pointer.by)
        if b"\\u" in data:
            pointer_json(pointer)  # half of a pair of surrogates could be read, and never be written again
        return pointer if found["format"] == FORMAT and known else None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def pointer_path(site: str) -> str:
    """Where a site's pointer is."""
    return f"{site}/current.json"


class Claim:
    """A site that is ours alone. `pointer` is what was out when it was claimed, and then what was written since.

    PlanmarkError (PM804) from every method as soon as it is somebody else's.
    """

    def __init__(self, state: Store, site: str, by: str) -> None:
        self.state, self.site, self.by = state, site, by
        self.path = pointer_path(site)
        self.conditional = True
        """Whether the store refuses what it should."""
        self.ours = False
        """Whether the store may say that it is."""
        self.pointer, self._tag = self._read()
        self._one_at_a_time = Lock()
        self._since = self._last = 0.0

    def take(self) -> None:
        """Claim it, and see whether the store would have refused somebody else."""
        if self.pointer.by and not self._ended():
            raise PlanmarkError(self._other(f"; one that was cut off is in nobody's way after {LEASE / 60:.0f} minutes"))
        new = self._tag is None
        self._write(replace(self.pointer, by=self.by, whole=False))
        self.conditional = self.conditional and self._refuses(new)

    def sign(self) -> None:
        """Say that we are still at it, if it is time to."""
        with self._one_at_a_time:
            if self._silence() > SIGN:
                self._write(self.pointer)

    def switch(self, version: str, earlier: tuple[str, ...], tags: Mapping[str, str], last: bool) -> None:
        """From now on this version is out; with nothing to do after that, the site is no longer ours."""
        by = "" if last else self.by
        with self._one_at_a_time:
            self._write(replace(self.pointer, version=version, earlier=earlier, tags=tags, whole=True, by=by))
            self.ours = not last

    def leave(self) -> None:
        """Let others at it."""
        with self._one_at_a_time:
            self._write(replace(self.pointer, by=""))
            self.ours = False

    def _read(self) -> tuple[Pointer, Tag | None]:
        found = self.state.get(self.path)
        if found is None:
            return Pointer(), None
        pointer = read_pointer(found[0])
        if pointer is None:
            text = "what is remembered of this plan there is nothing that this version of Planmark can read"
            hint = "update Planmark; or remove that object, if nothing of the plan is out"
            raise PlanmarkError(Problem("PM805", text, Location(f"{self.state.where}{self.path}"), hint))
        return pointer, found[1]

    def _write(self, pointer: Pointer) -> None:
        """Over what was read or written last, and nothing else."""
        self.ours = True
        pointer = replace(pointer, sign=self.pointer.sign + 1)
        data = pointer_json(pointer)
        try:
            tag = self._write_if_ours(data) if self.conditional else self._write_after_a_look(data)
        except UnconditionalError:
            self.conditional = False
            tag = self._write_after_a_look(data)
        if tag is None:
            self.ours = False
            raise PlanmarkError(self._other())
        self.pointer, self._tag = pointer, tag
        self._since, self._last = time.monotonic(), time.time()

    def _write_if_ours(self, data: bytes) -> Tag | None:
        over = self._tag
        tag = self.state.put_over(self.path, data, *PRIVATE, over) if over else self.state.put_new(self.path, data, *PRIVATE)
        if tag is None and (found := self.state.get(self.path)) and found[0] == data:
            return found[1]  # it was written; the answer was lost, and what was refused is the second try
        return tag

    def _write_after_a_look(self, data: bytes) -> Tag | None:
        found = self.state.get(self.path)
        same = (found[1].bare if found else None) == (self._tag.bare if self._tag else None)
        return self.state.put(self.path, data, *PRIVATE) if same else None

    def _silence(self) -> float:
        """Seconds since the last sign of life; a machine that slept in between did not count all of them."""
        return max(time.monotonic() - self._since, time.time() - self._last)

    def _refuses(self, new: bool) -> bool:
        """Whether the store refuses to write over what was not seen: the same bytes, so that it does no harm where they are taken."""
        data = pointer_json(self.pointer)
        try:
            tag = self.state.put_new(self.path, data, *PRIVATE) if new else None
            tag = tag or self.state.put_over(self.path, data, *PRIVATE, NEVER)
        except UnconditionalError:
            return False
        self._tag = tag or self._tag
        return tag is None

    def _ended(self) -> bool:
        """Whether the one who claimed it is no more."""
        if _ended_here(self.pointer.by):
            return True
        asked = f"{self.site}/asked-{self.by}"
        self.state.put(asked, b"", *PRIVATE)
        found = {one.path: one.changed for one in self.state.list(f"{self.site}/")}
        self.state.delete(asked)
        now, then = found.get(asked.rpartition("/")[2]), found.get(self.path.rpartition("/")[2])
        return now is not None and then is not None and (now - then).total_seconds() > LEASE

    def _other(self, hint: str = "") -> Problem:
        found = somebody_else(f"{self.state.where}{self.site}")
        return replace(found, hint=found.hint + hint)


@contextmanager
def claimed(state: Store, site: str, wanted: Callable[[Pointer], None]) -> Iterator[Claim]:
    """Claim a site while the context lasts, if `wanted` says nothing against what is out. PlanmarkError (PM804) where it is not ours."""
    by, lock = _begun()
    claim = None
    try:
        claim = Claim(state, site, by)
        wanted(claim.pointer)
        claim.take()
        yield claim
    except AwayError:  # it cannot be told either: the lock says so on this machine, and elsewhere our silence does
        raise
    except BaseException:
        _left(claim)
        raise
    else:
        _left(claim)
    finally:
        _end(by, lock, told=claim is None or not claim.ours)


def _left(claim: Claim | None) -> None:
    """Leave, if it is ours; all that was to be done is done, or told of already."""
    if claim and claim.ours:
        with suppress(PlanmarkError):
            claim.leave()


def _sign_of(token: str) -> Path:
    return Path(tempfile.gettempdir()) / f"planmark-{token}.claim"


def _begun() -> tuple[str, IO[bytes] | None]:
    """A token, and a file of that name, locked for as long as this process lives; without locks, whoever is cut off is waited for."""
    token = secrets.token_hex(16)
    with suppress(ImportError, OSError):
        import fcntl

        file = os.fdopen(os.open(_sign_of(token), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b")  # nobody else may hold it
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _end(token, file, told=True)
        else:
            return token, file
    return token, None


def _end(token: str, file: IO[bytes] | None, told: bool) -> None:
    """Give the lock back. The file stays where the store could not be told: by it the next one here knows that we are no more."""
    if file:
        if told:
            _sign_of(token).unlink(missing_ok=True)
        file.close()


def _ended_here(token: str) -> bool:
    """Whether a publisher was at work on this machine, and is no more."""
    try:
        with _sign_of(token).open("r+b") as file:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sign_of(token).unlink(missing_ok=True)
            return True
    except (ImportError, OSError):  # it is at work, or was on another machine
        return False
