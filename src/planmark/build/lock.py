"""One build at a time in a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planmark.content.layout import BUILD
from planmark.problems import Location, PlanmarkError, Problem


@contextmanager
def alone(folder: Path, dry_run: bool) -> Iterator[None]:
    """One build at a time in a workspace: a second one waits for the first."""
    if dry_run:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise PlanmarkError(
            Problem(
                "PM608",
                f"the output folder cannot be written: {error.strerror}",
                Location(BUILD),
                "check its permissions",
            )
        ) from None
    with lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:  # Windows has no flock; a second build there only does the same work twice
            pass
        yield
