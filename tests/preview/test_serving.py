"""The server as a process: how it starts, ends, and what it says meanwhile."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
from datetime import date

import pytest
from tests.build.small import Small
from tests.preview.running import Running, eventually

from planmark.preview.server import serve
from planmark.preview.terminal import clean, say
from planmark.problems import PlanmarkError


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(small: Small, number: int) -> None:
    """On Ctrl-C and on SIGTERM `serve` returns, without a word of complaint."""
    running = Running(small.root)
    assert running.ask("/").status == 200
    assert running.stop(number) == 0
    assert running.said[-1] == "ended"
    assert not [line for line in running.said if "Traceback" in line or "Warning" in line]


def test_a_taken_port(small: Small) -> None:
    """A problem that says what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PlanmarkError) as caught:
            serve(small.root, port=other.getsockname()[1], ready=print, today=date(2026, 11, 9))
    assert [(one.code, one.hint) for one in caught.value.problems] == [("PM611", "choose another port; 0 takes any free one")]


def test_a_name_that_is_none(small: Small) -> None:
    """It would never be answered to."""
    with pytest.raises(PlanmarkError, match="not a host name"):
        serve(small.root, port=0, allowed=("http://x/",), ready=print)


def test_what_a_terminal_would_obey_is_taken_out_and_spaces_of_every_kind_stay() -> None:
    assert clean("10\u00a0% of\u202f12\x1b[2J\u202e\n") == "10\u00a0% of\u202f12�[2J��"


def test_what_the_terminal_says(small: Small, running: Running) -> None:
    """One line for each build: what changed, what was built, how long it took; and each error with its place."""
    small.replace("content/acme/plan.yaml", "Rollout", "Launch")  # watching has begun when this is seen
    eventually(lambda: any("acme built" in said for said in running.said))
    small.replace("content/acme/plan.yaml", "2027-01-29", "2027-13-29")
    line = re.compile(r"\d\d:\d\d:\d\d  content/acme/plan\.yaml: acme not built, 1 error, [\d,]+ ms")
    eventually(lambda: any(line.fullmatch(said) for said in running.said))
    eventually(lambda: any(said.startswith("  content/acme/plan.yaml:3:9  PM205  ") for said in running.said))
    small.write({"content/acme/notes\x1b[31m.txt": "x"})
    eventually(lambda: any("notes�[31m.txt: acme not built" in said for said in running.said))


def test_lines_of_several_threads_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between a line and its end nobody else has a turn."""
    pieces: list[str] = []

    class Out(io.StringIO):
        def write(self, text: str) -> int:
            pieces.append(text)
            return len(text)

    monkeypatch.setattr("sys.stdout", Out())
    say("acme built")
    say("beta built")
    assert [piece for piece in pieces if piece] == ["acme built\n", "beta built\n"]


def test_what_editors_leave_about_builds_nothing(small: Small, running: Running) -> None:
    """Dotfiles, what lies beside content/, and starting plans are nobody's plan."""
    small.write({"content/acme/.plan.yaml.swp": "x", "content/.DS_Store": "x", "notes.txt": "x", "content/_templates/own/plan.yaml": "x"})
    (small.root / ".git").mkdir()
    small.replace("content/beta/plan.yaml", "Rollout for beta", "Beta again")
    eventually(lambda: any("beta built" in said for said in running.said))
    first, *later = [said for said in running.said if " built" in said]
    assert "3 deals built" in first or "acme, beta, cobalt built" in first
    assert all("acme" not in said and "cobalt" not in said for said in later)


def test_it_survives(small: Small, running: Running) -> None:
    """No content, no settings, no output, and back."""
    aside = small.root.with_name("aside")
    (small.root / "content").rename(aside)
    eventually(lambda: "There are no plans yet" in running.ask("/").text)
    aside.rename(small.root / "content")
    eventually(lambda: running.ask("/").text.count("<li>") == 3)
    (small.root / "build").rename(small.root.with_name("gone"))  # in one step: a build may be writing there
    small.replace("content/acme/plan.yaml", "Rollout for acme", "Built anew")
    eventually(lambda: "Built anew" in running.ask(running.site("acme")).text)
    settings = small.root / "planmark.yaml"
    text = settings.read_text()
    settings.unlink()
    eventually(lambda: "planmark.yaml" in running.ask("/").text)
    settings.write_text(text)
    eventually(lambda: "planmark.yaml" not in running.ask("/").text)
    assert not [line for line in running.said if "Traceback" in line]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_odd_things_in_the_workspace(small: Small, running: Running) -> None:
    """A pipe, a folder of an odd name, a link that leads out: problems, and the server goes on."""
    os.mkfifo(small.root / "content/acme/pipe")
    (small.root / "content/Some Deal").mkdir()
    (small.root / "content/elsewhere").symlink_to("/etc", target_is_directory=True)
    eventually(lambda: all(name in running.ask("/").text for name in ("Some Deal", "content/elsewhere")))
    assert "root:" not in running.ask("/").text
    small.replace("content/beta/plan.yaml", "Rollout for beta", "Beta again")
    eventually(lambda: "Beta again" in running.ask(running.site("beta")).text)
