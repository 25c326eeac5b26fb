"""A made-up plan that ships: in it every block has something to show, in every state that it can have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.content.layout import CONTENT, LIBRARY
from planmark.content.tree import scan
from planmark.extensions import Form
from planmark.problems import PlanmarkError, Problem
from planmark.site.environment import environment
from planmark.site.forms import Forms
from planmark.site.theme import Theme

if TYPE_CHECKING:
    from planmark.content.deal import Deal
    from planmark.site.view import BuyerView

SAMPLE = Path(__file__).parent / "sample_plan"
TODAY = date(2026, 11, 23)
"""The day on which the sample is shown: some of its tasks are late, others are not."""
DEALS = ("everything", "ended")
FORMS = Forms(Form(action="https://endpoint.example/plan", files=True), "https://plans.example/everything/")


def sample_views() -> dict[str, tuple[BuyerView, Deal]]:
    """The sample's deals by name, as a theme receives them."""
    from planmark.content.load import load_deal
    from planmark.content.team import load_team
    from planmark.site.projection import project

    problems: list[Problem] = []
    team = load_team(SAMPLE, scan(SAMPLE / CONTENT / LIBRARY), problems)
    assert team is not None, problems
    views = {}
    for name in DEALS:
        loaded = load_deal(team, name, scan(SAMPLE / CONTENT / name))
        problems += loaded.problems
        if loaded.deal:
            views[name] = _signed(project(loaded.deal, TODAY, loaded.deal.history).view), loaded.deal
    if problems:
        raise PlanmarkError(problems)
    return views


CURRENT = "current"
"""What the sample's activity has in place of the digest that a signature is bound to, which changes with the model of a plan."""


def _signed(view: BuyerView) -> BuyerView:
    """The plan with the signature that still holds."""
    if view.sign_off is None:
        return view
    rev = view.sign_off.rev
    signatures = tuple(replace(one, current=True, rev=rev) if one.rev == CURRENT else one for one in view.sign_off.signatures)
    return replace(view, sign_off=replace(view.sign_off, signatures=signatures))


def shown_in(theme: Theme) -> dict[str, dict[str, str]]:
    """The pages of the sample in a theme, by deal and file, the plan on paper as HTML with them. PlanmarkError with a template's place."""
    from planmark.site.pages import outputs

    shown: dict[str, dict[str, str]] = {}
    for name, (view, deal) in sample_views().items():
        env = environment(theme, deal.locale)
        pages: dict[str, str] = {}
        for output in outputs(view, deal, theme, env, FORMS, "made"):
            if output.paper:
                pages[output.path] = output.paper.html
            elif output.path.endswith(".html") and output.data:
                pages[output.path] = output.data.decode()
        shown[name] = pages
    return shown
