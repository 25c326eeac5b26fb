"""What a receiver has, written as a file that reads back to the same: JSON, or a table that a spreadsheet cannot take for formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from planmark.extensions import Record
from planmark.plan.submissions import FIELDS

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "'")
"""What a spreadsheet may take for the beginning of a formula, and the sign that says it is none."""
_OWN = ("id", "received", "spam")


def as_text(records: Iterable[Record]) -> str:
    """The records as JSON."""
    return json.dumps({"submissions": [_row(one) for one in records]}, ensure_ascii=False, indent=1) + "\n"


def as_table(records: Iterable[Record]) -> str:
    """The records as CSV, a column for each field of ours."""
    table = io.StringIO()
    writer = csv.DictWriter(table, [*_OWN, *FIELDS], extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in _row(one).items()} for one in records)
    return table.getvalue()


def _row(record: Record) -> dict[str, str]:
    own = {"id": record.source_id, "received": record.received.isoformat(), "spam": "yes" if record.suspect else ""}
    return {**own, **record.fields}


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
