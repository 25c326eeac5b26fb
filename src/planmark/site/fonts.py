"""A brand's own fonts, as a site sends them: only the letters that its language and its plan need, and the words of its licence.

Beside each stands a stand-in: a font that every machine has, stretched until its letters take the room of the brand's. So nothing moves
when the brand's font arrives. The stand-in is Arial, or one made to its measure; its widths below are those of Helvetica's AFM file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmark.content.files import Asset
from planmark.content.pictures import version_of
from planmark.content.tree import digest_bytes
from planmark.plan.ids import slug
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

    from planmark.content.deal import Deal
    from planmark.site.pictures.store import Store

RECIPE = "1"
"""Goes up when the same font is to be made in another way."""
FAMILY = '"Brand", "Brand stand-in", ui-sans-serif, system-ui, sans-serif'

LATIN = (
    "20-7e a0-17f 18f 192 1a0-1a1 1af-1b0 1cd-1dc 1fa-1ff 218-21b 237 259 2bb-2bc 2c6-2c7 2d8-2dd 300-304 306-308 30a-30c 323 326-328"
    " 1e80-1e85 1e9e 1ea0-1ef9 2002-200a 200d-200f 2010-2015 2018-2022 2026 202f-2030 2032-2033 2039-203a 2044 2060 2070 2074-2089"
    " 20a0-20bf 2113 2116 2122 2126 212e 2150-215e 2190-2193 2196-2199 2202 2206 220f 2211-2212 2215 221a 221e 222b 2248 2260 2264-2265"
    " 25a0-25a1 25aa 25b2 25b6 25bc 25ca-25cb 25cf 2605-2606 2713 2717"
)
"""What every language gets, as ranges of code points: names from all of Europe, signs, arrows."""
ALSO = {"ar": "600-6ff 750-77f 200c-200f 202a-202e 2066-2069", "ja": "3000-30ff 31f0-31ff ff01-ffef"}
"""What a language gets beside. Of Japanese kanji only those that a plan or the interface uses: all of them weigh as much as a film."""
_CALENDAR = "年月日曜火水木金土時分秒午前後週間"
_FEATURES = ("tnum", "lnum", "pnum", "case", "frac", "ordn", "sups", "subs", "zero")

_MET = {
    " ": (278, 18.0), "e": (556, 10.6), "t": (278, 7.6), "a": (556, 6.8), "o": (556, 6.3), "i": (222, 5.9), "n": (556, 5.8),
    "s": (500, 5.4), "h": (556, 5.1), "r": (333, 5.0), "d": (556, 3.6), "l": (222, 3.4), "c": (500, 2.3), "u": (556, 2.3),
    "m": (833, 2.0), "w": (722, 2.0), "f": (278, 1.9), "g": (556, 1.7), "y": (500, 1.6), "p": (556, 1.6), "b": (556, 1.3),
    "v": (500, 0.8), "k": (500, 0.6),
}  # fmt: skip
"""Letters with their width in Arial, in thousandths of its size, and how often they are met in a hundred of a text."""
_RESTRICTED, _WHOLE, _BITMAPS = 0x0002, 0x0100, 0x0200
"""Bits of OS/2 fsType: no embedding; no subsets; embedding of bitmaps only (OpenType 1.9, OS/2)."""
_METRICS = ("hhea", "OS/2", "head", "hmtx", "cmap")


@dataclass(frozen=True)
class Faces:
    """A brand's fonts as a site has them."""

    css: str
    """Their `@font-face` rules; the addresses are those from a style sheet in `assets/`."""
    files: tuple[tuple[str, Callable[[], bytes]], ...]
    """Paths in the site, with what makes them. The first is what text is set in: it is loaded at once."""
    problems: tuple[Problem, ...] = ()
    """What their makers forbid."""


def faces(deal: Deal, text: str, language: str, store: Store, place: Callable[[str], Location]) -> Faces | None:
    """The fonts of a deal's brand; None without any. `text` is all that the plan says, `language` the code of what the page speaks.
    Raises PlanmarkError where a file is no font."""
    rules, files, problems = [], [], []
    regular, bold = (deal.assets.get(name) if name else None for name in (deal.brand.font, deal.brand.font_bold))
    if regular is None:
        return None
    letters = wanted(text, language)
    for asset, weight in ((regular, "400" if bold else ""), (bold, "700")):
        if asset is None:
            continue
        known = _facts(asset, store, place)
        has = frozenset(_ranges(known.get("letters", "")))
        kept = None if known.get("fs_type", 0) & _WHOLE else "".join(one for one in letters if ord(one) in has)
        path = f"assets/{slug(Path(asset.source).stem)}.{_key(asset, kept or '')}.woff2"
        files.append((path, partial(_made, asset.source, kept)))
        rules.append(_face(path, known, weight))
        if weight != "700":
            rules.append(_stand_in(known))
        if known.get("fs_type", 0) & (_RESTRICTED | _BITMAPS):
            hint = "ask its maker for a licence for web pages, or take another font; where you have one, this is only a reminder"
            problems.append(Problem("PM411", "the font says that it may not be embedded", place(asset.source), hint, "warning"))
    return Faces("".join(rules), tuple(files), tuple(problems))


def wanted(text: str, language: str) -> str:
    """The letters that a font is cut down to, in order: those of the language, and what else stands in the text."""
    fixed = frozenset(chr(one) for one in _ranges(f"{LATIN} {ALSO.get(language, '')}"))
    also = {one for one in f"{text}{_interface(language)}" if one not in fixed and one.isprintable()}
    return "".join(sorted(fixed | also))


def _interface(language: str) -> str:
    """What the interface says, where its letters are not among those that are fixed."""
    if language != "ja":
        return ""
    from planmark.site.language import CATALOGUES, DOMAIN

    path = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    return _CALENDAR + (path.read_bytes().decode("utf-8", "ignore") if path.is_file() else "")


def _ranges(text: str) -> Iterator[int]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _as_ranges(letters: Iterable[int]) -> str:
    """Code points as ranges: `20-7e a0`."""
    found: list[list[int]] = []
    for one in sorted(letters):
        if found and found[-1][1] == one - 1:
            found[-1][1] = one
        else:
            found.append([one, one])
    return " ".join(f"{first:x}-{last:x}" for first, last in found)


def _key(asset: Asset, letters: str) -> str:
    said = f"{asset.digest} {RECIPE} {version_of('fontTools')} {version_of('brotli')} {letters}"
    return digest_bytes(said.encode())[:10]


def _facts(asset: Asset, store: Store, place: Callable[[str], Location]) -> dict[str, Any]:
    """What is known of a font without opening it a second time: its measures, its weights and what its maker allows."""
    said = store.get(f"{_key(asset, 'facts')}.json", lambda: json.dumps(_looked(asset.source, place(asset.source))).encode())
    known: dict[str, Any] = json.loads(said or b"{}")
    return known


def _looked(source: str, where: Location) -> dict[str, Any]:
    try:
        with _opened(source) as font:
            missing = [table for table in _METRICS if table not in font]
            if missing:
                raise ValueError(missing[0])
            size = font["head"].unitsPerEm
            typo = font["OS/2"].fsSelection & 0x80
            up, down, gap = (
                (font["OS/2"].sTypoAscender, -font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap)
                if typo
                else (font["hhea"].ascent, -font["hhea"].descent, font["hhea"].lineGap)
            )
            axes = {axis.axisTag: [axis.minValue, axis.maxValue] for axis in font["fvar"].axes} if "fvar" in font else {}
            return {
                "fs_type": font["OS/2"].fsType,
                "up": up / size,
                "down": down / size,
                "gap": gap / size,
                "wide": _width(font) / size,
                "weights": axes.get("wght"),
                "letters": _as_ranges(font.getBestCmap() or {}),
            }
    except Exception as error:  # whatever a font's parser meets in a broken file
        hint = "save it anew as WOFF2, TTF or OTF"
        raise PlanmarkError(Problem("PM410", "the font is broken: it cannot be read", where, hint)) from error


def _width(font: TTFont) -> float:
    """How wide the letters of a text are on average, in units of the font; 0 where it lacks one of them."""
    names, widths = font.getBestCmap() or {}, font["hmtx"]
    if any(ord(letter) not in names for letter in _MET):
        return 0.0
    return float(
        sum(widths[names[ord(letter)]][0] * share for letter, (_, share) in _MET.items()) / sum(share for _, share in _MET.values())
    )


def _face(path: str, known: dict[str, Any], weight: str) -> str:
    weights = known.get("weights")
    said = f" font-weight: {weights[0]:g} {weights[1]:g};" if weights and weight != "700" else f" font-weight: {weight};" if weight else ""
    return f'@font-face {{ font-family: "Brand";{said} src: url("{Path(path).name}") format("woff2"); font-display: swap; }}\n'


def _stand_in(known: dict[str, Any]) -> str:
    """The font that is shown until the brand's is there, with the same room for letters and lines."""
    if not known.get("wide"):
        return ""
    usual = sum(width * share for width, share in _MET.values()) / sum(share for _, share in _MET.values()) / 1000
    ratio = known["wide"] / usual
    up, down, gap = (max(0.0, known[name]) / ratio for name in ("up", "down", "gap"))
    return (
        '@font-face { font-family: "Brand stand-in"; src: local("Arial"), local("Liberation Sans"), local("Roboto"), local("Helvetica");'
        f" size-adjust: {ratio:.2%}; ascent-override: {up:.2%}; descent-override: {down:.2%}; line-gap-override: {gap:.2%}; }}\n"
    )


def _opened(source: str) -> TTFont:
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(Path(source).read_bytes()), lazy=True, recalcTimestamp=False, recalcBBoxes=False, fontNumber=0)


def _made(source: str, letters: str | None) -> bytes:
    """The font as WOFF2, cut down to `letters`; whole where its maker forbids that it be cut (`letters` None)."""
    from fontTools import subset

    options = subset.Options(flavor="woff2", hinting=False, desubroutinize=False, ignore_missing_unicodes=True, notdef_outline=True)
    options.layout_features = [*options.layout_features, *_FEATURES]
    options.name_IDs = [*range(8), 13, 14, 16, 17, 25]  # 13 and 14 are the licence and where it stands
    options.name_languages = ["*"]
    font = subset.load_font(io.BytesIO(Path(source).read_bytes()), options)
    if letters is None:
        font.flavor = "woff2"
    else:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(letter) for letter in letters])
        subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    return buffer.getvalue()
