"""Two builds at once in one workspace: one waits for the other, and both are right."""

from __future__ import annotations

import subprocess
import sys

from tests.build.small import BUILD, TODAY, Small, environment, tree


def start(small: Small, *arguments: str) -> subprocess.Popen[str]:
    """A build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "planmark", *BUILD, "--today", TODAY.isoformat(), *arguments],
        cwd=small.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_several_builds_at_once(many: Small) -> None:
    """All end well, with workers and without; the tree is that of one build, and nothing is left to do."""
    expected = many.clean_copy(many.root.with_name("clean"))
    expected.build()
    started = [start(many, *more) for more in ([], ["--workers", "2"], ["deal3"], ["--dry-run"])]
    for one in started:
        said, wrong = one.communicate(timeout=60)
        assert one.returncode == 0, said + wrong
        assert not wrong
    assert tree(many.sites) == tree(expected.sites)
    assert not many.build().reasons


def test_a_change_while_a_build_runs_is_found_by_the_next(many: Small) -> None:
    """What a build did not see it does not claim to have seen."""
    deals = [path.name for path in (many.root / "content").glob("deal*")]
    running = start(many, "--workers", "2")
    number = 0
    while running.poll() is None:
        number += 1
        many.write({f"content/{name}/overview.md": f"Version {number}.\n" for name in deals})
    running.communicate(timeout=60)
    many.build()
    expected = many.clean_copy(many.root.with_name("clean"))
    expected.build()
    assert tree(many.sites) == tree(expected.sites)
