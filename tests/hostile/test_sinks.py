"""What strangers send, in every place where it is shown: it is text there, and nothing else, whatever it is."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from tests.conftest import write
from tests.hostile.strings import EVERY
from tests.preview.conftest import CHROMIUM, SWITCHES

from planmark.build.forms import forms_of
from planmark.build.preview import Preview
from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.plan.events import Event, Upload, day_of
from planmark.plan.submissions import NAME_LIMIT, TEXT_LIMIT, VALUE_LIMIT, clean_line, clean_text
from planmark.problems import Location
from planmark.site.environment import environment
from planmark.site.pages import Output, outputs
from planmark.site.pdf import make_pdf
from planmark.site.projection import project
from planmark.site.theme import load_theme

TODAY = date(2026, 11, 20)
PLAN = """\
account: Northwind
title: Rollout
target: 2027-01-29
share_key: k00m9x4c3hq5d8rj6p1t0bn2v7
version: 2026-11-03
people: [{id: maria, name: Maria Lindqvist}, {id: dana, name: Dana, party: seller}]
success_criteria: [{id: s1, criterion: One week, goal: one week}]
risks: [{id: late, title: It is late}]
resources: [{id: deck, title: Deck, url: "https://halyard.example/deck"}]
sign_off: {statement: We work to this plan, by: [maria, dana]}
stages:
  - id: evaluate
    title: Evaluate
    tasks: [{id: nda, title: Sign it, owner: maria, due: 2026-11-30, gate: legal, buyer_can: [upload, approve]}]
"""
RECEIVED = "2026-11-{:02}T09:00:00.000Z"


def acts(text: str) -> list[Event]:
    """That text in every field of every kind of act, cleaned as whatever comes in is."""
    line, name, value = clean_line(text), clean_line(text)[:NAME_LIMIT], clean_line(text)[:VALUE_LIMIT]
    long = clean_text(text)[:TEXT_LIMIT]
    file = Upload(line[:150] or "file", "0" * 64, 1234)
    said = [
        ("task/nda", "comment", {"text": long}),
        ("task/nda", "proposed", {"what": "owner", "value": value or "x", "text": long}),
        ("task/nda", "proposed", {"what": "date", "value": "2026-12-01", "text": long}),
        ("task/nda", "upload", {"file": file, "text": long}),
        ("task/nda", "declined", {"text": long}),
        ("criterion/s1", "comment", {"text": long}),
        ("risk/late", "comment", {"text": long}),
        ("resource/deck", "comment", {"text": long}),
        ("plan", "comment", {"text": long}),
        ("plan", "proposed", {"what": "task", "value": value or "x", "text": long}),
        ("plan", "proposed", {"what": "colleague", "value": value or "x", "text": long}),
        ("plan", "signed", {"text": long, "value": value}),
    ]
    return [
        Event(id=f"event-{number:04}", plan="acme", on=on, kind=kind, name=name, received=RECEIVED.format(number + 1), **more)
        for number, (on, kind, more) in enumerate(said)
    ]


class Site:
    """A deal whose pages are made with some acts in it."""

    def __init__(self, root: Path) -> None:
        write(
            root,
            {"planmark.yaml": "seller: {name: Halyard}\ncontact: dana\npeople: [{id: dana, name: Dana}]\n", "content/acme/plan.yaml": PLAN},
        )
        team = load_team(root, scan(root / "content" / "_library"), [])
        assert team
        self.root, self.team = root, team
        self.theme = load_theme(root, "default", Location("planmark.yaml"))
        self.env = environment(self.theme)
        self.preview = Preview({"kind": "planmark", "url": "http://127.0.0.1:9"}, "http://127.0.0.1:8/sites")

    def files(self, text: str, pdf: bool = False) -> dict[str, Output]:
        """Every file of the site, by path."""
        loaded = load_deal(self.team, "acme", scan(self.root / "content" / "acme"), acts(text))
        assert loaded.deal, loaded.problems
        view = project(loaded.deal, TODAY).view
        forms = forms_of(self.team.workspace, view.key, "acme", self.preview)
        return {one.path: one for one in outputs(view, loaded.deal, self.theme, self.env, forms, "made" if pdf else "none")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("hostile"))


class Skeleton(HTMLParser):
    """The elements of a page with their attributes, without texts; values of attributes where they lead somewhere."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[object] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        leading = ("href", "src", "action", "id", "class", "name", "type", "style", "content", "http-equiv")
        self.seen.append((tag, [(name, value if name in leading else "") for name, value in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.seen.append(("comment", data))


@cache
def plain(site: Site) -> dict[str, list[object]]:
    """The skeletons of the pages with an innocent text in them."""
    return {path: Skeleton(one.data.decode()).seen for path, one in site.files("innocent").items() if path.endswith(".html") and one.data}


def shown_as_text(site: Site, text: str) -> None:
    """Every page has the same elements as with an innocent text, and shows this one whole."""
    files = site.files(text)
    for path, skeleton in plain(site).items():
        data = files[path].data
        assert data
        found = Skeleton(data.decode())
        if clean_line(text):
            assert found.seen == skeleton, path
    index = files["index.html"].data
    assert index
    flat = " ".join("".join(Skeleton(index.decode()).texts).split())
    assert clean_line(text) in flat
    data = files["plan.json"].data
    assert data
    said = json.loads(data)["stages"][0]["tasks"][0]["said"]
    assert said[0]["text"] == clean_text(text) if clean_text(text) else "text" not in said[0] or not said[0]["text"]


@pytest.mark.parametrize("text", [one for one in EVERY if clean_line(one)], ids=ascii)
def test_naughty_strings_are_text_on_every_page(site: Site, text: str) -> None:
    shown_as_text(site, text)


@example("0001100100")  # digits that a loose reading takes for the first of October of the year 1
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200).filter(clean_line))
def test_any_text_is_text_on_every_page(site: Site, text: str) -> None:
    assume(day_of(clean_line(text)) is None)  # a date in a signature is shown as one
    shown_as_text(site, text)


def test_a_text_as_long_as_may_be(site: Site) -> None:
    shown_as_text(site, "<b>long</b> " * 800)


def test_what_the_script_reads_holds_nothing_of_a_stranger_s(site: Site) -> None:
    """The data in the page is the plan's own."""
    index = site.files("a stranger's </script> text")["index.html"].data
    assert index
    data = index.decode().partition('id="planmark-data">')[2].partition("</script>")[0]
    assert "stranger" not in data
    assert json.loads(data)["plan"]


def test_on_paper_it_is_text(site: Site, tmp_path: Path) -> None:
    """The PDF has no script, no attachment, and no link that a stranger chose."""
    text = "\n".join(EVERY)[:9000]
    paper = site.files(text, pdf=True)["plan.pdf"].paper
    assert paper
    made = tmp_path / "plan.pdf"
    made.write_bytes(make_pdf(paper, Location("content/acme")))
    raw = subprocess.run(["pdfdetach", "-list", str(made)], capture_output=True, text=True, check=True).stdout
    assert raw.startswith("0 embedded files")
    content = made.read_bytes()
    for word in (b"/JavaScript", b"/JS ", b"/EmbeddedFile", b"/Launch", b"javascript:", b"evil.example"):
        assert word not in content, word
    words = subprocess.run(["pdftotext", str(made), "-"], capture_output=True, text=True, check=True).stdout
    assert words.count("<script>alert(1)</script>") >= 8  # on the task, the criterion, the risk, the deck and the plan


@pytest.fixture(scope="module")
def opened(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """What a browser complained of, and asked for, when it opened the page with every naughty string in it."""
    folder = tmp_path_factory.mktemp("site")
    for path, one in site.files("\n".join(EVERY)[:9500]).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(one.data if one.data is not None else one.source.read_bytes() if one.source else b"")
    complaints: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page()
        page.add_init_script(
            "window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))"
        )
        page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "index.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        page.wait_for_load_state("networkidle")
        complaints += page.evaluate("window.violations.filter((one) => one !== 'connect-src')")
        browser.close()
    return complaints, asked


def test_in_a_browser_nothing_runs(opened: tuple[list[str], list[str]]) -> None:
    """No dialog, no error, no violation of the policy."""
    assert opened[0] == []


def test_in_a_browser_nothing_is_asked_for_elsewhere(opened: tuple[list[str], list[str]]) -> None:
    """Only the site's own files, and the endpoint's live state."""
    assert [url for url in opened[1] if not url.startswith(("file://", "http://127.0.0.1:9/"))] == []
