"""The timeline in a browser, with its real fonts: drawn on a desk, a list on a phone, and nothing over anything else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from tests.page.conftest import PLAN, Opening, Site

STAGES = """\
  - id: rollout
    title: Roll out in three plants
    tasks:
      - {id: wide, title: Check and correct all the routings, owner: dana, start: 2026-11-03, due: 2027-03-30}
      - {id: last, title: Hand over from the project team to the support desk, owner: dana, due: 2027-03-30, milestone: true, after: [wide]}
      - {id: said, title: "Anouk's own <script> & “quotes” — Übergabe", owner: dana, due: 2027-02-10, takes: 10d, after: [nda]}
key_dates:
  - {id: steering, date: 2027-01-12, time: "09:00", title: Steering committee}
  - {id: training, date: 2027-01-19, end: 2027-01-20, title: Training of the planners}
freezes: [{id: shutdown, start: 2026-12-21, end: 2027-01-03, why: Plant shutdown}]
"""
FULL = PLAN.replace("success_criteria:", STAGES + "success_criteria:")
BOXES = """() => [...document.querySelectorAll('.road text')].map((text) => {
  const box = text.getBoundingClientRect();
  return [text.textContent, box.left, box.top + box.height * 0.2, box.right, box.bottom - box.height * 0.2];
})"""


def timeline(page: Page) -> list[str]:
    """The lines of the list, as they are read."""
    lines = page.locator(".timeline li li:not([hidden])").all_text_contents()
    return [" ".join(line.split()) for line in lines]


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
@pytest.mark.parametrize("width", [1024, 1280])
def test_on_a_desk_it_is_drawn_and_no_text_lies_over_another(site: Site, visit: Opening, width: int, locale: str) -> None:
    """As the browser measures them; and within the section."""
    site.make(plan=FULL + f"locale: {locale}\n")
    page = visit(viewport={"width": width, "height": 900})
    expect(page.locator(".road")).to_be_visible()
    expect(page.locator(".timeline")).to_be_hidden()
    boxes = page.evaluate(BOXES)
    assert len(boxes) > 20
    frame = page.locator(".road").bounding_box()
    assert frame
    for index, (text, left, top, right, bottom) in enumerate(boxes):
        assert left >= frame["x"] - 2, text
        assert right <= frame["x"] + frame["width"] + 2, text
        for other, *there in boxes[index + 1 :]:
            apart = right <= there[0] or there[2] <= left or bottom <= there[1] or there[3] <= top
            assert apart, (text, other)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [320, 360, 768])
def test_on_a_phone_it_is_a_list_along_a_rail(site: Site, visit: Opening, width: int) -> None:
    """Each dated thing once, in the order of days, nothing wider than the screen."""
    site.make(plan=FULL)
    page = visit(viewport={"width": width, "height": 700})
    expect(page.locator(".road")).to_be_hidden()
    expect(page.locator(".timeline")).to_be_visible()
    lines = timeline(page)
    for title in ("Send the data", "Steering committee · 09:00", "Plant shutdown", "First quote sent", "Meet for the first time"):
        assert sum(title.split(" · ")[0] in line for line in lines) == 1, title
    days = page.locator(".timeline li > time").evaluate_all("(all) => all.map((one) => one.dateTime)")
    assert days == sorted(days)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator(".timeline a", has_text="Send the data").click()
    expect(page.locator("#task-data")).to_be_in_viewport()


def test_a_reader_may_have_the_list_on_a_desk(site: Site, visit: Opening) -> None:
    """With the keyboard, without a script; the drawing is out of the keyboard's way."""
    site.make(plan=FULL)
    page = visit(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    choice = page.get_by_role("checkbox", name="As a list")
    choice.focus()
    page.keyboard.press("Space")
    expect(page.locator(".timeline")).to_be_visible()
    expect(page.locator(".road")).to_be_hidden()
    assert page.locator(".road a:not([tabindex='-1'])").count() == 0
    assert page.locator(".road").get_attribute("aria-hidden") == "true"


def test_what_a_task_waits_for_is_shown_when_asked(site: Site, visit: Opening) -> None:
    """At rest only the critical path is drawn; a hostile title is text."""
    site.make(plan=FULL)
    page = visit(viewport={"width": 1280, "height": 900})
    way = page.locator(".road a[href='#task-said'] > .way")
    assert way.evaluate("(one) => getComputedStyle(one).visibility") == "hidden"
    page.locator(".road a[href='#task-said'] text").hover()
    assert way.evaluate("(one) => getComputedStyle(one).visibility") == "visible"
    assert page.locator(".road .path").count() == 1
    assert page.locator(".road a[href='#task-last'] > .way").count() == 0
    expect(page.locator(".road a[href='#task-said'] text")).to_contain_text("Anouk's own <script> & “quotes” — Übergabe")


def test_today_has_its_place_in_both(site: Site, visit: Opening) -> None:
    """On the reader's own day, whenever it was built; without a script the line says of what day the plan is."""
    site.make(plan=FULL)
    page = visit("about:blank", viewport={"width": 1280, "height": 900})
    page.clock.set_fixed_time(datetime(2027, 1, 12, 9, tzinfo=UTC))
    page.goto(site.url)
    expect(page.locator(".road .now text")).to_have_text("Today")
    line = page.locator(".road .now path").bounding_box()
    due = page.locator(".road a[href='#task-trial'] use").bounding_box()
    assert line
    assert due
    assert abs(line["x"] - due["x"] - due["width"] / 2) < 3, "at the task of that day"
    page.set_viewport_size({"width": 360, "height": 700})
    lines = timeline(page)
    assert "Send the data" in lines[lines.index("Today") - 1]
    plain = visit(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    expect(plain.locator(".road .now text")).to_have_text("20 Nov 2026")


def test_a_day_before_all_others_is_not_in_the_list(site: Site, visit: Opening) -> None:
    """Without a script nothing is left of its place, which waits there for today."""
    site.make(plan=PLAN.replace("due: 2026-11-05, status: done, done_on: 2026-11-05", "due: 2027-01-05"))
    plain = visit(viewport={"width": 360, "height": 700}, java_script_enabled=False)
    assert plain.locator(".timeline .now").get_attribute("hidden") is not None
    expect(plain.locator(".timeline .now")).to_be_hidden()
