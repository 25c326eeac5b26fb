"""`planmark slip`."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import counted, safe
from planmark.content.layout import find_workspace

if TYPE_CHECKING:
    from planmark.content.slipping import Slipping
    from planmark.plan.schedule.slipping import TargetAfter

_LENGTH = re.compile(r"([0-9]{1,3}) ?([dw])")


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.argument("task_id", metavar="TASK")
@click.argument("by", metavar="[5d]", required=False)
@click.option("--to", type=DAY, help="The day on which it is due instead; in place of how much later.")
@click.option("--apply", is_flag=True, help="Set the dates: of the task, and of all that has to move.")
@click.option("--as", "person", help="Who of the team does it; left out: the plan's contact.")
@click.option("--text", default="", help="Why, for the buyer to read.")
@click.option("--json", "as_json", is_flag=True, help="Print what moves as JSON.")
def slip(deal: str, task_id: str, by: str | None, to: date | None, apply: bool, person: str | None, text: str, as_json: bool) -> int:
    """Say what else moves when TASK slips by so many business days (5d, 2w), and whether the targets hold. Nothing is written."""
    from planmark.content.slipping import Slipping

    length = _LENGTH.fullmatch(by or "")
    if bool(by) == bool(to) or (by and not length):
        said = f"`{by}` is no length" if by and not length and not to else "write one of the two"
        raise click.UsageError(f"{said}: planmark slip {deal} {task_id} 5d (business days; 2w are two weeks), or --to 2027-01-29")
    days = int(length[1]) * (5 if length[2] == "w" else 1) if length else 0
    slipping = Slipping(find_workspace(Path.cwd()), deal, task_id, days, to, person)
    if as_json:
        click.echo(json.dumps(_data(slipping), ensure_ascii=False, indent=1))
    else:
        _print(slipping)
    if apply:
        number = slipping.apply(text)
        hold = "It holds" if number == 1 else "They hold"
        click.echo(f"Set: {counted(number, 'date', 'dates')}. {hold} until plan.yaml says otherwise.", err=as_json)
    elif not as_json:
        click.echo("Nothing is written; `--apply` sets these dates.")
    return 0


def _print(slipping: Slipping) -> None:
    plan, moves = slipping.after.plan, {move.task: move for move in slipping.slip.moves}
    tasks = {task.id: task for stage in plan.stages for task in stage.tasks}
    names = {one.id: one.name or one.id for one in plan.people} | {"buyer": plan.account.name, "seller": slipping.after.seller.name}
    names |= {party.id: party.name for party in plan.parties}
    click.echo(safe(f"“{tasks[slipping.task].title}” moves from {slipping.was} to {slipping.now}."))
    others = [move for name, move in moves.items() if name != slipping.task]
    width = max((len(move.task) for move in others), default=0)
    for is_pushed, head in ((False, "These follow by themselves:"), (True, "These have to move:")):
        chosen = [move for move in others if move.pushed == is_pushed]
        if chosen:
            click.echo("\n" + head)
        for move in chosen:
            owner = ", ".join(names.get(one, one) for one in tasks[move.task].owner) or "no owner yet"
            because = f"; it waits for {move.because}" if move.because else ""
            click.echo(safe(f"  {move.task:{width}}  {move.was} → {move.now}  {tasks[move.task].title} ({owner}{because})"))
    if not others:
        click.echo("Nothing else moves.")
    click.echo()
    for target in slipping.slip.targets:
        click.echo(click.style(safe(_target(target, slipping)), fg=None if target.holds else "red"))
    for name in slipping.slip.waits_for:
        click.echo(safe(f"It waits for “{tasks[name].title}”, which is due later: on {slipping.after.schedule.tasks[name].due}."))
    if slipping.slip.owners:
        click.echo(safe("Whom it concerns: " + ", ".join(names.get(one, one) for one in slipping.slip.owners)))


def _target(target: TargetAfter, slipping: Slipping) -> str:
    label = "The signature" if target.anchor == "contract_signature" else slipping.after.plan.target.label or "The target"
    if target.holds:
        return f"{label} on {target.day} holds: the last task before it is due on {target.done_by}."
    late = (target.done_by - target.day).days
    return f"{label} on {target.day} does not hold: it would be {target.done_by}, {counted(late, 'day', 'days')} later."


def _data(slipping: Slipping) -> dict[str, Any]:
    return {
        "task": slipping.task,
        "was": slipping.was.isoformat(),
        "now": slipping.now.isoformat(),
        "moves": [
            {"task": one.task, "was": one.was.isoformat(), "now": one.now.isoformat(), "pushed": one.pushed, "because": one.because or None}
            for one in slipping.slip.moves
        ],
        "targets": [
            {"target": one.anchor, "day": one.day.isoformat(), "done_by": one.done_by.isoformat(), "holds": one.holds}
            for one in slipping.slip.targets
        ],
        "owners": list(slipping.slip.owners),
        "waits_for": list(slipping.slip.waits_for),
    }
