"""`planmark build`."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import click

from planmark.build.build import Options
from planmark.build.build import build as run_build
from planmark.build.formats import as_data
from planmark.build.report import Report
from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import bar, counted, print_problems, safe
from planmark.content.layout import BUILD, find_workspace


@click.command()
@click.argument("deals", nargs=-1, shell_complete=complete_deals)
@click.option("--today", type=DAY, help="Build as on this day; left out: today in the workspace's time zone.")
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes; left out: one for each core.")
@click.option("--no-pdf", is_flag=True, help="Leave out the plans on paper, which take most of the time.")
@click.option("--explain", is_flag=True, help="Say for each output why it was made.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def build(
    deals: tuple[str, ...], today: date | None, workers: int | None, no_pdf: bool, explain: bool, dry_run: bool, as_json: bool
) -> int:
    """Build the sites of all deals, or of DEALS, into build/sites/."""
    started = time.perf_counter()
    root = find_workspace(Path.cwd())
    with bar("Building") as progress:
        report = run_build(
            root, Options(deals=deals, today=today, workers=workers or 0, dry_run=dry_run, pdf="none" if no_pdf else "made"), progress
        )
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(json.dumps(_data(report), ensure_ascii=False, indent=1))
        return 0 if report.ok else 1
    print_problems(report.problems)
    if explain or dry_run:
        _explain(report, explain)
    for name, heir in report.continued.items():
        if explain or name in deals:
            click.echo(f"{safe(name)} is history: its link goes on with {safe(heir)}")
    click.echo(_summary(report, seconds, dry_run))
    for name in report.failed:
        kept = " Its last good site stays." if name in report.sites else ""
        click.echo(f"{safe(name)} was not built.{kept}", err=True)
    return 0 if report.ok else 1


def _summary(report: Report, seconds: float, dry_run: bool) -> str:
    made = len(set(report.reasons) - set(report.failed))
    parts = [f"{report.count(action)} {action}" for action in ("created", "updated", "removed") if report.count(action)]
    verb = "would be built" if dry_run else "built"
    if not made and not parts and not report.ok:
        return f"{counted(report.deals, 'deal', 'deals')}, nothing {verb} ({seconds:.2f} s)"
    if not made and not parts:
        return f"{counted(report.deals, 'deal', 'deals')}, nothing to do ({seconds:.2f} s)"
    what = ", ".join(parts) or "nothing differs"
    return f"{made} of {counted(report.deals, 'deal', 'deals')} {verb}: {what} ({seconds:.2f} s, {BUILD}/sites/)"


def _explain(report: Report, explain: bool) -> None:
    owners = {site: name for name, site in report.sites.items()}
    for name, reason in report.reasons.items():
        click.echo(f"{safe(name)}: {safe(reason)}")
    for change in report.changes:
        if change.action == "identical" and not explain:
            continue
        why = report.reasons.get(owners.get(change.path.partition("/")[0], ""), "it belongs to no deal")
        click.echo(f"  {change.action:9} {safe(change.path)}" + (f"  because {safe(why)}" if explain else ""))


def _data(report: Report) -> dict[str, object]:
    return {
        "ok": report.ok,
        "today": report.today.isoformat() if report.today else None,
        "deals": report.deals,
        "sites": report.sites,
        "reasons": report.reasons,
        "continued": report.continued,
        "failed": report.failed,
        "changes": [{"path": change.path, "action": change.action} for change in report.changes],
        "problems": [as_data(problem) for problem in report.problems],
    }
