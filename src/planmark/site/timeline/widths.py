"""How wide a text will be, before anybody has set it, and how much of it fits.

Advance widths are those of DejaVu Sans, the widest of the fonts that a system is likely to show the page in (San Francisco, Segoe UI,
Roboto and Noto Sans are all narrower), so that what fits here fits everywhere.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, east_asian_width, normalize

BOLD = 1.16
"""How much wider a text in bold is."""
ELLIPSIS = "…"
_STEPS = {
    0.28: "'ijl’‘",
    0.30: "IJ",
    0.32: " ,.·\u00a0\u202f",
    0.34: "/:;\\|",
    0.36: "f",
    0.38: "-",
    0.40: "()[]t",
    0.42: "!r",
    0.46: '"',
    0.50: "*_`–",
    0.54: "?sz“”„",
    0.56: "Lc",
    0.58: "Fk",
    0.60: "vxy",
    0.62: "PTYaeo«»ø",
    0.64: "$0123456789ESbdghnpqu{}ß€",
    0.66: "K",
    0.70: "ABCRVXZ",
    0.74: "U",
    0.76: "HN",
    0.78: "&DG",
    0.80: "OQ",
    0.82: "w",
    0.84: "#+<=>^~×Ø",
    0.88: "M",
    0.96: "%",
    0.98: "mæ",
    1.00: "@W—…",
}
_OF = {letter: width for width, letters in _STEPS.items() for letter in letters}
_UNKNOWN = 0.92
_ARABIC, _EMOJI = 0.8, 1.35


def _advance(letter: str) -> float:
    """The width of a letter that the table doesn't have, in ems; it remembers it."""
    if category(letter) in ("Mn", "Me", "Cf", "Cc"):
        width = 0.0
    elif east_asian_width(letter) in "WF":
        width = _EMOJI if ord(letter) > 0x1F000 else 1.0
    elif "\u0600" <= letter < "\u0700":
        width = _ARABIC
    else:
        width = _OF.get(normalize("NFD", letter)[0], _UNKNOWN)
    _OF[letter] = width
    return width


@lru_cache(maxsize=16384)
def ems(text: str) -> float:
    """The width of a text in ems: at least what it will take."""
    try:
        return sum(map(_OF.__getitem__, text))
    except KeyError:
        return sum(_OF[letter] if letter in _OF else _advance(letter) for letter in text)


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text set in `size`, in the same unit."""
    return ems(text) * size * (BOLD if bold else 1)


def shortened(text: str, size: float, room: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits into `room`, with an ellipsis. At least one letter is left of it."""
    if width(text, size, bold) <= room:
        return text
    left, kept = room / (size * (BOLD if bold else 1)) - ems(ELLIPSIS), 0
    for letter in text:
        left -= ems(letter)
        if left < 0:
            break
        kept += 1
    while 0 < kept < len(text) and category(text[kept]) in ("Mn", "Me", "Cf"):  # never between a letter and what stands on it
        kept -= 1
    return text[: max(kept, 1)].rstrip(" ,;:-–—(") + ELLIPSIS


def in_lines(text: str, size: float, room: float, most: int, bold: bool = False) -> tuple[str, ...]:
    """The text in at most so many lines, broken at spaces; the last is shortened where there is more."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        count = 1
        while count < len(words) and width(" ".join(words[: count + 1]), size, bold) <= room:
            count += 1
        lines.append(shortened(" ".join(words[:count]), size, room, bold))
        words = words[count:]
    if words:
        lines.append(shortened(" ".join(words), size, room, bold))
    return tuple(lines)
