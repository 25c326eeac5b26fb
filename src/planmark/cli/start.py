"""`planmark init`, `planmark new` and `planmark handoff`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import print_started, safe
from planmark.content.layout import find_workspace


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--seller", default="Your company", show_default=True, help="Who sells.")
@click.option("--timezone", default="UTC", show_default=True, help="Where times of day are meant: Europe/London.")
def init(folder: Path, seller: str, timezone: str) -> int:
    """Start a workspace in FOLDER, or here."""
    from planmark.content.starting import start_workspace

    started = start_workspace(folder, seller, timezone)
    print_started(started)
    click.echo(f"Write your team into {safe(str(folder / 'planmark.yaml'))}, then start a plan: planmark new acme --template essentials")
    return 0


def _complete_templates(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from planmark.content.starting import starting_plans

    del ctx, param
    return [name for name in starting_plans(Path.cwd()) if name.startswith(incomplete)]


@click.command()
@click.argument("name")
@click.option("--template", shell_complete=_complete_templates, help="The starting plan; left out: essentials.")
@click.option("--like", shell_complete=complete_deals, help="Start like another deal, without its people, states and brand.")
@click.option("--target", type=DAY, help="The date that both sides work back from.")
@click.option("--account", help="Who buys; left out: made from NAME.")
@click.option("--today", type=DAY, help="Start as on this day.")
def new(name: str, template: str | None, like: str | None, target: date | None, account: str | None, today: date | None) -> int:
    """Start a plan in content/NAME/, its dates worked back from the target."""
    if template and like:
        raise click.UsageError("--template and --like exclude each other: a plan has one beginning")
    from planmark.build.build import day_of
    from planmark.content.starting import start_like, start_plan
    from planmark.content.team import workspace_of

    root = find_workspace(Path.cwd())
    workspace = workspace_of(root)
    day = today or day_of(workspace.timezone)
    if like:
        ids = frozenset(person.id for person in workspace.people)
        started = start_like(root, name, like, account, target, day, ids, workspace.holidays or "")
    else:
        started = start_plan(root, name, template or "essentials", account, target, day, workspace.holidays or "", workspace.contact)
    print_started(started)
    click.echo(f"Edit content/{name}/plan.yaml and watch it: planmark serve")
    return 0


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.argument("name", required=False)
@click.option("--template", default="onboarding", show_default=True, shell_complete=_complete_templates, help="The starting plan.")
@click.option("--owner", metavar="PERSON", help="Who keeps the plan from now on, by their id in planmark.yaml.")
@click.option("--go-live", type=DAY, help="The date that both sides work back from; left out: the old target, if it lies ahead.")
@click.option("--today", type=DAY, help="Start as on this day.")
def handoff(deal: str, name: str | None, template: str, owner: str | None, go_live: date | None, today: date | None) -> int:
    """Let the plan of DEAL go on as a new one in content/NAME/, under the buyer's link; the old folder stays, as history."""
    from planmark.build.build import day_of
    from planmark.content.starting import hand_off
    from planmark.content.team import workspace_of

    root = find_workspace(Path.cwd())
    day = today or day_of(workspace_of(root).timezone)
    started = hand_off(root, deal, name, template, owner, go_live, day)
    print_started(started)
    click.echo(f"{safe(deal)} is history now: its link goes on with {safe(started.files[0].rpartition('/')[0])}. Watch it: planmark serve")
    return 0
