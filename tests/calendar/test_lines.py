"""Whatever stands in a plan, a calendar stays one: texts come back as they were, and inject nothing."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.calendar.plans import Plain, retold, view, whole
from tests.calendar.readers import Read, all_by_icaljs, by_icalendar
from tests.hostile.strings import EVERY

from planmark.site.calendar.lines import LONGEST, escaped, joined

INJECTING = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nSUMMARY:evil"
NASTY = st.text(st.sampled_from('\\;,:"nN \t\r\n\v\f\0\x1c\x85\u2028\u2029\u200f\ud800ab日本é👩🏽‍💻') | st.characters(), max_size=120)
LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")


@pytest.fixture(scope="module")
def plan() -> Plain:
    """A plan of two tasks."""
    return view(
        "- {title: Sign, id: nda, owner: maria, due: 2026-11-20}\n- {title: Meet, id: kickoff, due: 2026-11-24, meeting: {place: Here}}"
    )


def told(text: str) -> str:
    """A text as a calendar can hold it: its line ends are plain ones, and it has no control characters or halves of letters."""
    text = LINE_ENDS.sub("\n", text).encode("utf-8", "replace").decode()
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")


def plain(plan: Plain, text: str) -> Plain:
    """The plan with that text wherever one can write one."""
    owners = [{"id": "maria", "name": text}]
    meeting = {"place": text, "agenda": [text], "with": owners, "link": text}
    changed = retold(retold(plan, title=text, why=text, evidence=text, owners=owners), "kickoff", title=text, meeting=meeting)
    return changed | {"title": text}


def right(data: bytes) -> list[str]:
    """The lines of a calendar, unfolded. They end as they should, are not too long, and no letter is torn apart."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")[:-1]
    assert not [line for line in lines if len(line) > LONGEST]
    assert not [line for line in lines if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)]
    for line in lines:
        line.decode()
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


@given(NASTY)
@example(INJECTING)
@example("日" * 60)
@example("a" * 74 + "é" * 40)
@example("👩🏽‍💻" * 30)
def test_no_text_injects_a_line(text: str) -> None:
    """A text is one content line, and unescaping gives it back."""
    lines = right(joined(("BEGIN:VCALENDAR", f"SUMMARY:{escaped(text)}", "END:VCALENDAR")))
    assert len(lines) == 3
    value = lines[1].removeprefix("SUMMARY:")
    assert re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value) == told(text)


@settings(max_examples=60)
@given(NASTY)
@example(INJECTING)
def test_whatever_is_written_stays_a_text(plan: Plain, text: str) -> None:
    """In titles, names, places, agendas, links: the same entries with the same names, whose texts are the plan's."""
    data = whole(plain(plan, text))
    lines = right(data)
    assert sum(line == "BEGIN:VEVENT" for line in lines) == 3
    read = by_icalendar(data)
    assert read.names == {"task-nda", "task-kickoff", "target"}
    judge(read, text)


def judge(read: Read, text: str) -> None:
    """The texts of a calendar whose plan says the same text everywhere."""
    assert read["task-nda"].title == told(text)
    assert read["task-kickoff"].place == told(text)
    if told(text).strip():
        assert told(text) in read["task-nda"].about
    assert read["task-kickoff"].link == ""


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://meet.example/a,b;c?d=%20e#f", True),
        ("http://[::1]:80/x", True),
        ("https://meet.example/a b", False),
        ("https://meet.example/\r\nEND:VEVENT", False),
        ("https://meet.example/\\n", False),
        ("https://münchen.example/", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
    ],
)
def test_only_a_web_address_is_a_link(plan: Plain, link: str, leads: bool) -> None:
    """Anything else stands in the texts alone."""
    event = by_icalendar(whole(retold(plan, "kickoff", meeting={"link": link})))["task-kickoff"]
    assert event.link == (link if leads else "")
    assert told(link) in event.about


@settings(max_examples=15)
@given(st.lists(NASTY, min_size=20, max_size=20))
def test_another_parser_reads_the_same(plan: Plain, texts: list[str]) -> None:
    """Thunderbird's, many calendars at a time."""
    calendars = [whole(plain(plan, text)) for text in (*texts, *EVERY, INJECTING)]
    assert all_by_icaljs(calendars) == [by_icalendar(data) for data in calendars]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400))
def test_folding_is_undone_by_unfolding(text: str) -> None:
    """Whatever a line holds."""
    line = "X-TEXT:" + escaped(text)
    assert joined([line]).replace(b"\r\n ", b"").decode() == line + "\r\n"
