"""A deal's versions: adding one, and comparing the plan with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmark.content.layout import CONTENT
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planmark.content.deal import Deal
    from planmark.plan.changes import Change, Facts, TargetMove, Version


@dataclass(frozen=True)
class Snapshot:
    """What became of a wish for a version. `path` is the file's, relative to the workspace; empty where the newest version still holds."""

    path: str
    newest: Version | None
    """The newest version before."""
    view: Mapping[str, Any]
    """The buyer's view that it is, or would be, of."""
    changes: tuple[Change, ...] = ()
    """What is otherwise than in that one."""


@dataclass(frozen=True)
class Differences:
    """What is otherwise in a plan than it was in a version."""

    title: str
    since: Version
    changes: tuple[Change, ...]
    target: date
    """The target date now."""
    target_moves: tuple[TargetMove, ...]
    """Every move of the target date, oldest first."""
    now: Facts


def snapshot(
    root: Path, name: str, today: date, person: str | None = None, note: str = "", warnings: list[Problem] | None = None
) -> Snapshot:
    """Add the buyer's view of the deal in `content/<name>`, as on `today`, to its versions, unless the newest is the same.

    `person` is the id of a colleague; left out: the plan's contact, if there is one. The note is
    one line that the buyer reads. What is only a warning is added to `warnings`. Raises PlanmarkError with what is wrong with the plan.
    """
    from planmark.content.acting import load_one

    return snapshot_of(root, load_one(root, name, warnings), today, person, note)


def snapshot_of(root: Path, deal: Deal, today: date, person: str | None = None, note: str = "") -> Snapshot:
    """The same for a deal that is loaded already."""
    from planmark.content.versions import write_version
    from planmark.plan.changes import changes_between, digest_of, facts_of, stored
    from planmark.plan.submissions import clean_line
    from planmark.site.data import as_data
    from planmark.site.projection import project

    name = deal.name
    view = as_data(project(deal, today, (*deal.history, today)).view)
    digest = digest_of(view)
    newest = deal.versions[-1] if deal.versions else None
    if newest and digest_of(newest.view) == digest:
        return Snapshot("", newest, view)
    if newest and newest.day > today:
        where = Location(f"{CONTENT}/{name}/versions/{newest.name}.json")
        hint = "look at the clock of this machine, or at `--today`; versions are only ever added behind the newest"
        raise PlanmarkError(Problem("PM715", f"the newest version is of {newest.day}, which is after {today}", where, hint))
    path = write_version(root / CONTENT / name, today, stored(view), digest, _who(deal, person), clean_line(note))
    changes = changes_between(newest.facts, facts_of(view)) if newest else ()
    return Snapshot(path.relative_to(root).as_posix(), newest, view, changes)


def differences(root: Path, name: str, today: date, since: str = "", warnings: list[Problem] | None = None) -> Differences:
    """What is otherwise in the deal on `today` than it was in a version.

    `since` is a version's name, or a day on which it was out; left out: the newest. Raises PlanmarkError where there is no such version.
    """
    from planmark.content.acting import load_one
    from planmark.plan.changes import changes_between, facts_of, target_moves
    from planmark.site.data import as_data
    from planmark.site.projection import project

    deal = load_one(root, name, warnings)
    version = chosen_version(deal.versions, since, name)
    view = project(deal, today, deal.history).view
    now = facts_of(as_data(view))
    return Differences(
        title=view.title,
        since=version,
        changes=changes_between(version.facts, now),
        target=view.target,
        target_moves=target_moves(deal.versions, now, today),
        now=now,
    )


def _who(deal: Deal, person: str | None) -> str:
    """The id of the colleague; empty where none was named and the plan knows of none, as where nobody sits before it."""
    from planmark.content.acting import colleague_in

    try:
        return colleague_in(deal, person)
    except PlanmarkError:
        if person:
            raise
        return ""


def chosen_version(versions: Sequence[Version], since: str, name: str) -> Version:
    """The version of that name, else the one that was out on that day; the newest where nothing is asked for."""
    from planmark.plan.events import day_of

    where = Location(f"{CONTENT}/{name}/versions")
    if not versions:
        hint = f"write the first one with `planmark snapshot {name}`: what changes from then on can be told"
        raise PlanmarkError(Problem("PM715", "the plan has no versions yet", where, hint))
    if not since:
        return versions[-1]
    day = day_of(since)
    if day is None:
        found = {one.name: one for one in versions}
        if since not in found:
            hint = did_you_mean(since, found, f"write a day such as {versions[-1].day}, or a version's name such as {versions[-1].name}")
            raise PlanmarkError(Problem("PM715", f"there is no version `{since}`", where, hint))
        return found[since]
    out = [one for one in versions if one.day <= day]
    if not out:
        hint = f"the first one is of {versions[0].day}: write that, or a later day"
        raise PlanmarkError(Problem("PM715", f"there was no version yet on {day}", where, hint))
    return out[-1]
