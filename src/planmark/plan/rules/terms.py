"""Rules about what is agreed: the value, the criteria, the resources, the risks, how both sides meet."""

from __future__ import annotations

from collections.abc import Iterator

from planmark.plan.rules.case import Case
from planmark.plan.rules.rule import Broken, Numbers, QualityRule


def _measurable(case: Case, numbers: Numbers) -> Iterator[Broken]:
    if not case.plan.success_criteria:
        yield Broken(
            ("success_criteria",),
            "nothing says how both sides will know that it worked",
            "write `success_criteria:` with a figure that the buyer reports already, its goal, by when, and how it is measured",
        )
    for index, one in enumerate(case.plan.success_criteria):
        missing = [f"`{key}`" for key in ("goal", "measured_by", "by") if getattr(one, key) is None]
        if missing and one.audience != "internal":
            yield Broken(
                ("success_criteria", index),
                f"“{one.criterion}” cannot be measured: {_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing",
                "write the figure it is to reach, how it is counted, and by when",
            )


def _not_naked(case: Case, numbers: Numbers) -> Iterator[Broken]:
    plan = case.plan
    has = {
        "`summary`": plan.summary,
        "`objective` or `outcomes`": plan.objective or plan.outcomes,
        "`resources`": any(one.audience != "internal" for one in plan.resources),
    }
    missing = [name for name, one in has.items() if not one]
    if missing:
        yield Broken(
            ("title",),
            f"a list of tasks without its reason: {_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing",
            "write why both sides do this, what is true when it worked, and one thing to read or watch",
        )


def _buyer_event(case: Case, numbers: Numbers) -> Iterator[Broken]:
    if not case.plan.target.why:
        yield Broken(
            ("target",),
            "the target date hangs on nothing of the buyer's",
            "write `why:` with their event: The spring model launches on 1 March",
        )


def _exit_criteria(case: Case, numbers: Numbers) -> Iterator[Broken]:
    running = {id(one.stage) for one in case.open}
    for path, stage in case.stages:
        if stage.kind == "proof_of_value" and not stage.exit_criteria and id(stage) in running:
            yield Broken(
                path,
                f"nothing says how the trial “{stage.title}” ends",
                "write `exit_criteria:` before it starts: what the buyer has to see to go on",
            )


def _owned_resources(case: Case, numbers: Numbers) -> Iterator[Broken]:
    """All of them in one, at the first: it is one thing to mend."""
    shared = [(index, one) for index, one in enumerate(case.plan.resources) if one.audience != "internal"]
    without = [(index, one) for index, one in shared if not (one.owner or one.block)]
    if without:
        index, first = without[0]
        others = f" and {len(without) - 1} more" if len(without) > 1 else ""
        yield Broken(
            ("resources", index),
            f"“{first.title or first.id}”{others} {'have' if others else 'has'} no owner",
            "write `owner:` with whom to ask about it",
        )


def _rhythm(case: Case, numbers: Numbers) -> Iterator[Broken]:
    review = case.facts.review
    if review is None or review.every is None:
        yield Broken(
            ("review",),
            "nothing says when both sides look at the plan together",
            'write `review: {every: week, day: Tuesday, time: "15:00"}`',
        )
    if not case.facts.contact and not (review and review.contact):
        yield Broken(("contact",), "nothing says whom to call", "write `contact:` with somebody's id, here or in planmark.yaml")


def _mitigated(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for index, one in enumerate(case.plan.risks):
        if not one.mitigation and one.status != "closed" and one.audience != "internal":
            yield Broken(("risks", index), f"nothing is done about “{one.title}”", "write `mitigation:` with what is, and by whom")


def _agreed(case: Case, numbers: Numbers) -> Iterator[Broken]:
    if not case.has_begun:
        return
    for index, one in enumerate(case.plan.success_criteria):
        missing = [side for side in ("buyer", "seller") if not (one.agreed and getattr(one.agreed, side))]
        if missing and one.audience != "internal":
            have = "has" if len(missing) == 1 else "have"
            yield Broken(
                ("success_criteria", index),
                f"the work has begun, and the {' and the '.join(missing)} {have} not agreed to “{one.criterion}”",
                "ask for it, and write `agreed: {buyer: 2026-10-12, seller: 2026-10-12}`; the buyer can do it on the page",
            )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


RULES = (
    QualityRule(
        "R10",
        "Success can be measured",
        "There is a success criterion, and each has `goal`, `measured_by` and `by`.",
        "“Better planning” is reached on the day of the signature or never. A figure, a way to count it and a day can be looked up.",
        "- {criterion: Planning cycle, goal: one week, measured_by: median of the first ten plans, by: 2027-03-31}",
        _measurable,
    ),
    QualityRule(
        "R15",
        "Never naked",
        "There is a `summary`, an `objective` or `outcomes`, and one resource.",
        "The plan is forwarded to people who were in no meeting. A list of tasks tells them nothing about why.",
        "objective: By February every territory plan is made in a week",
        _not_naked,
    ),
    QualityRule(
        "R17",
        "The end date hangs on an event of the buyer's",
        "The target has `why`.",
        "A date that only the seller needs moves at the first difficulty.",
        "target: {date: 2027-01-29, why: The spring model launches on 1 March}",
        _buyer_event,
    ),
    QualityRule(
        "R18",
        "A trial has exit criteria before it starts",
        "A stage of kind `proof_of_value` with open tasks has `exit_criteria`.",
        "A trial without an end goes on until somebody loses interest.",
        "exit_criteria: [Weeks 38 to 41 replanned in under a day each]",
        _exit_criteria,
    ),
    QualityRule(
        "R21",
        "Resources have an owner",
        "Each resource has `owner`; a widget needs none. That its file is there, PM401 holds; one without a file is on request.",
        "Links grow old, and questions come. The buyer wants a name beside the document.",
        "- {title: Security overview, file: files/security.pdf, owner: marcus}",
        _owned_resources,
    ),
    QualityRule(
        "R24",
        "A rhythm, and somebody to call",
        "`review` says how often both sides meet, and there is a `contact`, in the plan or in planmark.yaml.",
        "A plan that nobody looks at together is kept by nobody.",
        'review: {every: week, day: Tuesday, time: "15:00", with: [maria, dana]}',
        _rhythm,
        light=False,
    ),
    QualityRule(
        "R25",
        "Every risk has a mitigation",
        "A risk that is not closed has `mitigation`.",
        "A risk alone frightens. One with an answer shows that somebody has thought.",
        "mitigation: Deputy named, and invited to the review",
        _mitigated,
    ),
    QualityRule(
        "R29",
        "Criteria agreed by both sides",
        "Once work has begun, each success criterion is `agreed` by both sides.",
        "What only one side has agreed to is argued about at the end, when there is something to lose.",
        "agreed: {buyer: 2026-10-12, seller: 2026-10-12}",
        _agreed,
    ),
)
