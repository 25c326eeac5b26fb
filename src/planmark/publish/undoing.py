"""Taking back what was published: an earlier version again, or none at all. And what is out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from planmark.build.stale import standing
from planmark.content.access.opening import key_mark
from planmark.content.addresses import continued_deals
from planmark.content.ending import language, last_day
from planmark.content.layout import CONTENT, deal_names
from planmark.content.load import load_deal
from planmark.content.tree import scan
from planmark.extensions.targets import Published
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean
from planmark.publish.answers import answers
from planmark.publish.publishing import take_down
from planmark.publish.release import fingerprint, moment_of, next_version, release_again
from planmark.publish.there import HIDDEN, There

_ANEW = "it was built anew since, and is not the same"


@dataclass(frozen=True)
class Undone:
    """What was taken back: the addresses, and what is wrong there. `version` is the one that is out again."""

    addresses: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    version: str = ""


def rollback(there: There, deal: str, wanted: str, now: datetime) -> Undone:
    """Put an earlier version of a deal out again: the one before, or the one whose name begins with `wanted`."""
    live = next((one for one in _out(there, deal) if not one.draft), None)
    if live is None:
        raise PlanmarkError(_nothing(there, deal))
    versions = there.target.versions(there.place, live.site)[1:]
    if not versions:
        hint = f"correct the plan, and publish it: planmark publish {deal}"
        raise PlanmarkError(Problem("PM807", "there is no earlier version to go back to", Location(there.address(live.site)), hint))
    found = [one for one in versions if one.version.startswith(wanted)] if wanted else list(versions[:1])
    if len(found) != 1:
        text = f"{'several versions begin' if found else 'no earlier version begins'} with `{wanted}`"
        hint = "write one of: " + ", ".join(one.version for one in found or versions)
        raise PlanmarkError(Problem("PM807", text, Location(there.address(live.site)), hint))
    _require_same_lock(there, deal, live, found[0])
    release = release_again(
        lambda published, file: there.target.read(there.place, published, file),
        found[0],
        next_version(now, live.version),
        live.version,
    )
    said = there.said(there.publish(release))
    address = there.address(live.site)
    paths = [file.path for file in release.published.files]
    said += answers(address, release.published, paths, there.state(release.published), there.patience)
    return Undone((address,), tuple(said), found[0].version)


def unpublish(there: There, deal: str, now: datetime) -> Undone:
    """Take a deal down, its drafts with it: who comes is told so, and nothing of it is left there."""
    found = there.of_line(deal, there.out(), continued_deals(there.root))
    if not found:
        raise PlanmarkError(_nothing(there, deal))
    locale = language(there.team, deal)
    problems = [problem for one in found for problem in take_down(there, one, locale, now)]
    return Undone(tuple(there.address(one.site) for one in found), tuple(problems))


def _require_same_lock(there: There, deal: str, live: Published, earlier: Published) -> None:
    """Raise PlanmarkError where an earlier version would let people in who may not read the plan any more."""
    folder = there.root / CONTENT / deal
    loaded = load_deal(there.team, deal, scan(folder), look_only=True).deal if folder.is_dir() else None
    now = live.sealed if loaded is None else key_mark(loaded) if loaded.address.hidden else ""
    if earlier.sealed != live.sealed or earlier.sealed != now:
        text = "the plan was encrypted anew since that version, which would let people in who may not read it any more"
        hint = f"correct the plan, and publish it: planmark publish {deal}"
        raise PlanmarkError(Problem("PM807", text, Location(there.address(live.site)), hint))


def _out(there: There, deal: str) -> list[Published]:
    return there.of_deal(deal, there.out())


def _nothing(there: There, deal: str) -> Problem:
    known = sorted({one.deal for one in there.out().values() if one.owner == there.owner and not one.gone})
    hidden = any(one.startswith(HIDDEN) for one in known)
    otherwise = "protected plans are known there by the team's key alone, see `planmark key show`" if hidden else ""
    hint = did_you_mean(deal, known, otherwise or "`planmark published` lists what is out")
    return Problem("PM807", f"nothing of `{deal}` is out at `{there.place.name}`", Location(there.url), hint)


@dataclass(frozen=True)
class Row:
    """One site that is out."""

    target: str
    deal: str
    address: str
    version: str
    since: datetime
    draft: bool
    gone: bool
    stale: str
    """Why publishing again would change it, as far as can be said without building; empty where it would not."""


def published(there: There, today: date | None = None) -> list[Row]:
    """All that this workspace's seller has out at a target, by deal."""
    names = deal_names(there.root, [])
    out = [one for one in there.out().values() if one.owner == there.owner]
    here = tuple(sorted({one.deal for one in out if not one.gone} & set(names)))
    stood = standing(there.root, replace(there.options, today=there.today(today)), here)
    rows = []
    for one in sorted(out, key=lambda one: (one.deal, one.gone, one.draft, one.site)):
        record = stood.records.get(one.deal)
        stale = ""
        if one.gone:
            pass
        elif one.deal.startswith(HIDDEN):
            stale = "it is protected, and its folder or the team's key is not here"
        elif one.deal not in here:
            stale = f"there is no {Path(CONTENT, one.deal).as_posix()} any more"
        elif (day := last_day(there.team, one.deal)) and day < there.today(today):
            stale = f"its last day was {day}: `planmark publish {one.deal}` takes it down"
        else:
            stale = stood.stale.get(one.deal) or (_ANEW if record and fingerprint(record) != one.built else "")
            stale = f"it was rolled back to {one.again}" if stale and one.again else stale
        rows.append(
            Row(there.place.name, one.deal, there.address(one.site), one.version, moment_of(one.version), one.draft, one.gone, stale)
        )
    return rows
