"""Reading a view as plain values: what `plan.json` holds, of today or of a version that an earlier Planmark may have written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from planmark.plan.events import day_of

Data = Mapping[str, Any]
"""A part of a view: a plan, a task, a person."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def text(part: Data, name: str) -> str:
    """A text; empty where there is none."""
    value = part.get(name)
    return value if isinstance(value, str) else ""


def texts(part: Data, name: str) -> list[str]:
    """A list of texts."""
    value = part.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def one(part: Data, name: str) -> Data:
    """What a part has inside; without anything in it where it has none."""
    value = part.get(name)
    return value if isinstance(value, dict) else {}


def many(part: Data, name: str) -> list[Data]:
    """A list of parts."""
    value = part.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def day(part: Data, name: str) -> date | None:
    """A day of this century; None where there is none, or none that can be read."""
    found = day_of(text(part, name))
    return found if found and found.year < 2100 else None


def clock(part: Data, name: str) -> time | None:
    """A time of day, likewise."""
    match = _CLOCK.fullmatch(text(part, name))
    return time(int(match[1]), int(match[2])) if match else None


def number(part: Data, name: str) -> int:
    """A whole number; 0 where there is none."""
    value = part.get(name)
    return value if isinstance(value, int) else 0
