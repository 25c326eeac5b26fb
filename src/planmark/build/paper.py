"""The PDF of one deal, by itself: for everybody, or for one person, whose tasks come first. The sites are not touched."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean

if TYPE_CHECKING:
    from planmark.site.view import BuyerView, Person


def pdf_of(root: Path, name: str, today: date, reader: str | None = None, warnings: list[Problem] | None = None) -> bytes:
    """The PDF of the deal in `content/<name>` as on `today`. `reader` is the id of somebody in it.

    Raises PlanmarkError with what is wrong with the plan, the theme or the layout, or for a reader who is not in the plan.
    """
    from planmark.build.forms import site_address
    from planmark.content.acting import load_one
    from planmark.site.environment import environment
    from planmark.site.pages import with_content
    from planmark.site.paper.guard import made_safely
    from planmark.site.paper.sheet import paper_of
    from planmark.site.pdf import make_pdf, why_no_pdf
    from planmark.site.projection import project
    from planmark.site.theme import load_theme

    deal = load_one(root, name, warnings)
    where = Location(f"{CONTENT}/{name}/{PLAN_FILE}")
    view = with_content(project(deal, today, deal.history).view)
    person = reader_in(view, reader, where) if reader else None
    theme = load_theme(root, deal.theme, where)
    address = site_address(deal.workspace, deal.address.site)
    paper = paper_of(view, deal, theme, environment(theme, deal.locale), address, person)
    try:
        return made_safely(make_pdf, paper, Location(f"{CONTENT}/{name}"))
    except PlanmarkError as error:
        reason = why_no_pdf() if any(problem.code == "PM613" for problem in error.problems) else ""
        if not reason:
            raise
        raise PlanmarkError(Problem("PM610", f"there can be no PDF: {reason}", Location(f"{CONTENT}/{name}"))) from None


def reader_in(view: BuyerView, reader: str, where: Location) -> Person:
    """Somebody whom the buyer sees in the plan, by id. Raises PlanmarkError where there is nobody of that id."""
    people = {person.id: person for person in view.people}
    if reader not in people:
        hint = did_you_mean(reader, people, "take the id of one of `people`; `planmark show` lists them")
        raise PlanmarkError(Problem("PM301", f"nobody in the plan has the id `{reader}`", where, hint))
    return people[reader]
