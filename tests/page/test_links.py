"""A personal link: read off the address, taken out of it, greeted, sent along; and what it is worth once it has ended."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.page.conftest import PLAN, Opening, Site
from tests.page.doing import ACTS, asked, item


def steps(page: Page) -> list[str]:
    """The tasks of the next steps that are in view, in order."""
    found = page.locator(".step").evaluate_all("(all) => all.filter((one) => one.offsetParent).map((one) => one.dataset.item)")
    return [str(one).removeprefix("task/") for one in found]


@pytest.mark.parametrize(
    ("fragment", "rest"),
    [
        ("t={}", ""),
        ("t={}&at=task-nda", "#task-nda"),
        ("at=task-nda&t={}", "#task-nda"),
        ("k=SECRET&t={}", "#k=SECRET"),
        ("at=task-nda&k=SECRET&t={}", "#at=task-nda&k=SECRET"),
    ],
)
def test_the_token_leaves_the_address_at_once(site: Site, visit: Opening, fragment: str, rest: str) -> None:
    """Only the token: a place and a key stay, and the place is opened."""
    page = visit(f"{site.url}#{fragment.format(site.token('joost'))}")
    assert page.url == site.url + rest
    assert page.locator("#task-nda").evaluate("(one) => one.open") == ("at=" in fragment)
    assert site.token("joost") in page.evaluate("JSON.stringify(sessionStorage)")
    assert page.evaluate("localStorage.length + document.cookie.length") <= 1
    assert site.token("joost") not in page.evaluate("JSON.stringify(localStorage)")


def test_a_plain_fragment_still_opens_a_task(site: Site, visit: Opening) -> None:
    """As before."""
    page = visit(f"{site.url}#task-nda")
    assert page.locator("#task-nda").evaluate("(one) => one.open")
    assert page.url.endswith("#task-nda")


def test_it_greets_and_asks_for_no_name(site: Site, visit: Opening) -> None:
    """By the first name."""
    page = visit(site.link("maria"))
    expect(page.locator(".greeting")).to_have_text("Maria, this is your plan. What you do here goes out in your name.")
    form = asked(item(page, "risk/holidays"), "Comment")
    expect(form.get_by_label("Your name")).to_have_count(0)


def test_without_a_link_nobody_is_greeted(site: Site, visit: Opening) -> None:
    """The forms say that what is sent is confirmed first."""
    page = visit()
    expect(page.locator(".greeting")).to_be_hidden()
    expect(asked(item(page, "risk/holidays"), "Comment")).to_contain_text("Halyard confirms what you send before it counts.")


def test_ones_own_tasks_come_first(site: Site, visit: Opening) -> None:
    """Five in view, with a link or without."""
    assert steps(visit()) == ["nda", "data", "trial", "rooms", "users"]
    page = visit(site.link("maria"))
    assert steps(page) == ["figures", "nda", "data", "trial", "rooms"]
    expect(page.locator(".step").first).to_have_class("step is-mine")


def test_the_link_lasts_as_long_as_the_tab_and_its_plan(site: Site, visit: Opening) -> None:
    """The next page knows it; another tab does not."""
    page = visit(site.link("maria"))
    page.goto(f"{site.url}privacy.html")
    page.goto(site.url)
    expect(page.locator(".greeting")).to_contain_text("Maria")
    expect(visit(site.url, page.context).locator(".greeting")).to_be_hidden()


def test_another_link_takes_its_place(site: Site, visit: Opening) -> None:
    """Opened in the same tab."""
    page = visit(site.link("maria"))
    page.goto(site.link("joost"))
    expect(page.locator(".greeting")).to_contain_text("Joost, this is your plan.")
    assert page.url == site.url


def test_a_link_that_has_ended_says_so(site: Site, visit: Opening) -> None:
    """Calmly; what is sent goes out with it all the same, and waits."""
    site.receiver.standing = lambda post: "waiting"
    page = visit(site.link("maria", date(2025, 11, 3)))
    expect(page.locator(".greeting")).to_have_text(
        "Your personal link ended on 3 Nov 2025. What you send still arrives; Halyard confirms it before it counts."
    )
    ACTS["risk"][0](page, "")
    expect(item(page, "risk/holidays").locator(".fate")).to_contain_text("waits for confirmation by Halyard")
    assert site.receiver.posts[0].fields["pm_token"] == site.token("maria", date(2025, 11, 3))
    assert site.receiver.posts[0].fields["pm_name"] == "Maria Lindqvist"


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "a.%%%.c", "12345678.WyJfX3Byb3RvX18iLDEsIjIwOTktMDEtMDEiXQ.x", "12345678..eJw.x", "A" * 390]
)
def test_a_link_that_cannot_be_read_is_sent_as_it_is(site: Site, visit: Opening, token: str) -> None:
    """Whoever receives it judges; nobody is greeted, and a name is asked for."""
    page = visit(f"{site.url}#t={token}")
    expect(page.locator(".greeting")).to_be_hidden()
    ACTS["risk"][0](page, "Maria L.")
    expect(item(page, "risk/holidays").locator(".fate")).to_have_count(1)
    expect(page.locator("#planmark-status")).not_to_have_text("Sending…")
    assert site.receiver.posts[0].fields["pm_token"] == token
    assert site.receiver.posts[0].fields["pm_name"] == "Maria L."


def test_only_signatories_are_asked_to_sign(site: Site, visit: Opening) -> None:
    """Somebody else's link offers no signature; without a link nobody can tell."""
    expect(visit(site.link("maria")).locator(".acts-sign")).to_be_hidden()
    expect(visit(site.link("joost")).locator(".acts-sign")).to_be_visible()
    expect(visit().locator(".acts-sign")).to_be_visible()


def test_a_title_before_the_name_is_no_first_name(site: Site, visit: Opening) -> None:
    """Then the whole name is said."""
    site.make(plan=PLAN.replace("name: Maria Lindqvist", "name: Dr. Maria Lindqvist"))
    expect(visit(site.link("maria")).locator(".greeting")).to_contain_text("Dr. Maria Lindqvist, this is your plan.")


def test_a_personal_link_offers_ones_own_tasks_first(site: Site, visit: Opening) -> None:
    page = visit(site.link("maria"))
    whose = page.get_by_label("Whose tasks")
    assert whose.locator("option").all_inner_texts()[:2] == ["Everybody’s tasks", "My tasks"]
    whose.select_option("My tasks")
    lines = page.locator(".section-plan .tasks > *")
    assert [line.get_attribute("data-item") for line in lines.all() if line.is_visible()] == ["task/figures"]
