"""Whatever stands in a workspace, every command answers with problems or with its work: never with a traceback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.running import PLAN, TODAY
from tests.conftest import MakeWorkspace

from planmark.cli import main

Mistake = Callable[[Path], None]


def text(path: str, content: str | bytes) -> Mistake:
    """A file with this in it."""

    def make(root: Path) -> None:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    return make


def instead(path: str, what: str) -> Mistake:
    """Something else in the place of a file or folder: a folder, a file, a link to itself, a pipe, nothing."""

    def make(root: Path) -> None:
        target = root / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        if what == "folder":
            target.mkdir()
        elif what == "file":
            target.write_text("not a folder", encoding="utf-8")
        elif what == "link":
            target.symlink_to(target)
        elif what == "pipe":
            os.mkfifo(target)

    return make


def theme(page: str = "", yaml: str = "name: Own\n") -> Mistake:
    """A theme of the team's own, with one template or theme.yaml."""

    def make(root: Path) -> None:
        text("planmark.yaml", "theme: own\n")(root)
        text("themes/own/theme.yaml", yaml)(root)
        if page:
            text("themes/own/page.html", page)(root)

    return make


ACME = "content/acme/plan.yaml"
MISTAKES: dict[str, Mistake] = {
    "planmark.yaml with an unknown key": text("planmark.yaml", "sellers: nobody\n"),
    "planmark.yaml is a list": text("planmark.yaml", "- a\n"),
    "planmark.yaml is a text": text("planmark.yaml", "hello\n"),
    "planmark.yaml is not UTF-8": text("planmark.yaml", b"\xff\xfe\x00a"),
    "planmark.yaml with a time zone that is none": text("planmark.yaml", "timezone: Mars/Olympus\n"),
    "planmark.yaml with a logo that is missing": text("planmark.yaml", "seller: {name: A, logo: a.svg}\n"),
    "a plan that is empty": text(ACME, ""),
    "a plan of comments": text(ACME, "# nothing yet\n"),
    "a plan that is binary": text(ACME, bytes(range(256))),
    "a plan that is a list": text(ACME, "- a\n- b\n"),
    "a plan with a bomb": text(ACME, "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
    "a plan with deep nesting": text(ACME, "a: " + "[" * 5000 + "]" * 5000 + "\n"),
    "a plan with a huge number": text(ACME, PLAN + "value: " + "9" * 5000 + " EUR\n"),
    "a plan with a huge date": text(ACME, PLAN.replace("2027-01-29", "9999-12-31")),
    "a plan with a date before all others": text(ACME, PLAN.replace("2027-01-29", "0001-01-01")),
    "a plan that counts past the last day": text(ACME, PLAN.replace("2026-11-20", "500000w after target")),
    "a plan that counts before the first day": text(ACME, PLAN.replace("2026-11-20", "500000w before target")),
    "a plan that counts many days": text(ACME, PLAN.replace("2026-11-20", "99999999d before target")),
    "a plan whose freeze never ends": text(ACME, PLAN + "freezes: [{start: 0001-01-01, end: 9999-12-31}]\n"),
    "a plan with a null byte": text(ACME, PLAN + "objective: a\0b\n"),
    "a plan whose theme is a path": text(ACME, PLAN + "theme: ../../x\n"),
    "a plan with a language of nowhere": text(ACME, PLAN + "locale: xx-YY\n"),
    "a plan.yaml that is a folder": instead(ACME, "folder"),
    "a plan.yaml that is a link to itself": instead(ACME, "link"),
    "a plan.yaml that is a pipe": instead(ACME, "pipe"),
    "no plan.yaml": instead(ACME, "nothing"),
    "a deal that is a link to itself": instead("content/acme", "link"),
    "content/ is a file": instead("content", "file"),
    "content/ is missing": instead("content", "nothing"),
    "the library is a file": instead("content/_library", "file"),
    "the library is a link to itself": instead("content/_library", "link"),
    "themes/ is a file": instead("themes", "file"),
    "the library's list is a text": text("content/_library/resources.yaml", "hello\n"),
    "the library's list is garbled": text("content/_library/resources.yaml", "- {id: [}\n"),
    "the library's list is a folder": instead("content/_library/resources.yaml", "folder"),
    "activity that is garbled": text("content/acme/activity.jsonl", b'{"received": "2026-99-99"}\n\xff\xfe{{{\n'),
    "activity that is a folder": instead("content/acme/activity.jsonl", "folder"),
    "a version from no day": text("content/acme/versions/2026-13-45.json", "{"),
    "a version that is garbled": text("content/acme/versions/2026-11-03.json", b'{"view": {"stages": [{"tasks": 7}]}}\xff'),
    "a version that is a folder": instead("content/acme/versions/2026-11-03.json", "folder"),
    "versions that are a file": instead("content/acme/versions", "file"),
    "notes from no day": text("content/acme/meetings/2026-13-45-review.md", "# Review\n"),
    "notes that are a folder": instead("content/acme/meetings/2026-11-03-review.md", "folder"),
    "a theme with an unknown name": theme("{{ plan.titel }}"),
    "a theme with a syntax mistake": theme("{% if %}"),
    "a theme that includes nothing": theme('{% include "none.html" %}'),
    "a theme that divides by zero": theme("{{ 1 / 0 }}"),
    "a theme that calls a text": theme("{{ plan.title() }}"),
    "a theme that includes itself": theme('{% include "page.html" %}'),
    "a theme that extends itself in a template": theme('{% extends "page.html" %}'),
    "a theme with a filter that is none": theme("{{ plan.title|shout }}"),
    "a theme with wrong arguments": theme("{{ plan.target|day(1, 2, 3) }}"),
    "a theme that is not UTF-8": text("themes/own/page.html", b"\xff\xfe"),
    "a theme that extends itself": theme(yaml="extends: own\n"),
    "a theme that extends nothing": theme(yaml="extends: nowhere\n"),
    "a theme with a style sheet that is missing": theme(yaml="styles: [none.css]\n"),
    "a theme.yaml that is a list": theme(yaml="- a\n"),
    "a theme in the place of the one that ships, with nothing in it": text("themes/default/theme.yaml", "name: Ours\n"),
    "a theme's colour that is none": theme(yaml="light: {accent: blue}\n"),
    "a state that is garbled": text("build/.planmark/state.json", '{"digest":"'),
    "a state that is a folder": instead("build/.planmark/state.json", "folder"),
    "an output folder that is a file": instead("build", "file"),
    "a lock that is a folder": instead("build/.planmark/lock", "folder"),
    "staging that is a file": instead("build/.planmark/staging", "file"),
    "templates that are a file": instead("build/.planmark/templates", "file"),
    "sites that are a file": instead("build/sites", "file"),
}


def run(root: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of a command in this process: what is raised beside it is a traceback."""
    monkeypatch.chdir(root)
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_every_command_answers(workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, mistake: Mistake) -> None:
    """Checked, built twice, shown and continued: 0 or 1, and the other deal is built where nothing stops all."""
    root = workspace({ACME: PLAN, "content/beta/plan.yaml": PLAN})
    mistake(root)
    commands = [["check"], ["build", "--no-pdf", *TODAY], ["build", "--no-pdf", *TODAY], ["check", "--format", "sarif"]]
    commands += [["show", "acme", *TODAY], ["new", "gamma", *TODAY], ["new", "delta", "--like", "acme", *TODAY], []]
    for arguments in commands:
        assert run(root, monkeypatch, *arguments) in (0, 1), arguments
