"""What a stranger sends becomes well-formed or is refused with a reason; nothing that was sent does worse."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.plan.submissions import (
    FIELDS,
    HONEYPOT,
    NAME_LIMIT,
    PAYLOAD_LIMIT,
    TEXT_LIMIT,
    RefusedError,
    Submission,
    clean_line,
    clean_text,
    read_submission,
)

PLAN = "0123456789abcdef" * 2
COMMENT = {"pm_v": "1", "pm_plan": PLAN, "pm_event": "0193-abcd-1", "pm_kind": "comment", "pm_item": "task/nda", "pm_text": "Hello"}
ANY = st.text(max_size=40) | st.binary(max_size=12).map(lambda data: data.decode("utf-8", "surrogateescape"))
FITTING = st.sampled_from(
    ["1", PLAN, "comment", "signed", "proposed", "agreed", "date", "owner", "2026-12-01", "task/nda", "plan", "", "test", "Maria"]
)


def refused(**changes: str) -> str:
    """The code that a comment with some changes is refused with; empty where it is taken."""
    try:
        read_submission({**COMMENT, **changes})
    except RefusedError as error:
        return error.code
    return ""


@given(st.dictionaries(st.sampled_from([*FIELDS, HONEYPOT]) | ANY, ANY | FITTING))
def test_whatever_is_sent_is_taken_or_refused(given: Mapping[str, str]) -> None:
    with suppress(RefusedError):
        said = read_submission(given)
        assert said.digest() == read_submission(given).digest()
        assert len(said.text) <= TEXT_LIMIT


@given(st.dictionaries(st.sampled_from(FIELDS[:-1]), ANY | FITTING), ANY | st.recursive(st.none() | ANY, lambda inner: st.lists(inner)))
def test_whatever_the_payload_holds_it_is_taken_or_refused(given: Mapping[str, str], more: object) -> None:
    for payload in (json.dumps({**COMMENT, **given}), json.dumps({**COMMENT, "pm_text": more}), json.dumps(more), str(more)):
        with suppress(RefusedError):
            read_submission({"pm_payload": payload}).digest()


NAUGHTY = {
    "a bidi override": ("good\u202egnp.exe", "goodgnp.exe"),
    "isolates and marks": ("\u2066a\u2069\u200eb\u200f\u061c", "ab"),
    "NUL and its like": ("a\x00b\x07c\x1b[2Jd\x9be\x7f", "abc[2Jde"),
    "line ends of others": ("a\r\nb\rc", "a\nb\nc"),
    "separators that some take for line ends": ("a\u2028b\u2029c\x85d", "abcd"),
    "heaps of empty lines": ("a\n\n\n\n\nb", "a\n\nb"),
    "zalgo": ("Z" + "\u0301" * 50 + "a", "Z" + "\u0301" * 3 + "a"),
    "zalgo broken up by what nobody sees": ("Z" + "\u0301\u200b" * 50, "Z" + "\u0301" * 3),
    "invisible letters": ("a\u200bb\ufeffc\u00add\u2060e\U000e0041", "abcde"),
    "half an emoji": ("a\ud83db", "ab"),
    "a family and a heart": ("👩‍👩‍👧 ❤️", "👩‍👩‍👧 ❤️"),
    "Persian with its joiners": ("می‌خواهم", "می‌خواهم"),
    "Devanagari and Thai": ("क्षत्रिय ที่นี่", "क्षत्रिय ที่นี่"),
    "markup": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "a formula": ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    "blanks around it": ("  \n\t hello \n ", "hello"),
}


@pytest.mark.parametrize(("sent", "kept"), NAUGHTY.values(), ids=NAUGHTY)
def test_a_text_is_kept_without_what_could_mislead(sent: str, kept: str) -> None:
    assert read_submission({**COMMENT, "pm_text": sent}).text == kept


@given(st.text() | ANY)
def test_a_clean_text_is_clean(text: str) -> None:
    for clean in (clean_text, clean_line):
        once = clean(text)
        assert clean(once) == once
        assert not [char for char in once if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]
        assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\u2029")
    assert "\n" not in clean_line(text)


def test_line_ends_make_no_difference_to_what_was_said() -> None:
    """A browser sends CRLF from a form, and the script what was typed."""
    one, other = (read_submission({**COMMENT, "pm_text": text}) for text in ("a\r\n\r\nb", "a\n\nb"))
    assert one.digest() == other.digest()


REFUSED = {
    "a megabyte": ({"pm_text": "x" * 1_000_000}, "long"),
    "a character too many": ({"pm_text": "x" * (TEXT_LIMIT + 1)}, "long"),
    "a name too long": ({"pm_name": "x" * (NAME_LIMIT + 1)}, "long"),
    "a value too long": ({"pm_value": "x" * 301}, "long"),
    "another version": ({"pm_v": "2"}, "version"),
    "no plan": ({"pm_plan": ""}, "plan"),
    "a plan that is a path": ({"pm_plan": "../" + PLAN}, "plan"),
    "a plan in capitals": ({"pm_plan": PLAN.upper()}, "plan"),
    "a seller's act": ({"pm_kind": "status"}, "kind"),
    "no kind": ({"pm_kind": ""}, "kind"),
    "no item of a plan": ({"pm_item": "deal/nda"}, "item"),
    "an item that is a path": ({"pm_item": "task/../../x"}, "item"),
    "an id that is a path": ({"pm_event": "../../../x"}, "id"),
    "an id of a whole novel": ({"pm_event": "x" * 65}, "id"),
    "a token with a line end": ({"pm_token": "a\r\nb"}, "token"),
    "a version that is none": ({"pm_rev": "latest"}, "rev"),
    "an empty comment": ({"pm_text": " \u200b\n"}, "empty"),
    "a proposal of nothing": ({"pm_kind": "proposed"}, "what"),
    "a proposal without its value": ({"pm_kind": "proposed", "pm_what": "task"}, "empty"),
    "a comment that proposes": ({"pm_what": "date", "pm_value": "2026-12-01"}, "what"),
    "a date that is none": ({"pm_kind": "proposed", "pm_what": "date", "pm_value": "2026-02-30"}, "date"),
    "a date of a week": ({"pm_kind": "proposed", "pm_what": "date", "pm_value": "2026-W10-1"}, "date"),
    "a date in Arabic digits": ({"pm_kind": "agreed", "pm_value": "٢٠٢٦-12-01"}, "date"),
    "a signature without a name": ({"pm_kind": "signed", "pm_text": "I agree."}, "empty"),
    "a signature without its statement": ({"pm_kind": "signed", "pm_name": "Maria", "pm_text": ""}, "empty"),
    "a field that people do not see": ({HONEYPOT: "https://spam.example"}, "honeypot"),
}


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_by_a_code(changes: dict[str, str], code: str) -> None:
    assert refused() == ""
    assert refused(**changes) == code


def test_the_longest_text_is_taken() -> None:
    assert refused(pm_text="é" * TEXT_LIMIT, pm_name="é" * NAME_LIMIT) == ""


def test_the_payload_counts_and_nothing_beside_it() -> None:
    """A service may change, cut or add flat fields; what the script sent as one text is whole or not there."""
    payload = json.dumps({**COMMENT, "pm_text": "Said"})
    found = read_submission({**COMMENT, "pm_text": "Changed", "pm_kind": "signed", "pm_token": "x.y.z", "pm_payload": payload})
    assert (found.kind, found.text, found.token) == ("comment", "Said", "")


@pytest.mark.parametrize(
    "payload",
    ["{", "[]", '"text"', "null", "1", '{"pm_text": 1}', '{"pm_text": {"a": "b"}}', '{"pm_plan": null}', "[" * 60_000, "NaN"],
    ids=["cut", "a list", "a text", "nothing", "a number", "a number in it", "more in it", "nothing in it", "lists in lists", "NaN"],
)
def test_a_payload_that_is_not_whole_is_refused_though_the_flat_fields_are_there(payload: str) -> None:
    assert refused(pm_payload=payload) == "payload"


def test_a_payload_too_long_is_refused_unread() -> None:
    assert refused(pm_payload=json.dumps({**COMMENT, "more": "x" * PAYLOAD_LIMIT})) == "long"


def test_a_hidden_field_counts_beside_a_payload() -> None:
    """Robots fill in every field that they see in the page, the payload with it."""
    assert refused(pm_payload=json.dumps(COMMENT), **{HONEYPOT: "x"}) == "honeypot"


def test_without_a_script_there_is_no_id_and_a_missing_item_is_the_plan() -> None:
    found = read_submission({"pm_plan": PLAN, "pm_kind": "comment", "pm_text": "Hello", "email": "x@y.example", "_cc": "z@y.example"})
    assert found == Submission(plan=PLAN, on="plan", kind="comment", text="Hello")


def test_the_same_submission_has_one_digest_and_every_part_counts() -> None:
    whole = {**COMMENT, "pm_name": "Maria", "pm_rev": "0" * 32, "pm_token": "a.b.c", "pm_value": "v"}
    same = {"pm_payload": json.dumps(dict(reversed(whole.items())))}
    assert read_submission(same).digest() == read_submission(whole).digest()
    changes = {
        name: value + ("0" if name in ("pm_rev", "pm_item") else "1")
        for name, value in whole.items()
        if name not in ("pm_v", "pm_plan", "pm_kind")
    }
    changes |= {"pm_plan": "f" * 32, "pm_kind": "declined"}
    digests = {read_submission({**whole, name: value}).digest() for name, value in changes.items()}
    assert len(digests) == len(changes)
