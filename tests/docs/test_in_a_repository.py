"""What docs/rules.md shows for repositories works: the hook before a commit, and the forms that code hosts read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.cli.running import PLAN, environment
from tests.conftest import MakeWorkspace

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def block(first_line: str) -> str:
    """A block of the page by its first line."""
    found = re.search(rf"```yaml\n({re.escape(first_line)}\n.*?)```", PAGE, re.DOTALL)
    assert found, first_line
    return found[1]


def shell(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command where `planmark` is the one under test."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    who = {"GIT_AUTHOR_NAME": "Jo", "GIT_AUTHOR_EMAIL": "jo@x.example", "GIT_COMMITTER_NAME": "Jo", "GIT_COMMITTER_EMAIL": "jo@x.example"}
    return subprocess.run(command, cwd=folder, env=environment(PATH=path, **who), capture_output=True, text=True, check=False)


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_a_commit_with_a_mistake_is_refused(workspace: MakeWorkspace) -> None:
    """By the hook's own command, as pre-commit would run it; warnings pass."""
    root = workspace({"content/acme/plan.yaml": PLAN + "colour: red\n", ".gitignore": "/build/\n"})
    assert shell(root, "git", "init", "-q").returncode == 0
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {HOOKS[0]['entry']}\n", encoding="utf-8")
    hook.chmod(0o755)
    shell(root, "git", "add", ".")
    refused = shell(root, "git", "commit", "-qm", "A plan")
    assert refused.returncode != 0
    assert "content/acme/plan.yaml:6:1  PM201" in refused.stderr
    (root / "content/acme/plan.yaml").write_text(PLAN, encoding="utf-8")
    shell(root, "git", "add", ".")
    taken = shell(root, "git", "commit", "-qm", "A plan")
    assert taken.returncode == 0, taken.stderr
    assert "R17" in taken.stderr
    assert shell(root, "git", "status", "--porcelain").stdout == ""


def test_the_hook_looks_at_what_a_workspace_is_made_of() -> None:
    """And at the whole of it, whichever file was changed."""
    (hook,) = HOOKS
    assert hook["pass_filenames"] is False
    for path in ("planmark.yaml", "content/acme/plan.yaml", "content/_library/files/a.pdf", "themes/own/page.html"):
        assert re.search(hook["files"], path)
    assert not re.search(hook["files"], "README.md")
    assert yaml.safe_load(block("# .pre-commit-config.yaml of the workspace"))["repos"][0]["hooks"] == [{"id": hook["id"]}]


def test_the_example_for_github_uploads_what_check_prints(workspace: MakeWorkspace) -> None:
    steps = yaml.safe_load(block("# .github/workflows/plans.yaml"))["jobs"]["check"]["steps"]
    (command,) = [step["run"] for step in steps if "planmark check" in step.get("run", "")]
    root = workspace({"content/acme/plan.yaml": PLAN})
    assert shell(root, "sh", "-c", command).returncode == 0
    upload = steps[-1]
    log = json.loads((root / upload["with"]["sarif_file"]).read_text(encoding="utf-8"))
    assert "R17" in {result["ruleId"] for result in log["runs"][0]["results"]}
    assert upload["if"] == "always()"


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq")
@pytest.mark.parametrize(("more", "code"), [("", 0), ("colour: red\n", 1)])
def test_the_example_for_gitlab_makes_a_report_of_code_quality(workspace: MakeWorkspace, more: str, code: int) -> None:
    """With what GitLab asks of each entry, each fingerprint once; and the job fails where there are errors."""
    job = yaml.safe_load(block("# .gitlab-ci.yml"))["plans"]
    root = workspace({"content/acme/plan.yaml": PLAN + more, "content/beta/plan.yaml": PLAN})
    script = [line for line in job["script"] if not line.startswith(("apt-get", "pip"))]
    done = shell(root, "sh", "-c", "\n".join(script))
    assert done.returncode == code, done.stderr
    report = json.loads((root / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert report
    for entry in report:
        assert entry["description"]
        assert entry["check_name"]
        assert entry["severity"] in ("major", "minor")
        assert entry["location"]["lines"]["begin"] >= 1
    prints = [entry["fingerprint"] for entry in report]
    assert len(set(prints)) == len(prints)
