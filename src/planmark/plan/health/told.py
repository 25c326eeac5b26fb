"""Health in words, for the team: in the terminal, on the close plan, in mails. The buyer's page has words of its own."""

from __future__ import annotations

from collections.abc import Mapping

from planmark.plan.health.standing import Reason, StandingOf

STANDINGS = {
    "done": "done",
    "on_track": "on track",
    "at_risk": "at risk",
    "off_track": "off track",
    "stalled": "stalled",
}
_ANCHORS = {"target": "the target date", "contract_signature": "the date of the signature"}


MOST = 3
"""So many reasons are told; whoever wants all of them looks at the tasks."""


def told(standing: StandingOf, titles: Mapping[str, str]) -> str:
    """How something stands and why: `at risk: 2 tasks are up to 9 days late; “Security review” is on the critical path`.

    `titles` are those of the tasks, by id.
    """
    if not standing.reasons:
        return STANDINGS[standing.standing]
    said = [reason_told(one, titles) for one in standing.reasons[:MOST]]
    critical = {one.task: one for one in standing.reasons if one.critical and one.kind != "contradicted"}
    said += [f"{_title(name, titles)} is on the critical path" for name in list(critical)[:1]]
    return f"{STANDINGS[standing.standing]}: {'; '.join(said)}"


def reason_told(reason: Reason, titles: Mapping[str, str]) -> str:
    """One reason, as a sentence without its full stop."""
    one, title = reason.count == 1, _title(reason.task, titles)
    many = f"{reason.count} tasks"
    match reason.kind:
        case "late":
            days = _days(reason.days)
            return f"{title} is {days} late" if one else f"{many} are up to {days} late"
        case "blocked":
            return f"{title} is blocked" if one else f"{many} are blocked, {title} among them"
        case "said":
            return f"{title} is marked as a risk" if one else f"{many} are marked as a risk, {title} among them"
        case "waits":
            return f"{title} should have begun, and waits for {_title(reason.other, titles)}"
        case "too_late":
            return f"{title} had to begin {_days(reason.days)} ago for {'its' if one else 'the'} target to hold" + _more(reason)
        case "target":
            return f"{title} is dated {_days(reason.days)} after {_ANCHORS[reason.other]}" + _more(reason)
        case "dates":
            return f"{title} is dated before {_title(reason.other, titles)} leaves room for it" + _more(reason)
        case "contradicted":
            return f"{title} says on_track, and is late: write what is true, or leave `risk` out" + _more(reason)


def why_told(reason: Reason, titles: Mapping[str, str]) -> str:
    """Why a task stands as it does, in words that stand beside its title."""
    match reason.kind:
        case "late":
            return f"{_days(reason.days)} late"
        case "blocked":
            return "blocked"
        case "said":
            return "marked as a risk"
        case "waits":
            return f"should have begun, and waits for {_title(reason.other, titles)}"
        case "too_late":
            return f"had to begin {_days(reason.days)} ago for the target to hold"
        case "target":
            return f"dated {_days(reason.days)} after {_ANCHORS[reason.other]}"
        case "dates":
            return f"dated before {_title(reason.other, titles)} leaves room for it"
        case "contradicted":
            return "says on_track, and is late"


def _more(reason: Reason) -> str:
    return f", and {reason.count - 1} more" if reason.count > 1 else ""


def _title(name: str, titles: Mapping[str, str]) -> str:
    return f"“{titles.get(name, name)}”"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
