"""`planmark key`: the team's signing key, and how it gets to colleagues."""

from __future__ import annotations

from pathlib import Path

import click

from planmark.cli.options import Whole
from planmark.cli.printing import safe
from planmark.content.layout import find_workspace


@click.group(cls=Whole)
def key() -> None:
    """The key that signs personal links: show it, bring it to this machine, exchange it."""


@key.command()
@click.option("--secret", "with_secret", is_flag=True, help="Print the key itself, to hand to a colleague in a safe way.")
def show(with_secret: bool) -> int:
    """Say which key this workspace signs with, and whether it is here."""
    from planmark.content.secrets import key_file, team_keys, written_key

    keys = team_keys(_wanted())
    for number, (name, one) in enumerate(keys.keys.items()):
        click.echo(f"{name}  {'signs new links' if not number else 'old: its links still count'}")
        if with_secret:
            click.echo(written_key(one))
    if not with_secret:
        click.echo(f"The keys of this machine are in {safe(str(key_file()))}. A colleague needs the key itself: planmark key show --secret")
    return 0


@key.command()
def add() -> int:
    """Bring a colleague's key to this machine; it is asked for, or read from a pipe."""
    import sys

    from planmark.content.secrets import keep_key, read_key
    from planmark.plan.tokens import fingerprint

    piped = not sys.stdin.isatty()
    text = sys.stdin.read() if piped else click.prompt("The key, as `planmark key show --secret` prints it", hide_input=True)
    found = [read_key(line, "the key that was given") for line in text.split() if line.startswith("planmark-key-") or not piped]
    if not found:
        found = [read_key(text, "the key that was given")]
    for one in found:
        path = keep_key(one)
        click.echo(f"{fingerprint(one)} is on this machine now, in {safe(str(path))}")
    return 0


@key.command()
def rotate() -> int:
    """Make a new key on this machine, and say what to write into planmark.yaml."""
    from planmark.content.secrets import keep_key, new_key
    from planmark.plan.tokens import fingerprint

    made = new_key()
    path = keep_key(made)
    old = _wanted()
    line = (
        f'key: ["{fingerprint(made)}", {", ".join(f"{one!r}".replace(chr(39), chr(34)) for one in old)}]'
        if old
        else f'key: "{fingerprint(made)}"'
    )
    click.echo(f"A new key is in {safe(str(path))}. Write this line into planmark.yaml{', in place of the old one' if old else ''}:\n")
    click.echo(f"    {line}\n")
    if old:
        click.echo(f"New links are signed with {fingerprint(made)}. Links signed with {old[0]} count until you take it out of that line.")
    click.echo(
        "Then bring the key to your colleagues (`planmark key show --secret`), and tell the receiver (`planmark receiver register`)."
    )
    return 0


def _wanted() -> tuple[str, ...]:
    from planmark.content.team import workspace_of

    return workspace_of(find_workspace(Path.cwd())).key
