"""The last look at what goes out: every byte is searched for internal texts, internal pages and secrets.

Nothing internal can be in it, for pages are made from the buyer's view alone. This finds what got there all the same: by a theme, a file
that somebody shared, or a mistake of ours.
"""

from __future__ import annotations

import base64
import codecs
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import quote

from planmark.content.layout import INTERNAL_MARK
from planmark.content.secrets import KEY_VARIABLE, PREFIX, keys_here, written_key

SHORTEST = 8
"""Letters of an internal text that is searched for; it has two words at least. Shorter ones occur by chance."""
_SECRET_NAMES = re.compile(r"PLANMARK_\w*(?:KEY|TOKEN|PASSWORD|SECRET)|\w+_(?:TOKEN|SECRET|PASSWORD|ACCESS_KEY|ACCOUNT_KEY|API_KEY)")
_LONG_ENOUGH = 12
_ANY_KEY = re.compile(re.escape(PREFIX).encode() + rb"[A-Za-z0-9_-]{43}")
_PRIVATE_KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=]{32}")
"""As service accounts and SSH have them, in a file of its own or in JSON."""
_BINARY = frozenset("png jpg jpeg webp gif avif mp4 webm mp3 m4a woff2 woff ttf otf".split())  # noqa: SIM905  (a list would be a page)
_ZIPPED = frozenset("zip docx xlsx pptx odt ods odp".split())  # noqa: SIM905  (a list would be a page)
_MOST_UNPACKED = 256 * 1024 * 1024
_DEEPEST = 4
"""So many archives within each other are looked into."""
_BETWEEN = r"[,.'’\s]?"
_TAG = re.compile(r"<[^<>]*>")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a text begins that spreadsheets and PDFs write in UTF-16."""
_WIDE_TEXT = re.compile(rb"\(\xfe\xff((?:\\.|[^()\\])*)", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_WIDE_HEX = re.compile(rb"<\s*[Ff][Ee][Ff][Ff]([0-9A-Fa-f\s]+)>")


@dataclass(frozen=True)
class Secrets:
    """What nothing that goes out may hold. `texts` are internal texts, normalised, each with the way it is written."""

    texts: Mapping[str, str]
    amounts: Mapping[str, re.Pattern[str]]
    """Internal amounts by how they are written."""
    keys: Mapping[bytes, str]
    """Keys and tokens in each of their spellings, with what they are."""


def normalised(text: str) -> str:
    """A text as it is compared: without case, and every space one space."""
    return " ".join(text.split()).casefold()


def secrets_of(internal: Iterable[str], amounts: Iterable[str], shared: Iterable[str]) -> Secrets:
    """What to search for: `internal` texts and `amounts` (digits) that occur in none of the `shared` texts."""
    known = normalised("\n".join(shared))
    texts = {}
    for text in internal:
        short = normalised(text)
        if _says_something(short) and short not in known:
            texts[short] = " ".join(text.split())
    found = {amount: pattern for amount in amounts if (pattern := _amount(amount)) and not _grouped(amount).search(known)}
    return Secrets(texts, found, keys_and_tokens())


def _says_something(text: str) -> bool:
    """Whether a text has two words at least. In scripts without spaces a few letters are as much."""
    if any("\u3040" <= letter <= "\u9fff" for letter in text):
        return len(text) >= SHORTEST - 2
    return " " in text and len(text) >= SHORTEST


def _grouped(amount: str) -> re.Pattern[str]:
    """An amount's whole number, however it is grouped: 98765, 98,765, 98.765, 98 765."""
    whole = _whole(amount)
    groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)][::-1]
    return re.compile(rf"(?<![\w.,-]){_BETWEEN.join(groups)}(?!\w)")


def _whole(amount: str) -> str:
    return amount.partition(" ")[0].partition(".")[0].lstrip("-")


def _amount(amount: str) -> re.Pattern[str] | None:
    """How an amount is found on a page. A small one needs its currency beside it to be one; a tiny one is not searched for."""
    whole, currency = _whole(amount), amount.partition(" ")[2].casefold()
    if len(whole) < 4:
        return None
    if len(whole) > 4:
        return _grouped(amount)
    beside = rf"(?:{re.escape(currency)}|[$€£¥])" if currency else "[$€£¥]"
    grouped = rf"{whole[0]}{_BETWEEN}{whole[1:]}"
    return re.compile(rf"(?<!\w){beside}\s?{grouped}(?!\w)|(?<!\w){grouped}\s?{beside}")


def keys_and_tokens() -> dict[bytes, str]:
    """The signing keys and tokens of this machine, in every spelling that somebody could have pasted."""
    found: dict[bytes, str] = {}
    for name, key in keys_here().items():
        for spelling in (key, *_encoded(key), written_key(key).encode()):
            found[spelling] = f"the signing key {name}"
    for name, value in os.environ.items():
        if name != KEY_VARIABLE and _SECRET_NAMES.fullmatch(name) and len(value.strip()) >= _LONG_ENOUGH:
            data = value.strip().encode()
            for spelling in (data, *_encoded(data), quote(value.strip(), safe="").encode(), json.dumps(value.strip())[1:-1].encode()):
                found[spelling] = f"the value of {name}"
    return found


def _encoded(data: bytes) -> Iterator[bytes]:
    yield base64.b64encode(data).rstrip(b"=")
    yield base64.urlsafe_b64encode(data).rstrip(b"=")
    yield data.hex().encode()
    yield data.hex().upper().encode()


def wrong_in(path: str, data: bytes, secrets: Secrets) -> Iterator[str]:
    """Why a file may not go out, a sentence for each reason. Keys and tokens are named, never shown."""
    parts = list(_unpacked(path, data))
    if any(INTERNAL_MARK.encode() in part for part in parts):
        yield "it is an internal page"
    named = {what for spelling, what in secrets.keys.items() if any(spelling in part for part in parts)}
    if not named and any(_ANY_KEY.search(part) for part in parts):
        named = {"a signing key"}
    if not named and any(_PRIVATE_KEY.search(part) for part in parts):
        named = {"a private key"}
    for what in sorted(named):
        yield f"{what} is in it"
    if path.rpartition(".")[2].lower() in _BINARY:
        texts = [normalised(data.decode("utf-8", "ignore"))] if secrets.texts else []
    else:
        texts = [normalised(text) for part in parts for text in _readings(path, part)]
    for short, written in secrets.texts.items():
        if any(short in text for text in texts):
            yield f"“{written if len(written) < 60 else written[:60] + '…'}” is internal, and is in it"
    if path.rpartition(".")[2].lower() not in _BINARY:
        for amount, pattern in secrets.amounts.items():
            if any(pattern.search(text) for text in texts):
                yield f"the amount {amount} is internal, and is in it"


def _unpacked(path: str, data: bytes) -> Iterator[bytes]:
    """A file's bytes, and what is packed in them: a PDF's streams, the members of office files and archives, and of those in turn."""
    left, waiting = _MOST_UNPACKED, [(path, data, _DEEPEST)]
    while waiting:
        path, data, deep = waiting.pop()
        yield data
        ending = path.rpartition(".")[2].lower()
        if data.startswith(_WIDE):
            yield data.decode("utf-16", "replace").encode()
        if ending == "pdf":
            yield from _of_pdf(data)
        if ending in _ZIPPED and deep:
            with (
                suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error),
                zipfile.ZipFile(BytesIO(data)) as packed,
            ):
                for member in packed.infolist():
                    left -= member.file_size
                    if left < 0:
                        break
                    waiting.append((member.filename, packed.read(member), deep - 1))


def _of_pdf(data: bytes) -> Iterator[bytes]:
    """What a PDF says in its streams, and in texts of UTF-16, such as a title or the name of a chapter."""
    parts, left = [data], _MOST_UNPACKED
    for stream in _streams(data):
        with suppress(zlib.error):
            parts.append(zlib.decompressobj().decompress(stream, left))
            left -= len(parts[-1])
        if left <= 0:
            break
    yield from parts[1:]
    for part in parts:
        wide = [_ESCAPED.sub(rb"\1", text) for text in _WIDE_TEXT.findall(part)]
        for digits in _WIDE_HEX.findall(part):
            with suppress(ValueError):
                wide.append(bytes.fromhex(digits.decode()))
        yield "\n".join(text.decode("utf-16-be", "replace") for text in wide).encode()


def _streams(data: bytes) -> Iterator[bytes]:
    """What stands between `stream` and `endstream`, in one walk, however many begin and never end."""
    begin = data.find(b"stream")
    while begin >= 0 and (end := data.find(b"endstream", begin + 6)) >= 0:
        yield data[begin + 6 : end].removeprefix(b"\r").removeprefix(b"\n")
        begin = data.find(b"stream", end + 9)


def _readings(path: str, data: bytes) -> Iterator[str]:
    """A text as it is read: as it stands, without markup, without escapes, without the folds of a calendar's lines."""
    text = data.decode("utf-8", "replace")
    yield text
    start = text[:200].lstrip("\ufeff \r\n\t")
    if start.startswith("<"):
        yield unescape(_TAG.sub("", text))
        yield unescape(text)
    elif start.startswith(("{", "[")) or path.endswith(".json"):
        with suppress(ValueError, RecursionError):
            yield "\n".join(_leaves(json.loads(text)))
    elif path.endswith((".ics", ".vcf")):
        whole = text.replace("\r\n ", "").replace("\n ", "")
        yield re.sub(r"\\([,;\\])", r"\1", whole.replace("\\n", "\n"))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield str(value)
