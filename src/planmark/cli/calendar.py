"""`planmark calendar`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import print_problems, safe
from planmark.cli.saving import save
from planmark.content.layout import find_workspace


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--for", "reader", metavar="PERSON", help="The id of somebody in the plan: their own tasks and meetings only.")
@click.option("--to", "target", metavar="FILE", help="Where to write it; left out: DEAL.ics, or DEAL-PERSON.ics, in this folder.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def calendar(deal: str, reader: str | None, target: str | None, today: date | None) -> int:
    """Write the dates of one plan as a calendar (iCalendar), for everybody or for one person."""
    from planmark.build.build import day_of
    from planmark.build.calendar import calendar_of
    from planmark.content.team import workspace_of
    from planmark.problems import Problem

    root = find_workspace(Path.cwd())
    warnings: list[Problem] = []
    data = calendar_of(root, deal, today or day_of(workspace_of(root).timezone), reader, warnings)
    print_problems(warnings)
    path = Path(target or f"{'-'.join(filter(None, (deal, reader)))}.ics")
    save(path, data)
    entries = data.count(b"BEGIN:VEVENT\r\n")
    click.echo(f"{safe(str(path))}, {entries} {'entry' if entries == 1 else 'entries'}")
    return 0
