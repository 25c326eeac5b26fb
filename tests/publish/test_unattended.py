"""What runs unattended: the unit for systemd and the jobs for CI are what they say, and do what they should."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from tests.build.small import THEMED
from tests.cli.running import environment
from tests.conftest import write
from tests.endpoints.coming import FILES, KEY, WORKSPACE, fields
from tests.endpoints.fakes.receiver import OwnReceiver
from tests.publish.published import serving

from planmark.cli import COMMANDS
from planmark.content.secrets import written_key
from planmark.plan.tokens import fingerprint

DEPLOY = Path(__file__).parents[2] / "deploy/watch"
UNIT = DEPLOY / "planmark-watch.service"
SECRETS = {"PLANMARK_KEY": written_key(KEY), "PLANMARK_ENDPOINT_TOKEN": "key-of-the-team"}


def jobs() -> dict[str, list[str]]:
    """The commands of each example, in their order, without those that install."""
    github = yaml.safe_load((DEPLOY / "github.yml").read_text(encoding="utf-8"))["jobs"]["publish"]["steps"]
    gitlab = yaml.safe_load((DEPLOY / "gitlab.yml").read_text(encoding="utf-8"))["publish"]
    runs = [line for step in github for line in step.get("run", "").splitlines()]
    return {
        "github": [line for line in runs if not re.search("apt-get|pip install", line)],
        "gitlab": [*gitlab["script"], *gitlab["after_script"]],
    }


def commands() -> list[str]:
    """Every call of planmark in the examples and the unit."""
    found = [line for lines in jobs().values() for line in lines if line.startswith("planmark ")]
    started = re.search(r"(?m)^ExecStart=\S+/(planmark .*)$", UNIT.read_text(encoding="utf-8"))
    assert started
    return [*found, started[1]]


def test_every_command_in_them_exists_and_is_understood() -> None:
    assert set(commands()) == {"planmark pull", "planmark publish --all", "planmark watch"}
    for line in commands():
        _, name, *arguments = shlex.split(line)
        command = getattr(import_module(COMMANDS[name][0]), name)
        with command.make_context(name, arguments):
            pass


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here; then the unit is only read")
def test_systemd_understands_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    """Nothing is ignored in it, and of ten points of exposure it has fewer than two and a half."""
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/planmark/bin/planmark", sys.executable), encoding="utf-8")
    said = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")
    safe = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=25", str(unit)], capture_output=True, text=True, check=False
    )
    assert safe.returncode == 0, safe.stdout


def test_the_unit_writes_where_it_may_and_nowhere_else() -> None:
    said = dict(re.findall(r"(?m)^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8")))
    assert said["ProtectSystem"] == "strict"
    assert said["WorkingDirectory"] in said["ReadWritePaths"].split()
    assert said["Restart"] == "on-failure"
    assert said["User"] != "root"
    assert "PLANMARK_KEY" not in UNIT.read_text(encoding="utf-8")
    documented = (Path(__file__).parents[2] / "docs/publishing.md").read_text(encoding="utf-8")
    for name in ("deploy/watch/planmark-watch.service", "deploy/watch/github.yml", "deploy/watch/gitlab.yml", said["EnvironmentFile"]):
        assert name in documented


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[tuple[Path, Path, OwnReceiver, Path]]:
    """A bare repository, a fresh checkout of it as CI has one, the endpoint, and the folder that is published to."""
    www = tmp_path / "www"
    www.mkdir()
    with OwnReceiver() as service, serving(www) as url:
        settings = (
            f'{WORKSPACE}theme: plain\nkey: "{fingerprint(KEY)}"\nendpoint: {{kind: planmark, url: "{service.url}"}}\n'
            f"publish: {{live: {{kind: directory, path: {www}, url: '{url}'}}}}\n"
        )
        first, bare, checkout = tmp_path / "first", tmp_path / "plans.git", tmp_path / "checkout"
        write(first, {**FILES, **THEMED, ".gitignore": "/build/\n", "planmark.yaml": settings})
        _git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
        _git(bare, "config", "receive.advertisePushOptions", "true")
        _git(first, "init", "-q", "-b", "main")
        _git(first, "add", ".")
        _git(first, "commit", "-q", "-m", "Plans")
        _git(first, "push", "-q", str(bare), "main")
        _git(tmp_path, "clone", "-q", str(bare), str(checkout))
        yield bare, checkout, service, www


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_a_job_takes_in_publishes_and_keeps_what_came(repository: tuple[Path, Path, OwnReceiver, Path], host: str) -> None:
    """From a fresh checkout, with secrets from the environment alone; the next job has nothing left to do."""
    bare, checkout, service, www = repository
    service.keep(fields("acme"), [])
    script = "\n".join(line for line in jobs()[host] if "remote set-url" not in line)
    own = {"CI_DEFAULT_BRANCH": "main", "PUSH_TOKEN": "a-token"}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for commits in (2, 2):
        done = subprocess.run(
            ["bash", "-ec", script],
            cwd=checkout,
            env={**environment(), **SECRETS, **own, **_GIT, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert int(_git(bare, "rev-list", "--count", "main")) == commits
    assert '"kind":"done"' in _git(bare, "show", "main:content/acme/activity.jsonl")
    assert "content/acme/versions/" in _git(bare, "ls-tree", "-r", "--name-only", "main")
    (site,) = www.glob("acme-*")
    assert '"status":"done"' in (site / "plan.json").read_text(encoding="utf-8")
    assert "a-token" not in (checkout / ".git/config").read_text(encoding="utf-8")


_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": f"{what.lower()}@planmark.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **_GIT}, capture_output=True, text=True, check=True).stdout
