"""A file that only internal parts of a plan name is looked for, and stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.media import PNG
from tests.wrong import wrong

from planmark.build.build import Options, build

PDF = b"%PDF-1.4\n"
PLAN = """\
account: Northwind
title: One build plan
target: 2027-01-29
people:
  - {id: maria, name: Maria, internal: {photo: files/maria.png}}
  - {id: ghost, name: Ghost, photo: files/ghost.png, audience: internal}
stages:
  - title: Evaluate
    tasks:
      - {title: Sign, owner: maria, internal: {detail: "[costs](files/costs.pdf)"}}
resources:
  - {id: deck, title: Deck, file: files/deck.pdf}
  - {id: margin, title: Margin, file: files/margin.pdf, audience: internal}
  - {id: draft, title: Draft, internal: {file: files/draft.pdf}}
internal: {notes: internal.md}
"""
PRIVATE = ("costs", "margin", "draft", "battle", "maria", "ghost")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    deal = tmp_path / "content" / "northwind"
    (deal / "files").mkdir(parents=True)
    (tmp_path / "planmark.yaml").touch()
    (deal / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (deal / "internal.md").write_text("See the [battle card](files/battle.pdf).\n", encoding="utf-8")
    for name in ("deck.pdf", "margin.pdf", "draft.pdf", "costs.pdf", "battle.pdf"):
        (deal / "files" / name).write_bytes(PDF + name.encode())
    for name in ("maria.png", "ghost.png"):
        (deal / "files" / name).write_bytes(PNG + name.encode())
    return tmp_path


def test_only_what_is_shared_is_published(workspace: Path) -> None:
    report = build(workspace, Options(pdf="none"))
    assert report.ok
    names = [path.name for path in (workspace / "build" / "sites").rglob("*") if path.is_file()]
    assert any(name.startswith("deck.") for name in names)
    assert [name for name in names if name.startswith(PRIVATE)] == []
    written = b"".join(path.read_bytes() for path in (workspace / "build" / "sites").rglob("*") if path.is_file())
    for name in PRIVATE:
        assert f"/{name}.".encode() not in written


def test_a_missing_private_file_is_told_all_the_same(workspace: Path) -> None:
    (workspace / "content" / "northwind" / "files" / "battle.pdf").unlink()
    assert [(str(problem.location), problem.code) for problem in wrong(workspace)] == [("content/northwind/internal.md:1:23", "PM401")]
