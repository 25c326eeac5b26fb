"""What the doctor found: one line, good or bad, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from planmark.problems import PlanmarkError, Problem

Word = Literal["fine", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Found:
    """One line. `about` is what was looked at: machine, key, endpoint, target live…"""

    about: str
    word: Word
    text: str
    hint: str = ""


def fine(about: str, text: str) -> Found:
    """Something is as it should be."""
    return Found(about, "fine", text)


def warned(about: str, text: str, hint: str) -> Found:
    """Something works, and could be better."""
    return Found(about, "warning", text, hint)


def wrong(about: str, text: str, hint: str) -> Found:
    """Something does not work."""
    return Found(about, "error", text, hint)


def told(about: str, problems: Iterable[Problem]) -> Iterator[Found]:
    """Problems as lines, each with its place."""
    for one in problems:
        yield Found(about, one.severity, f"{one.location}: {one.message}", one.hint)


def told_by(about: str, error: PlanmarkError | OSError) -> Iterator[Found]:
    """What stopped a look."""
    if isinstance(error, PlanmarkError):
        yield from told(about, error.problems)
    else:
        place = f"{error.filename}: " if error.filename else ""
        yield wrong(about, f"{place}{error.strerror or error}", "check what it is, and its permissions")
