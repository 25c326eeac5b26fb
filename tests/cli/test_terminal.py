"""What reaches a terminal, a pipe, a shell's completion: no colour in a pipe, nothing that a terminal would obey."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import PLAN, TODAY, environment, planmark
from tests.conftest import MakeWorkspace

HOSTILE = r"\e]0;owned\a\e[2J\e[31mred\u202Egnp.exe"
RAW = ("\x1b", "\x07", "\x9b", "\u202e")


def on_a_terminal(folder: Path, *arguments: str, **changes: str) -> str:
    """What a command writes when both its streams are a terminal."""
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        [sys.executable, "-m", "planmark", *arguments], cwd=folder, env=environment(TERM="xterm", **changes), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    written = bytearray()
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody writes to it any more
            break
        if not part:
            break
        written += part
    os.close(ours)
    started.wait(30)
    return written.decode("utf-8")


def test_colour_on_a_terminal_and_none_in_a_pipe(deals: Path) -> None:
    """A problem's code is coloured for people only."""
    (deals / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    assert "\x1b[31mPM201" in on_a_terminal(deals, "check")
    for command in (["check"], ["build", "--no-pdf"], ["build", "--no-pdf", "--explain"], ["show", "beta"], []):
        assert "\x1b" not in planmark(deals, *command).all


def test_a_bar_on_a_terminal_and_none_in_a_pipe(workspace: MakeWorkspace) -> None:
    """Long work shows how far it is, and leaves nothing behind in a file."""
    root = workspace({f"content/deal{number}/plan.yaml": PLAN for number in range(25)})
    assert "25" in on_a_terminal(root, "build", "--no-pdf", "--dry-run")
    said = planmark(root, "build", "--no-pdf", "--dry-run")
    assert "Building" not in said.all
    assert "\r" not in said.all


@pytest.mark.parametrize(
    "lines",
    [
        f'title: "{HOSTILE}"',
        f'"{HOSTILE}": red',
        f'target: "{HOSTILE}"',
        f'state: "{HOSTILE}"',
        f'contact: "{HOSTILE}"',
        f'summary: "{HOSTILE}.md"',
        f'theme: "{HOSTILE}"',
        f'share_key: "{HOSTILE}"',
        f'stages: [{{title: "{HOSTILE}", tasks: [{{title: "{HOSTILE}", after: "{HOSTILE}"}}]}}]',
    ],
)
def test_what_a_plan_holds_does_not_reach_the_terminal_raw(workspace: MakeWorkspace, lines: str) -> None:
    """Escape sequences, bells and bidi overrides are shown as what they are: nothing to obey."""
    key = lines.partition(":")[0]
    plan = "".join(line + "\n" for line in PLAN.splitlines() if not line.startswith(f"{key}:")) + lines + "\n"
    root = workspace({"content/acme/plan.yaml": plan})
    for command in (["check"], ["build", "--no-pdf", "--explain", "--dry-run"], ["show", "acme"]):
        said = planmark(root, *command).all
        assert not [char for char in RAW if char in said], repr(said)


def test_what_files_are_called_does_not_reach_the_terminal_raw(workspace: MakeWorkspace) -> None:
    """A folder's name can hold an escape sequence, too."""
    name = "bad\x1b[31m\u202ename"
    root = workspace({"content/acme/plan.yaml": PLAN, f"content/{name}/plan.yaml": PLAN, f"content/acme/{name}.md": "x"})
    for command in (["check"], ["build", "--no-pdf", "--explain", "--dry-run"], ["build", name], ["new", name], []):
        said = planmark(root, *command).all
        assert not [char for char in RAW if char in said], repr(said)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_terminal_that_cannot_show_every_letter(deals: Path, encoding: str) -> None:
    """Marks and quotes that it lacks are replaced; nothing fails for it."""
    (deals / "content/acme/plan.yaml").write_text(PLAN.replace("Maria Lindqvist", "Мария Łukasiewicz"), encoding="utf-8")
    for command in (["show", "acme", *TODAY], ["check"], []):
        assert planmark(deals, *command, PYTHONIOENCODING=encoding).code == 0


@pytest.mark.parametrize("command", [["schema", "plan"], ["show", "acme", "--json"], ["build", "--no-pdf", "--json"], ["--help"]])
def test_a_reader_that_has_seen_enough(deals: Path, command: list[str]) -> None:
    """`planmark … | head -1` ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "planmark", *command],
        cwd=deals,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script(tmp_path: Path, shell: str) -> None:
    """Every shell gets one."""
    said = planmark(tmp_path, _PLANMARK_COMPLETE=f"{shell}_source")
    assert said.code == 0
    assert "_PLANMARK_COMPLETE" in said.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("planmark b", {"build"}),
        ("planmark ", {"build", "check", "init", "new", "schema", "serve", "show"}),
        ("planmark build a", {"acme"}),
        ("planmark show ", {"acme", "beta"}),
        ("planmark check --", {"--format", "--help", "--strict"}),
        ("planmark new gamma --template s", {"smb"}),
        ("planmark new gamma --like ", {"acme", "beta"}),
    ],
)
def test_completion(deals: Path, words: str, expected: set[str]) -> None:
    """Commands, options, deals and starting plans."""
    count = len(words.split(" ")) - 1
    said = planmark(deals, _PLANMARK_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(count))
    assert {line.partition(",")[2] for line in said.out.splitlines()} >= expected


def test_completion_outside_a_workspace(tmp_path: Path) -> None:
    """Nothing to complete, and nothing said."""
    said = planmark(tmp_path, _PLANMARK_COMPLETE="bash_complete", COMP_WORDS="planmark build a", COMP_CWORD="2")
    assert said.all.strip() == ""
