"""A loaded deal is judged by the rules of a good plan: what `check` prints, `publish` asks and the close plan lists."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from planmark.content.deal import Deal
from planmark.content.load import Loaded
from planmark.plan.progress import Clock, statuses
from planmark.plan.rules import Facts, judge
from planmark.problems import Problem


def broken_rules(loaded: Loaded, clock: Clock) -> list[Problem]:
    """Every rule that the deal breaks on the clock's day, at its place. None of a deal with errors: they come first."""
    deal, places = loaded.deal, loaded.places
    if deal is None or places is None:
        return []
    facts = Facts(
        clock=clock,
        status=statuses(deal.plan),
        schedule=deal.schedule,
        locale=deal.locale,
        contact=deal.contact,
        review=deal.review,
        version=deal.plan.version or max(deal.history, default=None),
        shown=_first_shown(deal),
        settings=deal.workspace.rules,
        texts=loaded.prose,
    )
    return [places(finding) for finding in judge(deal.plan, facts)]


def _first_shown(deal: Deal) -> date | None:
    """The day from which the buyer had the plan: that of its first version or act, else its start. One that continues another was there."""
    if deal.plan.continues:
        return None
    days = [one.day for one in deal.versions[:1]]
    if deal.acts.counting:
        moment = datetime.fromisoformat(deal.acts.counting[0].received)
        days.append(moment.astimezone(ZoneInfo(deal.timezone)).date())
    return min(days, default=deal.plan.start.day if deal.plan.start else None)
