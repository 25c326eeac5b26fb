"""YAML as a rep writes it: every scalar stays the text that it is, every value has its place, and nothing takes long."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planmark.content.yamltext import read_yaml
from planmark.problems import Location, Path, Problem


def read(text: str | bytes) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    document = read_yaml(text if isinstance(text, bytes) else text.encode(), "plan.yaml", problems)
    return (document.value if document else None), problems


PLAIN = (
    "no yes on off y NO true False null ~ = 12:30 1:30:00 1e3 0123 0x1F 0o17 1_000 4.0 .5 nan .nan .inf -.inf "
    "2026-11-03 2026-11-03T09:00:00Z << NL 1,000 +31 a:b a#b 10% 5_0"
)


@pytest.mark.parametrize("word", PLAIN.split())
def test_a_word_stays_what_was_written(word: str) -> None:
    assert read(f"key: {word}\nlist:\n  - {word}\n") == ({"key": word, "list": [word]}, [])


@pytest.mark.parametrize("word", ["no", "12:30", "1e3", "0123", "~", "null", "2026-11-03"])
def test_a_word_inside_brackets_and_as_a_key_stays_what_was_written(word: str) -> None:
    assert read(f"map: {{a: {word}, b: [{word}]}}\n'{word}': x\n") == ({"map": {"a": word, "b": [word]}, word: "x"}, [])


def test_an_empty_file_and_a_file_of_comments_are_empty_mappings() -> None:
    assert [read(text)[0] for text in ("", "\n\n", "# soon\n", "---\n", "\ufeff")] == [{}] * 5


def test_a_byte_order_mark_is_taken_off_and_shifts_no_place() -> None:
    problems: list[Problem] = []
    document = read_yaml(b"\xef\xbb\xbftitle: Rollout\n", "plan.yaml", problems)
    assert document is not None
    assert document.value == {"title": "Rollout"}
    assert document.at(("title",)) == Location("plan.yaml", 1, 8)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_kind_of_line_end_reads_the_same(end: str) -> None:
    text = end.join(["title: Rollout", "summary: |", "  one", "", "  two", "people:", "  - maria", ""])
    problems: list[Problem] = []
    document = read_yaml(text.encode(), "plan.yaml", problems)
    assert document is not None
    assert document.value == {"title": "Rollout", "summary": "one\n\ntwo\n", "people": ["maria"]}
    assert document.at(("people", 0)) == Location("plan.yaml", 7, 5)
    assert document.at(("summary",), offset=(2, 0)) == Location("plan.yaml", 5, 3)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_a_pasted_line_separator_is_a_space_and_shifts_no_place(separator: str) -> None:
    problems: list[Problem] = []
    document = read_yaml(f"title: Roll{separator}out\npeople: maria\n".encode(), "plan.yaml", problems)
    assert document is not None
    assert document.value == {"title": "Roll out", "people": "maria"}
    assert document.at(("people",)) == Location("plan.yaml", 2, 9)


def test_an_alias_stands_for_a_copy_and_has_the_place_where_it_is_written() -> None:
    problems: list[Problem] = []
    document = read_yaml(b"a: &a [x, y]\nb: *a\n", "plan.yaml", problems)
    assert document is not None
    assert (document.value, problems) == ({"a": ["x", "y"], "b": ["x", "y"]}, [])
    assert document.at(("b",)) == Location("plan.yaml", 2, 4)


def test_a_place_that_is_not_there_is_the_nearest_one_around_it() -> None:
    document = read_yaml(b"title: Rollout\npeople:\n  - {id: maria}\n", "plan.yaml", [])
    assert document is not None
    assert document.at(()) == Location("plan.yaml", 1, 1)
    assert document.at(("nothing", "below")) == Location("plan.yaml", 1, 1)
    assert document.at(("people", 0, "nothing")) == Location("plan.yaml", 3, 5)
    assert document.at(("people", 7)) == Location("plan.yaml", 3, 3)
    assert document.at(("title", 0)) == Location("plan.yaml", 1, 8)  # one value that stands for a list
    assert document.at(("people", "ids", 0, "id"), at_key=True) == Location("plan.yaml", 3, 6)  # a list that stands for a mapping


# ---- random structures ---------------------------------------------------------------------------------------------------

WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"), max_size=12
)
STRUCTURES: st.SearchStrategy[Any] = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(WORDS, inner, min_size=1, max_size=4),
    max_leaves=12,
)


def double_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{double_quoted(key)}: {as_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_flow, value)) + "]"
    return double_quoted(value)


def as_block(value: Any, indent: int = 0) -> str:
    pad = "\n" + " " * indent
    if isinstance(value, dict):
        return "".join(f"{pad}{double_quoted(key)}: {as_block(one, indent + 2)}" for key, one in value.items())
    if isinstance(value, list):
        return "".join(f"{pad}- {as_block(one, indent + 2)}" for one in value)
    return double_quoted(value)


def leaves(value: Any, path: Path = ()) -> list[tuple[Path, str]]:
    if isinstance(value, dict):
        return [leaf for key, one in value.items() for leaf in leaves(one, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, one in enumerate(value) for leaf in leaves(one, (*path, index))]
    return [(path, value)]


@given(st.dictionaries(WORDS, STRUCTURES, min_size=1, max_size=5), st.sampled_from([as_flow, as_block]))
def test_every_text_is_read_and_stands_where_its_place_says(value: dict[str, Any], written: Any) -> None:
    text = written(value)
    problems: list[Problem] = []
    document = read_yaml(text.encode(), "plan.yaml", problems)
    assert problems == []
    assert document is not None
    assert document.value == value
    lines = text.split("\n")
    for path, leaf in leaves(value):
        where = document.at(path)
        assert lines[where.line - 1][where.column - 1 :].startswith(double_quoted(leaf))
        key = next(step for step in reversed(path) if isinstance(step, str))
        if path[-1] == key:
            where = document.at(path, at_key=True)
            assert lines[where.line - 1][where.column - 1 :].startswith(double_quoted(key))


TEXTS = st.lists(st.text(alphabet="abü,.'\" ", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=4)


@given(TEXTS, st.integers(2, 9), st.data())
def test_a_column_inside_a_block_text_is_that_of_the_file(lines: list[str], indent: int, data: st.DataObject) -> None:
    text = "title: x\nsummary: |\n" + "\n".join(" " * indent + line for line in lines) + "\n"
    document = read_yaml(text.encode(), "plan.yaml", [])
    assert document is not None
    number = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.sampled_from([index for index, sign in enumerate(lines[number]) if sign != " "]))
    if (number, column) != (0, 0):
        assert document.at(("summary",), offset=(number, column)) == Location("plan.yaml", number + 3, indent + column + 1)


@given(st.text(alphabet="abü,.'\"\\ é\t", min_size=2).map(str.strip).filter(lambda text: len(text) > 1), st.data())
def test_a_column_inside_a_quoted_text_is_that_of_the_file(text: str, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from([index for index, sign in enumerate(text) if index and not sign.isspace()]))
    before, after = text[:column], text[column:]
    for quote, escape in (("'", lambda part: part.replace("'", "''")), ('"', lambda part: part.replace("\\", "\\\\").replace('"', '\\"'))):
        document = read_yaml(f"summary: {quote}{escape(before)}{escape(after)}{quote}\n".encode(), "plan.yaml", [])
        assert document is not None
        assert document.at(("summary",), offset=(0, column)) == Location("plan.yaml", 1, 11 + len(escape(before)))


# ---- hostile files -------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200) | st.text(alphabet="ab:-#?,[]{}&*!|>'\"%@`~\n\t \\0é\u2028\ufeff", max_size=60).map(str.encode))
@example(b"a: !<tag:yaml.org,2002:python/object/apply:os.system> [x]")
@example(b"&a [*a]")
@example(b"{a, b")
@example(b"? ? ? a")
@example(b"a: {b: #c\n")
@example(b"%YAML 9.9\n---\na")
@example(b"[{")
@example(b"- &\n- *")
@example("\ud800".encode("utf-8", "surrogatepass"))
def test_no_file_stops_the_reader(data: bytes) -> None:
    problems: list[Problem] = []
    document = read_yaml(data, "plan.yaml", problems)
    assert document is not None or problems
    size = data.count(b"\n") + data.count(b"\r") + 1
    for problem in problems:
        assert problem.hint
        assert 0 <= problem.location.line <= size
        assert problem.location.column >= 0


NESTED = {
    "brackets": "a: " + "[" * 100_000,
    "braces": "a: " + "{a: " * 100_000,
    "closed brackets": "a: " + "[" * 100_000 + "]" * 100_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 100_000,
    "indented keys": "\n".join(" " * depth + "a:" for depth in range(2_000)),
    "aliases of aliases": "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)),
    "one alias very often": "a: &a [" + "x, " * 1_000 + "]\nb: [" + "*a, " * 100_000 + "]\n",
    "very many values": "a: [" + "x, " * 1_000_000 + "]",
    "very many keys": "".join(f"k{n}: x\n" for n in range(300_000)),
    "a very long line": "a: " + "x" * 3_000_000 + " #x",
    "very many quotes": '"' * 1_000_001,
    "very many line ends": "\r\n" * 1_500_000,
    "very many anchors": "a: [" + "".join(f"&a{n} x, " for n in range(150_000)) + "]",
}


@pytest.mark.parametrize("shape", NESTED)
def test_a_file_made_to_hurt_is_refused_or_read_at_once(shape: str) -> None:
    started = time.process_time()
    value, problems = read(NESTED[shape])
    assert time.process_time() - started < 3
    assert problems or value == {} or shape == "a very long line"
    assert len(problems) < 200_000
