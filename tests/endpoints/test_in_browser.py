"""From a click in a real browser to a line of activity.jsonl: for every kind, with JavaScript and without, by every route the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.endpoints.buying import SITE, MakePlace
from tests.endpoints.clicking import FILE, NAME, ODD, PNG, Window, comment, ids, mark, press, routes, said, the_same_by_every_route, upload
from tests.endpoints.fakes.basin import Basin
from tests.endpoints.fakes.netlify import Netlify
from tests.endpoints.likenesses import LIKENESSES
from tests.page.doing import check, opened

OWN_PAGE = {"basin": "Thank you", "apps-script": "Sent."}
"""Services that lead nowhere by themselves, and what their page says."""
WITH_FILES = ["planmark", "formspree", "netlify", "basin", "generic"]

kinds = pytest.mark.parametrize("kind", LIKENESSES)


@kinds
def test_with_javascript_and_a_personal_link(place_of: MakePlace, window: Window, kind: str) -> None:
    """Shown as sent once the service has answered, proven by the link, and counted."""
    place = place_of(kind)
    place.make()
    page = window.open(place.link())
    place.service.hold()
    fate = press(page)
    expect(fate).to_contain_text("Sending…")
    expect(mark(page)).to_have_attribute("href", "#mark-todo")
    place.service.resume()
    expect(fate).to_contain_text("Marked as done Sent.")
    expect(mark(page)).to_have_attribute("href", "#mark-done")
    comment(page)
    expect(page.locator('.said[data-item="task/nda"] .said-text')).to_have_text(ODD)
    expect(fate).to_have_count(2)

    events = the_same_by_every_route(place)
    assert [one.id for one in events] == ids(page)
    assert said(events) == {("done", "task/nda", "Maria Lindqvist", ""), ("comment", "task/nda", "Maria Lindqvist", ODD)}
    assert {(one.proof, one.by, one.via, one.spam) for one in events} == {("link", "maria", kind, False)}
    place.pull(routes(kind)[0])
    assert place.status("nda") == "done"
    assert window.asked == place.origins
    assert window.complaints == []
    if kind != "planmark":
        assert "OPTIONS" not in {one.method for one in place.fake.asked}, "a form is a request that no browser asks about beforehand"


@kinds
def test_without_javascript(place_of: MakePlace, window: Window, kind: str) -> None:
    """Led to a page that says that it arrived; kept as what nobody vouches for."""
    place = place_of(kind)
    place.make()
    page = window.open(place.url, script=False)
    for act in (check, comment):
        page.goto(place.url)
        act(page, NAME)
        if kind in OWN_PAGE:
            expect(page.get_by_text(OWN_PAGE[kind])).to_be_visible()
            assert page.url.startswith(place.service.url)
        else:
            expect(page).to_have_url(place.url + "sent.html")
            expect(page.get_by_text("Thank you. What you sent has arrived.")).to_be_visible()

    events = the_same_by_every_route(place)
    assert said(events) == {("done", "task/nda", NAME, ""), ("comment", "task/nda", NAME, ODD)}
    assert {(one.proof, one.by, one.via, one.spam) for one in events} == {("", "", kind, False)}
    place.pull(routes(kind)[0])
    assert place.status("nda") != "done"
    assert window.asked == place.origins
    assert window.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["with javascript", "without"])
@pytest.mark.parametrize("kind", WITH_FILES)
def test_a_file(place_of: MakePlace, window: Window, tmp_path: Path, kind: str, script: bool) -> None:
    """It arrives as it was, under its name."""
    place = place_of(kind)
    place.make()
    (tmp_path / FILE).write_bytes(PNG)
    page = window.open(place.link() if script else place.url, script)
    upload(page, tmp_path / FILE, "" if script else NAME)
    if script:
        expect(page.locator(".fate.is-sent")).to_contain_text(f"Sent a file {FILE} Sent.")
    else:
        expect(page.get_by_text("Thank you", exact=False).first).to_be_visible()

    (event,) = the_same_by_every_route(place)
    assert event.file
    assert (event.kind, event.file.name, event.file.size, event.proof) == ("upload", FILE, len(PNG), "link" if script else "")
    for route in routes(kind):
        there = place.fresh()
        there.pull(route)
        assert there.received == [PNG]
    assert window.asked == place.origins
    assert window.complaints == []


@pytest.mark.parametrize("kind", [kind for kind in LIKENESSES if kind not in WITH_FILES])
def test_no_file_is_asked_for_where_none_can_go(place_of: MakePlace, window: Window, kind: str) -> None:
    """Nobody picks a file that would be lost."""
    place = place_of(kind)
    place.make()
    page = window.open(place.link())
    expect(opened(page, "nda").locator(".ask summary", has_text="Comment")).to_be_visible()
    expect(page.locator("[type=file]")).to_have_count(0)


def test_netlify_takes_every_field_that_is_sent(place_of: MakePlace, window: Window, tmp_path: Path) -> None:
    """It drops, without a word, what stands in no form of the page."""
    place = place_of("netlify")
    place.make()
    (tmp_path / FILE).write_bytes(PNG)
    page = window.open(place.link())
    upload(page, tmp_path / FILE)
    expect(page.locator(".fate.is-sent")).to_contain_text("Sent a file")
    page = window.open(place.url, script=False)
    comment(page, NAME)
    expect(page).to_have_url(place.url + "sent.html")
    assert isinstance(place.fake, Netlify)
    posts = [one for one in place.fake.asked if one.method == "POST"]
    assert len(posts) == 2
    for post in posts:
        assert set(post.form()[0]) - {"form-name"} <= place.fake.forms["planmark"]


def test_basin_leads_to_the_page_that_its_form_names(place_of: MakePlace, window: Window) -> None:
    """A page on the host of the plans."""
    place = place_of("basin")
    place.make()
    assert isinstance(place.fake, Basin)
    place.fake.redirect_url = f"{place.host}/{SITE}/sent.html"
    page = window.open(place.url, script=False)
    check(page, NAME)
    expect(page.get_by_text("Thank you. What you sent has arrived.")).to_be_visible()
    assert window.complaints == []


def test_a_page_of_google_s_leads_back_to_the_plan(place_of: MakePlace, window: Window) -> None:
    """By a link, for a script cannot lead anywhere."""
    place = place_of("apps-script")
    place.make()
    page = window.open(place.url, script=False)
    check(page, NAME)
    page.get_by_role("link", name="Back to the plan").click()
    expect(page).to_have_url(place.url + "sent.html")
    assert window.complaints == []
