"""Everything can be seen and hit: targets of 24 pixels, nothing over the side at 320 pixels or with wider text spacing, nothing cut off."""

from __future__ import annotations

import pytest
from tests.everyone.conftest import FULL, Visitor, by_turns, measured, nothing, unfold
from tests.looking.states import chosen, states, themes

TARGET = 24
"""CSS pixels: WCAG 2.2, 2.5.8."""
ZOOMED = (320, 256)
"""A window of 1280 × 1024 at 400 %: WCAG 2.2, 1.4.10."""
SPACED = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
                   p { margin-bottom: 2em !important }`);
document.adoptedStyleSheets.push(sheet);
"""
"""The text spacing that WCAG 2.2, 1.4.12 names."""
FEW = () if FULL else ("five-forms", "long", "arabic", "northwind-forms", "harbour")


@pytest.mark.parametrize("state", chosen(FEW, states()))
@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("width", [360, 1280])
def test_targets_are_large_enough(visitor: Visitor, theme: str, state: str, width: int) -> None:
    """Every control, open and closed."""
    page = visitor.open(theme, state, width=width)
    small = measured(page, "small", TARGET)
    unfold(page)
    nothing([*small, *measured(page, "small", TARGET)])


@pytest.mark.parametrize(("theme", "state"), by_turns("five-forms", "long", "harbour"))
def test_nothing_is_lost_at_four_times_the_size(visitor: Visitor, theme: str, state: str) -> None:
    """One scrolls down and never sideways, and what sticks leaves most of the view."""
    page = visitor.open(theme, state, width=ZOOMED[0], height=ZOOMED[1])
    nothing(measured(page, "wide"))
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    assert measured(page, "stuck") <= ZOOMED[1] / 3
    unfold(page)
    nothing(measured(page, "wide"))


@pytest.mark.parametrize("state", chosen(FEW, states()))
@pytest.mark.parametrize("theme", themes())
def test_wider_spacing_loses_nothing(visitor: Visitor, theme: str, state: str) -> None:
    """On a phone and on a desk: nothing over the side, and no text cut off that was not shortened on purpose before."""
    for width in (360, 1280):
        page = visitor.open(theme, state, width=width)
        unfold(page)
        before = set(measured(page, "clipped"))
        page.evaluate(SPACED)
        nothing(measured(page, "wide"))
        nothing([one for one in measured(page, "clipped") if one not in before])
