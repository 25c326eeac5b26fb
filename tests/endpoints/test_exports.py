"""An export is read whatever made it: any text comes back, and what cannot be read is told with what was expected."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.endpoints.fakes.serving import csv_of, escaped
from tests.endpoints.likenesses import PLAN

from planmark.endpoints.exports import records_in
from planmark.extensions import Record, SentFile
from planmark.plan.submissions import FIELDS
from planmark.problems import PlanmarkError, Problem

WHEN = "2026-11-03T09:12:44Z"
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.builds(
    str.__add__,
    st.sampled_from(["=", "+", "-", "@", "'", "'=", "''@", '"', '""', ";", "\t", "\r\n", "\n", "\0", "＝"]),
    st.text(max_size=9),
).filter(lambda text: text.isprintable() or text.encode("utf-8", "ignore").decode() == text)
ROWS = st.lists(st.dictionaries(st.sampled_from(FIELDS), TEXTS.filter(bool), min_size=1), min_size=1, max_size=6)


def problem(data: bytes) -> Problem:
    with pytest.raises(PlanmarkError) as caught:
        records_in(data)
    (found,) = caught.value.problems
    assert found.code == "PM706"
    assert found.hint
    return found


@given(rows=ROWS, delimiter=st.sampled_from(",;\t"), bom=st.booleans())
@settings(deadline=None, max_examples=300)
def test_any_text_comes_back_from_an_export_that_escapes(rows: list[dict[str, str]], delimiter: str, bom: bool) -> None:
    data = csv_of([{"Date": WHEN, **dict.fromkeys(FIELDS, ""), **row} for row in rows], delimiter, bom)
    assert [dict(one.fields) for one in records_in(data)] == rows


@given(rows=ROWS)
@settings(deadline=None, max_examples=200)
def test_any_text_comes_back_from_an_export_that_does_not_escape(rows: list[dict[str, str]]) -> None:
    """But for what starts like an escaped cell: of that, one `'` is lost."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["created_at", *FIELDS], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({"created_at": WHEN, **row} for row in rows)
    wanted = [{name: text[1:] if text[0] == "'" and text[1:] != escaped(text[1:]) else text for name, text in row.items()} for row in rows]
    assert [dict(one.fields) for one in records_in(out.getvalue().encode())] == wanted


@given(rows=ROWS, wide=st.booleans())
@settings(deadline=None, max_examples=100)
def test_any_text_comes_back_from_json(rows: list[dict[str, str]], wide: bool) -> None:
    text = json.dumps([{"createdAt": WHEN, "data": row} for row in rows], ensure_ascii=False)
    data = text.encode("utf-16") if wide else b"\xef\xbb\xbf" + text.encode()
    assert [dict(one.fields) for one in records_in(data)] == rows


@given(data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(deadline=None, max_examples=500)
def test_no_file_leads_to_a_traceback(data: bytes) -> None:
    for head in (b"", b"pm_payload,date\r\n", b"[", b'{"submissions":['):
        try:
            records_in(head + data)
        except PlanmarkError as error:
            assert {one.code for one in error.problems} == {"PM706"}  # noqa: PT017 - it need not be raised


def only(data: str) -> Record:
    (found,) = records_in(data.encode())
    return found


@pytest.mark.parametrize(
    "head",
    ["pm_plan", "PM_PLAN", "Pm Plan", "pm-plan", "data.pm_plan", "fields[pm_plan]", "payload_params/pm_plan", " pm_plan "],
)
def test_columns_are_known_whatever_a_service_makes_of_their_names(head: str) -> None:
    assert only(f"{head},date\n{PLAN},{WHEN}\n").fields == {"pm_plan": PLAN}


@pytest.mark.parametrize(
    "head",
    [
        *("received", "Received at", "received_at", "created_at", "Created At", "createdAt", "submitted_at", "Submission Date", "_date"),
        *("Timestamp", "date", "Date & Time", "time", "submission-time", "Date Submitted"),
    ],
)
def test_the_time_of_receipt_is_known_by_its_usual_names(head: str) -> None:
    assert only(f"pm_plan,{head}\n{PLAN},{WHEN}\n").received == datetime(2026, 11, 3, 9, 12, 44, tzinfo=UTC)


def test_a_field_that_is_called_like_a_time_does_not_take_the_services_place() -> None:
    data = f"received,_date,pm_plan,_date\n2020-01-01T00:00:00Z,{WHEN},{PLAN},2021-01-01T00:00:00Z\n".encode()
    (record,) = records_in(data, ("_date",))
    assert record.received.year == 2026


def test_what_other_forms_sent_is_left_out() -> None:
    assert only(f"pm_plan,date,email\n,{WHEN},a@b.example\n{PLAN},{WHEN},\n").fields == {"pm_plan": PLAN}


def test_ids_spam_and_files_come_along() -> None:
    record = only(f"ID,Spam,pm_file,pm_plan,Created At\n77,true,https://usebasin.com/x/Angebot%201.pdf,{PLAN},{WHEN}\n")
    assert (record.source_id, record.suspect) == ("77", True)
    assert record.files == (SentFile("Angebot 1.pdf", "https://usebasin.com/x/Angebot%201.pdf"),)


def test_a_row_that_is_shorter_or_longer_than_the_head() -> None:
    assert only(f"date,pm_plan,pm_kind\n{WHEN},{PLAN}\n").fields == {"pm_plan": PLAN}
    assert only(f"date,pm_plan\n{WHEN},{PLAN},more,and more\n").fields == {"pm_plan": PLAN}


@pytest.mark.parametrize("value", [7, True, None, ["a"], {"a": 1}, 1.5])
def test_values_that_are_no_texts_make_no_trouble(value: object) -> None:
    assert only(json.dumps([{"date": WHEN, "pm_plan": PLAN, "pm_text": value}])).fields["pm_plan"] == PLAN


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "none of its columns is called pm_payload"),
        (b"\n\n", "none of its columns"),
        (b"a,b\n1,2\n", "none of its columns"),
        (b"\xff\x00\x81", "neither UTF-8 nor UTF-16"),
        (b"PK\x03\x04\xff\xfe", "neither UTF-8 nor UTF-16"),
        (b"\xff\xfea", "neither UTF-8 nor UTF-16"),
        (b'{"submissions": [', "its JSON is not whole"),
        (b"[" * 100_000, "its JSON is not whole"),
        (b'{"a": 1}', "holds no list"),
        (b"[]", "no submission of a plan"),
        (b'[{"date": "2026-11-03", "email": "x"}]', "no submission of a plan"),
        (b"pm_plan,date\n", "no submission of a plan"),
        (b"pm_plan,email\nabc,x\n", "it has no time of receipt"),
        (b"pm_plan,date\nabc,11/03/2026 9:12 AM\n", "`11/03/2026 9:12 AM` cannot be read"),
        (b'pm_plan,date\n"' + b"x" * 200_000, "is no CSV"),
    ],
)
def test_what_cannot_be_read(data: bytes, message: str) -> None:
    assert message in problem(data).message


def test_every_row_that_cannot_be_read_is_told_with_its_line() -> None:
    with pytest.raises(PlanmarkError) as caught:
        records_in(f"pm_plan,date\n{PLAN},x\n{PLAN},{WHEN}\n{PLAN},\n".encode())
    assert [one.location.line for one in caught.value.problems] == [2, 4]
