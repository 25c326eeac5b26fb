"""What an event is called that came without JavaScript, and so without an id of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256

from planmark.extensions import Record
from planmark.plan.events import EVENT_ID
from planmark.plan.submissions import PAYLOAD_LIMIT, RefusedError, read_submission


def event_id(kind: str, record: Record) -> str:
    """The id that the page gave; else one made from the service's own id; else from what was sent and the second it came in.

    It is the same each time the record is read, and by any route that tells the same: an export without the service's ids gives
    those without JavaScript another id than the API of the same service does.
    """
    given = _given(record.fields)
    if EVENT_ID.fullmatch(given):
        return given
    source = ["id", kind, record.source_id] if record.source_id else ["content", kind, *_content(record)]
    return "sent-" + sha256(json.dumps(source).encode()).hexdigest()[:32]


def record_key(record: Record) -> str:
    """What tells one record of a service from another, whichever page of its list it stands on."""
    return record.source_id or json.dumps(_content(record))


def _given(fields: Mapping[str, str]) -> str:
    payload = fields.get("pm_payload", "")
    if not payload:
        return fields.get("pm_event", "")
    try:
        found = json.loads(payload) if len(payload) <= PAYLOAD_LIMIT else {}
    except (ValueError, RecursionError):
        return ""
    given = found.get("pm_event", "") if isinstance(found, dict) else ""
    return given if isinstance(given, str) else ""


def _content(record: Record) -> list[str]:
    """What was sent, cleaned as plans read it, so that line ends do not count; and the second, for exports often tell no more."""
    try:
        said = read_submission(record.fields).digest()
    except RefusedError:
        said = json.dumps(sorted(record.fields.items()))
    return [said, record.received.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")]
