"""The files that a deal may use: those below its own folder and below the library, by names that work everywhere.

A path that a rep writes is an order to publish, so everything is refused that could point elsewhere, and a file must be what
its name says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planmark.content.images import Size
from planmark.content.kinds import IMAGES, TYPES, Refusal, ending_of, not_what_it_says, pixels_of
from planmark.content.pictures import Making, Shown, Use, large, makings
from planmark.content.pictures import shown as shown_as
from planmark.content.tree import NO_CONTENT, Tree
from planmark.plan.ids import slug
from planmark.plan.scalars import shown
from planmark.problems import did_you_mean

_DEVICES = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


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
            return [large(slug(name.stem), ending_of(name.name), self.pixels, self.digest, self.source)]
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
        suffix, stem = Path(clean).suffix.lower(), Path(clean).stem.lower()
        known = [one for one in (*self.deal, *self.library) if Path(one).suffix.lower() == suffix or Path(one).stem.lower() == stem]
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
        if asset is None or (kinds is not None and ending_of(name) not in kinds):
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
        ending = ending_of(name)
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
        refused = not_what_it_says(path, name, ending)
        if refused:
            return refused
        stem = slug(Path(name).stem)
        if ending not in IMAGES:
            return Asset(str(path), f"assets/{stem}.{digest[:10]}.{ending}", TYPES[ending], size, digest)
        pixels = pixels_of(path, name, ending)
        if isinstance(pixels, Refusal):
            return pixels
        if ending == "svg":
            return Asset(str(path), f"assets/{stem}.{digest[:10]}.svg", TYPES[ending], size, digest, pixels)
        output = large(stem, ending, pixels, digest, str(path)).output
        return Asset(str(path), output, TYPES[ending_of(output)], 0, digest, pixels)

    def collisions(self) -> Iterator[tuple[str, str]]:
        """Pairs of the deal's own files whose names differ only in capitals."""
        seen: dict[str, str] = {}
        for path in sorted(self.deal):
            other = seen.setdefault(path.lower(), path)
            if other != path:
                yield other, path


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
