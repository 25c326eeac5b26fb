"""Whatever bytes come: a form, or a clear refusal; never a failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.receiver.running import FORM, PLAN, Receiving, multipart

from planmark.receiver.body import Form, read_form
from planmark.receiver.faults import BouncedError
from planmark.receiver.filetypes import TYPES, clean_name, type_of

T = TypeVar("T")
MULTIPART = "multipart/form-data; boundary=x"
kinds = st.sampled_from([FORM, "application/json", MULTIPART, 'multipart/form-data; boundary="x"', "multipart/form-data", "text/plain", ""])
pieces = st.sampled_from(
    [
        b"--x",
        b"--x--",
        b"\r\n",
        b"\r\n\r\n",
        b'Content-Disposition: form-data; name="pm_file"; filename="a.pdf"',
        b'Content-Disposition: form-data; name="a"',
        b"content-disposition: form-data;",
        b"--",
        b"pm_v=1&",
        b"%",
        b"{",
        b'"a":"b"',
        b"}",
        b"\\ud800",
        b"\xff",
        b"\0",
    ]
)
noise = st.one_of(st.binary(max_size=300), st.lists(pieces, max_size=20).map(b"".join))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
names = st.text("abcdefghijklmnop_", min_size=1, max_size=10)
forms = st.dictionaries(names, texts, max_size=10)


def outcome(reading: Callable[[], T]) -> T | BouncedError:
    """What was read, or why it was refused."""
    try:
        return reading()
    except BouncedError as bounced:
        return bounced


@settings(max_examples=400)
@given(kinds, noise)
def test_any_bytes_are_a_form_or_are_refused(kind: str, body: bytes) -> None:
    found = outcome(lambda: read_form(kind, body))
    assert isinstance(found, Form) or found.status in (413, 415, 422)


@given(forms)
def test_a_form_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    assert read_form(FORM, urlencode(fields).encode()).fields == fields
    assert read_form("application/json", json.dumps(fields).encode()).fields == fields
    body, kind = multipart(fields)
    assert read_form(kind, body) == Form(fields)


@settings(max_examples=300)
@given(forms, st.lists(st.tuples(names, noise), max_size=4))
def test_files_arrive_byte_for_byte(fields: dict[str, str], files: list[tuple[str, bytes]]) -> None:
    """Also those that hold line ends, dashes, and heads of parts; with a boundary that is not in them, as browsers choose it."""
    body, kind = multipart(fields, *files, boundary="a-boundary-that-is-in-no-file")
    found = read_form(kind, body)
    assert found.fields == fields
    assert [(file.name, bytes(file.data)) for file in found.files] == files


@settings(max_examples=300)
@given(st.sampled_from(sorted(TYPES)), st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"RIFF", b"GIF89a"]))
def test_any_bytes_are_a_file_or_are_refused(ending: str, content: bytes, start: bytes) -> None:
    found = outcome(lambda: type_of(f"a.{ending}", memoryview(start + content)))
    assert found == TYPES[ending] if isinstance(found, str) else found.code == "file-content"


@given(st.text(max_size=300), st.sampled_from([".pdf", ".txt", ".PNG", ""]))
def test_any_name_is_clean_or_refused(stem: str, ending: str) -> None:
    found = outcome(lambda: clean_name(stem + ending))
    if not isinstance(found, str):
        assert found.code == "file-type"
    else:
        assert 5 <= len(found) <= 150
        assert not set(found) & set("/\\\0\r\n\u202e")
        assert not found.startswith(".")


@settings(max_examples=150, deadline=None)
@given(kinds, noise, st.sampled_from(["application/json", "text/html", "*/*"]))
def test_a_receiver_never_fails_over_what_is_sent(server: Receiving, kind: str, body: bytes, accept: str) -> None:
    said = server.ask(f"/v1/plans/{PLAN}/events", "POST", body, Content_Type=kind, Accept=accept)
    assert said.status in (404, 413, 415, 422)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(["pm_v", "pm_plan", "pm_event", "pm_kind", "pm_item", "pm_token", "pm_next", "pm_payload"]), texts))
def test_nor_over_fields_of_a_form(server: Receiving, fields: dict[str, str]) -> None:
    assert server.post(fields).status in (404, 413, 422)
