"""The close plan's sentences: gaps and doubts, each with what to do about it. For the team alone."""

from __future__ import annotations

from collections.abc import Mapping

from planmark.plan.closing.forecast import Doubt
from planmark.plan.closing.gaps import Gap
from planmark.plan.words import Gate

GATES: dict[Gate, str] = {
    "security": "the security review",
    "legal": "the legal review",
    "procurement": "procurement",
    "budget": "the approval of the budget",
    "executive": "the yes of an executive",
    "signature": "the signature",
}


def gap_told(gap: Gap, people: Mapping[str, str], tasks: Mapping[str, str]) -> tuple[str, str]:
    """A gap as a sentence without its full stop, and what to do about it. Names of people and titles of tasks are by id."""
    name, title, many = people.get(gap.person, gap.person), f"“{tasks.get(gap.task, gap.task)}”", _tasks(gap.count)
    match gap.kind:
        case "no_economic_buyer":
            return (
                "Nobody of the buyer's side is known to decide on the budget",
                "Ask who signs for the money, and write `role: economic_buyer` at them",
            )
        case "gate":
            what = GATES[gap.gate] if gap.gate else ""
            if gap.task:
                return (
                    f"Nobody of the buyer's side answers for {what} ({title})",
                    "Ask who it is, and make them an owner of the task, with their `name:`",
                )
            return (
                f"Nobody is known to stand behind {what}, and no task is it",
                f"Ask who it is; write a task with `gate: {gap.gate}`, or `not_needed: {{{gap.gate}: …}}`",
            )
        case "single_threaded":
            count = "nobody" if not gap.count else "one person" if gap.count == 1 else f"{gap.count} people"
            return f"The plan knows {count} of the buyer's side", "Ask your contact who else has to say yes, and to bring one of them along"
        case "no_sponsor":
            side = "The buyer's" if gap.side == "buyer" else "Our own"
            return f"{side} side has no executive sponsor", "Write `role: executive_sponsor` at who it is, and let the two sponsors meet"
        case "against":
            word = "against this" if gap.stance == "blocker" else "sceptical"
            return (
                f"{name} is {word}, and nothing is planned about it",
                "Write at them what they `need` to say yes, or a task whose meeting is `with` them",
            )
        case "left":
            more = f" and {_more(gap.count - 1)}" if gap.count > 1 else ""
            return f"{name} has left, and still owns {title}{more}", "Ask who took it over, and write them as the owner"
        case "never_acted":
            return (
                f"{name} answers for {many}, and never did anything in the plan",
                f"Send them their link: `planmark links`; they begin with {title}",
            )
        case "silent":
            who = "the one person" if gap.count == 1 else f"the {gap.count} people"
            return (
                f"Nobody of the buyer's side did anything in the plan yet, of {who} who answer for tasks",
                "Walk through it with them once",
            )


def doubt_told(doubt: Doubt) -> str:
    """What is doubtful about a forecast, as a sentence."""
    days = _days(doubt.days)
    match doubt.kind:
        case "undated":
            return "No day is forecast: the plan has neither a signature nor a `close_date`."
        case "passed":
            return f"The close date passed {days} ago: write a new one, or what became of it."
        case "impossible":
            return f"It cannot be signed by then: even if all goes on from today without a break, it takes {days} more."
        case "before_plan":
            return f"The close date is {days} before the plan signs: one of the two is wrong."
        case "slipping":
            return f"The plan's own day for the signature can no longer hold: even if all goes on from today, it takes {days} more."
        case "later":
            return f"The close date leaves {days} after the plan signs."
        case "committed":
            return "It says commit, and the plan is not on track for it."


def _tasks(count: int) -> str:
    return "one open task" if count == 1 else f"{count} open tasks"


def _more(count: int) -> str:
    return "one more task" if count == 1 else f"{count} more tasks"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
