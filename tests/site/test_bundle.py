"""A site as one file: every page in it, no link dead, nothing loaded, and nothing that may run but what its policy names by digest."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.problems import PlanmarkError
from planmark.site.bundle import Bundle, Frame, bundled
from planmark.site.bundle.loads import LARGEST, saved_as
from planmark.site.bundle.markup import Tag, parts, without

POLICY = "default-src 'none'; form-action https://inbox.example 'self'; connect-src https://inbox.example; img-src 'self'"
FIRST = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>A plan</title><meta property="og:image" content="https://plans.example/card.png">
<link rel="icon" href="assets/icon.svg">
<link rel="preload" href="assets/face.0123456789.woff2"><link rel="stylesheet" href="assets/plan.css">
<script src="assets/act.js" defer></script><script src="assets/visit.0123456789.js" defer></script></head>
<body><svg><symbol id="icon-a"><path/></symbol>
</svg><header id="top"><h1>A plan</h1></header>
<nav><a href="index.html" aria-current="page">Plan</a><a href="more.html">More</a
><a href="more.html#plan">Stages</a><a href="more.html#gone">Gone</a></nav>
<main id="main-content">
<script type="application/json" id="planmark-data">{{"plan":"p","action":"https://inbox.example/e",
"live":"https://inbox.example/state","told":[]}}</script>
<datalist id="planmark-people"></datalist>
<section id="plan"><h2>Plan</h2><img src="assets/face.png" srcset="assets/face.png 1x" sizes="5rem" alt="a &gt; b, href=x">
<form action="https://inbox.example/e"></form><a href="#plan">Here</a></section>
<nav class="onward"><a rel="next" href="more.html">Next</a></nav>
</main>
<footer><a href="plan.pdf">Paper</a><a href="plan.ics" data-calendar="r">Dates</a><a href="privacy.html">Privacy</a></footer>
</body></html>
"""
SECOND = f"""<!doctype html>
<html lang="en"><head><meta http-equiv="Content-Security-Policy" content="{POLICY}"><link rel="stylesheet" href="assets/plan.css"></head>
<body><svg><symbol id="icon-a"><path/></symbol>
<symbol id="icon-b"><path/></symbol>
</svg><header id="top"><h1>More</h1></header>
<main id="main-content"><link rel="stylesheet" href="assets/plan.css">
<script type="application/json" id="planmark-data">{{}}</script><datalist id="planmark-people"></datalist>
<ul class="fates fates-page" data-item=""><li>x</li></ul>
<section id="plan" aria-labelledby="plan-heading"><h2 id="plan-heading">Stages</h2>
<label for="field">Name</label><input id="field"
list="planmark-people">
<a href="index.html#plan">Back</a><a href="#plan">Here</a><a href="assets/guide.0123456789.pdf" tabindex="-1">Picture</a>
<a href="assets/guide.0123456789.pdf" download>Guide</a><a href="assets/talk.mp4">Talk</a><a href="https://halyard.example/x" data-src="https://f.example">Out</a>
</section></main></body></html>
"""
FILES: dict[str, bytes] = {
    "index.html": FIRST.encode(),
    "more.html": SECOND.encode(),
    "assets/plan.css": b'@font-face{src:url("face.0123456789.woff2")}body{background:url("face.png")}',
    "assets/act.js": b"act()",
    "assets/visit.0123456789.js": b"visit()",
    "assets/icon.svg": b"<svg/>",
    "assets/face.png": b"png",
    "assets/face.0123456789.woff2": b"font",
    "assets/guide.0123456789.pdf": b"%PDF-guide",
    "assets/talk.mp4": bytes(LARGEST + 1),
    "plan.pdf": b"%PDF",
    "plan.ics": b"BEGIN",
    "sent.html": b"never",
    "privacy.html": b"of a server",
}
PAGES = [("index.html", "Plan"), ("more.html", "More <here>")]
FRAME = Frame(
    "<p>note</p>",
    "Privacy",
    "<p>of a file</p>",
    '<section id="planmark-reply"></section>',
    ".leaf{}",
    "save()",
    "https://plans.example/acme-k/",
)


def made(**changes: str) -> Bundle:
    """The site as one file, with another frame."""
    return bundled(FILES, PAGES, replace(FRAME, **changes))


@pytest.fixture(scope="module")
def text() -> str:
    """The file as text."""
    return made().html.decode()


def rules(text: str) -> dict[str, list[str]]:
    """The policy in the file's head."""
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert found
    return {name: sources for name, *sources in (rule.split() for rule in html.unescape(found[1]).split("; "))}


def test_the_policy_names_each_script_and_sheet_by_its_digest_and_no_other_place_but_the_endpoint(text: str) -> None:
    said = rules(text)
    for name in ("script", "style"):
        inline = [one.text for one in parts(text) if isinstance(one, Tag) and one.name == name and one.get("type") is None]
        digests = [f"'sha256-{base64.b64encode(hashlib.sha256((one or '').encode()).digest()).decode()}'" for one in inline]
        assert digests
        assert said[f"{name}-src"] == digests
    assert said["default-src"] == ["'none'"]
    assert said["img-src"] == said["font-src"] == ["data:"]
    assert said["connect-src"] == said["form-action"] == ["https://inbox.example"]
    assert "'self'" not in text
    assert "frame-src" not in said


def test_nothing_in_it_is_loaded_from_elsewhere(text: str) -> None:
    for one in parts(text):
        if isinstance(one, Tag) and not one.end:
            for name, value in one.values().items():
                assert name not in ("src", "srcset", "poster") or value.startswith("data:"), value
                assert name != "href" or one.name != "link" or value.startswith("data:"), value
    assert 'url("data:font/woff2;base64,' in text
    assert "og:image" not in text
    assert "preload" not in text


def test_no_link_is_dead_and_no_id_stands_twice(text: str) -> None:
    tags = [one for one in parts(text) if isinstance(one, Tag) and not one.end]
    ids = Counter(name for one in tags if (name := one.get("id")))
    assert max(ids.values()) == 1
    for one in tags:
        named = [name for given in ("for", "list", "aria-labelledby") for name in (one.get(given) or "").split()]
        assert set(named) <= set(ids), named
        href = one.get("href") if one.name == "a" else None
        assert href is None or href.startswith(("data:", "https://")) or href[1:] in ids, href


def test_pages_follow_one_another_and_links_between_them_lead_to_places(text: str) -> None:
    assert (
        text.index("<h2>Plan</h2>")
        < text.index("More &lt;here&gt;</h1>")
        < text.index("Stages</h2>")
        < text.index("of a file")
        < text.index("<footer>")
    )
    assert '<a href="#page-more">More</a\n><a href="#more-plan">Stages</a><a href="#page-more">Gone</a>' in text
    assert '<a href="#plan">Back</a><a href="#more-plan">Here</a>' in text
    assert 'aria-labelledby="plan-heading"' in text
    assert 'href="#page-privacy">Privacy' in text
    assert "of a server" not in text
    assert "never" not in text
    assert "Next</a>" not in text
    assert "aria-current" not in text
    assert text.count('id="planmark-data"') == text.count('id="icon-a"') == text.count('id="icon-b"') == 1
    assert "fates-page" not in text
    assert text.index("note") < text.index("<h2>Plan</h2>")


def test_documents_are_saved_under_their_own_names_once(text: str) -> None:
    assert re.search(r'<a href="data:application/pdf;base64,[^"]*" download="guide.pdf">Guide', text)
    assert 'tabindex="-1">Picture' in text
    assert text.count(base64.b64encode(b"%PDF-guide").decode()) == 1
    assert re.search(r'<a href="data:text/calendar;charset=utf-8;base64,[^"]*" download="plan.ics">Dates', text)
    assert saved_as("assets/guide.0123456789-page-640.webp") == "guide-page-640.webp"


def test_what_is_too_large_leads_to_the_live_plan_or_is_no_link() -> None:
    there, nowhere = made(), made(address="")
    assert there.left_out == nowhere.left_out == {"assets/talk.mp4": LARGEST + 1}
    assert b'<a href="https://plans.example/acme-k/assets/talk.mp4" target="_blank"' in there.html
    assert b"<a>Talk</a>" in nowhere.html


def test_scripts_stand_at_the_end_in_order_and_ask_nobody_what_others_did(text: str) -> None:
    assert text.index('id="planmark-reply"') < text.index("save()") < text.index("act()") < text.index("</body>")
    assert "visit()" not in text
    data = json.loads(re.search(r'id="planmark-data">(.*?)</script>', text)[1])  # type: ignore[index]  # it is there
    assert data == {"plan": "p", "action": "https://inbox.example/e", "live": "", "told": []}


def test_every_sheet_stands_in_the_head_once_whatever_page_asked_for_it() -> None:
    late = {**FILES, "more.html": FILES["more.html"].replace(b"assets/plan.css", b"assets/later.css"), "assets/later.css": b".late{}"}
    text = bundled(late, PAGES, FRAME).html.decode()
    assert text.count("<style>") == 3
    assert text.index("@font-face") < text.index(".late{}") < text.index(".leaf{}") < text.index("</head>")


def test_a_plan_that_sends_nothing_offers_no_reply() -> None:
    assert b"save()" not in made(reply="").html


@pytest.mark.parametrize("address", [FRAME.address, ""])
def test_what_only_the_own_host_would_take_is_saved_by_script_and_leads_there_without(address: str) -> None:
    own = {
        path: data.replace(b"https://inbox.example/e", b"sent.html").replace(b"https://inbox.example", b"") for path, data in FILES.items()
    }
    text = bundled(own, PAGES, replace(FRAME, address=address)).html.decode()
    assert rules(text)["connect-src"] == ["blob:"]
    assert rules(text)["form-action"] == (["https://plans.example"] if address else ["'none'"])
    assert f'<form action="{address}sent.html">' in text
    assert '"action":"blob:planmark"' in text


def test_the_same_site_gives_the_same_bytes() -> None:
    assert made().html == bundled(dict(reversed(FILES.items())), PAGES, FRAME).html


def test_a_page_of_a_theme_without_main_says_what_is_missing() -> None:
    with pytest.raises(PlanmarkError) as caught:
        bundled({**FILES, "more.html": b"<!doctype html><body>hm</body>"}, PAGES, FRAME)
    assert [problem.code for problem in caught.value.problems] == ["PM616"]


@given(st.text(alphabet=st.sampled_from("<>/='\" abiscrptyle!-&;"), max_size=80))
def test_a_page_that_nobody_changes_comes_out_as_it_went_in(text: str) -> None:
    """Whatever is in it."""
    assert "".join(map(str, parts(text))) == text
    assert "".join(str(one.changed(lambda name, value: value) if isinstance(one, Tag) else one) for one in parts(text)) == text


@given(st.text(max_size=40))
def test_a_value_is_written_so_that_it_is_read_again(value: str) -> None:
    """A quote in it ends nothing."""
    tag = Tag("a", ' class="x" href=y title=\'"z"\'').changed(lambda name, was: value + "!" if name == "href" else was)
    (again,) = parts(str(tag))
    assert isinstance(again, Tag)
    assert again.values() == {"class": "x", "href": value + "!", "title": '"z"'}


def test_an_element_goes_with_all_that_is_in_it() -> None:
    page = '<p>a</p><ul class="x"><li><ul><li/></ul></li></ul><br class="x"><p class="x">b<br></p>c'
    assert "".join(map(str, without(parts(page), lambda tag: tag.get("class") == "x"))) == "<p>a</p>c"
