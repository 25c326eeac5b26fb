"""Languages, time zones and holiday calendars."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated

from planmark.plan.scalars.written import TYPED, UnreadableError, Written, shown
from planmark.problems import did_you_mean

LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "it", "sv", "ja", "ar")


def _read_locale(text: str) -> str:
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_]([A-Za-z]{2}))?", text.strip())
    if not match or match[1].lower() not in LANGUAGES:
        raise UnreadableError(
            f"`{shown(text)}` is not a language that ships",
            f"write one of {', '.join(LANGUAGES)}, with a country where it matters: en-GB",
        )
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")


def _read_zone(text: str) -> str:
    from zoneinfo import available_timezones

    name = text.strip()
    if name not in available_timezones():
        ending = "/" + name.lower().replace(" ", "_")
        city = next((zone for zone in sorted(available_timezones()) if zone.lower().endswith(ending)), "")
        raise UnreadableError(
            f"`{shown(text)}` is not a time zone",
            f"did you mean `{city}`?" if city else did_you_mean(name, sorted(available_timezones()), "write it as Europe/London"),
        )
    return name


@cache
def holiday_calendars() -> dict[str, tuple[str, ...]]:
    """Each country of the `holidays` package with its regions."""
    import holidays

    return {country: tuple(regions) for country, regions in holidays.list_supported_countries(include_aliases=False).items()}


def _read_holidays(text: str) -> str:
    code = text.strip().upper()
    country, _, region = code.partition("-")
    known = holiday_calendars()
    if country not in known:
        raise UnreadableError(f"`{shown(text)}` is not a country", "write its two letters, with a region where it matters: GB, DE-BY")
    if region and region not in known[country]:
        raise UnreadableError(
            f"`{region}` is not a region of {country}",
            "write one of: " + ", ".join(known[country]) if known[country] else f"write {country}",
        )
    return code


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
Zone = Annotated[str, Written("PM217", "a time zone", str, _read_zone, {"type": "string", "examples": ["Europe/London"]})]
Holidays = Annotated[str, Written("PM218", "a holiday calendar", str, _read_holidays, {"type": TYPED, "examples": ["GB", "DE-BY"]})]
