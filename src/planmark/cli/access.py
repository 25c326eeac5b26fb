"""`planmark access`: who may open a protected plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmark.cli.options import complete_deals
from planmark.cli.printing import counted, safe
from planmark.content.layout import find_workspace

if TYPE_CHECKING:
    from planmark.content.access.giving import Change
    from planmark.content.access.opening import Kept
    from planmark.content.deal import Deal


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.argument("act", type=click.Choice(["add", "revoke", "renew"]), required=False)
@click.argument("person", required=False)
@click.option("--show", is_flag=True, help="Print the passphrases and links, too.")
@click.option("--label", is_flag=True, help="PERSON is nobody of the plan, but what you call them: everyone.")
@click.option("--passphrase-stdin", "own", is_flag=True, help="Take the passphrase from a pipe, or ask for it, in place of making one.")
def access(deal: str, act: str | None, person: str | None, show: bool, label: bool, own: bool) -> int:
    """Say who may open a DEAL with `access: passphrase`; `add` or `revoke` a PERSON of the plan; or `renew` its encryption."""
    if (act in ("add", "revoke")) != bool(person):
        raise click.UsageError(f"say whom: planmark access {deal} {act} maria" if act != "renew" else "`renew` takes nobody: it is for all")
    if (own or label) and act != "add":
        raise click.UsageError("`--label` and `--passphrase-stdin` go with `add`")
    if show and act:
        raise click.UsageError("`--show` goes with no other word")
    root = find_workspace(Path.cwd())
    if act is None:
        return _list(root, deal, show)
    from planmark.build.build import day_of
    from planmark.content.access.giving import give, renew, revoke
    from planmark.content.team import workspace_of

    if act == "add":
        assert person
        today = day_of(workspace_of(root).timezone)
        _given(give(root, deal, person, today, _asked() if own else "", label))
        return 0
    assert act == "renew" or person
    changed = revoke(root, deal, person) if act == "revoke" and person else renew(root, deal)
    if not changed.access.people:
        click.echo(f"{safe(changed.person)} may not open it any more, and nobody else is left. Without anybody it cannot be published:")
        click.echo(f"what is out stays readable for {safe(changed.person)} until you take it down: planmark unpublish {safe(deal)}")
        return 0
    told = f"{safe(changed.person)} may not open it any more" if changed.person else "It will be encrypted anew"
    left = counted(len(changed.access.people), "other keeps", "others keep") if changed.person else "everybody keeps"
    click.echo(f"{told}; {left} their passphrases and links.")
    click.echo(f"It holds once it is published: planmark publish {safe(deal)}. What they have downloaded stays theirs.")
    return 0


def _list(root: Path, name: str, show: bool) -> int:
    """Print who may open a deal."""
    from planmark.content.access.opening import kept_by_person, require_access
    from planmark.content.acting import load_one

    deal = load_one(root, name)
    people = require_access(deal).people
    kept = kept_by_person(deal) if show else {}
    names = {one.id: one.name or one.id for one in deal.plan.people}
    for one in people:
        click.echo(f"{safe(one.id)}  {safe(names.get(one.id, 'nobody of the plan'))}, since {one.since}")
        if one.id in kept:
            _print_kept(deal, one.id, kept[one.id])
    if not show:
        click.echo(f"With passphrases and links: planmark access {safe(name)} --show")
    return 0


def _given(change: Change) -> None:
    """Print what somebody has who was given access."""
    assert change.kept
    known = change.person in [one.id for one in change.deal.plan.people]
    who = safe(change.person) if known else f"{safe(change.person)} (nobody of the plan: a label)"
    click.echo(f"{who} may open it, with either of these, as soon as it is published:")
    _print_kept(change.deal, change.person, change.kept)
    click.echo("Send one of them: the link alone, or the plan's address, and the passphrase by another way.")
    click.echo("Commit access.json with the deal.")


def _print_kept(deal: Deal, person: str, kept: Kept) -> None:
    from planmark.build.build import day_of
    from planmark.build.links import link_that_opens

    click.echo(f"  passphrase  {safe(kept.passphrase)}")
    click.echo(f"  link        {link_that_opens(deal, person, kept, day_of(deal.workspace.timezone))}")


def _asked() -> str:
    """A passphrase of somebody's own."""
    import sys

    if sys.stdin.isatty():
        found: str = click.prompt("The passphrase", hide_input=True, confirmation_prompt=True)
        return found
    return sys.stdin.read()
