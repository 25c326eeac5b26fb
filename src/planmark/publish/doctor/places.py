"""The targets: settings, credentials, what is out there, and what its public address answers with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from planmark.content.layout import deal_names
from planmark.content.team import Team
from planmark.extensions.targets import Published
from planmark.problems import PlanmarkError
from planmark.publish.answers import answers
from planmark.publish.doctor.found import Found, fine, told, told_by, warned, wrong
from planmark.publish.doctor.reaching import asked, clock
from planmark.publish.there import HIDDEN, There, there_of
from planmark.publish.undoing import published

_FEW = 20
"""So many plans are asked for at their addresses, and so many stale ones are told one by one."""


def target(root: Path, team: Team, name: str, now: datetime) -> Iterator[Found]:
    """One target of planmark.yaml, as far as it lets itself be looked at."""
    about = f"target {name}"
    publish = team.workspace.publish
    if publish and name in publish.targets and publish.targets[name].is_only_address:
        yield fine(about, "is only an address, for links and cards; nothing is published to it")
        return
    try:
        there = there_of(root, name)
        out = [one for one in there.out().values() if one.owner == there.owner]
    except (PlanmarkError, OSError) as error:
        yield from told_by(about, error)
        return
    live = [one for one in out if not one.gone]
    yield fine(about, f"can be read with this machine's credentials; plans and drafts of this seller that are out: {len(live)}")
    yield from _address(about, there, sorted(live, key=lambda one: one.draft), now)
    if live:
        yield from _stale(about, there)


def _address(about: str, there: There, live: Sequence[Published], now: datetime) -> Iterator[Found]:
    """What the address answers with: for a plan that is out its page and headers, of some others their pages, else whatever there is."""
    one = live[0] if live else None
    reply = asked(there.address(one.site) if one else there.url)
    if reply.fault:
        hint = "see whether the name and the certificate are right, and whether this machine may go there"
        yield wrong(about, f"{there.url} does not answer: {reply.fault}", hint)
        return
    yield from clock(about, reply, now)
    if one is None:
        yield fine(about, f"{there.url} answers; its headers are looked at once a plan is out")
        return
    found = answers(there.address(one.site), one, (), there.state(one))
    for other in live[1:_FEW]:
        found += [problem for problem in answers(there.address(other.site), other, ()) if problem.severity == "error"]
    yield from told(about, found)
    if not found:
        more = f" (and {len(live[1:_FEW])} more)" if len(live) > 1 else ""
        yield fine(about, f"{there.address(one.site)} answers as it was published, with all headers{more}")


def _stale(about: str, there: There) -> Iterator[Found]:
    """Plans that are out otherwise than they are here."""
    try:
        stale = [row for row in published(there) if row.stale]
    except (PlanmarkError, OSError) as error:
        yield from told_by(about, error)
        return
    names = deal_names(there.root, [])
    for row in stale[:_FEW]:
        what, command = (f"a draft of {row.deal}", "publish --draft") if row.draft else (row.deal, "publish")
        hint = f"planmark {command} {row.deal} --to {there.place.name}"
        if row.deal.startswith(HIDDEN):
            hint = f"bring them, see `planmark key add`; or take it down: planmark unpublish {row.deal} --at {there.place.name}"
        elif row.deal not in names:
            hint = f"planmark unpublish {row.deal} --at {there.place.name}"
        yield warned(about, f"{what} is out, and not as it is here: {row.stale}", hint)
    if len(stale) > _FEW:
        yield warned(about, f"and {len(stale) - _FEW} more", f"planmark published --at {there.place.name}")
    if not stale:
        yield fine(about, "what is out is as it is here")
