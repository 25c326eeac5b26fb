"""A line of letters drawn as a picture: scripts beside each other, each in the font that has it, in the order in which they are read.

The fonts are those that ship for paper. A line is cut into runs of one font; where it reads from right to left, so do its runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from planmark.shipped import THEMES

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FOLDER = THEMES / "default" / "fonts"
SANS, ARABIC, JAPANESE = "sans-bold.ttf", "arabic-bold.ttf", "japanese-bold.ttf"

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_JAPANESE = re.compile("[\u2e80-\u30ff\u31c0-\u33ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0002ffff]")
_PLAIN = re.compile("[\x20-\x7e\xa0-\u017f\u2010-\u2014\u2018-\u201e\u2026]*")
"""What the sans font has for certain."""
_NOT_FIRST = frozenset("、。，．・：；？！)）」』】〉》”’…ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々〜%％")
_NOT_LAST = frozenset("(（「『【〈《“‘")


def font_of(letter: str) -> str:
    """The font for a letter, by its script."""
    return ARABIC if _ARABIC.match(letter) else JAPANESE if _JAPANESE.match(letter) else SANS


def can_write(text: str) -> bool:
    """Whether the fonts have every letter of a text, and can join those that need joining."""
    if _PLAIN.fullmatch(text):
        return True
    from PIL import features

    if _ARABIC.search(text) and not features.check("raqm"):
        return False
    return all(ord(letter) in _letters(font_of(letter)) for letter in text if letter != " ")


def from_right(text: str) -> bool:
    """Whether a text is read from right to left: its first letter says it."""
    first = next((letter for letter in text if letter.isalpha()), "")
    return bool(_ARABIC.match(first))


def words(text: str) -> list[str]:
    """The pieces between which a line may be broken, each with the space that follows it. Japanese is broken between most letters."""
    apart: list[str] = re.findall(r"[^ ]+ ?", text)
    if _PLAIN.fullmatch(text):
        return apart
    pieces: list[str] = []
    for word in apart:
        for letter in word:
            last = pieces[-1] if pieces else ""
            breaks = not last or last.endswith(" ")
            if not breaks and (_JAPANESE.match(letter) or _JAPANESE.match(last[-1])):
                breaks = letter not in _NOT_FIRST and last[-1] not in _NOT_LAST and letter != " "
            if breaks:
                pieces.append(letter)
            else:
                pieces[-1] += letter
    return pieces


def length(text: str, size: int) -> float:
    """How wide a line is, in pixels."""
    return sum(_font(name, size).getlength(run, direction=_way(name)) for name, run in _runs(text.rstrip()))


def write(draw: ImageDraw, x: float, baseline: float, text: str, size: int) -> None:
    """Draw a line in white whose left end is at `x`."""
    runs = list(_runs(text.rstrip()))
    if from_right(text):
        runs.reverse()
    for name, run in runs:
        font = _font(name, size)
        draw.text((x, baseline), run, fill=255, font=font, anchor="ls", direction=_way(name))
        x += font.getlength(run, direction=_way(name))


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """A line in pieces of one font. A space between two fonts is a piece of its own, so that it stays between them in either order."""
    if _PLAIN.fullmatch(text):
        yield SANS, text
        return
    name, run = "", ""
    for part in re.findall(r" +|[^ ]+", text):
        for letter in part if part[0] != " " else (part,):
            this = name if part[0] == " " else font_of(letter)
            if run and this != name:
                bare = run.rstrip(" ")
                if bare:
                    yield name, bare
                if run != bare:
                    yield SANS, run[len(bare) :]
                run = ""
            name, run = this, run + letter
    if run:
        yield name, run


def _way(name: str) -> str | None:
    return "rtl" if name == ARABIC else None


@cache
def _font(name: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(FOLDER / name), size)


@cache
def _letters(name: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(FOLDER / name, lazy=True) as font:
        return frozenset(font.getBestCmap())
