"""What others do shows in place, for everybody who has the page open, in exactly the words that it is worth."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.page.conftest import PLAN, READ, Opening, Site, act
from tests.page.doing import ACTS, asked, item, opened, send

from planmark.plan.tokens import person_ref

NOW = READ.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.fixture
def live(site: Site) -> Site:
    """The site with a receiver that tells what others do."""
    site.make([act(1, "task/nda", "comment", proof="link", by="joost", text="Read it")], live=True)
    return site


def ref(site: Site, person: str) -> str:
    """What the receiver calls a person."""
    return person_ref(site.view.key, person)


def said(page: Page, on: str) -> list[str]:
    """The conversation on an item."""
    texts = page.locator(f'.said[data-item="{on}"] li').all_inner_texts()
    return [
        " | ".join(part.strip() for part in text.replace("\u2068", "").replace("\u2069", "").split("\n") if part.strip()) for text in texts
    ]


def test_what_one_does_another_sees(live: Site, visit: Opening) -> None:
    """Told politely; the focus stays where it is."""
    page = visit(live.link("maria"))
    line = opened(page, "nda")
    field = asked(line, "Comment").get_by_label("Your comment")
    field.fill("I am wri")
    live.receiver.tell(on="task/data", kind="done", by=ref(live, "joost"), received=NOW)
    data = page.locator('.task-line[data-item="task/data"]')
    expect(data.locator("summary > .mark use")).to_have_attribute("href", "#mark-done")
    expect(data.locator(".fates")).to_have_text("Done by Joost van den Berg via the link issued to Joost, today")
    expect(data.get_by_role("button", name="Not done after all: Send the data")).to_be_visible()
    expect(page.locator("#planmark-status")).to_have_text("Joost van den Berg: Marked as done")
    expect(page.locator('.step[data-item="task/data"]').get_by_role("button")).to_be_hidden()
    live.receiver.tell(on="task/nda", kind="comment", by=ref(live, "joost"), text="Two words\nare missing")
    expect(line.locator(".said li")).to_have_count(2)
    assert said(page, "task/nda")[1].endswith("| Two words | are missing")
    expect(field).to_be_focused()
    expect(field).to_have_value("I am wri")


JOOST = "JB | Joost van den Berg via the link issued to Joost {}"
KINDS = {
    "comment": ({"on": "risk/holidays", "text": "Yes"}, "risk/holidays", JOOST + " | Yes"),
    "date": (
        {"on": "task/nda", "kind": "proposed", "what": "date", "value": "2027-01-20", "text": "Away"},
        "task/nda",
        f"{JOOST} | Proposes another date: 20 Jan 2027 | Away | Waits for Halyard’s answer",
    ),
    "owner": (
        {"on": "task/nda", "kind": "proposed", "what": "owner", "value": "Maria Lindqvist"},
        "task/nda",
        JOOST + " | Proposes somebody else: Maria Lindqvist | Waits for Halyard’s answer",
    ),
    "upload": (
        {"on": "task/nda", "kind": "upload", "files": ["nda.pdf"]},
        "task/nda",
        JOOST + " | Sent a file: nda.pdf",
    ),
    "declined": (
        {"on": "task/nda", "kind": "declined", "text": "Clause 7"},
        "task/nda",
        JOOST + " | Declined | Clause 7",
    ),
    "named": (
        {"on": "plan", "by": "", "name": "J. B.", "text": "Hello"},
        "plan",
        "JB | sent by somebody who gave the name “J. B.”, confirmed by Halyard {} | Hello",
    ),
    "nameless": (
        {"on": "plan", "by": "", "text": "Hello"},
        "plan",
        "– | sent by somebody who had this page, confirmed by Halyard {} | Hello",
    ),
    "section": ({"on": "section/people", "text": "Who else?"}, "plan", JOOST + " | Who else?"),
    "unknown": ({"on": "plan", "by": "0123456789abcdef", "text": "Hello"}, "plan", "– | via a personal link of this plan {} | Hello"),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_added_to_the_conversation(live: Site, visit: Opening, name: str) -> None:
    """As the next build will show it."""
    event, on, words = KINDS[name]
    live.receiver.tell(**({"kind": "comment", "by": ref(live, "joost"), "received": "2026-11-22T10:00:00.000Z"} | event))
    page = visit()
    if on == "task/nda":
        opened(page, "nda")
    expect(page.locator(f'.said[data-item="{on}"] li')).to_have_count(2 if on == "task/nda" else 1)
    assert said(page, on)[-1] == words.format("22 Nov 2026")
    shape = page.locator('.task-line[data-item="task/nda"] summary > .mark use').get_attribute("href")
    assert shape == ("#mark-blocked" if name == "declined" else "#mark-todo")


def test_agreements_and_signatures(live: Site, visit: Opening) -> None:
    """Each says what it proves, no more."""
    by, when = ref(live, "joost"), "2026-11-22T10:00:00.000Z"
    live.receiver.tell(on="task/nda", kind="agreed", value="2027-01-08", by=by, received=when)
    live.receiver.tell(on="criterion/speed", kind="agreed", by=by, received=when)
    live.receiver.tell(on="plan", kind="signed", name="J. v. d. Berg", text="…", value="2026-11-22", by=by, received=when)
    live.receiver.tell(on="plan", kind="signed", name="Anybody", text="…", value="2026-11-22", received=when)
    page = visit()
    nda = page.locator('.task-line[data-item="task/nda"] .fates')
    expect(nda).to_have_text("The date works: Joost van den Berg via the link issued to Joost, 22 Nov 2026")
    expect(item(page, "criterion/speed").locator(".fates")).to_have_text(
        "Agreed by Joost van den Berg via the link issued to Joost, 22 Nov 2026"
    )
    signed = [text.replace("\u2068", "").replace("\u2069", "") for text in page.locator(".section-sign_off .fate").all_inner_texts()]
    assert signed == [
        "Signed via the link issued to Joost van den Berg on 22 Nov 2026, as “J. v. d. Berg”",
        "Sent by somebody who gave the name “Anybody” on 22 Nov 2026, confirmed by Halyard",
    ]


def test_what_the_page_shows_already_is_not_shown_again(live: Site, visit: Opening) -> None:
    """Neither what was built into it nor what is older than the newest of its item."""
    live.receiver.tell(id="event-00000001", on="task/nda", kind="comment", by=ref(live, "joost"), text="Read it", received=NOW)
    live.receiver.tell(on="task/nda", kind="done", by=ref(live, "joost"), received="2026-11-10T09:01:44.12Z")
    live.receiver.tell(on="task/nda", kind="comment", by=ref(live, "joost"), text="New", received="2026-11-10T09:01:44.1201Z")
    page = visit()
    opened(page, "nda")
    expect(page.get_by_text("New", exact=True)).to_be_visible()
    assert [one.rpartition("| ")[2] for one in said(page, "task/nda")] == ["Read it", "New"]
    expect(page.locator('.task-line[data-item="task/nda"] summary > .mark use')).to_have_attribute("href", "#mark-todo")


def test_the_newest_word_on_a_task_counts(live: Site, visit: Opening) -> None:
    """Done, and not done after all."""
    live.receiver.tell(on="task/data", kind="done", by=ref(live, "joost"))
    live.receiver.tell(on="task/data", kind="reopened", by=ref(live, "maria"))
    page = visit()
    data = page.locator('.task-line[data-item="task/data"]')
    expect(data.locator(".fates")).to_contain_text("Not done after all, says Maria Lindqvist via the link issued to Maria")
    expect(data.locator(".fate")).to_have_count(1)
    expect(data.locator("summary > .mark use")).to_have_attribute("href", "#mark-todo")


def test_ones_own_act_comes_back_only_once(live: Site, visit: Opening) -> None:
    """Sent, shown, told by the receiver: one entry."""
    page = visit(live.link("joost"))
    do, _ = ACTS["risk"]
    do(page, "")
    expect(page.locator('.said[data-item="risk/holidays"] li')).to_have_count(1)
    own = live.receiver.posts[0].fields["pm_event"]
    live.receiver.tell(id=own, on="risk/holidays", kind="comment", by=ref(live, "joost"), text="And this?")
    live.receiver.tell(on="risk/holidays", kind="comment", by=ref(live, "maria"), text="Later")
    expect(page.get_by_text("Later", exact=True)).to_be_visible()
    expect(page.locator('.said[data-item="risk/holidays"] li')).to_have_count(2)


def test_what_waited_is_shown_once_it_was_confirmed(live: Site, visit: Opening) -> None:
    """The line that said so goes."""
    page = visit()
    form = asked(item(page, "risk/holidays"), "Comment")
    form.locator("textarea").fill("And then?")
    send(form, "Send", "Maria L.")
    fate = item(page, "risk/holidays").locator(".fate")
    expect(fate).to_contain_text("waits for confirmation")
    own = live.receiver.posts[0].fields["pm_event"]
    live.receiver.tell(id=own, on="risk/holidays", kind="comment", name="Maria L.", text="And then?")
    expect(page.locator('.said[data-item="risk/holidays"] li')).to_have_count(1)
    expect(fate).to_have_count(0)


def test_nobody_is_asked_while_nobody_looks(live: Site, visit: Opening) -> None:
    """A page in the background stops asking; back in front, it asks again."""
    page = visit("about:blank")
    page.context.add_init_script(
        "window.away = false; Object.defineProperty(document, 'hidden', {get: () => window.away});"
        "window.turn = (away) => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.clock.install()
    with page.expect_request(lambda request: "/state" in request.url and "if-none-match" in request.headers) as second:
        page.goto(live.url)
    assert second.value.url.endswith("/state?wait=25")
    page.evaluate("turn(true)")
    live.receiver.tell(on="plan", kind="comment", by=ref(live, "joost"), text="Are you there?")
    expect(page.get_by_text("Are you there?")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(120_000)
    assert page.evaluate("away")
    assert asked == []
    with page.expect_request(lambda request: "/state" in request.url):
        page.evaluate("turn(false)")


def test_a_receiver_that_fails_is_left_in_peace(live: Site, visit: Opening) -> None:
    """The page stays as it is; every further try waits longer."""
    page = visit("about:blank")
    page.context.add_init_script(
        "window.waits = []; const later = setTimeout; window.setTimeout = (go, wait) => { waits.push(wait); return later(go, wait / 100); }"
    )
    page.route("**/state*", lambda route: route.fulfill(status=500, body="no"))
    asked = iter(range(3))
    with page.expect_request(lambda request: "/state" in request.url and next(asked, None) is None):
        page.goto(live.url)
    assert page.evaluate("waits.slice(0, 3)") == [2_000, 4_000, 8_000]


def test_a_plan_without_a_live_endpoint_asks_nobody(site: Site, visit: Opening) -> None:
    """Nothing is sent before somebody sends something."""
    requests: list[str] = []
    page = visit("about:blank")
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site.link("joost"))
    expect(page.locator(".greeting")).to_contain_text("Joost")
    page.wait_for_load_state("networkidle")
    assert {url.split("/")[2] for url in requests} == {site.host.origin.split("/")[2]}


def test_a_second_page_shows_it_too(live: Site, visit: Opening) -> None:
    """Wherever the item stands."""
    live.make(live=True, plan=PLAN + "pages:\n  - {title: Plan, sections: [next_steps, plan]}\n  - {title: More, sections: [risks]}\n")
    first, second = visit(), visit(f"{live.url}more.html")
    live.receiver.tell(on="risk/holidays", kind="comment", by=ref(live, "joost"), text="Seen here")
    expect(second.get_by_text("Seen here")).to_be_visible()
    expect(first.get_by_text("Seen here")).to_have_count(0)
