"""`planmark meeting`."""

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
@click.option("--internal", is_flag=True, help="With internal tasks, notes and who stands where: for the team alone.")
@click.option("--since", default="", metavar="DATE|VERSION", help="What it is compared with; left out: the newest version that differs.")
@click.option("--html", "target", metavar="FILE", help="Where to write the page; left out: build/internal/DEAL/meeting.html.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def meeting(deal: str, internal: bool, since: str, target: str | None, today: date | None) -> int:
    """Go through the plan of DEAL for a call: done, at risk, next, to be decided. Printed, and as a page to show."""
    from planmark.build.build import day_of
    from planmark.build.closing import place_for
    from planmark.build.meeting import INTERNAL_PAGE, PAGE, as_text, meeting_of, page_of
    from planmark.content.team import workspace_of
    from planmark.problems import Problem

    root = find_workspace(Path.cwd())
    warnings: list[Problem] = []
    found = meeting_of(root, deal, today or day_of(workspace_of(root).timezone), since, internal, warnings)
    page = page_of(found, root)
    path = place_for(root, deal, target or "", INTERNAL_PAGE if internal else PAGE)
    print_problems(warnings)
    for line in as_text(found):
        click.echo(safe(line) if line.startswith(" ") else click.style(safe(line), bold=True))
    save(path, page)
    click.echo(f"\n{safe(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))}")
    return 0
