"""The template environment: where templates are found, and the few words they may use."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from planmark.site.language import Language
from planmark.site.theme import Theme
from planmark.site.words import WORDS


def environment(theme: Theme, locale: str = "en", cache: BytecodeCache | None = None) -> Environment:
    """Templates of a theme and of those it extends, in one language. `default:page.html` names a file of one theme alone.

    Autoescape is on, and an unknown name is an error. A theme is code of the team's own: it is not sandboxed.
    """
    env = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader([str(folder) for folder in theme.folders]),
                PrefixLoader(
                    {name: FileSystemLoader(str(folder)) for name, folder in zip(theme.names, theme.folders, strict=True)},
                    delimiter=":",
                ),
            ]
        ),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=cache,
        cache_size=-1,
    )
    language = Language(locale)
    env.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    env.globals["language"] = language
    env.filters.update(
        day=partial(day, locale=locale),
        shortday=partial(short_day, locale=locale),
        month=partial(month, locale=locale),
        clock=clock,
        money=partial(money, locale=locale),
        number=partial(number, locale=locale),
        percent=partial(percent, locale=locale),
        filesize=partial(file_size, locale=locale),
        say=lambda word: language.gettext(WORDS[word]) if word in WORDS else word,
        duration=partial(duration, locale=locale),
        iso=lambda value: value.isoformat(),
    )
    return env


@lru_cache(maxsize=8192)
def _formatted(value: date, pattern: str, locale: str) -> str:
    from babel.dates import format_date

    return format_date(value, pattern, locale=_babel(locale))


def _babel(locale: str) -> str:
    return locale.replace("-", "_")


@lru_cache(maxsize=8192)
def day(value: date, locale: str = "en") -> Markup:
    """A date in words, in a `<time>`: 14 October 2026."""
    return Markup(f'<time datetime="{value.isoformat()}">{escape(_formatted(value, "long", locale))}</time>')


@lru_cache(maxsize=8192)
def short_day(value: date, locale: str = "en") -> Markup:
    """A short date, in a `<time>`: 14 Oct 2026."""
    return Markup(f'<time datetime="{value.isoformat()}">{escape(_formatted(value, "medium", locale))}</time>')


def month(value: date, locale: str = "en") -> str:
    """A month in words: October 2026."""
    return _formatted(value, "LLLL y", locale)


def clock(value: time) -> str:
    """A time of day: 09:30."""
    return value.strftime("%H:%M")


@lru_cache(maxsize=2048)
def money(amount: Decimal, currency: str, locale: str = "en") -> str:
    """An amount with its currency, without cents where it has none."""
    from babel.numbers import format_currency, get_currency_precision

    whole = amount == amount.to_integral_value()
    digits = 0 if whole else max(get_currency_precision(currency), 2)
    return (
        format_currency(amount, currency, locale=_babel(locale), format=None, currency_digits=False, decimal_quantization=False)
        if not whole and digits > 2
        else (format_currency(amount, currency, format=_currency_pattern(locale, digits), locale=_babel(locale), currency_digits=False))
    )


@lru_cache(maxsize=64)
def _currency_pattern(locale: str, digits: int) -> str:
    import re

    from babel import Locale

    pattern = Locale.parse(_babel(locale)).currency_formats["standard"].pattern
    return re.sub(r"0\.00", "0" + ("." + "0" * digits if digits else ""), pattern)


@lru_cache(maxsize=2048)
def number(value: Decimal, locale: str = "en") -> str:
    """A number as the language writes it."""
    from babel.numbers import format_decimal

    return format_decimal(value.normalize() if value != value.to_integral_value() else value.to_integral_value(), locale=_babel(locale))


@lru_cache(maxsize=2048)
def percent(share: float, locale: str = "en") -> str:
    """A share from 0 to 1 as the language writes it: 45%, 45 %."""
    from babel.numbers import format_percent

    return format_percent(share, locale=_babel(locale))


@lru_cache(maxsize=2048)
def file_size(size: int, locale: str = "en") -> str:
    """Bytes as people say them."""
    if size < 1_000_000:
        return f"{number(Decimal(max(1, round(size / 1000))), locale)} kB"
    return f"{number(round(Decimal(size) / 1_000_000, 1), locale)} MB"


@lru_cache(maxsize=2048)
def duration(minutes: int, locale: str = "en") -> str:
    """Minutes as people say them: 1 hr 30 min."""
    from babel.units import format_unit

    hours, rest = divmod(minutes, 60)
    parts = ((hours, "duration-hour"), (rest, "duration-minute"))
    return " ".join(format_unit(count, unit, "short", locale=_babel(locale)) for count, unit in parts if count)


def bytecode(folder: Path) -> BytecodeCache:
    """Compiled templates kept in `folder` between runs."""
    from jinja2 import FileSystemBytecodeCache

    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))
