"""Two builds at once in one workspace: one waits for the other, and both are right."""

from __future__ import annotations

import subprocess
import sys

from tests.build.small import TODAY, Small, environment, files, tree

DEALS = [f"deal{number}" for number in range(9)]


def start(small: Small, *arguments: str) -> subprocess.Popen[str]:
    """A build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "planmark", "build", "--today", TODAY.isoformat(), *arguments],
        cwd=small.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_several_builds_at_once(small: Small) -> None:
    """All end well, with workers and without; the tree is that of one build, and nothing is left to do."""
    small.write(files(DEALS))
    expected = small.clean_copy(small.root.with_name("clean"))
    expected.build()
    started = [start(small, *more) for more in ([], ["--workers", "2"], ["deal3"], ["--dry-run"])]
    for one in started:
        said, wrong = one.communicate(timeout=60)
        assert one.returncode == 0, said + wrong
        assert not wrong
    assert tree(small.sites) == tree(expected.sites)
    assert not small.build().reasons


def test_a_change_while_a_build_runs_is_found_by_the_next(small: Small) -> None:
    """What a build did not see it does not claim to have seen."""
    small.write(files(DEALS))
    running = start(small, "--workers", "2")
    number = 0
    while running.poll() is None:
        number += 1
        small.write({f"content/{name}/overview.md": f"Version {number}.\n" for name in DEALS})
    running.communicate(timeout=60)
    small.build()
    expected = small.clean_copy(small.root.with_name("clean"))
    expected.build()
    assert tree(small.sites) == tree(expected.sites)
