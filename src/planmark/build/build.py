"""The one path of data, from folders to sites. The command line, the preview and the tests all call `build`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from planmark.build.inputs import Inputs, reason_to_build
from planmark.build.sites import Change, install, prune
from planmark.build.state import Record, State, load_state, program, save_state
from planmark.build.worker import Job, Made, Workshop
from planmark.content.layout import BUILD, CONTENT, LIBRARY, WORKSPACE_FILE, chosen, deal_names
from planmark.content.tree import digest_bytes
from planmark.problems import Location, Problem, in_order

STATE = ".planmark"
FEW = 6
"""So many deals are made in this process; starting workers for them costs more than it saves."""


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


@dataclass
class Report:
    """What a build did."""

    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    """Why each deal was built, by deal; a deal that was not stale is missing."""
    sites: dict[str, str] = field(default_factory=dict)
    """The folder of each deal that has a site."""
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Account and title of each deal."""
    failed: list[str] = field(default_factory=list)
    """Deals with errors; their last good site stays."""
    deals: int = 0
    today: date | None = None

    @property
    def ok(self) -> bool:
        """Whether there are no errors."""
        return not any(problem.severity == "error" for problem in self.problems)

    def count(self, action: str) -> int:
        """Outputs that were created, updated, identical or removed."""
        return sum(change.action == action for change in self.changes)


Progress = Callable[[int, int, str], None]
"""`(done, of, deal)`, called when a deal has been made."""


def build(root: Path, options: Options = Options(), progress: Progress = lambda done, of, deal: None) -> Report:
    """Build what is stale. Problems are in the report; PlanmarkError is raised for what stops all: no such deal, no room to write."""
    place = root / options.output
    sites, state_file = place / "sites", place / STATE / "state.json"
    with _alone(place / STATE, options.dry_run):
        state = load_state(state_file)
        inputs = Inputs(root, state)
        report = Report()
        names = deal_names(root, report.problems)
        wanted = chosen(names, options.deals)
        report.today = today = options.today or _today(inputs, state)
        shape = digest_bytes(f"{program()} {options.connect}".encode())
        for name in wanted:
            reason = reason_to_build(inputs, name, state.deals.get(name), shape, today, sites)
            if reason:
                report.reasons[name] = reason
        staging = place / STATE / "staging"
        shutil.rmtree(staging, ignore_errors=True)
        team_problems, made = _make(
            root,
            inputs,
            state,
            report,
            today,
            None if options.dry_run else staging,
            place / STATE / "templates",
            options,
            progress,
        )
        report.problems += team_problems
        _collide(state, made, names)
        for one in made:
            _settle(one, inputs, state, report, shape, today, staging, sites, options.dry_run)
        if not options.deals:
            for name in set(state.deals) - set(names):
                del state.deals[name]
            report.changes += prune(sites, {record.site for record in state.deals.values()}, options.dry_run)
        _finish(report, state, names, wanted)
        if not options.dry_run:
            shutil.rmtree(staging, ignore_errors=True)
            if made or (not options.deals and state.stamps.keys() != inputs.trees.keys()) or state.fresh:
                state.stamps = {**(state.stamps if options.deals else {}), **inputs.trees}
                state.saved_ns = inputs.started_ns if not options.deals or state.fresh else min(state.saved_ns, inputs.started_ns)
                save_state(state_file, state)
    return report


def _today(inputs: Inputs, state: State) -> date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).date()
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(time_zone(inputs, state))).date()


def time_zone(inputs: Inputs, state: State) -> str:
    """The workspace's time zone, remembered as long as planmark.yaml is the same."""
    digest = inputs.digest(WORKSPACE_FILE)
    if state.timezone[0] != digest:
        from planmark.content.team import load_team

        team = load_team(inputs.root, {}, [])
        state.timezone = (digest, team.workspace.timezone if team else "UTC")
    return state.timezone[1]


def _make(
    root: Path,
    inputs: Inputs,
    state: State,
    report: Report,
    today: date,
    staging: Path | None,
    cache: Path,
    options: Options,
    progress: Progress,
) -> tuple[list[Problem], list[Made]]:
    """Make every stale deal, in worker processes where there are many."""
    if not report.reasons:
        return [], []
    shop = Workshop(root, inputs.tree(f"{CONTENT}/{LIBRARY}"), today, staging, None if staging is None else cache, options.connect)
    if shop.team is None:
        return shop.problems, []
    jobs = []
    for name in report.reasons:
        record = state.deals.get(name)
        intact = record is not None and not report.reasons[name].startswith(record.site + "/") and "is missing" not in report.reasons[name]
        jobs.append(
            Job(
                name,
                inputs.tree(f"{CONTENT}/{name}"),
                record.site if record else "",
                record.outputs if record and intact else {},
            )
        )
    made = []
    workers = options.workers or os.cpu_count() or 1
    for one in _in_workers(shop, jobs, workers) if workers > 1 and len(jobs) > FEW else map(shop.make, jobs):
        made.append(one)
        progress(len(made), len(jobs), one.name)
    return shop.problems, made


def _in_workers(shop: Workshop, jobs: list[Job], workers: int) -> Iterator[Made]:
    import gc
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    gc.freeze()
    with ProcessPoolExecutor(workers, multiprocessing.get_context(method), _enter, (shop,)) as pool:
        yield from pool.map(_make_one, jobs, chunksize=max(1, min(16, len(jobs) // (workers * 4))))


_shop: Workshop


def _enter(shop: Workshop) -> None:
    global _shop
    _shop = shop


def _make_one(job: Job) -> Made:
    return _shop.make(job)


def _collide(state: State, made: list[Made], names: Iterable[str]) -> None:
    """Refuse deals that share a link, or a folder, with another; the first by name is not spared, for nobody knows which is meant."""
    fresh = {one.name: one.summary for one in made if one.ok}
    known = {name: fresh.get(name) or state.deals[name].summary for name in names if name in fresh or name in state.deals}
    by_key: dict[str, list[str]] = {}
    by_site: dict[str, list[str]] = {}
    for name, summary in known.items():
        if summary.get("share_key") and not summary.get("continues"):
            by_key.setdefault(summary["share_key"], []).append(name)
        if summary:
            by_site.setdefault("-".join(filter(None, (summary["id"], summary["share_key"]))), []).append(name)
    for one in made:
        if not one.ok:
            continue
        where = Location(f"{CONTENT}/{one.name}/plan.yaml")
        twins = [name for name in by_key.get(one.summary["share_key"], ()) if name != one.name]
        if twins:
            one.problems.append(
                Problem(
                    "PM601",
                    f"the share key is also that of `{twins[0]}`",
                    where,
                    "give one of the two a key of its own: `planmark new` prints them; or write `continues:`",
                )
            )
        elif [name for name in by_site.get(one.site, ()) if name != one.name]:
            twin = next(name for name in by_site[one.site] if name != one.name)
            one.problems.append(Problem("PM602", f"the site's folder is also that of `{twin}`", where, "give one of the two another `id`"))
        else:
            continue
        one.ok = False
        one.retry = True


def _settle(
    one: Made,
    inputs: Inputs,
    state: State,
    report: Report,
    shape: str,
    today: date,
    staging: Path,
    sites: Path,
    dry_run: bool,
) -> None:
    """Install what a deal became and remember it; after an error, its last good site stays."""
    old = state.deals.get(one.name)
    trees = inputs.of_deal(one.name, one.themes, one.asked_library)
    options = "" if one.retry else shape
    if not one.ok:
        state.deals[one.name] = Record(
            trees,
            options,
            problems=one.problems,
            failed=True,
            site=old.site if old else "",
            outputs=old.outputs if old else {},
            summary=old.summary if old else {},
        )
        return
    written, changes = install(one, old, staging, sites, dry_run)
    report.changes += changes
    if old and old.site and old.site != one.site:
        taken = {record.site for name, record in state.deals.items() if name != one.name}
        if old.site not in taken and not dry_run:
            shutil.rmtree(sites / old.site, ignore_errors=True)
            report.changes.append(Change(old.site, "removed"))
    state.deals[one.name] = Record(trees, options, today.isoformat(), one.until, one.problems, False, one.site, written, one.summary)


def _finish(report: Report, state: State, names: list[str], wanted: list[str]) -> None:
    report.deals = len(wanted)
    for name in names:
        record = state.deals.get(name)
        if record is None:
            continue
        if name in wanted:
            report.problems += record.problems
            if record.failed:
                report.failed.append(name)
        if record.site:
            report.sites[name] = record.site
            report.titles[name] = (record.summary.get("account", ""), record.summary.get("title", ""))
    report.problems = in_order(report.problems)


@contextmanager
def _alone(folder: Path, dry_run: bool) -> Iterator[None]:
    """One build at a time in a workspace: a second one waits for the first."""
    if dry_run:
        yield
        return
    from planmark.problems import PlanmarkError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise PlanmarkError(
            Problem(
                "PM608",
                f"the output folder cannot be written: {error.strerror}",
                Location(BUILD),
                "check its permissions",
            )
        ) from None
    with lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:  # Windows has no flock; a second build there only does the same work twice
            pass
        yield
