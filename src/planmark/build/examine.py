"""What is wrong in a workspace: what a build would say, remembered where nothing changed, with nothing written."""

from __future__ import annotations

from pathlib import Path

from planmark.build.build import Options, build
from planmark.build.making import Progress
from planmark.problems import Problem


def examine(root: Path, deals: tuple[str, ...] = (), progress: Progress = lambda done, of, deal: None) -> list[Problem]:
    """Every problem of the workspace, the library, the themes and the deals, or of some deals, by file and line."""
    return build(root, Options(deals=deals, check=True), progress).problems
