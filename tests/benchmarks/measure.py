"""Running a command and measuring it: wall time, processor time, memory; runs of several commands in turn.

For Linux: it reads /proc. Only the standard library is imported here and by what imports this: the kernel never
reports a child's peak memory below that of the process that started it (about 25 MiB), so the parent stays small.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
# Other processes may take this share of one core during a run before the run counts as disturbed ...
DISTURBED_SHARE = 0.10
# ... but less than this says nothing: the kernel counts processor time in steps of 10 ms.
DISTURBED_SECONDS = 0.03
LONGEST_WAIT = 20.0
ATTEMPTS = 4


class CommandError(Exception):
    """A measured command gave a wrong result: a figure of it would mean nothing."""


@dataclass(frozen=True)
class Run:
    """One finished command. Seconds, except `memory`: the largest single process of its tree, in MiB."""

    wall: float
    cpu: float
    memory: float
    others: float  # share of one core that other processes took meanwhile


@dataclass(frozen=True)
class Spread:
    """What several runs gave."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        found = list(values)
        return cls(statistics.median(found), min(found), max(found))


@dataclass(frozen=True)
class Subject:
    """Something to run again and again: `prepare` comes before the clock starts, `check` after it has stopped."""

    name: str
    command: Sequence[str]
    folder: Path
    prepare: Callable[[], None] = lambda: None
    check: Callable[[], None] = lambda: None


class Quiet:
    """Waits until other processes are still, and says which runs to repeat because they were not.

    All waiting and repeating together takes at most `patience` seconds; after that, runs are taken as they come.
    """

    def __init__(self, patience: float) -> None:
        self.left = patience

    def wait(self) -> None:
        end = time.monotonic() + min(LONGEST_WAIT, self.left)
        while time.monotonic() < end:
            began, busy = time.monotonic(), busy_seconds()
            time.sleep(0.3)
            if busy_seconds() - busy < 0.04:
                return  # looking is free: only a look that found the machine busy was a wait
            self.left -= time.monotonic() - began

    def wants_again(self, run: Run) -> bool:
        if run.others < DISTURBED_SHARE or run.others * run.wall < DISTURBED_SECONDS:
            return False
        self.left -= run.wall
        return self.left > 0


class Bench:
    """Runs commands with one environment, one log file and one `Quiet` for all."""

    def __init__(self, work: Path, patience: float) -> None:
        self.work = work
        self.quiet = Quiet(patience)
        self.log = work / "last.log"
        self.environment = environment()

    def in_turn(self, subjects: Sequence[Subject], runs: int) -> dict[str, list[Run]]:
        """Run A B A B ...: what drifts on the machine (memory, file system, neighbours) falls on all alike."""
        found: dict[str, list[Run]] = {subject.name: [] for subject in subjects}
        for _ in range(runs):
            for subject in subjects:
                found[subject.name].append(self.run(subject))
        return found

    def run(self, subject: Subject) -> Run:
        """One timed run; a disturbed one is repeated, and of several the least disturbed counts."""
        found: list[Run] = []
        for _ in range(ATTEMPTS):
            subject.prepare()
            os.sync()
            self.quiet.wait()
            found.append(self._once(subject))
            subject.check()
            if not self.quiet.wants_again(found[-1]):
                break
        return min(found, key=lambda run: run.others)

    def peak_together(self, subject: Subject) -> tuple[float, float]:
        """Peak memory in MiB: of the largest single process, and of all processes of the tree that live together.

        The second is sampled every 10 ms as the sum of proportional set sizes (a page that several processes share
        counts once). Sampling slows the command, so its time is not taken here.
        """
        subject.prepare()
        together = 0.0
        with self._started(subject) as process:
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                together = max(together, tree_memory(process.pid))
                time.sleep(0.01)
            self._finish(subject, process, status)
        subject.check()
        return usage.ru_maxrss / 1024, together

    def output(self, subject: Subject, **extra: str) -> str:
        """All that the command writes, with `extra` in its environment."""
        subject.prepare()
        with self._started(subject, extra) as process:
            _, status, _ = os.wait4(process.pid, 0)
            self._finish(subject, process, status)
        return self.said()

    def said(self) -> str:
        """All that the last command has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @contextmanager
    def server(self, command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
        """A server while it runs; its whole process group is ended on the way out."""
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            _end_group(process)

    def _once(self, subject: Subject) -> Run:
        busy = busy_seconds()
        began = time.perf_counter()
        with self._started(subject) as process:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
            cpu = usage.ru_utime + usage.ru_stime
            others = max(0.0, busy_seconds() - busy - cpu) / wall
            self._finish(subject, process, status)
        return Run(wall, cpu, usage.ru_maxrss / 1024, others)

    @contextmanager
    def _started(self, subject: Subject, extra: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                subject.command,
                cwd=subject.folder,
                env={**self.environment, **(extra or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            if process.returncode is None:  # interrupted before _finish()
                process.kill()
                process.wait()

    def _finish(self, subject: Subject, process: subprocess.Popen[bytes], status: int) -> None:
        # wait4() has already taken the child away; Popen must not look for it again
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            ended = f"{subject.name}: {' '.join(subject.command)} ended with {process.returncode}"
            raise CommandError(f"{ended}\n{self.said()[-1500:]}")


def ratios(ours: Sequence[Run], theirs: Sequence[Run]) -> Spread:
    """Our wall time as a share of theirs, pair by pair: the two of a pair ran right after one another."""
    return Spread.of(a.wall / b.wall for a, b in zip(ours, theirs, strict=True))


def walls(runs: Iterable[Run]) -> Spread:
    return Spread.of(run.wall for run in runs)


def busy_seconds() -> float:
    """Processor time that all processes of the machine have used since it started."""
    fields = [int(x) for x in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]]
    idle_and_waiting = slice(3, 5)
    guests_counted_twice = slice(8, None)
    del fields[guests_counted_twice], fields[idle_and_waiting]
    return sum(fields) / os.sysconf("SC_CLK_TCK")


def tree_memory(pid: int) -> float:
    """Proportional set size, in MiB, of a process and all its descendants."""
    total = 0.0
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        if found := re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE):
            total = int(found[1]) / 1024
        for task in Path(f"/proc/{pid}/task").iterdir():
            children = (task / "children").read_text(encoding="ascii").split()
            total += sum(tree_memory(int(child)) for child in children)
    except OSError:
        pass  # it has just ended
    return total


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself, and so have its children
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def environment() -> dict[str, str]:
    """This process's environment without what would slow Python or colour output, fit for other folders."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    # commands run in other folders, where a relative entry would point nowhere
    if path := kept.get("PYTHONPATH"):
        kept["PYTHONPATH"] = os.pathsep.join(str(Path(entry).resolve()) for entry in path.split(os.pathsep))
    return {**kept, "NO_COLOR": "1"}
