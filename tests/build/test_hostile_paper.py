"""Layouts that never end, that want all memory, and workers that die: the deal is named, its last good site stays, the rest is built."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from tests.build.small import PAPER, TODAY, Small, tree

from planmark.build import worker
from planmark.build.paper import pdf_of
from planmark.problems import Location, PlanmarkError
from planmark.site.paper import guard
from planmark.site.pdf import Paper

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="limits are those of Unix")
ENDLESS = "{% for n in range(40) %}<div style='display: flex'>{% endfor %}x{% for n in range(40) %}</div>{% endfor %}"
"""Flex boxes in flex boxes: to learn how wide one is, each asks those inside it several times. That would outlast the earth."""


def only_for(deal: str, what: str) -> str:
    """A paper on which `what` stands for one deal alone."""
    return PAPER.replace("<h1>", "{% if plan.id == '" + deal + "' %}" + what + "{% endif %}<h1>")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_layout_without_end_is_stopped_and_named(small: Small, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    """By the timer inside the worker. The other PDFs are made; the deal's last good site stays, its PDF too."""
    small.build(pdf="made")
    good = tree(small.site("beta"))
    monkeypatch.setattr(guard, "SECONDS", 3.0)
    small.write({"themes/plain/paper.html": only_for("beta", ENDLESS)})
    small.replace("content/acme/plan.yaml", "Rollout for acme", "Launch for acme")
    report = small.build(pdf="made", workers=workers)
    assert report.failed == ["beta"]
    (problem,) = report.problems
    assert problem.code == "PM612"
    assert problem.location == Location("content/beta")
    assert "stopped after 3 seconds" in problem.message
    assert "--no-pdf" in problem.hint
    assert tree(small.site("beta")) == good
    assert b"%PDF" in (small.site("acme") / "plan.pdf").read_bytes()


def test_one_that_does_not_hear_the_timer_is_ended_from_outside(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a loop inside of a library. Another worker takes over."""
    monkeypatch.setattr(guard, "SECONDS", 4.0)
    monkeypatch.setattr(guard, "PATIENCE", 4.0)

    def deaf(paper: Paper, where: Location) -> bytes:
        if where.path.endswith("beta"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
            while True:
                time.sleep(60)
        return b"%PDF-"

    monkeypatch.setattr(worker, "make_pdf", deaf)
    report = small.build(pdf="made")
    assert report.failed == ["beta"]
    assert [problem.code for problem in report.problems] == ["PM612"]
    assert sorted(report.sites) == ["acme", "cobalt"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not count what is mapped")
def test_one_that_wants_all_memory_is_stopped_and_named(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the limit of the worker's own memory."""
    monkeypatch.setattr(guard, "MEMORY", 250 << 20)
    many = "<p>{% for n in range(150000) %}<b>{{ n }}</b> {% endfor %}</p>"
    small.write({"themes/plain/paper.html": only_for("beta", many)})
    report = small.build(pdf="made")
    assert report.failed == ["beta"], report.problems
    (problem,) = report.problems
    assert problem.code in ("PM612", "PM613")  # a library that gets no memory may end the process
    assert problem.location == Location("content/beta")
    assert sorted(report.sites) == ["acme", "cobalt"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_dead_worker_is_replaced(small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workers: int) -> None:
    """What it had in hand is named and tried again by the next build; the others are built."""
    mark = tmp_path / "killed"

    def killed_once(paper: Paper, where: Location) -> bytes:
        if where.path.endswith("acme") and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return b"%PDF-"

    monkeypatch.setattr(worker, "make_pdf", killed_once)
    report = small.build(pdf="made", workers=workers)
    assert report.failed == ["acme"]
    (problem,) = report.problems
    assert (problem.code, problem.location) == ("PM613", Location("content/acme"))
    assert sorted(report.sites) == ["beta", "cobalt"]
    again = small.build(pdf="made", workers=workers)
    assert again.ok
    assert set(again.reasons) == {"acme"}


def test_a_defect_in_a_worker_is_no_dead_worker(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not a rep's mistake is not told as one."""

    def broken(paper: Paper, where: Location) -> bytes:
        raise KeyError("a defect")

    monkeypatch.setattr(worker, "make_pdf", broken)
    with pytest.raises(RuntimeError, match="a defect"):
        small.build(pdf="made")


def test_what_a_layout_lays_aside_is_gone_afterwards(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library unpacks fonts into files, and a worker that is stopped removes none."""
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    monkeypatch.setattr(worker, "make_pdf", lambda paper, where: tempfile.mkdtemp().encode())  # the folder's name in place of a PDF
    small.build(pdf="made")
    made = Path((small.site("acme") / "plan.pdf").read_text(encoding="utf-8"))
    assert made.is_relative_to(aside)
    assert list(aside.iterdir()) == []


def test_beside_other_threads_a_process_apart_lays_out(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the preview, where no timer can be set and nothing may be forked: the same bytes, the same limits."""
    small.build(pdf="made")
    first = (small.site("acme") / "plan.pdf").read_bytes()
    answers: list[object] = []

    def build() -> None:
        answers.append(small.build("acme", pdf="made"))

    def in_thread() -> None:
        thread = threading.Thread(target=build)
        thread.start()
        thread.join()

    (small.site("acme") / "plan.pdf").unlink()
    in_thread()
    assert (small.site("acme") / "plan.pdf").read_bytes() == first
    monkeypatch.setattr(guard, "SECONDS", 3.0)
    small.write({"themes/plain/paper.html": only_for("acme", ENDLESS)})
    in_thread()
    assert [problem.code for problem in answers[-1].problems] == ["PM612"]  # type: ignore[attr-defined]


def test_one_pdf_by_itself(small: Small) -> None:
    """The same bytes as a build's."""
    small.build(pdf="made")
    assert pdf_of(small.root, "beta", TODAY) == (small.site("beta") / "plan.pdf").read_bytes()
    with pytest.raises(PlanmarkError, match=r"PM301.*did you mean `maria`"):
        pdf_of(small.root, "beta", TODAY, "mari")
