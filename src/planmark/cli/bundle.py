"""`planmark bundle`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from planmark.cli.options import DAY, complete_deals
from planmark.cli.printing import print_problems, safe, size
from planmark.cli.saving import save
from planmark.content.layout import find_workspace

MAILED = 10_000_000
"""Bytes that most mail systems still take, given that mail makes an attachment a third larger."""


@click.command()
@click.argument("deal", shell_complete=complete_deals)
@click.option("--to", "target", metavar="FILE", help="Where to write it; left out: DEAL.html, or DEAL.zip, in this folder.")
@click.option("--zip", "zipped", is_flag=True, help="The site's folder as it is, with checksums, in place of one HTML file.")
@click.option("--today", type=DAY, help="As on this day; left out: today in the workspace's time zone.")
def bundle(deal: str, target: str | None, zipped: bool, today: date | None) -> int:
    """Write the whole site of one deal as one file, for mail, an intranet or a stick."""
    from planmark.build.bundle import as_html, as_zip, site_of

    root = find_workspace(Path.cwd())
    site = site_of(root, deal, today)
    print_problems(site.warnings)
    left_out: dict[str, int] = {}
    if zipped:
        data = as_zip(site)
    else:
        made = as_html(root, site)
        data, left_out = made.html, dict(made.left_out)
    path = Path(target or f"{deal}.{'zip' if zipped else 'html'}")
    save(path, data)
    click.echo(f"{safe(str(path))}, {size(len(data))}")
    for name, count in left_out.items():
        click.echo(f"Not in it, being {size(count)} large: {safe(name)}. `planmark bundle {safe(deal)} --zip` has it.", err=True)
    if len(data) > MAILED:
        click.echo(f"Many mail systems refuse more than {size(MAILED)}: put it on a share, or send the link.", err=True)
    return 0
