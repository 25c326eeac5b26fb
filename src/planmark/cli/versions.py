"""`planmark snapshot` and `planmark diff`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import counted, print_problems, safe
from planmark.content.layout import find_workspace

FORMATS = ("text", "markdown", "json", "html")


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--as", "person", help="Who of the team puts it out; left out: the plan's contact.")
@click.option("--note", default="", help="Why, for the buyer to read.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def snapshot(deal: str, person: str | None, note: str, today: date | None) -> int:
    """Add the plan of DEAL, as the buyer sees it, to its versions, if anything has changed."""
    from planmark.build.versions import snapshot as add
    from planmark.plan.changes import told
    from planmark.problems import Problem

    root = find_workspace(Path.cwd())
    warnings: list[Problem] = []
    done = add(root, deal, today or _today(root), person, note, warnings)
    print_problems(warnings)
    if not done.path and done.newest:
        click.echo(f"Nothing has changed since the version of {done.newest.day}, so there is no new one.")
        return 0
    click.echo(
        f"{safe(done.path)}, {counted(len(done.changes), 'change', 'changes')}" if done.newest else f"{safe(done.path)}, the first version"
    )
    for change in done.changes:
        click.echo(f"  {told.HEADINGS[change.group]}: {safe(told.line(change))}")
    return 0


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--since", default="", metavar="DATE|VERSION", help="A day, or a version's name; left out: the newest version.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How it is written.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def diff(deal: str, since: str, form: str, today: date | None) -> int:
    """Say what has changed in the plan of DEAL since an earlier version."""
    import json

    from planmark.build.differences import as_data, as_html, as_markdown, as_text
    from planmark.build.versions import differences
    from planmark.problems import Problem

    root = find_workspace(Path.cwd())
    warnings: list[Problem] = []
    try:
        found = differences(root, deal, today or _today(root), since, warnings)
    finally:
        print_problems(warnings)  # that there is no version may be because one cannot be read
    if form == "json":
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=1))
        return 0
    text = {"text": as_text, "markdown": as_markdown, "html": as_html}[form](found)
    for line in text.split("\n"):
        click.echo(safe(line))
    return 0


def _today(root: Path) -> date:
    from planmark.build.build import day_of
    from planmark.content.team import workspace_of

    return day_of(workspace_of(root).timezone)
