"""Reading a plan: the bar that stays, the choice of what to show, what has become late since the build, the way on from page to page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.conftest import write
from tests.page.conftest import PLAN, Opening, Site

BUILT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MORE = """\
pages:
  - {title: Our plan, sections: [where_we_are, next_steps, plan]}
  - {title: Who and how, sections: [success_criteria, risks]}
  - {title: At the end, sections: [sign_off]}
"""


def shown(tasks: Locator) -> list[str]:
    """The titles of those tasks that are to be seen."""
    return [title.inner_text() for title in tasks.locator(".task-title").all() if title.is_visible()]


def titles(page: Page) -> list[str]:
    return [text.partition(",")[0].strip() for text in shown(page.locator(".section-plan .tasks > *"))]


def test_why_a_plan_stalls_names_each_task_once(site: Site) -> None:
    """One that is late, had to begin long ago and is on the critical path is no three reasons to a reader."""
    site.make(plan=re.sub(r"due: 2027-01-\d\d", "due: 2026-11-06", PLAN).replace("target: {date: 2027-03-31", "target: {date: 2026-11-20"))
    page = (site.folder / "acme" / "index.html").read_text(encoding="utf-8")
    why = page.partition('<span class="flag is-stalled">Stalled</span>')[2].partition("</p>")[0]
    assert why.strip() == "“Sign the confidentiality agreement” is on the critical path"


def test_three_stages_share_the_width_of_a_phone_and_more_of_them_scroll(site: Site, visit: Opening) -> None:
    """Nothing of three is cut off at the side, and each has its title."""
    more = "  - {title: Procurement, tasks: [{title: Order it, owner: joost}]}\n"
    for stages, scrolls in ((2, False), (3, False), (5, True)):
        site.make(plan=PLAN.replace("success_criteria:", more * (stages - 1) + "success_criteria:"))
        track = visit(viewport={"width": 360, "height": 740}).locator(".track")
        expect(track.locator(".stop")).to_have_count(stages)
        assert track.evaluate("(one) => one.scrollWidth > one.clientWidth") == scrolls


def test_the_cross_that_closes_a_form_stands_beside_its_words(site: Site, visit: Opening) -> None:
    """It is no arrow, which turns about a point below it where something is open."""
    page = visit()
    page.locator("#task-nda summary").first.click()
    page.locator("#task-nda .ask > summary", has_text="Comment").click()
    cross = "getComputedStyle(document.querySelector('#task-nda .ask[open] > summary'), '::after')"
    assert page.evaluate(f"{cross}.content") == '"×"'
    assert page.evaluate(f"{cross}.rotate") == "none"


def test_a_logo_without_a_size_of_its_own_is_seen_on_every_page(site: Site, visit: Opening) -> None:
    """A drawing that says no more than its proportions is as wide as they make it."""
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 20"><path d="M0 0h9"/></svg>'
    write(site.workspace, {"content/acme/files/acme.svg": drawn})
    site.make(plan=PLAN.replace("short: Acme}", "short: Acme, logo: files/acme.svg}") + MORE)
    for name in ("index.html", "who-and-how.html"):
        box = visit(site.url + name).locator(".logo img").bounding_box()
        assert box
        assert box["height"] > 20
        assert box["width"] == pytest.approx(4 * box["height"], rel=0.2)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_whose_tasks_and_which(site: Site, visit: Opening, script: bool) -> None:
    site.make(plan=PLAN.replace("due: 2027-01-08", "due: 2026-11-16"))
    page = visit(java_script_enabled=script)
    assert len(titles(page)) == 8
    whose = page.get_by_label("Whose tasks")
    whose.select_option("Acme")
    assert "Set it up" not in titles(page)
    assert len(titles(page)) == 7
    whose.select_option("Halyard")
    assert titles(page) == ["Set it up"]
    whose.select_option("Maria Lindqvist")
    assert titles(page) == ["Check the figures"]
    whose.select_option("Everybody’s tasks")
    page.get_by_label("Late", exact=True).check()
    assert titles(page) == ["Sign the confidentiality agreement"]
    page.get_by_label("Open", exact=True).check()
    assert "Meet for the first time" not in titles(page)
    assert len(titles(page)) == 7
    if script:
        expect(page.locator(".sieve [role=status]")).to_have_text("7 of 8")
    page.get_by_label("All", exact=True).check()
    assert len(titles(page)) == 8


def test_a_stage_with_nothing_to_show_goes_and_comes_back(site: Site, visit: Opening) -> None:
    site.make(
        plan=PLAN.replace(
            "success_criteria:", "  - {id: buy, title: Buy it, tasks: [{id: order, title: Order it, owner: dana}]}\nsuccess_criteria:"
        )
    )
    page = visit()
    page.get_by_label("Whose tasks").select_option("Maria Lindqvist")
    expect(page.locator("#stage-buy")).to_be_hidden()
    page.get_by_label("Whose tasks").select_option("")
    expect(page.locator("#stage-buy")).to_be_visible()


def test_a_link_to_a_task_that_is_not_shown_shows_it(site: Site, visit: Opening) -> None:
    page = visit()
    page.get_by_label("Whose tasks").select_option("Halyard")
    page.evaluate("location.hash = 'task-nda'")
    expect(page.locator("#task-nda .task-side")).to_be_visible()


def test_what_has_become_late_since_the_build_says_so(site: Site, visit: Opening) -> None:
    """On the day of reading, in the plan, among the next steps and in the figures; what is done stays done."""
    page = visit("about:blank")
    page.clock.set_fixed_time(datetime(2027, 1, 12, 9, tzinfo=UTC))
    page.goto(site.url)
    late = page.locator(".section-plan .task.is-late")
    expect(late).to_have_count(2)
    expect(late.first.locator(".task-when")).to_have_attribute("data-now", "Late")
    expect(late.first.locator(".task-state")).to_have_text(", Late")
    expect(late.first.locator("use").first).to_have_attribute("href", "#mark-late")
    expect(page.locator(".step.is-late")).to_have_count(2)
    expect(page.locator(".figure").first).to_contain_text("2 late")
    expect(page.locator("#task-kickoff.is-done")).to_have_count(1)
    expect(page.locator("#task-trial.is-todo")).to_have_count(1)
    for task, near in (("trial", "today"), ("nda", "4 days ago")):
        page.locator(f"#task-{task} > summary").click()
        expect(page.locator(f"#task-{task} .task-side")).to_have_attribute("data-near", near)
    page.clock.set_fixed_time(BUILT)
    page.goto(site.url)
    expect(page.locator(".task.is-late")).to_have_count(0)


def test_the_bar_stays_and_names_the_plan_once_the_masthead_has_gone(site: Site, visit: Opening) -> None:
    page = visit(viewport={"width": 1280, "height": 700})
    bar, title = page.locator(".bar"), page.locator(".bar-title")
    expect(title).to_be_hidden()
    page.locator("#stage-evaluate").scroll_into_view_if_needed()
    page.mouse.wheel(0, 900)
    expect(title).to_be_visible()
    box = bar.bounding_box()
    assert box
    assert 0 <= box["y"] < 1
    assert box["height"] <= 56
    bar.get_by_role("link", name="Your next steps").click()
    expect(page.locator("#next-steps-heading")).to_be_in_viewport()


def test_the_list_of_sections_opens_closes_and_gives_the_focus_back(site: Site, visit: Opening) -> None:
    page = visit()
    summary = page.locator(".contents summary")
    summary.focus()
    page.keyboard.press("Enter")
    link = page.locator(".contents").get_by_role("link", name="Risks")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    link.click()
    expect(link).to_be_hidden()
    expect(page.locator("#risks-heading")).to_be_in_viewport()


def test_every_page_has_a_title_of_its_own_and_a_way_on(site: Site, visit: Opening) -> None:
    site.make(plan=PLAN + MORE)
    page = visit()
    seen = [page.title()]
    while page.locator("[rel=next]").count():
        with page.expect_navigation():
            page.locator("[rel=next]").click()
        seen.append(page.title())
    assert seen == ["Quotes out in a day", "Who and how · Quotes out in a day", "At the end · Quotes out in a day"]
    page.locator("[rel=prev]").click()
    expect(page.locator("h1")).to_have_text("Who and how")
    page.locator(".bar").get_by_role("link", name="Your next steps").click()
    expect(page.locator("#next-steps-heading")).to_be_in_viewport()
    page.goto(f"{site.url}privacy.html")
    page.locator(".pages").get_by_role("link", name="At the end").click()
    expect(page.locator("h1")).to_have_text("At the end")


def test_the_title_of_a_page_names_nobody(site: Site, visit: Opening) -> None:
    """It is what a preview of the link shows to whoever sees it."""
    assert visit().title() == "Quotes out in a day"
