"""What the commands write into a plan reads back as the same values, and looks as a rep would have written it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.content.emit import emit
from planmark.content.yamltext import read_yaml

ODD = [
    *("", " ", "~", "no", "0123", "- a", "a: b", "a #b", "#", "a\nb", "a\n", "\n", "\na", "a\n\nb\n", "a\n b", " a\nb", "a \nb"),
    *("a\tb", "'", '"', "it's", '"a" b', "\\", "a\\n", "{a}", "[a", "a, b", "|", ">", "@a", "`a`", "%a", "!a", "&a", "*a", "?", "? a"),
    *("--- a", "...", "---\na", "\ufeff", "a\ufeff", "\u2028", "a\u2028b", "\x85", "\xa0", "\x7f", "\x00", "\x1b", "é", "日本", "😀"),
    *("a" * 200, "x\n" * 5, "a  b", "  a  ", "/", "<<", "=", "1_000", "a\u0301", "\u202e", "a:", "a: ", "a:b", "a\xa0#b", "a#b", "b #"),
    *("a\r\nb", "\t", ":", "-", "\ufffe", "a\uffff", "ü" * 99),
]  # fmt: skip
TEXTS = st.sampled_from(ODD) | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(TEXTS, inner, min_size=1, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5))
def test_everything_reads_back_as_it_was(value: dict[str, Any]) -> None:
    problems: list[Any] = []
    document = read_yaml(emit(value).encode(), "plan.yaml", problems)
    assert (document and document.value, problems) == (value, [])


@given(TEXTS)
def test_a_text_reads_back_wherever_it_stands(text: str) -> None:
    value = {"plain": text, "list": [text, text], "items": [{"id": "a", "note": text}, {"id": "b"}], "deep": {"er": {"est": text}}}
    document = read_yaml(emit(value).encode(), "plan.yaml", [])
    assert document is not None
    assert document.value == value


@pytest.mark.parametrize("value", [{"a": []}, {"a": {}}, {"a": [[], {}]}, {"a": {"b": []}}])
def test_nothing_reads_back_as_nothing(value: dict[str, Any]) -> None:
    document = read_yaml(emit(value).encode(), "plan.yaml", [])
    assert document is not None
    assert document.value == value


def test_it_looks_as_a_rep_would_have_written_it() -> None:
    value = {
        "title": "Platform rollout",
        "value": "120000 EUR",
        "target": {"date": "2027-01-29", "label": "Go-live: Rotterdam"},
        "outcomes": ["A plan in one week", "No, not on Monday"],
        "summary": "Why we are here\n\nBecause.\n",
        "stages": [
            {
                "id": "evaluate",
                "title": "Evaluate together, with every plant that has asked for it since spring",
                "tasks": [{"id": "nda", "title": "Sign the NDA", "due": "2026-10-16", "after": ["kickoff"]}],
            }
        ],
    }
    assert emit(value) == (
        "title: Platform rollout\n"
        "value: 120000 EUR\n"
        'target: {date: 2027-01-29, label: "Go-live: Rotterdam"}\n'
        'outcomes: [A plan in one week, "No, not on Monday"]\n'
        "summary: |\n"
        "  Why we are here\n"
        "\n"
        "  Because.\n"
        "stages:\n"
        "  - id: evaluate\n"
        "    title: Evaluate together, with every plant that has asked for it since spring\n"
        "    tasks:\n"
        "      - {id: nda, title: Sign the NDA, due: 2026-10-16, after: [kickoff]}\n"
    )


@given(st.dictionaries(TEXTS.filter(bool), VALUES, min_size=1, max_size=4))
def test_what_was_read_is_written_the_same_again(value: dict[str, Any]) -> None:
    once = emit(value)
    document = read_yaml(once.encode(), "plan.yaml", [])
    assert document is not None
    assert emit(document.value) == once
