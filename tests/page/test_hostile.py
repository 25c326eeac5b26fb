"""What strangers type is text: on the page as built, in what is told live, in one's own lines, in what a service answers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect
from tests.page.conftest import PLAN, Opening, Site, act
from tests.page.doing import asked, item, opened, send
from tests.page.fake import Reply

from planmark.plan.events import Event, Upload
from planmark.plan.tokens import person_ref

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "</textarea></template><svg onload=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "'-alert(1)-'",
    "{{ 7 * 7 }} {% raw %} ${alert(1)} {} $& $1",
    "javascript:alert(1) https://evil.example/x",
    "\u202egnp.exe \u2066x\u2069 \u2028 y",
    "<!-- ]]> --!> &lt;b&gt; &amp;",
    "W" * 3000,
    "Zalgơ̵̢ 👩‍👩‍👧 مرحبا שלום",
]


def acts(text: str) -> Sequence[Event]:
    """The same text wherever one can be."""
    file = Upload(text[:150], "0" * 64, 1200)
    return [
        act(1, "task/nda", "comment", name=text, text=text),
        act(2, "task/nda", "proposed", proof="link", by="joost", what="date", value=text[:300], text=text),
        act(3, "task/nda", "upload", proof="link", by="joost", file=file),
        act(4, "criterion/speed", "comment", name=text, text=text),
        act(5, "risk/holidays", "comment", name=text, text=text),
        act(6, "resource/guide", "comment", name=text, text=text),
        act(7, "plan", "proposed", name=text, what="colleague", value=text[:300], text=text),
        act(8, "plan", "signed", proof="link", by="joost", name=text, value="2026-11-20", text=text, rev="0" * 32),
        act(9, "plan", "signed", name=text + "2", value="2026-11-20", text=text, rev="0" * 32),
        act(10, "task/data", "agreed", name=text, value="2027-01-11"),
        act(11, "criterion/speed", "agreed", name=text, rev="1" * 32),
    ]


def harmless(page: Page) -> None:
    """No element that was not ours, nothing wider than the page."""
    assert page.locator("main script:not([type])").count() == 0
    assert page.locator("main [onerror], main [onload], main iframe, .said a, .said img, .signatures a, .fates a").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("script", [True, False])
def test_on_the_page_as_it_is_built(site: Site, visit: Opening, text: str, script: bool) -> None:
    """As it was typed, in every place."""
    site.make(acts(text))
    page = visit(viewport={"width": 360, "height": 800}, java_script_enabled=script)
    opened(page, "nda")
    opened(page, "data")
    shown = page.locator(".said-text").all_text_contents()
    assert len(shown) == 6
    assert set(shown) == {text.strip()}
    assert page.locator(".signature-typed bdi").first.text_content() == text
    assert text in (page.locator("#task-data .agreed").text_content() or "")
    harmless(page)


@pytest.mark.parametrize("text", HOSTILE)
def test_told_live(site: Site, visit: Opening, text: str) -> None:
    """As it was typed, too, by anybody."""
    site.make(live=True)
    by = person_ref(site.view.key, "joost")
    for number, (on, kind, more) in enumerate(
        (
            ("task/nda", "comment", {"text": text, "name": text}),
            ("task/nda", "proposed", {"by": by, "what": "date", "value": text, "text": text}),
            ("task/nda", "proposed", {"by": by, "what": "owner", "value": text, "text": text}),
            ("plan", "proposed", {"by": text, "what": "task", "value": text, "text": text}),
            ("task/nda", "upload", {"by": by, "files": [text]}),
            ("plan", "signed", {"by": by, "name": text, "value": "2026-11-22"}),
            ("plan", "signed", {"name": text, "value": text}),
            ("task/data", "done", {"name": text}),
            ("criterion/speed", "agreed", {"name": text, "value": text}),
        )
    ):
        site.receiver.tell(on=on, kind=kind, received=f"2026-11-22T10:00:{number:02}.000Z", **more)
    page = visit(viewport={"width": 360, "height": 800})
    opened(page, "nda")
    expect(page.locator(".said-text:not(:empty)")).to_have_count(4)
    assert set(page.locator(".said-text:not(:empty)").all_text_contents()) == {text}
    for place in ('.fates[data-item="plan/signed"]', '.task-line[data-item="task/data"] .fates', "#criterion-speed .fates"):
        assert f"\u2068{text}\u2069" in (page.locator(place).text_content() or "")
    harmless(page)


@pytest.mark.parametrize("text", HOSTILE)
def test_ones_own(site: Site, visit: Opening, text: str) -> None:
    """In the line that says what became of it, and in the service's answer."""
    site.receiver.always = Reply(422, {"ok": False, "message": text})
    page = visit(viewport={"width": 360, "height": 800})
    form = asked(item(page, "risk/holidays"), "Comment")
    form.locator("textarea").fill(text)
    send(form, "Send", text[:100])
    fate = item(page, "risk/holidays").locator(".fate")
    expect(fate.locator("span")).to_have_text(f"Could not be sent. {text}".strip(), use_inner_text=False)
    harmless(page)
    page.reload()
    expect(fate).to_have_count(1)
    harmless(page)


@pytest.mark.parametrize("answer", [[], 7, "x", {"ok": {}}, {"message": {"a": 1}}, {"error": ["x"]}, None])
@pytest.mark.parametrize("status", [200, 422])
def test_any_answer_of_a_service(site: Site, visit: Opening, answer: object, status: int) -> None:
    """None of them is taken for success."""
    site.receiver.always = Reply(status, "null" if answer is None else answer)
    page = visit(site.link("joost"))
    page.locator('.task-line[data-item="task/data"] .check').click()
    fate = page.locator('.task-line[data-item="task/data"] .fate')
    expect(fate.locator("span")).to_have_text(re.compile("^(Could not be sent|Not sent yet)"))
    expect(page.locator('.task-line[data-item="task/data"] summary > .mark use')).to_have_attribute("href", "#mark-todo")


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028 & ' \\"])
def test_a_name_in_the_pages_data(site: Site, visit: Opening, name: str) -> None:
    """It ends no script and begins no comment."""
    site.make(plan=PLAN.replace("name: Maria Lindqvist", f"name: {json.dumps(name)}"))
    page = visit(site.link("maria"))
    expect(page.locator(".greeting")).to_contain_text("this is your plan.")
    harmless(page)
