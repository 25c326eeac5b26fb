"""What is shown from elsewhere, in a browser: nothing is asked for before a click, and exactly one frame after it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.conftest import write
from tests.page.conftest import PLAN, Opening, Site
from tests.page.test_page import policy

RESOURCES = """\
resources:
  - {id: film, title: A Monday morning, kind: video, url: "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}
  - {id: talk, title: Half an hour with Dana, kind: meeting, url: "https://calendly.com/acme-planning/30min"}
  - {id: board, title: Map, url: "https://www.figma.com/board/nrPSsILSYjesyc5UHjYYa4/Map", embed: no}
  - {id: other, title: Somewhere else, url: "https://watch.acme.example/film"}
"""
WITH = PLAN[: PLAN.index("resources:")] + RESOURCES + PLAN[PLAN.index("sign_off:") :]
SRC = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0&autoplay=1"
SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation"
ASSETS = Path(__file__).parents[2] / "themes" / "default" / "assets"


class Elsewhere:
    """Stands for all of the web but the plan's host: answers what a frame asks for, and remembers it."""

    def __init__(self, own: str) -> None:
        self.own, self.asked = own, list[str]()

    def __call__(self, route: Route) -> None:
        if route.request.url.startswith(self.own):
            route.continue_()
            return
        self.asked.append(route.request.url)
        route.fulfill(body="<!doctype html><title>Player</title><button>Play</button>", content_type="text/html")


@pytest.fixture
def elsewhere(site: Site) -> Elsewhere:
    site.make(plan=WITH)
    return Elsewhere(site.host.origin)


def opened(visit: Opening, elsewhere: Elsewhere, **options: object) -> Page:
    page = visit("about:blank", **options)
    page.context.route("**/*", elsewhere)
    page.goto(f"{elsewhere.own}/acme/")
    return page


def test_the_script_is_small() -> None:
    assert len(gzip.compress((ASSETS / "embed.js").read_bytes(), 9)) <= 700


@pytest.mark.parametrize("shape", ["wide", "square", "upright"])
def test_what_a_click_does_is_read_on_a_poster_of_any_shape(site: Site, visit: Opening, shape: str) -> None:
    """Also large, as the first that is shown, and on a phone."""
    width, height = {"wide": (320, 180), "square": (200, 200), "upright": (180, 320)}[shape]
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><path d="M0 0h9v9z"/></svg>'
    write(site.workspace, {"content/acme/files/poster.svg": drawn})
    site.make(plan=WITH.replace('dQw4w9WgXcQ"', 'dQw4w9WgXcQ", poster: files/poster.svg'))
    for size in (360, 1280):
        page = visit(viewport={"width": size, "height": 800})
        cover, words = page.locator("#resource-film .cover"), page.locator("#resource-film .go")
        outer, inner = cover.bounding_box(), words.bounding_box()
        assert outer
        assert inner
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]
        assert outer["height"] == pytest.approx(outer["width"] * 9 / 16, abs=1)


def test_nothing_is_asked_for_before_a_click_and_one_frame_after_it(visit: Opening, elsewhere: Elsewhere) -> None:
    """Not by reading all of it, not under the pointer, not with the focus. Then that address, in a sandbox, with the focus."""
    page = opened(visit, elsewhere)
    page.mouse.wheel(0, 20_000)
    film = page.locator("#resource-film a[data-src]")
    film.hover()
    film.focus()
    expect(page.locator("iframe")).to_have_count(0)
    assert elsewhere.asked == []
    film.click()
    frame = page.locator("#resource-film iframe")
    expect(page.frame_locator("#resource-film iframe").get_by_role("button", name="Play")).to_be_visible()
    assert elsewhere.asked == [SRC]
    expect(page.locator("iframe")).to_have_count(1)
    expect(frame).to_have_attribute("src", SRC)
    expect(frame).to_have_attribute("sandbox", SANDBOX)
    expect(frame).to_have_attribute("title", "A Monday morning (YouTube)")
    expect(frame).to_have_attribute("referrerpolicy", "strict-origin-when-cross-origin")
    expect(frame).to_have_attribute("allow", "autoplay; encrypted-media; picture-in-picture")
    expect(frame).to_have_attribute("allowfullscreen", "")
    expect(frame).to_be_focused()
    expect(film).to_be_hidden()
    expect(page).to_have_url(f"{elsewhere.own}/acme/")


def test_the_keyboard_opens_it_and_closes_it(visit: Opening, elsewhere: Elsewhere) -> None:
    """Enter on the cover; back by the button beside the frame, and the focus is where it was."""
    page = opened(visit, elsewhere)
    talk = page.locator("#resource-talk a[data-src]")
    talk.focus()
    page.keyboard.press("Enter")
    frame = page.locator("#resource-talk iframe")
    expect(frame).to_be_focused()
    expect(frame).to_have_attribute("referrerpolicy", "no-referrer")
    page.locator("#resource-talk .unframe").press("Enter")
    expect(page.locator("iframe")).to_have_count(0)
    expect(talk).to_be_focused()
    talk.press("Enter")
    expect(page.locator("iframe")).to_have_count(1)


def test_a_click_for_a_new_tab_is_left_alone(visit: Opening, elsewhere: Elsewhere) -> None:
    page = opened(visit, elsewhere)
    with page.context.expect_page():
        page.locator("#resource-film a[data-src]").click(modifiers=["ControlOrMeta"])
    expect(page.locator("iframe")).to_have_count(0)


def test_without_javascript_and_on_paper_it_is_a_link(visit: Opening, elsewhere: Elsewhere) -> None:
    page = opened(visit, elsewhere, java_script_enabled=False)
    film = page.locator("#resource-film a[data-src]")
    expect(film).to_have_attribute("href", "https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    expect(film).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(film).to_contain_text("Play from YouTube")
    expect(page.locator(".not-before")).to_have_text("Nothing is loaded from YouTube and Calendly before you click.")
    page.emulate_media(media="print")
    expect(film).to_be_visible()
    expect(page.locator("#resource-film .go")).to_be_hidden()
    assert elsewhere.asked == []


def test_an_open_one_is_its_cover_on_paper(visit: Opening, elsewhere: Elsewhere) -> None:
    page = opened(visit, elsewhere)
    page.locator("#resource-film a[data-src]").click()
    expect(page.locator("#resource-film iframe")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#resource-film iframe")).to_be_hidden()
    expect(page.locator("#resource-film a[data-src]")).to_be_visible()


def test_a_page_may_load_frames_from_what_it_shows_and_from_nowhere_else(site: Site, visit: Opening, elsewhere: Elsewhere) -> None:
    """Those two hosts. A link that was asked to stay one, and one to a host that nobody knows, add none."""
    page = opened(visit, elsewhere)
    assert policy(page)["frame-src"] == "https://www.youtube-nocookie.com https://calendly.com"
    assert page.locator("script[src*='/embed.']").count() == 1
    for name in ("board", "other"):
        assert page.locator(f"#resource-{name} a[data-src]").count() == 0
        assert page.locator(f"#resource-{name} h3 a").count() == 1
    page.goto(f"{site.url}privacy.html")
    assert "frame-src" not in policy(page)
    assert page.locator("script[src*='/embed.']").count() == 0
    expect(page.locator("main")).to_contain_text("YouTube and Calendly")


def test_a_plan_without_any_has_neither_the_script_nor_the_policy(site: Site, visit: Opening) -> None:
    site.make()
    page = visit()
    assert "frame-src" not in policy(page)
    assert page.locator("script[src*='/embed.'], a[data-src], .unframe").count() == 0
    assert not list((site.folder / "acme" / "assets").glob("embed.*"))
