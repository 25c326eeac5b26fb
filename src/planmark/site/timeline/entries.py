"""The timeline as a text: everything with a day, in the order of days, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from planmark.site.view import BuyerView


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. `kind` is a key date's own, or `stage` (where one begins), `milestone`, `task`, or `now` for the day of reading."""

    kind: str
    date: dt.date
    title: str = ""
    end: dt.date | None = None
    time: dt.time | None = None
    task: str = ""
    """The task's or the stage's id."""
    state: str = ""
    """A task's status, or `late`; a stage's state."""
    past: bool = False
    critical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The entries of one month."""

    first: dt.date
    entries: tuple[Entry, ...]


def months(plan: BuyerView, now: dt.date | None = None) -> tuple[Month, ...]:
    """Every dated stage, task and key date, each once. `now` stands before what is due on it or later.

    Where nothing lies on both sides of it, it is `past`: there for the script alone.
    """
    found = sorted(_entries(plan), key=lambda one: (one.date, _ORDER.get(one.kind, 3)))
    if now and found:
        at = next((index for index, one in enumerate(found) if one.date >= now), len(found))
        outside = now < found[0].date or now > max(one.end or one.date for one in found)
        near = found[min(at, len(found) - 1)].date if at in (0, len(found)) else now
        found.insert(at, Entry(kind="now", date=near, past=outside))
    return tuple(
        Month(first=dt.date(year, month, 1), entries=tuple(entries))
        for (year, month), entries in groupby(found, key=lambda one: (one.date.year, one.date.month))
    )


_ORDER = {"stage": 0, "target": 1, "milestone": 4}


def _entries(plan: BuyerView) -> Iterator[Entry]:
    for one in plan.key_dates:
        yield Entry(kind=one.kind, date=one.date, title=one.title, end=one.end, time=one.time, past=one.past)
    for stage in plan.stages:
        if stage.start:
            end = stage.end if stage.end != stage.start else None
            yield Entry(kind="stage", date=stage.start, title=stage.title, end=end, task=stage.id, state=stage.state)
        for task in stage.tasks:
            if task.due and task.status != "dropped":
                yield Entry(
                    kind="milestone" if task.milestone else "task",
                    date=task.due,
                    title=task.title,
                    task=task.id,
                    state="late" if task.late else task.status,
                    past=task.status == "done",
                    critical=task.critical,
                )
