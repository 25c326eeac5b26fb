"""Days, times of day, durations, and dates that count from another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from planmark.plan.scalars.texts import ID_PATTERN
from planmark.plan.scalars.written import Marker, UnreadableError, Written, pattern, shown


def _calendar_day(match: re.Match[str]) -> date:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise UnreadableError(f"{match[0]} is not a day that exists", "check the month and the day: year-month-day") from None


_DAY = r"((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})"
Day = Annotated[
    date,
    pattern(
        "PM205",
        "a date",
        _DAY,
        "write year-month-day: 2026-11-03",
        _calendar_day,
        date,
        {"type": "string", "pattern": f"^{_DAY}$"},
    ),
]
Clock = Annotated[
    time,
    pattern(
        "PM211",
        "a time of day",
        r"([01][0-9]|2[0-3]):([0-5][0-9])",
        'write hours and minutes in quotes: "09:30"',
        lambda m: time(int(m[1]), int(m[2])),
        time,
    ),
]
BusinessDays = Annotated[
    int,
    pattern(
        "PM209",
        "a duration",
        r"([0-9]{1,3}) ?([dw])",
        "write business days or weeks: 3d or 2w",
        lambda m: int(m[1]) * (5 if m[2] == "w" else 1),
        int,
    ),
]
"""Business days: `3d`, `2w` is ten."""
Days = Annotated[
    int,
    pattern(
        "PM209",
        "a number of days",
        r"([0-9]{1,4}) ?([dw])",
        "write days or weeks: 7d or 3w",
        lambda m: int(m[1]) * (7 if m[2] == "w" else 1),
        int,
    ),
]
"""Calendar days: `7d`, `3w` is 21."""


def _minutes(match: re.Match[str]) -> int:
    minutes = int(match[1] or 0) * 60 + int(match[2] or 0)
    if not minutes:
        raise UnreadableError("the duration is nothing", "write minutes or hours: 25m or 1h 30m")
    return minutes


Minutes = Annotated[
    int,
    pattern(
        "PM209",
        "a duration",
        r"(?:([0-9]{1,2}) ?h)? ?(?:([0-9]{1,3}) ?m(?:in)?)?",
        "write minutes or hours: 25m or 1h 30m",
        _minutes,
        int,
    ),
]


@dataclass(frozen=True, slots=True)
class When:
    """A date as it is written: a day, a month (its last business day), or so many business days or weeks from something else.

    `day` is None until `plan/dates.py` has resolved it. `anchor` is `target`, `start`, `contract_signature`, or the id of a
    task or a key date; `business_days` is negative for `before`.
    """

    written: str
    day: date | None = None
    month: tuple[int, int] | None = None
    business_days: int = 0
    weeks: int = 0
    anchor: str = ""

    def __str__(self) -> str:
        return self.written


_RELATIVE = re.compile(rf"([0-9]{{1,3}}) ?([dw]) (before|after) ({ID_PATTERN})")
_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
_WHEN_HINT = "write 2026-11-03, a month (2026-11), or something like `10d before target`"


def _read_when(text: str) -> When:
    text = " ".join(text.split())
    match = re.fullmatch(_DAY, text)
    if match:
        return When(text, day=_calendar_day(match))
    match = _MONTH.fullmatch(text)
    if match:
        return When(text, month=(int(match[1]), int(match[2])))
    match = _RELATIVE.fullmatch(text)
    if match:
        amount = int(match[1]) * (-1 if match[3] == "before" else 1)
        days, weeks = (amount, 0) if match[2] == "d" else (0, amount)
        return When(text, business_days=days, weeks=weeks, anchor=match[4])
    raise UnreadableError(f"`{shown(text)}` is not a date", _meant(text) or _WHEN_HINT)


def _meant(text: str) -> str:
    """What to write where only one date can be meant; nothing where it may be two, as in 05/03/2027."""
    parts = re.fullmatch(r"((?:19|20)[0-9]{2})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ].*)?", text)
    turned = re.fullmatch(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2((?:19|20)[0-9]{2})", text)
    relative = re.fullmatch(rf"([0-9]{{1,3}}) ?(?:business |working )?(day|week|d|w)s? (before|after) ({ID_PATTERN})", text)
    if relative:
        return f"write `{relative[1]}{relative[2][0]} {relative[3]} {relative[4]}`"
    if parts:
        year, month, day = int(parts[1]), int(parts[3]), int(parts[4])
    elif turned:
        day, month, year = int(turned[1]), int(turned[3]), int(turned[4])
        if turned[2] != "." and month > 12:
            day, month = month, day
        elif turned[2] != "." and day <= 12 and day != month:
            return ""
    else:
        return ""
    try:
        return f"write {date(year, month, day)}"
    except ValueError:
        return ""


Date = Annotated[
    When,
    Written(
        "PM205",
        "a date",
        When,
        _read_when,
        {
            "type": "string",
            "pattern": rf"^({_DAY}|{_MONTH.pattern}|{_RELATIVE.pattern})$",
            "examples": ["2026-11-03", "2026-11", "10d before target"],
        },
    ),
    Marker("date"),
]
"""A date in a plan: ISO, a month, or relative."""
