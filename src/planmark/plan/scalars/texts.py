"""Texts: plain ones, Markdown, ids and what they refer to, addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from planmark.plan.scalars.written import TYPED, Marker, UnreadableError, Written, pattern, shown

_UNSEEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]")
TEXT_LIMIT = 10_000
PROSE_LIMIT = 200_000


def _clean(text: str, limit: int) -> str:
    unseen = _UNSEEN.search(text)
    if unseen:
        raise UnreadableError(
            f"the text holds an invisible control character (U+{ord(unseen[0]):04X})",
            "delete it and type the words anew",
        )
    if len(text) > limit:
        raise UnreadableError(f"the text has {len(text):,} characters, {limit:,} are allowed", "put long texts into a .md file")
    return text


def _read_text(text: str) -> str:
    line = " ".join(_clean(text, TEXT_LIMIT).split())
    if not line:
        raise UnreadableError("the text is empty", "write something or remove the key")
    return line


def _read_prose(text: str) -> str:
    if not _clean(text, PROSE_LIMIT).strip():
        raise UnreadableError("the text is empty", "write something or remove the key")
    return text


Text = Annotated[str, Written("PM221", "a text", str, _read_text, {"type": TYPED})]
"""One line of plain text; white space is folded."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """A Markdown text as it is written: the text itself, or the name of a `.md` file. `html` is empty until it is loaded."""

    written: str
    html: str = ""

    @property
    def file(self) -> str:
        """The name of the file that holds the text; empty where the text stands here."""
        return self.written if re.fullmatch(r"[^\s<>\[\]()*`]+\.md", self.written) else ""


Prose = Annotated[
    Markdown,
    Written("PM221", "a text", Markdown, lambda text: Markdown(_read_prose(text)), {"type": TYPED}),
    Marker("prose"),
]
"""Markdown, or the name of a `.md` file in the deal's folder that holds it."""

FileName = Annotated[
    str,
    Written("PM221", "a file's path", str, _read_text, {"type": "string", "pattern": r"^[^\\:*?\"<>|]+\.[A-Za-z0-9]+$"}),
    Marker("file"),
]
"""A file below the deal's own folder, else below `content/_library`: `files/demo.mp4`."""

ID_PATTERN = r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?"
_id = pattern(
    "PM214",
    "an id",
    ID_PATTERN,
    "use lower-case letters, digits, `-` and `_`, 64 at the most",
    schema={"type": ["string", "integer"], "pattern": f"^{ID_PATTERN}$"},
)
Id = Annotated[str, _id]
"""What events and links name an item by: lower-case letters, digits, `-`, `_`."""

PersonRef = Annotated[str, _id, Marker("person")]
"""The id of somebody in `people` or in planmark.yaml."""
OwnerRef = Annotated[str, _id, Marker("owner")]
"""The id of a person or a party."""
PartyRef = Annotated[str, _id, Marker("party")]
"""`buyer`, `seller` or the id of a party."""
TaskRef = Annotated[str, _id, Marker("task")]
"""The id of a task, in any stage."""
StageRef = Annotated[str, _id, Marker("stage")]
"""The id of a stage."""
WorkRef = Annotated[str, _id, Marker("work")]
"""The id of a stage or of a task."""
ResourceRef = Annotated[str, _id, Marker("resource")]
"""The id of a resource of the plan or of the library."""

Email = Annotated[
    str,
    pattern(
        "PM213",
        "a mail address",
        r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\.]+(?:\.[^\s@<>\"',;:()\[\]\\.]+)+",
        "write it as name@company.example",
    ),
]
Colour = Annotated[
    str,
    pattern("PM215", "a colour", r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", 'write six hexadecimal digits in quotes: "#0F5C5C"'),
]
ShareKey = Annotated[
    str,
    pattern(
        "PM220",
        "a share key",
        r"[A-Za-z0-9_-]{22,64}",
        "it is at least 22 letters and digits, made by chance: `planmark new` writes one",
    ),
]
Fingerprint = Annotated[str, pattern("PM214", "a key's fingerprint", r"[0-9a-f]{8,64}", "copy it from `planmark init`'s output")]

_URL = re.compile(
    r"(?:(?ai:https?)://[^\s/?#@\\]+(?:[/?#][^\s\\<>\"]*)?|(?ai:mailto):[^\s<>\"]+@[^\s<>\"]+|(?ai:tel):\+?[().\s-]*[0-9][0-9().\s-]*)"
)


def _read_url(text: str) -> str:
    url = text.strip()
    if not _URL.fullmatch(url) or _UNSEEN.search(url) or not _has_host(url):
        raise UnreadableError(
            f"`{shown(text)}` is not an address that a page may link to",
            "write it whole, starting with https://, mailto: or tel:",
        )
    return url


def _has_host(url: str) -> bool:
    """Whether it names a host that exists as such: brackets that are no IPv6 address, and letters that stand for a `/`, do not."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0) if parts.scheme in ("http", "https") else True
    except ValueError:
        return False


Url = Annotated[str, Written("PM212", "a web address", str, _read_url, {"type": "string", "pattern": "^(https?://|mailto:|tel:)"})]
