"""What stands for a plan where its page is not: the icon of its tab, that of a home screen, and the card of a shared link.

None of them says more than the plan's title. They are drawn from the brand's accent, so that they are one family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from planmark.content.tree import digest_bytes
from planmark.plan.people import Brand
from planmark.site.colour import contrast
from planmark.site.pictures.card import Card, drawn_card, drawn_touch, touch_output
from planmark.site.sheets import palette
from planmark.site.theme import Theme

TELLS_APART = 1.5
"""The contrast below which a rule on the card would not be seen; it is white then."""


@dataclass(frozen=True)
class Signs:
    """A site's icons and its card."""

    icon: str
    """The favicon's path in the site."""
    drawing: bytes
    """The favicon."""
    touch: str
    """The path of the icon for home screens."""
    ground: str
    """The colour that they are drawn on."""
    card: Card | None
    """The card of a shared link; None where nobody could ask for it, because nobody knows its address."""
    papers: tuple[str, str]
    """The colours of light and of dark paper, for the bars of a browser."""

    def drawings(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """The pictures among them, by their path in the site, with what draws them."""
        yield self.touch, partial(drawn_touch, self.ground)
        if self.card:
            yield self.card.output, partial(drawn_card, self.card)


def signs(theme: Theme, brand: Brand, title: str, address: str) -> Signs:
    """The icons of a plan of this title, and its card where its address is known: chats ask for the card's whole address."""
    ground, rule, papers = _colours(theme, brand.accent, brand.second)
    drawing = _favicon(ground)
    icon = f"assets/icon.{digest_bytes(drawing)[:10]}.svg"
    return Signs(icon, drawing, touch_output(ground), ground, Card(title, ground, rule) if address else None, papers)


@lru_cache(maxsize=64)
def _colours(theme: Theme, accent: str | None, second: str | None) -> tuple[str, str, tuple[str, str]]:
    """The ground of card and icons, the card's rule, and the two papers."""
    lead = accent or theme.light["accent"]
    other = second or theme.light.get("second", lead)
    ground = palette(theme.light, lead, other)["accent-fill"]
    dark = theme.dark.get("paper", theme.light["paper"])
    return ground, other.lower() if contrast(other, ground) >= TELLS_APART else "#ffffff", (theme.light["paper"], dark)


def _favicon(ground: str) -> bytes:
    """A plan's check mark, in the brand's accent."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="{ground}"/>'
        '<path d="M9 16.5l5 5 9.5-11" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/></svg>\n'
    ).encode()
