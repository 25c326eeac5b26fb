"""What is wrong stands over the last good page, with its place, its lines and what to write instead; mended, it goes."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect
from tests.build.small import Small, plan
from tests.preview.running import PATIENCE, Running, eventually

expect.set_options(timeout=PATIENCE * 1000)


def overlay(page: Page) -> Locator:
    return page.locator("planmark-problems section")


def badge(page: Page) -> Locator:
    return page.locator("planmark-problems button.badge")


def test_a_mistake_is_shown_and_goes_when_mended(small: Small, running: Running, page: Page) -> None:
    """Over the page as it last was, with five lines of the file, the one that is meant marked."""
    page.goto(running.url + "sites/acme/")
    small.replace("content/acme/plan.yaml", "Connect a plant, owner: maria", "Connect a plant, owner: mario")
    expect(overlay(page)).to_be_visible()
    expect(overlay(page).locator("h2")).to_have_text("1 error to mend: this is the last good page")
    expect(overlay(page).locator("h3")).to_have_text(re.compile(r"^content/acme/plan\.yaml:13:\d+  PM301$"))
    expect(overlay(page).locator("p.hint")).to_have_text("did you mean `maria`?")
    lines = (small.root / "content/acme/plan.yaml").read_text().splitlines()
    expect(overlay(page).locator("pre span")).to_have_text([f"{number}{lines[number - 1]}" for number in range(11, len(lines) + 1)])
    expect(overlay(page).locator("pre span.marked")).to_have_count(1)
    expect(overlay(page).locator("pre span.marked")).to_contain_text("owner: mario")
    expect(page.locator("h1")).to_contain_text("Rollout for acme")
    small.replace("content/acme/plan.yaml", "mario", "maria")
    expect(page.locator("planmark-problems")).to_have_count(0)
    expect(page.locator("h1")).to_contain_text("Rollout for acme")


def test_several_mistakes_at_once_and_another_after_one_is_mended(small: Small, running: Running, page: Page) -> None:
    """All of them are shown, and those that are left when one is mended."""
    page.goto(running.url + "sites/acme/")
    text = (small.root / "content/acme/plan.yaml").read_text()
    small.write({"content/acme/plan.yaml": text.replace("2027-01-29", "2027-13-29").replace("owner: maria", "owner: mario")})
    expect(overlay(page).locator("article")).to_have_count(3)
    small.write({"content/acme/plan.yaml": text.replace("2027-01-29", "2027-13-29")})
    expect(overlay(page).locator("article")).to_have_count(1)
    expect(overlay(page).locator("h3")).to_contain_text("content/acme/plan.yaml:3:9  PM205")


def test_source_is_shown_as_text(small: Small, running: Running, page: Page) -> None:
    """Markup in a file is shown, never obeyed."""
    page.goto(running.url + "sites/acme/")
    evil = "<img src=x onerror=document.title='owned'><b>bold</b>"
    small.replace("content/acme/plan.yaml", "title: Rollout for acme", f"titel: {evil}")
    expect(overlay(page).locator("pre span.marked")).to_contain_text(evil)
    assert overlay(page).locator("img, b").count() == 0
    assert page.title() != "owned"


def test_a_template_that_fails(small: Small, running: Running, page: Page) -> None:
    """It has its place in the theme, stands over every page of that theme, and the pages stay."""
    page.goto(running.url + "sites/beta/")
    small.replace("themes/plain/page.html", "{{ plan.title }}", "{{ plan.tittle }}")
    expect(overlay(page).locator("h3")).to_contain_text("themes/plain/page.html:6:1  PM503")
    expect(overlay(page).locator("pre span.marked")).to_contain_text("{{ plan.tittle }}")
    expect(page.locator("h1")).to_contain_text("Rollout for beta")
    small.replace("themes/plain/page.html", "{{ plan.tittle }}", "Again {{ plan.title }}")
    expect(page.locator("h1")).to_contain_text("Again Rollout for beta")
    expect(page.locator("planmark-problems")).to_have_count(0)


def test_broken_settings(small: Small, running: Running, page: Page) -> None:
    """Nothing can be built: every page says so, and so does the list."""
    page.goto(running.url + "sites/acme/")
    small.replace("planmark.yaml", "timezone: Europe/London", "timezone: Europe/Londn")
    expect(overlay(page).locator("h3")).to_contain_text("planmark.yaml:5:11  PM217")
    other = page.context.new_page()
    other.goto(running.url)
    expect(other.locator(".shared .problems li")).to_contain_text("planmark.yaml:5:11")
    small.replace("planmark.yaml", "Europe/Londn", "Europe/London")
    expect(page.locator("planmark-problems")).to_have_count(0)
    expect(other.locator(".shared")).to_have_count(0)


def test_another_deals_mistake_is_a_badge(small: Small, running: Running, page: Page) -> None:
    """It covers nothing until it is asked for, and goes by itself."""
    page.goto(running.url + "sites/acme/")
    small.replace("content/beta/plan.yaml", "due: 2026-11-20", "due: someday")
    expect(badge(page)).to_have_text("2 errors elsewhere")
    expect(overlay(page)).to_be_hidden()
    badge(page).click()
    expect(overlay(page).locator("h3").first).to_contain_text("content/beta/plan.yaml:")
    overlay(page).get_by_role("button", name="Fold away").click()
    expect(overlay(page)).to_be_hidden()
    small.replace("content/beta/plan.yaml", "due: someday", "due: 2026-11-20")
    expect(page.locator("planmark-problems")).to_have_count(0)


def test_warnings_are_a_badge(small: Small, running: Running, page: Page) -> None:
    """They stop nothing: the page is new, and the badge is small and folded."""
    page.goto(running.url + "sites/acme/")
    small.write({"content/acme/plan.yaml": plan("Acme twice", share=0, tasks=("Sign", "Sign"))})
    expect(page.locator("h1")).to_contain_text("Acme twice")
    expect(badge(page)).to_have_text("1 warning")
    expect(overlay(page)).to_be_hidden()
    badge(page).click()
    expect(overlay(page).locator("h3")).to_contain_text("PM308")


def test_folding_away(small: Small, running: Running, page: Page) -> None:
    """Escape folds the errors into the badge; a new one unfolds them."""
    page.goto(running.url + "sites/acme/")
    small.replace("content/acme/plan.yaml", "2027-01-29", "2027-13-29")
    expect(overlay(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(overlay(page)).to_be_hidden()
    expect(badge(page)).to_have_text("1 error")
    small.replace("content/acme/plan.yaml", "2026-11-03", "2026-13-03")
    expect(overlay(page).locator("article")).to_have_count(2)
    expect(overlay(page)).to_be_visible()


def test_a_first_build_that_fails(small: Small, page: Page) -> None:
    """The address answers with the problems alone, and becomes the page once they are mended."""
    small.replace("content/acme/plan.yaml", "2027-01-29", "2027-13-29")
    small.write({"planmark.yaml": "seller: [\n"})
    with Running(small.root) as running:
        assert running.ask("/sites/acme/").status == 503
        page.goto(running.url + "sites/acme/")
        expect(page.locator("h1")).to_have_text("There is no page yet")
        expect(overlay(page).locator("h3")).to_contain_text("planmark.yaml:")
        small.replace("planmark.yaml", "seller: [", "theme: plain")
        expect(overlay(page).locator("h3")).to_contain_text("content/acme/plan.yaml:3:9")
        small.replace("content/acme/plan.yaml", "2027-13-29", "2027-01-29")
        expect(page.locator("h1")).to_contain_text("Rollout for acme")
        expect(page.locator("planmark-problems")).to_have_count(0)
        assert "/sites/acme-k00" in page.url


def test_the_list_tells_what_failed(small: Small, page: Page) -> None:
    """Deals by account; one without a site is listed with its problems; numbers say where to look."""
    small.replace("content/beta/plan.yaml", "account: Northwind", "account: aardvark <&> Sons")
    small.replace("content/cobalt/plan.yaml", "due: 2026-11-20", "due: someday")
    with Running(small.root) as running:
        page.goto(running.url)
        built, unbuilt = page.locator("ul.deals").nth(0), page.locator("ul.deals").nth(1)
        expect(built.locator("strong")).to_have_text(["aardvark <&> Sons", "Northwind"])
        expect(unbuilt.locator("strong")).to_have_text(["cobalt"])
        expect(unbuilt.locator("em.error")).to_have_text("2 errors")
        expect(unbuilt.locator(".problems code").first).to_contain_text("content/cobalt/plan.yaml:")
        small.replace("content/cobalt/plan.yaml", "due: someday", "due: 2026-11-20")
        expect(built.locator("strong")).to_have_text(["aardvark <&> Sons", "Northwind", "Northwind"])
        small.replace("content/acme/plan.yaml", "due: 2026-11-20", "due: someday")
        expect(built.locator("em.error")).to_have_text("2 errors")


def test_a_defect_of_ours(small: Small, page: Page) -> None:
    """An unexpected exception is shown in short, told in the terminal at length, and the server goes on."""
    before = (
        "import planmark.preview.rebuilding as there\n"
        "def broken(root, *rest, build=there.build):\n"
        "    if 'Zonk' in (root / 'content/acme/plan.yaml').read_text(): raise LookupError('no <b>zonk</b>')\n"
        "    return build(root, *rest)\n"
        "there.build = broken\n"
    )
    with Running(small.root, before=before) as running:
        page.goto(running.url + "sites/acme/")
        expect(page.locator("h1")).to_contain_text("Rollout for acme")
        small.replace("content/acme/plan.yaml", "Rollout for acme", "Zonk")
        expect(overlay(page).locator("article p").first).to_have_text("a defect in planmark: LookupError: no <b>zonk</b>")
        eventually(lambda: any(line.startswith("Traceback") for line in running.said))
        small.replace("content/acme/plan.yaml", "Zonk", "Well again")
        expect(page.locator("h1")).to_contain_text("Well again")
        expect(page.locator("planmark-problems")).to_have_count(0)


def test_two_deals_with_one_link(small: Small, running: Running, page: Page) -> None:
    """The one that was changed is refused; when it is mended, both are well without another save."""
    page.goto(running.url + "sites/beta/")
    small.replace("content/beta/plan.yaml", "k01m9x4c3hq5d8rj6p1t0bn2v", "k00m9x4c3hq5d8rj6p1t0bn2v")
    expect(overlay(page).locator("h3").first).to_contain_text("PM601")
    small.replace("content/beta/plan.yaml", "k00m9x4c3hq5d8rj6p1t0bn2v", "k01m9x4c3hq5d8rj6p1t0bn2v")
    expect(page.locator("planmark-problems")).to_have_count(0)
    other = page.context.new_page()
    other.goto(running.url)
    expect(other.locator("ul.deals > li")).to_have_count(3)
    expect(other.locator("em.error")).to_have_count(0)
