"""No room, no permission: one clear message, no traceback, and what stood there still stands."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.build.small import BUILD, TODAY, Small, environment, tree

PR_CAPBSET_DROP = 24
DAC_OVERRIDE, DAC_READ_SEARCH = 1, 2


def without_privileges() -> None:
    """Permissions hold for the superuser, too, in the program that is started next."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "the capability cannot be dropped")


def build(small: Small, before: Callable[[], None] | None = None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A build in a process that is prepared by `before`."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "planmark", *BUILD, "--today", TODAY.isoformat(), *arguments],
        cwd=small.root,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=before,
    )


def assert_one_clear_message(done: subprocess.CompletedProcess[str]) -> None:
    """PM608, once, with a place and what to do."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert "PM608" in line
    assert line.startswith("build")


@pytest.fixture
def ordinary() -> Callable[[], None] | None:
    """What makes the next program an ordinary user's, where this one is the superuser's."""
    if os.geteuid() != 0:
        return None
    done = subprocess.run([sys.executable, "-c", ""], preexec_fn=without_privileges, check=False, stderr=subprocess.DEVNULL)
    if done.returncode:
        pytest.skip("runs as the superuser, who may write everywhere and cannot give that up here")
    return without_privileges


@pytest.mark.parametrize("folder", ["", "build", "build/sites", "build/.planmark"])
def test_a_folder_that_cannot_be_written(small: Small, ordinary: Callable[[], None] | None, folder: str) -> None:
    """Whichever of them it is."""
    target = small.root / folder
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(0o555)
    try:
        assert_one_clear_message(build(small, ordinary))
        assert not tree(small.sites) if small.sites.exists() else True
    finally:
        target.chmod(0o755)


def test_a_site_that_cannot_be_written(small: Small, ordinary: Callable[[], None] | None) -> None:
    """What stands in it stays."""
    small.build()
    good = tree(small.sites)
    small.replace("content/acme/plan.yaml", "Connect a plant", "Connect two plants")
    site = small.site("acme")
    site.chmod(0o555)
    try:
        assert_one_clear_message(build(small, ordinary))
        assert tree(small.sites) == good
    finally:
        site.chmod(0o755)
    assert build(small).returncode == 0


@pytest.mark.parametrize("place", ["build", "build/sites", "build/.planmark"])
def test_a_file_where_a_folder_is_meant(small: Small, place: str) -> None:
    """The user's own file is not removed for it."""
    small.write({place: "mine"})
    assert_one_clear_message(build(small))
    assert (small.root / place).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("limit", [0, 100, 2_000, 6_000])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_write_that_fails_in_the_middle(many: Small, limit: int, workers: str) -> None:
    """As on a full disk, at any file: pages, assets, templates in their compiled form, the state."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    assert_one_clear_message(build(many, limited, "--workers", workers))
    assert build(many).returncode == 0
    expected = many.clean_copy(many.root.with_name("clean"))
    expected.build()
    assert tree(many.sites) == tree(expected.sites)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(many: Small, tiny_disk: Path) -> None:
    """The message says so, and once there is room again all is built."""
    (many.root / "build").symlink_to(tiny_disk)
    done = build(many)
    assert_one_clear_message(done)
    assert "No space left" in done.stderr
    subprocess.run(["mount", "-o", "remount,size=64m", str(tiny_disk)], check=True)
    assert build(many).returncode == 0
