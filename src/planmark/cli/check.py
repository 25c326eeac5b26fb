"""`planmark check`."""

from __future__ import annotations

from pathlib import Path

import click

from planmark.build.examine import examine
from planmark.cli.options import complete_deals
from planmark.cli.printing import bar, print_found
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
    return print_found(problems, form, strict)
