"""Fixtures of the tests that ask whether everybody can use the pages: every shipped theme in every state, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.looking.states import SHARED, build, states, themes
from tests.page.fake import Host, Receiver
from tests.preview.conftest import CHROMIUM, SWITCHES

FULL = os.environ.get("PLANMARK_TRIALS") == "full"
CHECKERS = Path(__file__).parents[2] / ".venv" / "checkers" / "node_modules"
"""Where `./run test` installs what package.json names."""
WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")


@cache
def checker(name: str) -> Path:
    """A file of one of the checkers."""
    path = CHECKERS / name
    assert path.is_file(), f"{path} is missing: `./run test` installs it"
    return path


def by_turns(*few: str, among: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Themes with states. With the full number of trials all with all; else these few in each theme, and the others in one.

    The others are all there are, or those `among`.
    """
    among = list(among) or list(states())
    return [
        (theme, state)
        for number, state in enumerate(states())
        for turn, theme in enumerate(themes())
        if FULL or state in few or (state in among and number % len(themes()) == turn)
    ]


def nothing(found: Iterable[str]) -> None:
    """Fail when something was found, and say all of it."""
    found = list(found)
    assert not found, "\n".join([f"{len(found)} found", *found])


@dataclass
class Sites:
    """Sites of every theme in every state on one host, each made when it is first asked for."""

    folder: Path
    scratch: Path
    host: Host
    receiver: Receiver
    _made: dict[str, Path] = field(default_factory=dict)

    def site(self, theme: str, state: str) -> Path:
        """The folder of a site."""
        name = f"{theme}/{state}"
        if name not in self._made:
            address = f"{self.host.origin}/{name}/"
            to = self.folder / name
            self._made[name] = build(states()[state], theme, self.scratch, to, self.receiver.origin, address)
        return self._made[name]

    def url(self, theme: str, state: str) -> str:
        """The address of a plan."""
        return f"{self.host.origin}/{self.site(theme, state).relative_to(self.folder).as_posix()}/"


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """All sites, and a receiver that forms lead to."""
    folder = tmp_path_factory.mktemp("everyone")
    (folder / "www").mkdir()
    for name in SHARED:  # other workers have made some of it already
        shared = tmp_path_factory.getbasetemp().parent / "shared" / name
        shared.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(shared, target_is_directory=True)
    host, receiver = Host(folder / "www"), Receiver()
    yield Sites(folder / "www", folder, host, receiver)
    receiver.stop()
    host.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, gone before other tests start one of their own: a process has one at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Opens pages as somebody with a screen, a taste and a way of reading. Complains where a page throws."""

    browser: Browser
    sites: Sites
    _contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, theme: str, state: str, name: str = "", width: int = 1280, height: int = 800, **options: Any) -> Page:
        """A page of a site in a window of its own. The clock stands on the day on which the site was built."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        if options.get("java_script_enabled", True):
            page.clock.set_fixed_time(datetime.combine(states()[state].today, time(12)))
        page.goto(self.sites.url(theme, state) + name)
        return page

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()


@pytest.fixture
def visitor(browser: Browser, sites: Sites) -> Iterator[Visitor]:
    """Somebody who visits sites. No page may throw an error."""
    sites.receiver.reset()
    visitor = Visitor(browser, sites)
    yield visitor
    visitor.close()
    assert visitor.errors == []


def unfold(page: Page, menus: bool = False) -> None:
    """Open everything that is closed, with its forms, also those of which else one is open. `menus` are what then lies over the page."""
    page.evaluate(
        """(menus) => {
        const all = [...document.querySelectorAll(menus ? "details" : "main details")];
        for (const one of all) one.removeAttribute("name");
        for (const one of all) one.open = true;
        }""",
        menus,
    )
    settle(page)


def settle(page: Page) -> None:
    """Let every motion come to its end."""
    page.evaluate("() => Promise.all(document.getAnimations().map((one) => { try { one.finish(); } catch { one.cancel(); } }))")


@cache
def _measures() -> str:
    return Path(__file__).with_name("measures.js").read_text(encoding="utf-8")


def measured(page: Page, what: str, *arguments: object) -> Any:
    """What a function of measures.js says of the page."""
    if page.evaluate("typeof measures") == "undefined":
        page.evaluate(_measures())
    return page.evaluate("([what, ...rest]) => measures[what](...rest)", [what, *arguments])
