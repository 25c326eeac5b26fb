"""What a reader did in a plan that is one file, saved by its page where nothing could be sent, and mailed: a reply file.

Every byte of it is hostile, as of any submission. It says nothing of when it was made that would count: what is in it is received when it
is read, so that nobody can write a day into it on which a link still counted.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from planmark.endpoints.exports import WHERE
from planmark.extensions import Record
from planmark.plan.events import EVENT_ID
from planmark.plan.submissions import FIELDS, PLAN_DIGEST
from planmark.problems import PlanmarkError, Problem

REPLY = "reply"
LARGEST = 5_000_000
"""Bytes of a reply file."""
MOST = 1000
"""Acts in one. A reader does some dozens."""
_WANTED = {"pm_plan": PLAN_DIGEST, "pm_event": EVENT_ID}


def replied(data: bytes, now: datetime) -> list[Record] | None:
    """The submissions in a reply file, received just now, in its order; None where the data is something else.

    Each has an id of its own, which the page gave it, so that it counts once however often the file comes. Raises PlanmarkError for a
    reply file that cannot be used.
    """
    found = _reply(data)
    if found is None:
        return None
    if len(data) > LARGEST:
        raise _unusable(f"it has more than {LARGEST // 1_000_000} MB", "no reader writes so much: ask who sent it")
    submissions = found.get("submissions")
    if not isinstance(submissions, list) or not submissions:
        raise _unusable("it holds nothing that somebody did")
    if len(submissions) > MOST:
        raise _unusable(f"it holds more than {MOST:,} acts", "no reader does so much: ask who sent it")
    first = now - timedelta(milliseconds=len(submissions))
    return [
        Record(source_id="", received=first + timedelta(milliseconds=place), fields=_fields(one, place))
        for place, one in enumerate(submissions, 1)
    ]


def _reply(data: bytes) -> dict[str, Any] | None:
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") or b'"planmark"' not in data[:200]:
        return None
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _unusable("it is not whole") from None
    return found if isinstance(found, dict) and found.get("planmark") == REPLY else None


def _fields(given: object, place: int) -> dict[str, str]:
    """The fields of one act, those of ours alone."""
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise _unusable(f"its act number {place} is none")
    fields = {name: value for name, value in given.items() if name in FIELDS and name != "pm_payload"}
    for name, form in _WANTED.items():
        if not form.fullmatch(fields.get(name, "")):
            raise _unusable(f"its act number {place} has no `{name}` that could be one")
    return fields


def _unusable(message: str, hint: str = "ask for the file again, as the plan's page saved it: planmark-reply-….json") -> PlanmarkError:
    return PlanmarkError(Problem("PM706", f"the reply file cannot be used: {message}", WHERE, hint))
