"""Single values on their way from a plan to a view."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from planmark.plan.item import Line
from planmark.plan.scalars import Markdown, When
from planmark.site.view import Html


def day(when: When | None) -> date | None:
    """The day of a date that is written."""
    return when.day if when else None


def html(text: Markdown | None) -> Html | None:
    """A Markdown text as it was rendered."""
    return Html(text.html) if text else None


def texts(lines: Iterable[Line]) -> tuple[str, ...]:
    """The texts of a list of lines."""
    return tuple(line.text for line in lines)


def initials(name: str) -> str:
    """Two letters for a name: the first of its first and of its last word."""
    words = [word for word in re.split(r"[\s-]+", name) if word[:1].isalnum()]
    if not words:
        return name[:1].upper() or "–"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
