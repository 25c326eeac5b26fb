"""The target `directory` by itself: what readers get, what stays, what is refused, and that nothing is ever half done."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest
from tests.build.small import tree
from tests.publish.contract import PROMISES, Promise, Shown
from tests.publish.published import name, place, release, send, site, wrong_with

from planmark.problems import PlanmarkError
from planmark.targets.directory import Directory


@pytest.mark.parametrize("promise", PROMISES)
def test_it_keeps_the_promises_of_every_target(promise: Promise, tmp_path: Path) -> None:
    def get(site: str, path: str) -> bytes | None:
        file = tmp_path / "www" / site / path
        return file.read_bytes() if file.is_file() else None

    promise(Shown(Directory(), place(tmp_path), get))


def test_readers_get_the_newest_version_and_nothing_else_is_listed(tmp_path: Path) -> None:
    """The link leads to it; the root and the store answer with a page that says nothing."""
    at = place(tmp_path)
    send(at, release(1, site(1)))
    send(at, release(2, site(2), before=1))
    www = tmp_path / "www"
    assert (www / "acme-k/index.html").read_bytes() == site(2)["index.html"]
    assert [one.version for one in Directory().published(at)] == [name(2)]
    for folder in (www, www / ".planmark"):
        page = (folder / "index.html").read_text(encoding="utf-8")
        assert "Nothing is listed here" in page
        assert "acme" not in page
    assert not (www / "robots.txt").exists(), "one that forbids would hide the noindex of what it forbids"


def test_a_page_at_the_root_that_is_somebody_elses_stays(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www/index.html").write_text("ours", encoding="utf-8")
    send(place(tmp_path), release(1, site(1)))
    assert (tmp_path / "www/index.html").read_text(encoding="utf-8") == "ours"


def test_whoever_has_an_old_page_open_finds_its_assets(tmp_path: Path) -> None:
    """Those of as many versions as are kept; then they go, and so do the versions."""
    at = place(tmp_path)
    for version in range(1, 5):
        send(at, release(version, site(version), before=version - 1, keep=2))
    assets = {path.name for path in (tmp_path / "www/acme-k/assets").iterdir()}
    assert assets == {"a.2.css", "a.3.css", "a.4.css", "same.css"}
    assert [one.version for one in Directory().versions(at, "acme-k")] == [name(4), name(3), name(2)]
    assert wrong_with(tmp_path / "www") == []


def test_what_is_there_already_is_neither_sent_nor_stored_twice(tmp_path: Path) -> None:
    at = place(tmp_path)
    send(at, release(1, site(1)))
    before = (tmp_path / "www/acme-k/assets/same.css").stat().st_ino
    steps = send(at, release(2, site(2), before=1))
    assert "kept assets/same.css" in steps
    assert (tmp_path / "www/acme-k/assets/same.css").stat().st_ino == before
    assert steps.index("sent assets/a.2.css") < steps.index("sent index.html") < steps.index("switched acme-k")


def test_without_hard_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    at = place(tmp_path)
    send(at, release(1, site(1)))
    monkeypatch.setattr(os, "link", refuse)
    send(at, release(2, site(2), before=1))
    assert (tmp_path / "www/acme-k/assets/a.1.css").read_bytes() == site(1)["assets/a.1.css"]
    assert wrong_with(tmp_path / "www") == []


def test_a_file_that_was_changed_at_the_target_is_sent_anew(tmp_path: Path) -> None:
    at = place(tmp_path)
    send(at, release(1, site(1)))
    (tmp_path / "www/acme-k/assets/same.css").write_bytes(b"spoilt")
    (tmp_path / "www/acme-k/assets/a.1.css").write_bytes(b"spoilt, and nobody has it any more")
    assert "sent assets/same.css" in send(at, release(2, site(2), before=1))
    assert not (tmp_path / "www/acme-k/assets/a.1.css").exists()
    assert wrong_with(tmp_path / "www") == []


def test_of_two_at_once_one_is_told(tmp_path: Path) -> None:
    """At once, while the other is at work, and afterwards, when what it wanted to replace is no longer out."""
    at = place(tmp_path)
    send(at, release(1, site(1)))
    with (tmp_path / "www/.planmark/acme-k/lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PlanmarkError, match="PM804"):
            send(at, release(2, site(2), before=1))
    send(at, release(3, site(3), before=1))
    with pytest.raises(PlanmarkError, match="PM804"):
        send(at, release(4, site(4), before=1))
    with pytest.raises(PlanmarkError, match="PM804"):
        send(at, release(4, site(4)))
    assert (tmp_path / "www/acme-k/index.html").read_bytes() == site(3)["index.html"]


def test_two_sites_are_published_at_once(tmp_path: Path) -> None:
    """A lock is one site's."""
    at = place(tmp_path)
    first = Directory().publish(at, release(1, site(1)))
    next(first)
    other = release(1, site(1))
    from dataclasses import replace

    assert list(Directory().publish(at, replace(other, published=replace(other.published, site="beta-k"))))
    assert list(first)
    assert {one.site for one in Directory().published(at)} == {"acme-k", "beta-k"}


@pytest.mark.parametrize("where", range(6))
def test_a_full_disk_leaves_what_was_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: int) -> None:
    """Whichever write it is that fails: one message, the old version whole, nothing half done; with room again it works."""
    at = place(tmp_path)
    send(at, release(1, site(1)))
    before = tree(tmp_path / "www/acme-k")
    calls = iter(range(100))
    real = os.fsync

    def full(handle: int) -> None:
        if next(calls) == where:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(PlanmarkError) as told:
            send(at, release(2, site(2), before=1))
    (problem,) = told.value.problems
    assert problem.code == "PM805"
    assert "No space left" in problem.message
    assert tree(tmp_path / "www/acme-k") == before
    assert not list((tmp_path / "www/.planmark/acme-k").glob("*.part"))
    send(at, release(2, site(2), before=1))
    assert wrong_with(tmp_path / "www") == []


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "www").write_text("no folder", encoding="utf-8")
    with pytest.raises(PlanmarkError, match="PM805") as told:
        send(place(tmp_path), release(1, site(1)))
    assert len(told.value.problems) == 1


def test_what_somebody_put_there_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "www/acme-k").mkdir(parents=True)
    with pytest.raises(PlanmarkError, match="in the way"):
        send(place(tmp_path), release(1, site(1)))
    assert (tmp_path / "www/acme-k").is_dir()


def test_a_manifest_that_cannot_be_read_takes_no_page_away(tmp_path: Path) -> None:
    """As when a later Planmark wrote it: readers have the version until the next one is there."""
    at = place(tmp_path)
    send(at, release(1, site(1)))
    (tmp_path / f"www/.planmark/acme-k/{name(1)}.json").write_text("{}", encoding="utf-8")
    steps = Directory().publish(at, release(2, site(2)))
    for step in steps:
        assert (tmp_path / "www/acme-k/index.html").is_file(), step


def test_a_manifest_that_tells_of_another_site_is_none(tmp_path: Path) -> None:
    """Else whoever may write one site could have another one taken down by those whose that is."""
    at = place(tmp_path)
    send(at, release(1, site(1)))
    manifest = tmp_path / f"www/.planmark/acme-k/{name(1)}.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"acme-k"', '"beta-k"'), encoding="utf-8")
    assert list(Directory().published(at)) == []
    assert Directory().versions(at, "acme-k") == ()


@pytest.mark.parametrize("planted", [".index.html.half", ".planmark/.index.html.half", ".planmark/acme-k/lock"])
def test_nothing_is_written_through_a_link_that_somebody_planted(tmp_path: Path, planted: str) -> None:
    """Others may write in that folder, and the publisher may write where they must not."""
    www, theirs = tmp_path / "www", tmp_path / "of the publisher"
    theirs.write_text("precious", encoding="utf-8")
    (www / planted).parent.mkdir(parents=True)
    (www / planted).symlink_to(theirs)
    with pytest.raises(PlanmarkError, match="PM805"):
        send(place(tmp_path), release(1, site(1)))
    (www / planted).unlink()
    (www / planted).symlink_to(tmp_path / "new")
    with pytest.raises(PlanmarkError, match="PM805"):
        send(place(tmp_path), release(1, site(1)))
    assert theirs.read_text(encoding="utf-8") == "precious"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("path", ["", "workspace", "workspace/build/www", "."])
def test_the_workspace_is_no_place_to_publish_to(tmp_path: Path, path: str) -> None:
    """Nor a folder in it, nor one around it."""
    at = place(tmp_path)
    settings = {**at.settings, "path": str(tmp_path / path) if path else ""}
    from dataclasses import replace

    assert "path:" in Directory().wrong(replace(at, settings=settings))
    assert Directory().wrong(at) == ""
