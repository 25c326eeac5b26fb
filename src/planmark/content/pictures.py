"""What becomes of a deal's images: in which sizes they are shown, and what the files of these are called, before any of them is made.

Only what is made goes out, never the file of the camera: what is made holds pixels, and no place, no time, no owner.
A name is made from the digest of the image and of the way in which it is made, so that it is known without making it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from planmark.content.images import Size
from planmark.content.tree import digest_bytes

RECIPE = "2"
"""Goes up when the same image is to be made in another way."""

WIDTHS = (640, 1280)
"""Of what is shown in a column, in pixels: for telephones and one column of a desk, for sharp screens and the whole width."""
PORTRAIT = 160
"""The side of a portrait's square: three times what the themes that ship show."""
THUMB = 160
"""Of a document's page beside its line in a list."""
LOGO = (640, 192)
"""The box that a logo fits into."""
LARGE = 2400
"""The longer side of an image that opens by itself."""

Use = Literal["shown", "portrait", "logo", "large", "page"]
"""How an image is used: in a column, as somebody's face, as a logo, or by itself, behind a link; or it is the first page of a PDF."""


@dataclass(frozen=True, slots=True)
class Making:
    """One file that is made from an image, at most `width` × `height` large: a portrait is cut to that, all else keeps its shape."""

    source: str
    """The image's path on this machine."""
    output: str
    """Its path in the site: `assets/line-2.1f2e3d4c5b-640.webp`."""
    use: Use
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An image as a page shows it. `src` is its largest file and `width` × `height` that file's size."""

    src: str
    width: int
    height: int
    srcset: str = ""
    """All its files with their widths, where there are several."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF looks like. A broken or locked one has no pages that are known, and no picture."""

    pages: int | None
    makings: tuple[Making, ...]


def document_key(digest: str) -> str:
    """The digest of what is known of a PDF: of the file, of how its page is drawn, and of what draws it."""
    return digest_bytes(f"{digest} {RECIPE} {_library()} {version_of('pypdfium2')}".encode())[:10]


def pages_of(stem: str, source: str, digest: str, size: Size) -> Iterator[Making]:
    """The files in which a PDF's first page is shown, drawn in this size, smallest first."""
    name = f"assets/{stem}.{document_key(digest)}-page-"
    for width in (THUMB, *widths(size[0])):
        yield Making(source, f"{name}{width}.webp", "page", width, max(1, round(size[1] * width / size[0])))


def made_key(digest: str) -> str:
    """The digest of what is made from an image: of the image, of how it is made, and of what it is made with."""
    return digest_bytes(f"{digest} {RECIPE} {_library()}".encode())[:10]


def large(stem: str, ending: str, size: Size, digest: str, source: str) -> Making:
    """The image by itself. A photo stays a JPEG, which every program that it is saved for reads."""
    kind = "jpg" if ending in ("jpg", "jpeg") else "webp"
    return Making(source, f"assets/{stem}.{made_key(digest)}.{kind}", "large", *within(size, (LARGE, LARGE)))


def makings(stem: str, size: Size, digest: str, source: str, use: Use) -> Iterator[Making]:
    """The files in which an image is shown, smallest first."""
    name = f"assets/{stem}.{made_key(digest)}-"
    if use == "portrait":
        side = min(PORTRAIT, *size)
        yield Making(source, f"{name}face.webp", use, side, side)
    elif use == "logo":
        yield Making(source, f"{name}logo.webp", use, *within(size, LOGO))
    else:
        for width in widths(size[0]):
            yield Making(source, f"{name}{width}.webp", use, width, max(1, round(size[1] * width / size[0])))


def widths(width: int) -> list[int]:
    """In which widths an image of this width is shown: never larger than it is, and none that is hardly smaller than the next."""
    most = min(width, WIDTHS[-1])
    return [*(one for one in WIDTHS if one * 1.3 < most), most]


def within(size: Size, box: Size) -> Size:
    """The largest size of this shape in the box, but no larger than it is."""
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def shown(files: Sequence[Making]) -> Shown:
    """An image as a page shows it, by the files that are made of it."""
    last = files[-1]
    srcset = ", ".join(f"{one.output} {one.width}w" for one in files) if len(files) > 1 else ""
    return Shown(last.output, last.width, last.height, srcset)


@cache
def _library() -> str:
    """The version of what decodes and encodes: other versions make other bytes."""
    return version_of("PIL")


@cache
def version_of(package: str) -> str:
    """A package's version, or what else tells one from another. Nothing is imported for it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return ""
    place = Path(spec.origin)
    for said in (place.with_name("_version.py"), place.with_name("version.json")):
        if said.is_file():
            return digest_bytes(said.read_bytes())
    return str(place.stat().st_size)
