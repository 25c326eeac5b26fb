"""What changed since earlier versions, on its way to the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from planmark.plan.changes import Change, Facts, TargetMove, Version, changes_between, facts_of, news, on_day, out_before, target_moves
from planmark.plan.progress import Clock
from planmark.site import view
from planmark.site.data import as_data

RECENT = 7
"""The page compares with the version that was out so many days ago."""
EARLIER = 90
"""And tells what came before that as far back as this, for those who were not there for a while."""
_WITH_DAYS = ("target", "moved", "end", "new", "gone", "agreed")
"""The kinds whose `was` and `now` are days."""


def changes(plan: view.BuyerView, versions: Sequence[Version], clock: Clock) -> view.Changes | None:
    """What is otherwise in the plan than in earlier versions; None where nothing ever changed."""
    out = on_day(versions, clock)
    if not out:
        return None
    now = facts_of(as_data(plan))
    today = clock.shown() if changes_between(out[-1].facts, now) else out[-1].day
    recent, earlier = out_before(out, RECENT, clock), out_before(out, EARLIER, clock)
    later = out[out.index(recent) :]
    before = out[out.index(earlier) : out.index(recent)]
    entries = _entries(news(later, now, today))
    found = view.Changes(
        since=recent.day,
        entries=entries,
        earlier_since=earlier.day,
        earlier=_entries(news(before, recent.facts, recent.day)),
        target_moves=tuple(_move(one, now) for one in target_moves(out, now, today)),
        badges=_badges(entries, now),
    )
    return found if found.entries or found.earlier or found.target_moves else None


def shown(found: Iterable[Change], day: date) -> tuple[view.Change, ...]:
    """Changes as a theme sees them, all of one day."""
    return _entries((change, day) for change in found)


def _badges(entries: Iterable[view.Change], now: Facts) -> tuple[view.Change, ...]:
    """Tasks that are done or dropped have their mark already."""
    open_tasks = {on for on, task in now.tasks.items() if task.status not in ("done", "dropped")}
    return tuple({one.on: one for one in entries if one.kind in ("moved", "new") and one.on in open_tasks}.values())


def _entries(found: Iterable[tuple[Change, date]]) -> tuple[view.Change, ...]:
    return tuple(_entry(change, day) for change, day in found)


def _entry(change: Change, day: date) -> view.Change:
    with_days = change.kind in _WITH_DAYS
    return view.Change(
        kind=change.kind,
        group=change.group,
        on=change.on,
        title=change.title,
        day=day,
        was="" if with_days else change.was,
        now="" if with_days else change.now,
        was_date=_day(change.was) if with_days else None,
        now_date=_day(change.now) if with_days else None,
        days=change.days,
        who=change.who,
        before=change.before,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _move(move: TargetMove, now: Facts) -> view.TargetMove:
    """Somebody who is not in the plan that the buyer sees keeps no name here."""
    return view.TargetMove(day=move.day, was=move.was, now=move.now, days=move.days, by=now.people.get(move.by), note=move.note or None)
