"""`planmark check`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from planmark.build.examine import examine
from planmark.build.formats import as_data, as_sarif
from planmark.cli.options import complete_deals
from planmark.cli.printing import bar, counted, print_problems
from planmark.content.layout import find_workspace


@click.command()
@click.argument("deals", nargs=-1, shell_complete=complete_deals)
@click.option("--strict", is_flag=True, help="Warnings count as problems, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)
def check(deals: tuple[str, ...], strict: bool, form: str) -> int:
    """Say what is wrong in all deals, or in DEALS, with its place and what to write instead."""
    with bar("Checking") as progress:
        problems = examine(find_workspace(Path.cwd()), deals, progress)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if form == "json":
        click.echo(json.dumps([as_data(problem) for problem in problems], ensure_ascii=False, indent=1))
    elif form == "sarif":
        click.echo(json.dumps(as_sarif(problems), ensure_ascii=False, indent=1))
    else:
        print_problems(problems)
        click.echo(
            "Nothing is wrong." if not problems else f"{counted(errors, 'error', 'errors')}, {counted(warnings, 'warning', 'warnings')}"
        )
    return 1 if errors or (strict and warnings) else 0
