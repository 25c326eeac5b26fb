"""A build without changes: it says so at once, loads nothing heavy, and writes no file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.build.small import BUILD, TODAY, Small, command, environment, stamps, tree

HEAVY = {"pydantic", "jinja2", "yaml", "markdown_it", "babel", "holidays", "rich", "weasyprint", "tornado", "watchfiles", "multiprocessing"}
LOADED = """
import atexit, sys
atexit.register(lambda: print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr))
from planmark.cli import main
main(sys.argv[1:])
"""


def loaded(root: Path, *arguments: str) -> tuple[int, str, set[str]]:
    """Exit code, output, and the packages that a command imported."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=root, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, set(done.stderr.splitlines()[-1].split())


def test_it_loads_neither_models_nor_templates_nor_yaml(small: Small) -> None:
    """What is not needed is not imported; the second build of a day needs none of it."""
    command(small.root, *BUILD)
    code, said, packages = loaded(small.root, *BUILD)
    assert code == 0
    assert said.startswith("3 deals, nothing to do")
    assert not packages & HEAVY


def test_a_version_question_loads_nothing(tmp_path: Path) -> None:
    """`planmark --version` answers before anything of the program is read."""
    code, said, packages = loaded(tmp_path, "--version")
    assert code == 0
    assert said.startswith("planmark ")
    assert not packages & HEAVY


def test_it_writes_no_file(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the sites nor in the state, and nothing beside them."""
    monkeypatch.setattr("planmark.build.inputs.RACY_NS", 0)
    small.build()
    before = stamps(small.root)
    small.build()
    assert stamps(small.root) == before


def test_it_writes_no_site_while_the_files_are_still_new(small: Small) -> None:
    """What was changed a moment ago is read again, and is the same."""
    command(small.root, *BUILD)
    before = stamps(small.sites)
    command(small.root, *BUILD)
    assert stamps(small.sites) == before


def test_it_does_nothing_in_a_process_that_has_built_before(small: Small) -> None:
    """The report is empty but for what is known of the deals."""
    first = small.build()
    again = small.build()
    assert not again.reasons
    assert not again.changes
    assert (again.sites, again.titles, again.deals, again.today) == (first.sites, first.titles, 3, TODAY)


def test_an_edit_that_keeps_size_and_time_is_noticed(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that restores the time of change cannot restore the time of the inode's change."""
    monkeypatch.setattr("planmark.build.inputs.RACY_NS", 0)
    small.build()
    file = small.root / "content/acme/plan.yaml"
    said = file.stat()
    small.replace("content/acme/plan.yaml", "Connect a plant", "Connect z plant")
    os.utime(file, ns=(said.st_atime_ns, said.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (said.st_size, said.st_mtime_ns)
    assert small.build().reasons == {"acme": "content/acme/plan.yaml changed"}


def test_a_file_put_in_the_place_of_another_is_noticed(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same name, size and time, but another file: as a synced folder and `cp -p` leave it."""
    monkeypatch.setattr("planmark.build.inputs.RACY_NS", 0)
    small.build()
    file, other = small.root / "content/acme/plan.yaml", small.root / "other"
    said = file.stat()
    other.write_text(file.read_text(encoding="utf-8").replace("Connect a plant", "Connect z plant"), encoding="utf-8")
    os.utime(other, ns=(said.st_atime_ns, said.st_mtime_ns))
    other.replace(file)
    assert small.build().reasons == {"acme": "content/acme/plan.yaml changed"}


def test_a_file_saved_unchanged_builds_nothing(small: Small) -> None:
    """What counts is what a file holds."""
    small.build()
    for file in (small.root / "content").rglob("*.*"):
        file.write_bytes(file.read_bytes())
    assert not small.build().reasons


def test_a_file_changed_within_its_clock_s_tick_is_read_again(small: Small) -> None:
    """A file as new as the last look at it may have been changed since without a trace, so its stamp is not trusted."""
    small.build()
    from planmark.build.inputs import Inputs
    from planmark.build.state import load_state
    from planmark.content.tree import RACY_NS

    state = load_state(small.root / "build/.planmark/state.json")
    forged = {name: stamp._replace(digest="forged") for name, stamp in state.stamps["content/acme"].items()}
    state.stamps["content/acme"] = forged
    fresh = Inputs(small.root, state).tree("content/acme")
    assert {stamp.digest for stamp in fresh.values()}.isdisjoint({"forged"})
    state.saved_ns = time.time_ns() + 2 * RACY_NS
    assert Inputs(small.root, state).tree("content/acme") == forged


def test_the_output_of_one_day_is_that_of_the_next(small: Small) -> None:
    """The build writes dates, not days to go: tomorrow nothing is stale, as no state changes."""
    small.build()
    before = tree(small.sites)
    for days in range(1, 11):
        assert not small.build(today=TODAY + timedelta(days=days)).reasons
    assert tree(small.sites) == before
    assert date(2026, 11, 20) >= TODAY + timedelta(days=10)
