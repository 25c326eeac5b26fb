"""Sorting names as a language does: å after z in Swedish, ñ after n in Spanish, accents and capitals only to break ties.

The order of letters is that of the Unicode Collation Algorithm's first three levels, for the languages that ship; what they order
otherwise (CLDR's tailorings) is the table below. Chinese characters in Japanese sort by code point.
"""

from __future__ import annotations

import unicodedata

_AFTER: dict[str, dict[str, str]] = {
    "sv": {"å": "z\ue000", "ä": "z\ue001", "æ": "z\ue001", "ö": "z\ue002", "ø": "z\ue002"},
    "es": {"ñ": "n\ue000"},
}
_ALIKE = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ð": "d"}


def sort_key(text: str, locale: str = "en") -> tuple[str, str, str]:
    """What `sorted` compares: letters first, then accents, then capitals (small ones first)."""
    after = _AFTER.get(locale[:2], {})
    letters, accents = [], []
    for char in unicodedata.normalize("NFC", text).lower():
        if char in after:
            letters.append(after[char])
            continue
        for part in unicodedata.normalize("NFKD", char):
            if unicodedata.combining(part):
                accents.append(f"{len(letters):04d}{part}")
            elif part.isalnum():
                letters.append(_ALIKE.get(part, part))
            elif not letters or letters[-1] != " ":
                letters.append(" ")
    return "".join(letters), "".join(accents), text.swapcase()
