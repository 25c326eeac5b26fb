"""The language that a page speaks: its catalogue of the interface's words, and the direction in which it is read.

A catalogue is a PO file with its compiled form in `languages/<code>/LC_MESSAGES/`; English is what the templates themselves say.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

CATALOGUES = Path(__file__).parent / "languages"
SPOKEN = ("en", "de", "fr", "es", "nl", "pt", "it", "sv", "ja", "ar")
"""The languages that the pages speak."""
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur", "yi", "ps", "sd", "ckb", "dv", "ug"))


@cache
def _catalogue(code: str) -> NullTranslations:
    path = CATALOGUES / code / "LC_MESSAGES" / "planmark.mo"
    if code == "en" or not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


class Language:
    """A locale's language. One without a catalogue speaks English: `code` is what the interface's words are really in."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        own = locale.partition("-")[0].lower()
        self.code = own if own in SPOKEN else "en"
        self.direction = "rtl" if own in _RIGHT_TO_LEFT else "ltr"
        self._catalogue = _catalogue(self.code)

    def gettext(self, text: str) -> str:
        """What the catalogue has for an English text; the text itself where it has nothing."""
        return self._catalogue.gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form that goes with a count."""
        return self._catalogue.ngettext(one, many, count)
