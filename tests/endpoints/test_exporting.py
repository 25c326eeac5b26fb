"""What a receiver has, written as a file: it reads back to the same, and a spreadsheet takes none of it for a formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.endpoints.exporting import FORMULA, as_table, as_text
from planmark.endpoints.kinds import KINDS
from planmark.extensions import Record, SentFile
from planmark.plan.submissions import FIELDS

PLAN = "0123456789abcdef" * 2
STARTS = st.sampled_from(["", *FORMULA, "'", "''", "'=", "''=", "'''@", "\ufeff", " =", '"', ";", "\r\n=", "\\"])
TEXTS = st.builds(str.__add__, STARTS, st.text(max_size=12)) | st.sampled_from(
    ["=1+1", "-2", "@SUM(A1)", "\x00", "a,b;c\td", "\u2028", "👋"]
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A submission of a plan, with any text in any field."""
    sent = draw(st.dictionaries(st.sampled_from([name for name in FIELDS if name != "pm_plan"]), TEXTS))
    fields = {"pm_plan": PLAN, **{name: text for name, text in sent.items() if text}}
    return Record(source_id=str(draw(st.integers(1, 10**9))), received=draw(MOMENTS), fields=fields, suspect=draw(st.booleans()))


@given(st.lists(records(), min_size=1, max_size=5))
def test_a_table_and_a_json_file_read_back_to_the_same(given: list[Record]) -> None:
    for text in (as_table(given), as_text(given)):
        found = list(KINDS["planmark"].exported(text.encode()))
        assert [dict(one.fields) for one in found] == [dict(one.fields) for one in given]
        assert found == given


@given(st.lists(records(), min_size=1, max_size=3))
def test_no_cell_of_a_table_begins_a_formula(given: list[Record]) -> None:
    rows = list(csv.reader(io.StringIO(as_table(given), newline="")))
    assert len(rows) == len(given) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(tuple(sign for sign in FORMULA if sign != "'"))]


def test_a_table_has_a_column_for_each_field_of_ours_in_one_order() -> None:
    head = as_table([]).splitlines()[0].split(",")
    assert head == ["id", "received", "spam", *FIELDS, "pm_file"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_that_a_spreadsheet_wrote_anew_reads_back_too(delimiter: str) -> None:
    """Saved with another sign between its cells, a byte order mark, and line ends of its own."""
    given = [
        Record(
            source_id=str(number),
            received=datetime(2026, 11, 3, tzinfo=UTC) + timedelta(seconds=number),
            fields={"pm_plan": PLAN, "pm_kind": "comment", "pm_text": text},
        )
        for number, text in enumerate(("=1", "'=1", "'x", "a\nb", 'say "x"; or y'), 1)
    ]
    table = io.StringIO()
    csv.writer(table, delimiter=delimiter, lineterminator="\n").writerows(csv.reader(io.StringIO(as_table(given), newline="")))
    assert list(KINDS["generic"].exported(b"\xef\xbb\xbf" + table.getvalue().encode())) == given


def test_a_file_is_found_again_from_either() -> None:
    file = SentFile("Angebot #1/2 =1%23.pdf", "https://forms.example/v1/files/" + "a" * 64)
    fields = {"pm_plan": PLAN, "pm_kind": "upload", "pm_item": "task/nda"}
    one = Record(source_id="1", received=datetime(2026, 11, 3, tzinfo=UTC), fields=fields, files=(file,))
    for text in (as_text([one]), as_table([one])):
        assert list(KINDS["planmark"].exported(text.encode())) == [one]


def test_nothing_but_our_own_fields_is_written() -> None:
    """What a browser or a service added is nobody's business."""
    one = Record(source_id="1", received=datetime(2026, 11, 3, tzinfo=UTC), fields={"pm_plan": PLAN, "ip": "203.0.113.9"})
    assert "203.0.113.9" not in as_table([one])
    assert "203.0.113.9" not in as_text([one])
    assert json.loads(as_text([one]))["submissions"][0]["pm_plan"] == PLAN
