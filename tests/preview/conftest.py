"""Fixtures of the preview's tests: a workspace, a server on it, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.build.small import Small, files
from tests.preview.running import PATIENCE, Running

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Saved(Small):
    """A workspace in which a changed file takes the place of the one before, as most editors save it.

    Where it is written in place, a busy machine may build what is there in between: an empty file, which is another mistake, or none.
    """

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a text inside a file."""
        file = self.root / path
        before = file.read_text(encoding="utf-8")
        assert old in before, f"{path} does not hold {old!r}"
        half = file.with_name(f".{file.name}.half")
        half.write_text(before.replace(old, new), encoding="utf-8")
        half.replace(file)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A workspace of three deals, `acme`, `beta` and `cobalt`, not built yet."""
    made = Saved(tmp_path / "workspace")
    made.write(files())
    return made


@pytest.fixture
def running(small: Small) -> Iterator[Running]:
    """A server on that workspace."""
    with Running(small.root) as server:
        yield server


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server on such a workspace, for tests that change nothing in it."""
    made = Small(tmp_path_factory.mktemp("steady") / "workspace")
    made.write(files())
    with Running(made.root) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, gone before other tests start one of their own: a process has one at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser's window that nobody has used."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page."""
    return context.new_page()
