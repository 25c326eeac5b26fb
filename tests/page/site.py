"""A plan's site with forms, rendered as a build does it, on one day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.extensions import Form
from planmark.plan.events import Event
from planmark.plan.submissions import NEXT
from planmark.problems import Location, Problem
from planmark.site.environment import environment
from planmark.site.forms import Forms
from planmark.site.pages import outputs
from planmark.site.projection import project
from planmark.site.theme import load_theme
from planmark.site.view import BuyerView

TODAY = date(2026, 11, 22)
FormOf = Callable[[str], Form]
"""The form of the plan with that digest."""


def receiving(origin: str, live: bool = True, **other: object) -> FormOf:
    """The form of a receiver of our own."""

    def form(key: str) -> Form:
        at_plan = f"{origin}/v1/plans/{key}"
        fields = {
            "action": f"{at_plan}/events",
            "next_field": NEXT,
            "ok_key": "ok",
            "files": True,
            "connect": (origin,),
            "form_action": (origin,),
            "live": f"{at_plan}/state" if live else "",
        }
        return Form(**{**fields, **other})  # type: ignore[arg-type]

    return form


def make(
    workspace: Path,
    deal: str,
    to: Path,
    form: FormOf | None,
    address: str = "",
    acts: Sequence[Event] = (),
    today: date = TODAY,
    theme: str = "default",
) -> BuyerView:
    """Write the site of a deal into a folder, and give its view. `acts` count as if they had been made in a preview."""
    problems: list[Problem] = []
    team = load_team(workspace, scan(workspace / "content" / "_library"), problems)
    assert team, problems
    loaded = load_deal(team, deal, scan(workspace / "content" / deal), acts)
    assert loaded.deal, [*problems, *loaded.problems]
    view = project(loaded.deal, today, loaded.deal.history).view
    looks = load_theme(workspace, theme, Location("planmark.yaml"))
    forms = Forms(form(view.key), address) if form else None
    for output in outputs(view, loaded.deal, looks, environment(looks, loaded.deal.locale), forms):
        target = to / output.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(output.data if output.data is not None else output.source.read_bytes() if output.source else b"")
    return view
