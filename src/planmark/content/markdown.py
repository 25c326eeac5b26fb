"""Markdown to HTML that is safe to show: CommonMark with tables, strikethrough, task lists, footnotes and definition lists.

No raw HTML and no attributes. Links go to an allow-list of schemes; relative ones and images are files of the deal, published under
a name made from their contents.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from planmark.content.files import Asset, Files
from planmark.content.kinds import IMAGES, Refusal
from planmark.plan.ids import slug
from planmark.problems import Finding, Path

_SIZES = "(min-width: 44em) 40em, 100vw"
"""How wide a text is, and so an image in it: 64 letters at most."""
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--")
_PLAIN = re.compile(r"[A-Za-z0-9 ,.;'’“”()?/%€£-]*", re.ASCII)
_PARAGRAPH = re.compile(r"(?:[^\W\d_][^\n|]*(?:\n|$))+")
_MAY_BE_WRONG = re.compile(r"<|!\[|\]:|\]\[|\]\(\s*(?!https?://|mailto:|tel:|#)")
"""What a text holds at the least that has a problem, or names a file: HTML, a picture, a link to anything but an address, a reference."""
_LISTS = re.compile(r"(?:[-]|[0-9]+[.)])(?:\s|$)|\s|[-\s]*$")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin, label=True)
    parser.disable(["html_block", "html_inline"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # links are judged below, with a message
    return parser


def is_harmless(text: str) -> bool:
    """Whether nothing can be wrong with the text, and no file is named in it."""
    return not _MAY_BE_WRONG.search(text)


class Prose:
    """Markdown texts of one deal as HTML, each rendered once. What is wrong with a text goes into `findings`.

    With `look_only` a text in which nothing can be wrong gives none.
    """

    def __init__(self, files: Files, findings: list[Finding], look_only: bool = False) -> None:
        self.files, self.findings, self.look_only = files, findings, look_only

    def render(self, text: str, path: Path, level: int, prefix: str) -> Markup:
        """The text as HTML. Its top headings become `<h{level}>`; ids in it start with `prefix`; `path` is where it is written."""
        if self.look_only and is_harmless(text):
            return Markup()
        line = text.rstrip("\n")
        if _PLAIN.fullmatch(line) and not _LISTS.match(line):
            return Markup(
                f"<p>{html.escape(line.rstrip(), quote=False)}</p>\n"
            )  # what the parser below makes of it, at a tenth of the cost
        parser = _parser()
        env: dict[str, Any] = {"docId": prefix}
        if "^[" not in text and _PARAGRAPH.fullmatch(text):  # nothing but a paragraph, so that there are no blocks to look for
            tokens = parser.parseInline(text.strip(), env)
            self._inline(tokens[0], text, path)
            return Markup(f"<p>{parser.renderer.render(tokens, parser.options, env)}</p>\n")
        tokens = parser.parse(text, env)
        self._headings(tokens, level, prefix)
        _tables(tokens)
        for token in tokens:
            if token.type == "inline" and token.children:
                self._inline(token, text, path)
        return Markup(parser.renderer.render(tokens, parser.options, env))

    def _headings(self, tokens: Sequence[Token], level: int, prefix: str) -> None:
        levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
        if not levels:
            return
        shift = level - min(levels)
        taken: set[str] = set()
        for index, token in enumerate(tokens):
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
            if token.type == "heading_open":
                name = made = f"{prefix}-{slug(tokens[index + 1].content)}"
                number = 1
                while name in taken:
                    number += 1
                    name = f"{made}-{number}"
                taken.add(name)
                token.attrSet("id", name)

    def _inline(self, token: Token, text: str, path: Path) -> None:
        opened: list[bool] = []
        for child in token.children or ():
            if child.type == "link_open":
                href = str(child.attrGet("href") or "")
                kept = self._link(href, child, token, text, path)
                opened.append(kept)
                if not kept:
                    child.tag, child.attrs = "span", {}
            elif child.type == "link_close":
                if opened and not opened.pop():
                    child.tag = "span"
            elif child.type == "image":
                self._image(child, token, text, path)
            elif child.type == "text" and (found := _HTML.search(child.content)):
                shown = found[0]
                if not re.search(rf"(?<!\\){re.escape(shown)}", token.content):
                    continue  # it is written with `&lt;` or a backslash, as it should be
                self.findings.append(
                    Finding(
                        "PM407",
                        path,
                        f"`{shown}` is shown as it is written: HTML is not part of a plan",
                        "use Markdown, or put it in backticks",
                        "warning",
                        offset=_where(text, token, shown),
                    )
                )

    def _link(self, href: str, child: Token, token: Token, text: str, path: Path) -> bool:
        """Whether the link stays; its address is made ready."""
        if href.startswith("#"):
            return True
        if href.lower().startswith(_SCHEMES):
            if href.lower().startswith("http"):
                child.attrSet("rel", "noopener noreferrer nofollow")
            return True
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", href):
            self.findings.append(
                Finding(
                    "PM406",
                    path,
                    f"a plan cannot link to `{unquote(href)[:60]}`",
                    "link to https://, mailto:, tel: or a file of the deal",
                    offset=_where(text, token, unquote(href), href),
                )
            )
            return False
        asset = self._asset(href, token, text, path)
        if asset:
            child.attrSet("href", asset.output)
        return asset is not None

    def _image(self, child: Token, token: Token, text: str, path: Path) -> None:
        src = str(child.attrGet("src") or "")
        if src.lower().startswith(("http:", "https:", "//", "data:")):
            self.findings.append(
                Finding(
                    "PM406",
                    path,
                    "an image cannot come from elsewhere",
                    "save it into the deal's folder: the page loads nothing from other sites",
                    offset=_where(text, token, unquote(src), src),
                )
            )
        elif (asset := self._asset(src, token, text, path, IMAGES)) and (shown := asset.shown("shown")):
            more = {"srcset": shown.srcset, "sizes": _SIZES} if shown.srcset else {}
            child.attrs |= {"src": shown.src, **more, "width": shown.width, "height": shown.height, "loading": "lazy", "decoding": "async"}
            return
        child.attrSet("src", "")

    def _asset(self, href: str, token: Token, text: str, path: Path, kinds: frozenset[str] | None = None) -> Asset | None:
        name = unquote(href)
        asset = self.files.asset(name, kinds, "an image", ("shown",) if kinds else ("large",))
        if isinstance(asset, Refusal):
            self.findings.append(asset.at(path, _where(text, token, name, href)))
            return None
        return asset


def _tables(tokens: Sequence[Token]) -> None:
    """Alignment by class, for a page has no inline styles; a wide table can be scrolled by keyboard; an empty head is no heading."""
    for index, token in enumerate(tokens):
        if token.type in ("th_open", "td_open") and token.attrs:
            token.attrs = {"class": str(token.attrs["style"]).removeprefix("text-align:")}
        if token.type == "th_open" and not tokens[index + 1].content:
            token.tag = tokens[index + 2].tag = "td"
        elif token.type == "table_open":
            token.attrs = {"class": "table", "tabindex": "0"}


def _where(text: str, token: Token, *needles: str) -> tuple[int, int]:
    """Line and column (from 0) of the first of `needles`, in the lines of `token` or else anywhere; where those begin without one."""
    first, last = token.map or (0, 0)
    lines = list(enumerate(text.split("\n")))
    for number, line in (*lines[first:last], *lines):
        for needle in needles:
            if needle and needle in line:
                return number, line.index(needle)
    return first, 0
