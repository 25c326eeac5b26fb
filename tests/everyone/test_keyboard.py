"""The keyboard alone does everything: in the order of reading, with the focus in sight, without a trap, and back out by Escape."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.everyone.conftest import Visitor, by_turns, measured, nothing, unfold
from tests.looking.states import themes

SOME = by_turns("five-forms", "arabic", among=["harbour"])
ROW = 40
"""CSS pixels by which one may go up within a row."""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the page is left: what had the focus, one after the other."""
    stops: list[dict[str, Any]] = []
    # dates and players have stops of their own inside
    most = len(measured(page, "focusables")) + 12 * page.locator("input[type=date], video").count() + 5
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = measured(page, "focused")
        if stop is None:
            return stops
        if not stops or stops[-1]["index"] != stop["index"]:
            stops.append(stop)
    raise AssertionError(f"after {most} times Tab one is still on the page, at {stops[-1]['name']}")


@pytest.mark.parametrize(("theme", "state"), SOME)
@pytest.mark.parametrize("forced", ["none", "active"])
def test_the_focus_is_seen_everywhere(visitor: Visitor, theme: str, state: str, forced: str) -> None:
    """On each control, in order, with everything open: it stands out, it is in the view, nothing lies over it."""
    page = visitor.open(theme, state, forced_colors=forced)
    unfold(page)
    wrong = [f"{stop['name']}: {problem}" for stop in walk(page) for problem in stop["wrong"]]
    nothing(wrong)


@pytest.mark.parametrize(("theme", "state"), SOME)
def test_tab_goes_as_one_reads(visitor: Visitor, theme: str, state: str) -> None:
    """On a phone in the dark, closed: down the page, to each control there is, none twice."""
    page = visitor.open(theme, state, width=360, height=740, color_scheme="dark")
    all_of_them = measured(page, "focusables")
    stops = walk(page)
    order = [stop["index"] for stop in stops]
    assert order == sorted(set(order)), [stop["name"] for stop in stops]
    one_of_a_group = page.evaluate("document.querySelectorAll('input[type=radio]').length")
    assert len(stops) >= len(all_of_them) - one_of_a_group
    nothing([stop["name"] for stop in stops if stop["wrong"]])
    upwards = [
        f"{before['name']} at {before['top']:.0f} → {after['name']} at {after['top']:.0f}"
        for before, after in itertools.pairwise(stops)
        if after["top"] < before["top"] - ROW
    ]
    nothing(upwards)


@pytest.mark.parametrize("theme", themes())
def test_the_first_stop_leads_past_the_masthead(visitor: Visitor, theme: str) -> None:
    """The skip link shows when it is reached, and the next Tab is in the plan."""
    page = visitor.open(theme, "five-forms")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_something_is_sent_by_keys(visitor: Visitor, theme: str, script: bool) -> None:
    """Enter opens the task, Space the form in it, and Enter on its button sends what was written."""
    page = visitor.open(theme, "five-forms", java_script_enabled=script)
    summary = page.locator("#task-nda > summary")
    _tab_to(page, "#task-nda > summary")
    page.keyboard.press("Enter")
    expect(page.locator("#task-nda")).to_have_attribute("open", "")
    asking = page.locator("#task-nda ~ * .ask, #task-nda .ask").filter(has=page.locator("textarea")).first
    form = asking.locator("form").first
    asking.evaluate("(one) => one.setAttribute('data-test', 'asking')")
    _tab_to(page, "[data-test=asking] > summary")
    page.keyboard.press("Space")
    expect(form.locator("textarea").first).to_be_visible()
    _tab_to(page, "[data-test=asking] textarea")
    page.keyboard.type("By keys alone")
    for _ in range(6):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.evaluate("(one) => one.name") == "pm_name":
            page.keyboard.type("Ruben")
        if focused.evaluate("(one) => one.localName") == "button":
            break
    page.keyboard.press("Enter")
    if script:
        name = page.get_by_label("Your name", exact=True)
        if name.first.is_visible():
            name.first.fill("Ruben")
            page.keyboard.press("Enter")
    receiver = visitor.sites.receiver
    for _ in range(800):
        if receiver.posts:
            break
        page.wait_for_timeout(25)
    assert [post.fields["pm_text"] for post in receiver.posts] == ["By keys alone"]
    assert summary


@pytest.mark.parametrize("theme", themes())
def test_escape_closes_what_lies_over_the_page(visitor: Visitor, theme: str) -> None:
    """Whatever opens over the page closes, and the focus is where it was opened from."""
    page = visitor.open(theme, "five-forms", width=360)
    for box in page.locator("details").all():
        over = box.evaluate("(one) => [...one.children].some((at) => /absolute|fixed/.test(getComputedStyle(at).position))")
        if not over or not box.locator("summary").first.is_visible():
            continue
        box.locator("summary").first.focus()
        page.keyboard.press("Enter")
        expect(box).to_have_attribute("open", "")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(box).not_to_have_attribute("open", "")
        assert box.locator("summary").first.evaluate("(one) => one === document.activeElement")


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("(at) => document.activeElement?.matches(at)", selector):
            return
    raise AssertionError(f"Tab does not come to {selector}")
