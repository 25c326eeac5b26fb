"""The calendar of one deal, by itself: for everybody, or for one person. The sites are not touched."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.problems import Location

if TYPE_CHECKING:
    from planmark.problems import Problem


def calendar_of(root: Path, name: str, today: date, reader: str | None = None, warnings: list[Problem] | None = None) -> bytes:
    """The calendar of the deal in `content/<name>` as on `today`: for a `reader`, the id of somebody in it, that person's own.

    The bytes are those of the deal's site. Raises PlanmarkError with what is wrong with the plan or its theme, or for a reader who is
    not in the plan.
    """
    from planmark.build.paper import reader_in
    from planmark.content.acting import load_one
    from planmark.site.calendar import PlanCalendar
    from planmark.site.data import as_data
    from planmark.site.language import Language
    from planmark.site.projection import project
    from planmark.site.theme import load_theme

    deal = load_one(root, name, warnings)
    where = Location(f"{CONTENT}/{name}/{PLAN_FILE}")
    view = project(deal, today, deal.history).view
    language = Language(deal.locale, load_theme(root, deal.theme, where).voice)
    calendar = PlanCalendar(as_data(view), [one.view for one in deal.versions], language)
    return calendar.of(reader_in(view, reader, where).id) if reader else calendar.whole()
