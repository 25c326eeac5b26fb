"""`planmark close-plan`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import print_problems, safe
from planmark.cli.saving import save
from planmark.content.layout import find_workspace


@click.command("close-plan")
@click.argument("deal", shell_complete=complete_deals)
@click.option("--html", "target", metavar="FILE", help="Where to write the page; left out: build/internal/DEAL/close-plan.html.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the plan's time zone.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, and write no page unless --html says where.")
def close_plan(deal: str, target: str | None, today: date | None, as_json: bool) -> int:
    """Say how DEAL can be won, for the seller alone: health, forecast, gaps in the buying group, internal tasks and notes."""
    from planmark.build.closing import as_data, as_text, page_of, place_for
    from planmark.content.closing import closing

    root = find_workspace(Path.cwd())
    found = closing(root, deal, today)
    path = place_for(root, deal, target or "") if target or not as_json else None
    if path:
        save(path, page_of(found, root))
    print_problems(found.problems)
    if as_json:
        click.echo(json.dumps(as_data(found.plan), ensure_ascii=False, indent=1))
        return 0
    for line in as_text(found.plan):
        click.echo(click.style(safe(line), bold=bool(line) and not line.startswith(" ")))
    shown = path.relative_to(root) if path and path.is_relative_to(root) else path
    click.echo(f"\n  The same as a page: {safe(str(shown))}")
    return 0
