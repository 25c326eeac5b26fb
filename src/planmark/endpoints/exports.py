"""What a service's own export holds, whatever service it is: CSV by the names of its columns, JSON by its keys.

Spreadsheets run what starts with `=` and its like, so exports put a `'` before it. Exactly one is taken away again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from planmark.endpoints.records import YES, JsonPath, as_text, at, files_in, own_fields
from planmark.endpoints.times import moment_of
from planmark.extensions import Record
from planmark.plan.submissions import FIELDS, HONEYPOT
from planmark.problems import Location, PlanmarkError, Problem

WHERE = Location("export")
"""Whoever knows the file's name puts it in this place."""
TIMES = (
    *("received", "received at", "submitted", "submitted at", "created", "created at", "timestamp", "submission date", "submission time"),
    *("date submitted", "created date", "date created", "date and time", "datetime", "date", "time"),
)
IDS = ("id", "submission id", "seq", "uuid")
SPAM = ("spam", "is spam", "suspect")
LISTS: tuple[JsonPath, ...] = ((), ("submissions",), ("data",), ("events",), ("rows",), ("records",), ("results",))
PARTS = ("fields", "data", "payload_params", "payload")
"""Where an item of a JSON export may hold what was sent, when not in itself."""
_OUR_COLUMN = re.compile(r"(?:^|.*[.\[/ ])(pm_[a-z]{1,20})\]?")
_ESCAPED = re.compile(r"'['=+\-@\t\r\n\0＝＋－＠]")
"""What an escaped cell starts with: the sign, and what it was put before. That may be the sign itself."""
EXPECTED = (
    "export all columns as CSV or JSON from the service; it must hold the column pm_payload, or pm_plan and its like, and the time of each"
)


def records_in(data: bytes, times: tuple[str, ...] = (), ids: tuple[str, ...] = (), files: JsonPath = ()) -> list[Record]:
    """The submissions in an export, in its order, those of other forms left out. PlanmarkError where there is none of ours.

    `times` and `ids` are looked at before the usual names: a sender could add a field that is called like one of those. `files` is
    where JSON holds addresses of files, beside the field of the file itself.
    """
    text = _text(data)
    is_json = text.lstrip()[:1] in ("[", "{")
    rows = _json_rows(text) if is_json else _csv_rows(text)
    problems: list[Problem] = []
    found = []
    for number, row in rows:
        fields = own_fields(row)
        if not fields:
            continue
        said = _first(row, (*times, *TIMES))
        received = moment_of(said)
        if received is None:
            what = f"its time `{said[:40]}` cannot be read" if said else "it has no time of receipt"
            hint = "times are read as 2026-11-03T09:12:44Z, with or without a zone" if said else EXPECTED
            problems.append(Problem("PM706", f"a submission in the export cannot be used: {what}", Location(WHERE.path, number, 1), hint))
            continue
        suspect = _first(row, SPAM).lower() in YES
        sent = files_in(row, at(row, files) if files else None)
        found.append(Record(source_id=_first(row, (*ids, *IDS)), received=received, fields=fields, files=sent, suspect=suspect))
    if problems:
        raise PlanmarkError(problems)
    if not found:
        raise _unreadable("it holds no submission of a plan")
    return found


def _text(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("it is neither UTF-8 nor UTF-16 text", "save it as CSV in UTF-8; of a spreadsheet's file, export that") from None


def _csv_rows(text: str) -> list[tuple[int, dict[str, Any]]]:
    """Rows by the names of their columns, with the line that each ends on."""
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise _unreadable(f"its line {reader.line_num} is no CSV: {error}") from None
    names = [_column(name) for name in rows[0][1]] if rows else []
    if not any(name in (*FIELDS, HONEYPOT) for name in names):
        raise _unreadable("none of its columns is called pm_payload or pm_plan")
    return [(number, {name: _unescaped(cell) for name, cell in reversed(list(zip(names, row, strict=False)))}) for number, row in rows[1:]]


def _column(written: str) -> str:
    """A column's name: one of ours, whatever the service made of it (`Pm Payload`, `data.pm_payload`), or in small letters."""
    plain = written.strip().lower()
    ours = _OUR_COLUMN.fullmatch(re.sub(r"^pm[ -]", "pm_", plain))
    return ours[1] if ours else plain


def _unescaped(cell: str) -> str:
    return cell[1:] if _ESCAPED.match(cell) else cell


def _json_rows(text: str) -> list[tuple[int, dict[str, Any]]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise _unreadable("its JSON is not whole") from None
    items = next((found for path in LISTS if isinstance(found := at(value, path), list)), None)
    if items is None:
        raise _unreadable("its JSON holds no list of submissions")
    return [(0, _flat(item)) for item in items if isinstance(item, dict)]


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with what was sent at its top."""
    sent: Mapping[str, Any] = next((item[part] for part in PARTS if isinstance(item.get(part), dict)), {})
    own = {name: value for name, value in item.items() if name not in PARTS}
    return {**own, **{name: value for name, value in sent.items() if name.startswith("pm_")}}


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of some columns that holds something, whatever signs stand between the letters of its name."""
    plain = {_letters(name): value for name, value in reversed(list(row.items())) if not name.startswith("pm_")}
    return next((text for name in names if (text := as_text(plain.get(_letters(name))))), "")


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _unreadable(message: str, hint: str = EXPECTED) -> PlanmarkError:
    return PlanmarkError(Problem("PM706", f"the export cannot be read: {message}", WHERE, hint))
