"""`planmark check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from planmark.build.examine import examine
from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import bar, counted, print_found, safe
from planmark.content.addresses import continued_deals
from planmark.content.layout import CONTENT, chosen, deal_names, find_workspace
from planmark.problems import CODES, Problem, did_you_mean


@click.command()
@click.argument("deals", nargs=-1, shell_complete=complete_deals)
@click.option("--strict", is_flag=True, help="Warnings count as problems, too.")
@click.option("--explain", metavar="CODE", help="Say why a rule (R28) matters, what its numbers are, how to set and to answer it.")
@click.option("--today", type=DAY, help="Check as on this day; left out: today in the workspace's time zone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)
def check(deals: tuple[str, ...], strict: bool, explain: str | None, today: date | None, form: str) -> int:
    """Say what is wrong in all deals, or in DEALS, and which rules of a good plan they break."""
    if explain is not None:
        _explain(explain.upper())
        return 0
    root = find_workspace(Path.cwd())
    with bar("Checking") as progress:
        problems = examine(root, deals, progress, today)
    past = continued_deals(root) if deals else {}
    for name in past:
        if name in deals:
            click.echo(f"{safe(name)} is history: its link goes on with {safe(past[name])}, and it is not looked at", err=True)
    looked_at = len(chosen(deal_names(root, []), deals))
    code = print_found(problems, form, strict, _where(problems, looked_at))
    if form == "text" and (rule := _most_broken(problems)):
        click.echo(f"Why a rule matters, and how to answer it: planmark check --explain {rule}")
    return code


def _where(problems: Sequence[Problem], looked_at: int) -> str:
    """In how many deals there is something, of how many."""
    places = (problem.location.path.split("/") for problem in problems)
    found = {place[1] for place in places if place[0] == CONTENT and len(place) > 1 and not place[1].startswith("_")}
    deals = counted(looked_at, "deal", "deals")
    return f"{len(found)} of {deals}" if found and looked_at > 1 else deals


def _most_broken(problems: Sequence[Problem]) -> str:
    """The rule to begin with: the one broken most often, errors first; empty where none is."""
    every = Counter((problem.severity == "error", problem.code) for problem in problems if problem.code.startswith("R"))
    return max(every, key=lambda one: (one[0], every[one]))[1] if every else ""


def _explain(code: str) -> None:
    """Print what a rule, or a problem's code, is about."""
    from planmark.plan.rules import RULES, explained

    if code in CODES:
        click.echo(f"{click.style(code, bold=True)}  {CODES[code]}\n\ndocs/problems.md says what to write instead.")
        return
    if code not in RULES:
        raise click.UsageError(f"there is no code `{code}`: {did_you_mean(code, [*RULES, *CODES], 'rules are R1 to R30')}")
    rule = RULES[code]
    click.echo(f"{click.style(rule.code, bold=True)}  {rule.title}")
    for heading, said in explained(rule):
        click.echo(f"\n{click.style(heading, bold=True)}")
        for line in _wrapped(said):
            click.echo(f"  {line}")


def _wrapped(text: str, width: int = 96) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width, break_on_hyphens=False)
