"""Fixtures of the tests of protected plans: one that is sealed, and somebody who opens it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from tests.page.conftest import CLOCK, LISTEN, PATIENCE, grave
from tests.page.lock.sealing import PASSPHRASE, Locked, locked_site

RAN = "document.addEventListener('load', ({ target }) => { if (target.localName === 'script') target.ran = true; }, true)"
"""Notes which scripts have run."""


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """A protected plan, and what it would be without."""
    folder = tmp_path_factory.mktemp("locked") / "www"
    folder.mkdir()
    with locked_site(folder) as made:
        yield made


@dataclass
class Reader:
    """Opens pages in windows that nobody has used. Remembers what they complain of, and what they ask for."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    """Whom pages may ask."""

    def window(self, **options: object) -> BrowserContext:
        """A window without anything in it."""
        context = self.browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        context.add_init_script(LISTEN)
        context.add_init_script(CLOCK)
        context.add_init_script(RAN)
        self.contexts.append(context)
        return context

    def open(self, address: str, context: BrowserContext | None = None, **options: object) -> Page:
        """An address in a window of its own, or in one that is given."""
        page = (context or self.window(**options)).new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"a dialog: {dialog.message}"))
        page.on("console", lambda said: self.complaints.append(said.text) if grave(said) else None)
        page.on("request", lambda one: None if one.url.startswith(("data:", "blob:")) else self.asked.append(one))
        page.goto(address)
        return page


@pytest.fixture
def reader(browser: Browser, locked: Locked) -> Iterator[Reader]:
    """Somebody who reads. No page may complain of anything, break its policy, or ask anybody but its host and its receiver."""
    locked.receiver.reset()
    reader = Reader(browser, own=[locked.origin, locked.receiver.origin])
    yield reader
    for context in reader.contexts:
        context.close()
    assert reader.complaints == []
    own = tuple(f"{one}/" for one in reader.own)
    assert [one.url for one in reader.asked if not one.url.startswith(own)] == []


def enter(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Type the passphrase, and press Enter."""
    field = page.get_by_label("Passphrase", exact=True)
    field.fill(passphrase)
    field.press("Enter")


def is_open(page: Page) -> None:
    """The plan is there, and its scripts, which come after it, have run."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Quotes out in a day")
    page.wait_for_function("() => [...document.scripts].every((one) => !one.src || one.src.includes('/lock.') || one.ran)")


def is_locked(page: Page, why: str = "") -> None:
    """The form is there, and says why where there is a reason."""
    expect(page.get_by_role("heading", level=1)).to_have_text("This plan is protected")
    expect(page.get_by_label("Passphrase", exact=True)).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text(why)


def storage(page: Page) -> dict[str, list[str]]:
    """The names of what is kept in the browser."""
    found: dict[str, list[str]] = page.evaluate(
        """async () => ({
          session: Object.keys(sessionStorage), local: Object.keys(localStorage),
          databases: (await indexedDB.databases()).map(({ name }) => name), cookies: document.cookie ? [document.cookie] : [],
        })"""
    )
    return found
