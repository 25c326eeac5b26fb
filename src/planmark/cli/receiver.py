"""`planmark receiver`: the team's own receiver, from the workspace's side."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from planmark.cli.options import Whole, complete_deals
from planmark.cli.printing import counted, print_problems, safe
from planmark.content.layout import chosen, deal_names, find_workspace


@click.group(cls=Whole)
def receiver() -> None:
    """Tell the team's own receiver about plans, or take out what it has."""


@receiver.command()
@click.argument("deals", nargs=-1, shell_complete=complete_deals)
def register(deals: tuple[str, ...]) -> int:
    """Tell the receiver what the plans of all deals, or of DEALS, allow. Until then it takes nothing for them."""
    from planmark.content.acting import load_one
    from planmark.content.addresses import continued_deals
    from planmark.content.team import workspace_of
    from planmark.endpoints.connected import connected, tell_receiver
    from planmark.problems import PlanmarkError

    root = find_workspace(Path.cwd())
    there = connected(workspace_of(root))
    failed = 0
    past = continued_deals(root)
    names = list(dict.fromkeys(past.get(name, name) for name in chosen(deal_names(root, []), deals)))
    for name in names:
        try:
            digest = tell_receiver(there, load_one(root, name))
        except PlanmarkError as error:
            if any(problem.code in ("PM701", "PM702", "PM705", "PM707") for problem in error.problems):
                raise  # the next deal would meet the same
            print_problems(error.problems)
            failed += 1
            continue
        click.echo(f"{safe(name)}  {digest}")
    click.echo(f"{counted(len(names) - failed, 'plan is', 'plans are')} registered.")
    return 1 if failed else 0


@receiver.command()
@click.option("--csv", "as_csv", is_flag=True, help="As a table, in place of JSON.")
def export(as_csv: bool) -> int:
    """Print everything that the receiver has, as `planmark pull --from` reads it."""
    from planmark.content.team import workspace_of
    from planmark.endpoints.connected import connected
    from planmark.endpoints.exporting import as_table, as_text

    there = connected(workspace_of(find_workspace(Path.cwd())))
    records = [record for answer in there.answers("") for record in answer.records]
    sys.stdout.write(as_table(records) if as_csv else as_text(records))
    return 0
