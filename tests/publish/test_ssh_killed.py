"""Whoever is killed, at either end, and wherever the line breaks: readers have a whole version, and the next publish finishes."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from tests.publish.killed import HOWS, How, publish_third
from tests.publish.machine import Machine, line, machine, with_path
from tests.publish.published import name, release, send, site, wrong_with
from tests.publish.test_ssh import left, place

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets.ssh import Ssh

FULL = os.environ.get("PLANMARK_TRIALS") == "full"
SHIM = """#!/bin/sh
echo {name} >>{count}
read -r limit <{limit}
[ "$(wc -l <{count})" -ne "$limit" ] || kill -9 0
exec {program} "$@"
"""
"""A program of the host, before whose nth start all that runs there for one connection is killed."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("sshd")) as found:
        yield found


@pytest.fixture(scope="module")
def begun(there: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions, of which the first goes with the third."""
    folder = tmp_path_factory.mktemp("begun")
    send(place(there, folder), release(1, site(1)))
    send(place(there, folder), release(2, site(2), before=1, keep=1))
    return folder


def again(begun: Path, folder: Path) -> Path:
    """The same folder anew."""
    shutil.copytree(begun / "www", folder / "www", symlinks=True)
    return folder


def finished(at: Place, folder: Path) -> bool:
    """Readers have the second version or the third, and the next publish finishes. Whether it was the third."""
    assert wrong_with(folder / "www") == []
    page = (folder / "www/acme-k/index.html").read_bytes()
    assert page in (site(2)["index.html"], site(3)["index.html"])
    while True:
        (out,) = Ssh().published(at)
        before = 3 if out.version == name(3) else 2
        try:
            send(at, release(4, site(3), before=before, keep=1))
            break
        except PlanmarkError as error:
            if codes(error) != ["PM804"]:  # what was left alone at the host may still go on
                raise
    assert wrong_with(folder / "www") == []
    assert left(folder) == {"lock", name(before), f"{name(before)}.json", name(4), f"{name(4)}.json"}
    return page == site(3)["index.html"]


def codes(error: PlanmarkError) -> list[str]:
    """What it is told with."""
    return [problem.code for problem in error.problems]


def some(ends: list[tuple[int, How]] | list[int], default: int) -> list[tuple[int, How]] | list[int]:
    """All of them, or a few by chance that is always the same."""
    return ends if FULL or len(ends) <= default else sorted(Random(5).sample(ends, default))  # type: ignore[type-var]


def test_a_publisher_that_is_killed_is_followed_by_one_that_finishes(begun: Path, there: Machine, tmp_path: Path) -> None:
    done = publish_third(place(there, again(begun, tmp_path / "whole")), 99, "before")
    assert done.returncode == 0, done.stderr
    programs = int(done.stdout)
    assert programs == 3, "one call opens, one sends, one closes"
    for end, how in some([(end, how) for end in range(programs) for how in HOWS], 4):  # type: ignore[misc]
        folder = again(begun, tmp_path / f"killed{end}{how}")
        at = place(there, folder)
        killed = publish_third(at, end, how)
        assert killed.returncode == -signal.SIGKILL or "PM805" in killed.stderr or how == "program", killed.stderr
        finished(at, folder)


def test_a_host_that_is_killed_at_any_program_is_survived(begun: Path, there: Machine, tmp_path: Path) -> None:
    count, limit, programs = tmp_path / "count", tmp_path / "limit", tmp_path / "programs"
    programs.mkdir()
    for one in ("ls", "sed", "find", "mkdir", "cat", "sort", "rm", "ln", "mv", "sync", "flock", "rsync"):
        shim = SHIM.format(name=one, count=count, limit=limit, program=shutil.which(one))
        (programs / one).write_text(shim, encoding="utf-8")
        (programs / one).chmod(0o755)
    key = there.key("shims", with_path(programs, "/usr/bin", "/bin"))

    def tried(end: int) -> bool:
        count.write_text("", encoding="utf-8")
        limit.write_text(f"{end}", encoding="utf-8")
        folder = again(begun, tmp_path / f"killed{end}")
        try:
            send(place(there, folder, key), release(3, site(3), before=2, keep=1))
        except PlanmarkError as error:
            if codes(error) != ["PM805"]:
                raise
        return finished(place(there, folder), folder)

    assert tried(9_999)
    steps = len(count.read_text(encoding="utf-8").splitlines())
    assert steps > 20
    seen = {tried(end) for end in (*some(list(range(1, steps)), 3), steps)}  # type: ignore[misc]
    assert seen == {False, True}, "some are killed before the switch, some after it"


def test_a_line_that_breaks_anywhere_is_one_message(begun: Path, there: Machine, tmp_path: Path) -> None:
    """Or none, where it broke after all was done."""
    with line(there.port) as counted:
        folder = again(begun, tmp_path / "whole")
        send(place(there, folder, port=counted.port), release(3, site(3), before=2, keep=1))
        total = counted.passed
    for end in some(list(range(100, total, total // 60)), 2):  # type: ignore[misc]
        folder = again(begun, tmp_path / f"cut{end}")
        with line(there.port, cut=end) as broken:
            at = place(there, folder, port=broken.port)
            try:
                send(at, release(3, site(3), before=2, keep=1))
            except PlanmarkError as error:
                if codes(error) != ["PM805"] or "connection broke" not in str(error):
                    raise
            finished(replace(at, settings={**at.settings, "port": str(there.port)}), folder)
