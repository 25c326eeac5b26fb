"""`planmark receive`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from planmark.problems import Location, PlanmarkError, Problem


@click.command()
@click.option("--host", help="The address to listen on; left out: 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; left out: 8787; 0 takes any free one.")
@click.option("--database", metavar="URL", help="sqlite:////path/receiver.db or postgresql+psycopg://…; left out: receiver.db in --data.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="The folder for what comes; left out: planmark-receiver.")
@click.option("--origin", multiple=True, help="Where plans are shown, such as https://plans.example.com; may be given several times.")
@click.option("--proxy", multiple=True, help="A proxy whose X-Forwarded-For counts; may be given several times.")
def receive(
    host: str | None, port: int | None, database: str | None, data: Path | None, origin: tuple[str, ...], proxy: tuple[str, ...]
) -> int:
    """Take in what buyers send: the team's own endpoint."""
    try:
        from planmark.receiver.config import from_environment
        from planmark.receiver.serving import run
    except ImportError as error:
        hint = 'pip install "planmark[receiver]"'
        where = Location(error.name or "planmark receive")
        raise PlanmarkError(Problem("PM712", "the receiver needs a few more libraries", where, hint)) from None
    config = from_environment(os.environ, host=host, port=port, database=database, data=data, origins=origin, proxies=proxy)
    run(config, lambda url: click.echo(f"Planmark receives at {url}"))
    return 0
