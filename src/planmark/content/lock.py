"""One at a time in a workspace, for comfort, and one clear problem where it cannot be written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planmark.problems import Location, PlanmarkError, Problem


@contextmanager
def alone(folder: Path, dry_run: bool = False, name: str = "lock") -> Iterator[None]:
    """One build, or one pull, at a time in a workspace: a second one waits for the first."""
    if dry_run:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("a") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except (ImportError, OSError):  # Windows and some network folders have no flock; there the same work is done twice
            pass
        yield


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
"""What a write may say of its disk. It does not name the file."""


@contextmanager
def writing(root: Path, output: Path) -> Iterator[None]:
    """Turn an error of the system that is about `output`, or about room on a disk, into a problem. Every other one goes on."""
    try:
        yield
    except OSError as error:
        names = [Path(str(name)) for name in (error.filename2, error.filename) if name]
        place = next((name for name in names if name.is_relative_to(output)), None if names else output)
        if place is None or (not names and error.errno not in NO_ROOM):
            raise
        message = f"the output cannot be written: {error.strerror}"
        where = Location(place.relative_to(root).as_posix())
        raise PlanmarkError(Problem("PM608", message, where, "check the folder's permissions and the free space")) from None
