"""The files of what people did: read whole, appended to without ever losing a line, and told where a line says nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.doing import MANY, event, seller
from tests.wrong import wrong

from planmark.content.acting import load_one
from planmark.content.activity import ACTIVITY, QUARANTINE, append, append_events, json_line, read_activity, read_lines
from planmark.content.deal import Deal
from planmark.plan.events import Event, event_line, once_each
from planmark.problems import Problem

MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]
PLAN = """\
account: Acme
title: Rollout
target: 2027-01-29
people: [{id: maria, name: Maria}]
stages:
  - {title: Start, tasks: [{id: nda, title: Sign, owner: maria, due: 2026-11-20}, {id: trial, title: Try, due: 2d after nda}]}
"""
FOLDER = "content/acme"
FILE = f"{FOLDER}/{ACTIVITY}"
DONE = event(id="event-done")


def lines(*events: Event) -> str:
    return "".join(f"{event_line(one)}\n" for one in events)


@pytest.fixture
def acme(workspace: MakeWorkspace) -> Callable[..., Path]:
    """A workspace of one plan, with files; its activity first."""

    def make(activity: str | bytes = "", **files: str | bytes) -> Path:
        given = {FILE: activity, **{f"{FOLDER}/{name}": text for name, text in files.items()}}
        return workspace({f"{FOLDER}/plan.yaml": PLAN, **{path: text for path, text in given.items() if text}})

    return make


def loaded(root: Path) -> Deal:
    return load_one(root, "acme")


def status(root: Path) -> str | None:
    return loaded(root).plan.stages[0].tasks[0].status


def read(folder: Path) -> tuple[list[Event], list[Problem]]:
    """Every event of a folder, and what is wrong with its files."""
    problems: list[Problem] = []
    names = [path.name for path in folder.glob("activity*.jsonl")]
    return read_activity(folder, names, "content/acme", problems).events, problems


# Reading


def test_what_people_did_is_in_the_plan(acme: Callable[..., Path]) -> None:
    assert status(acme()) is None
    assert status(acme(lines(DONE))) == "done"


def test_a_copy_that_a_synced_folder_made_is_read_too(acme: Callable[..., Path]) -> None:
    names = ["activity (conflict).jsonl", "activity (Dana's conflicted copy 2026-11-03).jsonl", "activity-1.jsonl", "activity 2.jsonl"]
    for name in names:
        assert status(acme(**{name: lines(DONE)})) == "done"
        (acme() / FOLDER / name).unlink()


def test_a_line_in_two_copies_is_one_event(acme: Callable[..., Path]) -> None:
    root = acme(lines(DONE, event(kind="comment", text="Well")), **{"activity (copy).jsonl": lines(DONE)})
    assert len(loaded(root).acts.counting) == 2


def test_what_a_link_leads_to_is_not_read(acme: Callable[..., Path]) -> None:
    root = acme()
    (root / "elsewhere.jsonl").write_text(lines(DONE), encoding="utf-8")
    (root / FOLDER / ACTIVITY).symlink_to(root / "elsewhere.jsonl")
    assert status(root) is None


BROKEN = {
    "cut short": (event_line(DONE)[:40], "the line is not whole"),
    "no JSON": ("<<<<<<< HEAD", "the line is not whole"),
    "a list": ("[]", "the line holds no event"),
    "an empty object": ("{}", "the event has no `id`"),
    "half a character": (event_line(DONE).replace('"maria"', '"\\ud83d"'), "the line holds half a character"),
    "another field": (event_line(DONE).replace("{", '{"role":"admin",', 1), "the event has an unknown field `role`"),
    "another kind": (event_line(DONE).replace('"kind":"done"', '"kind":"undone"'), "the event's `kind` cannot be used"),
    "not UTF-8": (b'{"id":"\xff\xfe"}', "the line is not UTF-8"),
    "far too long": ('{"id":"' + "x" * 300_000 + '"}', "the line is too long"),
}


@pytest.mark.parametrize(("line", "message"), BROKEN.values(), ids=BROKEN)
def test_a_line_that_cannot_be_read_is_told_with_its_place_and_the_others_count(
    acme: Callable[..., Path], line: str | bytes, message: str
) -> None:
    data = line if isinstance(line, bytes) else line.encode()
    root = acme(lines(event(kind="comment", text="Well")).encode() + data + b"\n" + lines(DONE).encode())
    found = [one for one in wrong(root) if one.code == "PM708"]
    assert [(str(one.location), one.message, one.severity) for one in found] == [(f"{FILE}:2:1", message, "warning")]
    assert found[0].hint
    assert status(root) == "done"


def test_blank_lines_and_the_line_ends_of_others_do_no_harm(acme: Callable[..., Path]) -> None:
    root = acme(f"\n\n{lines(DONE)}\n  \n".replace("\n", "\r\n"))
    assert wrong(root) == []
    assert status(root) == "done"


@given(MANY, st.binary(max_size=30), st.integers(0, 24))
def test_whatever_stands_between_events_they_are_read(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], junk: bytes, at: int
) -> None:
    folder = tmp_path_factory.getbasetemp() / "between"
    folder.mkdir(exist_ok=True)
    parts = [event_line(one).encode() for one in events]
    (folder / ACTIVITY).write_bytes(b"\n".join([*parts[:at], junk, *parts[at:]]))
    assert read(folder)[0] == events


def test_events_of_another_plan_are_not_counted_and_that_is_told(acme: Callable[..., Path]) -> None:
    """A folder was renamed, and its plan has no id of its own: nothing that people did may vanish without a word."""
    root = acme(lines(event(id="of-another", plan="northwind"), event(plan="northwind")))
    assert status(root) is None
    (found,) = wrong(root)
    assert (found.code, str(found.location), found.severity) == ("PM708", f"{FILE}:1:1", "warning")
    assert "`northwind`" in found.message
    assert "2 lines" in found.message
    assert "`id: northwind`" in found.hint
    (root / FOLDER / "plan.yaml").write_text(f"id: northwind\n{PLAN}", encoding="utf-8")
    assert wrong(root) == []
    assert status(root) == "done"


# What check says


def test_an_item_that_is_gone_is_told_where_people_acted_on_it(acme: Callable[..., Path]) -> None:
    root = acme(lines(DONE, event("task/ndas"), event("task/gone"), event("criterion/gone", "comment", text="Hm")))
    found = {one.message: one for one in wrong(root)}
    assert {one.code for one in found.values()} == {"PM709"}
    near, gone = found["people acted on the task `ndas`, which is gone"], found["people acted on the task `gone`, which is gone"]
    assert str(near.location) == f"{FILE}:2:1"
    assert "did you mean `nda`?" in near.hint
    assert "id: gone" in gone.hint
    assert "status: dropped" in gone.hint
    assert len(found) == 3


def test_what_nobody_vouches_for_on_an_item_that_is_gone_is_no_mistake(acme: Callable[..., Path]) -> None:
    """Else anybody who has the page could stop a build."""
    assert wrong(acme(lines(event("task/gone", proof="", by="")))) == []


def test_a_command_that_the_file_overrules_is_told(acme: Callable[..., Path]) -> None:
    root = acme(lines(seller(kind="due", value="2026-12-01", was="2026-11-20"), seller(kind="due", value="2026-12-08", was="2026-11-13")))
    (found,) = wrong(root)
    assert (found.code, str(found.location), found.severity) == ("PM710", f"{FILE}:2:1", "warning")
    assert "`2026-12-08`" in found.message
    assert "`2026-11-13`" in found.message


def test_a_date_that_was_set_moves_those_that_count_from_it(acme: Callable[..., Path]) -> None:
    first, second = loaded(acme(lines(seller(kind="due", value="2026-12-01", was="2026-11-20")))).plan.stages[0].tasks
    assert first.due
    assert second.due
    assert (first.due.day, second.due.day) == (date(2026, 12, 1), date(2026, 12, 3))


def test_the_day_of_what_was_done_is_the_plans_own(acme: Callable[..., Path]) -> None:
    root = acme(lines(event(at="2026-11-03T18:00:00Z")))
    (root / "planmark.yaml").write_text("timezone: Asia/Tokyo\n", encoding="utf-8")
    for zone, day in (("", date(2026, 11, 4)), ("timezone: America/New_York\n", date(2026, 11, 3))):
        (root / FOLDER / "plan.yaml").write_text(zone + PLAN, encoding="utf-8")
        done_on = loaded(root).plan.stages[0].tasks[0].done_on
        assert done_on
        assert done_on.day == day
        assert loaded(root).history == (day,)


# Appending


@settings(max_examples=60)
@given(MANY, st.data())
def test_a_write_that_was_cut_short_at_any_byte_loses_nothing_that_was_whole(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], data: st.DataObject
) -> None:
    """Killed within an append, begun again: what was whole counts, what is sent again counts once, and no line runs into another."""
    folder = tmp_path_factory.mktemp("cut")
    half = data.draw(st.integers(0, len(events)))
    append_events(folder, events[:half])
    whole = "".join(f"{event_line(one)}\n" for one in events[half:]).encode()
    cut = data.draw(st.integers(0, len(whole)))
    with (folder / ACTIVITY).open("ab") as file:
        file.write(whole[:cut])
    append_events(folder, events[half:])
    found, problems = read(folder)
    assert once_each(found) == once_each(events)
    torn = [one for one in read_lines(folder / QUARANTINE) if one["code"] == "torn"]
    assert len(problems) == len(torn) <= 1
    assert all(one["line"] and one["reason"] for one in torn)


def test_a_last_line_that_lacks_only_its_end_counts_and_is_not_quarantined(tmp_path: Path) -> None:
    """An editor that ends no last line has torn nothing."""
    (tmp_path / ACTIVITY).write_text(event_line(DONE), encoding="utf-8")
    append_events(tmp_path, [event()])
    assert (len(read(tmp_path)[0]), read(tmp_path)[1]) == (2, [])
    assert not (tmp_path / QUARANTINE).exists()


def test_a_torn_line_is_kept_where_people_look(tmp_path: Path) -> None:
    (tmp_path / ACTIVITY).write_bytes(event_line(DONE).encode() + b"\n" + '{"id":"näch'.encode()[:-1])
    append_events(tmp_path, [event()])
    (found,) = read_lines(tmp_path / QUARANTINE)
    assert str(found["line"]).startswith('{"id":"n')
    assert (tmp_path / ACTIVITY).read_bytes().count(b"\n") == 3


def test_a_torn_quarantine_loses_no_other_line_of_it(tmp_path: Path) -> None:
    append(tmp_path, [json_line({"id": "one"})], QUARANTINE)
    with (tmp_path / QUARANTINE).open("ab") as file:
        file.write(b'{"id":"tw')
    append(tmp_path, [json_line({"id": "three"})], QUARANTINE)
    assert [one["id"] for one in read_lines(tmp_path / QUARANTINE)] == ["one", "three"]


def test_nothing_to_append_leaves_no_file(tmp_path: Path) -> None:
    append_events(tmp_path / "acme", [])
    assert not (tmp_path / "acme").exists()


@given(st.dictionaries(st.text(), st.text() | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape"))))
def test_whatever_was_received_can_be_set_aside_on_one_line(data: dict[str, str]) -> None:
    """Halves of characters come out of JSON that a stranger sent; UTF-8 has none, and a pull must not stop at them."""
    line = json_line(data).encode()
    assert json.loads(line) == data
    assert len(line.splitlines()) == 1
    assert len(line.decode().splitlines()) == 1


APPENDS = """
import sys
from pathlib import Path
from planmark.content.activity import append_events
from tests.plan.doing import event
from tests.wrong import wrong
who = sys.argv[2]
for number in range(60):
    append_events(Path(sys.argv[1]), [event(id=f"{who}-{number:03}-{part}", kind="comment", text="x" * 3000) for part in range(3)])
"""


def test_two_processes_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    """A colleague's command during a pull; nothing locks the file."""
    running = [
        subprocess.Popen([sys.executable, "-c", APPENDS, str(tmp_path), who], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        for who in ("dana", "owen")
    ]
    assert [one.wait(60) for one in running] == [0, 0]
    found, problems = read(tmp_path)
    assert (len({one.id for one in found}), len(found), problems) == (360, 360, [])
