"""`planmark doctor`: what is wrong, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from planmark.cli.printing import counted, safe
from planmark.content.layout import find_workspace

_SIGNS = {"fine": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}
"""A sign and a colour for each word, which stands beside them."""


@click.command()
@click.option("--at", "target", default="", metavar="TARGET", help="Of the targets only this one.")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
def doctor(target: str, as_json: bool) -> int:
    """Look at this machine, the workspace and its targets: what is wrong, and what to do. Nothing is changed."""
    import json
    from dataclasses import asdict

    from planmark.problems import PlanmarkError
    from planmark.publish.doctor import examine

    try:
        root = find_workspace(Path.cwd())
    except PlanmarkError:
        root = None
    found = []
    for one in examine(root, target, datetime.now(UTC)):
        found.append(one)
        if not as_json:
            sign, colour = _SIGNS[one.word]
            line = (
                click.style(f"{sign} {one.word:7}", fg=colour),
                f"{safe(one.about)}: {safe(one.text)}",
                click.style(safe(one.hint), dim=True),
            )
            click.echo("  ".join(line if one.hint else line[:2]))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    errors, warnings = (sum(one.word == word for one in found) for word in ("error", "warning"))
    if not as_json:
        told = (
            f"{counted(errors, 'error', 'errors')}, {counted(warnings, 'warning', 'warnings')}." if errors or warnings else "All is well."
        )
        click.echo(told)
    return 1 if errors else 0
