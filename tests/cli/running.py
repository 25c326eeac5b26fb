"""Running `planmark` as people do: in a folder, in a process of its own, with what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PLAN = """\
account: Northwind
title: Rollout
target: 2027-01-29
people: [{id: maria, name: Maria Lindqvist}]
stages: [{title: Evaluate, tasks: [{title: Sign the agreement, owner: maria, due: 2026-11-20}]}]
"""
TODAY = ("--today", "2026-11-09")
UNJUDGED = "rules: {R2: off, R10: off, R15: off, R17: off, R22: off}\n"
"""A planmark.yaml in which the plan above breaks no rule."""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Both streams, one after the other."""
        return self.out + self.err


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without what would change what is said."""
    unwanted = ("PYTEST", "FORCE_COLOR", "NO_COLOR", "SOURCE_DATE_EPOCH", "_PLANMARK", "COMP_")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)} | changes


def planmark(folder: Path, *arguments: str, **changes: str) -> Said:
    """Run a command in a folder; `changes` are environment variables."""
    done = subprocess.run(
        [sys.executable, "-m", "planmark", *arguments],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        timeout=120,
        check=False,
    )
    said = Said(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert "Traceback" not in said.all, said.all
    return said
