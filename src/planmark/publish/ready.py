"""Whether a plan may go out: what is looked at before anything is built for a target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planmark.content.deal import Deal
from planmark.content.judging import broken_rules
from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.content.load import Loaded, load_deal
from planmark.content.starting import new_share_key
from planmark.content.team import Team
from planmark.content.tree import scan
from planmark.plan.progress import Clock
from planmark.problems import Location, PlanmarkError, Problem


def ready(team: Team, name: str, today: date) -> Deal:
    """The deal, which may go out on that day. PlanmarkError with every reason why it may not."""
    loaded = load_deal(team, name, scan(team.root / CONTENT / name))
    deal = loaded.sound()
    where = Location(f"{CONTENT}/{name}/{PLAN_FILE}")
    found = []
    if not deal.address.share_key:
        hint = f"write this into it: share_key: {new_share_key()}"
        found.append(Problem("PM802", "the plan has no share key, so its link could be guessed", where, hint))
    found += _blocking(loaded, team, today)
    if found:
        raise PlanmarkError(found)
    return deal


def _blocking(loaded: Loaded, team: Team, today: date) -> list[Problem]:
    """The broken rules that hold a plan back here, as errors."""
    blocking = {code for code, rule in team.workspace.rules.items() if rule.blocks_publish and rule.severity != "off"}
    broken = broken_rules(loaded, Clock(today)) if blocking else []
    return [replace(one, severity="error", message=f"{one.message} (it blocks publishing here)") for one in broken if one.code in blocking]
