"""The one path of data, from folders to sites. The command line, the preview and the tests all call `build`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from planmark.build.inputs import Inputs, Shape, reason_to_build, reason_to_look
from planmark.build.jobs import Made
from planmark.build.making import Progress, make
from planmark.build.preview import Preview
from planmark.build.report import Report
from planmark.build.settling import give_way, refuse_shared_links, settle
from planmark.build.sites import prune
from planmark.build.state import load_state, program, save_state
from planmark.build.team import changed_team
from planmark.build.worker import Workshop
from planmark.content.layout import BUILD, chosen, deal_names
from planmark.content.lock import alone, writing
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.pdf import PdfWish

STATE = ".planmark"


@dataclass(frozen=True)
class Options:
    """How a build differs from the plain one."""

    deals: tuple[str, ...] = ()
    """The deals to build; all of them when empty. Only then are sites without a deal removed."""
    today: date | None = None
    """Left out: SOURCE_DATE_EPOCH, else the day in the workspace's time zone."""
    workers: int = 0
    """0: one for each core."""
    dry_run: bool = False
    """Say what would change, and write nothing."""
    output: str = BUILD
    """The folder, in the workspace, that holds `sites/` and the state."""
    preview: Preview | None = None
    """The endpoint and the acts of a preview, where this is one."""
    pdf: PdfWish = "made"
    """The plan on paper: made, left out, or made later, when a page's link to it is followed."""
    target: str = ""
    """The target whose address pages name; left out: the usual one's."""


def build(root: Path, options: Options = Options(), progress: Progress = lambda done, of, deal: None) -> Report:
    """Build what is stale. Problems are in the report; PlanmarkError is raised for what stops all: no such deal, no room to write."""
    place = root / options.output
    sites, state_file = place / "sites", place / STATE / "state.json"
    staging = None if options.dry_run else place / STATE / "staging"
    with writing(root, place), alone(place / STATE, options.dry_run), _swept(staging):
        state = load_state(state_file)
        inputs = Inputs(root, state, options.preview)
        report = Report()
        names = deal_names(root, report.problems)
        wanted = chosen(names, options.deals)
        report.continued = past = inputs.look_at_links(names, wanted, state.entries)
        team = changed_team(inputs, state)
        report.today = today = options.today or day_of(state.team.timezone)
        forms = options.preview.endpoint if options.preview else state.team.has_forms
        shape = Shape(program(), f"pdf-{options.pdf} forms-{forms}")
        for name in wanted:
            if name in past:
                continue  # it is history: another one has its link
            reason = reason_to_look(inputs, name, state.deals.get(name), shape)
            reason = reason or reason_to_build(state.deals[name], shape, today, sites)
            if reason:
                report.reasons[name] = reason
        report.problems += state.team.problems
        made: list[Made] = []
        if report.reasons and (team := team or changed_team(inputs, state, again=True)):
            shop = Workshop(team, today, staging, place / STATE, options.pdf, options.preview, options.target)
            made = make(shop, report.reasons, inputs, state, sites, options.workers, progress)
            report.problems += refuse_shared_links(state, made, [name for name in names if name not in past])
            for one in made:
                settle(one, inputs, state, report, shape, today, staging, sites)
        give_way(past, state, report, staging, sites)
        if not options.deals:
            gone = {state.deals.pop(name).site for name in set(state.deals) - set(names)}
            keep = {record.site for record in state.deals.values()}
            all_known = all(name in state.deals and state.deals[name].site for name in names if name not in past)
            removed = prune(sites, gone, keep, all_known, staging)
            report.changes += [change for change in removed if change not in report.changes]
            if made and staging:
                shop.store.sweep(path.rpartition("/")[2] for record in state.deals.values() for path in record.drawn)
        report.remember(state, names, wanted)
        if staging and (made or inputs.news):
            inputs.remember(state, everything=not options.deals)
            save_state(state_file, state)
    return report


@contextmanager
def _swept(staging: Path | None) -> Iterator[None]:
    """An empty staging folder, which is gone afterwards."""
    if staging is None:
        yield
        return
    shutil.rmtree(staging, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def day_of(zone: str) -> date:
    """The day of a build: SOURCE_DATE_EPOCH, else today in the time zone. Raises PlanmarkError for a moment that is none."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date()
        except (ValueError, OverflowError, OSError):
            where = Location("SOURCE_DATE_EPOCH")
            raise PlanmarkError(Problem("PM205", f"`{epoch}` is no moment", where, "write the seconds since 1970, or unset it")) from None
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(zone)).date()
