"""A style sheet read as rules: where each stands, for what it holds, and what it says of colour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planmark.site.colour import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

FILLED = frozenset(("background", "background-color"))
"""Properties that make a ground."""
WORDS = {"white": "#ffffff", "black": "#000000"}


@dataclass(frozen=True)
class Rule:
    """One rule of a style sheet. `media` are the conditions around it, from outside in."""

    selector: str
    values: Mapping[str, str]
    """Property to value, the last one of each."""
    line: int
    column: int
    media: tuple[str, ...] = ()

    @property
    def on_screen(self) -> bool:
        """Whether the rule is for readers who see the theme's own colours, on a screen."""
        return not any(re.search(r"print|forced-colors", condition) for condition in self.media)

    @property
    def dark_only(self) -> bool:
        """Whether it holds on dark paper alone."""
        return any("prefers-color-scheme: dark" in condition for condition in self.media)


def rules(css: str) -> Iterator[Rule]:
    """Every rule of a style sheet, whatever layers and conditions it lies in; what cannot be read is left out, as browsers do."""
    import tinycss2

    yield from _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), ())


def _rules(nodes: Sequence[Any], media: tuple[str, ...]) -> Iterator[Rule]:
    import tinycss2

    for node in nodes:
        if node.type == "at-rule" and node.content is not None:
            if node.lower_at_keyword in ("media", "layer", "supports", "container", "scope"):
                condition = tinycss2.serialize(node.prelude).strip()
                inside = (*media, condition) if node.lower_at_keyword == "media" else media
                yield from _rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True), inside)
        elif node.type == "qualified-rule":
            said = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            values = {
                one.name if one.name.startswith("--") else one.lower_name: tinycss2.serialize(one.value).strip()
                for one in said
                if one.type == "declaration"
            }
            selector = " ".join(tinycss2.serialize(node.prelude).split())
            if values:
                yield Rule(selector, values, node.source_line, node.source_column, media)
            yield from _rules([one for one in said if one.type != "declaration"], media)


_VAR = re.compile(r"var\(\s*--([\w-]+)\s*(?:,[^()]*)?\)")
_MIX = re.compile(r"color-mix\(\s*in\s+([\w-]+)\s*,\s*([^,()]+?)(?:\s+([\d.]+)%)?\s*,\s*([^,()]+?)(?:\s+([\d.]+)%)?\s*\)")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def names_in(value: str) -> list[str]:
    """The custom properties that a value asks for."""
    return re.findall(r"var\(\s*--([\w-]+)", value)


def colour_of(value: str, colours: Mapping[str, str], ground: str) -> str | None:
    """The colour that a value comes to on a `ground`, as `#rrggbb`; None where it holds none, or one that cannot be known here.

    `var(--…)`, `#…`, `white`, `black`, `transparent` and `color-mix()` of these in oklab, oklch or srgb are understood.
    """
    for _ in range(16):  # as deep as anybody nests them
        asked, mixture = _VAR.search(value), _MIX.search(value)
        if asked:
            held = colours.get(asked[1])
            if held is None:
                return None
            value = value.replace(asked[0], held)
        elif mixture:
            space, one, first, other, second = mixture.groups()
            share = float(first) / 100 if first else 1 - float(second) / 100 if second else 0.5
            parts = [ground if part.strip() == "transparent" else _plain(part) for part in (one, other)]
            if parts[0] is None or parts[1] is None or not 0 <= share <= 1:
                return None
            value = value.replace(mixture[0], mixed(parts[0], parts[1], share, "srgb" if space == "srgb" else "oklab"))
        else:
            return _plain(value)
    return None


def _plain(value: str) -> str | None:
    """The first colour that is written out in a value."""
    found = _HEX.search(value)
    if found:
        return found[0] if len(found[0]) == 7 else "#" + "".join(digit * 2 for digit in found[0][1:])
    return next((colour for word, colour in WORDS.items() if re.search(rf"\b{word}\b", value)), None)
