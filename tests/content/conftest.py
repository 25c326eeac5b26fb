"""A tiny deal, and what is wrong in a workspace, as a rep would read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from tests.wrong import wrong

from planmark.build.build import Options, build
from planmark.problems import Problem

PLAN = "content/acme/plan.yaml"
TODAY = date(2026, 11, 22)
LINES = {
    "account": "account: Acme",
    "title": "title: Rollout",
    "target": "target: 2027-01-29",
    "people": "people: [{id: maria, name: Maria}]",
    "stages": "stages: [{id: start, title: Start, tasks: [{id: sign, title: Sign}]}]",
}


def acme(lines: str = "") -> str:
    """A whole plan that starts with `lines`: what they leave out of the five required keys follows, one a line."""
    text = dedent(lines).lstrip("\n")
    given = re.findall(r"^([a-z_]+):", text, re.MULTILINE)
    rest = [line for key, line in LINES.items() if key not in given]
    return "\n".join([*([text.rstrip("\n")] if text else []), *rest, ""])


@pytest.fixture(name="acme")
def acme_fixture() -> Callable[[str], str]:
    """A whole plan of a few lines, of which some are given."""
    return acme


def said(problem: Problem) -> str:
    """A problem as the tables write it: place, code and hint; a warning says so."""
    return " ".join([str(problem.location), problem.code, problem.hint]) + (" (warning)" if problem.severity == "warning" else "")


Mistakes = Callable[[Mapping[str, str | bytes]], list[str]]


@pytest.fixture
def mistakes(workspace: Callable[[Mapping[str, str | bytes]], Path]) -> Mistakes:
    """What `check` finds in a workspace with these files, and that a build finds the same and writes no site of a deal with errors."""

    def look(files: Mapping[str, str | bytes]) -> list[str]:
        root = workspace(files)
        found = wrong(root)
        built = build(root, Options(today=TODAY, workers=1, pdf="none"))
        assert built.problems == found
        assert not set(built.failed) & set(built.sites)
        return [said(problem) for problem in found]

    return look


@pytest.fixture
def in_plan(mistakes: Mistakes) -> Callable[[str], list[str]]:
    """What is wrong in a plan that starts with these lines; `line:column` are those of plan.yaml."""
    return lambda lines: [one.removeprefix(f"{PLAN}:") for one in mistakes({PLAN: acme(lines)})]
