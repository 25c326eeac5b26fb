"""axe-core has nothing to say: no violation of WCAG 2.2 AA or of best practice, in any theme, state, width and scheme, closed or open."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from tests.everyone.axe import violations
from tests.everyone.conftest import FULL, SCHEMES, WIDTHS, Visitor, by_turns, nothing, unfold
from tests.looking.states import pages, states, themes

EVERY = list(itertools.product(WIDTHS, SCHEMES, (False, True)))
"""Width, scheme, and whether everything is open."""


def ways(number: int) -> list[tuple[int, str, bool]]:
    """All ways to look at a state, or two of them, one closed and one open: the next ones for each number, until all had their turn."""
    return EVERY if FULL else [EVERY[2 * number % 12], EVERY[(2 * number + 7) % 12]]


def found(page: Page, theme: str, state: str, number: int) -> Iterator[str]:
    """What is wrong with the page, in each way of looking at it."""
    for width, scheme, is_open in ways(number):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.reload()
        if is_open:
            unfold(page, menus=True)
        for problem in violations(page):
            yield f"{theme} {state} {width} {scheme} {'open' if is_open else 'closed'}: {problem}"


@pytest.mark.parametrize(("theme", "state"), by_turns("five-forms"))
def test_no_violation(visitor: Visitor, theme: str, state: str) -> None:
    """On the plan's first page."""
    number = list(states()).index(state) + themes().index(theme)
    page = visitor.open(theme, state)
    nothing(list(found(page, theme, state, number)))


@pytest.mark.parametrize("theme", themes())
def test_no_violation_on_other_pages(visitor: Visitor, theme: str) -> None:
    """Those of a plan of several pages, and those about it."""
    wrong: list[str] = []
    for number, name in enumerate(pages(visitor.sites.site(theme, "harbour"))[1:]):
        page = visitor.open(theme, "harbour", name)
        wrong += [f"{name}: {problem}" for problem in found(page, theme, "harbour", number)]
    nothing(wrong)


@pytest.mark.parametrize("theme", themes())
def test_no_violation_whatever_is_filtered(visitor: Visitor, theme: str) -> None:
    """With each filter of the plan in use, on a desk in light and on a phone in the dark."""
    wrong: list[str] = []
    for width, scheme in itertools.islice(((1280, "light"), (360, "dark")), 2 if FULL or theme == "default" else 1):
        page = visitor.open(theme, "thirty", width=width, color_scheme=scheme)
        filters = page.locator("main label:visible:has(input[type=radio], input[type=checkbox])").all()
        assert len(filters) > 2
        for number, one in enumerate(filters):
            one.click()
            wrong += [f"{theme} {width} {scheme} filter {number}: {problem}" for problem in violations(page)]
    nothing(wrong)
