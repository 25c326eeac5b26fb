"""A page as a run of tags and of what stands between them. What nobody changes comes out as it went in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""<!--.*?-->|<(?P<raw>script|style)\b(?P<rawattrs>(?:[^>"']|"[^"]*"|'[^']*')*)>(?P<text>.*?)</(?P=raw)>"""
    r"""|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<attrs>(?:[^>"']|"[^"]*"|'[^']*')*)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(\s+)([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

Change = Callable[[str, str], str | None]
"""What becomes of an attribute, by its name and value; None takes it away."""


@dataclass(frozen=True)
class Tag:
    """A start tag, an end tag (`end`), or a script or style sheet with its `text`."""

    name: str
    attrs: str = ""
    end: bool = False
    text: str | None = None

    def get(self, name: str) -> str | None:
        """The value of an attribute; None where the tag has no such one."""
        return self.values().get(name)

    def values(self) -> dict[str, str]:
        """All attributes."""
        return {found[2]: _value(found[3]) for found in _ATTRIBUTE.finditer(self.attrs)}

    @property
    def is_whole(self) -> bool:
        """Whether nothing can stand in it."""
        return self.text is not None or self.name in _VOID or self.attrs.endswith("/")

    def changed(self, change: Change) -> Tag:
        """The tag with other attributes."""

        def one(found: re.Match[str]) -> str:
            before = _value(found[3])
            after = change(found[2], before)
            if after is None:
                return ""
            return found[0] if after == before else f'{found[1]}{found[2]}="{html.escape(after)}"'

        return Tag(self.name, _ATTRIBUTE.sub(one, self.attrs), self.end, self.text)

    def __str__(self) -> str:
        if self.end:
            return f"</{self.name}{self.attrs}>"
        rest = "" if self.text is None else f"{self.text}</{self.name}>"
        return f"<{self.name}{self.attrs}>{rest}"


def _value(written: str | None) -> str:
    return html.unescape(written[1:-1] if written and written[0] in "\"'" else written or "")


def parts(page: str) -> Iterator[Tag | str]:
    """The tags of a page, and its text and comments between them."""
    at = 0
    for found in _TOKEN.finditer(page):
        if found.start() > at:
            yield page[at : found.start()]
        at = found.end()
        if found["raw"]:
            yield Tag(found["raw"], found["rawattrs"], text=found["text"])
        elif found["name"]:
            yield Tag(found["name"], found["attrs"], bool(found["end"]))
        else:
            yield found[0]
    if at < len(page):
        yield page[at:]


def without(page: Iterator[Tag | str], unwanted: Callable[[Tag], bool]) -> Iterator[Tag | str]:
    """A page without some elements and all that is in them."""
    inside, depth = "", 0
    for one in page:
        if inside:
            if isinstance(one, Tag) and one.name == inside and not one.is_whole:
                depth += -1 if one.end else 1
                inside = inside if depth else ""
        elif isinstance(one, Tag) and not one.end and unwanted(one):
            inside, depth = ("", 0) if one.is_whole else (one.name, 1)
        else:
            yield one
