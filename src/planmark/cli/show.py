"""`planmark show`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import counted, print_problems, safe
from planmark.content.layout import find_workspace

if TYPE_CHECKING:
    from planmark.content.deal import Deal
    from planmark.plan.health import Health

STATES = {"won": "Agreed", "lost": "Closed", "paused": "Paused"}
LITTLE = 5
"""So many business days to spare are told; more is nobody's worry."""
COLOURS = {"at_risk": "yellow", "off_track": "red", "stalled": "red"}
MARKS = {"done": "●", "doing": "◐", "todo": "○", "blocked": "■", "dropped": "–"}


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--today", type=DAY, help="Show it as on this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the buyer's view as data: what plan.json holds.")
def show(deal: str, today: date | None, as_json: bool) -> int:
    """Show the plan of DEAL in the terminal: what the buyer sees, and how it stands."""
    from planmark.build.build import day_of
    from planmark.content.acting import load_one
    from planmark.plan.health.told import STANDINGS, told
    from planmark.plan.progress import Clock
    from planmark.problems import Problem
    from planmark.site.data import plan_json
    from planmark.site.projection import project

    warnings: list[Problem] = []
    found = load_one(find_workspace(Path.cwd()), deal, warnings)
    day = today or day_of(found.timezone)
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
    health = found.health(Clock(day))
    titles = {task.id: task.title for stage in found.plan.stages for task in stage.tasks}
    if health.whole:
        click.echo(click.style(safe(f"It is {told(health.whole, titles)}"), fg=COLOURS.get(health.whole.standing)))
    for stage in plan.stages:
        click.echo()
        standing = health.stages.get(stage.id) if health.whole else None
        of = f"{stage.title}  {stage.done}/{stage.total}"
        click.echo(click.style(safe(f"{of}  {STANDINGS[standing.standing]}" if standing else of), bold=True))
        for task in stage.tasks:
            owners = ", ".join(owner.name for owner in task.owners) or "no owner yet"
            due = task.due.isoformat() if task.due else "date to be agreed"
            line = safe(f"  {MARKS[task.status]} {due:17}  {task.title}  ({owners})")
            said = _standing(found, health, task.id, titles) if health.whole else ""
            click.echo(
                click.style(
                    f"{line}  {safe(said)}" if said else line,
                    fg="yellow" if task.late else None,
                    dim=task.status in ("done", "dropped"),
                )
            )
    return 0


def _standing(deal: Deal, health: Health, task: str, titles: dict[str, str]) -> str:
    """How a task stands, in few words: `9 days late, blocked, critical path`; empty where there is nothing to say."""
    from planmark.plan.health.told import why_told

    standing, slot = health.tasks.get(task), deal.schedule.tasks.get(task)
    if standing is None or standing.standing == "done":
        return ""
    said = [why_told(reason, titles) for reason in standing.reasons]
    if slot and slot.critical:
        said.append("critical path")
    if slot and slot.toward and 0 <= slot.slack <= LITTLE:
        said.append("nothing to spare" if not slot.slack else f"{counted(slot.slack, 'day', 'days')} to spare")
    return ", ".join(said)
