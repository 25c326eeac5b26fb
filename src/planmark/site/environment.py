"""The template environment: where templates are found, and the few words they may use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from functools import lru_cache, partial
from math import sqrt
from pathlib import Path
from typing import get_args

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from markupsafe import Markup, escape

from planmark.plan.words import Weekday
from planmark.site.language import Language, direction
from planmark.site.theme import Theme
from planmark.site.words import COMMAS, SEMICOLONS, say, within

WEEKDAYS: tuple[str, ...] = get_args(Weekday)


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
        extensions=["jinja2.ext.do", "jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=cache,
        cache_size=-1,
    )
    language = Language(locale, theme.voice)

    @pass_context  # else `"target"|say` becomes one language's word in the compiled template, and all languages share those
    def spoken(_: object, word: str, thing: str = "") -> str:
        return say(word, thing, language=language)

    @pass_context
    def inside(_: object, word: str, thing: str = "") -> str:
        return within(word, thing, language=language)

    env.install_gettext_callables(language.gettext, language.ngettext, newstyle=True, pgettext=language.pgettext)  # type: ignore[attr-defined]  # the extension's
    env.globals["language"] = language
    env.filters.update(
        day=partial(day, locale=locale),
        shortday=partial(short_day, locale=locale),
        month=partial(month, locale=locale),
        clock=partial(clock, locale=locale),
        money=partial(money, locale=locale),
        number=partial(number, locale=locale),
        percent=partial(percent, locale=locale),
        filesize=partial(file_size, language=language),
        say=spoken,
        within=inside,
        weekday=partial(weekday, locale=locale),
        listed=partial(listed, locale=locale),
        commas=partial(commas, comma=COMMAS.get(language.code, ", ")),
        parted=partial(commas, comma=SEMICOLONS.get(language.code, "; ")),
        duration=partial(duration, language=language),
        optical=optical,
        iso=lambda value: value.isoformat(),
        tongue=partial(tongue, language=language),
    )
    return env


@lru_cache(maxsize=8192)
def _formatted(value: date, pattern: str, locale: str) -> str:
    from babel.dates import format_date, format_skeleton

    if pattern == "long":
        return format_date(value, pattern, locale=_babel(locale))
    return format_skeleton(pattern, value, locale=_babel(locale))  # dates are taken as well


def _babel(locale: str) -> str:
    return locale.replace("-", "_")


@lru_cache(maxsize=8192)
def day(value: date, locale: str = "en") -> Markup:
    """A date in words, in a `<time>`: 14 October 2026."""
    return Markup(f'<time datetime="{value.isoformat()}">{escape(_formatted(value, "long", locale))}</time>')


@lru_cache(maxsize=8192)
def short_day(value: date, locale: str = "en") -> Markup:
    """A short date, in a `<time>`: 14 Oct 2026."""
    return Markup(f'<time datetime="{value.isoformat()}">{escape(_formatted(value, "yMMMd", locale))}</time>')


def month(value: date, locale: str = "en") -> str:
    """A month in words: October 2026."""
    return _formatted(value, "yMMMM", locale)


@lru_cache(maxsize=2048)
def clock(value: time, locale: str = "en") -> str:
    """A time of day as the language's readers write it: 09:30, 9:30 AM."""
    from babel.dates import format_time

    return format_time(value, "short", locale=_babel(locale))


def weekday(name: str, locale: str = "en") -> str:
    """A day of the week, of its English name."""
    from babel.dates import get_day_names

    return str(get_day_names("wide", locale=_babel(locale))[WEEKDAYS.index(name)])


def commas(items: Iterable[object], comma: str = ", ") -> Markup:
    """A list without an `and`."""
    return Markup(comma).join(items)  # type: ignore[arg-type]  # it takes and escapes whatever there is


def listed(items: Iterable[object], locale: str = "en") -> Markup:
    """A list in a sentence: A, B and C."""
    from babel.lists import format_list

    return Markup(format_list([str(escape(item)) for item in items], locale=_babel(locale)))


def tongue(tag: str | None, language: Language) -> Markup:
    """The attributes of an element whose text is in a language of its own; nothing where it is in the plan's."""
    if not tag or tag == language.locale:
        return Markup("")
    way = direction(tag)
    return Markup(f' lang="{escape(tag)}"' + (f' dir="{way}"' if way != language.direction else ""))


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
def number(value: Decimal | int, locale: str = "en") -> str:
    """A number as the language writes it."""
    from babel.numbers import format_decimal

    value = Decimal(value)
    return format_decimal(value.normalize() if value != value.to_integral_value() else value.to_integral_value(), locale=_babel(locale))


@lru_cache(maxsize=2048)
def percent(share: float | Decimal, locale: str = "en") -> str:
    """A share from 0 to 1 as the language writes it: 45%, 45 %. A decimal keeps all of its digits: 7.5%."""
    from babel.numbers import format_percent

    return format_percent(share, locale=_babel(locale), decimal_quantization=not isinstance(share, Decimal))


def file_size(size: int, language: Language) -> str:
    """Bytes as people say them: 340 kB, 1.2 MB."""
    if size < 1_000_000:
        return language.gettext("%(num)s kB") % {"num": number(Decimal(max(1, round(size / 1000))), language.locale)}
    return language.gettext("%(num)s MB") % {"num": number(round(Decimal(size) / 1_000_000, 1), language.locale)}


def duration(minutes: int, language: Language) -> str:
    """Minutes as people say them: 1 hr 30 min."""
    hours, rest = divmod(minutes, 60)
    parts = [language.gettext("%(num)s hr") % {"num": hours}] if hours else []
    return " ".join([*parts, language.gettext("%(num)s min") % {"num": rest}] if rest else parts)


LOGO_AREA = 3900
"""The area of every logo, in square CSS pixels."""


def optical(width: int, height: int) -> int:
    """The width at which a logo of these sides covers as much as any other, so that neither brand outweighs the other."""
    return max(1, round(sqrt(LOGO_AREA * width / max(1, height))))


def bytecode(folder: Path) -> BytecodeCache:
    """Compiled templates kept in `folder` between runs."""
    from jinja2 import FileSystemBytecodeCache

    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))
