"""What a template says outside of gettext, read off its source: texts, attributes that people see or hear, and literals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

SEEN = ("title", "alt", "aria-label", "placeholder", "label", "aria-description")
"""Attributes whose words reach people; `data-` ones may, too."""
SILENT = frozenset(("code", "script", "style", "symbol"))
GETTEXT = frozenset(("_", "gettext", "ngettext", "pgettext", "npgettext"))
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_PHRASE = re.compile(r"^\W*[A-Z][a-z]+|[A-Za-z]{2,}[,:;]? +[A-Za-z]|^ ?[a-z]{2,} $")
"""A literal that reads like something said, rather than like a name in code: a capital, or words with spaces between."""
_CODE = re.compile(r"( [a-z]+(-[a-z]+)+)+|.*=\".*")
"""Classes, and attributes that are written out."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.inside.append(tag)
        for name, value in attrs:
            seen = name in SEEN or (name.startswith("data-") and " " in (value or ""))
            if seen and value and _LETTERS.search(value):
                self.found.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and _LETTERS.search(data):
            self.found.append(" ".join(data.split()))


def untranslated(source: str) -> list[str]:
    """Every text of a template that no catalogue can translate."""
    page = _Page()
    page.feed(re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL))
    page.close()
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(source)
    return page.found + [text for text in _said(tree) if _PHRASE.search(text) and not _CODE.fullmatch(text)]


def _said(node: nodes.Node) -> Iterator[str]:
    """Literals in expressions that may end up on the page: not those that are compared, looked up, or handed to gettext."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str):
            yield node.value
        return
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        parts = [argument.value for argument in node.kwargs]
    elif isinstance(node, nodes.Compare):
        parts = []
    elif isinstance(node, nodes.Getitem):
        parts = [node.node]
    elif isinstance(node, nodes.TemplateData | nodes.Test):
        parts = []
    elif isinstance(node, nodes.Filter):
        looks_up = node.name in ("map", "selectattr", "rejectattr", "groupby", "sort", "replace")
        parts = ([node.node] if node.node else []) if looks_up else list(node.iter_child_nodes())
    elif isinstance(node, nodes.Include | nodes.FromImport | nodes.Import | nodes.Extends):
        parts = []
    else:
        parts = list(node.iter_child_nodes())
    for part in parts:
        yield from _said(part)
