"""The template environment: where templates are found, and the few words they may use."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from planmark.site.theme import Theme
from planmark.site.words import say


def environment(theme: Theme, cache: BytecodeCache | None = None) -> Environment:
    """Templates of a theme and of those it extends. `default:page.html` names a file of one theme alone.

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
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=cache,
        cache_size=-1,
    )
    env.filters.update(
        day=day,
        shortday=short_day,
        month=month,
        clock=clock,
        money=money,
        number=number,
        filesize=file_size,
        say=say,
        plural=plural,
        duration=duration,
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


def file_size(size: int) -> str:
    """Bytes as people say them."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"


def plural(count: int, one: str, many: str) -> str:
    """`3 tasks`."""
    return f"{count} {one if count == 1 else many}"


def duration(minutes: int) -> str:
    """Minutes as people say them: 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))


def bytecode(folder: Path) -> BytecodeCache:
    """Compiled templates kept in `folder` between runs."""
    from jinja2 import FileSystemBytecodeCache

    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))
