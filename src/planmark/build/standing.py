"""A plan on a day, with what changed since a version: what mails and the walk-through of a call are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planmark.content.deal import Deal
    from planmark.plan.changes import Change
    from planmark.problems import Problem
    from planmark.site.briefing import Points
    from planmark.site.view import BuyerView


@dataclass(frozen=True)
class Standing:
    """The deal, the buyer's view of it on `today`, and what is to be said of that; `changes` are all that came since the version."""

    deal: Deal
    view: BuyerView
    points: Points
    changes: tuple[Change, ...]
    today: date


def standing_of(root: Path, name: str, today: date, since: str = "", warnings: list[Problem] | None = None) -> Standing:
    """How the deal in `content/<name>` stands on `today`, compared with a version as the buyer saw it.

    `since` is a version's name, or a day on which it was out; left out: the newest that differs from the plan, so that a version put out
    just now hides nothing. A plan without versions is compared with none. Raises PlanmarkError with what is wrong with the plan, or where
    there is no such version.
    """
    from planmark.build.versions import chosen_version
    from planmark.content.acting import load_one
    from planmark.plan.changes import changes_between, facts_of, on_day
    from planmark.plan.progress import Clock
    from planmark.site.briefing import points
    from planmark.site.data import as_data
    from planmark.site.projection import project
    from planmark.site.projection.changes import shown

    deal = load_one(root, name, warnings)
    view, clock = project(deal, today, deal.history).view, Clock(today)
    now, out = facts_of(as_data(view)), on_day(deal.versions, clock)
    found = [chosen_version(deal.versions, since, name)] if since else list(reversed(out))
    version = next((one for one in found if changes_between(one.facts, now)), found[0] if found else None)
    changes = changes_between(version.facts, now) if version else ()
    said = points(view, today, version.day if version else None, shown(changes, today))
    return Standing(deal, view, said, changes, today)
