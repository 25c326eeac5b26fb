"""The files that a deal may use: those below its own folder and below the library, by names that work everywhere.

A path that a rep writes is an order to publish, so everything is refused that could point elsewhere, and a file must be what
its name says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planmark.content.images import MOST_PIXELS, Size, image_size
from planmark.content.pictures import Making, Shown, Use, large, makings
from planmark.content.pictures import shown as shown_as
from planmark.content.tree import NO_CONTENT, Tree
from planmark.plan.ids import slug
from planmark.plan.scalars import shown
from planmark.problems import Finding, did_you_mean
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
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
"""What may be published, by ending, with its media type. HTML, scripts and macro-carrying files are not among it."""

IMAGES = frozenset({"svg", "png", "jpg", "jpeg", "webp", "gif", "avif"})
VIDEOS = frozenset({"mp4", "webm"})

_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "pdf": (b"%PDF-",),
    "woff2": (b"wOF2",),
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
_DEVICES = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_SVG_DANGER = re.compile(
    rb"(?ix) < \s* (?:[\w.-]+:)? (?:script|foreignobject|iframe|embed|object)\b"
    rb"| <!doctype | <!entity | <\?xml-stylesheet | javascript: | \bon[a-z]+ \s* ="
    rb"| (?:href|src) \s* = \s* [\"'] \s* (?!\#|data:image/) | attributename \s* = \s* [\"'] \s* (?:[\w.-]+:)? href"
    rb"| @import | url\( \s* [\"']? \s* (?!\#|data:image/)"
    rb"| \x1b | encoding \s* = \s* [\"'] (?!utf-8[\"']|us-ascii|iso-8859-1|windows-1252)"  # other encodings can hide all of these
)


@dataclass(frozen=True)
class Asset:
    """A file that goes out with a deal: where it is read, and its name under `assets/`, made from its contents."""

    source: str
    """Its path on this machine."""
    output: str
    """Its path in the site: `assets/demo.1f2e3d4c5b.mp4`; of an image in pixels, that of the large one that is made from it."""
    media_type: str
    size: int
    """Bytes of the file; 0 where another is made from it."""
    digest: str
    pixels: Size | None = None
    """Of an image: width and height as it is looked at."""

    @property
    def is_made(self) -> bool:
        """Whether files made from it go out, and not the file itself: so it is with every image but a drawing (SVG)."""
        return self.pixels is not None and self.media_type != TYPES["svg"]

    def makings(self, use: Use) -> list[Making]:
        """The files that are made of this image for a use of it; none of what goes out as it is."""
        if self.pixels is None or not self.is_made:
            return []
        name = Path(self.source)
        if use == "large":
            return [large(slug(name.stem), _ending(name.name), self.pixels, self.digest, self.source)]
        return list(makings(slug(name.stem), self.pixels, self.digest, self.source, use))

    def shown(self, use: Use) -> Shown | None:
        """The image as a page shows it; None of what is no image."""
        if self.pixels is None:
            return None
        return shown_as(self.makings(use)) if self.is_made else Shown(self.output, *self.pixels)


class Files:
    """What a deal can name: `deal` and `library` are scanned trees, `deal_root` and `library_root` their folders."""

    def __init__(self, deal_root: Path, deal: Tree, library_root: Path, library: Tree) -> None:
        self.deal_root, self.deal, self.library_root, self.library = deal_root, deal, library_root, library
        self.used: dict[str, Asset] = {}
        self.makings: dict[str, Making] = {}
        """What is made from images, by its path in the site."""
        self.asked_library = False

    def find(self, name: str) -> tuple[Path, str, int] | Refusal:
        """The file's path, digest and size; or why it cannot be used."""
        refused = unusable(name)
        if refused:
            return refused
        clean = name.removeprefix("./")
        for root, tree in ((self.deal_root, self.deal), (self.library_root, self.library)):
            if root is self.library_root:
                self.asked_library = True
            if clean in tree:
                stamp = tree[clean]
                if stamp.digest == "link":
                    return Refusal("PM403", f"`{name}` is a symbolic link", "put the file itself there")
                if stamp.digest in NO_CONTENT:
                    return Refusal("PM408", f"`{name}` cannot be read", "check its permissions")
                return root / clean, stamp.digest, stamp.size
            for folder in Path(clean).parents:
                closed = tree.get(folder.as_posix())
                if closed and closed.digest == "link":
                    return Refusal("PM403", f"`{name}` lies behind a symbolic link", "put the folder itself there")
                if closed and closed.digest == "unreadable":
                    return Refusal("PM408", f"`{name}` lies in a folder that cannot be read", "check its permissions")
        near = [path for path in (*self.deal, *self.library) if path.lower() == clean.lower()]
        if near:
            return Refusal(
                "PM401",
                f"`{name}` is written `{near[0]}` on disk",
                f"write `{near[0]}`: capitals matter where the page is served",
            )
        known = [path for path in (*self.deal, *self.library) if "." in path]
        return Refusal(
            "PM401",
            f"there is no file `{name}`",
            did_you_mean(clean, known, "put it into the deal's folder, or into content/_library"),
        )

    def asset(
        self, name: str, kinds: frozenset[str] | None = None, wanted: str = "", uses: tuple[Use, ...] = ("large",)
    ) -> Asset | Refusal:
        """The file as something to publish. `kinds` limits its ending, `wanted` says what was expected, `uses` how an image is shown."""
        asset = self.used.get(name)
        if asset is None or (kinds is not None and _ending(name) not in kinds):
            looked = self._asset(name, kinds, wanted)
            if isinstance(looked, Refusal):
                return looked
            self.used[name] = asset = looked
        for use in uses if asset.is_made else ():
            self.makings.update((one.output, one) for one in asset.makings(use))
        return asset

    def _asset(self, name: str, kinds: frozenset[str] | None, wanted: str) -> Asset | Refusal:
        found = self.find(name)
        if isinstance(found, Refusal):
            return found
        path, digest, size = found
        ending = _ending(name)
        if ending not in TYPES:
            return Refusal(
                "PM405",
                f"files ending in `.{ending}` are not published" if ending else f"`{name}` has no ending that says what it is",
                "turn it into a PDF, an image or an office document",
            )
        if kinds is not None and ending not in kinds:
            return Refusal(
                "PM405",
                f"`{name}` is not {wanted}",
                "use a file ending in " + ", ".join(f".{kind}" for kind in sorted(kinds)),
            )
        refused = _not_what_it_says(path, name, ending)
        if refused:
            return refused
        stem = slug(Path(name).stem)
        if ending not in IMAGES:
            return Asset(str(path), f"assets/{stem}.{digest[:10]}.{ending}", TYPES[ending], size, digest)
        pixels = _pixels(path, name, ending)
        if isinstance(pixels, Refusal):
            return pixels
        if ending == "svg":
            return Asset(str(path), f"assets/{stem}.{digest[:10]}.svg", TYPES[ending], size, digest, pixels)
        output = large(stem, ending, pixels, digest, str(path)).output
        return Asset(str(path), output, TYPES[_ending(output)], 0, digest, pixels)

    def collisions(self) -> Iterator[tuple[str, str]]:
        """Pairs of the deal's own files whose names differ only in capitals."""
        seen: dict[str, str] = {}
        for path in sorted(self.deal):
            other = seen.setdefault(path.lower(), path)
            if other != path:
                yield other, path


@dataclass(frozen=True)
class Refusal:
    """Why a file cannot be used."""

    code: str
    message: str
    hint: str

    def at(self, path: tuple[str | int, ...], offset: tuple[int, int] = (0, 0)) -> Finding:
        """The same, at a place in a document."""
        return Finding(self.code, path, self.message, self.hint, offset=offset)


def unusable(name: str) -> Refusal | None:
    """Why a name could point outside its folder, or not work on another system."""
    if "://" in name:
        return Refusal(
            "PM402", f"`{shown(name)}` is an address, not a file", "write it under `url`, or save the file into the deal's folder"
        )
    parts = name.removeprefix("./").split("/")
    if "\\" in name or name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name) or ".." in parts:
        return Refusal(
            "PM402",
            f"`{name}` leaves the deal's folder",
            "copy the file into the deal's folder and write its path from there, with `/`",
        )
    for part in parts:
        if part.startswith("."):
            return Refusal("PM404", f"`{name}` is a hidden file", "give it a name that does not start with a dot")
        if not part or part != part.strip() or part.endswith(".") or _DEVICES.fullmatch(part) or re.search(r'[<>:"|?*\x00-\x1f\x7f]', part):
            return Refusal("PM404", f"`{name}` is a name that some systems cannot store", "use letters, digits, `-` and `_`")
    return None


def _ending(name: str) -> str:
    return Path(name).suffix.removeprefix(".").lower()


def _not_what_it_says(path: Path, name: str, ending: str) -> Refusal | None:
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


def _pixels(path: Path, name: str, ending: str) -> Size | Refusal:
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
    if name == "font":
        return frozenset({"woff2"}), "a font"
    return None, ""
