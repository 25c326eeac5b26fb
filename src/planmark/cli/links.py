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
    from planmark.build.build import day_of
    from planmark.build.forms import site_address
    from planmark.build.links import address_of, opening_fragments
    from planmark.content.access.opening import kept_by_person
    from planmark.content.acting import load_one
    from planmark.content.addresses import require_own_link
    from planmark.content.secrets import team_keys
    from planmark.plan.links import personal_links
    from planmark.plan.shared import shared

    root = find_workspace(Path.cwd())
    require_own_link(root, deal, "planmark links")
    found = load_one(root, deal)
    plan = shared(found.plan)
    keys = team_keys(found.workspace.key)
    where = address or address_of(found)
    if not address and not site_address(found.workspace, found.address.site):
        click.echo(
            "note: planmark.yaml names no public address (`publish: {live: {kind: …, url: https://…}}`), so put it in front", err=True
        )
    everybody = personal_links(plan, found.address.digest, keys.signing, today or day_of(found.timezone))
    kept = kept_by_person(found) if found.access and found.access.people else {}
    fragments = opening_fragments({one.person: one.fragment for one in everybody}, kept)
    for one in everybody:
        click.echo(f"{safe(one.name)}, until {one.until}\n  {where}{fragments.pop(one.person)}")
        if found.address.hidden and one.person not in kept:
            click.echo(
                f"  It asks for a passphrase: `planmark access {safe(deal)} add {safe(one.person)}` gives them one, and a link that opens."
            )
    for person, fragment in fragments.items():
        click.echo(f"{safe(person)}\n  {where}{fragment}")
    if not everybody:
        click.echo("Nobody of the buyer's side has a name in `people` yet.", err=True)
    return 0
