"""Every save shows in an open page, whatever way it was made, and nothing is lost on the way."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Page, Route, expect
from tests.build.small import Small, plan
from tests.preview.running import PATIENCE, Running, eventually

expect.set_options(timeout=PATIENCE * 1000)


def open_deal(page: Page, running: Running, deal: str) -> None:
    """The deal's page is open, and the server knows it: from then on, only news reloads it."""
    folder = running.site(deal).split("/")[2]
    before = running.joined(folder)
    page.goto(running.url + f"sites/{deal}/")
    expect(page.locator("h1")).to_contain_text(f"Rollout for {deal}")
    eventually(lambda: running.joined(folder) > before, "the page's script does not call the server")


def test_a_save_reloads_the_page(small: Small, running: Running, page: Page) -> None:
    """The text in the page follows the file."""
    open_deal(page, running, "acme")
    small.replace("content/acme/plan.yaml", "Rollout for acme", "Everything for acme")
    expect(page.locator("h1")).to_contain_text("Everything for acme")
    small.replace("content/acme/overview.md", "is here", "has come")
    expect(page.locator("body")).to_contain_text("Why acme has come.")


def test_a_burst_of_saves_ends_with_the_last(small: Small, running: Running, page: Page) -> None:
    """However fast they follow, the page ends where the file does."""
    open_deal(page, running, "acme")
    text = (small.root / "content/acme/plan.yaml").read_text()
    for number in range(60):
        small.write({"content/acme/plan.yaml": text.replace("Rollout for acme", f"Round {number} of acme")})
    expect(page.locator("h1")).to_contain_text("Round 59 of acme")
    small.write({"content/acme/plan.yaml": text.replace("Rollout for acme", "One more of acme")})
    expect(page.locator("h1")).to_contain_text("One more of acme")


def test_an_editor_that_renames_on_save(small: Small, running: Running, page: Page) -> None:
    """A new file in the old one's place, with the old one kept as a backup, is a save."""
    open_deal(page, running, "acme")
    for title in ("First", "Second"):
        file = small.root / "content/acme/plan.yaml"
        text = file.read_text().replace("title: Rollout for acme", f"title: {title}").replace("title: First", f"title: {title}")
        new = file.with_name(".plan.yaml.new")
        new.write_text(text)
        file.replace(file.with_name("plan.yaml~"))
        new.replace(file)
        expect(page.locator("h1")).to_contain_text(f"{title} for Northwind")


def test_a_changed_theme_reloads_every_page(small: Small, running: Running, page: Page) -> None:
    """Templates, style sheets and a new template alike."""
    open_deal(page, running, "beta")
    small.replace("themes/plain/page.html", "<h1>", "<h1>Plan: ")
    expect(page.locator("h1")).to_contain_text("Plan: Rollout for beta")
    small.write({"themes/plain/assets/plain.css": "body { color: rgb(1, 2, 3) }\n"})
    expect(page.locator("body")).to_have_css("color", "rgb(1, 2, 3)")
    small.write({"themes/plain/blocks/extra.html": "<footer>That is all.</footer>\n"})
    expect(page.locator("footer")).to_have_text("That is all.")


def test_changed_settings_reload_every_page(small: Small, running: Running, page: Page) -> None:
    """planmark.yaml lies beside folders that are not watched."""
    open_deal(page, running, "beta")
    small.replace("planmark.yaml", "Halyard Planning", "Another Seller")
    expect(page.locator("h1")).to_contain_text("by Another Seller")


def test_a_changed_library_reloads_the_pages_that_use_it(small: Small, running: Running, page: Page) -> None:
    """What many deals share is no deal's own, and still watched."""
    open_deal(page, running, "cobalt")
    small.replace("content/_library/resources.yaml", "Ten minutes", "Twenty minutes")
    expect(page.locator("body")).to_contain_text("Twenty minutes")


def test_a_new_deal_appears_in_the_list(small: Small, running: Running, page: Page) -> None:
    """And its page can be opened, and is live from then on."""
    page.goto(running.url)
    expect(page.locator("ul.deals > li")).to_have_count(3)
    small.write({"content/delta/plan.yaml": plan("Rollout for delta", share=7)})
    expect(page.locator("ul.deals > li")).to_have_count(4)
    page.get_by_text("Rollout for delta").click()
    expect(page.locator("h1")).to_contain_text("Rollout for delta")
    small.replace("content/delta/plan.yaml", "Rollout for delta", "Delta at last")
    expect(page.locator("h1")).to_contain_text("Delta at last")


def test_a_removed_deal_goes(small: Small, running: Running, page: Page) -> None:
    """Its open page says so, the list has it no longer, and its files are gone."""
    open_deal(page, running, "beta")
    folder = running.output("beta")
    shutil.rmtree(small.root / "content/beta")
    expect(page.locator("h1")).to_have_text("There is no such page")
    page.get_by_text("All plans").click()
    expect(page.locator("ul.deals > li")).to_have_count(2)
    assert not folder.exists()


def test_another_deals_save_leaves_a_page_alone(small: Small, running: Running, page: Page) -> None:
    """A page in which somebody is reading does not jump because of a plan that is not shown."""
    open_deal(page, running, "acme")
    page.evaluate("document.body.dataset.read = 'so far'")
    small.replace("content/beta/plan.yaml", "Rollout for beta", "Beta again")
    eventually(lambda: b"Beta again" in running.ask(running.site("beta")).body)
    small.replace("content/beta/plan.yaml", "- {title: Connect a plant, owner: maria", "- {title: Connect a plant, owner: nobody")
    expect(page.locator("planmark-problems button.badge")).to_have_text("1 error elsewhere")
    assert page.evaluate("document.body.dataset.read") == "so far"


def test_an_edit_while_the_page_loads(small: Small, running: Running, page: Page) -> None:
    """The page was answered, its script is not there yet, and the file changes: it shows the change all the same."""
    held: list[Route] = []
    page.route("**/_planmark/preview.js", lambda route: held.append(route) if not held else route.continue_())
    page.goto(running.url + "sites/acme/", wait_until="commit")
    eventually(lambda: page.evaluate("1") and held)
    small.replace("content/acme/plan.yaml", "Rollout for acme", "Meanwhile for acme")
    eventually(lambda: b"Meanwhile" in running.ask(running.site("acme")).body)
    assert "Rollout for acme" in page.locator("h1").inner_text()
    held[0].continue_()
    expect(page.locator("h1")).to_contain_text("Meanwhile for acme")


def test_a_server_that_starts_again(small: Small, page: Page) -> None:
    """The page says that nobody answers, finds the new server by itself, and shows what changed in between."""
    with Running(small.root) as first:
        open_deal(page, first, "acme")
        port = first.port
    badge = page.locator("planmark-problems button.badge")
    expect(badge).to_have_text("The preview does not answer")
    small.replace("content/acme/plan.yaml", "Rollout for acme", "Later for acme")
    with Running(small.root, port=port):
        expect(page.locator("h1")).to_contain_text("Later for acme")
        expect(badge).to_have_count(0)
        small.replace("content/acme/plan.yaml", "Later for acme", "Latest for acme")
        expect(page.locator("h1")).to_contain_text("Latest for acme")


def test_a_site_that_moves(small: Small, running: Running, page: Page) -> None:
    """A new share key gives a new address; the open page goes there."""
    open_deal(page, running, "acme")
    small.replace("content/acme/plan.yaml", "k00m9x4c3hq5d8rj6p1t0bn2v", "k77m9x4c3hq5d8rj6p1t0bn2v")
    page.wait_for_url("**/sites/acme-k77m9x4c3hq5d8rj6p1t0bn2v/")
    expect(page.locator("h1")).to_contain_text("Rollout for acme")


def test_folders_that_come_later(small: Small, page: Page) -> None:
    """Without content/ and themes/ at the start, both are watched once they are there."""
    aside = small.root.with_name("aside")
    aside.mkdir()
    for name in ("content", "themes"):
        (small.root / name).rename(aside / name)
    with Running(small.root) as running:
        page.goto(running.url)
        expect(page.locator("main")).to_contain_text("There are no plans yet")
        (aside / "themes").rename(small.root / "themes")
        (aside / "content").rename(small.root / "content")
        expect(page.locator("ul.deals > li")).to_have_count(3)
        open_deal(page, running, "acme")
        small.replace("themes/plain/page.html", "<h1>", "<h1>Plan: ")
        small.replace("content/acme/plan.yaml", "Rollout for acme", "Much later for acme")
        expect(page.locator("h1")).to_contain_text("Plan: Much later for acme")


NO_NOTICES = """
import threading
import planmark.preview.server as server
import planmark.preview.watching as there
both, other = threading.Barrier(2), threading.Semaphore(0)
def without_notices(*folders, force_polling, watch=there.watch, **rest):
    if not force_polling:
        both.wait()
        raise OSError("too many folders")
    other.release()
    return watch(*folders, force_polling=True, **rest)
there.watch = without_notices
def saying(text, say=server.say):  # who says it goes on when the other one has found out, too
    if "looked at" in text:
        other.release()
        other.acquire()
        other.acquire()
    say(text)
server.say = saying
"""
"""No folder can be watched, and both threads find that out at the same moment."""


@pytest.mark.parametrize("poll", [True, False])
def test_polling(small: Small, page: Page, poll: bool) -> None:
    """Where the system tells of no changes, they are looked for: when that is asked for, or when it turns out so."""
    with Running(small.root, poll=poll, before=NO_NOTICES) as running:
        open_deal(page, running, "acme")
        small.replace("content/acme/plan.yaml", "Rollout for acme", "Polled for acme")
        expect(page.locator("h1")).to_contain_text("Polled for acme")
        said = "The system cannot watch these folders, so they are looked at from time to time instead: too many folders"
        assert [line for line in running.said if "looked at" in line] == ([] if poll else [said])
