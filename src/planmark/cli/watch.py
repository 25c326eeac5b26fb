"""`planmark watch`."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click

from planmark.cli.printing import print_problems, safe
from planmark.content.layout import find_workspace
from planmark.problems import Problem


@click.command()
@click.option("--interval", type=click.IntRange(min=2), default=60, show_default=True, help="Seconds between two rounds.")
@click.option("--listen", metavar="[HOST:]PORT", help="Begin a round at once when the receiver's webhook posts here.")
@click.option("--once", is_flag=True, help="One round, and the exit code says how it went.")
def watch(interval: int, listen: str | None, once: bool) -> int:
    """Pull, build and publish again and again, until Ctrl-C or SIGTERM. One line a round."""
    from planmark.publish.knocking import listening
    from planmark.publish.watch import Round, Watch

    wrong: list[Problem] = []

    def say(done: Round) -> None:
        wrong[:] = [one for one in done.problems if one.severity == "error"]
        print_problems(done.problems)
        click.echo(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}  {safe(done.line)}")

    watching = Watch(find_workspace(Path.cwd()), float(interval), say)
    if once:
        say(watching.round())
        print_problems(watching.told())
        return 1 if wrong else 0
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: watching.end())
    with ExitStack() as stack:
        if listen:
            host, _, port = listen.rpartition(":")
            if not (port.isascii() and port.isdigit() and int(port) < 65536):
                raise click.UsageError(f"`{listen}` is no place to listen: write a port, or host:port")
            found = stack.enter_context(listening(host or "127.0.0.1", int(port), watching.knock))
            click.echo(f"A POST to http://{host or '127.0.0.1'}:{found}/ begins a round.")
        watching.run()
    print_problems(watching.told())
    return 0
