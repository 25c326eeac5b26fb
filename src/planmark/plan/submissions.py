"""What a form sends: flat text fields, whatever service carries them. Every byte of it is hostile; here it becomes well-formed.

The page's script sends all of it once more as `pm_payload`, one JSON text, and then only that counts. Without the script the flat
fields count, and there is no id and no token: whoever receives it gives it an id, and nobody vouches for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

from planmark.plan.events import BUYER_KINDS, EVENT_ID, ON, WHATS, day_of

FIELDS = (
    "pm_v",
    "pm_plan",
    "pm_event",
    "pm_kind",
    "pm_item",
    "pm_rev",
    "pm_token",
    "pm_name",
    "pm_text",
    "pm_what",
    "pm_value",
    "pm_payload",
)
"""Every field that a form of ours may send, the honeypot and the file aside. A service that must know them in advance gets this list."""
FILE = "pm_file"
HONEYPOT = "pm_website"
"""A field that people do not see. Whoever fills it in is not a buyer."""
NEXT = "pm_next"
"""Where a reader without JavaScript is led after sending. Never kept."""
VERSION = "1"
TEST = "test"
"""A kind that asks whether the endpoint works; it goes into no plan."""

TEXT_LIMIT = 10_000
NAME_LIMIT = 120
VALUE_LIMIT = 300
PAYLOAD_LIMIT = 65_536
"""Characters."""

PLAN_DIGEST = re.compile(r"[0-9a-f]{32}")
_REV = re.compile(r"(?:[0-9a-f]{16,64})?")
_TOKEN = re.compile(r"[A-Za-z0-9._-]{0,400}")
_UNSEEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Control characters, bidi marks and overrides, invisible signs, halves of surrogate pairs. Joiners stay: scripts need them."""
_MANY_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


class RefusedError(ValueError):
    """A submission that cannot be used. `code` names the reason for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A well-formed submission; nothing in it is proven."""

    plan: str
    """The digest of the plan's share key (`tokens.plan_digest`)."""
    on: str
    kind: str
    id: str = ""
    """Made in the page before the first try; empty without JavaScript."""
    name: str = ""
    text: str = ""
    what: str = ""
    value: str = ""
    rev: str = ""
    token: str = ""

    def canonical(self) -> str:
        """One JSON text for the same submission, whatever way it came."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """SHA-256 of the canonical text: two bodies with one id are the same where it is."""
        return sha256(self.canonical().encode()).hexdigest()


def clean_text(text: str) -> str:
    """A text of several lines without anything invisible that could mislead; at most one empty line in a row."""
    lines = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return re.sub(r"\n{3,}", "\n\n", _MANY_MARKS.sub(r"\1", lines)).strip()


def clean_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean_text(text).split())


def read_submission(given: Mapping[str, str]) -> Submission:
    """The submission in a form's fields; fields that are none of ours are not looked at. Raises RefusedError."""
    if given.get(HONEYPOT):
        raise RefusedError("honeypot", "a field that people do not see was filled in")
    given = _payload(given["pm_payload"]) if given.get("pm_payload") else given
    plan = given.get("pm_plan", "")
    kind, on = given.get("pm_kind", ""), given.get("pm_item", "") or "plan"
    value, text = clean_line(given.get("pm_value", "")), clean_text(given.get("pm_text", ""))
    what = given.get("pm_what", "")
    name = clean_line(given.get("pm_name", ""))
    checks = (
        (given.get("pm_v", VERSION) == VERSION, "version", "the form is of another version"),
        (bool(PLAN_DIGEST.fullmatch(plan)), "plan", "it names no plan"),
        (kind in BUYER_KINDS or kind == TEST, "kind", "it names nothing that a buyer can do"),
        (bool(ON.fullmatch(on)), "item", "it names no item of a plan"),
        (not given.get("pm_event") or bool(EVENT_ID.fullmatch(given["pm_event"])), "id", "its id cannot be used"),
        (bool(_REV.fullmatch(given.get("pm_rev", ""))), "rev", "the version it answers to cannot be read"),
        (bool(_TOKEN.fullmatch(given.get("pm_token", ""))), "token", "its link cannot be read"),
        (len(text) <= TEXT_LIMIT, "long", f"the text has more than {TEXT_LIMIT:,} characters"),
        (len(name) <= NAME_LIMIT, "long", f"the name has more than {NAME_LIMIT} characters"),
        (len(value) <= VALUE_LIMIT, "long", f"the answer has more than {VALUE_LIMIT} characters"),
        (what in ("", *WHATS), "what", "it proposes nothing that can be proposed"),
        ((kind == "proposed") == bool(what), "what", "a proposal says what it is about, and only a proposal does"),
        (kind not in _NEED_TEXT or bool(text), "empty", "there is no text in it"),
        (kind != "proposed" or bool(value), "empty", "nothing is proposed in it"),
        (kind != "signed" or bool(name and text), "empty", "a signature needs a name and the statement"),
        (what != "date" or day_of(value) is not None, "date", "the date is not one: year-month-day"),
        (kind != "agreed" or not value or day_of(value) is not None, "date", "the date is not one: year-month-day"),
    )
    for sound, code, message in checks:
        if not sound:
            raise RefusedError(code, message)
    return Submission(
        plan=plan,
        on=on,
        kind=kind,
        id=given.get("pm_event", ""),
        name=name,
        text=text,
        what=what,
        value=value,
        rev=given.get("pm_rev", ""),
        token=given.get("pm_token", ""),
    )


_NEED_TEXT = ("comment", "declined")


def _payload(text: str) -> Mapping[str, str]:
    """The fields in `pm_payload`: an object of texts, no more."""
    if len(text) > PAYLOAD_LIMIT:
        raise RefusedError("long", "there is too much in it")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError("payload", "what the page sent is not whole") from None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise RefusedError("payload", "what the page sent is not whole")
    return found
