"""Times as services write them: when one had a submission, in many ways, and how long one wants us to wait. What says no zone is UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DIGITS = re.compile(r"\d{9,10}(\d{3})?(\.\d+)?")
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s*(?:(Z|UTC|GMT)|([+-]\d\d):?(\d\d))?(?:\s*\((?:UTC|GMT)\))?",
    re.IGNORECASE,
)


def moment_of(value: object) -> datetime | None:
    """The moment that a text or a number stands for: ISO 8601 and its like, seconds or milliseconds since 1970, or as mail has it."""
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    try:
        if _DIGITS.fullmatch(text):
            return datetime.fromtimestamp(float(text) / (1000 if len(text.partition(".")[0]) > 10 else 1), UTC)
        found = _ISO.fullmatch(text)
        if found:
            day, clock, part, _, hours, minutes = found.groups()
            zone = f"{hours}:{minutes}" if hours else "+00:00"
            return datetime.fromisoformat(f"{day}T{clock}{'.' + part[:6].ljust(6, '0') if part else ''}{zone}").astimezone(UTC)
        when = parsedate_to_datetime(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def pause_of(retry_after: str, number: int) -> float:
    """The seconds that a busy service wants us to wait: as its header Retry-After says, else longer with every try."""
    said = retry_after.strip()
    if said.isdecimal() and said.isascii():
        return float(said)
    until = moment_of(said) if said else None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until else float(2**number)
