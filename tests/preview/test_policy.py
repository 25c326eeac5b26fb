"""In a real browser the preview breaks no page's policy and calls nobody else."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.build.small import Small
from tests.preview.running import PATIENCE, Running

expect.set_options(timeout=PATIENCE * 1000)

LISTEN = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@pytest.fixture
def watched(context: BrowserContext) -> tuple[Page, list[str], Callable[[], list[str]]]:
    """A page, the requests that it makes, and what it has complained of."""
    complaints: list[str] = []
    requests: list[str] = []
    context.add_init_script(LISTEN)
    context.on("request", lambda request: requests.append(request.url))
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, requests, lambda: [*complaints, *page.evaluate("window.violations")]


def exercise(small: Small, page: Page, running: Running) -> None:
    """Reload, problems in every form, and back."""
    page.goto(running.url + "sites/acme/")
    small.replace("content/acme/plan.yaml", "Rollout for acme", "Acme again")
    expect(page.locator("h1")).to_contain_text("Acme again")
    small.replace("content/acme/plan.yaml", "2027-01-29", "2027-13-29")
    expect(page.locator("planmark-problems section")).to_be_visible()
    expect(page.locator("planmark-problems section")).to_have_css("background-color", "rgb(20, 24, 26)")
    page.keyboard.press("Escape")
    expect(page.locator("planmark-problems button.badge")).to_be_visible()
    small.replace("content/acme/plan.yaml", "2027-13-29", "2027-01-29")
    expect(page.locator("planmark-problems")).to_have_count(0)


@pytest.mark.parametrize("theme", ["plain", "default"])
def test_no_violation_and_no_foreign_request(small: Small, watched: tuple[Page, list[str], Callable[[], list[str]]], theme: str) -> None:
    """Neither with a theme that has no script of its own nor with the one that ships, which asks the preview's receiver for news."""
    page, requests, complaints = watched
    small.replace("planmark.yaml", "theme: plain", f"theme: {theme}")
    with Running(small.root) as running:
        exercise(small, page, running)
        assert complaints() == []
        page.goto(running.url)
        expect(page.locator("ul.deals > li")).to_have_count(3)
        assert complaints() == []
        assert {urlsplit(url).netloc for url in requests} <= {f"127.0.0.1:{running.port}", urlsplit(running.acts).netloc}


def test_the_page_keeps_the_policy_it_is_published_with(small: Small, running: Running, page: Page) -> None:
    """It may connect to nowhere, not even to the preview: what would fail for the buyer fails here."""
    page.goto(running.url + "sites/acme/")
    assert page.evaluate("fetch('plan.json').then(() => 'read', () => 'refused')") == "refused"
