"""`planmark pull`."""

from __future__ import annotations

from pathlib import Path

import click

from planmark.cli.options import complete_deals
from planmark.cli.printing import counted, print_problems, safe
from planmark.content.layout import chosen, deal_names, find_workspace


@click.command()
@click.argument("deals", nargs=-1, shell_complete=complete_deals)
@click.option(
    "--from",
    "export",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read a file that the service's own export wrote, or a reply file that a reader mailed.",
)
@click.option("--all", "afresh", is_flag=True, help="Read all that the endpoint has, not only what came since the last time.")
def pull(deals: tuple[str, ...], export: Path | None, afresh: bool) -> int:
    """Bring what buyers did into the plans, of all deals or of DEALS."""
    from planmark.content.acting import load_one
    from planmark.content.team import workspace_of
    from planmark.endpoints.connected import pull as run
    from planmark.plan.told import sentence, titles
    from planmark.problems import PlanmarkError

    root = find_workspace(Path.cwd())
    chosen(deal_names(root, []), deals)
    pulled = run(root, workspace_of(root), deals, export, afresh)
    waiting = 0
    for name, events in pulled.events.items():
        try:
            names = titles(load_one(root, name).plan)
        except PlanmarkError:  # what was taken in broke nothing, and what did is told by `check`
            continue
        for event in events:
            waiting += not event.proof
            click.echo(f"{safe(name)}: {safe(sentence(event, names))}")
    aside = [(name, one) for name, entries in pulled.set_aside.items() for one in entries]
    for name, one in aside:
        click.echo(f"{safe(name or 'no plan')}: not applied: {safe(str(one['reason']))}", err=True)
    tests = f", {counted(pulled.tests, 'test', 'tests')} arrived" if pulled.tests else ""
    click.echo(f"{counted(pulled.new, 'new act', 'new acts')} of {counted(pulled.read, 'submission', 'submissions')} read{tests}.")
    if waiting or aside:
        click.echo("Some of it waits for your answer: planmark inbox")
    print_problems(pulled.problems)
    return 1 if pulled.problems else 0
