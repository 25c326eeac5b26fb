"""The target `git` where others wrote into its branches: what is not as Planmark left it is sent anew or left alone, and breaks nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.publish.published import name as version
from tests.publish.published import release, send
from tests.publish.published import site as pages
from tests.publish.remote import Remote, remote
from tests.publish.test_git import place

from planmark.problems import PlanmarkError
from planmark.targets.git import Git
from planmark.targets.manifest import manifest_json

GITLINK = "7" * 40
REFS = {"shown": "gh-pages", "state": "planmark-state/gh-pages", "versions": "planmark-versions/gh-pages"}


def git(there: Remote, *arguments: str, given: bytes = b"", index: Path | None = None) -> bytes:
    """What git prints."""
    more = {"GIT_INDEX_FILE": str(index)} if index else {}
    who = {f"GIT_{role}_{what}": "x@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "-C", str(there.folder), *arguments],
        input=given,
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", **who, **more},
    )
    return done.stdout


def meddle(there: Remote, branch: str, files: Mapping[str, tuple[str, bytes | str]]) -> None:
    """Put files into a branch, each with its mode: bytes, or the name of an object."""
    index = there.folder / "meddling"
    git(there, "read-tree", REFS[branch], index=index)
    for path, (mode, what) in files.items():
        oid = what if isinstance(what, str) else git(there, "hash-object", "-w", "--stdin", given=what).decode().strip()
        git(there, "update-index", "--add", "--replace", "--cacheinfo", f"{mode},{oid},{path}", index=index)
    tree = git(there, "write-tree", index=index).decode().strip()
    git(there, "update-ref", f"refs/heads/{REFS[branch]}", git(there, "commit-tree", "-m", "x", tree).decode().strip())
    index.unlink()


@pytest.mark.parametrize(
    ("branch", "files"),
    [
        ("state", {f"evil/{version(1)}.json": ("160000", GITLINK)}),
        ("state", {f"evil/{version(1)}.json": ("100644", b"[" * 200_000)}),
        ("state", {f"acme-k/{version(9)}.json": ("120000", b"../../../etc/passwd")}),
        ("state", {"acme-k/a/b.json": ("100644", b"{}"), "evil": ("100644", b"x")}),
        ("versions", {f"acme-k/{version(9)}/x": ("100644", b"x"), "acme-k/a/b/x": ("100644", b"x"), "evil": ("120000", b"acme-k")}),
        ("shown", {"evil": ("120000", b"/etc"), "sub": ("160000", GITLINK), "a\x1b[2Jb": ("100644", b"x"), "-rf": ("100755", b"x")}),
    ],
    ids=["a submodule", "deep JSON", "a link", "other names", "other versions", "beside the sites"],
)
def test_what_others_put_there_is_in_nobodys_way(branch: str, files: Mapping[str, tuple[str, bytes | str]], tmp_path: Path) -> None:
    there = remote(tmp_path / "remote.git")
    at = place(tmp_path, there)
    send(at, release(1, pages(1)))
    meddle(there, branch, files)
    send(at, release(2, pages(2), before=1))
    assert [(one.site, one.version) for one in Git().published(at)] == [("acme-k", version(2))]
    assert [one.version for one in Git().versions(at, "acme-k")] == [version(2), version(1)]
    if branch == "shown":
        assert {path.split("/")[0] for path in git(there, "ls-tree", "-z", "--name-only", "gh-pages").decode().split("\0")} >= set(files)


def test_a_file_that_was_changed_there_is_sent_anew(tmp_path: Path) -> None:
    """In every branch alike, so that nothing shows it but the file itself."""
    there = remote(tmp_path / "remote.git")
    at = place(tmp_path, there)
    send(at, release(1, pages(1)))
    meddle(there, "versions", {f"acme-k/{version(1)}/assets/same.css": ("100644", b"spoilt")})
    meddle(there, "shown", {"acme-k/assets/same.css": ("100644", b"spoilt")})
    assert "sent assets/same.css" in send(at, release(2, pages(2), before=1))
    assert git(there, "show", "gh-pages:acme-k/assets/same.css") == pages(1)["assets/same.css"]
    assert "kept assets/same.css" in send(at, release(3, pages(3), before=2))


def test_a_version_that_lacks_what_its_manifest_names_is_one_message(tmp_path: Path) -> None:
    there = remote(tmp_path / "remote.git")
    at = place(tmp_path, there)
    send(at, release(1, pages(1)))
    one = release(1, pages(1)).published
    more = replace(one.files[0], path="assets/more.css")
    meddle(there, "state", {f"acme-k/{version(1)}.json": ("100644", manifest_json(replace(one, files=(*one.files, more))))})
    (found,) = Git().published(at)
    assert more in found.files
    with pytest.raises(PlanmarkError, match="PM805"):
        Git().read(at, found, more)
