"""The one path of data, from folders to sites. The command line, the preview and the tests all call `build`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from planmark.build.inputs import Inputs, reason_to_build
from planmark.build.lock import alone
from planmark.build.making import Progress, make
from planmark.build.report import Report
from planmark.build.settling import refuse_shared_links, settle
from planmark.build.sites import prune
from planmark.build.state import load_state, program, save_state
from planmark.build.team import changed_team
from planmark.build.worker import Made, Workshop
from planmark.content.layout import BUILD, chosen, deal_names
from planmark.content.tree import digest_bytes

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
    connect: tuple[str, ...] = ()
    """Origins that the pages' script may speak to."""


def build(root: Path, options: Options = Options(), progress: Progress = lambda done, of, deal: None) -> Report:
    """Build what is stale. Problems are in the report; PlanmarkError is raised for what stops all: no such deal, no room to write."""
    place = root / options.output
    sites, state_file = place / "sites", place / STATE / "state.json"
    with alone(place / STATE, options.dry_run):
        state = load_state(state_file)
        inputs = Inputs(root, state)
        report = Report()
        names = deal_names(root, report.problems)
        wanted = chosen(names, options.deals)
        team = changed_team(inputs, state)
        report.today = today = options.today or _today(state.team.timezone)
        shape = digest_bytes(f"{program()} {options.connect}".encode())
        report.reasons = {
            name: reason for name in wanted if (reason := reason_to_build(inputs, name, state.deals.get(name), shape, today, sites))
        }
        report.problems += state.team.problems
        made: list[Made] = []
        staging = None if options.dry_run else place / STATE / "staging"
        if report.reasons and (team := team or changed_team(inputs, state, again=True)):
            with _swept(staging):
                shop = Workshop(team, today, staging, place / STATE / "templates", options.connect)
                made = make(shop, report.reasons, inputs, state, options.workers, progress)
                report.problems += refuse_shared_links(state, made, names)
                for one in made:
                    settle(one, inputs, state, report, shape, today, staging, sites)
        if not options.deals:
            for name in set(state.deals) - set(names):
                del state.deals[name]
            report.changes += prune(sites, {record.site for record in state.deals.values()}, options.dry_run)
        report.remember(state, names, wanted)
        if not options.dry_run and (made or inputs.read_anew or len(inputs.trees) != len(state.stamps)):
            everything = not options.deals
            state.stamps = inputs.trees if everything else {**state.stamps, **inputs.trees}
            state.saved_ns = inputs.started_ns if everything or state.fresh else min(state.saved_ns, inputs.started_ns)
            save_state(state_file, state)
    return report


@contextmanager
def _swept(staging: Path | None) -> Iterator[None]:
    """An empty staging folder, which is gone afterwards."""
    if staging is None:
        yield
        return
    shutil.rmtree(staging, ignore_errors=True)
    yield
    shutil.rmtree(staging, ignore_errors=True)


def _today(zone: str) -> date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).date()
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(zone)).date()
