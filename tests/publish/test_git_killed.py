"""Whoever is killed while they publish to a branch leaves it whole, and the next one finishes: also where not all can change at once."""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path
from random import Random

import pytest
from tests.publish.killed import HOWS, How, publish_third
from tests.publish.published import name, release, site
from tests.publish.remote import Remote, remote
from tests.publish.test_git import place

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets.git import Git

TRIALS = 10_000 if os.environ.get("PLANMARK_TRIALS") == "full" else 3


def finished(at: Place, there: Remote) -> bool:
    """Readers have the second version or the third, and the next publish finishes. Whether it was the third."""
    page = there.get("acme-k/index.html")
    assert page in (site(2)["index.html"], site(3)["index.html"])
    loaded = re.findall(rb'"(assets/[^"]+)"', page)
    assert loaded
    assert all(there.get(f"acme-k/{path.decode()}") is not None for path in loaded)
    while True:
        seen = there.get("acme-k/index.html")
        (out,) = Git().published(at)
        before = 3 if out.version == name(3) else 2
        if seen == there.get("acme-k/index.html"):  # what was left alone may still go on
            assert seen == site(before)["index.html"], "what is said to be out is what is shown"
        try:
            list(Git().publish(at, release(4, site(3), before=before, keep=1)))
            break
        except PlanmarkError as error:
            if [problem.code for problem in error.problems] != ["PM804"]:
                raise
    files = [*site(3), f"assets/a.{before}.css"] if before == 2 else list(site(3))
    assert sorted(there.paths()) == sorted([".nojekyll", "index.html", *(f"acme-k/{path}" for path in files)])
    assert there.paths("planmark-state/gh-pages") == [f"acme-k/{name(before)}.json", f"acme-k/{name(4)}.json"]
    assert {path.split("/")[1] for path in there.paths("planmark-versions/gh-pages")} == {name(before), name(4)}
    for branch in ("gh-pages", "planmark-state/gh-pages", "planmark-versions/gh-pages"):
        assert there.git("rev-list", "--count", f"refs/heads/{branch}").strip() == b"1", "nothing that was taken back is in its history"
    there.git("fsck", "--strict")
    return page == site(3)["index.html"]


@pytest.mark.parametrize("setting", ["receive.advertiseAtomic=true", "receive.advertiseAtomic=false"])
def test_a_publisher_that_is_killed_is_followed_by_one_that_finishes(setting: str, tmp_path: Path) -> None:
    begun = remote(tmp_path / "begun.git", setting)
    list(Git().publish(place(tmp_path, begun), release(1, site(1))))
    list(Git().publish(place(tmp_path, begun), release(2, site(2), before=1, keep=1)))

    def again(named: str) -> Remote:
        return Remote(Path(shutil.copytree(begun.folder, tmp_path / f"{named}.git")))

    whole = again("whole")
    done = publish_third(place(tmp_path, whole), 999, "before")
    assert done.returncode == 0, done.stderr
    assert finished(place(tmp_path, whole), whole)
    programs = int(done.stdout)
    assert programs > 15
    apart = setting.endswith("false")
    """Where one branch goes after the other, some are killed after the switch: before the last programs."""
    last: list[tuple[int, How]] = [(end, "before") for end in range(programs - 3, programs)] if apart else []
    ends = [(end, how) for end in range(programs) for how in HOWS]
    seen = set()
    for end, how in [*sorted(Random(5).sample(ends, min(len(ends), TRIALS))), *last]:
        there = again(f"killed{end}{how}")
        at = place(tmp_path, there)
        killed = publish_third(at, end, how)
        assert killed.returncode == -signal.SIGKILL or "PM805" in killed.stderr or how == "program", killed.stderr
        seen.add(finished(at, there))
        shutil.rmtree(there.folder, ignore_errors=True)  # a program that was left alone may still go on there
    assert False in seen
    assert True in seen or not apart
