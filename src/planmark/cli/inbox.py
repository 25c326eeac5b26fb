"""`planmark inbox`: what waits for the seller's answer."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from planmark.cli.options import complete_deals
from planmark.cli.printing import counted, safe
from planmark.content.layout import chosen, deal_names, find_workspace


@click.group(invoke_without_command=True)
@click.option("--deal", "deals", multiple=True, shell_complete=complete_deals, help="Of this deal only; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
@click.option("--ask", is_flag=True, help="Go through it one by one.")
@click.pass_context
def inbox(ctx: click.Context, deals: tuple[str, ...], as_json: bool, ask: bool) -> int:
    """What nobody vouches for yet, what the buyer proposes, and what could not be applied."""
    if ctx.invoked_subcommand is not None:
        return 0
    if ask and not sys.stdin.isatty():
        raise click.UsageError("--ask needs a terminal; elsewhere say `planmark inbox accept DEAL ID` or `reject`")
    root = find_workspace(Path.cwd())
    from planmark.cli.inbox_listing import as_data, go_through, listing

    found = listing(root, chosen(deal_names(root, []), deals))
    if as_json:
        import json

        click.echo(json.dumps([as_data(one) for one in found], ensure_ascii=False, indent=1))
        return 0
    if ask:
        go_through(root, found)
        return 0
    for one in found:
        click.echo(f"{safe(one.deal)}  {one.id[:13]}  {safe(one.text)}")
    waiting = sum(one.answerable for one in found)
    click.echo(
        f"{counted(waiting, 'thing waits', 'things wait')} for an answer: planmark inbox accept DEAL ID, or reject."
        if waiting
        else "Nothing waits."
    )
    return 0


@inbox.command()
@click.argument("deal", shell_complete=complete_deals)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--as", "person", help="Who of the team answers; left out: the plan's contact.")
@click.option("--text", default="", help="A word to it, for the buyer to read.")
@click.option("--owner", "owners", multiple=True, help="Who gets the task, where an owner was proposed by a name that is no id.")
def accept(deal: str, ids: tuple[str, ...], person: str | None, text: str, owners: tuple[str, ...]) -> int:
    """Accept what was proposed, or vouch for what came without a link. The beginning of an ID is enough."""
    return _answer(deal, ids, person, text, accept=True, owners=owners)


@inbox.command()
@click.argument("deal", shell_complete=complete_deals)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--as", "person", help="Who of the team answers; left out: the plan's contact.")
@click.option("--text", default="", help="Why, for the buyer to read.")
def reject(deal: str, ids: tuple[str, ...], person: str | None, text: str) -> int:
    """Turn down what was proposed, or what came without a link."""
    return _answer(deal, ids, person, text, accept=False)


def _answer(deal: str, ids: tuple[str, ...], person: str | None, text: str, *, accept: bool, owners: tuple[str, ...] = ()) -> int:
    from planmark.content.acting import Acting
    from planmark.plan.told import did, titles, who

    root = find_workspace(Path.cwd())
    for start in ids:
        acting = Acting(root, deal, person)
        waiting = {one.id: one for one in acting.pending()}
        event = acting.answer(start, accept, text, owners)
        names, answered = titles(acting.deal.plan), waiting[event.of]
        click.echo(f"{'accepted' if accept else 'rejected'}: {safe(who(answered, names))} {safe(did(answered, names))}")
    return 0
