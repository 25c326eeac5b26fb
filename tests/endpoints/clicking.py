"""What buyers do in their browser before a built plan: acts with odd texts, and how the same is read back by every route."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page
from tests.endpoints.buying import Place
from tests.page.conftest import LISTEN, PATIENCE
from tests.page.doing import asked, opened, send

from planmark.plan.events import Event

ODD = "=1+1 says \"legal\", it's 5 < 6 & fine;\n\n@Jonas: العربية هنا — 10 €, 你好\n👩‍💻 🙂 100% 'quoted'"
NAME = 'Ruben "R." O’Brien, ø'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
FILE = "Angebot Ü 1.png"


@dataclass
class Window:
    """A buyer's browser. It listens to all that its pages complain of, and whom they ask."""

    browser: Browser
    lenient: bool = False
    """Whether requests may fail: browsers remark on each."""
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, address: str, script: bool = True) -> Page:
        """Open an address."""
        context = self.browser.new_context(java_script_enabled=script)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(LISTEN)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.hear)
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(address)
        return page

    def hear(self, said: ConsoleMessage) -> None:
        """What a page says in the browser's console."""
        icon = said.location["url"].endswith("/favicon.ico")  # that of a service's own page
        expected = icon or (self.lenient and ("Failed to load resource" in said.text or "blocked by CORS policy" in said.text))
        if said.type in ("error", "warning") and not expected:
            self.complaints.append(said.text)

    @property
    def asked(self) -> set[str]:
        """The origins that were asked."""
        return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self.requests)}

    def close(self) -> None:
        """Close all that is open."""
        for context in self.contexts:
            context.close()


def mark(page: Page, task: str = "nda") -> Locator:
    """The mark that says how a task stands."""
    return page.locator(f"#task-{task} > summary > .mark use")


def press(page: Page, task: str = "nda") -> Locator:
    """Check a task off by its mark; the line that says what became of it."""
    line = page.locator(f'.task-line[data-item="task/{task}"]')
    line.locator(".check").click()
    return line.locator(".fate")


def comment(page: Page, name: str = "") -> None:
    """Write what is odd."""
    form = asked(opened(page, "nda"), "Comment")
    form.get_by_label("Your comment").fill(ODD)
    send(form, "Send", name)


def upload(page: Page, file: Path, name: str = "") -> None:
    """Send a file."""
    form = asked(opened(page, "nda"), "Send a file")
    form.get_by_label("File").set_input_files(file)
    send(form, "Send the file", name)


def ids(page: Page) -> list[str]:
    """What the page calls the acts that it shows as sent."""
    found: list[str] = page.evaluate("Object.values(localStorage).flatMap((text) => JSON.parse(text).sent.map((one) => one.event))")
    return sorted(found)


def routes(kind: str) -> list[str]:
    """How a kind is read."""
    return ["csv", "json"] if kind == "generic" else ["api", "csv", "json"]


def the_same_by_every_route(place: Place) -> list[Event]:
    """The activity after a pull into a fresh workspace: whatever the route, and nothing is told twice by another one."""
    found: list[list[Event]] = []
    for route in routes(place.kind):
        there = place.fresh()
        pulled = there.pull(route)
        assert not pulled.set_aside, (route, pulled.set_aside)
        found.append(there.activity)
        for other in routes(place.kind):
            assert there.pull(other).new == 0, f"{other} after {route}"
    assert all(one == found[0] for one in found), found
    return found[0]


def said(events: list[Event]) -> set[tuple[str, str, str, str]]:
    """Kind, item, name and text of each."""
    return {(one.kind, one.on, one.name, one.text) for one in events}
