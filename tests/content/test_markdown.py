"""Markdown of a plan: what it can do, and that nothing in it can run, load or lead anywhere it should not."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.media import PNG

from planmark.content.files import Files
from planmark.content.markdown import Prose, _parser
from planmark.content.tree import scan
from planmark.problems import Finding

Render = Callable[..., str]


def rendered(text: str, level: int = 3, prefix: str = "summary") -> tuple[str, list[Finding]]:
    findings: list[Finding] = []
    html = Prose(Files(Path("deal"), {}, Path("library"), {}), findings).render(text, ("summary",), level, prefix)
    return str(html), findings


# ---- what it can do ------------------------------------------------------------------------------------------------------

SYNTAX = {
    "a paragraph": ("One plan in one week.", "<p>One plan in one week.</p>\n"),
    "emphasis": ("*one* **two**", "<p><em>one</em> <strong>two</strong></p>\n"),
    "code": ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
    "a line break": ("one  \ntwo", "<p>one<br />\ntwo</p>\n"),
    "a list": ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
    "a numbered list": ("3. one\n4. two", '<ol start="3">\n<li>one</li>\n<li>two</li>\n</ol>\n'),
    "a number that starts a line": ("3. one", '<ol start="3">\n<li>one</li>\n</ol>\n'),
    "a dash that starts a line": ("- one", "<ul>\n<li>one</li>\n</ul>\n"),
    "a quotation": ("> one", "<blockquote>\n<p>one</p>\n</blockquote>\n"),
    "a rule": ("---", "<hr />\n"),
    "a code block": ("    a <b>", "<pre><code>a &lt;b&gt;\n</code></pre>\n"),
    "strikethrough": ("~~one~~", "<p><s>one</s></p>\n"),
    "signs of HTML": ('AT&T is > 3 < 4 "quoted"', "<p>AT&amp;T is &gt; 3 &lt; 4 &quot;quoted&quot;</p>\n"),
    "an entity": ("&copy; &amp; &lt;b&gt;", "<p>© &amp; &lt;b&gt;</p>\n"),
    "an escaped star": (r"\*one\*", "<p>*one*</p>\n"),
    "a table": (
        "| a | b |\n|:--|--:|\n| 1 | 2 |",
        '<table class="table" tabindex="0">\n<thead>\n<tr>\n<th class="left">a</th>\n<th class="right">b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td class="left">1</td>\n<td class="right">2</td>\n</tr>\n</tbody>\n</table>\n',
    ),
    "a definition list": ("Kanban\n: One card a job", "<dl>\n<dt>Kanban</dt>\n<dd>One card a job</dd>\n</dl>\n"),
    "a web link": (
        "[x](https://acme.example/?a=1&b=2)",
        '<p><a href="https://acme.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a></p>\n',
    ),
    "a mail link": ("[x](mailto:maria@acme.example)", '<p><a href="mailto:maria@acme.example">x</a></p>\n'),
    "a telephone link": ("[x](tel:+31105550100)", '<p><a href="tel:+31105550100">x</a></p>\n'),
    "a link on the page": ("[x](#prices)", '<p><a href="#prices">x</a></p>\n'),
    "an address in angle brackets": (
        "<https://acme.example>",
        '<p><a href="https://acme.example" rel="noopener noreferrer nofollow">https://acme.example</a></p>\n',
    ),
    "a bare address stays text": ("see https://acme.example", "<p>see https://acme.example</p>\n"),
}


@pytest.mark.parametrize("what", SYNTAX)
def test_what_markdown_is_understood(what: str) -> None:
    text, html = SYNTAX[what]
    assert rendered(text) == (html, [])


def test_task_lists_have_boxes_that_cannot_be_ticked() -> None:
    html, findings = rendered("- [x] one\n- [ ] two")
    assert findings == []
    assert html.count('type="checkbox"') == html.count("disabled=") == 2
    assert html.count("checked=") == 1


def test_footnotes_of_two_texts_do_not_share_their_anchors() -> None:
    one, two = (rendered("Fast[^a].\n\n[^a]: In a week.", prefix=prefix)[0] for prefix in ("summary", "faq-1-a"))
    assert "In a week." in one
    ids = Page.of(one).ids
    assert ids
    assert not set(ids) & set(Page.of(two).ids)
    assert set(Page.of(one).links) == {f"#{name}" for name in ids}


def test_headings_start_at_the_level_of_the_page_and_keep_their_steps() -> None:
    html, _ = rendered("## Why\n\n#### Deeper\n\n## Then\n", level=3, prefix="summary")
    assert [tag for tag, _ in Page.of(html).tags if tag.startswith("h")] == ["h3", "h5", "h3"]
    assert [tag for tag, _ in Page.of(rendered("# One\n\n### Three\n", level=5)[0]).tags if tag.startswith("h")] == ["h5", "h6"]


def test_every_heading_has_an_anchor_of_its_own() -> None:
    html, _ = rendered("# Why\n\n## Why\n\n# Why!\n\n# Why 2\n\n# 日本\n\n# *Why*\n", prefix="summary")
    ids = Page.of(html).ids
    assert len(set(ids)) == len(ids) == 6
    assert ids[:2] == ["summary-why", "summary-why-2"]
    assert all(name.startswith("summary-") for name in ids)
    assert Page.of(rendered("# Why\n", prefix="faq")[0]).ids == ["faq-why"]


def test_raw_html_is_shown_as_it_is_written_with_a_warning() -> None:
    html, findings = rendered("one <b>two</b> <script>alert(1)</script>\n\n<div onclick='x'>three</div>\n")
    assert [tag for tag, _ in Page.of(html).tags] == ["p", "p"]
    assert "&lt;script&gt;" in html
    assert [(finding.code, finding.severity, finding.offset) for finding in findings] == [
        ("PM407", "warning", (0, 4)),
        ("PM407", "warning", (2, 0)),
    ]


@pytest.mark.parametrize("text", ["1 < 2 and 3 > 2", "a <- b", "`<b>`", "    <b>", "<3", "x<y>", "&lt;b&gt;", r"\<b>"])
def test_signs_that_only_look_like_html_are_no_warning(text: str) -> None:
    found = rendered(text)[1]
    assert [finding.code for finding in found] == (["PM407"] if text == "x<y>" else [])


def test_links_and_images_of_files_go_to_files_named_by_their_contents(tmp_path: Path) -> None:
    deal, library = tmp_path / "deal", tmp_path / "library"
    for path, data in {deal / "files/line 2.png": PNG, library / "form.pdf": b"%PDF-1"}.items():
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    findings: list[Finding] = []
    files = Files(deal, scan(deal), library, scan(library))
    html = Prose(files, findings).render("![Line](files/line%202.png 'Two')\n[form](form.pdf)", (), 3, "summary")
    assert findings == []
    image, form = files.used["files/line 2.png"], files.used["form.pdf"]
    (shown,) = files.makings
    assert re.fullmatch(r"assets/line-2\.[0-9a-f]{10}-1\.webp", shown)
    assert image.digest == scan(deal)["files/line 2.png"].digest
    page = Page.of(str(html))
    size = {"width": "1", "height": "1", "loading": "lazy", "decoding": "async"}
    assert page.attributes("img") == {"src": shown, "alt": "Line", "title": "Two", **size}
    assert page.attributes("a") == {"href": form.output}


# ---- short ways ----------------------------------------------------------------------------------------------------------


def in_full(text: str) -> str:
    """What the whole parser makes of a text, without the short ways for plain ones."""
    parser = _parser()
    return str(parser.renderer.render(parser.parse(text, {"docId": "summary"}), parser.options, {"docId": "summary"}))


PLAIN = st.text(alphabet="abZ09 ,.;'’“”()?/%€£-\n\t", max_size=24)
LINES = st.lists(st.text(alphabet="aZé 1.-+*_`~#:=|<>&\\[]()!^\"'  ", max_size=12).map("A".__add__), max_size=4).map("\n".join)


@settings(max_examples=600)
@given(PLAIN | LINES)
@example("A^[note]")
@example("A[^1]")
@example("A  \nb")
@example("A\\\nb")
@example("A\n: b")
@example("A\n===")
@example("A\n\nb")
@example("1. a")
@example("-")
@example(" a")
@example("a ")
@example("a\tb")
@example("")
def test_the_short_ways_make_what_the_whole_parser_makes(text: str) -> None:
    html, findings = rendered(text)
    if not findings and not re.search(r'<img|<table|<h\d|rel="', html):  # those are given classes, names and addresses afterwards
        assert html == in_full(text)


# ---- hostile texts -------------------------------------------------------------------------------------------------------

TAGS = "p em strong s code pre ul ol li blockquote hr br h3 h4 h5 h6 table thead tbody tr th td dl dt dd a img span sup section input label"
ATTRIBUTES = {
    "a": {"href", "rel", "title", "class", "id"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start", "class"},
    "ul": {"class"},
    "li": {"class", "id"},
    "table": {"class", "tabindex"},
    "th": {"class"},
    "td": {"class"},
    "code": {"class"},
    "section": {"class"},
    "sup": {"class"},
    "hr": {"class"},
    "input": {"type", "class", "checked", "disabled", "id"},
    "label": {"for", "class"},
} | {f"h{level}": {"id"} for level in range(3, 7)}


class Page(HTMLParser):
    """A text's HTML as a browser would see it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("a comment", {}))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("a declaration", {}))

    def unknown_decl(self, data: str) -> None:
        self.tags.append(("a declaration", {}))

    def handle_pi(self, data: str) -> None:
        self.tags.append(("an instruction", {}))

    @classmethod
    def of(cls, html: str) -> Page:
        page = cls()
        page.feed(html)
        page.close()
        return page

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.tags if "id" in attributes]

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for _, attributes in self.tags if "href" in attributes]

    def attributes(self, wanted: str) -> dict[str, str | None]:
        return next(attributes for tag, attributes in self.tags if tag == wanted)


def is_harmless(html: str) -> None:
    """Only the tags, attributes and schemes that a plan may have."""
    for tag, attributes in Page.of(html).tags:
        assert tag in TAGS.split(), tag
        assert set(attributes) <= ATTRIBUTES.get(tag, set()), (tag, attributes)
        href = attributes.get("href")
        if href is not None:
            assert href.lower().startswith(("https://", "http://", "mailto:", "tel:", "#")), href
        assert not attributes.get("src")
        if tag == "input":
            assert attributes["type"] == "checkbox"
            assert "disabled" in attributes


SCHEMES = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:msgbox(1)", "file:///etc/passwd"]
SCHEMES += [
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript:alert(1)",
    "javascript&colon;alert(1)",
    "java%73cript:alert(1)",
    "blob:https://x/1",
]
SCHEMES += ["java&Tab;script:alert(1)", "java&NewLine;script:alert(1)", "&#1;javascript:alert(1)", "//evil.example", "\\\\evil.example"]
SCHEMES += [
    "%6Aavascript:alert(1)",
    "ws://evil.example",
    "ftp://evil.example",
    "view-source:https://x",
    "/etc/passwd",
    "..%2f..%2fplanmark.yaml",
]
SCHEMES += [
    "\u00a0javascript:alert(1)",
    "\u200bjavascript:alert(1)",
    "ｊavascript:alert(1)",
    "about:blank",
    "intent://x#Intent;end",
    "?a",
    "x:y",
]
SHAPES = [
    "[x]({})",
    "[x](<{}>)",
    "![x]({})",
    "<{}>",
    "[x][1]\n\n[1]: {}",
    "[x]: {}\n\n[x]",
    "[x]({} 'a\" onmouseover=\"alert(1)')",
    "[![x]({})]({})",
]
HTML = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg/onload=alert(1)>",
    "<!-- x --><script>",
    "<![CDATA[<script>]]>",
    "<?php echo 1 ?>",
    "<!DOCTYPE html>",
    "</p><script>",
    "<iframe srcdoc='<script>'>",
    '```js" onmouseover="alert(1)\n<script>\n```',
    "```<script>\n```",
    "~~~ html><script>\n~~~",
    "# <script>x</script>",
    "# x {onclick=alert(1)}",
    "[^<script>]: x\n\n[^<script>]",
    '[^"onclick=x]: x\n\nx[^"onclick=x]',
    "| <script> | b |\n|---|---|\n| ![x](javascript:1) | b |",
    '!["onerror=alert(1)](x)',
    "![<script>](https://x)",
    "[<script>alert(1)</script>](https://x)",
    '[x](https://x "><script>alert(1)</script>")',
    '[x](https://x/"onmouseover="alert(1))',
    '[x](mailto:"><script>)',
    '- [x] <script>\n- [ ] "><img src=x>',
    '<https://x/"><script>>',
    "<javascript:alert(1)>",
    "<x@y.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "Term <script>\n: <b>",
    "\\<script>",
    "<scr<script>ipt>",
    "<a\nhref=javascript:alert(1)>x",
    "\0<script\0>",
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("address", SCHEMES)
def test_no_link_or_image_leads_where_it_should_not(address: str, shape: str) -> None:
    html, _ = rendered(shape.replace("{}", address))
    is_harmless(html)
    assert all(not unquote(link).lower().startswith("javascript") for link in Page.of(html).links)


@pytest.mark.parametrize("text", HTML)
def test_no_html_comes_through(text: str) -> None:
    is_harmless(rendered(text)[0])
    is_harmless(rendered(f"- > {text}")[0])


@settings(max_examples=400)
@given(
    st.lists(
        st.sampled_from(
            [*SCHEMES, *HTML, *"[]()!<>`*_~#|:^\\\"'&;\n-", "\n\n", "[x](", "![", "](", "][", "[1]: ", "<a ", "    ", "> ", "- [ ] "]
        )
        | st.text(max_size=4),
        max_size=10,
    ).map("".join)
)
def test_no_mixture_of_all_that_comes_through(text: str) -> None:
    is_harmless(rendered(text.encode("utf-8", "ignore").decode())[0])


@pytest.mark.parametrize("sign", ["[", "![", "*", "_", "`", "<", ">", "- ", "(", "[x](", "~~", "&", "|", "\\", "^[", "[^", "#"])
def test_a_text_made_to_hurt_is_rendered_all_the_same(sign: str) -> None:
    rendered(sign * (4_000 // len(sign)))


# ---- looked at only --------------------------------------------------------------------------------------------------------

PIECES = [
    "word ",
    "\n\n",
    "\n",
    "# ",
    "- ",
    "> ",
    "`code` ",
    "```\n",
    "[text](https://a.example/b)",
    "[text](http:",
    "[text](mailto:a@b.example)",
    "[text](#here)",
    "[text](files/a.pdf)",
    "[text]( javascript:x)",
    "[text](\nfiles/b.pdf)",
    "[text]",
    "[ref]",
    "[text][ref]",
    "[ref]: ",
    "[ref]: files/a.pdf\n",
    "files/a.pdf",
    "![alt](files/a.png)",
    "![alt](https://a.example/b.png)",
    "![ref]",
    "[^1]",
    "[^1]: ",
    "^[a note]",
    "<b>",
    "</b>",
    "<!-- -->",
    "&lt;b&gt;",
    "&#91;text](files/a.pdf)",
    "\\[",
    "\\](files/a.pdf)",
    "](",
    "https://",
    "<https://a.example>",
    "<files/a.pdf>",
    "| a | b |\n| --- | --- |\n",
    "    ",
    "!",
    "**",
]


@settings(max_examples=600)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("[a](<files/a.pdf>)")
@example("[a]\n\n[a]: ftp://a.example")
def test_a_text_that_is_only_looked_at_tells_the_same_mistakes(text: str) -> None:
    """A check leaves out what can hold none, and asks for the same files."""
    found: list[tuple[list[Finding], set[str], bool]] = []
    for look_only in (False, True):
        files = Files(Path("deal"), {}, Path("library"), {})
        findings: list[Finding] = []
        Prose(files, findings, look_only).render(text, ("summary",), 3, "summary")
        found.append((findings, set(files.used), files.asked_library))
    assert found[0] == found[1]


def test_a_plain_text_that_is_only_looked_at_is_not_made_into_html() -> None:
    """Which is most of what a check would do otherwise."""
    files = Files(Path("deal"), {}, Path("library"), {})
    for text in ("One *plan*.\n\n- [a](https://a.example)\n- b[^1]", "| a |\n| --- |\n| [b](mailto:a@b.example) |"):
        assert Prose(files, [], look_only=True).render(text, (), 3, "summary") == ""
