"""`planmark serve`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY
from planmark.content.layout import deal_names, find_workspace

FEW = 10
"""So many links are printed."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--allow", multiple=True, metavar="HOST[:PORT]", help="Answer to this host name, too; may be given several times.")
@click.option("--poll", is_flag=True, help="Look for changes by polling: for network and container folders.")
@click.option("--today", type=DAY, help="Show the plans as on this day.")
@click.option("--reset", "afresh", is_flag=True, help="Forget what was done in the preview before.")
def serve(port: int, host: str, allow: tuple[str, ...], poll: bool, today: date | None, afresh: bool) -> int:
    """Show all plans in the browser, and every save as it happens."""
    root = find_workspace(Path.cwd())
    from planmark.preview.server import serve as run

    def ready(url: str) -> None:
        click.echo(f"Planmark shows your plans at {url} (stop it with Ctrl-C)")
        names = deal_names(root, [])
        for name in names[:FEW]:
            click.echo(f"  {url}sites/{name}/")
        if len(names) > FEW:
            click.echo(f"  and {len(names) - FEW} more")

    run(root, host=host, port=port, allowed=allow, poll=poll, today=today, ready=ready, afresh=afresh)
    return 0
