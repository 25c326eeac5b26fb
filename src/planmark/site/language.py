"""The language that a page speaks: its catalogue of the interface's words, and the direction in which it is read.

A catalogue is a PO file with its compiled form in `languages/<code>/LC_MESSAGES/`; English is what the templates themselves say.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from types import MappingProxyType

from planmark.plan.scalars import LANGUAGES

CATALOGUES = Path(__file__).parent / "languages"
DOMAIN = "planmark"
SPOKEN = LANGUAGES
"""The languages that the pages speak."""
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur", "yi", "ps", "sd", "ckb", "dv", "ug"))


@cache
def _catalogue(code: str) -> NullTranslations:
    path = CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if code == "en" or not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def direction(language: str) -> str:
    """In which direction a language is read, by its tag: ltr or rtl."""
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


class Language:
    """A locale's language, one of those that ship."""

    def __init__(self, locale: str, voice: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> None:
        """`voice` is a theme's own words, by language, in place of the interface's."""
        self.locale = locale
        self.code = locale.partition("-")[0]
        self.direction = direction(locale)
        self._catalogue = _catalogue(self.code)
        self._voice = voice.get(self.code, {})

    def gettext(self, text: str) -> str:
        """What the catalogue has for an English text; the text itself where it has nothing."""
        return self._voice.get(text) or self._catalogue.gettext(text)

    def pgettext(self, context: str, text: str) -> str:
        """The same where one English text means several things: `context` says which."""
        return self._voice.get(text) or self._catalogue.pgettext(context, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form that goes with a count. A voice has one for each of the two English forms."""
        return self._voice.get(one if count == 1 else many) or self._catalogue.ngettext(one, many, count)


def interface_words(locale: str) -> str:
    """All that the interface itself says, in English and in the locale's language, one text a line: no page gives anything away by it."""
    known = getattr(_catalogue("de"), "_catalog", {})  # its keys are the English texts; English itself has no catalogue
    said = getattr(_catalogue(locale.partition("-")[0]), "_catalog", {})
    english = ((key[0] if isinstance(key, tuple) else key).rpartition("\4")[2] for key in known if key)
    return "\n".join([*english, *(text for key, text in said.items() if key)])
