"""`planmark task` and `planmark sign`: the seller's own acts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import complete_deals
from planmark.cli.printing import safe
from planmark.content.layout import find_workspace

STATUSES = {"done": "done", "reopened": "todo", "doing": "doing", "blocked": "blocked", "dropped": "dropped"}


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.argument("task_id", metavar="TASK")
@click.argument("act", type=click.Choice([*STATUSES, "due", "owner"]))
@click.argument("values", nargs=-1)
@click.option("--as", "person", help="Who of the team does it; left out: the plan's contact.")
@click.option("--text", default="", help="Why, for the buyer to read.")
def task(deal: str, task_id: str, act: str, values: tuple[str, ...], person: str | None, text: str) -> int:
    """Say that a TASK is done or reopened, or give it another date or owner: planmark task acme trial due 2027-01-12."""
    from planmark.content.acting import Acting
    from planmark.plan.told import sentence, titles

    if act in STATUSES and values:
        raise click.UsageError(f"`{act}` takes nothing behind it: `{' '.join(values)}` is too much")
    if act in ("due", "owner") and not values:
        raise click.UsageError(f"`{act}` takes {'a date: 2027-01-29' if act == 'due' else 'the ids of people or parties'}")
    acting = Acting(find_workspace(Path.cwd()), deal, person)
    if act in STATUSES:
        event = acting.set_status(task_id, STATUSES[act], text)
    elif act == "due":
        event = acting.set_due(task_id, _day(values), text)
    else:
        event = acting.set_owner(task_id, values, text)
    click.echo(safe(sentence(event, titles(acting.deal.plan))))
    return 0


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--as", "person", help="Who signs; left out: the plan's contact.")
@click.option("--name", "typed", help="The name as it is signed; left out: their name in the plan.")
def sign(deal: str, person: str | None, typed: str | None) -> int:
    """Sign a plan for the seller, as it is now."""
    from planmark.content.acting import Acting

    acting = Acting(find_workspace(Path.cwd()), deal, person)
    event = acting.sign(typed)
    click.echo(f"{safe(event.name)} signed: {safe(event.text)}")
    click.echo(f"The signature holds for the plan as it is ({event.rev[:8]}); a later change shows beside it.")
    return 0


def _day(values: tuple[str, ...]) -> date:
    try:
        return date.fromisoformat(values[0] if len(values) == 1 else "")
    except ValueError:
        raise click.UsageError(f"`{' '.join(values)}` is not a date: write year-month-day, such as 2027-01-29") from None
