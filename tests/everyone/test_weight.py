"""What a page weighs and asks for, and that nothing in it jumps. Weighed by brotli at its best: the same on every machine."""

from __future__ import annotations

import itertools

import pytest
from tests.everyone.conftest import FULL, WIDTHS, Visitor, nothing
from tests.everyone.weighing import FIRST_VIEW, WHOLE_PAGE, blocking, jumps, weigh
from tests.looking.states import chosen, states, themes

JUMPING = list(itertools.product(states(), WIDTHS)) if FULL else [("thirty", 360), ("northwind", 1280), ("arabic", 768)]


@pytest.mark.parametrize("theme", themes())
def test_thirty_tasks_are_light(visitor: Visitor, theme: str) -> None:
    """The deal of the benchmarks: the first view, and the whole page with its script."""
    weight = weigh(visitor.sites.site(theme, "thirty"))
    assert weight.first <= FIRST_VIEW, weight
    assert weight.whole <= WHOLE_PAGE, weight


@pytest.mark.parametrize("state", ["thirty", "northwind-forms"])
@pytest.mark.parametrize("theme", themes())
def test_one_request_holds_up_the_first_paint(visitor: Visitor, theme: str, state: str) -> None:
    """As the browser itself says."""
    page = visitor.open(theme, state)
    assert len(blocking(page)) <= 1, blocking(page)


@pytest.mark.parametrize("state", chosen(() if FULL else ("northwind-forms", "harbour"), states()))
@pytest.mark.parametrize("theme", themes())
def test_nobody_else_is_asked(visitor: Visitor, theme: str, state: str) -> None:
    """Until somebody clicks: every request goes to the place of the page, or to its own endpoint."""
    asked: list[str] = []
    page = visitor.open(theme, state)
    page.context.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    own = (visitor.sites.host.origin + "/", visitor.sites.receiver.origin + "/")
    assert asked
    nothing([url for url in asked if not url.startswith(own)])


@pytest.mark.parametrize(("state", "width"), JUMPING)
@pytest.mark.parametrize("theme", themes())
def test_nothing_jumps(visitor: Visitor, theme: str, state: str, width: int) -> None:
    """On a slow machine with a slow line, while the page loads and while one scrolls through it."""
    page = visitor.open(theme, state, width=width)
    nothing(jumps(page, page.url))
