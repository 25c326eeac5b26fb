"""`planmark` alone: what to do next."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from planmark.content.layout import deal_names, find_workspace
from planmark.problems import PlanmarkError


def next_steps(here: Path) -> None:
    """Say what fits the folder that one is in."""
    try:
        root = find_workspace(here)
    except PlanmarkError:
        steps = [("planmark init", "start a workspace in this folder"), ("planmark --help", "all commands")]
        _print("There is no workspace here yet.", steps)
        return
    deals = deal_names(root, [])
    if not deals:
        today = date.today()
        target = today + timedelta(weeks=26, days=4 - today.weekday())  # a Friday, far enough ahead for every starting plan
        _print(
            "The workspace has no deals yet.",
            [
                ("planmark new acme --template smb", "start a plan of five tasks"),
                (f"planmark new acme --template enterprise --target {target}", "start a big one, worked back from a date"),
            ],
        )
        return
    listed = ", ".join(deals[:5]) + (" …" if len(deals) > 5 else "")
    _print(
        f"{len(deals)} {'deal' if len(deals) == 1 else 'deals'}: {listed}",
        [
            ("planmark serve", "see them in the browser, every save as it happens"),
            ("planmark check", "what is wrong, and what to write instead"),
            ("planmark build", "write the sites to build/sites/"),
            (f"planmark show {deals[0]}", "a plan in the terminal"),
            ("planmark new NAME", "another plan"),
        ],
    )


def _print(head: str, steps: list[tuple[str, str]]) -> None:
    click.echo(head + "\n")
    width = max(len(command) for command, _ in steps)
    for command, what in steps:
        click.echo(f"  {command:{width}}   {what}")
