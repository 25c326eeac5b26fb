"""Languages, time zones and holiday calendars."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated

from planmark.plan.scalars.written import TYPED, UnreadableError, Written, shown
from planmark.problems import did_you_mean

LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "it", "sv", "ja", "ar")
"""The languages that pages speak."""


def _read_locale(text: str) -> str:
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_]([A-Za-z]{2}))?", text.strip())
    if not match or match[1].lower() not in LANGUAGES:
        raise UnreadableError(
            f"`{shown(text)}` is not a language that ships",
            f"write one of {', '.join(LANGUAGES)}, with a country where it matters: en-GB",
        )
    language, country = match[1].lower(), (match[2] or "").upper()
    if country and not _is_written_in(language, country):
        raise UnreadableError(
            f"dates and amounts have no form for `{language}` in `{country}`",
            f"write {language}, or add a country where it is at home: en-GB, de-AT, pt-BR",
        )
    return f"{language}-{country}" if country else language


def _read_tag(text: str) -> str:
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?", text.strip())
    if not match or not _is_known(match[1].lower()):
        raise UnreadableError(f"`{shown(text)}` is not a language", "write its short name, with a country where it matters: fi, pt-BR")
    return "-".join(filter(None, (match[1].lower(), (match[2] or "").capitalize(), (match[3] or "").upper())))


@cache
def _is_known(language: str) -> bool:
    from babel.localedata import exists

    return exists(language)


@cache
def _is_written_in(language: str, country: str) -> bool:
    """Whether dates and amounts of a language are known for a country."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale(language, country)
    except UnknownLocaleError:
        return False
    return True


@cache
def _zones() -> tuple[str, ...]:
    from zoneinfo import available_timezones

    return tuple(sorted(available_timezones()))


def _read_zone(text: str) -> str:
    name = text.strip()
    if name not in _zones():
        ending = "/" + name.lower().replace(" ", "_")
        city = next((zone for zone in _zones() if zone.lower().endswith(ending)), "")
        raise UnreadableError(
            f"`{shown(text)}` is not a time zone",
            f"did you mean `{city}`?" if city else did_you_mean(name, _zones(), "write it as Europe/London"),
        )
    return name


@cache
def holiday_calendars() -> dict[str, tuple[str, ...]]:
    """Each country of the `holidays` package with its regions."""
    import holidays

    return {country: tuple(regions) for country, regions in holidays.list_supported_countries(include_aliases=False).items()}


def _read_holidays(text: str) -> str:
    written, _, part = text.strip().partition("-")
    country, known = written.upper(), holiday_calendars()
    if country not in known or not written.isascii():
        raise UnreadableError(f"`{shown(text)}` is not a country", "write its two letters, with a region where it matters: GB, DE-BY")
    region = next((name for name in known[country] if name.lower() == part.lower()), "")
    if part and not region:
        raise UnreadableError(
            f"`{shown(part)}` is not a region of {country}",
            "write one of: " + ", ".join(known[country]) if known[country] else f"write {country}",
        )
    return f"{country}-{region}" if region else country


Locale = Annotated[
    str,
    Written(
        "PM216",
        "a language",
        str,
        _read_locale,
        {"type": "string", "pattern": f"^({'|'.join(LANGUAGES)})([-_][A-Za-z]{{2}})?$"},
    ),
]
LanguageTag = Annotated[
    str,
    Written(
        "PM216",
        "a language",
        str,
        _read_tag,
        {"type": "string", "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?$"},
    ),
]
"""The language of one text or file, any of the world's: fi, pt-BR, zh-Hant."""
Zone = Annotated[str, Written("PM217", "a time zone", str, _read_zone, {"type": "string", "examples": ["Europe/London"]})]
Holidays = Annotated[str, Written("PM218", "a holiday calendar", str, _read_holidays, {"type": TYPED, "examples": ["GB", "DE-BY"]})]
