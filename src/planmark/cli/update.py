"""`planmark update`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmark.cli.options import DAY, LENGTH, complete_deals
from planmark.cli.printing import print_problems, safe
from planmark.cli.saving import save
from planmark.content.layout import find_workspace, internal_folder

if TYPE_CHECKING:
    from planmark.build.mail import Mail

FORMATS = ("eml", "html", "text")


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--to", "people", multiple=True, metavar="PERSON", help="The id of whom to write to; may be given several times.")
@click.option("--since", default="", metavar="DATE|VERSION", help="What it is compared with; left out: the newest version that differs.")
@click.option("--due", type=LENGTH, metavar="[7d]", help="Reminders instead, of what is late or due within so many days.")
@click.option("--output", metavar="FOLDER", help="Where the drafts are written; left out: build/internal/DEAL/mail/.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="eml", show_default=True, help="Drafts, or one mail to paste.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def update(deal: str, people: tuple[str, ...], since: str, due: int | None, output: str | None, form: str, today: date | None) -> int:
    """Draft a mail about the plan of DEAL: for everybody of the buyer's side, or one for each PERSON. Nothing is sent."""
    from planmark.build.build import day_of
    from planmark.build.closing import outside_sites
    from planmark.build.mail import reminders, updates
    from planmark.content.team import workspace_of
    from planmark.problems import Problem

    if due is not None and since:
        raise click.UsageError("--due reminds of what lies ahead, and compares with nothing: leave --since out")
    root = find_workspace(Path.cwd())
    warnings: list[Problem] = []
    day = today or day_of(workspace_of(root).timezone)
    found = updates(root, deal, day, people, since, warnings) if due is None else reminders(root, deal, day, due, people, warnings)
    print_problems(warnings)
    for note in found.notes:
        click.echo(f"note: {safe(note)}", err=True)
    if not found.mails:
        click.echo("Nothing is due, so there is nobody to remind.", err=True)
    elif form == "eml":
        _write(found.mails, outside_sites(root, output) if output else internal_folder(root, deal) / "mail")
    elif len(found.mails) > 1:
        raise click.UsageError(f"these are {len(found.mails)} mails, and --format {form} prints one: name one person with --to")
    else:
        _print(found.mails[0], form)
    return 0


def _write(mails: tuple[Mail, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for mail in mails:
        path = folder / f"{mail.name}.eml"
        save(path, mail.draft())
        to = ", ".join(f"{one.name} <{one.address}>" for one in mail.to) or "nobody yet"
        click.echo(safe(f"{_shown(path)}, to {to}"))


def _print(mail: Mail, form: str) -> None:
    if form == "html":
        click.echo(mail.letter.html)
        return
    for line in [f"Subject: {mail.letter.subject}", "", *mail.letter.text.splitlines()]:
        click.echo(safe(line))


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
