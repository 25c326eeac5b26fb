"""Fixtures of the page's tests: a browser, a receiver, a host with a plan's site, and a plan that offers every act once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from tests.conftest import write
from tests.page.fake import Host, Receiver
from tests.page.site import FormOf, make, receiving
from tests.preview.conftest import CHROMIUM, SWITCHES

from planmark.plan import tokens
from planmark.plan.events import Event
from planmark.site.view import BuyerView

PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)

WORKSPACE = """\
seller: {name: Halyard Planning Ltd, short: Halyard}
people: [{id: dana, name: Dana Whitfield, title: Account executive}]
contact: dana
locale: en-GB
"""
PLAN = """\
id: acme
account: {name: Acme Tools, short: Acme}
title: Quotes out in a day
version: 2026-11-20
start: 2026-11-02
target: {date: 2027-03-31, label: First quote sent}
share_key: 3rmcfctt9amfv4ex3fy7p89c3k
buyers_can: [check, comment, propose, upload, approve, agree, sign]
people:
  - {id: maria, name: Maria Lindqvist, party: buyer, role: champion}
  - {id: joost, name: Joost van den Berg, party: buyer, role: signatory}
  - {id: dana, role: account_executive}
stages:
  - id: evaluate
    title: Evaluate together
    tasks:
      - {id: kickoff, title: Meet for the first time, owner: joost, due: 2026-11-05, status: done, done_on: 2026-11-05}
      - {id: nda, title: Sign the confidentiality agreement, owner: joost, due: 2027-01-08, buyer_can: [upload, approve]}
      - {id: data, title: Send the data, owner: joost, due: 2027-01-11}
      - {id: trial, title: Try it with ten quotes, owner: joost, due: 2027-01-12}
      - {id: rooms, title: Book the rooms, owner: joost, due: 2027-01-13}
      - {id: users, title: Name the users, owner: joost, due: 2027-01-14}
      - {id: figures, title: Check the figures, owner: maria, due: 2027-01-15}
      - {id: setup, title: Set it up, owner: dana, due: 2027-01-18}
success_criteria: [{id: speed, criterion: Quotes go out on the same day, goal: nine in ten}]
risks: [{id: holidays, title: Everybody is away, status: open}]
resources: [{id: guide, title: The guide, kind: document, url: "https://halyard.example/guide"}]
sign_off: {statement: "We have read this plan, and we work to its dates.", by: [joost, dana]}
"""


@dataclass
class Site:
    """A plan on a host, whose forms lead to a receiver."""

    workspace: Path
    folder: Path
    host: Host
    receiver: Receiver
    view: BuyerView = field(init=False)
    plain: bool = False
    """Whether the site is as `make()` makes it."""

    @property
    def url(self) -> str:
        """The address of the plan."""
        return f"{self.host.origin}/acme/"

    def make(
        self, acts: Sequence[Event] = (), form: FormOf | None = None, live: bool = False, plan: str = PLAN, **other: object
    ) -> BuyerView:
        """Build the site anew."""
        self.plain = False
        shutil.rmtree(self.folder / "acme", ignore_errors=True)
        write(self.workspace, {"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": plan})
        form = form or receiving(self.receiver.origin, live, **other)
        self.view = make(self.workspace, "acme", self.folder / "acme", form, self.url, acts)
        return self.view

    def token(self, person: str, until: date = date(2099, 1, 1)) -> str:
        """The token of a person's link."""
        return tokens.made(b"k" * 32, self.view.key, person, 1, until)

    def link(self, person: str, until: date = date(2099, 1, 1), more: str = "") -> str:
        """A person's link."""
        return f"{self.url}#t={self.token(person, until)}{more}"


def act(number: int, on: str, kind: str, **fields: object) -> Event:
    """Something that was done and is part of the plan."""
    moment = f"2026-11-{10 + number // 20:02}T09:{number % 60:02}:44.120Z"
    return Event(**{"id": f"event-{number:08}", "plan": "acme", "on": on, "kind": kind, "received": moment} | fields)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, gone before other tests start one of their own: a process has one at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A host and a receiver for all tests, one after the other."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "www").mkdir()
    host, receiver = Host(folder / "www"), Receiver()
    yield Site(folder / "workspace", folder / "www", host, receiver)
    receiver.stop()
    host.stop()


@pytest.fixture
def site(steady: Site) -> Site:
    """The plan on its host, without anything that was done, and a receiver that has nothing yet."""
    steady.receiver.reset()
    if not steady.plain:
        steady.make()
        steady.plain = True
    return steady


Opening = Callable[..., Page]
READ = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
"""When pages are read where a test says nothing else: on the day after their build, whatever day it is."""
_BACK = round((datetime.now(UTC) - READ).total_seconds() * 1000)
CLOCK = f"""{{
  const Now = Date;
  Date = class extends Now {{
    constructor(...given) {{ super(...(given.length ? given : [Now.now() - {_BACK}])); }}
    static now() {{ return Now.now() - {_BACK}; }}
  }};
}}"""
LISTEN = "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective, e.blockedURI))"


def grave(said: ConsoleMessage) -> bool:
    """Whether a page complains. That a request failed is the browser's own remark, and often what a test is about."""
    return said.type in ("error", "warning") and not said.text.startswith("Failed to load resource")


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Opening]:
    """A function that opens an address in a window of its own, or in one that is given. No page may complain of anything."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(address: str = "", context: BrowserContext | None = None, **options: object) -> Page:
        if context is None:
            context = browser.new_context(**options)  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            context.add_init_script(LISTEN)
            context.add_init_script(CLOCK)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        page.on("console", lambda said: complaints.append(said.text) if grave(said) else None)
        page.goto(address or site.url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
