"""Nothing is shown as sent before the answer says so; what is not stays until it is, and arrives once."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.page.conftest import PLAN, Opening, Site, act
from tests.page.doing import ACTS, asked, item, opened, send, upload
from tests.page.fake import Reply

TWO_PAGES = "pages:\n  - {title: Plan, sections: [next_steps, plan]}\n  - {title: More, sections: [risks, sign_off]}\n"


def line(page: Page, task: str) -> Locator:
    """A task's line."""
    return page.locator(f'.task-line[data-item="task/{task}"]')


def press(page: Page, task: str = "data") -> Locator:
    """Mark a task as done by its mark; the line that says what became of it."""
    line(page, task).locator(".check").click()
    return line(page, task).locator(".fate")


def test_sent_is_said_only_after_the_answer(site: Site, visit: Opening) -> None:
    """Until then it is being sent, the buttons of the act are off, and the task is as it was."""
    hold = threading.Event()
    site.receiver.replies.append(Reply(hold=hold))
    page = visit(site.link("joost"))
    fate = press(page)
    expect(fate).to_contain_text("Sending…")
    expect(page.locator("#planmark-status")).to_have_text("Sending…")
    expect(line(page, "data").locator(".check")).to_be_disabled()
    expect(page.locator('.step[data-item="task/data"] .button').first).to_be_hidden()
    expect(line(page, "data").locator("summary > .mark use")).to_have_attribute("href", "#mark-todo")
    expect(line(page, "trial").locator(".check")).to_be_enabled()
    hold.set()
    expect(fate).to_contain_text("Marked as done Sent.")
    expect(line(page, "data").locator("summary > .mark use")).to_have_attribute("href", "#mark-done")
    expect(line(page, "data").locator(".check")).to_be_enabled()


def test_a_line_of_its_own_for_what_waits(site: Site, visit: Opening) -> None:
    """The receiver's word counts: with a link that does not count, it waits. The sender sees it again after a reload, others never."""
    site.receiver.standing = lambda post: "waiting"
    page = visit(site.link("joost"))
    fate = press(page)
    expect(fate).to_contain_text("Marked as done Sent; waits for confirmation by Halyard.")
    expect(line(page, "data").locator("summary > .mark use")).to_have_attribute("href", "#mark-todo")
    page.reload()
    expect(fate).to_contain_text("waits for confirmation by Halyard")
    assert len(site.receiver.posts) == 1
    expect(visit().locator(".fate")).to_have_count(0)


@pytest.mark.parametrize("shown", ["accepted", "old"])
def test_it_waits_no_longer_than_the_plan_says(site: Site, visit: Opening, shown: str) -> None:
    """Once the plan shows it, or after sixty days, it is forgotten."""
    page = visit()
    form = asked(item(page, "risk/holidays"), "Comment")
    form.locator("textarea").fill("And then?")
    send(form, "Send", "Maria L.")
    expect(item(page, "risk/holidays").locator(".fate")).to_contain_text("And then? Sent; waits")
    if shown == "old":
        page.evaluate(
            "for (const key in localStorage) if (key.startsWith('planmark:'))"
            ' localStorage[key] = localStorage[key].replace(/"received":"20\\d\\d/, \'"received":"2020\')'
        )
    else:
        site.make([act(1, "risk/holidays", "comment", id=site.receiver.posts[0].fields["pm_event"], name="Maria L.", text="And then?")])
    page.reload()
    expect(item(page, "risk/holidays").locator(".fate")).to_have_count(0)
    expect(item(page, "risk/holidays").locator(".said li")).to_have_count(1 if shown == "accepted" else 0)
    assert page.evaluate("Object.values(localStorage).join('')").count("And then?") == 0


def test_offline_it_is_kept_and_sent_later_once(site: Site, visit: Opening) -> None:
    """It says so, survives a closed page, and goes out by itself."""
    page = visit(site.link("joost"))
    context = page.context
    context.set_offline(True)
    fate = press(page)
    expect(fate).to_contain_text("Not sent yet: you are offline.")
    expect(fate.get_by_role("button", name="Send now")).to_be_visible()
    expect(line(page, "data").locator("summary > .mark use")).to_have_attribute("href", "#mark-todo")
    page.close()
    assert site.receiver.posts == []
    context.set_offline(False)
    page = visit(site.url, context)
    expect(line(page, "data").locator(".fate")).to_contain_text("Sent.")
    (post,) = site.receiver.posts
    assert post.fields["pm_token"] == site.token("joost"), "with the link that it was done with, in a tab that has none"
    page.reload()
    expect(line(page, "data").locator("summary > .mark use")).to_have_attribute("href", "#mark-done")
    assert len(site.receiver.posts) == 1


def test_it_goes_out_when_the_network_is_back(site: Site, visit: Opening) -> None:
    """In the order in which it was done."""
    page = visit(site.link("joost"))
    page.context.set_offline(True)
    for task in ("data", "trial", "rooms"):
        expect(press(page, task)).to_contain_text("Not sent yet")
    page.context.set_offline(False)
    for task in ("data", "trial", "rooms"):
        expect(line(page, task).locator(".fate")).to_contain_text("Sent.")
    assert [post.fields["pm_item"] for post in site.receiver.posts] == ["task/data", "task/trial", "task/rooms"]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_service_that_cannot_right_now_is_asked_again(site: Site, visit: Opening, status: int) -> None:
    """As late as it says, with the same id."""
    site.receiver.replies.append(Reply(status, {"ok": False}, {"Retry-After": "600"}))
    page = visit("about:blank")
    page.clock.install()
    page.goto(site.link("joost"))
    fate = press(page)
    expect(fate).to_contain_text("Not sent yet: nothing answered. It is kept here and tried again.")
    page.clock.run_for(300_000)
    assert len(site.receiver.posts) == 1
    page.clock.run_for(301_000)
    expect(fate).to_contain_text("Sent.")
    first, second = site.receiver.posts
    assert first.fields == second.fields


def test_an_answer_that_is_lost_leads_to_no_second_act(site: Site, visit: Opening) -> None:
    """Half an answer is none: it is sent again under the same id."""
    site.receiver.replies.append(Reply(200, '{"ok": tr', {"Retry-After": "600"}))
    page = visit(site.link("joost"))
    fate = press(page)
    fate.get_by_role("button", name="Send now").click()
    expect(fate).to_contain_text("Sent.")
    first, second = site.receiver.posts
    assert first.fields["pm_event"] == second.fields["pm_event"]


@pytest.mark.parametrize("status", [403, 404, 410, 413, 415, 422])
def test_what_is_refused_says_why_and_stays_until_it_is_removed(site: Site, visit: Opening, status: int) -> None:
    """With the words of the service, as text; it does not keep others from going out."""
    site.receiver.replies.append(Reply(status, {"ok": False, "message": "This plan has <b>ended</b>."}))
    page = visit(site.link("joost"))
    fate = press(page)
    expect(fate).to_contain_text("Could not be sent. This plan has <b>ended</b>.")
    page.reload()
    expect(fate).to_contain_text("Could not be sent.")
    expect(press(page, "trial")).to_contain_text("Sent.")
    assert len(site.receiver.posts) == 2, "nobody tries it again by themselves"
    fate.get_by_role("button", name="Remove").click()
    expect(fate).to_have_count(0)
    page.reload()
    expect(fate).to_have_count(0)


def test_what_was_refused_can_be_tried_again(site: Site, visit: Opening) -> None:
    """Where the reader thinks better of it."""
    site.receiver.replies.append(Reply(410, {"ok": False}))
    page = visit(site.link("joost"))
    fate = press(page)
    expect(fate).to_contain_text("Could not be sent. The service answered 410.")
    fate.get_by_role("button", name="Try again").click()
    expect(fate).to_contain_text("Sent.")


@pytest.mark.parametrize(
    ("body", "words"), [({"success": "true"}, "waits for"), ({"success": "false", "message": "Spam"}, "Could not be sent. Spam")]
)
def test_the_answers_own_word_counts(site: Site, visit: Opening, body: dict[str, str], words: str) -> None:
    """Where a service answers 200 whatever happened, the key that it names must be true."""
    site.make(ok_key="success")
    site.receiver.always = Reply(200, body)
    page = visit(site.url)
    do, _ = ACTS["risk"]
    do(page, "Maria L.")
    expect(item(page, "risk/holidays").locator(".fate")).to_contain_text(words)


def test_a_service_that_answers_in_html(site: Site, visit: Opening) -> None:
    """Where the status says it, any answer will do; without a link it waits."""
    site.make(ok_key="")
    site.receiver.always = Reply(200, "<!doctype html><p>Thank you")
    page = visit(site.url)
    ACTS["risk"][0](page, "Maria L.")
    expect(item(page, "risk/holidays").locator(".fate")).to_contain_text("Sent; waits for confirmation by Halyard.")


def test_a_check_can_be_undone(site: Site, visit: Opening) -> None:
    """By an act of its own."""
    page = visit(site.link("joost"))
    fate = press(page)
    fate.get_by_role("button", name="Undo").click()
    expect(fate.last).to_contain_text("Not done after all Sent.")
    expect(fate).to_have_count(1)
    expect(line(page, "data").locator("summary > .mark use")).to_have_attribute("href", "#mark-todo")
    expect(page.locator('.step[data-item="task/data"]').get_by_role("button", name="Mark as done")).to_be_visible()
    assert [post.fields["pm_kind"] for post in site.receiver.posts] == ["done", "reopened"]
    assert len({post.fields["pm_event"] for post in site.receiver.posts}) == 2


def test_what_is_not_sent_yet_can_be_removed(site: Site, visit: Opening) -> None:
    """Then it never is."""
    page = visit(site.link("joost"))
    page.context.set_offline(True)
    fate = press(page)
    fate.get_by_role("button", name="Remove").click()
    expect(fate).to_have_count(0)
    page.context.set_offline(False)
    expect(press(page, "trial")).to_contain_text("Sent.")
    assert [post.fields["pm_item"] for post in site.receiver.posts] == ["task/trial"]


def test_two_tabs_send_it_once(site: Site, visit: Opening) -> None:
    """Both hear that the network is back."""
    first = visit(site.link("joost"))
    second = visit(site.url, first.context)
    first.context.set_offline(True)
    expect(press(first)).to_contain_text("Not sent yet")
    expect(line(second, "data").locator(".fate")).to_contain_text("Not sent yet")
    first.context.set_offline(False)
    for page in (first, second):
        expect(line(page, "data").get_by_text("Not sent yet")).to_have_count(0)
    second.reload()
    expect(line(second, "data").locator("summary > .mark use")).to_have_attribute("href", "#mark-done")
    assert len(site.receiver.posts) == 1


def test_a_file_is_kept_only_while_the_page_is_open(site: Site, visit: Opening) -> None:
    """And the page says so."""
    page = visit(site.link("joost"))
    page.context.set_offline(True)
    upload(page, "")
    fate = line(page, "nda").locator(".fate")
    expect(fate).to_contain_text("Sent a file doing.py Not sent yet")
    expect(fate).to_contain_text("The file is kept only while this page is open.")
    assert page.evaluate("Object.values(localStorage).join('')").count("doing.py") == 0
    page.context.set_offline(False)
    expect(line(page, "nda").locator(".fate.is-sent")).to_contain_text("Sent.")
    assert list(site.receiver.posts[0].files) == ["pm_file"]


@pytest.mark.parametrize("way", ["forbidden", "full"])
def test_it_works_where_nothing_can_be_stored(site: Site, visit: Opening, way: str) -> None:
    """Then what is not sent lasts as long as the page."""
    page = visit("about:blank")
    broken = {
        "forbidden": "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError') }})",
        "full": "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError') }",
    }
    page.context.add_init_script(broken[way])
    page.goto(site.link("joost"))
    page.context.set_offline(True)
    fate = press(page)
    expect(fate).to_contain_text("Not sent yet")
    page.context.set_offline(False)
    expect(fate).to_contain_text("Sent.")
    (post,) = site.receiver.posts
    assert post.fields["pm_token"] == site.token("joost")


def test_what_lies_in_the_storage_may_be_anything(site: Site, visit: Opening) -> None:
    """Other pages of the same host can write there, too."""
    page = visit(site.url)
    for text in ("}{", "null", "7", '"x"', "[]", "{}"):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"planmark:{site.view.key}", text])
        page.reload()
        expect(line(page, "data").locator(".check")).to_be_enabled()
    page.goto(site.link("joost"))
    page.reload()
    expect(press(page)).to_contain_text("Sent.")


def test_from_a_file_it_stays_here_with_a_clear_sentence(site: Site, visit: Opening) -> None:
    """Where the browser or the service refuses a page without an origin."""
    site.receiver.always = Reply(503, {})
    page = visit((site.folder / "acme" / "index.html").as_uri() + f"#t={site.token('joost')}")
    fate = press(page)
    expect(fate).to_contain_text("Not sent yet: from a file on a computer, browsers may refuse to send. Open the plan at its address.")


def test_what_is_kept_for_another_page_is_shown_on_this_one(site: Site, visit: Opening) -> None:
    """Nothing is left behind unseen."""
    page = visit(site.link("joost"))
    page.context.set_offline(True)
    expect(press(page)).to_contain_text("Not sent yet")
    page.close()
    site.receiver.always = Reply(503, {}, {"Retry-After": "600"})
    page.context.set_offline(False)
    site.make(plan=PLAN + TWO_PAGES)
    with page.context.expect_event("response", lambda one: one.status == 503):
        page = visit(f"{site.url}more.html", page.context)
    expect(page.locator(".fates-page .fate")).to_contain_text("Marked as done Not sent yet")
    site.receiver.always = None
    page.locator(".fates-page").get_by_role("button", name="Send now").click()
    expect(page.locator(".fates-page .fate")).to_have_count(0)


def test_focus_stays_with_the_reader(site: Site, visit: Opening) -> None:
    """After sending, the words that opened the fields have it; a line that is drawn anew gives it back."""
    page = visit(site.link("joost"))
    form = asked(opened(page, "nda"), "Comment")
    form.get_by_label("Your comment").fill("Yes")
    send(form, "Send")
    expect(form.locator("summary")).to_be_focused()
    expect(line(page, "nda").locator(".said li")).to_have_count(1)
    expect(form.locator("summary")).to_be_focused()
