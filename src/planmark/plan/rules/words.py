"""Rules about words: the buyer's, and such that one can tell whether it is done."""

from __future__ import annotations

from collections.abc import Iterator

from planmark.plan.rules.case import Case
from planmark.plan.rules.rule import Broken, Numbers, QualityRule
from planmark.plan.rules.wording import says_little, sellers_words
from planmark.problems import Path


def _buyer_centric(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for path, text in _headings(case):
        found = sellers_words(text, case.facts.locale)
        if found:
            yield Broken(path, f"“{found}” is how the seller sees it", "write what it is for the buyer: Project launch, not Contract close")


def _headings(case: Case) -> Iterator[tuple[Path, str]]:
    """What the page sets large: titles, names and goals."""
    plan = case.plan
    yield ("title",), plan.title
    if plan.plan_name:
        yield ("plan_name",), plan.plan_name
    if plan.target.label:
        yield ("target", "label"), plan.target.label
    for path, stage in case.stages:
        yield (*path, "title"), stage.title
        if stage.goal:
            yield (*path, "goal"), stage.goal
    for one in case.work:
        yield (*one.path, "title"), one.task.title
    for index, date in enumerate(plan.key_dates):
        if date.audience != "internal":
            yield ("key_dates", index, "title"), date.title
    for index, page in enumerate(plan.pages):
        yield ("pages", index, "title"), page.title


def _verifiable(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for one in case.open:
        task = one.task
        says_more = task.evidence or task.detail or task.steps or task.resources or task.meeting
        if not says_more and says_little(task.title, case.facts.locale):
            yield Broken(
                (*one.path, "title"),
                f"nobody can tell when “{task.title}” is done",
                "write who, how much or which document (Maria approves EUR 120,000 in writing), or how both know: `evidence:`",
            )


RULES = (
    QualityRule(
        "R7",
        "The buyer's words",
        "Titles, names of stages and goals hold none of the seller's words: close, closed-won, PO in, sign the deal, our quarter. "
        "There is a list for each of the ten languages; the English one counts in all.",
        "The buyer does not work towards your signature. They work towards a launch, a season, an audit.",
        "title: Project launch",
        _buyer_centric,
    ),
    QualityRule(
        "R9",
        "Tasks that one can verify",
        "A short title such as “Get budget approved” or “Follow up” has a number or a name in it, or `evidence`, `detail`, `steps`, "
        "`resources` or `meeting` beside it.",
        "Both sides tick off a vague task on different days, and mean different things.",
        "- {title: Budget approved, owner: maria, evidence: Minutes with the amount}",
        _verifiable,
    ),
)
