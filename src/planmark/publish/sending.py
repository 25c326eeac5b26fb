"""What became of each deal, and its release on the way to a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from planmark.extensions.targets import Published, Release, Step
from planmark.problems import PlanmarkError, Problem
from planmark.publish.there import There

Say = Callable[[str, Step], None]
"""`(deal, step)`, called for each step that a target has done."""


@dataclass
class Outcome:
    """What became of one deal."""

    deal: str
    result: str = "refused"
    """published, unchanged, would change, ended, or refused."""
    address: str = ""
    release: Release | None = None
    before: Published | None = None
    sent: list[str] = field(default_factory=list)
    """The files that went out."""
    sent_bytes: int = 0
    retired: list[str] = field(default_factory=list)
    """Addresses at which it is no longer."""
    last_day: date | None = None
    """The day that was its last one, where it has ended."""
    problems: list[Problem] = field(default_factory=list)


def sent(there: There, outcomes: Sequence[Outcome], say: Say) -> list[Outcome]:
    """Send the releases of deals, and note what was done and what went wrong. Those that readers have now."""
    going = {one.release.published.site: one for one in outcomes if one.release}
    out = []
    try:
        for site, step in there.publish_all([one.release for one in outcomes if one.release]):
            outcome = going[site]
            if isinstance(step, PlanmarkError):
                outcome.problems += step.problems
                continue
            say(outcome.deal, step)
            outcome.problems += there.said([step])
            if step.what == "switched":
                outcome.result = "published"
                out.append(outcome)
            if step.what == "sent":
                outcome.sent.append(step.path)
                outcome.sent_bytes += step.size
    except PlanmarkError as error:  # of all of them: one says it
        next(iter(going.values())).problems += error.problems
    return out
