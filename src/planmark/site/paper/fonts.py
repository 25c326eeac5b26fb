"""The fonts of paper. They ship, so that a plan looks the same, and has the same bytes, whatever is installed on a machine.

Only what a plan needs is loaded: Japanese and Arabic faces where it has such letters, italics where something is set in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from planmark.content.tree import digest_bytes
from planmark.shipped import THEMES

FOLDER = THEMES / "default" / "fonts"
COVERED = FOLDER / "covered.txt"
"""The letters that the fonts have between them, as ranges: `20-7e`. A test holds that it is true."""
SANS, SERIF, ARABIC, JAPANESE = "Planmark Sans", "Planmark Serif", "Planmark Arabic", "Planmark Japanese"

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_JAPANESE = re.compile("[\u3000-\u30ff\u31f0-\u33ff\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0002ffff]")
_SLANTED = re.compile(r"<(?:em|i|cite|dfn|address)\b")


class Face(NamedTuple):
    """One font file: the family and weight that it stands for."""

    family: str
    weight: int
    slanted: bool
    file: str


FACES = (
    Face(SANS, 400, False, "sans-regular.ttf"),
    Face(SANS, 700, False, "sans-bold.ttf"),
    Face(SANS, 400, True, "sans-italic.ttf"),
    Face(SERIF, 400, False, "serif-regular.ttf"),
    Face(SERIF, 700, False, "serif-bold.ttf"),
    Face(SERIF, 400, True, "serif-italic.ttf"),
    Face(ARABIC, 400, False, "arabic-regular.ttf"),
    Face(ARABIC, 700, False, "arabic-bold.ttf"),
    Face(JAPANESE, 400, False, "japanese-regular.ttf"),
    Face(JAPANESE, 700, False, "japanese-bold.ttf"),
)


def fonts_for(html: str, css: str) -> tuple[str, dict[str, Path]]:
    """The `@font-face` rules for what a paper is written in, and the files that they name, by their path in the site."""
    wanted = {SANS}
    if SERIF in css:
        wanted.add(SERIF)
    if _ARABIC.search(html):
        wanted.add(ARABIC)
    if _JAPANESE.search(html):
        wanted.add(JAPANESE)
    slanted = bool(_SLANTED.search(html)) or "italic" in css
    rules, files = [], {}
    for face in FACES:
        if face.family in wanted and (slanted or not face.slanted):
            path = f"assets/{face.file.replace('.', f'.{_digest(face.file)}.')}"
            style = "italic" if face.slanted else "normal"
            rules.append(
                f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {style};'
                f' src: url("{Path(path).name}") }}\n'
            )
            files[path] = FOLDER / face.file
    return "".join(rules), files


def missing_letters(html: str) -> set[str]:
    """The letters of a text that none of the fonts has. They come from the machine's own fonts, as far as those have them."""
    has = _covered()
    return {letter for letter in set(html) if ord(letter) not in has and letter.isprintable()}


@cache
def _covered() -> frozenset[int]:
    return frozenset(letter for first, last in _ranges(COVERED.read_text(encoding="ascii")) for letter in range(first, last + 1))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield int(first, 16), int(last or first, 16)


@cache
def _digest(file: str) -> str:
    return digest_bytes((FOLDER / file).read_bytes())[:10]
