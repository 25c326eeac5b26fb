"""What is wrong in a workspace of a test. Its small plans break many a rule, which is another matter: tests/plan/test_rules*.py."""

from __future__ import annotations

from pathlib import Path

from planmark.build.examine import examine
from planmark.problems import Problem

JUDGEMENT = ("R", "PM312")
"""How the codes begin of what a plan could do better; everything else is a mistake."""


def wrong(root: Path, deals: tuple[str, ...] = ()) -> list[Problem]:
    """Every mistake that `check` finds."""
    return [problem for problem in examine(root, deals) if not problem.code.startswith(JUDGEMENT)]
