"""`planmark publish`, `rollback`, `unpublish`, `published` and `headers`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import bar, counted, print_problems, safe, size
from planmark.content.layout import find_workspace
from planmark.targets.hosting import HOSTS
from planmark.targets.subdomains import SUBDOMAINS

if TYPE_CHECKING:
    from planmark.extensions.targets import Step
    from planmark.publish.sending import Outcome
    from planmark.publish.undoing import Undone


@click.command()
@click.argument("deals", nargs=-1, shell_complete=complete_deals)
@click.option("--all", "every", is_flag=True, help="All deals.")
@click.option("--to", "target", default="", metavar="TARGET", help="A target of planmark.yaml; left out: its default.")
@click.option("--dry-run", is_flag=True, help="Build, search, and say what would change; nothing goes out.")
@click.option("--draft", is_flag=True, help="Under a link of its own, beside the one that is out.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def publish(deals: tuple[str, ...], every: bool, target: str, dry_run: bool, draft: bool, today: date | None) -> int:
    """Put the plans of DEALS out, and print their links."""
    from planmark.publish.publishing import Wish
    from planmark.publish.publishing import publish as put_out
    from planmark.publish.there import there_of

    if bool(deals) == every:
        raise click.UsageError("name the deals to publish, or say `--all`")
    there = there_of(find_workspace(Path.cwd()), target)
    try:
        with bar("Building") as progress:
            outcomes = put_out(there, Wish(deals, dry_run, draft, today), datetime.now(UTC), progress, _say)
    except KeyboardInterrupt:
        click.echo("Stopped. The next `planmark publish` finishes what was begun.", err=True)
        raise
    for one in outcomes:
        print_problems(one.problems)
        _tell(one, dry_run, draft, brief=every)
    refused = sum(one.result == "refused" for one in outcomes)
    if len(outcomes) > 1:
        counts = [
            f"{sum(one.result == word for one in outcomes)} {word}"
            for word in ("published", "would change", "unchanged", "ended", "refused")
        ]
        click.echo(", ".join(one for one in counts if not one.startswith("0 ")))
    return 1 if refused or any(problem.severity == "error" for one in outcomes for problem in one.problems) else 0


def _say(deal: str, step: Step) -> None:
    """On a terminal, what is being sent, on one line that is gone afterwards."""
    if sys.stderr.isatty():
        said = "" if step.what in ("switched", "removed", "said") else f"{safe(deal)}: {step.what} {safe(step.path)} {size(step.size)}"
        click.echo(f"\r\x1b[K{said}", nl=False, err=True)


def _tell(one: Outcome, dry_run: bool, draft: bool, brief: bool) -> None:
    """What became of a deal, and its link last."""
    if one.result == "refused":
        click.echo(f"{safe(one.deal)} was not published." + (" What is out stays." if one.before else ""), err=True)
        return
    if one.last_day:
        _tell_end(one, dry_run, brief)
        return
    if one.release:
        _tell_changes(one, brief)
    for address in one.retired:
        click.echo(f"  {'would be gone from' if dry_run else 'no longer at'} {safe(address)}")
    if one.result != "unchanged" or not brief:
        broken = any(problem.severity == "error" for problem in one.problems)
        there = "was put out, but its address is not as it should be, see above" if broken else "is at"
        said = {"unchanged": "is out already", "would change": "would be at", "published": there}[one.result]
        click.echo(f"{'a draft of ' if draft else ''}{safe(one.deal)} {said}\n  {safe(one.address)}")


def _tell_end(one: Outcome, dry_run: bool, brief: bool) -> None:
    """That a plan's last day is past, and where it was."""
    if one.retired or not brief:
        click.echo(f"{safe(one.deal)} expired on {one.last_day}{': taken down' if one.retired and not dry_run else ''}")
    for address in one.retired:
        click.echo(f"  {'would be gone from' if dry_run else 'no longer at'} {safe(address)}")


def _tell_changes(one: Outcome, brief: bool) -> None:
    assert one.release
    before = {file.path: file.sha256 for file in one.before.files} if one.before else {}
    now = {file.path: file for file in one.release.published.files}
    lines = [
        f"  {'changed' if path in before else 'new':8} {path}  {size(file.size)}"
        for path, file in now.items()
        if before.get(path) != file.sha256
    ]
    lines += [f"  {'gone':8} {path}" for path in before if path not in now]
    for line in () if brief else lines:
        click.echo(safe(line))
    if one.result == "published":
        of = sum(file.size for file in now.values())
        click.echo(f"  {counted(len(one.sent), 'file', 'files')} sent, {size(one.sent_bytes)} of {size(of)}")


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--to", "version", default="", metavar="VERSION", help="The version, or how its name begins; left out: the one before.")
@click.option("--at", "target", default="", metavar="TARGET", help="A target of planmark.yaml; left out: its default.")
def rollback(deal: str, version: str, target: str) -> int:
    """Put an earlier version of DEAL out again."""
    from planmark.publish.there import there_of
    from planmark.publish.undoing import rollback as go_back

    done = go_back(there_of(find_workspace(Path.cwd()), target), deal, version, datetime.now(UTC))
    return _undone(done, [f"{deal} is as it was in {done.version}, until it is published again"])


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--at", "target", default="", metavar="TARGET", help="A target of planmark.yaml; left out: its default.")
def unpublish(deal: str, target: str) -> int:
    """Take DEAL down, drafts and all: who comes reads that it is no longer there."""
    from planmark.publish.there import there_of
    from planmark.publish.undoing import unpublish as take_back

    return _undone(take_back(there_of(find_workspace(Path.cwd()), target), deal, datetime.now(UTC)), [f"{deal} is no longer at"])


def _undone(done: Undone, lines: Iterable[str]) -> int:
    print_problems(done.problems)
    for line in lines:
        click.echo(safe(line))
    for address in done.addresses:
        click.echo(f"  {safe(address)}")
    return 1 if any(problem.severity == "error" for problem in done.problems) else 0


@click.command()
@click.option("--at", "target", default="", metavar="TARGET", help="Of this target only.")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def published(target: str, as_json: bool, today: date | None) -> int:
    """List what is out, where, since when, and what has changed since."""
    import json
    from dataclasses import asdict

    from planmark.publish.there import target_names, there_of
    from planmark.publish.undoing import published as what_is_out

    root = find_workspace(Path.cwd())
    names = [target] if target else target_names(root) or [""]
    rows = [row for name in names for row in what_is_out(there_of(root, name), today)]
    if as_json:
        click.echo(json.dumps([{**asdict(row), "since": row.since.isoformat()} for row in rows], ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        state = "gone" if row.gone else "draft" if row.draft else "out"
        click.echo(f"{safe(row.deal)}  {state} since {row.since:%Y-%m-%d %H:%M} UTC, version {safe(row.version)}, at {safe(row.target)}")
        click.echo(f"  {safe(row.address)}" + (f"\n  stale: {safe(row.stale)}" if row.stale else ""))
    if not rows:
        click.echo("Nothing is out.")
    return 0


@click.command()
@click.argument("host", type=click.Choice(tuple(HOSTS)))
@click.option("--subdomains", is_flag=True, help="Where every plan has a subdomain of its own.")
def headers(host: str, subdomains: bool) -> int:
    """Print what HOST is told, so that it sends the headers that plans want."""
    if subdomains and host not in SUBDOMAINS:
        raise click.UsageError(f"only {', '.join(SUBDOMAINS)} can show a folder at each subdomain: leave `--subdomains` out for `{host}`")
    click.echo((SUBDOMAINS if subdomains else HOSTS)[host](), nl=False)
    return 0
