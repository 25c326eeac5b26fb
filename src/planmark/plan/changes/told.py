"""A change in English, for the team: in the terminal and in mails. Titles and names in it are others' texts: show them as texts only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from planmark.plan.changes.between import Change, Group
from planmark.plan.changes.versions import TargetMove

HEADINGS: Mapping[Group, str] = {
    "state": "The plan",
    "target": "Target date",
    "done": "Done",
    "moved": "Moved",
    "new": "New",
    "gone": "No longer in the plan",
    "status": "State",
    "owner": "Who",
    "renamed": "Called otherwise",
    "risks": "Risks",
    "agreed": "Agreed and signed",
    "documents": "Documents",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STATES = {"selling": "in evaluation", "onboarding": "onboarding", "won": "agreed", "lost": "closed", "paused": "paused"}
_OWN_TITLES = {"plan": "The plan", "signature": "Contract signature", "sign_off": "The plan"}


def grouped(changes: Iterable[Change]) -> list[tuple[str, list[Change]]]:
    """The changes under their headings, in the order in which they are told. They come as `changes_between` gives them."""
    return [(HEADINGS[group], list(them)) for group, them in groupby(changes, lambda one: one.group)]


def line(change: Change) -> str:
    """A change on one line, as it stands under its heading: `Security review: 25 Nov 2026, 5 days later (was 20 Nov 2026)`."""
    what = detail(change)
    name = subject(change)
    return f"{name}: {what}" if name and what else name or what


def subject(change: Change) -> str:
    """What it is about; empty where the heading says it."""
    if change.kind in ("target", "state", "signed"):
        return ""
    return change.title or _OWN_TITLES.get(change.on, change.on.partition("/")[2])


def detail(change: Change) -> str:
    """What became of it, without its name; empty where the heading says all there is to say."""
    was, now, who = change.was, change.now, listed(change.who)
    match change.kind:
        case "state":
            return f"now {_STATES.get(now, now)}, was {_STATES.get(was, was)}"
        case "target" | "moved" | "end":
            return _moved(change)
        case "status":
            return _status(change)
        case "owner":
            return _owners(change)
        case "renamed":
            return f"was called “{was}”"
        case "new":
            said = ", ".join(filter(None, (f"by {in_words(now)}" if now and change.on.startswith("task/") else in_words(now), who)))
            return " ".join(filter(None, ("" if change.group == "new" else "new", said)))
        case "gone":
            return "" if change.group == "gone" else "no longer in the plan"
        case "probability" | "impact":
            return f"{change.kind} {now or 'open'}, was {was or 'open'}"
        case "goal":
            return f"the goal is “{now}”, was “{was}”" if now and was else f"the goal is “{now}”" if now else "no goal any more"
        case "agreed":
            return f"agreed by {who}" if now else f"no longer agreed by {who}"
        case "signed":
            return f"{who} signed" if now else f"the signature of {who} is gone"


def moved_target(move: TargetMove, name: str = "") -> str:
    """One move of the target date: `29 Jan 2027, 14 days later (was 15 Jan 2027), on 12 Nov 2026 by Dana Whitfield: budget round`."""
    by = f" by {name}" if name else ""
    note = f": {move.note}" if move.note else ""
    was, now = move.was.isoformat(), move.now.isoformat()
    return f"{in_words(now)}, {days_apart(move.days)} (was {in_words(was)}), on {in_words(move.day.isoformat())}{by}{note}"


def history(moves: Sequence[TargetMove]) -> str:
    """How often the target date moved: `The target date has moved twice`."""
    times = {1: "once", 2: "twice"}.get(len(moves), f"{len(moves)} times")
    return f"The target date has moved {times}"


def in_words(day: str) -> str:
    """A day of the form 2026-11-03 as people write it: 3 Nov 2026; empty for an empty text."""
    if not day:
        return ""
    found = date.fromisoformat(day)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def days_apart(days: int) -> str:
    """`5 days later`, `1 day earlier`."""
    return f"{abs(days):,} {'day' if abs(days) == 1 else 'days'} {'later' if days > 0 else 'earlier'}"


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _moved(change: Change) -> str:
    was, now = in_words(change.was), in_words(change.now)
    end = "now ends on " if change.kind == "end" else ""
    if change.days is not None:
        return f"{end}{now}, {days_apart(change.days)} (was {was})"
    if now:
        return f"{end}{now}" if end else f"now has a date, {now}"
    return f"now one day, ended on {was}" if change.kind == "end" else f"date to be agreed (was {was})"


def _owners(change: Change) -> str:
    came = listed([name for name in change.who if name not in change.before])
    went = listed([name for name in change.before if name not in change.who])
    if came and went:
        return f"{came} in place of {went}"
    if came:
        return f"{came} as well" if change.before else came
    return f"no longer {went}" if change.who else f"nobody yet, no longer {went}"


def _status(change: Change) -> str:
    was, now = change.was, change.now
    if change.on.startswith("risk/"):
        return {"open": "open again", "watching": "watched now", "closed": "closed"}.get(now, now)
    if now == "done":
        return f"by {listed(change.who)}" if change.who else ""
    if was == "done":
        return "not done after all"
    if now == "todo":
        return {"blocked": "no longer blocked", "dropped": "taken up again"}.get(was, "not begun yet after all")
    return {"doing": "in progress", "blocked": "blocked", "dropped": "dropped"}.get(now, now)
