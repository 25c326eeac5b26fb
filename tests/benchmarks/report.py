"""Figures beside their targets, as text for the terminal and as a section of a Markdown file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .measure import Spread

HEADING = """# Benchmarks

Each section is written by the command it names, on the machine it names; don't edit one by hand.
"""


@dataclass(frozen=True)
class Figure:
    """One measured figure. `met` is None where no target is set."""

    name: str
    target: str
    measured: str
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "**MISSED**", None: "no target"}[self.met]


@dataclass(frozen=True)
class Table:
    """A table of further results; its first `names` columns hold names, the others numbers."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int = 1


@dataclass(frozen=True)
class Section:
    """What one group of benchmarks found."""

    title: str
    figures: Sequence[Figure]
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    versions: Sequence[str] = field(default=())

    @property
    def missed(self) -> bool:
        return any(figure.met is False for figure in self.figures)


def markdown(section: Section, about: Sequence[str]) -> str:
    """The section as Markdown; `about` says when, where and with what command the figures were taken."""
    rows = [(f.name, f.target, f.measured, f.verdict) for f in section.figures]
    lines = [f"## {section.title}", "", *_table(("Figure", "Target", "Measured", "Verdict"), rows, len(rows[0])), ""]
    for table in section.tables:
        lines += [f"### {table.title}", "", *_table(table.head, table.rows, table.names), ""]
    lines += [f"- {note}" for note in section.notes]
    lines += [f"- {line}" for line in (f"Versions: {', '.join(section.versions)}.", *about)]
    return "\n".join(lines)


def write_section(path: Path, name: str, text: str) -> None:
    """Put `text` between the markers of section `name`, leaving the rest of the file alone; make what is missing."""
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    section = f"{start}\n{text}\n{end}"
    found = path.read_text(encoding="utf-8") if path.exists() else HEADING
    before, marker, rest = found.partition(start)
    if not marker:
        new = f"{found.rstrip()}\n\n{section}\n"
    else:
        _, marker, after = rest.partition(end)
        if not marker:
            raise ValueError(f"{path}: {start} has no {end}")
        new = before + section + after
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(new, encoding="utf-8")


def seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def mebibytes(value: float) -> str:
    return f"{value:.0f} MiB"


def spread_of_seconds(spread: Spread) -> str:
    return f"{seconds(spread.median)} ({seconds(spread.low)} to {seconds(spread.high)})"


def spread_of_ratios(spread: Spread) -> str:
    return f"{spread.median:.3f} ({spread.low:.3f} to {spread.high:.3f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], names: int) -> list[str]:
    rule = ["---" if column < names else "---:" for column in range(len(head))]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
