"""A page for paper is read by a parser of XML only where it reads the same as one of HTML."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from hypothesis import given
from hypothesis import strategies as st

from planmark.site.paper.reading import tree

_SVG = "{http://www.w3.org/2000/xmlns/}xmlns"


def _page(body: str) -> str:
    head = '<head>\n<meta charset="utf-8">\n<title>A &amp; B</title>\n</head>'
    return f'\n<!doctype html>\n<html lang="en">\n{head}\n<body>{body}</body></html>'


def _said(element: Element) -> Any:
    attributes = {name: value for name, value in element.attrib.items() if name != _SVG}
    return element.tag, attributes, element.text or "", [(_said(child), child.tail or "") for child in element]


def _body(root: Element | None) -> Any:
    return None if root is None else _said(root[1])


def _as_html(body: str) -> Any:
    return _body(tinyhtml5.parse(_page(body), namespace_html_elements=False))


@pytest.mark.parametrize(
    "body",
    [
        "<p>One<br>two<wbr>three &lt;four&gt; &#39;five&#39;</p>",
        '<p>Lines<br/>and <img src="a.png" alt="a > b" width="3"> pictures&nbsp;</p>',
        "<table><colgroup><col><col class=x></colgroup></table>".replace("=x", '="x"'),
        '<svg viewBox="0 0 1 1"><title>A drawing</title><style>text { fill: red }</style><path d="M0 0"/></svg>',
        '<ul><li><input type="checkbox" checked disabled> done</li></ul>',
        "<pre>  one\n\ntwo</pre>",
    ],
)
def test_what_is_well_formed_is_read_quickly_and_the_same(body: str) -> None:
    assert _body(tree(_page(body))) == _as_html(body)


@pytest.mark.parametrize(
    "body",
    [
        "<p>one<p>two",
        "<p>one <b>two</p></b>",
        "<p>a <div>block</div> in it</p>",
        "<p>a <b><ul></ul></b> in it</p>",
        "<b/>bold",
        '<a href="#a">one <b><a href="#b">two</a></b></a>',
        "<table><tr><td>no body</td></tr></table>",
        "<pre>\nits first line is dropped</pre>",
        "<!-- a comment -->",
        "<p title=bare>x</p>",
        "<p>&eacute;</p>",
        "<script>if (1 < 2) { }</script>",
        "<p>\x01</p>",
    ],
)
def test_what_a_parser_of_html_reads_otherwise_is_left_to_it(body: str) -> None:
    assert tree(_page(body)) is None


@given(st.text(alphabet="<>/&;'\"= \npabrtduliremgx!-?", max_size=60))
def test_whatever_stands_there_is_read_the_same_or_left(text: str) -> None:
    found = _body(tree(_page(f"<div>{text}</div>")))
    assert found is None or found == _as_html(f"<div>{text}</div>")
