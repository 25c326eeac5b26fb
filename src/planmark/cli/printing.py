"""What commands print alike: problems, one a line, counts and sizes, what was started; and a bar for long work."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import category

import click

from planmark.problems import Problem

if TYPE_CHECKING:
    from planmark.content.starting import Started

LONG = 20
"""So many deals, and a bar is shown."""


def safe(text: str) -> str:
    """A text without what a terminal would obey: control characters, escape sequences, bidi overrides. Spaces of every kind may stay."""
    return "".join(char if char.isprintable() or category(char) == "Zs" else "�" for char in text)


def print_problems(problems: Iterable[Problem], limit: int = 200) -> None:
    """Each problem on a line of its own, on standard error: `path:line:col  code  message  hint`."""
    every = list(problems)
    for problem in islice(every, limit):
        place = click.style(safe(str(problem.location)), bold=True)
        code = click.style(problem.code, fg="red" if problem.severity == "error" else "yellow")
        hint = click.style(safe(problem.hint), dim=True)
        click.echo("  ".join(filter(None, (place, code, safe(problem.message), hint))), err=True)
    if len(every) > limit:
        click.echo(f"… and {len(every) - limit} more", err=True)


def print_started(started: Started) -> None:
    """The files that were written, and on standard error what is to be known of them."""
    for path in started.files:
        click.echo(f"wrote {safe(path)}")
    for note in started.notes:
        click.echo(f"note: {safe(note)}", err=True)


def print_found(problems: Sequence[Problem], form: str, strict: bool, about: str = "") -> int:
    """What a check found, as text, JSON or SARIF, with a line that sums it up; the exit code. `about` says what was looked at."""
    from planmark.build.formats import as_data, as_sarif

    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if form == "json":
        click.echo(json.dumps([as_data(problem) for problem in problems], ensure_ascii=False, indent=1))
    elif form == "sarif":
        click.echo(json.dumps(as_sarif(problems), ensure_ascii=False, indent=1))
    else:
        print_problems(problems)
        told = f"{counted(errors, 'error', 'errors')}, {counted(warnings, 'warning', 'warnings')}" if problems else "Nothing is wrong"
        click.echo(f"{told}: {about}." if about else told if problems else f"{told}.")
    return 1 if errors or (strict and warnings) else 0


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on a terminal, when there is much to do; nothing when piped."""
    if not sys.stderr.isatty():
        yield lambda done, of, name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}"),
        console=Console(stderr=True),
        transient=True,
        disable=False,
    ) as progress:
        task = progress.add_task(what, total=None, name="", visible=False)
        yield lambda done, of, name: progress.update(task, completed=done, total=of, name=name, visible=of >= LONG)


def size(count: int) -> str:
    """Bytes as people say them: `3 kB`, `1.2 MB`."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def counted(count: int, one: str, many: str) -> str:
    """`1 deal`, `3 deals`."""
    return f"{count:,} {one if count == 1 else many}"
