"""No layout runs for ever, and none takes the memory of the machine: the library may be led into either by a plan or a theme.

A layout stops itself: by an interval timer and a limit of its process's memory, where that process does nothing else (`enter`). Anywhere
else a process of its own is started for it. Whoever started that process stops it where it does not answer any more.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING

from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from planmark.site.pdf import Paper

SECONDS = 60.0
"""So long a layout may take. A plan of a hundred pages takes ten."""
PATIENCE = 15.0
"""So many seconds later it is stopped from outside: the timer's word is not heard inside a library's own loop."""
MEMORY = 1 << 30
"""So many bytes a process may add to what it holds at its start. A plan of a hundred pages takes 300 MB."""

_BUILD_WITHOUT = "or build with --no-pdf"
_own_process = False


class _OutOfTimeError(BaseException):
    """Passes by whatever catches mere exceptions."""


def enter() -> None:
    """This process does nothing but make what it is told, in its main thread: it may be limited, and may end."""
    global _own_process
    _own_process = True
    sys.unraisablehook = lambda unraisable: None  # without memory there are many, and all say the same
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    known = [limit for limit in (soft, hard, _held() + MEMORY) if limit != resource.RLIM_INFINITY]
    with suppress(OSError, ValueError):  # a system that knows the limit and refuses it
        resource.setrlimit(resource.RLIMIT_DATA, (min(known), hard))


def _held() -> int:
    """The bytes of data that this process holds; 0 where the system doesn't tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def made_safely(make: Callable[[Paper, Location], bytes], paper: Paper, where: Location) -> bytes:
    """What `make` makes. Raises PlanmarkError at `where` for one that takes too long or too much."""
    return _limited(make, paper, where) if _own_process else _apart(make, paper, where)


def _limited(make: Callable[[Paper, Location], bytes], paper: Paper, where: Location) -> bytes:
    try:
        with _timer():
            return make(paper, where)
    except _OutOfTimeError:
        raise PlanmarkError(too_long(where)) from None
    except MemoryError:
        raise PlanmarkError(too_large(where)) from None


@contextmanager
def _timer() -> Iterator[None]:
    """After `SECONDS`, and then each tenth of a second, `_OutOfTimeError` is raised: once could be swallowed."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise _OutOfTimeError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _apart(make: Callable[[Paper, Location], bytes], paper: Paper, where: Location) -> bytes:
    """In a process of its own. What a workspace has lying about is not on the new process's path."""
    command = [sys.executable, "-P", "-c", "from planmark.site.paper.guard import answer; answer()"]
    work = pickle.dumps((make, paper, where, SECONDS, MEMORY))
    with TemporaryDirectory(prefix="planmark-", ignore_cleanup_errors=True) as scratch:  # fonts are unpacked into files
        env = {**os.environ, "TMPDIR": scratch}
        try:
            done = subprocess.run(  # noqa: S603  (our own command)
                command, input=work, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, timeout=SECONDS + PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            raise PlanmarkError(too_long(where)) from None
    if done.returncode or not done.stdout:
        raise PlanmarkError(ended(where))
    data, problems = pickle.loads(done.stdout)  # noqa: S301  (from the process above)
    if problems:
        raise PlanmarkError(problems)
    return bytes(data)


def answer() -> None:
    """What the process apart does: reads its work, and writes the PDF or why there is none."""
    global SECONDS, MEMORY
    make, paper, where, SECONDS, MEMORY = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  (from the process that started this one)
    enter()
    try:
        said: tuple[bytes, tuple[Problem, ...]] = (_limited(make, paper, where), ())
    except PlanmarkError as error:
        said = (b"", error.problems)
    sys.stdout.buffer.write(pickle.dumps(said))


def too_long(where: Location) -> Problem:
    """The layout of a deal was stopped."""
    hint = f"take out what is nested very deeply, or the theme's own paper styles, {_BUILD_WITHOUT}"
    return Problem("PM612", f"the layout of the PDF was stopped after {SECONDS:.0f} seconds", where, hint)


def too_large(where: Location) -> Problem:
    """The layout of a deal wants more than it may have."""
    hint = f"make its pictures smaller, take out what is very long, {_BUILD_WITHOUT}"
    return Problem("PM612", f"the layout of the PDF takes more than {MEMORY >> 20} MB of memory", where, hint)


def ended(where: Location) -> Problem:
    """The process that worked on a deal is gone."""
    hint = f"build it again; if it happens again, look at its pictures and at the machine's free memory, {_BUILD_WITHOUT}"
    return Problem("PM613", "the process that built the deal came to a sudden end", where, hint)
