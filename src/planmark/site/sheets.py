"""The style sheets of a site: the theme's own, with its tokens and the brand's colours as custom properties, as small as they can be.

What is seen first comes first: one sheet in the head holds all that a reader meets on arriving, and nothing is drawn before it is there.
The other stands in the page before the first section that needs it, so that it holds up only what comes after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from planmark.content.tree import digest_bytes
from planmark.plan.people import Brand
from planmark.site.colour import legible, on, tint
from planmark.site.fonts import FAMILY
from planmark.site.theme import Sheet, Theme


@dataclass(frozen=True)
class Style:
    """One style sheet of a site. `loads` are files it names, by their path in the site."""

    path: str
    css: bytes
    loads: Mapping[str, Path]


@dataclass(frozen=True)
class Styles:
    """A deal's style sheets. `later` and `printed` are None where the theme has none."""

    first: Style
    later: Style | None
    printed: Style | None

    def __iter__(self) -> Iterator[Style]:
        return (one for one in (self.first, self.later, self.printed) if one)


def styles(theme: Theme, brand: Brand, faces: str = "") -> Styles:
    """The style sheets of a theme in a brand. `faces` are the rules of the brand's own fonts."""
    return Styles(_first(theme, brand.accent, brand.second, faces), _made(theme, "later"), _made(theme, "print"))


def palette(colours: Mapping[str, str], accent: str, second: str) -> dict[str, str]:
    """All colours of one paper; those made from the accent are legible whatever the brand chose."""
    paper = colours["paper"]
    dark = on(paper) == "#ffffff"
    tinted = tint(accent, 0.27 if dark else 0.965, 0.03)
    ink = legible(legible(accent, colours.get("panel", paper)), tinted)
    return dict(colours) | {
        "accent": accent.lower(),
        "on-brand": on(accent),
        "accent-ink": ink,
        "accent-fill": ink if dark else legible(accent, "#ffffff"),
        "on-accent": on(ink) if dark else "#ffffff",
        "accent-tint": tinted,
        "accent-line": tint(accent, 0.42 if dark else 0.86, 0.06),
        "second": legible(legible(second, paper, 3.0), colours.get("panel", paper), 3.0),
    }


def palettes(theme: Theme, accent: str | None, second: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """All colours of a theme in a brand, on light paper and on dark."""
    light, dark = dict(theme.light), dict(theme.dark)
    lead = accent or light["accent"]
    other = second or light.get("second", lead)
    lifted = palette({**light, **dark}, accent or dark.get("accent", lead), second or dark.get("second", other))
    return palette(light, lead, other), lifted


@lru_cache(maxsize=64)  # the deals of a build share their theme, and mostly their brand
def _first(theme: Theme, accent: str | None, second: str | None, faces: str) -> Style:
    """The sheet in the head. Each theme has a layer of its own, so that what is laid over another wins, whatever its selectors are."""
    light, dark = palettes(theme, accent, second)
    parts = [
        f"@layer tokens, {', '.join(reversed(theme.names))};\n@layer tokens {{\n",
        properties(":root", light | {key: value for key, value in theme.tokens.items() if not key.startswith("paper-")}),
        f"@media (prefers-color-scheme: dark) {{\n{properties(':root', dark)}}}\n",
    ]
    if faces:
        families = {"font-body": FAMILY, "font-head": "var(--font-body)"}
        parts.append(faces + properties(":root", {key: value for key, value in families.items() if key not in theme.tokens}))
    loads: dict[str, Path] = {}
    parts += ["}\n", _layered(theme, theme.styles, loads)]
    return _style("plan", "".join(parts), loads)


@lru_cache(maxsize=64)
def _made(theme: Theme, kind: str) -> Style | None:
    """The sheet of the other sections, or the one for printing from the browser; neither depends on the brand."""
    sheets: tuple[Sheet, ...] = getattr(theme, kind)
    if not sheets:
        return None
    loads: dict[str, Path] = {}
    return _style(kind, _layered(theme, sheets, loads), loads)


def _style(name: str, css: str, loads: Mapping[str, Path]) -> Style:
    data = small(css).encode()
    return Style(f"assets/{name}.{digest_bytes(data)[:10]}.css", data, loads)


_STRING = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_COMMENTS = re.compile(_STRING + r"|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_SPACE = re.compile(_STRING + r"|\s*([{};,])\s*|(?<=:)\s+|\s\s+|\n")


def small(css: str) -> str:
    """The same style sheet without comments, and without the space that means nothing.

    Space before a colon means something (`a :is(b)` is not `a:is(b)`), and so does that around an operator in `calc()`: both stay.
    """
    bare = _COMMENTS.sub(lambda match: match[1] or "", css)
    tight = _SPACE.sub(lambda match: match[1] or match[2] or ("" if bare[match.start() - 1] == ":" else " "), bare)
    return tight.replace(";}", "}").strip()


def _layered(theme: Theme, sheets: Iterable[Sheet], loads: dict[str, Path]) -> str:
    """The sheets, each in the layer of its theme."""
    return "".join(f"@layer {sheet.theme} {{\n{with_files(sheet, theme, loads)}\n}}\n" for sheet in sheets)


def with_files(sheet: Sheet, theme: Theme, loads: dict[str, Path]) -> str:
    """What a sheet says. The theme's files that it names go along under names of their own, and are added to `loads`."""

    def hashed(match: re.Match[str]) -> str:
        source = theme.asset(match[1])
        if source is None:
            return match[0]
        target = f"assets/{source.stem}.{digest_bytes(source.read_bytes())[:10]}{source.suffix}"
        loads[target] = source
        return f'url("{Path(target).name}")'

    return _NAMED.sub(hashed, sheet.css())


_NAMED = re.compile(r"url\([\"']?([A-Za-z0-9_./-]+)[\"']?\)")


def properties(selector: str, values: Mapping[str, str]) -> str:
    """A rule of custom properties."""
    return f"{selector} {{\n" + "".join(f"  --{key}: {value};\n" for key, value in values.items()) + "}\n"
