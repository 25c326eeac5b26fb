"""What planmark.yaml says of targets is looked at by `check`, at its place."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from tests.conftest import MakeWorkspace
from tests.wrong import wrong

from planmark.extensions.targets import TARGETS, Target
from planmark.problems import PlanmarkError
from planmark.publish.there import there_of
from planmark.targets.directory import Directory
from planmark.targets.kinds import KINDS


@pytest.mark.parametrize(
    ("publish", "told"),
    [
        (
            "{live: {kind: directroy, url: 'https://x.example'}}",
            "1:17  PM703  there is no target kind `directroy`  did you mean `directory`?",
        ),
        ("{live: {kind: directory, pth: /x}}", "1:17  PM801  a target of the kind `directory` has no `pth`  did you mean `path`?"),
        ("{default: live, life: {kind: directory}}", "1:20  PM801  there is no target `live`  did you mean `life`?"),
        ("{Live One: {kind: directory}}", "1:21  PM801  `Live One` cannot be a target's name"),
        ("{live: {kind: directory, url: 'mailto:a@x.example'}}", "1:17  PM801  `mailto:a@x.example` is no address"),
        ("{live: {kind: directory, url: 'https://x.example/?a'}}", "1:17  PM801  `https://x.example/?a` is no address"),
    ],
)
def test_a_slip_is_told_at_its_place(workspace: MakeWorkspace, publish: str, told: str) -> None:
    root = workspace({"planmark.yaml": f"publish: {publish}\n"})
    (problem,) = wrong(root)
    assert str(problem).startswith(f"planmark.yaml:{told}"), problem


def test_a_target_that_is_only_an_address_is_no_mistake(workspace: MakeWorkspace) -> None:
    """Links, cards and QR codes want to know it; publishing asks for the rest."""
    root = workspace({"planmark.yaml": "publish: {live: {kind: directory, url: 'https://plans.example'}}\n"})
    assert wrong(root) == []
    with pytest.raises(PlanmarkError, match="write `path:` at `live`"):
        there_of(root)


@pytest.mark.parametrize(
    ("publish", "asked", "told"),
    [
        ("", "", "names no place to publish to"),
        ("publish: {a: {kind: directory}, b: {kind: directory}}", "", "several targets and no `default`"),
        ("publish: {live: {kind: directory}}", "life", "did you mean `live`"),
        ("publish: {live: {kind: directory, path: /var/www}}", "", "no public address"),
        ("publish: {live: {kind: directory, path: build/www, url: 'https://x.example'}}", "", "must not lie in each other"),
    ],
)
def test_where_nothing_can_be_published_it_says_what_to_write(workspace: MakeWorkspace, publish: str, asked: str, told: str) -> None:
    root = workspace({"planmark.yaml": f"{publish}\n"})
    with pytest.raises(PlanmarkError) as error:
        there_of(root, asked)
    (problem,) = error.value.problems
    assert problem.code == "PM801"
    assert problem.hint
    assert told in str(problem)


def test_another_package_adds_a_kind(workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an entry point; its settings are looked at like ours, and what is no target is said to be none."""
    entries = EntryPoints([EntryPoint("shelf", f"{__name__}:SHELF", TARGETS), EntryPoint("empty", f"{__name__}:Path", TARGETS)])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: entries.select(group=group))
    root = workspace({"planmark.yaml": "publish: {live: {kind: shelf, path: /x, board: '3'}}\n"})
    assert wrong(root) == []
    other = workspace({"planmark.yaml": "publish: {live: {kind: empty}}\n"})
    assert [problem.code for problem in wrong(other)] == ["PM704"]


class Shelf(Directory):
    """A kind of another package."""

    kind = "shelf"
    takes = ("path", "board")


SHELF = Shelf()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_target_by_its_own_name(kind: str) -> None:
    assert isinstance(KINDS[kind], Target)
    assert KINDS[kind].kind == kind
    documented = (Path(__file__).parents[2] / "docs/publishing.md").read_text(encoding="utf-8")
    own = documented.partition(f"\n## {kind}\n")[2].partition("\n## ")[0]
    rows = {name for row in re.findall(r"(?m)^\| (`.*?) \|", own) for name in re.findall(r"`(\w+)`", row)}
    assert rows >= {*KINDS[kind].takes} - {"api"}, "a row of the table `setting` for each"
