"""Sorting names as a language does: å after z in Swedish, ñ after n in Spanish, accents and capitals only to break ties.

The order of letters is that of the Unicode Collation Algorithm's first three levels, for the languages that ship; what they order
otherwise (CLDR's tailorings) is the table below. Chinese characters in Japanese sort by code point.
"""

from __future__ import annotations

import unicodedata

_AFTER: dict[str, dict[str, str]] = {
    "sv": {"å": "z\ue000", "ä": "z\ue001", "æ": "z\ue001", "ö": "z\ue002", "ø": "z\ue002", "ü": "y\u0308"},
    "es": {"ñ": "n\ue000"},
}
"""Letters with a place of their own: after another (private signs sort behind all letters), or as another with an accent."""
_ALIKE = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ð": "d"}


def sort_key(text: str, locale: str = "en") -> tuple[str, str, str, str]:
    """What `sorted` compares: letters first, then accents from left to right, then capitals (small ones first)."""
    after = _AFTER.get(locale[:2], {})
    letters: list[str] = []
    accents: list[str] = []
    for char in unicodedata.normalize("NFC", text).lower():
        for part in after.get(char) or unicodedata.normalize("NFKD", char):
            if unicodedata.combining(part):
                accents.append(part)
            elif part.isalnum() or unicodedata.category(part) == "Co":
                letter = _ALIKE.get(part, part)
                letters.append(letter)
                accents.append(" " * len(letter) + ("\u0338" if letter != part else ""))
            elif not letters or letters[-1] != " ":
                letters.append(" ")
    return "".join(letters), "".join(accents), text.swapcase(), text
