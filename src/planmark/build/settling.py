"""What became of each deal is put in its place: links that two deals share are refused, sites move in, all is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from planmark.build.inputs import Inputs, Shape
from planmark.build.jobs import Made
from planmark.build.report import Report
from planmark.build.sites import Change, install, remove
from planmark.build.state import Record, State
from planmark.content.layout import CONTENT
from planmark.problems import Location, Problem


def refuse_shared_links(state: State, made: Iterable[Made], names: Iterable[str]) -> list[Problem]:
    """Fail every deal just made whose link or folder another one has. Returns the same problem for those that stand already.

    None of them is spared: nobody knows which one is meant. What stood before stays.
    """
    fresh = {one.name: one.summary for one in made if one.ok}
    known = {name: fresh.get(name) or state.deals[name].summary for name in names if name in fresh or name in state.deals}
    failing = {one.name for one in made if not one.ok} | {name for name in known if name not in fresh and state.deals[name].failed}
    by_key: dict[str, list[str]] = {}
    by_site: dict[str, list[str]] = {}
    for name, summary in known.items():
        if summary and not (summary["continues"] and name in failing):  # its link may be another's again
            by_site.setdefault(summary["site"], []).append(name)
            if summary["share_key"]:
                by_key.setdefault(summary["share_key"], []).append(name)
    problems: dict[str, Problem] = {}
    for what, groups in (("link", by_key), ("folder", by_site)):
        for group in groups.values():
            if len(group) > 1 and any(name in fresh for name in group):
                for name in group:
                    other = next(other for other in group if other != name)
                    problems.setdefault(name, _shared(name, other, "" if known[name]["continues"] and known[other]["continues"] else what))
    for one in made:
        if one.name in problems and one.ok:
            one.problems.append(problems.pop(one.name))
            one.ok, one.retry = False, True
    return list(problems.values())


def _shared(name: str, other: str, what: str) -> Problem:
    where = Location(f"{CONTENT}/{name}/plan.yaml")
    if not what:
        hint = f"one of the two goes on under the link: take `continues` out of the other, or let it continue `{other}` itself"
        return Problem("PM601", f"`{other}` continues the same plan (content/{other}/plan.yaml)", where, hint)
    if what == "link":
        hint = "remove one of the two keys: `planmark new` writes a fresh one; a plan that goes on under the same link says `continues:`"
        return Problem("PM601", f"the share key is also that of `{other}`", where, hint)
    return Problem("PM602", f"the site's folder is also that of `{other}`", where, "give one of the two another `id`")


def settle(
    one: Made,
    inputs: Inputs,
    state: State,
    report: Report,
    shape: Shape,
    today: date,
    staging: Path | None,
    sites: Path,
) -> None:
    """Install what a deal became and remember it; after an error, its last good site stays. Without `staging` nothing is written."""
    old = state.deals.get(one.name)
    trees = inputs.of_deal(one.name, one.themes, one.asked_library)
    options = "" if one.retry else shape.digest
    if not one.ok:
        state.deals[one.name] = Record(
            trees,
            options,
            today.isoformat(),
            one.until,
            one.problems,
            failed=True,
            site=old.site if old else "",
            outputs=old.outputs if old else {},
            summary=old.summary if old else {},
            pdf_key=old.pdf_key if old else "",
        )
        return
    written, changes = install(one, old, staging, sites)
    report.changes += changes
    if old and old.site and old.site != one.site:
        taken = {record.site for name, record in state.deals.items() if name != one.name}
        if old.site not in taken and (sites / old.site).exists():
            report.changes.append(Change(old.site, "removed"))
            if staging is not None:
                remove(sites / old.site, staging)
    state.deals[one.name] = Record(
        trees, options, today.isoformat(), one.until, one.problems, False, one.site, written, one.pdf_key, one.summary
    )


def give_way(continued: Mapping[str, str], state: State, report: Report, staging: Path | None, sites: Path) -> None:
    """Forget the sites of deals that others continue, as soon as those have one. Until then the last good site stays."""
    for name, heir in continued.items():
        record, later = state.deals.get(name), state.deals.get(heir)
        if record is None or later is None or not (later.site and later.summary.get("continues")):
            continue
        del state.deals[name]
        if record.site and record.site not in {one.site for one in state.deals.values()} and (sites / record.site).exists():
            report.changes.append(Change(record.site, "removed"))
            if staging is not None:
                remove(sites / record.site, staging)
