"""A page's HTML made fit for paper: links that lead somewhere from there, marks where lines may break, and nothing that costs time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

BASE = "https://plan.invalid/"
"""The address that stands for the site while a PDF is made. Nothing asks for it: the one fetcher there is hands out files. A scheme of our
own would not do, for relative addresses are joined only to schemes that are known."""

_LINKS = ("https://", "http://", "mailto:", "tel:")
_INLINE = frozenset(("a", "b", "bdi", "code", "del", "em", "i", "s", "span", "strong", "sub", "sup", "time"))
_ZERO_WIDTH_SPACE = "\u200b"
OVER_PAGES = "data-over-pages"
"""An element with this attribute is left out where the whole has no more pages than it says: contents, in a short plan."""


def fit(root: Element, pages: int, css: str) -> None:
    """Make a page's HTML fit for paper: links that lead nowhere from there become text, those to the web carry their address in short.
    `pages` is how many pages the whole has, where that is known. What paper has no use for goes, for each element costs time: `<time>`,
    and the ids that neither a link nor the style sheet names."""
    for parent in list(root.iter()):
        for child in list(parent):
            if pages and pages <= int(child.get(OVER_PAGES, "0")):
                _take_out(parent, child, "")
            elif child.tag == "time" and not len(child):
                _take_out(parent, child, child.text or "")
    anchors = {element.get("id") for element in root.iter()}
    named = set()
    for element in root.iter("a"):
        href = element.get("href", "")
        if href.startswith("#") and unquote(href[1:]) in anchors:
            named.add(unquote(href[1:]))
        elif not leads(href):
            element.tag = "span"
            element.attrib.pop("href", None)
        elif href.lower().startswith("http"):
            said = short(href)
            if said.partition("/")[0] not in "".join(element.itertext()):
                element.set("data-address", said)
    for element in root.iter():
        name = element.get("id")
        if name and name not in named and f"#{name}" not in css:
            del element.attrib["id"]
    _mark_breaks(root)


def _take_out(parent: Element, child: Element, text: str) -> None:
    """Put `text` in place of an element."""
    index = list(parent).index(child)
    text += child.tail or ""
    parent.remove(child)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _mark_breaks(root: Element) -> None:
    """Say where a line may break before an element inside it. WeasyPrint breaks a line after its first word where the text before such
    an element fits to the last letter, but not with the space that follows; with a mark behind that space it does not."""
    for parent in root.iter():
        before: Element | None = None
        for child in parent:
            text = (parent.text if before is None else before.tail) or ""
            if child.tag in _INLINE and text[-1:].isspace() and not text.isspace():
                if before is None:
                    parent.text = text + _ZERO_WIDTH_SPACE
                else:
                    before.tail = text + _ZERO_WIDTH_SPACE
            before = child


def leads(address: str) -> bool:
    """Whether an address outside the PDF leads anywhere for who holds it. A file of the site has none of its own."""
    return address.lower().startswith(_LINKS) and not address.startswith(BASE)


def short(address: str) -> str:
    """A web address as it can be read: without scheme, `www.` and query, cut where it is long."""
    said = re.sub(r"^https?://(?:www\.)?|[?#].*$", "", address, flags=re.IGNORECASE).rstrip("/")
    return said if len(said) <= 48 else said[:47] + "…"
