"""What people did, one event for each act: what `activity.jsonl` holds a line of, and what every route a form takes ends in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, get_args

BuyerKind = Literal["done", "reopened", "comment", "upload", "agreed", "approved", "declined", "signed", "proposed"]
SellerKind = Literal["status", "due", "owner", "commented", "accepted", "rejected", "signed"]
What = Literal["date", "owner", "colleague", "task"]
"""What a proposal is about."""
Proof = Literal["link", "seller", ""]
"""`link`: sent with a link issued to that person. `seller`: written by a command of the team. Empty: anybody who had the page."""

BUYER_KINDS: tuple[str, ...] = get_args(BuyerKind)
SELLER_KINDS: tuple[str, ...] = get_args(SellerKind)
WHATS: tuple[str, ...] = get_args(What)

EVENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
ON = re.compile(r"plan|(?:task|criterion|resource|risk|section)/[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
"""What an act may be about: the plan, or an item by its kind and id."""
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class NotAnEventError(ValueError):
    """A line that cannot be read as an event; the message says why."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: its name as the sender gave it, its SHA-256 in hexadecimal, its size in bytes."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act. Every text of it may come from a stranger; only `plan`, `by`, `proof`, `received`, `via`, `key` and `link` are ours."""

    id: str
    plan: str
    on: str
    """`plan`, or an item: `task/nda`, `criterion/s1`."""
    kind: str
    """One of `BUYER_KINDS` or, with the proof `seller`, one of `SELLER_KINDS`."""
    received: str
    """When the receiver had it, UTC: 2026-11-03T09:12:44.120Z. The only clock that is trusted."""
    proof: Proof = ""
    by: str = ""
    """The id of the person whose link it was sent with, or of the seller's own."""
    name: str = ""
    """The name that the sender gave: no more than a claim."""
    text: str = ""
    """A comment, a reason, or the statement that was signed."""
    what: str = ""
    """Of a proposal: date, owner, colleague or task."""
    value: str = ""
    """The proposed or agreed date, the owner, the new status; the typed date of a signature."""
    was: str | None = None
    """Of the seller's status, due and owner: what plan.yaml said then, as written. The event holds while it still does."""
    rev: str = ""
    """The digest of what was agreed to."""
    of: str = ""
    """Of accepted and rejected: the event that is meant."""
    file: Upload | None = None
    via: str = ""
    """The kind of endpoint that it came through."""
    key: str = ""
    link: int = 0
    """Fingerprint of the key that proves it, and the version of the link."""
    lapsed: str = ""
    """Of an unproven one: that it came with a link of that person which was revoked, or had ended: `expired maria`."""
    spam: bool = False
    """The service held it for spam."""

    @property
    def from_seller(self) -> bool:
        """Whether the team itself wrote it."""
        return self.proof == "seller"


def event_line(event: Event) -> str:
    """The event as one line of JSON, without what is empty; the same line for the same event."""
    data: dict[str, Any] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name == "file" and value is not None:
            data["file"] = {one.name: getattr(value, one.name) for one in fields(value)}
        elif value not in ("", None, 0, False) or (field.name == "was" and value is not None):
            data[field.name] = value
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def read_event(line: str) -> Event:
    """The event that a line holds. Raises NotAnEventError for anything that `event_line` would not have written."""
    try:
        data = json.loads(line)
        (json.dumps(data, ensure_ascii=False) if "\\u" in line else line).encode()
    except UnicodeEncodeError:
        raise NotAnEventError("the line holds half a character") from None
    except (ValueError, RecursionError):
        raise NotAnEventError("the line is not whole") from None
    if not isinstance(data, dict):
        raise NotAnEventError("the line holds no event")
    unknown = set(data) - {field.name for field in fields(Event)}
    if unknown:
        raise NotAnEventError(f"the event has an unknown field `{min(unknown)}`")
    for name, kind in _TYPES.items():
        if name in data and type(data[name]) is not kind:
            raise NotAnEventError(f"the event's `{name}` is of the wrong kind")
    missing = [name for name in ("id", "plan", "on", "kind", "received") if not data.get(name)]
    if missing:
        raise NotAnEventError(f"the event has no `{missing[0]}`")
    kinds = SELLER_KINDS if data.get("proof") == "seller" else BUYER_KINDS
    wrong = {
        "id": not EVENT_ID.fullmatch(data["id"]),
        "on": not ON.fullmatch(data["on"]),
        "kind": data["kind"] not in kinds,
        "received": not _is_moment(data["received"]),
        "proof": data.get("proof", "") not in get_args(Proof),
        "what": data.get("what", "") not in (WHATS if data["kind"] == "proposed" else ("",)),
    }
    bad = [name for name, is_wrong in wrong.items() if is_wrong]
    if bad:
        raise NotAnEventError(f"the event's `{bad[0]}` cannot be used")
    if "file" in data:
        data["file"] = _upload(data["file"])
    return Event(**data)


_TYPES: dict[str, type] = {
    **dict.fromkeys(("id", "plan", "on", "kind", "received", "proof", "by", "name", "text", "what", "value", "was", "rev", "of"), str),
    **dict.fromkeys(("via", "key", "lapsed"), str),
    "link": int,
    "spam": bool,
    "file": dict,
}


def day_of(text: str) -> date | None:
    """The day that an act says, written year-month-day and of this millennium; None where it says none. Nothing else is taken for one."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and day.year >= 2000 else None


def _is_moment(text: str) -> bool:
    """Whether a text is a moment that lies well within the calendar, in whatever time zone."""
    try:
        return bool(_MOMENT.fullmatch(text)) and 1 < datetime.fromisoformat(text).year < 9999
    except ValueError:
        return False


def _upload(data: Mapping[str, Any]) -> Upload:
    try:
        found = Upload(**data)
    except TypeError:
        raise NotAnEventError("the event's `file` cannot be used") from None
    sound = type(found.size) is int and found.size >= 0 and all(type(one) is str for one in (found.name, found.digest))
    if not sound or not _SHA256.fullmatch(found.digest):
        raise NotAnEventError("the event's `file` cannot be used")
    return found


def order(event: Event) -> tuple[str, str]:
    """What events are sorted by: receipt, then id."""
    return moment_key(event.received), event.id


def moment_key(received: str) -> str:
    """A moment of receipt so that texts sort as times do: always six digits after the point."""
    whole, _, part = received.rstrip("Z").partition(".")
    return f"{whole}.{part:0<6}Z"


def once_each(events: Iterable[Event]) -> list[Event]:
    """Each event once, in order. Of two bodies with one id the proven one counts, then the earlier receipt, then the smaller digest."""
    chosen: dict[str, Event] = {}
    for event in events:
        other = chosen.get(event.id)
        if other is None or (event is not other and event != other and _rank(event) < _rank(other)):
            chosen[event.id] = event
    return sorted(chosen.values(), key=order)


def _rank(event: Event) -> tuple[bool, str, str]:
    return not event.proof, moment_key(event.received), sha256(event_line(event).encode()).hexdigest()


def moment(when: datetime) -> str:
    """A moment as events write it: UTC, with milliseconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def after(now: datetime, events: Iterable[Event], on: str) -> str:
    """The moment of a seller's new event on an item: now, or a millisecond past the newest there, whichever is later."""
    newest = max((moment_key(event.received) for event in events if event.on == on), default="")
    if newest < moment_key(moment(now)):
        return moment(now)
    return moment(datetime.fromisoformat(newest) + timedelta(milliseconds=1))
