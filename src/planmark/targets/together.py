"""A single release, at a target that puts out many at once."""

from __future__ import annotations

from collections.abc import Iterator

from planmark.extensions.targets import Going, Step
from planmark.problems import PlanmarkError


def alone(going: Going) -> Iterator[Step]:
    """The steps of the one release that goes. Raises what stops it."""
    for _, step in going:
        if isinstance(step, PlanmarkError):
            raise step
        yield step
