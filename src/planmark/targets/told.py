"""What the scripts of the target `ssh` tell: after a mark the version that a link leads to, manifests, digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planmark.extensions.targets import Published
from planmark.targets.manifest import read_manifest

_MARK = b"\x1eplanmark\n"


@dataclass(frozen=True)
class Told:
    """What a host told of a site."""

    led: str
    """The version that its link leads to, whether or not that one's manifest can be read."""
    versions: tuple[Published, ...]
    """Newest first, from the one that is out: what is newer never was."""
    places: Mapping[tuple[str, str], str]
    """Where in the site's store a file lies, by its path and SHA-256."""

    @property
    def out(self) -> str:
        """The version that is out; empty where none is that we know of."""
        return self.versions[0].version if self.versions else ""


def answer(out: bytes) -> bytes | None:
    """What a script told; None where it was not begun."""
    _, begun, told = out.partition(_MARK)
    return told if begun else None


def read_out(told: bytes) -> list[Published]:
    """What `look` told."""
    return [found for found in map(_manifest, told.split(b"\x1e")[1:]) if found]


def read_told(told: bytes, site: str) -> Told:
    """What `list` and `open` told of a site."""
    head, *parts = told.split(b"\x1e")
    led = head.decode(errors="replace").strip()
    found, places = [], {}
    for part in parts:
        named, _, body = part.partition(b"\n")
        if named == b"digests":
            places = _places(body.decode(errors="surrogateescape"))
        elif (one := _manifest(part)) and one.site == site:
            found.append(one)
    known = led in {one.version for one in found}
    versions = sorted((one for one in found if one.version <= led), key=lambda one: one.version, reverse=True) if known else []
    return Told(led, tuple(versions), places)


def _manifest(part: bytes) -> Published | None:
    """A manifest after the line that names it; None where it tells of another site or version than it lies at."""
    named, _, body = part.partition(b"\n")
    found = read_manifest(body)
    return found if found and f"{found.site} {found.version}".encode() == named else None


def removed(told: bytes) -> list[str]:
    """The versions that `close` and `tidy` removed."""
    lines = told.decode(errors="replace").splitlines()
    return [line.removeprefix("removed ") for line in lines if line.startswith("removed ")]


def _places(body: str) -> dict[tuple[str, str], str]:
    """By path in the site and SHA-256. What an unfinished publish left is as good as any, where no version has it."""
    found: dict[tuple[str, str], str] = {}
    for line in body.splitlines():
        digest, _, place = line.partition(" ./")
        folder, inside, path = place.partition("/")
        if inside and not (folder.endswith(".part") and (path, digest) in found):
            found[path, digest] = place
    return found
