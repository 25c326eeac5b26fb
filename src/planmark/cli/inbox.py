"""`planmark inbox`: what waits for the seller's answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmark.cli.options import Whole, complete_deals
from planmark.cli.printing import counted, print_problems, safe
from planmark.content.layout import chosen, deal_names, find_workspace

if TYPE_CHECKING:
    from planmark.content.pending import Entry


@click.group(cls=Whole, invoke_without_command=True)
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
    from planmark.content.pending import waiting
    from planmark.problems import Problem

    problems: list[Problem] = []
    found = waiting(root, chosen(deal_names(root, []), deals), problems)
    print_problems(problems)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1))
        return 0
    if ask:
        _go_through(root, [one for one in found if one.answerable])
        return 0
    for one in found:
        click.echo(f"{safe(one.deal)}  {safe(one.id[:13])}  {safe(one.text)}")
    answerable = sum(one.answerable for one in found)
    click.echo(
        f"{counted(answerable, 'thing waits', 'things wait')} for an answer: planmark inbox accept DEAL ID, or reject."
        if answerable
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


def _go_through(root: Path, entries: Iterable[Entry]) -> None:
    """Ask about each in turn: a accepts, r rejects, s leaves it, q ends."""
    from planmark.content.acting import Acting
    from planmark.problems import PlanmarkError

    for one in entries:
        click.echo(f"{safe(one.deal)}: {safe(one.text)}")
        choice = click.prompt("accept, reject, skip or quit", type=click.Choice(["a", "r", "s", "q"]), default="s")
        if choice == "q":
            return
        if choice != "s":
            word = click.prompt("a word to it", default="", show_default=False)
            try:
                Acting(root, one.deal).answer(one.id, choice == "a", word)
            except PlanmarkError as error:
                print_problems(error.problems)


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
