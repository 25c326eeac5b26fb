"""The page around the forms: what it loads and may do, how large its scripts are, who can use it."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Page, expect
from tests.page.conftest import PLAN, READ, Opening, Site, act
from tests.page.doing import ACTS, opened
from tests.page.site import make

ACTED = [
    act(1, "task/nda", "comment", proof="link", by="joost", text="First line\nsecond line"),
    act(2, "task/nda", "commented", proof="seller", by="dana", text="Thank you"),
    act(3, "plan", "comment", name="Ruben", text="Hello"),
    act(4, "plan", "signed", proof="link", by="joost", name="J. van den Berg", value="2026-11-10", rev="1a2b3c4d" * 4, text="We agree"),
]


def policy(page: Page) -> dict[str, str]:
    """The page's policy, directive by directive."""
    content = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    return {name: value for name, _, value in (part.strip().partition(" ") for part in content.split(";"))}


def test_both_scripts_are_small(site: Site) -> None:
    """Six kilobytes on the wire, together."""
    (sent,) = (site.folder / "acme" / "assets").glob("act.*.js")
    assert len(gzip.compress(sent.read_bytes(), 9)) <= 6 * 1024


@pytest.mark.parametrize("why", ["no endpoint", "over", "closed", "nothing allowed"])
def test_a_page_that_sends_nothing_has_nothing_to_send_with(site: Site, visit: Opening, why: str) -> None:
    """No form, no second script, no address to connect to; what was said is still there."""
    closed = PLAN + "state: {is: lost, on: 2026-11-20}\n"
    plan = {"closed": closed, "over": PLAN + "expires: 2026-11-20\n"}.get(why, PLAN)
    if why == "nothing allowed":
        plan = re.sub(r"buyers_can: .*", "buyers_can: []", plan)
    site.make(ACTED, plan=plan)
    if why == "no endpoint":
        make(site.workspace, "acme", site.folder / "acme", None, acts=ACTED)
    page = visit(site.link("joost", more="&at=task-nda"))
    assert page.locator("form, [name=pm_kind], #planmark-data").count() == 0
    assert page.locator("script[src*='/act.']").count() == 0
    assert "connect-src" not in policy(page)
    assert policy(page)["form-action"] == "'none'"
    expect(page.locator('.said[data-item="task/nda"] li')).to_have_count(2)
    expect(page.locator(".signature-proof")).to_be_visible()
    expect(page.locator("#anything-missing-heading")).to_have_text("What was said")
    page.goto(f"{site.url}privacy.html")
    expect(page.locator("main")).to_contain_text("These pages send nothing")


def test_a_page_that_sends_may_do_just_that(site: Site, visit: Opening) -> None:
    """The endpoint alone; pages about the plan carry neither the script nor what it knows."""
    site.make(live=True)
    page = visit()
    assert policy(page)["connect-src"] == site.receiver.origin
    assert site.receiver.origin in policy(page)["form-action"].split()
    assert set(policy(page)["form-action"].split()) <= {site.receiver.origin, site.host.origin, "'self'"}, "and back to sent.html"
    assert policy(page)["script-src"] == "'self'"
    for name in ("privacy.html", "sent.html"):
        page.goto(site.url + name)
        assert "connect-src" not in policy(page)
        assert page.locator("script[src*='/act.'], #planmark-data, form").count() == 0
    page.goto(f"{site.url}privacy.html")
    expect(page.locator("main")).to_contain_text(site.receiver.origin.removeprefix("http://"))


def test_nobody_else_is_ever_asked(site: Site, visit: Opening) -> None:
    """Whatever one does."""
    site.make(live=True)
    requests: list[str] = []
    page = visit("about:blank")
    page.context.on("request", lambda request: requests.append(request.url))
    page.goto(site.link("joost"))
    for name in ("comment", "date", "sign", "upload"):
        ACTS[name][0](page, "")
    expect(page.locator(".fate.is-sent").first).to_be_visible()
    origins = {re.match(r"\w+://[^/]+", url)[0] for url in requests}  # type: ignore[index]
    assert origins == {site.host.origin, site.receiver.origin}


def test_what_was_said_is_said_exactly(site: Site, visit: Opening) -> None:
    """Who it was, as far as it is known; a preview's acts are marked."""
    site.make(ACTED)
    page = visit()
    opened(page, "nda")
    expect(page.locator('.said[data-item="task/nda"]')).to_contain_text("Joost van den Berg via the link issued to Joost")
    expect(page.locator('.said[data-item="task/nda"]')).to_contain_text("Dana Whitfield, Halyard")
    expect(page.locator('.said[data-item="plan"]')).to_contain_text("sent by somebody who gave the name “Ruben”, confirmed by Halyard")
    proof = page.locator(".signature-proof")
    expect(proof).to_contain_text("signed via the link issued to Joost van den Berg on 10 Nov 2026, as “J. van den Berg”")
    expect(proof).to_contain_text("The plan has changed since. What was signed is version 1a2b3c4d.")
    expect(page.get_by_text("preview")).to_have_count(4)


def test_print_shows_what_was_said_and_no_form(site: Site, visit: Opening) -> None:
    """Everything that is open to be sent stays on the screen."""
    site.make(ACTED)
    page = visit(site.link("joost"))
    page.locator('.task-line[data-item="task/data"] .check').click()
    expect(page.locator('.task-line[data-item="task/data"] .fate')).to_contain_text("Sent.")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for nothing in page.locator("form, .acts, .fates, .greeting, .check, .ask, input:not(.trap)").all():
        assert not nothing.is_visible()
    expect(page.get_by_text("First line")).to_be_visible()
    expect(page.locator(".signature-proof")).to_be_visible()


def test_every_field_has_a_label_and_every_button_words(site: Site, visit: Opening) -> None:
    """For those who hear the page; what people are not to see, they don't hear either."""
    page = visit()
    page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.removeAttribute('name'); one.open = true; })")
    fields = page.locator("form.act :is(input:not([type=hidden]), select, textarea)")
    assert fields.count() > 20
    bad = fields.evaluate_all(
        "(all) => all.filter((one) => one.className === 'trap'"
        " ? one.tabIndex !== -1 || one.ariaHidden !== 'true' || one.autocomplete !== 'off'"
        " : !one.labels.length || !one.labels[0].innerText.trim()).map((one) => one.outerHTML)"
    )
    assert bad == []
    wordless = page.locator("button").evaluate_all("(all) => all.filter((one) => !one.textContent.trim()).map((one) => one.outerHTML)")
    assert wordless == []
    small = page.locator("button:visible, .ask > summary:visible").evaluate_all(
        "(all) => all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"
    )
    assert small == []


def test_the_trap_is_off_the_screen_and_yet_there(site: Site, visit: Opening) -> None:
    """Programs fill it in; nobody sees it, and it makes nothing wider."""
    page = visit(viewport={"width": 360, "height": 800})
    trap = page.locator(".step .trap").first
    box = trap.bounding_box()
    assert box
    assert box["x"] + box["width"] < 0
    assert trap.evaluate("(one) => getComputedStyle(one).display") != "none"
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_all_of_it_by_keyboard(site: Site, visit: Opening) -> None:
    """Open the task, open the fields, write, send; the focus is seen, and never in what is not."""
    page = visit(site.link("joost"))
    page.locator('.task-line[data-item="task/nda"] .check').focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#task-nda").evaluate("(one) => one.open")
    comment = page.locator("#task-nda .ask > summary", has_text="Comment")
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") != "trap"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if comment.evaluate("(one) => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("By hand")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('.said[data-item="task/nda"]')).to_contain_text("By hand")
    assert site.receiver.posts[0].fields["pm_text"] == "By hand"


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_nothing_is_wider_than_the_page(site: Site, visit: Opening, width: int, script: bool) -> None:
    """With every form open, one after the other, and words as long as German ones get."""
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsurkunde"
    plan = PLAN.replace("Joost van den Berg", word).replace("Sign the confidentiality agreement", f"Sign the {word} now")
    site.make([act(1, "task/nda", "proposed", name=word, what="owner", value=word, text=word)], plan=plan)
    page = visit(viewport={"width": width, "height": 900}, java_script_enabled=script)
    opened(page, "nda")
    for ask in page.locator(".ask > summary:visible").all():
        ask.click()
        assert page.evaluate("document.documentElement.scrollWidth") == width, ask.inner_text()
        ask.click()


def test_the_date_of_a_signature_is_today_where_it_is_signed(site: Site, visit: Opening) -> None:
    """And can be changed."""
    page = visit(site.link("joost"))
    page.locator(".acts-sign summary").click()
    expect(page.locator(".acts-sign [name=pm_value]")).to_have_value(READ.date().isoformat())
