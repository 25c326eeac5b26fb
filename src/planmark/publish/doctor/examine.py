"""All that the doctor looks at, in order. What cannot be looked at is one line; the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from planmark.build.build import day_of
from planmark.content.layout import deal_names
from planmark.content.team import team_of
from planmark.problems import PlanmarkError, Problem, did_you_mean
from planmark.publish.doctor import folder, keys, letters, mailbox, places
from planmark.publish.doctor.found import Found, told, told_by, warned, wrong
from planmark.publish.doctor.machine import machine


def examine(root: Path | None, wanted: str, now: datetime) -> Iterator[Found]:
    """The machine, and the workspace in `root` where there is one. `wanted` is a target; empty: all of them."""
    yield from machine()
    if root is None:
        yield warned(
            folder.ABOUT, "there is no planmark.yaml here or above, so only the machine was looked at", "go to a workspace's folder"
        )
        return
    yield from folder.ignored(root)
    try:
        team = team_of(root)
        wrong_folders: list[Problem] = []
        names = deal_names(root, wrong_folders)
        deals, found = folder.readable(team, names)
    except (PlanmarkError, OSError) as error:
        yield from told_by(folder.ABOUT, error)
        return
    yield from found
    yield from told(folder.ABOUT, wrong_folders)
    yield from folder.needs(deals)
    yield from folder.ending(deals, day_of(team.workspace.timezone))
    yield from letters.brands(root, deals)
    yield from letters.paper(root, names)
    yield from keys.signing_key(team.workspace)
    yield from mailbox.endpoint(root, team.workspace, now)
    targets = team.workspace.publish.targets if team.workspace.publish else {}
    if wanted and wanted not in targets:
        yield wrong("targets", f"there is no target `{wanted}`", did_you_mean(wanted, targets, "write it into `publish` in planmark.yaml"))
    elif not targets:
        hint = "write one into planmark.yaml: publish: {live: {kind: directory, path: /var/www/plans, url: https://plans.example.com}}"
        yield warned("targets", "planmark.yaml names no place to publish to", hint)
    for name in [wanted] if wanted in targets else targets if not wanted else ():
        yield from places.target(root, team, name, now)
