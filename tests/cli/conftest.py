"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import PLAN, UNJUDGED
from tests.conftest import MakeWorkspace


@pytest.fixture
def deals(workspace: MakeWorkspace) -> Path:
    """A workspace of two deals without mistakes, which break no rule that holds there."""
    return workspace({"planmark.yaml": UNJUDGED, "content/acme/plan.yaml": PLAN, "content/beta/plan.yaml": PLAN})
