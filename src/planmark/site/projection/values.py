"""Single values on their way from a plan to a view."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from unicodedata import bidirectional

from planmark.plan.item import Line
from planmark.plan.scalars import Markdown, When
from planmark.site.view import Html

APART = "\u200c"
"""Keeps two letters from joining: `لا`, the initials of Layla and Ahmad, is a word otherwise."""


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
    """Two letters for a name: the first of its first and of its last word. Letters that would join, as Arabic ones do, stand apart."""
    words = [word for word in re.split(r"[\s-]+", name) if word[:1].isalnum()]
    if not words:
        return name[:1].upper() or "–"
    if len(words) == 1:
        return words[0][0].upper()
    first, last = words[0][0], words[-1][0]
    joins = bidirectional(first) == bidirectional(last) == "AL"
    return (first + (APART if joins else "") + last).upper()
