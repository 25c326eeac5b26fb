"""What changed, on the page: since a version for everybody, since their last visit on a personal link; and the calendar of one's own."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.conftest import write
from tests.page.conftest import PLAN, WORKSPACE, Opening, Site

from planmark.build.versions import snapshot

ASSETS = Path(__file__).parents[2] / "themes" / "default" / "assets"
TITLE = "<b>Set it up</b> & go {value}"
LAST = PLAN.replace("title: Set it up", f'title: "{TITLE}"')


def back(text: str, *pairs: tuple[str, str]) -> str:
    """The plan as it was before."""
    for now, was in pairs:
        assert text.count(now) == 1, now
        text = text.replace(now, was)
    return text


THIRD = back(LAST, ("due: 2027-01-15", "due: 2027-01-14}  # figures\n      #"), ("status: open", "status: watching"))
SECOND = back(
    THIRD, ("      - {id: rooms, title: Book the rooms, owner: joost, due: 2027-01-13}\n", ""), (", status: done, done_on: 2026-11-05", "")
)
FIRST = back(
    SECOND, ("date: 2027-03-31", "date: 2027-03-24"), ("title: Name the users, owner: joost", "title: Name the users, owner: maria")
)
VERSIONS = {"2026-11-01": FIRST, "2026-11-12": SECOND, "2026-11-18": THIRD, "2026-11-20": LAST}
SEEN = "planmark-visit"


@pytest.fixture
def changed(site: Site) -> Iterator[Site]:
    """The plan with four versions; the page is of 22 November, so that it compares with that of the 12th."""
    for day, plan in VERSIONS.items():
        write(site.workspace, {"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": plan})
        snapshot(site.workspace, "acme", date.fromisoformat(day), note="After the <i>steering</i> meeting" if day == "2026-11-12" else "")
    site.make(plan=LAST)
    yield site
    shutil.rmtree(site.workspace / "content/acme/versions")


def on(visit: Opening, address: str, day: str, context: BrowserContext | None = None) -> Page:
    """The page as somebody opens it on a day."""
    page = visit("about:blank", context)
    page.clock.set_fixed_time(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    page.goto(address)
    return page


def entries(page: Page) -> list[str]:
    """The titles of the entries that are shown, those before them with them."""
    return [re.sub(r"\s+", " ", one).strip() for one in page.locator(".changes li:visible").all_inner_texts()]


def test_everybody_sees_what_changed_since_a_week_ago(changed: Site, visit: Opening) -> None:
    """Each under what became of it, with a way to the task, and a sign beside it there."""
    page = visit()
    section = page.locator("#changes")
    expect(section.locator("h2")).to_have_text("What changed")
    expect(section.locator(".changes-since")).to_have_text("Since 12 November 2026")
    assert page.locator("#changes dl").first.locator("dt").all_inner_texts() == ["Done", "Moved", "New", "Risks"]
    assert entries(page) == [
        "Meet for the first time",
        "Check the figures 1 day later: 15 Jan 2027, no longer 14 Jan 2027",
        "Book the rooms 13 Jan 2027; Joost van den Berg",
        "Everybody is away Open",
    ]
    expect(page.locator("#task-figures .news")).to_have_text("Moved 1 day later")
    expect(page.locator("#task-rooms .news")).to_have_text("New")
    assert page.locator(".news").count() == 2
    section.get_by_role("link", name="Check the figures").click()
    expect(page).to_have_url(re.compile("#task-figures$"))
    expect(page.locator("#task-figures")).to_have_attribute("open", "")
    expect(page.locator(".contents a[href='#changes']")).to_have_count(1)


def test_what_came_before_is_there_when_it_is_asked_for(changed: Site, visit: Opening) -> None:
    """Also without JavaScript, and with how often the target date moved."""
    page = visit(changed.url, java_script_enabled=False)
    earlier = page.locator(".changes details")
    expect(earlier.locator("dl")).to_be_hidden()
    earlier.locator("summary").click()
    expect(earlier.locator("li")).to_have_text(
        [re.compile("^7 days later: 31 Mar 2027"), re.compile("^Name the users Joost van den Berg in place of Maria")]
    )
    told = page.locator(".changes > p").last
    expect(told).to_have_text(
        "The target date has moved once: from 24 Mar 2027 to 31 Mar 2027 on 12 Nov 2026 (Dana Whitfield; After the <i>steering</i> meeting)"
    )


def test_whatever_a_title_holds_is_a_text(changed: Site, visit: Opening) -> None:
    changed.make(plan=LAST.replace("due: 2027-01-18", "due: 2027-01-20"))
    page = visit(changed.link("joost"))
    expect(page.locator("#changes").get_by_role("link", name=TITLE)).to_be_visible()


def test_a_first_visit_changes_nothing(changed: Site, visit: Opening) -> None:
    page = on(visit, changed.link("joost"), "2026-11-22")
    expect(page.locator(".changes-since")).to_have_text("Since 12 November 2026")
    assert len(entries(page)) == 4
    kept = page.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('planmark-visit'))")
    assert len(kept) == 1
    assert page.evaluate("(key) => localStorage.getItem(key)", kept[0]) == '{"day":"2026-11-22"}'


def test_the_next_visit_is_told_what_came_since_the_last(changed: Site, visit: Opening) -> None:
    """On the day of a version it is told of it again: it may have come after the visit. A reload on the same day loses nothing."""
    page = on(visit, changed.link("joost"), "2026-11-20")
    page = on(visit, changed.link("joost"), "2026-11-22", page.context)
    for _ in range(2):
        expect(page.locator(".changes-since")).to_have_text("Since your visit on 20 Nov 2026")
        assert entries(page) == ["Check the figures 1 day later: 15 Jan 2027, no longer 14 Jan 2027", "Everybody is away Open"]
        assert page.locator("#changes dt:visible").all_inner_texts() == ["Moved", "Risks"]
        expect(page.locator("#task-rooms .news")).to_be_hidden()
        expect(page.locator("#task-figures .news")).to_be_visible()
        expect(page.locator(".changes details")).to_be_hidden()
        page.reload()
    page = on(visit, changed.link("joost"), "2026-11-23", page.context)
    expect(page.locator(".changes-since")).to_have_text("Nothing has changed since your visit on 22 Nov 2026.")
    assert entries(page) == []


def test_a_visit_long_ago_is_told_of_what_came_before_as_well(changed: Site, visit: Opening) -> None:
    page = on(visit, changed.link("joost"), "2026-11-05")
    page = on(visit, changed.link("joost"), "2026-11-22", page.context)
    expect(page.locator(".changes-since")).to_have_text("Since your visit on 5 Nov 2026")
    assert [one.split(" ")[0] for one in entries(page)] == ["Meet", "Check", "Book", "Everybody", "7", "Name"]


def test_a_visit_is_one_persons_and_one_plans(changed: Site, visit: Opening) -> None:
    """Somebody else in the same browser is new here; without a personal link nothing is kept."""
    page = on(visit, changed.url, "2026-11-20")
    assert page.evaluate("localStorage.length + sessionStorage.length") <= 2
    assert not page.evaluate("Object.keys(localStorage).some((one) => one.startsWith('planmark-visit'))")
    page = on(visit, changed.link("maria"), "2026-11-20", page.context)
    page = on(visit, changed.link("joost"), "2026-11-22", page.context)
    expect(page.locator(".changes-since")).to_have_text("Since 12 November 2026")


def test_the_day_is_that_of_the_plan_wherever_the_reader_is(changed: Site, visit: Opening) -> None:
    """A visit in Auckland on the 21st, while the plan is at home in the 20th, misses no version of the 20th."""
    page = visit("about:blank", timezone_id="Pacific/Auckland")
    page.clock.set_fixed_time(datetime.fromisoformat("2026-11-20T12:00:00+00:00"))
    page.goto(changed.link("joost"))
    page = on(visit, changed.link("joost"), "2026-11-22", page.context)
    expect(page.locator(".changes-since")).to_have_text("Since your visit on 20 Nov 2026")


@pytest.mark.parametrize("kept", ["nonsense", "[]", "null", '{"day": 7}', '{"day": "2099-01-01"}'])
def test_whatever_the_browser_kept_the_page_stands(changed: Site, visit: Opening, kept: str) -> None:
    page = on(visit, changed.link("joost"), "2026-11-22")
    page.evaluate("(kept) => localStorage.setItem(Object.keys(localStorage).find((one) => one.startsWith('planmark-visit')), kept)", kept)
    page = on(visit, changed.link("joost"), "2026-11-22", page.context)
    expect(page.locator(".changes-since")).to_have_text("Since 12 November 2026")
    assert len(entries(page)) == 4


def test_a_browser_that_keeps_nothing_shows_what_everybody_sees(changed: Site, visit: Opening) -> None:
    page = visit("about:blank")
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page.goto(changed.link("joost"))
    expect(page.locator(".changes-since")).to_have_text("Since 12 November 2026")


def test_a_token_that_is_none_is_nobodys_visit(changed: Site, visit: Opening) -> None:
    page = on(visit, f"{changed.url}#t=v1.bm9uc2Vuc2U.x", "2026-11-22")
    expect(page.locator(".changes-since")).to_have_text("Since 12 November 2026")
    assert not page.evaluate("Object.keys(localStorage).some((one) => one.startsWith('planmark-visit'))")


def test_the_page_says_what_it_keeps(changed: Site, visit: Opening) -> None:
    page = visit(f"{changed.url}privacy.html")
    expect(page.locator("main")).to_contain_text("keeps the day of your visit")
    assert page.locator("script[src*='/visit.']").count() == 0


def test_the_calendar_of_a_personal_link_is_that_persons(site: Site, visit: Opening) -> None:
    """The file that there is for them; for everybody else the plan's."""
    page = visit(site.link("joost"))
    links = page.locator("a[data-calendar]")
    expect(links.first).to_have_attribute("href", re.compile(r"^calendar-[A-Za-z0-9_-]+\.ics$"))
    own = links.first.get_attribute("href") or ""
    assert (site.folder / "acme" / own).is_file()
    assert visit().locator("a[data-calendar]").first.get_attribute("href") == "plan.ics"


def test_a_plan_without_versions_says_nothing_of_them(site: Site, visit: Opening) -> None:
    page = visit()
    assert page.locator("#changes, .news, [data-day]").count() == 0
    assert "keeps the day of your visit" not in (site.folder / "acme" / "privacy.html").read_text(encoding="utf-8")


def test_the_script_is_small() -> None:
    assert len(gzip.compress((ASSETS / "visit.js").read_bytes(), 9)) <= 1100
