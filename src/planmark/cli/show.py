"""`planmark show`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import print_problems, safe
from planmark.content.layout import find_workspace

STATES = {"won": "Agreed", "lost": "Closed", "paused": "Paused"}
MARKS = {"done": "●", "doing": "◐", "todo": "○", "blocked": "■", "dropped": "–"}


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--today", type=DAY, help="Show it as on this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the buyer's view as data: what plan.json holds.")
def show(deal: str, today: date | None, as_json: bool) -> int:
    """Show the plan of DEAL in the terminal, as the buyer sees it."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from planmark.content.acting import load_one
    from planmark.problems import Problem
    from planmark.site.data import plan_json
    from planmark.site.projection import project

    warnings: list[Problem] = []
    found = load_one(find_workspace(Path.cwd()), deal, warnings)
    day = today or datetime.now(ZoneInfo(found.timezone)).date()
    plan = project(found, day, found.history).view
    if as_json:
        click.echo(plan_json(plan).decode(), nl=False)
        return 0
    print_problems(warnings)
    click.echo(click.style(safe(f"{plan.buyer.name} × {plan.seller.name}" if plan.seller.name else plan.buyer.name), dim=True))
    click.echo(click.style(safe(plan.title), bold=True))
    if plan.resting:
        said = f"Over (it was open until {plan.expires.isoformat()})" if plan.expired and plan.expires else STATES[plan.state]
        since = f" since {plan.state_on.isoformat()}" if plan.state_on and not plan.expired else ""
        click.echo(safe(f"{said}{since}: nothing is asked of anybody, and nothing is late"))
    label = plan.target_label or "Target date"
    click.echo(
        safe(f"{label}: {plan.target.isoformat()}   {plan.done} of {plan.total} tasks done" + (f", {plan.late} late" if plan.late else ""))
    )
    for stage in plan.stages:
        click.echo()
        click.echo(click.style(safe(f"{stage.title}  {stage.done}/{stage.total}"), bold=True))
        for task in stage.tasks:
            owners = ", ".join(owner.name for owner in task.owners) or "no owner yet"
            due = task.due.isoformat() if task.due else "date to be agreed"
            line = safe(f"  {MARKS[task.status]} {due:17}  {task.title}  ({owners})")
            click.echo(
                click.style(
                    line + ("  late" if task.late else ""),
                    fg="yellow" if task.late else None,
                    dim=task.status in ("done", "dropped"),
                )
            )
    return 0
