"""The target `git`, against real bare repositories: what the branch has, who is told what, and that nothing is ever half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.publish.contract import PROMISES, Promise, Shown
from tests.publish.remote import Remote, remote

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets.git import Git


def place(tmp: Path, there: Remote | str, **more: str) -> Place:
    settings = {"kind": "git", "url": "https://plans.example", "remote": str(there.folder if isinstance(there, Remote) else there), **more}
    return Place(name="live", settings=settings, workspace=tmp / "workspace", secret=no_secret)


def no_secret(name: str) -> str:
    raise PlanmarkError([])


@pytest.mark.parametrize(
    ("folder", "settings"),
    [("", ()), ("public/plans", ("receive.advertiseAtomic=false", "uploadpack.allowFilter=false"))],
    ids=["a remote that can all", "one that can little"],
)
@pytest.mark.parametrize("promise", PROMISES)
def test_it_keeps_the_promises_of_every_target(promise: Promise, folder: str, settings: tuple[str, ...], tmp_path: Path) -> None:
    there = remote(tmp_path / "remote.git", *settings)

    def get(site: str, path: str) -> bytes | None:
        return there.get("/".join(part for part in (folder, site, path) if part))

    promise(Shown(Git(), place(tmp_path, there, folder=folder), get))
    if there.git("for-each-ref"):
        there.git("fsck", "--strict")
