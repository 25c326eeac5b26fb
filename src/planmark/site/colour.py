"""Colour in OKLCH, so that any brand's accent gives text that can be read on light and on dark paper.

Formulas: Björn Ottosson, "A perceptual color space for image processing" (2020); contrast: WCAG 2.2, relative luminance.
"""

from __future__ import annotations

import math

LEGIBLE = 4.5
"""The contrast that WCAG 2.2 AA asks of text."""


def rgb(colour: str) -> tuple[float, float, float]:
    """`#0F5C5C` or `#0fc` as red, green and blue from 0 to 1."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:6], 16) / 255


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = map(_linear, rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def oklch(colour: str) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma, hue in radians."""
    red, green, blue = map(_linear, rgb(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The colour as `#rrggbb`; chroma is lowered until the screen can show it."""
    while True:
        a, b = chroma * math.cos(hue), chroma * math.sin(hue)
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        parts = (
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        )
        if chroma < 0.002 or all(-0.0005 <= part <= 1.0005 for part in parts):
            return "#" + "".join(f"{round(_encoded(min(1.0, max(0.0, part))) * 255):02x}" for part in parts)
        chroma *= 0.96


def legible(colour: str, paper: str, ratio: float = LEGIBLE) -> str:
    """The nearest colour of the same hue that reaches `ratio` on `paper`; `colour` itself where it does."""
    if contrast(colour, paper) >= ratio:
        return colour.lower()
    lightness, chroma, hue = oklch(colour)
    step = -0.005 if _luminance(paper) > 0.18 else 0.005
    while 0 < lightness + step < 1:
        lightness += step
        found = from_oklch(lightness, chroma, hue)
        if contrast(found, paper) >= ratio:
            return found
    return "#000000" if step < 0 else "#ffffff"


def on(colour: str) -> str:
    """Black or white, whichever can be read on `colour`."""
    return (
        "#ffffff"
        if contrast("#ffffff", colour) >= LEGIBLE
        else "#000000"
        if contrast("#000000", colour) >= contrast("#ffffff", colour)
        else "#ffffff"
    )


def tint(colour: str, lightness: float, chroma: float) -> str:
    """The hue of `colour` at another lightness, with at most `chroma`."""
    _, own, hue = oklch(colour)
    return from_oklch(lightness, min(own, chroma), hue)


def mixed(one: str, other: str, share: float, space: str = "oklab") -> str:
    """What CSS makes of `color-mix(in <space>, one <share>, other)`, for `oklab` and `srgb`; `share` is from 0 to 1."""
    if space == "srgb":
        parts = (share * a + (1 - share) * b for a, b in zip(rgb(one), rgb(other), strict=True))
        return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
    (l1, c1, h1), (l2, c2, h2) = oklch(one), oklch(other)
    lightness = share * l1 + (1 - share) * l2
    a = share * c1 * math.cos(h1) + (1 - share) * c2 * math.cos(h2)
    b = share * c1 * math.sin(h1) + (1 - share) * c2 * math.sin(h2)
    return from_oklch(lightness, math.hypot(a, b), math.atan2(b, a))
