"""One sheet of the seller's own, from a template of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

from planmark.content.layout import INTERNAL_MARK
from planmark.site.environment import environment
from planmark.site.sheets import palettes, properties, small

if TYPE_CHECKING:
    from planmark.content.deal import Deal
    from planmark.site.theme import Theme

_HERE = Path(__file__).parent


def internal_sheet(
    name: str, deal: Deal, theme: Theme, context: Mapping[str, object], *, marked: bool = True, locale: str | None = None
) -> bytes:
    """The template `name` of this folder as a whole HTML file, in the colours of the deal's theme and brand.

    `context` has a `title` at least. `marked` puts a banner on it that says that the sheet is internal: it stays in sight on scrolling, and
    stands on each printed page. `locale` is the language of the interface's words, left out: the plan's.
    """
    env = environment(theme, locale or deal.locale)
    assert env.loader
    sheets = env.overlay(loader=ChoiceLoader([FileSystemLoader(_HERE), env.loader]))
    light, dark = palettes(theme, deal.brand.accent, deal.brand.second)
    colours = f"{properties(':root', light)}@media screen and (prefers-color-scheme: dark) {{\n{properties(':root', dark)}}}\n"
    style = small(colours + (_HERE / "frame.css").read_text(encoding="utf-8"))
    framing = {"marked": marked, "mark": Markup(INTERNAL_MARK), "frame_style": Markup(style)}
    return sheets.get_template(name).render({**context, **framing}).encode()
