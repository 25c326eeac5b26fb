"""Which colours stand on which: one table for all that the default theme draws, and how far apart they have to be.

Ratios are those of WCAG 2.2 AA: 4.5 for text (1.4.3), 3 for large text, marks, rings and lines that say something (1.4.11). A theme's own
rules are read as well: a rule with text and ground is a pair, and one that sets colours anew for a part of the page is a paper of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planmark.site.colour import LEGIBLE, contrast, legible
from planmark.site.sheets import palettes
from planmark.site.theme import DEFAULT, Sheet, Theme
from planmark.site.themes.rules import FILLED, Rule, colour_of, names_in, rules

SEEN = 3.0
"""The contrast that WCAG 2.2 AA asks of large text and of shapes that say something."""


@dataclass(frozen=True)
class Pair:
    """A colour on a ground, both as style sheets write them: the name of a custom property, or a mixture of some."""

    colour: str
    ground: str
    ratio: float
    where: str


STEPS = "color-mix(in oklab, var(--accent-tint) 75%, var(--paper))"
"""The band of the next steps."""
FIELD = "color-mix(in srgb, var(--muted) 75%, var(--paper))"
"""The edge of a field of a form."""
TEXT: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ink", ("paper", "panel", "accent-tint", STEPS), "text"),
    ("ink", ("accent-line",), "initials of the buyer's side"),
    ("muted", ("paper", "panel", "accent-tint", STEPS), "quiet text"),
    ("accent-ink", ("paper", "panel", "accent-tint"), "links, and what leads"),
    ("accent-deep", ("paper", "accent-tint", STEPS), "quiet buttons and labels on a tint"),
    ("on-accent", ("accent-fill",), "the solid button"),
    ("paper", ("ink",), "a button under the pointer"),
    ("warning", ("paper", "panel", STEPS), "late and at risk"),
    ("danger", ("paper", "panel", STEPS), "blocked and off track"),
)
SHAPES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("second", ("paper", "panel"), "milestones and notices"),
    ("muted", ("paper", STEPS), "the mark of an open task"),
    ("accent-ink", ("paper", "panel", STEPS), "marks, the ring of progress, the ring of what has the focus"),
    ("accent-fill", ("paper",), "bars of the timeline, boxes"),
    ("paper", ("accent-ink",), "the tick in a filled mark"),
    (FIELD, ("paper",), "edges of fields"),
)
PAIRS: tuple[Pair, ...] = (
    *(Pair(colour, ground, LEGIBLE, where) for colour, grounds, where in TEXT for ground in grounds),
    *(Pair(colour, ground, SEEN, where) for colour, grounds, where in SHAPES for ground in grounds),
)


@dataclass(frozen=True)
class Brands:
    """An accent that the theme has to bear: its own, or a brand's. `where` says whose it is."""

    where: str
    accent: str | None = None
    second: str | None = None


@dataclass(frozen=True)
class TooClose:
    """A pair that does not reach its ratio: on which paper, with whose accent, and the nearest colour that would."""

    pair: Pair
    colour: str
    ground: str
    found: float
    dark: bool
    brand: Brands
    nearest: str
    sheet: Sheet | None = None
    rule: Rule | None = None


def schemes(theme: Theme, brand: Brands, found: Mapping[Sheet, tuple[Rule, ...]]) -> Iterator[tuple[bool, dict[str, str]]]:
    """All custom properties that are colours, on light paper and on dark, as a page of that brand has them."""
    for dark, colours in zip((False, True), palettes(theme, brand.accent, brand.second), strict=True):
        for each in found.values():
            for rule in each:
                if _is_root(rule.selector) and rule.on_screen and (dark or not rule.dark_only):
                    colours |= _set(rule, colours)
        yield dark, colours


def _is_root(selector: str) -> bool:
    return bool(re.fullmatch(r"(?::root|html|body)(?:\s*,\s*(?::root|html|body))*", selector))


def _set(rule: Rule, colours: Mapping[str, str]) -> dict[str, str]:
    """The custom properties that a rule gives a colour to."""
    told: dict[str, str] = {}
    for name, value in rule.values.items():
        if name.startswith("--"):
            colour = colour_of(value, {**colours, **told}, colours["paper"])
            if colour:
                told[name[2:]] = colour
    return told


def too_close(theme: Theme, brands: list[Brands]) -> list[TooClose]:
    """Every pair of the theme that cannot be read or told apart, each once on each paper: with the brand that fares worst."""
    found = {sheet: tuple(rules(sheet.css())) for sheet in (*theme.styles, *theme.later)}
    worst: dict[tuple[bool, str, str, float, int], TooClose] = {}
    for brand in brands:
        for dark, colours in schemes(theme, brand, found):
            for one in (*_in_the_table(colours, dark, brand), *_in_own_rules(found, colours, dark, brand)):
                written = one.rule is not None and not names_of(one.pair.colour) and not names_of(one.pair.ground)
                key = (dark and not written, one.pair.colour, one.pair.ground, one.pair.ratio, one.rule.line if one.rule else 0)
                if key not in worst or one.found < worst[key].found - 0.005:
                    worst[key] = one
    return sorted(worst.values(), key=lambda one: (one.dark, one.found))


def _in_the_table(colours: Mapping[str, str], dark: bool, brand: Brands) -> Iterator[TooClose]:
    for pair in PAIRS:
        one = _measured(pair, colours, dark, brand)
        if one:
            yield one


def _in_own_rules(found: Mapping[Sheet, tuple[Rule, ...]], colours: Mapping[str, str], dark: bool, brand: Brands) -> Iterator[TooClose]:
    """What a theme's own sheets add. The default's are in the table, which its tests hold against them."""
    grounds = {pair.ground for pair in PAIRS}
    for sheet, each in found.items():
        if sheet.theme == DEFAULT:
            continue
        for rule in each:
            if not rule.on_screen or (rule.dark_only and not dark) or _is_root(rule.selector):
                continue
            anew = _set(rule, colours)
            here = {**colours, **anew}
            for pair in PAIRS if anew else ():
                if {*names_of(pair.colour), *names_of(pair.ground)} <= set(anew):
                    yield from _told(_measured(pair, here, dark, brand), sheet, rule)
            text = rule.values.get("color", "")
            ground = next((value for name, value in rule.values.items() if name in FILLED), "")
            if not text or text in ("inherit", "currentcolor", "transparent"):
                continue
            ratio = SEEN if re.search(r"mark|icon|svg|::before|::after|::marker", rule.selector) else LEGIBLE
            if colour_of(ground, here, here["paper"]):
                yield from _told(_measured(Pair(text, ground, ratio, rule.selector), here, dark, brand), sheet, rule)
            else:
                measured = [_measured(Pair(text, one, ratio, rule.selector), here, dark, brand) for one in grounds]
                if all(measured):
                    on_paper = _measured(Pair(text, "paper", ratio, rule.selector), here, dark, brand)
                    yield from _told(on_paper, sheet, rule)


def _told(one: TooClose | None, sheet: Sheet, rule: Rule) -> Iterator[TooClose]:
    if one:
        yield TooClose(one.pair, one.colour, one.ground, one.found, one.dark, one.brand, one.nearest, sheet, rule)


def names_of(colour: str) -> list[str]:
    """The custom properties that one side of a pair is made of."""
    return [colour] if re.fullmatch(r"[a-z][\w-]*", colour) else names_in(colour)


def _measured(pair: Pair, colours: Mapping[str, str], dark: bool, brand: Brands) -> TooClose | None:
    """None where the pair is far enough apart, or cannot be known."""
    paper = colours["paper"]
    ground = colour_of(_written(pair.ground), colours, paper)
    colour = colour_of(_written(pair.colour), colours, ground or paper)
    if ground is None or colour is None:
        return None
    ratio = contrast(colour, ground)
    if ratio >= pair.ratio:
        return None
    return TooClose(pair, colour, ground, ratio, dark, brand, legible(colour, ground, pair.ratio))


def _written(colour: str) -> str:
    return f"var(--{colour})" if re.fullmatch(r"[a-z][\w-]*", colour) else colour
