"""What the terminal says while the server runs; of each build one line, and one for each error."""

from __future__ import annotations

import time
from collections.abc import Callable
from unicodedata import category

from planmark.build.report import Report
from planmark.preview.picture import Picture
from planmark.problems import Problem

Say = Callable[[str], None]
LINES = 12


def say(text: str) -> None:
    """Write one line, in one piece: several threads have something to say."""
    print(f"{text}\n", end="", flush=True)


def say_built(say: Say, paths: tuple[str, ...], deals: frozenset[str], report: Report, picture: Picture, seconds: float) -> None:
    """Say what changed, what was built, in how many milliseconds, and what is wrong with it; nothing where nothing happened."""
    problems = [*picture.shared, *(one for name in sorted(deals) for one in picture.own.get(name, ()))] if deals else picture.problems()
    errors = [one for one in problems if one.severity == "error"]
    if not paths and not report.reasons and picture.number > 1:
        return
    what = clean(f"{paths[0]} and {len(paths) - 1} more" if len(paths) > 1 else paths[0] if paths else "all plans")
    tried, failed = set(report.reasons), set(report.failed)
    found = [f"{_names(names)} {became}" for names, became in ((tried - failed, "built"), (tried & failed, "not built")) if names]
    found = found or ["nothing to build"]
    found += [counted(len(errors), "error")] if errors else []
    found += [counted(len(problems) - len(errors), "warning")] if len(problems) > len(errors) else []
    say(f"{time.strftime('%H:%M:%S')}  {what}: {', '.join(found)}, {seconds * 1000:,.0f} ms")
    for problem in errors[:LINES]:
        say(f"  {_line(problem)}")
    if len(errors) > LINES:
        say(f"  … and {len(errors) - LINES} more")


def _names(names: set[str]) -> str:
    return ", ".join(sorted(names)) if len(names) <= 3 else counted(len(names), "deal")


def _line(problem: Problem) -> str:
    return clean(str(problem))


def counted(count: int, what: str) -> str:
    """`1 deal`, `3 deals`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def clean(text: str) -> str:
    """A text without what a terminal would obey, on one line. Spaces of every kind may stay."""
    return "".join(char if char.isprintable() or category(char) == "Zs" else "�" for char in text)
