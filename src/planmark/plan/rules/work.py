"""Rules about the work: how much there is, who does it, in what order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from planmark.plan.rules.case import Case
from planmark.plan.rules.rule import Broken, Numbers, QualityRule
from planmark.plan.schedule import Conflict


def _outcomes(case: Case, numbers: Numbers) -> Iterator[Broken]:
    found = sum(one.task.milestone for one in case.work)
    if found < numbers["least"]:
        yield Broken(
            ("stages",),
            f"{_few(found, 'milestone', 'milestones')}: the plan does not say what has to be true on the way",
            f"mark {numbers['least']} to {numbers['most']} outcomes with `milestone: true`",
        )
    elif found > numbers["most"]:
        yield Broken(
            ("stages",),
            f"{found} milestones: nobody keeps so many in mind",
            f"leave `milestone: true` at the {numbers['most']} that matter most",
        )


def _amount(case: Case, numbers: Numbers) -> Iterator[Broken]:
    found = sum(not one.task.milestone for one in case.work)
    least, most = (numbers["light_least"], numbers["light_most"]) if case.is_light else (numbers["least"], numbers["most"])
    size = "a light plan" if case.is_light else "a plan of this size"
    if found < least:
        grow = "write what each side has to do" if case.is_light else "write what each side has to do, or `size: light`"
        yield Broken(("stages",), f"{_few(found, 'task', 'tasks')}, milestones not counted: {size} has {least} to {most}", grow)
    elif found > most:
        yield Broken(
            ("stages",),
            f"{found} tasks, milestones not counted: {size} has {least} to {most}",
            "put small ones into `steps` of others, and the seller's own under `audience: internal`",
        )


def _owner_and_date(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for one in case.work:
        if not one.open:
            continue
        if not one.task.owner:
            yield Broken(one.path, f"nobody answers for `{one.task.id}`", "write `owner:` with the id of one person")
        if one.day is None:
            yield Broken(
                one.path, f"`{one.task.id}` has no date, and none can be worked back", "write `due:`, or what it waits for as `after:`"
            )


def _buyer_works(case: Case, numbers: Numbers) -> Iterator[Broken]:
    theirs = sum("buyer" in (case.sides.get(name) for name in one.task.owner) for one in case.work)
    if case.work and theirs < numbers["least"]:
        count = "none of the tasks is" if not theirs else f"only {theirs} of {len(case.work)} tasks {'is' if theirs == 1 else 'are'}"
        yield Broken(
            ("stages",),
            f"{count} the buyer's: that is a list of the seller's, not a plan of both",
            "write what the buyer does (access, data, a decision) with one of their people as `owner`",
        )


def _after_signature(case: Case, numbers: Numbers) -> Iterator[Broken]:
    signed = case.signed_on
    if signed and not any(one.day and one.day > signed for one in case.work):
        where = case.signature.path if case.signature else ("contract_signature",)
        yield Broken(
            where,
            "the plan ends at the signature, and the buyer's work begins there",
            "add what follows, up to the day on which the result is in use: kick-off, set-up, training, go-live",
        )


def _order(case: Case, numbers: Numbers) -> Iterator[Broken]:
    paths = {one.task.id: one for one in case.work}
    for conflict in case.facts.schedule.conflicts:
        one = paths.get(conflict.task)
        if one is not None:
            message, hint = _told(conflict)
            yield Broken((*one.path, "due"), message, hint)


def _told(one: Conflict) -> tuple[str, str]:
    at = one.at or one.due
    if one.kind == "order":
        return (
            f"`{one.task}` is due on {one.due}, before `{one.other}` ({at}), which it waits for",
            "move one of the two dates, or take it out of `after`",
        )
    if one.kind == "room":
        days = "business day" if one.takes == 1 else "business days"
        return (
            f"`{one.task}` takes {one.takes} {days} and is due on {one.due}: `{one.other}`, which it waits for, is due on {at}",
            "move one of the two dates, or correct `takes`",
        )
    if one.kind == "target":
        return f"`{one.task}` is due on {one.due}, after the date that it leads to ({at})", f"write a day up to {at}, or move that date"
    return f"`{one.task}` is due on {one.due}, on which its owner does not work", f"write {at}, or another day"


def _room_for_legal(case: Case, numbers: Numbers) -> Iterator[Broken]:
    signed = case.signed_on
    if signed is None or (case.signature and not case.signature.open):
        return
    for path, stage in case.stages:
        if stage.kind != "procurement_legal":
            continue
        begins = min((one.begins for one in case.work if one.stage is stage and one.begins), default=None)
        if begins and begins <= signed and (signed - begins).days < numbers["days"]:
            yield Broken(
                path,
                f"{_apart(begins, signed)} from the first task of this stage ({begins}) to the signature ({signed})",
                f"begin it {numbers['days']} days ahead: reviews wait for people who have other work",
            )


def _laundry_list(case: Case, numbers: Numbers) -> Iterator[Broken]:
    if len(case.stages) > numbers["stages"]:
        yield Broken(
            ("stages",),
            f"{len(case.stages)} stages: nobody sees where the plan stands",
            f"put some together: {numbers['stages']} at the most",
        )
    count = Counter(id(one.stage) for one in case.work)
    for path, stage in case.stages:
        if count[id(stage)] > numbers["most"]:
            yield Broken(
                (*path, "tasks"),
                f"{count[id(stage)]} tasks in one stage: a list that nobody reads",
                f"put small ones into `steps` of others, or split the stage: {numbers['most']} at the most",
            )


def _why_then(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for one in case.open:
        if one.task.milestone and not one.task.why:
            yield Broken(
                one.path,
                f"the milestone `{one.task.id}` does not say why it is needed, and why then",
                "write `why:` with what depends on it: The last meeting before the budget year ends",
            )


def _few(count: int, one: str, many: str) -> str:
    return f"no {many}" if not count else f"{count} {one if count == 1 else many}"


def _apart(first: date, last: date) -> str:
    days = (last - first).days
    return f"{days} {'day' if days == 1 else 'days'}"


RULES = (
    QualityRule(
        "R1",
        "Eight to twelve key outcomes",
        "A plan has {least} to {most} milestones.",
        "People who decide look at outcomes, not at tasks. With fewer than eight they cannot tell whether the plan is on its way; "
        "with more than twelve nothing stands out.",
        "- {title: Security review passed, milestone: true, after: [questionnaire]}",
        _outcomes,
        numbers={"least": 8, "most": 12},
        light=False,
    ),
    QualityRule(
        "R2",
        "As many tasks as the deal needs",
        "A plan has {least} to {most} tasks, a light one {light_least} to {light_most}; milestones are not counted.",
        "Too short a plan leaves out what goes wrong later; too long a one is not read, and then not kept.",
        "size: light",
        _amount,
        numbers={"least": 15, "most": 30, "light_least": 3, "light_most": 7},
    ),
    QualityRule(
        "R3",
        "Every task has an owner and a date",
        "An open task has an `owner`, and a date that is written or worked back.",
        "What belongs to nobody is done by nobody, and a task without a day is a wish.",
        "- {title: Send twelve months of order data, owner: ruben, due: 2026-11-06}",
        _owner_and_date,
        severity="error",
    ),
    QualityRule(
        "R5",
        "The buyer owns real work",
        "At least {least} task is the buyer's. The seller may do most of the work, so a share is no rule.",
        "A plan in which only the seller works is the seller's to-do list. A buyer who has taken on work wants the result.",
        "- {title: Export twelve months of orders, owner: ruben}",
        _buyer_works,
        severity="error",
        numbers={"least": 1},
    ),
    QualityRule(
        "R6",
        "It does not end at the signature",
        "A task is dated after the signature (the task with `gate: signature`, else `contract_signature`).",
        "The buyer signs to get a result, and the signature is where that begins. A plan that ends there says what the seller wants.",
        "- {title: First week planned in the new way, owner: anouk, due: 2027-02-05}",
        _after_signature,
        light=False,
    ),
    QualityRule(
        "R11",
        "Dates that keep the order of the work",
        "No task is due before what it waits for, too soon after it, after the date that it leads to, or on a day its owner has off. "
        "Unknown ids (PM302) and circles (PM306) are errors of their own.",
        "Dates that cannot all hold are found out when the first one slips; then the buyer trusts none of them.",
        "- {title: Contract text agreed, after: [redlines, security-review], due: 2026-12-04}",
        _order,
    ),
    QualityRule(
        "R12",
        "Room for legal and procurement",
        "From the first task of a `procurement_legal` stage to the signature there are {days} days at least.",
        "Contract review, registration as a supplier and a security review take four to eight weeks with most buyers, whatever "
        "both sides hope.",
        "- {title: Send the draft contract, owner: dana, due: 7w before contract_signature}",
        _room_for_legal,
        numbers={"days": 28},
        light=False,
    ),
    QualityRule(
        "R16",
        "No laundry list",
        "A stage has {most} tasks at the most, a plan {stages} stages.",
        "What does not fit on a screen is scrolled past. Small steps belong inside a task, the seller's own work out of sight.",
        "steps: [Draft sent, Redlines back, Signed]",
        _laundry_list,
        numbers={"most": 12, "stages": 7},
    ),
    QualityRule(
        "R20",
        "A milestone says why, and why then",
        "An open milestone has `why`.",
        "A date with a reason is kept; a date without one is moved.",
        "why: The last meeting that can approve spending for this budget year",
        _why_then,
        light=False,
    ),
)
