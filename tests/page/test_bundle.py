"""A plan that is one file, opened from a folder: complete, silent until a button is pressed, and no act is lost where nothing answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.conftest import MakeWorkspace
from tests.page.conftest import CLOCK, LISTEN, PATIENCE, PLAN, WORKSPACE, grave
from tests.page.doing import asked, item, send
from tests.page.fake import Receiver, Reply

from planmark.build.bundle import as_html, site_of
from planmark.content.acting import load_one
from planmark.content.secrets import written_key
from planmark.content.team import workspace_of
from planmark.endpoints.connected import pull
from planmark.plan.tokens import fingerprint, made

KEY = b"k" * 32
TODAY = date(2026, 11, 22)
TWO_PAGES = """\
pages:
  - {title: Plan, sections: [next_steps, plan]}
  - {title: Who and how, sections: [people, risks, resources, plan, sign_off]}
"""
SMALL = {"width": 360, "height": 740}


@dataclass
class Stick:
    """A folder with the file in it, and windows in which it is opened. No page may complain or ask for anything on its own."""

    root: Path
    browser: Browser
    receiver: Receiver
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, person: str = "", context: BrowserContext | None = None, **options: object) -> Page:
        """The file in a window of its own, by somebody's link or without."""
        if context is None:
            context = self.browser.new_context(**options)  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            context.add_init_script(LISTEN)
            context.add_init_script(CLOCK)
            self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if grave(said) and "CORS" not in said.text else None)
        page.on("request", lambda one: None if one.url.startswith(("data:", "file:", "blob:")) else self.asked.append(one.url))
        page.goto((self.root / "acme.html").as_uri() + (f"#t={self.token(person)}" if person else ""))
        return page

    def token(self, person: str) -> str:
        """The token of a person's link."""
        deal = load_one(self.root, "acme")
        return made(KEY, deal.address.digest, person, 1, date(2099, 1, 1))

    def make(self) -> None:
        """Write the file anew."""
        (self.root / "acme.html").write_bytes(as_html(self.root, site_of(self.root, "acme", TODAY)).html)

    def status(self, task: str) -> str | None:
        """How a task is in the plan."""
        return next(one.status for stage in load_one(self.root, "acme").plan.stages for one in stage.tasks if one.id == task)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """A receiver for all tests, one after the other."""
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def stick(workspace: MakeWorkspace, browser: Browser, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stick]:
    """A plan of two pages as one file, whose forms lead to the receiver."""
    receiver.reset()
    monkeypatch.setenv("PLANMARK_KEY", written_key(KEY))
    lines = f'{WORKSPACE}key: "{fingerprint(KEY)}"\nendpoint: {{kind: planmark, url: "{receiver.origin}"}}\n'
    stick = Stick(workspace({"planmark.yaml": lines, "content/acme/plan.yaml": PLAN + TWO_PAGES}), browser, receiver)
    stick.make()
    yield stick
    for context in stick.contexts:
        context.close()
    assert stick.complaints == []


def check(page: Page, task: str = "data") -> None:
    """Mark a task as done by its mark, where it stands first."""
    page.locator(f'.task-line[data-item="task/{task}"] .check').first.click()


def saved(page: Page) -> dict[str, object]:
    """The reply file that the page saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a reply file").click()
    assert download.value.suggested_filename == "planmark-reply-acme.json"
    found: dict[str, object] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_complete_at_any_width_and_asks_for_nothing(stick: Stick, script: bool, scheme: str) -> None:
    """Every page is in it, styled; its links lead to places in it; nothing is wider than a telephone."""
    page = stick.open(viewport=SMALL, java_script_enabled=script, color_scheme=scheme)
    for words in ("Quotes out in a day", "Who and how", "Risks", "Privacy and security"):
        expect(page.get_by_role("heading", name=words).first).to_be_visible()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Who and how").click()
    expect(page.get_by_role("heading", name="Who and how")).to_be_in_viewport()
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "no style sheet holds"
    expect(page.locator("#planmark-reply")).to_be_hidden()
    assert stick.asked == []


def test_what_is_in_the_site_can_be_saved_from_it(stick: Stick) -> None:
    """The calendar and the paper, as the site has them."""
    page = stick.open()
    (site,) = (stick.root / "build/sites").iterdir()
    for words, name in (("The dates in your calendar", "plan.ics"), ("The whole plan as data", "plan.json")):
        with page.expect_download() as download:
            page.get_by_role("link", name=words).click()
        assert download.value.suggested_filename == name
        assert Path(download.value.path()).read_bytes() == (site / name).read_bytes()
    assert stick.asked == []


def test_an_act_reaches_the_endpoint_from_a_file(stick: Stick) -> None:
    """By the script, from an origin that is none, with the proof of the link that the file was opened by."""
    page = stick.open("joost")
    assert stick.asked == []
    check(page)
    expect(page.locator('.task-line[data-item="task/data"] .fate').first).to_contain_text("Marked as done Sent.")
    (post,) = stick.receiver.posts
    assert post.headers["origin"] == "null"
    assert post.payload["pm_token"] == stick.token("joost")
    expect(page.locator("#planmark-reply")).to_be_hidden()
    assert {address.partition("/v1/")[0] for address in stick.asked} == {stick.receiver.origin}


def test_without_a_script_the_form_reaches_it(stick: Stick) -> None:
    """And the endpoint's own answer is shown."""
    page = stick.open(java_script_enabled=False)
    line = page.locator('.task-line[data-item="task/nda"]').first
    line.locator(".task > summary").click()
    send(line.locator(".act-here"), "Mark as done", "Joost")
    page.wait_for_url(f"{stick.receiver.origin}/**")
    (post,) = stick.receiver.posts
    assert (post.headers["origin"], post.fields["pm_kind"], post.fields["pm_name"]) == ("null", "done", "Joost")


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "no storage"])
def test_what_cannot_be_sent_leaves_as_a_file_and_comes_into_the_plan_once(stick: Stick, stored: bool) -> None:
    """Offline: saved, mailed, read; and read again it is nothing new. A newer file of the plan doesn't speak of it any more."""
    context = stick.browser.new_context(offline=True, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(LISTEN)
    context.add_init_script(CLOCK)
    if not stored:
        context.add_init_script(
            "Object.defineProperty(window, 'localStorage', {configurable: true, get() { throw new DOMException('no', 'SecurityError'); }})"
        )
    stick.contexts.append(context)
    page = stick.open("joost", context)
    check(page)
    form = asked(item(page, "risk/holidays"), "Comment")
    form.locator("textarea").fill("And <b>then</b>?")
    send(form, "Send")
    expect(page.locator("#planmark-reply")).to_be_visible()
    reply = saved(page)
    expect(page.get_by_text("Saved as planmark-reply-acme.json")).to_be_visible()
    assert [one["pm_kind"] for one in reply["submissions"]] == ["done", "comment"]  # type: ignore[attr-defined]  # a list
    check(page, "trial")
    expect(page.get_by_text("Saved as planmark-reply-acme.json")).to_be_hidden()

    path = stick.root / "planmark-reply-acme.json"
    path.write_text(json.dumps(reply), encoding="utf-8")
    assert stick.status("data") != "done"
    found = pull(stick.root, workspace_of(stick.root), (), path)
    assert (found.new, found.read, found.set_aside) == (2, 2, {})
    assert [(one.proof, one.by, one.text) for one in found.events["acme"]] == [("link", "joost", ""), ("link", "joost", "And <b>then</b>?")]
    assert stick.status("data") == "done"
    assert pull(stick.root, workspace_of(stick.root), (), path).new == 0
    assert stick.receiver.posts == []
    if stored:
        stick.make()
        page = stick.open("joost", context)
        expect(page.locator('.fate:has-text("trial"), .task-line[data-item="task/trial"] .is-kept').first).to_be_attached()
        assert [one["pm_item"] for one in saved(page)["submissions"]] == ["task/trial"]  # type: ignore[attr-defined]  # a list


def test_what_is_refused_can_be_saved_and_what_arrives_later_needs_no_file(stick: Stick) -> None:
    """The offer stands as long as there is something to save."""
    stick.receiver.replies += [Reply(status=400, body={"message": "No."})]
    page = stick.open("joost")
    check(page)
    expect(page.locator("#planmark-reply")).to_be_visible()
    page.get_by_role("button", name="Try again").first.click()
    expect(page.locator("#planmark-reply")).to_be_hidden()
    assert len(stick.receiver.taken) == 1


def test_a_file_that_was_kept_says_that_its_plan_has_ended(stick: Stick) -> None:
    """Nobody can take it back, but it knows its last day."""
    plan = stick.root / "content/acme/plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "expires: 2027-01-31\n", encoding="utf-8")
    stick.make()
    page = stick.open("joost")
    assert page.locator(".notice:visible").count() == 0
    page.clock.set_fixed_time(datetime(2027, 2, 1, 12, tzinfo=UTC))
    page.reload()
    expect(page.locator(".notice:visible")).to_contain_text("This plan has ended. It was open until 31 January 2027")
    assert page.locator("form:visible, .section-next_steps").count() == 0
