"""What a drawing of a timeline is made of: shapes with their places, in units of its own, from left and from top.

A theme's template turns it into SVG. Places of marks and texts are where their line runs; a text's `x` is its beginning, in the direction
of reading: from right to left it extends to the left of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text on one line. `x` is its beginning, or its end where `ends` is set; `whole` is what it was before it was shortened."""

    text: str
    x: int
    y: int
    width: float
    """An upper bound."""
    ends: bool = False
    whole: str = ""

    def left(self, mirrored: bool) -> float:
        """The left edge of what it covers."""
        return self.x - self.width if self.ends != mirrored else self.x


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The beginning of a week, a month, a quarter or a year. `label` is empty where there is no room for one."""

    x: int
    text: str
    label: int
    """Where the text begins."""
    width: float
    inside: bool
    """Whether a line is drawn: it begins within the drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frost:
    """Days on which no work is done: a column."""

    x: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A key date, in the lanes on top. `kind` is the key date's; `length` is how far it goes on, with its sign, where it has an end."""

    kind: str
    past: bool
    x: int
    y: int
    length: int
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Elbow:
    """Where the task before stands, from a task's own place: a line leads down (or up) along its day, then to where this one begins."""

    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A task. Its mark stands at `x`, the day on which it is due; a bar `length` long, with its sign, leads there from its start."""

    task: str
    """Its id."""
    state: str
    """Its status, or `late`."""
    milestone: bool
    critical: bool
    x: int
    y: int
    length: int
    label: Label
    elbows: tuple[Elbow, ...]
    """From what else it waits for; drawn when a reader asks for it."""
    path: tuple[Elbow, ...]
    """Those between two tasks of the critical path; always drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stage. `x` and `length` say from when to when it goes, along its upper edge at `y`."""

    stage: str
    """Its id."""
    state: str
    done: int
    total: int
    title: tuple[Label, ...]
    """Its lines; below them is room for one more, which says how far it is."""
    y: int
    height: int
    x: int
    length: int
    facts_y: int
    """Where that line runs."""
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The day that is named on the drawing. A script moves it: `start` is the place of the day `first`, `end` that of `last`."""

    x: int
    shown: bool
    """Whether it lies within; where it doesn't, it is there for the script alone."""
    text: str
    width: float
    shift: int
    """How far the middle of the text is from the line, so that it stays within the drawing."""
    first: str
    last: str
    """Days, as in ISO 8601."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The whole of it."""

    width: int
    height: int
    size: float
    """Of its texts, in its units."""
    left: int
    """Where days begin: before it are the titles of the stages. From right to left it is 0, and `right` where they begin."""
    right: int
    start: int
    """Where a line is begun to be read: one of the two edges."""
    top: int
    """Where the columns of months begin."""
    ticks: tuple[Tick, ...]
    frosts: tuple[Frost, ...]
    moments: tuple[Moment, ...]
    dates_y: int
    """Where the first line of the key dates runs."""
    bands: tuple[Band, ...]
    now: Now | None
    target: int
    """Where the target's line is."""
    target_y: int
    """Where it begins."""
    has_path: bool
    """Whether there is a critical path."""

    @property
    def mirrored(self) -> bool:
        """Whether it is read from right to left."""
        return self.start > 0

    @property
    def labels(self) -> list[Label]:
        """The texts of key dates and tasks."""
        return [one.label for one in self.moments] + [bar.label for band in self.bands for bar in band.bars]

    def shortened(self) -> int:
        """How many texts don't stand there whole."""
        return sum(bool(bar.label.whole) for band in self.bands for bar in band.bars)

    def runs(self, x: int, top: int) -> tuple[tuple[int, int], ...]:
        """A line from `top` down at `x`, in pieces that leave out the texts on the way: from where to where each goes."""
        found, above, below = [], round(self.size), round(self.size * 0.4)
        places = [(one.left(self.mirrored), one) for one in self.labels]
        for y in sorted(one.y for left, one in places if left - 2 <= x <= left + one.width + 2):
            if y - above > top:
                found.append((top, y - above))
            top = max(top, y + below)
        return (*found, (top, self.height)) if top < self.height else tuple(found)
