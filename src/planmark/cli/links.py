"""`planmark links`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import safe
from planmark.content.layout import find_workspace


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--address", help="Where the deal's site is, if planmark.yaml doesn't say.")
@click.option("--today", type=DAY, help="As on this day.")
def links(deal: str, address: str | None, today: date | None) -> int:
    """Print the personal link of each person of every party but the seller."""
    from planmark.build.forms import public_address
    from planmark.content.acting import load_one
    from planmark.content.secrets import team_keys
    from planmark.plan.links import personal_links
    from planmark.plan.shared import shared

    root = find_workspace(Path.cwd())
    found = load_one(root, deal)
    plan = shared(found.plan)
    keys = team_keys(found.workspace.key)
    base = public_address(found.workspace)
    site = "-".join(filter(None, (plan.id, plan.share_key)))
    where = address or (f"{base.rstrip('/')}/{site}/" if base else "")
    if not where:
        where = f"{site}/"
        click.echo(
            "note: planmark.yaml names no public address (`publish: {live: {kind: …, url: https://…}}`), so put it in front", err=True
        )
    everybody = personal_links(plan, keys.signing, today or date.today())
    for one in everybody:
        click.echo(f"{safe(one.name)}, until {one.until}\n  {where}{one.fragment}")
    if not everybody:
        click.echo("Nobody of the buyer's side has a name in `people` yet.", err=True)
    return 0
