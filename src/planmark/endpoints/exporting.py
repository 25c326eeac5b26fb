"""What a receiver has, written as a file that reads back to the same: JSON, or a table that a spreadsheet cannot take for formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from urllib.parse import quote

from planmark.extensions import Record
from planmark.plan.submissions import FIELDS, FILE

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "'")
"""What a spreadsheet may take for the beginning of a formula, and the sign that says it is none."""
_OWN = ("id", "received", "spam")


def as_text(records: Iterable[Record]) -> str:
    """The records as JSON."""
    rows = [{**_row(one), FILE: [asdict(file) for file in one.files]} for one in records]
    return json.dumps({"submissions": rows}, ensure_ascii=False, indent=1) + "\n"


def as_table(records: Iterable[Record]) -> str:
    """The records as CSV, a column for each field of ours, and one for the address of a file, its name behind the `#`."""
    table = io.StringIO()
    writer = csv.DictWriter(table, [*_OWN, *FIELDS, FILE], lineterminator="\r\n")
    writer.writeheader()
    for one in records:
        files = [f"{file.url}#{quote(file.name, safe='', errors='replace')}" for file in one.files]
        row = {**_row(one), FILE: files[0] if files else ""}
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return table.getvalue()


def _row(record: Record) -> dict[str, str]:
    own = {"id": record.source_id, "received": record.received.isoformat(), "spam": "yes" if record.suspect else ""}
    return {**own, **{name: record.fields[name] for name in FIELDS if name in record.fields}}


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
