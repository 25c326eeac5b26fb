"""A build that is killed leaves no half page, no page without its assets, and nothing that the next build does not mend."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest
from tests.build.small import BUILD, SVG, TODAY, Small, environment, files, key, plan, tree

TRIALS = 500 if os.environ.get("PLANMARK_TRIALS") == "full" else 20
DEALS = [f"deal{number}" for number in range(8)]
DAY = ("--today", TODAY.isoformat())

KILLED_AT = """
import atexit, os, signal, sys
left, place = int(sys.argv[1]), sys.argv[2]
WRITING = os.O_WRONLY | os.O_RDWR
steps = 0

def count(event, arguments):
    global steps
    if event == "open" and not arguments[2] & WRITING or event not in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"):
        return
    if not str(arguments[0]).startswith(place):
        return
    steps += 1
    if steps > left:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
atexit.register(lambda: print("steps", steps, file=sys.stderr))
from planmark.cli import main
main(sys.argv[3:])
"""
"""A build that kills itself before its nth change of the file system below a folder."""


def assets_of(page: str) -> set[str]:
    """What a page loads from its own site."""
    return set(re.findall(r'(?:src|href|poster)="(assets/[^"#?]+)"', page))


def wrong_with(page: Path) -> str:
    """What is wrong with a page as it stands at this moment; empty when nothing is, or when it has been replaced meanwhile."""
    try:
        text = page.read_text(encoding="utf-8")
        if not text.rstrip().endswith("</html>"):
            return f"{page} ends in {text[-40:]!r}"
        missing = [name for name in assets_of(text) if not (page.parent / name).exists()]
        return f"{page} names {missing}, which do not exist" if missing and page.read_text(encoding="utf-8") == text else ""
    except FileNotFoundError:
        return ""


def all_wrong(sites: Path) -> list[str]:
    """What is wrong with any page of any site."""
    found = []
    for site in sites.iterdir():
        with suppress(FileNotFoundError):  # it has gone meanwhile, as a whole
            found += [wrong for page in site.iterdir() if page.suffix == ".html" and (wrong := wrong_with(page))]
    return found


@contextmanager
def read_all_along(sites: Path) -> Iterator[list[str]]:
    """Read every page again and again in the meantime, as buyers do, and collect what is wrong."""
    found: list[str] = []
    over = threading.Event()

    def read() -> None:
        while not over.wait(0.005):
            found.extend(all_wrong(sites))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield found
    finally:
        over.set()
        reader.join()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Eight deals, all built."""
    made = Small(tmp_path_factory.mktemp("built") / "workspace")
    made.write(files(DEALS))
    made.write({"content/deal3/plan.yaml": plan("With the theme that ships", share=3, more="theme: default")})
    made.build()
    return made


def edited_copy(built: Small, to: Path) -> Small:
    """The built workspace in another folder, with changes to most of its deals waiting to be built."""
    shutil.copytree(built.root, to, copy_function=shutil.copy2)
    copy = Small(to)
    copy.write({"themes/plain/assets/plain.css": "body { color: var(--ink); margin: 0 }\n"})
    copy.replace("content/deal0/plan.yaml", "Connect a plant", "Connect two plants")
    copy.replace("content/deal1/plan.yaml", key(1), key(31))
    copy.remove("content/deal2")
    copy.replace("content/deal3/plan.yaml", "Connect a plant", "Connect three plants")
    copy.write({"content/deal9/plan.yaml": plan("A new one", share=9, resources="[tour, paper]")})
    copy.write({"content/_library/files/paper.svg": SVG.format(colour="#654321")})
    return copy


def edit_again(copy: Small, random: Random) -> None:
    """Before the next build some of it is taken back, and some goes on."""
    if random.random() < 0.5:
        copy.write({"themes/plain/assets/plain.css": files()["themes/plain/assets/plain.css"]})
    if random.random() < 0.5:
        copy.replace("content/deal0/plan.yaml", "Connect two plants", "Connect a plant")
    if random.random() < 0.5:
        copy.replace("content/deal1/plan.yaml", key(31), key(1))
    if random.random() < 0.5:
        copy.write({"content/deal4/overview.md": "Other words.\n"})


def assert_mended(copy: Small, clean: Path, story: str) -> None:
    """The next build leaves what a clean build makes."""
    expected = copy.clean_copy(clean)
    assert expected.build().ok
    assert copy.build().ok, story
    assert tree(copy.sites) == tree(expected.sites), story
    assert not copy.build().reasons, story


def test_killed_before_any_change_of_the_file_system(built: Small, tmp_path: Path) -> None:
    """At steps drawn by chance from all that a build makes: folders, files, renames, removals."""
    counted = edited_copy(built, tmp_path / "counted")
    run = [sys.executable, "-c", KILLED_AT]
    arguments = [*BUILD, "--workers", "1", *DAY]
    done = subprocess.run(
        [*run, "1000000", str(counted.root / "build"), *arguments],
        cwd=counted.root,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    steps = int(done.stderr.split()[-1])
    assert steps > 60
    random = Random(20)
    for trial in range(TRIALS // 2):
        step = random.randrange(steps)
        copy = edited_copy(built, tmp_path / f"trial{trial}")
        with read_all_along(copy.sites) as wrong:
            stopped = subprocess.run(
                [*run, str(step), str(copy.root / "build"), *arguments],
                cwd=copy.root,
                env=environment(),
                capture_output=True,
                check=False,
            )
        story = f"killed at step {step} of {steps} "
        assert stopped.returncode == -signal.SIGKILL, story
        assert not wrong, story
        assert not all_wrong(copy.sites), story
        edit_again(copy, random)
        assert_mended(copy, tmp_path / f"clean{trial}", story)
        shutil.rmtree(copy.root)


def test_killed_at_any_moment_with_its_workers_left_alone(built: Small, tmp_path: Path) -> None:
    """Only the process that was started is killed; its workers notice, and hold nothing up."""
    random = Random(21)
    for trial in range(TRIALS // 2):
        copy = edited_copy(built, tmp_path / f"trial{trial}")
        after = random.uniform(0.15, 1.0)
        with read_all_along(copy.sites) as wrong:
            started = subprocess.Popen(
                [sys.executable, "-m", "planmark", *BUILD, "--workers", "3", *DAY],
                cwd=copy.root,
                env=environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                started.wait(after)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()
        story = f"killed after {after:.3f} s "
        assert not wrong, story
        assert not all_wrong(copy.sites), story
        edit_again(copy, random)
        assert_mended(copy, tmp_path / f"clean{trial}", story)
        shutil.rmtree(copy.root)


def test_a_reader_never_meets_a_half_built_site(built: Small, tmp_path: Path) -> None:
    """Builds back and forth between two versions, read all along."""
    copy = edited_copy(built, tmp_path / "copy")
    with read_all_along(copy.sites) as wrong:
        for old, new in [(31, 32), (32, 31)] * 6:
            copy.write({"themes/plain/assets/plain.css": f"body {{ margin: {new}px }}\n"})
            copy.replace("content/deal1/plan.yaml", key(old), key(new))
            assert copy.build().ok
    assert not wrong


INTERRUPTED = """
import os, signal, sys
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))
from planmark.cli import main
main(sys.argv[1:])
"""
"""A build whose workers hear Ctrl-C as the first thing in their lives."""


def test_a_worker_that_has_just_been_started_leaves_the_keyboard_to_the_build(built: Small, tmp_path: Path) -> None:
    """It neither dies of it nor says anything."""
    copy = edited_copy(built, tmp_path / "copy")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *BUILD, "--workers", "2", *DAY],
        cwd=copy.root,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_stopped_from_the_keyboard(built: Small, tmp_path: Path) -> None:
    """Ctrl-C reaches every process of the group: no traceback of any, and the next build goes on."""
    copy = edited_copy(built, tmp_path / "copy")
    started = subprocess.Popen(
        [sys.executable, "-m", "planmark", *BUILD, "--workers", "3", *DAY],
        cwd=copy.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    staging = copy.root / "build/.planmark/staging"
    while started.poll() is None and not staging.exists():
        pass
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=30)
    assert "Traceback" not in said
    assert_mended(copy, tmp_path / "clean", "stopped from the keyboard ")
