"""What words give away, in the ten languages: the seller's view, tasks that say little, teams where a person was meant.

Whole words are compared, without regard to capitals and accents. Lists are short on purpose: rather nothing said than a false alarm.
English lists count in every language, for sellers use English words in all of them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from planmark.plan.rules.wording.people import BUDGET, NOBODY, TEAM_NAMES, TEAM_WORDS, TWO
from planmark.plan.rules.wording.seller import ALONE, ANYWHERE
from planmark.plan.rules.wording.vague import SHORT, WHOLE

WITHOUT_SPACES = ("ja",)
"""Languages that put no space between words: theirs are looked for anywhere in a text."""
_KANA = "\u3099\u309a"
"""Marks that make another letter in Japanese, and no accent."""


def sellers_words(text: str, locale: str) -> str:
    """The words in a title that show the seller's view, as they are written; empty where there are none."""
    folded = _folded(text)
    for language in _languages(locale):
        if folded in _set(ALONE[language]):
            return text
        found = _any_of(language, ANYWHERE[language]).search(folded)
        if found:
            return text[found.start() : found.end()] if len(folded) == len(text) else text
    return ""


def says_little(title: str, locale: str) -> bool:
    """Whether a task's title is a short phrase without a number or a name, of which nobody can tell when it is done."""
    folded = _folded(title)
    if any(char.isdigit() for char in folded) or len(folded.split()) > 5:
        return False
    for language in _languages(locale):
        if folded in _set(WHOLE[language]):
            return True
        if language in SHORT and _short(language).fullmatch(folded):
            return True
    return False


def names_team(name: str) -> bool:
    """Whether the name is that of a department. In any language: people's titles are written in their own."""
    folded = _folded(name)
    return folded in _set(*TEAM_NAMES.values()) or bool(_team_words().search(folded))


def names_two(name: str) -> bool:
    """Whether two people stand in one name."""
    return bool(_two().search(_folded(name)))


def names_nobody(name: str) -> bool:
    """Whether it only keeps the place for a name: TBD."""
    return _folded(name).strip("()[]<>. ") in _set(*NOBODY.values()) or not any(char.isalpha() for char in name)


def names_budget(text: str) -> bool:
    """Whether a decision is about the budget, in any of the languages."""
    return bool(_budget().search(_folded(text)))


def _languages(locale: str) -> tuple[str, ...]:
    own = locale.partition("-")[0]
    return ("en",) if own == "en" else (own, "en")


def _folded(text: str) -> str:
    """Small letters without accents; Arabic without vowel signs and with one Alif; one space between words."""
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", text) if char in _KANA or not (unicodedata.combining(char) or char == "ـ")
    )
    return " ".join(plain.replace("’", "'").replace("‑", "-").casefold().split())


@cache
def _set(*lists: str) -> frozenset[str]:
    return frozenset(_folded(one) for text in lists for one in text.split(","))


@cache
def _any_of(language: str, text: str) -> re.Pattern[str]:
    """A pattern of the phrases of a list; each space may be a hyphen."""
    phrases = sorted((re.escape(one).replace(r"\ ", "[ -]") for one in _set(text)), key=len, reverse=True)
    joined = "|".join(phrases)
    return re.compile(joined if language in WITHOUT_SPACES else rf"(?<!\w)(?:{joined})(?!\w)")


@cache
def _short(language: str) -> re.Pattern[str]:
    return re.compile("|".join(_folded_pattern(one) for one in SHORT[language]))


@cache
def _team_words() -> re.Pattern[str]:
    spaced = "|".join(re.escape(one) for one in _set(*(text for name, text in TEAM_WORDS.items() if name not in WITHOUT_SPACES)))
    joined = "|".join(re.escape(one) for one in _set(*(text for name, text in TEAM_WORDS.items() if name in WITHOUT_SPACES)))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{joined}")


@cache
def _two() -> re.Pattern[str]:
    return re.compile("|".join(_folded_pattern(one) for one in TWO))


@cache
def _budget() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one) for one in _set(*BUDGET.values())))


def _folded_pattern(pattern: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", pattern) if not unicodedata.combining(char))
