"""What a service does not take is not shown as sent; it stays on the page, and goes out once, when the service takes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.endpoints.buying import MakePlace, Own
from tests.endpoints.clicking import FILE, PNG, Window, ids, mark, press, the_same_by_every_route, upload
from tests.endpoints.fakes.formspree import Formspree
from tests.endpoints.fakes.netlify import Netlify
from tests.endpoints.fakes.serving import START, Fake
from tests.endpoints.fakes.serving import page as html
from tests.endpoints.likenesses import LIKENESSES

LATER = [("planmark", 0), *((kind, status) for kind in LIKENESSES if kind != "planmark" for status in (429, 500))]
"""Kinds with the status that they refuse with; our own receiver, the real one, is away."""


@pytest.mark.parametrize(("kind", "status"), LATER)
def test_what_a_service_cannot_take_now_goes_out_later_once(place_of: MakePlace, window: Window, kind: str, status: int) -> None:
    """It is shown as not sent, stays over a reload, and goes out by itself when the service is back."""
    window.lenient = True
    place = place_of(kind)
    place.make()
    place.service.refuse(status)
    page = window.open(place.link())
    fate = press(page)
    expect(fate).to_contain_text("Not sent yet: nothing answered. It is kept here and tried again.")
    expect(mark(page)).to_have_attribute("href", "#mark-todo")
    page.reload()
    expect(fate).to_contain_text("Not sent yet")
    place.service.resume()
    expect(fate).to_contain_text("Marked as done Sent.")
    expect(mark(page)).to_have_attribute("href", "#mark-done")

    (event,) = the_same_by_every_route(place)
    assert [event.id] == ids(page)
    assert event.proof == "link"
    assert window.complaints == []


@pytest.mark.parametrize("kind", [kind for kind in LIKENESSES if kind != "planmark"])
def test_what_arrived_twice_is_one_act(place_of: MakePlace, window: Window, kind: str) -> None:
    """An answer was lost, so the page sent it again: the service has two, the plan one."""
    window.lenient = True
    place = place_of(kind)
    place.make()
    assert not isinstance(place.service, Own)
    place.service.lost = 1
    page = window.open(place.link())
    expect(press(page)).to_contain_text("Marked as done Sent.")
    assert len(place.fake.stored) == 2
    (event,) = the_same_by_every_route(place)
    assert [event.id] == ids(page)
    assert window.complaints == []


def changed(name: str) -> Callable[[Fake], None]:
    """The service has another value than the page was built with, or the right one again."""

    def change(fake: Fake) -> None:
        before = getattr(fake, name)
        setattr(fake, name, before.removesuffix("-") if before.endswith("-") else before + "-")

    return change


def found(fake: Fake) -> None:
    """Netlify looks for forms, or does so no more."""
    assert isinstance(fake, Netlify)
    if fake.forms:
        fake.forms.clear()
    else:
        fake.deploy(fake.pages)


REFUSALS: dict[str, tuple[Callable[[Fake], None], str]] = {
    "formspree": (changed("form"), "Could not be sent. Form not found"),
    "netlify": (found, "Could not be sent. The service answered 404."),
    "basin": (changed("form"), "Could not be sent. Form not found"),
    "web3forms": (changed("access_key"), "Could not be sent. Invalid Access Key"),
    "formspark": (changed("form"), "Could not be sent. Form not found"),
    "apps-script": (changed("script"), "Not sent yet: nothing answered."),
}
"""What turns the service into one that refuses what the page sends, and what the page says then."""


@pytest.mark.parametrize("kind", REFUSALS)
def test_what_a_service_refuses_can_be_sent_once_it_is_mended(place_of: MakePlace, window: Window, kind: str) -> None:
    """In its own words where it has some; kept until then, over a reload."""
    window.lenient = True
    place = place_of(kind)
    place.make()
    turn, words = REFUSALS[kind]
    page = window.open(place.link())
    turn(place.fake)
    fate = press(page)
    expect(fate).to_contain_text(words)
    expect(mark(page)).to_have_attribute("href", "#mark-todo")
    page.reload()
    expect(fate).to_contain_text(words)
    assert place.fake.stored == []
    turn(place.fake)
    if "Could not be sent" in words:  # all else is tried again by itself
        fate.get_by_role("button", name="Try again").click()
    expect(fate).to_contain_text("Marked as done Sent.")
    (event,) = the_same_by_every_route(place)
    assert [event.id] == ids(page)
    assert window.complaints == []


def test_our_own_receiver_has_a_limit_and_what_is_over_it_can_be_sent_after(place_of: MakePlace, window: Window) -> None:
    """The page waits for as long as it is told; its reader need not."""
    window.lenient = True
    place = place_of("planmark")
    assert isinstance(place.service, Own)
    place.service.end()
    long = "from planmark.receiver import counting\ncounting.MINUTE = counting.DAY"  # else the second act may come in the next minute
    place.service.start(before=long, PLANMARK_RECEIVER_PER_PLAN="1")
    place.make()
    page = window.open(place.link())
    expect(press(page, "trial")).to_contain_text("Sent.")
    with page.expect_response(lambda one: one.status == 429):
        fate = press(page)
    expect(fate).to_contain_text("Not sent yet")
    place.service.resume()
    fate.get_by_role("button", name="Send now").click()
    expect(fate).to_contain_text("Marked as done Sent.")
    events = the_same_by_every_route(place)
    assert [one.id for one in events] == ids(page)
    assert {(one.on, one.proof) for one in events} == {("task/trial", "link"), ("task/nda", "link")}
    assert window.complaints == []


def test_our_own_receiver_takes_nothing_for_a_plan_that_it_was_not_told_about(place_of: MakePlace, window: Window) -> None:
    """And says so; once it is told, the same act is sent."""
    window.lenient = True
    place = place_of("planmark")
    published, place.service.published = place.service.published, lambda root: None  # type: ignore[method-assign]
    place.make()
    page = window.open(place.link())
    fate = press(page)
    expect(fate).to_contain_text("Could not be sent. ")
    published(place.root)
    fate.get_by_role("button", name="Try again").click()
    expect(fate).to_contain_text("Marked as done Sent.")
    (event,) = the_same_by_every_route(place)
    assert [event.id] == ids(page)


def test_formspree_takes_twenty_a_minute_and_the_rest_later(place_of: MakePlace, window: Window) -> None:
    """Its own limit, not one that a test made up."""
    window.lenient = True
    place = place_of("formspree")
    place.make()
    for _ in range(20):
        place.fake.keep({"message": "from another page"})
        place.fake.now = START
    page = window.open(place.link())
    fate = press(page)
    expect(fate).to_contain_text("Not sent yet")
    place.fake.now = place.fake.now.replace(minute=START.minute + 2)
    expect(fate).to_contain_text("Marked as done Sent.")
    assert [one.fields["pm_event"] for one in place.fake.stored[20:]] == ids(page)


def test_formspree_says_that_it_takes_no_files(place_of: MakePlace, window: Window, tmp_path: Path) -> None:
    """Where the team wrote `files: yes` on a plan without."""
    window.lenient = True
    place = place_of("formspree")
    place.make()
    assert isinstance(place.fake, Formspree)
    place.fake.files = False
    (tmp_path / FILE).write_bytes(PNG)
    page = window.open(place.link())
    upload(page, tmp_path / FILE)
    expect(page.locator(".fate.is-refused")).to_contain_text("Could not be sent. File uploads are not permitted")
    assert place.fake.stored == []


def test_google_s_page_about_its_quota_is_no_yes(place_of: MakePlace, window: Window) -> None:
    """It comes with status 200, and no other site's script may read it."""
    window.lenient = True
    place = place_of("apps-script")
    place.make()
    assert not isinstance(place.service, Own)
    place.service.refusal = html("Service invoked too many times for one day.")
    page = window.open(place.link())
    fate = press(page)
    expect(fate).to_contain_text("Not sent yet")
    place.service.resume()
    expect(fate).to_contain_text("Marked as done Sent.")
    assert [one.fields["pm_event"] for one in place.fake.stored] == ids(page)
