"""A deal's close plan, read off its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planmark.content.activity import day_in
from planmark.content.deal import Deal
from planmark.content.judging import broken_rules
from planmark.content.layout import CONTENT, chosen, deal_names
from planmark.content.load import load_deal
from planmark.content.team import team_of
from planmark.content.tree import scan
from planmark.plan.closing import ClosePlan, Known, close_plan
from planmark.plan.progress import Clock, statuses
from planmark.problems import Problem

if TYPE_CHECKING:
    from planmark.plan.events import Event


@dataclass(frozen=True)
class Closing:
    """A deal and its close plan; `problems` are what is only a warning."""

    deal: Deal
    plan: ClosePlan
    problems: tuple[Problem, ...]


def closing(root: Path, name: str, today: date | None = None, previewed: Sequence[Event] = ()) -> Closing:
    """The deal `name` on a day; left out: today in its time zone. `previewed` are acts of a preview. PlanmarkError where it has errors."""
    chosen(deal_names(root, []), (name,))
    loaded = load_deal(team_of(root), name, scan(root / CONTENT / name), previewed)
    deal = loaded.sound()
    zone = ZoneInfo(deal.timezone)
    clock = Clock(today or datetime.now(zone).date())
    known = Known(
        seller=deal.seller.name,
        schedule=deal.schedule,
        working=deal.working,
        health=deal.health(clock),
        status=statuses(deal.plan),
        acts=deal.acts,
        clock=clock,
        day_of=lambda received: day_in(received, zone),
        broken=broken_rules(loaded, clock),
    )
    return Closing(deal, close_plan(deal.plan, known), tuple(loaded.problems))
