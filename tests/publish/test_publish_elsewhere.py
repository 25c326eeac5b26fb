"""From workspaces to another machine and to a branch, read back as readers get it: by two machines that know nothing of each other."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.publish.machine import Machine, machine
from tests.publish.published import Publisher, got, publisher, serving
from tests.publish.remote import remote

from planmark.publish import answers
from planmark.publish.undoing import published, rollback, unpublish

DEPLOYS = """#!/bin/sh
[ -e {waits} ] && exit
rm -rf {www}.new {www}.old
mkdir {www}.new
git archive gh-pages | tar -x -C {www}.new
find {www} -mindepth 1 -delete
mv {www}.new/* {www}
"""
"""A host of pages: after a push it shows what the branch has."""


@dataclass(frozen=True)
class Elsewhere:
    """Settings of a target, and where a web server shows what lies there."""

    settings: dict[str, str]
    www: Path


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("sshd")) as found:
        yield found


def on_a_machine(folder: Path, host: Machine) -> Elsewhere:
    return Elsewhere(host.settings(folder / "www"), folder / "www")


def in_a_branch(folder: Path, host: Machine) -> Elsewhere:
    """Reached by ssh, too."""
    there = remote(folder / "remote.git")
    hook = there.folder / "hooks/post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(DEPLOYS.format(www=folder / "www", waits=folder / "waits"), encoding="utf-8")
    hook.chmod(0o755)
    address = f"ssh://127.0.0.1:{host.port}{there.folder}"
    files = {"key": str(host.key()), "known_hosts": str(host.known_hosts)}
    return Elsewhere({"kind": "git", "remote": address, **files}, folder / "www")


def from_nothing(folder: Path, there: Elsewhere, url: str, deal: str) -> Publisher:
    """A machine that has a workspace with one deal, and nothing else."""
    ours = publisher(folder, url, (deal,))
    before, _, _ = (ours.small.root / "planmark.yaml").read_text(encoding="utf-8").partition("publish:\n")
    said = ", ".join(f"{name}: '{value}'" for name, value in {**there.settings, "url": url}.items())
    ours.small.write({"planmark.yaml": f"{before}publish:\n  live: {{{said}}}\n"})
    return ours


@pytest.mark.parametrize("made", [on_a_machine, in_a_branch])
def test_two_deals_from_two_empty_machines_are_both_there(
    made: Callable[[Path, Machine], Elsewhere], tmp_path: Path, host: Machine
) -> None:
    """With all their files, as the publisher itself finds; any machine knows of both, goes back, and takes one down."""
    there = made(tmp_path, host)
    there.www.mkdir()
    with serving(there.www) as url:
        one, two = from_nothing(tmp_path / "one", there, url, "acme"), from_nothing(tmp_path / "two", there, url, "beta")
        first, second = one.one("acme"), two.one("beta")
        for outcome in (first, second):
            assert b"Sign the agreement" in got(outcome.address)[1]
        assert {row.deal for row in published(one.there())} == {row.deal for row in published(two.there())} == {"acme", "beta"}
        one.small.replace("content/acme/plan.yaml", "Sign the agreement", "Sign soon")
        again = one.one("acme")
        assert "index.html" in again.sent
        assert len(again.sent) < len(first.sent)
        assert b"Sign soon" in got(first.address)[1]
        assert rollback(one.there(), "acme", "", one.tick()).problems == ()
        assert b"Sign the agreement" in got(first.address)[1]
        assert unpublish(two.there(), "beta", two.tick()).problems == ()
        assert b"Sign the agreement" not in got(second.address)[1]
        assert got(second.address, "plan.json")[0] == 404
        assert b"Sign the agreement" in got(first.address)[1]
        assert b"acme" not in got(url + "/")[1]


def test_a_host_of_pages_is_given_its_time(tmp_path: Path, host: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it shows what was pushed; where that takes too long, the publish says that it does not know."""
    there = in_a_branch(tmp_path, host)
    there.www.mkdir()
    (tmp_path / "waits").touch()
    asked = []

    def waited(seconds: float) -> None:
        asked.append(seconds)
        if len(asked) == 2:
            (tmp_path / "waits").unlink()
            subprocess.run(["hooks/post-receive"], cwd=tmp_path / "remote.git", check=True)

    monkeypatch.setattr(answers, "sleep", waited)
    with serving(there.www) as url:
        ours = from_nothing(tmp_path / "one", there, url, "acme")
        ours.one()
        assert asked == [answers.PAUSE] * 2
        (tmp_path / "waits").touch()
        ours.small.replace("content/acme/plan.yaml", "Sign the agreement", "Sign soon")
        moments = iter(range(0, 10_000, 100))
        monkeypatch.setattr(answers, "monotonic", lambda: next(moments))
        (outcome,) = ours.publish("acme")
        (problem,) = outcome.problems
        assert (problem.code, problem.severity, outcome.result) == ("PM806", "warning", "published")
        assert "does not show yet" in problem.message
