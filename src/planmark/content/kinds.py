"""What a file may be: by its ending, by its first bytes, and by the field that names it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from planmark.content.images import MOST_PIXELS, Size, image_size
from planmark.content.pictures import Use
from planmark.problems import Finding
from planmark.problems import Path as Steps

TYPES: dict[str, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "txt": "text/plain",
    "ics": "text/calendar",
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
"""What may be published, by ending, with its media type. HTML, scripts and macro-carrying files are not among it."""

PAGES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "json": "application/json", "bin": "application/octet-stream"}
"""What a site consists of beside those."""
UTF8 = frozenset({"html", "css", "js", "ics", "vtt"})
"""What is always UTF-8, so that its type says it."""

IMAGES = frozenset({"svg", "png", "jpg", "jpeg", "webp", "gif", "avif"})
FONTS = frozenset({"woff2", "woff", "ttf", "otf"})

_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "pdf": (b"%PDF-",),
    "woff2": (b"wOF2",),
    "woff": (b"wOFF",),
    "ttf": (b"\0\1\0\0", b"true"),
    "otf": (b"OTTO",),
    "zip": (b"PK",),
    "docx": (b"PK",),
    "xlsx": (b"PK",),
    "pptx": (b"PK",),
    "odt": (b"PK",),
    "ods": (b"PK",),
    "odp": (b"PK",),
    "webm": (b"\x1aE\xdf\xa3",),
    "vtt": (b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
}
_SIGNED_INSIDE: dict[str, tuple[int, bytes]] = {
    "webp": (8, b"WEBP"),
    "mp4": (4, b"ftyp"),
    "m4a": (4, b"ftyp"),
    "avif": (4, b"ftyp"),
}
_SVG_DANGER = re.compile(
    rb"(?ix) < \s* (?:[\w.-]+:)? (?:script|foreignobject|iframe|embed|object)\b"
    rb"| <!doctype | <!entity | <\?xml-stylesheet | javascript: | \bon[a-z]+ \s* ="
    rb"| (?:href|src) \s* = \s* [\"'] \s* (?!\#|data:image/) | attributename \s* = \s* [\"'] \s* (?:[\w.-]+:)? href"
    rb"| @import | url\( \s* [\"']? \s* (?!\#|data:image/)"
    rb"| \x1b | encoding \s* = \s* [\"'] (?!utf-8[\"']|us-ascii|iso-8859-1|windows-1252)"  # other encodings can hide all of these
)


def media_type(path: str) -> str:
    """The media type of a file of a site, by its ending: the same on every machine, where `mimetypes` asks the machine."""
    ending = path.rpartition(".")[2].lower()
    found = PAGES.get(ending) or TYPES.get(ending) or "application/octet-stream"
    return f"{found}; charset=utf-8" if ending in UTF8 else found


@dataclass(frozen=True)
class Refusal:
    """Why a file cannot be used."""

    code: str
    message: str
    hint: str

    def at(self, path: tuple[str | int, ...], offset: tuple[int, int] = (0, 0)) -> Finding:
        """The same, at a place in a document."""
        return Finding(self.code, path, self.message, self.hint, offset=offset)


def ending_of(name: str) -> str:
    """A name's ending, without the dot, in small letters."""
    return Path(name).suffix.removeprefix(".").lower()


def not_what_it_says(path: Path, name: str, ending: str) -> Refusal | None:
    """The first bytes must fit the ending; an SVG must hold nothing that runs or loads."""
    try:
        with path.open("rb") as file:
            head = file.read() if ending == "svg" else file.read(64)
    except OSError:
        return Refusal("PM408", f"`{name}` cannot be read", "check its permissions")
    if ending == "svg":
        if b"<svg" not in head[:4096].lower():
            return Refusal("PM405", f"`{name}` is not an SVG image", "save it as SVG, or give it its own ending")
        if _SVG_DANGER.search(head):
            return Refusal(
                "PM405",
                f"`{name}` holds a script, or loads something from elsewhere",
                "save it as a plain SVG, or as PNG",
            )
        return None
    signed = any(head.startswith(start) for start in _SIGNATURES.get(ending, (b"",)))
    if ending in _SIGNED_INSIDE:
        offset, mark = _SIGNED_INSIDE[ending]
        signed = head[offset : offset + len(mark)] == mark
    if not signed:
        return Refusal(
            "PM405",
            f"`{name}` is not a {ending.upper()} file inside",
            "save it anew in that format, or give it its own ending",
        )
    return None


def pixels_of(path: Path, name: str, ending: str) -> Size | Refusal:
    """The size of an image, if it has one that a page can show."""
    try:
        size = image_size(path, ending)
    except OSError:
        return Refusal("PM408", f"`{name}` cannot be read", "check its permissions")
    if size is None:
        return Refusal("PM409", f"`{name}` is broken: it does not say how large the image is", "save it anew, or export it again")
    if ending != "svg" and size[0] * size[1] > MOST_PIXELS:
        return Refusal(
            "PM409",
            f"`{name}` has {size[0]} × {size[1]} pixels, which is more than an image may have",
            "save it smaller: no page shows more than 2,400 pixels of width",
        )
    return size


def uses_for(path: Steps) -> tuple[Use, ...]:
    """How the field at `path` shows an image: a file to open is shown as its own picture, too."""
    name = next(str(step) for step in reversed(path) if isinstance(step, str))
    match name:
        case "light" | "dark" | "logo":
            return ("logo",)
        case "photo":
            return ("portrait",)
        case "poster":
            return ("shown",)
    return "shown", "large"


def endings_for(path: Steps) -> tuple[frozenset[str] | None, str]:
    """The endings that fit the field at `path`."""
    name = next(str(step) for step in reversed(path) if isinstance(step, str))
    if name in ("light", "dark", "logo", "photo", "poster"):
        return IMAGES, "an image"
    if name == "captions":
        return frozenset({"vtt"}), "captions"
    if name in ("font", "font_bold"):
        return FONTS, "a font"
    return None, ""
