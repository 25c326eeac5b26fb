"""The text part of a mail, from its HTML: the two never say different things."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PARAGRAPHS = ("p", "h1", "h2", "h3", "li")
_UNSEEN = ("head", "style", "script")


def plain(html: str) -> str:
    """What a mail says, as lines: paragraphs apart, a row of a table (class `row`) as `- first cell: second cell`, links with addresses."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    lines = re.sub(r"\n{3,}", "\n\n", "\n".join(parser.lines))
    return lines.strip("\n") + "\n"


class _Plain(HTMLParser):
    """Collects lines. `cells` is the row that is being read; None outside of rows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.text = ""
        self.cells: list[str] | None = None
        self.href = ""
        self.hidden = 0
        self.first = ""
        """The first cell of the row before, which holds for those without one."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _UNSEEN:
            self.hidden += 1
        elif tag == "tr" and given.get("class") == "row":
            self._paragraph()
            self.cells = []
        elif tag == "br":
            self.text += "\n"
        elif tag == "a":
            self.href = given.get("href") or ""
        elif tag in _PARAGRAPHS:
            self._paragraph()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.hidden -= 1
        elif tag == "a":
            self.text += f": {self.href}" if self.href not in self.text else ""
            self.href = ""
        elif tag == "td" and self.cells is not None:
            self.cells.append(_tidy(self.text))
            self.text = ""
        elif tag == "tr" and self.cells is not None:
            self._row(self.cells)
            self.cells = None
        elif tag in _PARAGRAPHS:
            self._paragraph()
        elif tag == "table":
            self.lines.append("")
            self.first = ""

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text += re.sub(r"\s+", " ", data)

    def _paragraph(self) -> None:
        if self.cells is None and _tidy(self.text):
            self.lines += ["", _tidy(self.text), ""]
            self.text = ""

    def _row(self, cells: list[str]) -> None:
        first, *rest = cells
        self.first = first = first or self.first
        head, *under = "\n".join(rest).split("\n")
        self.lines.append(f"- {first}: {head}" if first else f"- {head}")
        self.lines += [f"  {line}" for line in under]


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n")).strip()
