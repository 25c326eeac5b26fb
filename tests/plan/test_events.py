"""An event is one line, whatever a stranger wrote into it, and a line that is no event says why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.doing import MANY, MOMENTS, event, seller

from planmark.plan.events import Event, NotAnEventError, Upload, after, day_of, event_line, moment, moment_key, once_each, read_event

TEXTS = st.text(max_size=60) | st.sampled_from(
    ["\u2028\u2029\x85\x00\x1b[2J", "a\r\nb\n", '"}\n{"', "👩‍👩‍👧‍👦", "\ufeff", "\\ud800", "e\u0301" * 9]
)
"""Any text but halves of characters, which hypothesis leaves out of texts."""


@st.composite
def anything(draw: st.DrawFn) -> Event:
    """An event with any text in every field that takes one."""
    names = ("by", "name", "text", "value", "rev", "of", "via", "key", "lapsed")
    texts = {name: draw(TEXTS) for name in names}
    file = Upload(draw(TEXTS), draw(st.text("0123456789abcdef", min_size=64, max_size=64)), draw(st.integers(0, 10**12)))
    return Event(
        id=draw(st.from_regex(r"[A-Za-z0-9_-]{8,64}", fullmatch=True)),
        plan=draw(st.sampled_from(["acme", "x"])),
        on=draw(st.sampled_from(["plan", "task/nda", "criterion/a_b-1"])),
        kind="comment",
        received=draw(MOMENTS),
        proof=draw(st.sampled_from(["link", ""])),  # type: ignore[arg-type]
        was=draw(st.none() | TEXTS),
        link=draw(st.integers(0, 10**9)),
        spam=draw(st.booleans()),
        file=draw(st.sampled_from([None, file])),
        **texts,
    )


@given(anything())
def test_what_is_written_is_read_again(one: Event) -> None:
    assert read_event(event_line(one)) == one
    assert event_line(read_event(event_line(one))) == event_line(one)


@given(anything())
def test_an_event_is_one_line_for_whatever_reads_lines(one: Event) -> None:
    """Editors and other languages end a line at U+2028 and its like, too."""
    line = event_line(one)
    assert "\n" not in line
    assert not set(line) & {"\u2028", "\u2029", "\r", "\x1b", "\0"}
    assert json.loads(line)["id"] == one.id
    assert read_event(line.encode().decode()) == one


@given(
    st.text()
    | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape"))
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=9,
    ).map(json.dumps)
)
def test_any_other_line_is_no_event_and_nothing_worse(line: str) -> None:
    with pytest.raises(NotAnEventError):
        read_event(line)


@given(anything(), st.sampled_from(sorted(json.loads(event_line(seller(was="", value="done"))))), st.data())
def test_an_event_with_one_value_of_another_kind_is_no_event(one: Event, name: str, data: st.DataObject) -> None:
    given = json.loads(event_line(one))
    given[name] = data.draw(st.none() | st.integers() | st.lists(st.text(max_size=1), max_size=1) | st.booleans() | st.floats())
    with pytest.raises(NotAnEventError):
        read_event(json.dumps(given))


WHOLE: dict[str, Any] = json.loads(event_line(event()))
WRONG: dict[str, dict[str, Any]] = {
    "no id": {"id": ""},
    "an id that leaves its folder": {"id": "../../../etc"},
    "a short id": {"id": "seven-7"},
    "an item of no kind": {"on": "deal/nda"},
    "an item that leaves its kind": {"on": "task/../plan"},
    "a kind of the seller's without its proof": {"kind": "status"},
    "a kind of the buyer's with the seller's proof": {"proof": "seller"},
    "an unknown proof": {"proof": "word"},
    "an unknown field": {"role": "admin"},
    "another zone": {"received": "2026-11-03T09:12:44+01:00"},
    "a day that is none": {"received": "2026-02-30T09:12:44Z"},
    "an hour that is none": {"received": "2026-02-03T25:12:44Z"},
    "digits of another script": {"received": "٢٠٢٦-11-03T09:12:44Z"},
    "the end of the calendar": {"received": "9999-12-31T23:59:59.999Z"},
    "its beginning": {"received": "0001-01-01T00:00:00Z"},
    "a proposal of nothing": {"kind": "proposed"},
    "a proposal of something unknown": {"kind": "proposed", "what": "price"},
    "what is proposed in a comment": {"kind": "comment", "what": "date"},
    "a file without a digest": {"file": {"name": "a.pdf", "digest": "", "size": 1}},
    "a file whose digest is a path": {"file": {"name": "a.pdf", "digest": "../" * 21 + "a", "size": 1}},
    "a file of less than nothing": {"file": {"name": "a.pdf", "digest": "0" * 64, "size": -1}},
    "a file with more": {"file": {"name": "a.pdf", "digest": "0" * 64, "size": 1, "path": "/etc/passwd"}},
    "half a character": {"text": "\ud83d"},
    "half a character in a file's name": {"file": {"name": "\udc00.pdf", "digest": "0" * 64, "size": 1}},
    "half a character in a key": {"\ud83d": ""},
    "a number too long to be read": {"link": 10**4000},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_line_that_no_event_gives_is_none(change: dict[str, Any]) -> None:
    assert read_event(json.dumps(WHOLE))
    with pytest.raises(NotAnEventError):
        read_event(json.dumps({**WHOLE, **change}) if change != WRONG["a number too long to be read"] else f'{{"link": {"1" * 5000}}}')


def test_lists_in_lists_without_end_are_no_event() -> None:
    with pytest.raises(NotAnEventError):
        read_event("[" * 100_000)


@given(st.lists(MOMENTS, min_size=2))
def test_moments_sort_as_their_texts_do(moments: list[str]) -> None:
    shorter = [one.replace(".000Z", "Z").replace("00Z", "Z") if "." in one else one for one in moments]
    by_time = sorted(shorter, key=lambda one: datetime.fromisoformat(one))
    assert [moment_key(one) for one in by_time] == sorted(moment_key(one) for one in shorter)


@given(MANY)
def test_each_id_is_left_once_and_in_order(events: list[Event]) -> None:
    found = once_each(events)
    assert len({one.id for one in found}) == len(found)
    times = [datetime.fromisoformat(one.received) for one in found]
    assert times == sorted(times)
    assert once_each(found) == found


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), MANY)
def test_a_sellers_event_comes_after_everything_on_its_item(now: datetime, events: list[Event]) -> None:
    """Also where the receiver's clock is ahead of the seller's: what they saw is what they answer to."""
    stamp = after(now, events, "task/nda")
    mine = replace(seller(id="a-new-one"), received=stamp)
    assert read_event(event_line(mine)) == mine
    assert max([*events, mine], key=lambda one: (one.on == "task/nda", moment_key(one.received))) is mine
    assert datetime.fromisoformat(stamp) >= now.replace(microsecond=now.microsecond // 1000 * 1000)


def test_a_moment_is_in_utc_with_milliseconds() -> None:
    east = datetime.fromisoformat("2026-11-03T09:12:44.120999+09:00")
    assert moment(east) == "2026-11-03T00:12:44.120Z"
    assert moment(east - timedelta(milliseconds=120)) == "2026-11-03T00:12:44.000Z"


@pytest.mark.parametrize(
    "text", ["0001100100", "20261201", "2026-W49-2", "2026-13-01", "0001-10-01", "2026-12-01T00:00", " 2026-12-01", "２026-12-01", ""]
)
def test_what_is_not_written_year_month_day_is_no_day(text: str) -> None:
    assert day_of(text) is None


@given(st.dates(min_value=date(2000, 1, 1)))
def test_a_day_is_read_as_it_was_written(day: date) -> None:
    assert day_of(day.isoformat()) == day
