"""The style sheet of paper: the colours of light paper, the theme's sheets for it, and the format of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from planmark.plan.people import Brand
from planmark.site.paper.fonts import ARABIC, JAPANESE, SANS
from planmark.site.sheets import palette, small, with_files
from planmark.site.theme import Theme

_LETTER = frozenset(("US", "CA", "MX", "CL", "CO", "PH", "CR", "PA", "GT", "SV", "VE", "DO"))
"""Countries in which office paper is Letter."""
_BRAND = "Planmark Brand"
Fonts = tuple[tuple[str, Path], ...]
"""Of each its path in the site, and on this machine."""


def is_letter(locale: str) -> bool:
    """Whether the country of a locale writes on Letter; English without a country does not."""
    return locale.rpartition("-")[2] in _LETTER


def paper_style(theme: Theme, brand: Brand, letter: bool, fonts: Fonts = ()) -> tuple[str, Mapping[str, Path]]:
    """The style sheet, and the files of the theme that it names, by their path in the site. `fonts` are the brand's, likewise:
    the regular one, and the bold one where there is one."""
    return _style(theme, brand.accent, brand.second, letter, fonts)


@lru_cache(maxsize=64)
def paper_values(theme: Theme, brand_accent: str | None, brand_second: str | None, branded: bool) -> Mapping[str, str]:
    """What the custom properties of paper stand for: colours, sizes, fonts. For drawings, which no style sheet of the page reaches."""
    accent = brand_accent or theme.light["accent"]
    values = palette(theme.light, accent, brand_second or theme.light.get("second", accent)) | dict(theme.tokens)
    known = f'"{SANS}","{ARABIC}","{JAPANESE}"'  # no space: in a drawing WeasyPrint would take it for a part of the name
    text = values.get("paper-font") or (f'"{_BRAND}"' if branded else "")
    values["paper-font"] = ",".join(filter(None, (text, known)))
    values["paper-head"] = ",".join(filter(None, (values.get("paper-head", ""), text, known)))
    return values


@lru_cache(maxsize=64)  # the deals of a build share their theme, and mostly their brand
def _style(theme: Theme, brand_accent: str | None, brand_second: str | None, letter: bool, fonts: Fonts) -> tuple[str, Mapping[str, Path]]:
    values = paper_values(theme, brand_accent, brand_second, bool(fonts))
    loads: dict[str, Path] = {}
    parts = []
    for (path, source), weight in zip(fonts, (400, 700), strict=False):
        loads[path] = source
        rule = f'font-family: "{_BRAND}"; font-weight: {weight}; src: url("{Path(path).name}")'
        parts.append(f"@font-face {{ {rule} }}\n")
    parts += [_plain(with_files(sheet, theme, loads), values) for sheet in theme.paper]
    parts.append(f"@page {{ size: {'letter' if letter else 'A4'} }}\n")
    return small("\n".join(parts)), loads


_VARIABLE = re.compile(r"var\(\s*--([A-Za-z0-9-]+)\s*(?:,\s*([^()]*))?\)")


def _plain(css: str, values: Mapping[str, str]) -> str:
    """A sheet with the values in place of the custom properties: resolving these for each element takes a tenth of a layout."""
    for _ in range(4):  # a value may be made from another
        css, found = _VARIABLE.subn(lambda match: values.get(match[1]) or match[2] or match[0], css)
        if not found:
            break
    return css
