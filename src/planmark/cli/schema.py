"""`planmark schema`."""

from __future__ import annotations

from pathlib import Path

import click

from planmark.cli.printing import print_started
from planmark.content.layout import find_workspace


@click.command()
@click.argument("name", type=click.Choice(["plan", "planmark", "resources", "theme"]), required=False)
@click.option("--view", is_flag=True, help="Print the schema of plan.json, the buyer's view: what a theme receives.")
def schema(name: str | None, view: bool) -> int:
    """Write the schemas into the workspace's .planmark/, or print the one of NAME."""
    if view:
        from planmark.site.data import schema_json

        click.echo(schema_json().decode(), nl=False)
        return 0
    from planmark.content.schemas import schemas, written

    if name:
        click.echo(written(schemas()[name]), nl=False)
        return 0
    from planmark.content.starting import Started, write_schemas

    started = Started()
    write_schemas(find_workspace(Path.cwd()), started)
    print_started(started)
    if not started.files:
        click.echo("The schemas are up to date.")
    return 0
