"""The files of versions: added and never changed, read with care, and a broken one is told with its place and stops nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.content.conftest import Mistakes
from tests.plan.seen import View, task, view, views

from planmark.build.versions import snapshot
from planmark.content.tree import scan
from planmark.content.versions import read_versions, version_files, write_version
from planmark.plan.changes import digest_of, facts_of
from planmark.problems import PlanmarkError, Problem

DAY = date(2026, 11, 12)
FILE = "content/acme/versions/2026-11-12.json"


def held(found: Any = None, **more: Any) -> str:
    """A version's file."""
    return json.dumps({"version": "2026-11-12", "by": "dana", "digest": "0" * 32, "view": view(task()) if found is None else found} | more)


def read(folder: Path) -> tuple[list[str], list[str]]:
    """The names of the versions that count, and what is wrong with others."""
    problems: list[Problem] = []
    versions = read_versions(folder, scan(folder), "content/acme", problems)
    return [one.name for one in versions], [one.message for one in problems]


@settings(max_examples=30)
@given(views(), st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20))
def test_what_was_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, found: View, note: str) -> None:
    folder = tmp_path_factory.mktemp("acme")
    write_version(folder, DAY, found, digest_of(found), "dana", note)
    (version,) = read_versions(folder, scan(folder), "content/acme", [])
    assert (version.name, version.day, version.by, version.note) == ("2026-11-12", DAY, "dana", note)
    assert version.facts == facts_of(found)
    assert version.view == found
    assert version.digest == digest_of(found)


def test_a_second_one_on_a_day_stands_beside_the_first(tmp_path: Path) -> None:
    """And sorts behind it, also from the tenth on."""
    paths = [write_version(tmp_path, DAY, view(target=f"2027-01-{number:02}"), "", "", "") for number in range(1, 12)]
    assert [path.name for path in paths[:2]] == ["2026-11-12.json", "2026-11-12-2.json"]
    assert len({path.read_bytes() for path in paths}) == 11
    assert version_files(scan(tmp_path)) == [f"versions/{path.name}" for path in paths]
    assert read(tmp_path) == ([path.stem for path in paths], [])


def test_a_folder_that_leads_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "versions").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PlanmarkError):
        write_version(tmp_path, DAY, view(), "", "", "")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_half_a_version_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full, nothing is left that a build would read."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_version(tmp_path, DAY, view(), "", "", "")
    assert not list((tmp_path / "versions").iterdir())


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", ":1:1 PM714"),
    "cut short": (held()[:-40], ":1:"),
    "a list": ("[]", " PM714"),
    "not UTF-8": (b'{"version": "\xff"}', ":1:1 PM714"),
    "no view": (json.dumps({"version": "2026-11-12"}), " PM714"),
    "of another day": (held(version="2026-11-13"), " PM714"),
    "a note of several lines": (held(note="one\ntwo"), " PM714"),
    "a view of the wrong shape": (held(view(stages="all")), " PM714"),
    "a date that is none": (held(view(target="2027-02-31")), " PM714"),
    "half a character": (held(view(title="\ud800")), " PM714"),
    "very deep": ("[" * 100_000 + "]" * 100_000, " PM714"),
    "a number without an end": ("9" * 10_000, " PM714"),
}


@pytest.mark.parametrize(("content", "place"), BROKEN.values(), ids=BROKEN)
def test_a_broken_version_is_one_warning_and_the_plan_is_built(
    mistakes: Mistakes, acme: Callable[[str], str], content: str | bytes, place: str
) -> None:
    """The others count; nothing ends in a traceback."""
    (told,) = mistakes(
        {"content/acme/plan.yaml": acme(""), FILE: content, "content/acme/versions/2026-11-01.json": held(version="2026-11-01")}
    )
    assert told.startswith(FILE + place)
    assert told.endswith("PM714 bring the file back as it was; the other versions count (warning)")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: held(text).encode()))
def test_whatever_a_file_holds_reading_it_ends(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("acme")
    (folder / "versions").mkdir()
    (folder / "versions" / "2026-11-12.json").write_bytes(data)
    names, problems = read(folder)
    assert (names, len(problems)) == ([], 1)


@pytest.mark.parametrize(
    "name", ["2026-02-30.json", "first.json", "2026-11-12-0.json", "2026-11-12.json.bak", "1999-01-01.json", "old/2026-11-12.json"]
)
def test_a_file_that_is_called_otherwise_is_told_and_is_no_version(tmp_path: Path, name: str) -> None:
    target = tmp_path / "versions" / name
    target.parent.mkdir(parents=True)
    target.write_text(held(), encoding="utf-8")
    names, (problem,) = read(tmp_path)
    assert names == []
    assert problem == f"`{target.name}` is no version's name"


def test_a_link_is_no_version(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "other.json").write_text(held(), encoding="utf-8")
    (tmp_path / "versions" / "2026-11-12.json").symlink_to(tmp_path / "other.json")
    assert read(tmp_path) == ([], ["the version is no file that can be read"])


MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]


def test_a_note_may_hold_whatever_people_write(workspace: MakeWorkspace, acme: Callable[[str], str]) -> None:
    """Families of signs, both directions, spaces that do not break: what was written is read again."""
    root = workspace({"content/acme/plan.yaml": acme("title: 20\u00a0% 👨‍👩‍👧 \u200fשלום")})
    snapshot(root, "acme", DAY, note="20\u00a0% 👨‍👩‍👧 e\u0301\u200f\tend")
    folder = root / "content/acme"
    problems: list[Problem] = []
    (version,) = read_versions(folder, scan(folder), "content/acme", problems)
    assert problems == []
    assert "👨‍👩‍👧" in version.note
    assert snapshot(root, "acme", DAY).path == ""


def test_a_snapshot_is_added_only_where_something_changed(workspace: MakeWorkspace, acme: Callable[[str], str]) -> None:
    """Neither another day nor a comment makes one."""
    root = workspace({"planmark.yaml": "people: [{id: dana, name: Dana}]\ncontact: dana\n", "content/acme/plan.yaml": acme("")})
    first = snapshot(root, "acme", DAY)
    assert (first.path, first.newest) == (FILE, None)
    before = (root / FILE).read_bytes()
    assert json.loads(before)["by"] == "dana"
    assert snapshot(root, "acme", date(2026, 12, 30)).path == ""
    (root / "content/acme/plan.yaml").write_text(acme("target: 2027-02-05"), encoding="utf-8")
    second = snapshot(root, "acme", DAY, note="Two\nlines")
    assert second.path == FILE.replace(".json", "-2.json")
    assert (second.changes[0].kind, second.changes[0].days) == ("target", 7)
    assert json.loads((root / second.path).read_text(encoding="utf-8"))["note"] == "Two lines"
    assert (root / FILE).read_bytes() == before


def test_a_snapshot_behind_the_newest_is_refused(workspace: MakeWorkspace, acme: Callable[[str], str]) -> None:
    root = workspace({"content/acme/plan.yaml": acme("")})
    snapshot(root, "acme", DAY)
    (root / "content/acme/plan.yaml").write_text(acme("target: 2027-02-05"), encoding="utf-8")
    with pytest.raises(PlanmarkError, match="the newest version is of 2026-11-12, which is after 2026-11-11"):
        snapshot(root, "acme", date(2026, 11, 11))


def test_a_version_holds_nothing_internal_and_nothing_of_the_address(workspace: MakeWorkspace, acme: Callable[[str], str]) -> None:
    lines = "share_key: 3rmcfctt9amfv4ex3fy7p89c3k\ninternal: {forecast: canary}\nrisks: [{title: Canary, audience: internal}]"
    root = workspace({"content/acme/plan.yaml": acme(lines)})
    snapshot(root, "acme", DAY)
    text = (root / FILE).read_text(encoding="utf-8")
    assert "anary" not in text
    assert "3rmcf" not in text
    assert not {"key", "guests", "changes"} & set(json.loads(text)["view"])
