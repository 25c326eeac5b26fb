"""A plan that is agreed, closed, paused or over: the page says so calmly, asks nothing of anybody, and calls nothing late."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from tests.page.conftest import PLAN, Opening, Site

LATER = datetime(2027, 6, 1, 9, tzinfo=UTC)
"""When it is read: all of its dates are past, and one was so when it was built."""
OLD = PLAN.replace("due: 2027-01-08", "due: 2026-11-10")
STATES = {
    "won": "state: {is: won, on: 2026-11-20, internal: {why: SECRET}}",
    "lost": "state: {is: lost, on: 2026-11-20, internal: {why: SECRET, notes: SECRET}}",
    "paused": "state: {is: paused, on: 2026-11-20, internal: {why: SECRET}}",
    "over": "expires: 2026-11-20",
}
SAID = {
    "won": "Agreed on 20 November 2026. Thank you.",
    "lost": "This plan is closed since 20 November 2026.",
    "paused": "This plan is paused since 20 November 2026.",
    "over": "This plan has ended.",
}


def read_later(site: Site, visit: Opening) -> Page:
    """Joost's page, half a year later."""
    page = visit("about:blank")
    page.clock.set_fixed_time(LATER)
    page.goto(site.link("joost"))
    return page


@pytest.mark.parametrize("state", STATES)
def test_it_says_where_it_stands_and_asks_nothing(site: Site, visit: Opening, state: str) -> None:
    """On a personal link, too, and whatever the day: neither the build nor the page's script calls anything late."""
    site.make(plan=f"{OLD}{STATES[state]}\n")
    page = read_later(site, visit)
    expect(page.locator(".notice")).to_contain_text(SAID[state])
    assert page.locator(":is(.task, .step).is-late, .figure .is-late").count() == 0
    assert page.locator("#next-steps, .masthead .next").count() == 0
    assert "SECRET" not in page.content()


def test_a_plan_that_runs_has_no_notice_and_says_what_is_late(site: Site, visit: Opening) -> None:
    site.make(plan=OLD)
    page = read_later(site, visit)
    expect(page.locator(".task.is-late")).to_have_count(7)
    assert page.locator(".notice").count() == 0
    expect(page.locator("#next-steps")).to_be_visible()


@pytest.mark.parametrize(("state", "sends"), [("won", True), ("paused", True), ("lost", False), ("over", False)])
def test_what_is_closed_takes_nothing_and_what_may_go_on_still_listens(site: Site, visit: Opening, state: str, sends: bool) -> None:
    site.make(plan=f"{PLAN}{STATES[state]}\n")
    assert bool(visit(site.link("joost")).locator("form").count()) == sends


@pytest.mark.parametrize(("state", "word"), [("lost", "is there for whatever is left to ask"), ("paused", "can tell you when")])
def test_it_names_whom_to_call(site: Site, visit: Opening, state: str, word: str) -> None:
    site.make(plan=f"{PLAN}{STATES[state]}\n")
    page = visit()
    name = page.locator(".contact-name strong").inner_text()
    expect(page.locator(".notice")).to_contain_text(f"{name} {word}")


def test_a_plan_that_was_agreed_says_that_its_link_goes_on(site: Site, visit: Opening) -> None:
    site.make(plan=f"{PLAN}{STATES['won']}\n")
    expect(visit().locator(".notice")).to_contain_text("under the same link")


@pytest.mark.parametrize("state", ["", f"{STATES['paused']}\n"])
def test_a_page_from_before_its_end_says_so_from_the_day_after(site: Site, visit: Opening, state: str) -> None:
    """On the day of reading, where the plan is at home. Until then it runs as ever, and says in its foot how long it is open."""
    site.make(plan=f"{OLD}{state}expires: 2027-05-31\n")
    page = read_later(site, visit)
    shown = page.locator(".notice:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_have_text(
        "This plan has ended. It was open until 31 May 2027 and is kept here for reading. Dana Whitfield can tell you what came of it."
    )
    assert page.locator(":is(.task, .step).is-late, .figure .is-late, .flag.is-late").count() == 0
    assert (
        page.locator(
            "#next-steps, #anything-missing, .masthead .next, .bar-next, [href$='#next-steps'], [href$='#anything-missing']"
        ).count()
        == 0
    )
    assert page.locator("form, .ask").count() == 0


def test_on_its_last_day_a_plan_still_runs(site: Site, visit: Opening) -> None:
    site.make(plan=f"{OLD}expires: 2027-06-01\n")
    page = read_later(site, visit)
    expect(page.locator(".task.is-late")).to_have_count(7)
    assert page.locator(".notice:visible").count() == 0
    assert page.locator("form").count() > 5
    expect(page.locator(".footer")).to_contain_text(re.compile("This page is open until ?1 June 2027"))


@pytest.mark.parametrize(("more", "scripts"), [("", 0), ("expires: 2027-05-31\n", 1), ("expires: 2026-11-20\n", 0)])
def test_only_a_plan_that_will_end_has_a_script_for_it(site: Site, visit: Opening, more: str, scripts: int) -> None:
    """One without an end, or which has ended, carries nothing of it."""
    site.make(plan=f"{PLAN}{more}")
    page = visit()
    assert page.locator("script[src*='/ended.'], script[src^='assets/ended.']").count() == scripts
    assert page.locator(".notice[hidden], [data-end][data-zone]").count() == 2 * scripts
    assert len(list((site.folder / "acme/assets").glob("ended.*"))) == scripts
