"""What a rule of a good plan is: its words, its numbers, and how it looks at a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from planmark.plan.rules.case import Case
from planmark.problems import Path, Severity

Numbers = Mapping[str, int]
"""A rule's numbers by the name of their setting."""


class Broken(NamedTuple):
    """One place where a plan breaks a rule: what is wrong there, and what to write instead."""

    path: Path
    message: str
    hint: str
    severity: Severity | None = None
    """Where it isn't the rule's own."""
    gate: str = ""
    """The gate that answers it as well."""


Look = Callable[[Case, Numbers], Iterator[Broken]]
"""Every place where a plan breaks the rule."""


@dataclass(frozen=True)
class QualityRule:
    """One rule of a good plan."""

    code: str
    """R1 to R30; it never changes its meaning."""
    title: str
    """The rule in a few words."""
    means: str
    """What is looked at, with `{least}` and the like for the numbers."""
    why: str
    """Why it matters, to somebody who sells."""
    write: str
    """An example of what to write, as YAML."""
    look: Look
    severity: Severity = "warning"
    numbers: Numbers = field(default_factory=dict)
    """Its numbers as they are where planmark.yaml says nothing; the names are keys of `planmark.plan.workspace.Rule`."""
    light: bool = True
    """Whether light plans are judged by it."""

    @property
    def meaning(self) -> str:
        """What is looked at, with the numbers as they are left out."""
        return self.means.format(**self.numbers)


DAYS = ("days", "warn_after", "error_after")
"""Numbers that are days: 7d."""


def written(name: str, number: int) -> str:
    """A number as planmark.yaml holds it: `7d`, `12`."""
    return f"{number}d" if name in DAYS else str(number)
