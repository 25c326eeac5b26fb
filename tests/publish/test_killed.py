"""A publisher that is killed at any operation leaves a page that works, and the next one finishes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.build.small import environment
from tests.publish.published import Publisher, name, place, publisher, release, send, site, wrong_with

from planmark.targets.directory import Directory

TRIALS = 500 if os.environ.get("PLANMARK_TRIALS") == "full" else 20
KILLED_AT = """
import os, signal, sys
from pathlib import Path
from tests.build.small import Small
from tests.publish.published import NOW, Publisher, place, release, send, site
left, folder, what = int(sys.argv[1]), sys.argv[2], sys.argv[3]
steps = 0

def count(event, arguments):
    global steps
    if event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
        return
    if event not in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink"):
        return
    if not str(arguments[0]).startswith(folder) and not str(arguments[-1]).startswith(folder) and event != "os.symlink":
        return
    steps += 1
    if steps > left:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
if what == "target":
    send(place(Path(folder)), release(3, site(3), before=2, keep=1))
else:
    Publisher(Small(Path(folder, "workspace")), Path(folder, "www"), "", NOW).publish("acme")
print(steps)
"""
"""A publisher that kills itself before its nth change of the file system."""


def begun(folder: Path) -> None:
    """Two versions, of which the first goes with the third."""
    send(place(folder), release(1, site(1)))
    send(place(folder), release(2, site(2), before=1, keep=1))


def killed(folder: Path, left: int, what: str = "target") -> subprocess.CompletedProcess[str]:
    """A target alone, or a whole publisher, that does `left` operations."""
    path = f"{Path(__file__).parents[2]}"
    code = [sys.executable, "-c", KILLED_AT, str(left), str(folder), what]
    return subprocess.run(code, env=environment(PYTHONPATH=path), capture_output=True, text=True, timeout=120, check=False)


def test_killed_at_any_operation_the_next_one_finishes(tmp_path: Path) -> None:
    """Readers have the second version whole, or the third; afterwards all is as if nobody had been killed."""
    begun(tmp_path / "whole")
    done = killed(tmp_path / "whole", 10_000)
    assert done.returncode == 0, done.stderr
    steps = int(done.stdout)
    assert left_in(tmp_path / "whole") == {"lock", name(2), f"{name(2)}.json", name(3), f"{name(3)}.json"}
    assert steps > 15
    ends = Random(5).sample(range(steps), TRIALS) if steps > TRIALS else list(range(steps))
    seen = set()
    for end in ends:
        folder = tmp_path / f"killed{end}"
        begun(folder)
        assert killed(folder, end).returncode == -signal.SIGKILL
        assert wrong_with(folder / "www") == [], end
        page = (folder / "www/acme-k/index.html").read_bytes()
        assert page in (site(2)["index.html"], site(3)["index.html"]), end
        seen.add(page)
        current = next(iter(Directory().published(place(folder)))).version
        before = 3 if current == name(3) else 2
        send(place(folder), release(4, site(3), before=before, keep=1))
        assert wrong_with(folder / "www") == [], end
        assert left_in(folder) == {"lock", name(before), f"{name(before)}.json", name(4), f"{name(4)}.json"}, end
    assert len(seen) == 2, "some are killed before the switch, some after it"


def test_a_whole_publish_that_is_killed_is_finished_by_the_next_one(tmp_path: Path) -> None:
    """While it adds a version to the plan, builds, or sends: afterwards there is one version more, and the page is the new one."""

    def prepared(name: str) -> Publisher:
        ours = publisher(tmp_path / name, "http://127.0.0.1:9", deals=("acme",))
        shutil.copytree(first.small.root, ours.small.root, dirs_exist_ok=True)
        shutil.copytree(first.www, ours.www, symlinks=True)
        ours.small.replace("content/acme/plan.yaml", "Sign the agreement", "Sign soon")
        return ours

    first = publisher(tmp_path / "first", "http://127.0.0.1:9", deals=("acme",))
    first.publish("acme")
    whole = prepared("whole")
    done = killed(tmp_path / "whole", 10_000, "all")
    assert done.returncode == 0, done.stderr
    assert b"Sign soon" in page_of(whole)
    steps = int(done.stdout)
    for end in sorted(Random(6).sample(range(steps), min(steps, TRIALS // 2))):
        ours = prepared(f"killed{end}")
        assert killed(tmp_path / f"killed{end}", end, "all").returncode == -signal.SIGKILL
        assert wrong_with(ours.www) == [], end
        (outcome,) = ours.publish("acme")
        assert outcome.result in ("published", "unchanged"), (end, outcome.problems)
        assert b"Sign soon" in page_of(ours), end
        assert wrong_with(ours.www) == [], end
        assert len(list(ours.small.root.glob("content/acme/versions/*.json"))) == 2, end
        assert not [path for path in ours.small.root.glob("content/acme/**/*") if path.name.startswith(".")], end


def page_of(ours: Publisher) -> bytes:
    """The page that readers get."""
    return b"".join(path.read_bytes() for path in ours.www.glob("acme-*/index.html"))


def left_in(folder: Path) -> set[str]:
    """What the store has of the site, by name."""
    return {path.name for path in (folder / "www/.planmark/acme-k").iterdir()}
