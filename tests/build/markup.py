"""A page as a browser reads it: its elements, what they load, where they lead."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

LOADS = {
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("source", "src"),
    ("track", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("input", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("use", "href"),
    ("use", "xlink:href"),
}
"""Attributes whose address is loaded without a click."""
LEADS = {("a", "href"), ("area", "href"), ("form", "action")}
"""Attributes whose address a click leads to."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """A start tag."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page, in order."""

    source: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        """The elements of these kinds."""
        return [element for element in self.elements if element.tag in tags]

    def addresses(self, attributes: set[tuple[str, str]]) -> list[str]:
        """The addresses in these attributes; of `srcset`, too, where pictures are loaded."""
        found = [value for one in self.elements for name, value in one.attributes.items() if (one.tag, name) in attributes]
        if attributes is LOADS:
            found += [
                part.split()[0]
                for one in self.elements
                for name in ("srcset", "imagesrcset")
                for part in one.attributes.get(name, "").split(",")
                if part.strip()
            ]
        return found

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    def meta(self, name: str) -> str:
        """What a `<meta>` says; empty where it is missing."""
        return next((one.attributes.get("content", "") for one in self.all("meta") if name in one.attributes.values()), "")


def css_addresses(css: str) -> list[str]:
    """Every address that a style sheet loads."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [one.strip().strip("\"'") for one in re.findall(r"url\(([^)]*)\)|@import\s+[\"']([^\"']+)", plain) for one in one if one]
