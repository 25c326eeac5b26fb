"""A protected plan that was opened: it is and does what it would without protection."""

from __future__ import annotations

import re
from contextlib import closing
from difflib import unified_diff

import pytest
from playwright.sync_api import Page, expect
from tests.page.doing import opened, send
from tests.page.fake import Reply
from tests.page.lock.conftest import Reader, is_locked, is_open
from tests.page.lock.sealing import BIG, Locked

PLACES = """() => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() && !one.closest("footer")).map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  const { color, fontFamily, fontSize, display, visibility, backgroundColor } = getComputedStyle(one);
  return [one.localName, one.className, Math.round(x), Math.round(y + scrollY), Math.round(width), Math.round(height),
    color, fontFamily, fontSize, display, visibility, backgroundColor].join(" ");
})"""
LOADED = """async () => {
  for (const one of document.images) { one.loading = "eager"; if (one.src && one.checkVisibility()) await one.decode(); }
  await document.fonts.ready;
}"""


@pytest.mark.parametrize(
    ("width", "scheme", "media"),
    [(1280, "light", "screen"), (360, "dark", "screen"), (800, "light", "print")],
    ids=["desk", "phone", "paper"],
)
def test_it_looks_as_if_it_lay_open(locked: Locked, reader: Reader, width: int, scheme: str, media: str) -> None:
    """Every element in the same place, in the same colours and letters; on paper, too."""
    seen = []
    for address in (locked.open_url, locked.link):
        page = reader.open(address, viewport={"width": width, "height": 800}, color_scheme=scheme)
        is_open(page)
        page.emulate_media(media=media)  # type: ignore[arg-type]  # a word of three
        if address == locked.link:
            _pictures(page)
        page.evaluate(LOADED)
        seen.append(page.evaluate(PLACES))
    assert len(seen[0]) > 250
    different = list(unified_diff(*seen, n=0))
    assert not different, "\n".join(different[:40])


def test_pictures_and_the_font_of_the_brand_are_really_there(locked: Locked, reader: Reader) -> None:
    """From objects alone: of nothing else but scripts is asked for by name."""
    page = reader.open(locked.link)
    is_open(page)
    _pictures(page)
    page.evaluate("document.fonts.ready.then(() => {})")
    assert page.evaluate("[...document.fonts].find((one) => one.family === 'Brand').status") == "loaded"
    sources = page.evaluate("[...document.images].map((one) => one.currentSrc)")
    assert len(sources) >= 3
    assert all(one.startswith("blob:") for one in sources)
    assert page.locator("link[rel=icon]").get_attribute("href", timeout=5000) or ""
    names = {one.url.removeprefix(locked.url) for one in reader.asked if one.url.startswith(locked.url)}
    assert {one for one in names if not re.fullmatch(r"assets/[0-9a-f]{32}\.bin", one)} - locked.sealed.public <= {
        "",
        locked.link.removeprefix(locked.url),
    }


def test_a_phone_takes_smaller_pictures(locked: Locked, reader: Reader) -> None:
    for width, name in ((360, "assets/terms.*-160.webp"), (1280, "assets/terms.*-640.webp")):
        reader.asked.clear()
        page = reader.open(locked.link, viewport={"width": width, "height": 800}, device_scale_factor=1 if width == 360 else 4)
        is_open(page)
        _pictures(page)
        asked = [one.url for one in reader.asked]
        assert locked.url + locked.name(name) in asked


def test_printing_gives_the_plan(locked: Locked, reader: Reader) -> None:
    import pypdfium2

    page = reader.open(locked.link)
    is_open(page)
    _pictures(page)
    with closing(pypdfium2.PdfDocument(page.pdf())) as paper:
        text = " ".join(" ".join(one.get_textpage().get_text_bounded().split()) for one in paper)
    assert "Quotes out in a day" in text
    assert "Sign the confidentiality agreement" in text
    assert "This plan is protected" not in text


@pytest.mark.parametrize(
    ("link", "path", "name"),
    [
        ("The plan on paper (PDF)", "plan.pdf", "plan.pdf"),
        ("The dates in your calendar", "plan.ics", "plan.ics"),
        ("The whole plan as data", "plan.json", "plan.json"),
    ],
)
def test_files_are_decrypted_when_somebody_wants_them(locked: Locked, reader: Reader, link: str, path: str, name: str) -> None:
    """Not before, and byte for byte; the PDF has 20 MB."""
    page = reader.open(locked.link)
    is_open(page)
    _pictures(page)
    address = locked.url + locked.name(path)
    assert address not in [one.url for one in reader.asked]
    with page.expect_download() as found:
        page.get_by_role("link", name=link).click()
    assert found.value.suggested_filename == name
    assert found.value.path().read_bytes() == locked.data(path)
    assert page.url == locked.url
    assert path != "plan.pdf" or locked.data(path) == BIG


def test_a_document_is_saved_under_its_name(locked: Locked, reader: Reader) -> None:
    """However it is clicked: in a new tab there is nothing to be seen."""
    page = reader.open(locked.link)
    is_open(page)
    path = next(one for one in locked.sealed.objects if one.endswith(".pdf") and "terms" in one)
    for modifiers in ([], ["ControlOrMeta"]):
        with page.expect_download() as found:
            page.locator(".resource").get_by_role("link", name="The terms").last.click(modifiers=modifiers)  # type: ignore[arg-type]
        assert found.value.suggested_filename == "terms.pdf"
        assert found.value.path().read_bytes() == locked.data(path)
    assert len(page.context.pages) == 1


def test_a_personal_link_gets_its_own_calendar(locked: Locked, reader: Reader) -> None:
    """The script of the page leads there after it was opened."""
    page = reader.open(locked.link)
    is_open(page)
    own = next(one for one in locked.sealed.objects if one.startswith("calendar-"))
    page.evaluate("(path) => document.querySelector('a[data-calendar]').setAttribute('href', path)", own)
    with page.expect_download() as found:
        page.get_by_role("link", name="The dates in your calendar").click()
    assert found.value.path().read_bytes() == locked.data(own)


def test_a_film_is_fetched_when_it_is_played(locked: Locked, reader: Reader) -> None:
    """With its captions. Until then its poster is there."""
    page = reader.open(locked.link)
    is_open(page)
    film = page.locator("video")
    expect(film).to_have_attribute("poster", re.compile("^blob:"))
    address = locked.url + locked.name("assets/monday.*.mp4")
    assert address not in [one.url for one in reader.asked]
    film.evaluate("(one) => { one.muted = true; one.play().catch(() => {}); }")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    assert address in [one.url for one in reader.asked]
    assert film.evaluate("(one) => one.duration") > 1
    film.evaluate("(one) => { one.textTracks[0].mode = 'showing'; }")
    page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length > 0")


def test_other_pages_open_without_asking_again(locked: Locked, reader: Reader) -> None:
    """By links, by going back and forward, by a reload; their names are not in the address. A bookmark asks, and opens its page."""
    page = reader.open(locked.link)
    is_open(page)
    page.get_by_role("link", name="Who and how").first.click()
    expect(page).to_have_title(re.compile("^Who and how"))
    assert re.fullmatch(re.escape(locked.url) + r"\?p=[0-9a-f]{16}", page.url)
    bookmark = page.url
    page.reload()
    expect(page).to_have_title(re.compile("^Who and how"))
    page.go_back()
    is_open(page)
    assert page.url == locked.url
    page.go_forward()
    expect(page).to_have_title(re.compile("^Who and how"))
    page.get_by_role("link", name="Plan", exact=True).first.click()
    is_open(page)
    page.get_by_role("link", name="Privacy and security").click()
    expect(page).to_have_title(re.compile("^Privacy and security"))

    later = reader.open(bookmark)
    is_locked(later)
    later.evaluate("(hash) => { location.hash = hash; }", locked.sealed.link)
    expect(later).to_have_title(re.compile("^Who and how"))
    assert later.url == bookmark


def test_an_address_of_a_page_that_is_no_more_leads_to_the_plan(locked: Locked, reader: Reader) -> None:
    page = reader.open(f"{locked.url}?p=0123456789abcdef#{locked.sealed.link}")
    is_open(page)


def test_links_from_page_to_page_lead_to_their_place(locked: Locked, reader: Reader) -> None:
    """A task's place on another page is opened and in view; so it is when one comes back to where one was."""
    page = reader.open(locked.link)
    is_open(page)
    page.get_by_role("link", name="Who and how").first.click()
    expect(page).to_have_title(re.compile("^Who and how"))
    page.evaluate("document.querySelector('.bar a[href^=\"./#\"], nav a[href^=\"./\"]').setAttribute('href', './#task-setup')")
    page.locator("a[href='./#task-setup']").click()
    is_open(page)
    expect(page.locator("#task-setup")).to_be_in_viewport()
    assert page.locator("#task-setup").evaluate("(one) => one.open")
    page.evaluate("scrollTo(0, 600)")
    page.wait_for_function("() => history.state?.planmark === 600")
    page.reload()
    is_open(page)
    page.wait_for_function("() => scrollY === 600")


def test_forms_act_in_place(locked: Locked, reader: Reader) -> None:
    """As on an open page, in somebody's name: sent once, and still said to be done after a reload."""
    page = reader.open(f"{locked.link}&t={locked.token('joost')}")
    is_open(page)
    send(opened(page, "nda").locator(".act-here"), "Mark as done")
    expect(page.locator(".task-line .task.is-done#task-nda")).to_be_visible()
    page.reload()
    is_open(page)
    expect(page.locator(".task-line .task.is-done#task-nda")).to_be_visible()
    (post,) = locked.receiver.posts
    assert (post.fields["pm_kind"], post.fields["pm_item"]) == ("done", "task/nda")


def test_what_does_not_arrive_is_kept(locked: Locked, reader: Reader) -> None:
    """And sent later, from any page of the plan."""
    locked.receiver.always = Reply(503)
    page = reader.open(f"{locked.link}&t={locked.token('joost')}")
    is_open(page)
    send(opened(page, "nda").locator(".act-here"), "Mark as done")
    expect(page.locator('.task-line[data-item="task/nda"] .fates')).to_contain_text("Not sent yet")
    locked.receiver.always = None
    page.get_by_role("link", name="Who and how").first.click()
    expect(page).to_have_title(re.compile("^Who and how"))
    page.wait_for_function("() => JSON.stringify(localStorage).includes('received')")
    assert next(iter(locked.receiver.taken.values())).fields["pm_kind"] == "done"


def test_what_others_do_comes_in(locked: Locked, reader: Reader) -> None:
    page = reader.open(locked.link)
    is_open(page)
    locked.receiver.tell(on="task/data", kind="comment", text="It is on its way", name="Ada")
    expect(opened(page, "data").get_by_text("It is on its way")).to_be_visible()


def test_a_picture_that_is_not_reached_leaves_its_words(locked: Locked, reader: Reader) -> None:
    """The rest is there, and a file that is not reached is told of; it may be tried again."""
    folder, link = locked.copy("patchy")
    board, terms = (folder / locked.name(f"assets/{one}") for one in ("board.*-640.webp", "terms.*.pdf"))
    board.unlink()
    whole = terms.read_bytes()
    terms.unlink()
    page = reader.open(link)
    is_open(page)
    expect(page.get_by_alt_text("The board in week 41").first).not_to_have_attribute("src", re.compile("."))
    page.locator(".resource").get_by_role("link", name="The terms").last.click()
    expect(page.locator(".lock-said")).to_have_text("The file could not be fetched. Please check your connection and try again.")
    terms.write_bytes(whole)
    with page.expect_download():
        page.locator(".resource").get_by_role("link", name="The terms").last.click()


PICTURES = """() => [...document.querySelectorAll("img, video")].every((one) => !one.checkVisibility() || one.poster?.startsWith("blob:")
  || (one.complete && one.naturalWidth && one.naturalWidth !== 300))"""
"""What waits for its picture is 300 wide."""


def _pictures(page: Page) -> None:
    """Wait until all pictures are there."""
    page.wait_for_function(PICTURES)
