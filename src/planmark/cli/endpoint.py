"""`planmark endpoint`: whether the buyer's forms reach the team."""

from __future__ import annotations

import time
from pathlib import Path

import click

from planmark.cli.options import Whole, complete_deals
from planmark.cli.printing import safe
from planmark.content.layout import chosen, deal_names, find_workspace

PATIENCE = 20.0
"""Seconds until what was sent should be readable."""


@click.group(cls=Whole)
def endpoint() -> None:
    """See whether the endpoint in planmark.yaml works, both ways."""


@endpoint.command()
@click.argument("deal", required=False, shell_complete=complete_deals)
def test(deal: str | None) -> int:
    """Send one submission through, as the page of DEAL (or of the first deal) would, and read it back. It goes into no plan."""
    from planmark.content.acting import new_id
    from planmark.content.team import workspace_of
    from planmark.endpoints.connected import WHERE, connected, digest_of, found_test, send_test
    from planmark.problems import PlanmarkError, Problem

    root = find_workspace(Path.cwd())
    names = chosen(deal_names(root, []), (deal,) if deal else ())
    if not names:
        raise PlanmarkError(Problem("PM604", "there is no deal to test with", WHERE, "start one with `planmark new`"))
    there = connected(workspace_of(root))
    mark, since = new_id(), there.inbox(root).cursor
    send_test(there, digest_of(root, names[0]), mark)
    click.echo(f"sent through {safe(there.endpoint.kind)} ({there.endpoint.standing})")
    end = time.monotonic() + PATIENCE
    while found_test(there, mark, since) is None:
        if time.monotonic() > end:
            hint = "see in the service's own inbox, its spam folder too, whether it is there"
            raise PlanmarkError(Problem("PM705", f"what was sent cannot be read back after {PATIENCE:.0f} seconds", WHERE, hint))
        time.sleep(0.5)
    click.echo("and read back: the endpoint works, both ways")
    return 0
