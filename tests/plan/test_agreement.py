"""A signature is bound to what was read: what is agreed to, and neither its state nor how it is shown."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from tests.plan.doing import BASE, MANY, day_of, plan

from planmark.plan.activity import folded
from planmark.plan.agreement import _EVERYWHERE, _LEFT_OUT, criterion_digest, task_digest, terms_digest
from planmark.plan.calendars import BusinessCalendar
from planmark.plan.dates import resolved
from planmark.plan.events import Event
from planmark.plan.ids import with_ids
from planmark.plan.item import Part, fields_of
from planmark.plan.plan import Plan
from planmark.plan.scalars import Markdown
from planmark.plan.shared import shared
from planmark.plan.walk import marked

FULL: dict[str, Any] = {
    **BASE,
    "summary": "Why we are *here*.",
    "start": "2026-11-02",
    "value": "120000 EUR",
    "share_key": "k00m9x4c3hq5d8rj6p1t0bn2v",
    "version": "2026-11-03",
    "state": "selling",
    "scope": {"in": ["Quotes"], "out": ["Invoices"]},
    "success_criteria": [{"id": "fast", "criterion": "Quotes in a day", "goal": "24 h"}],
    "risks": [{"id": "delay", "title": "Delay", "mitigation": "Start early"}],
    "sign_off": {"statement": "We mean to do this.", "by": ["maria", "dana"]},
    "stages": [
        {
            "id": "s1",
            "title": "Start",
            "tasks": [
                {
                    "id": "nda",
                    "title": "Sign",
                    "owner": ["maria"],
                    "due": "10d before target",
                    "steps": ["Send", "Sign"],
                    "status": "doing",
                },
                {"id": "trial", "title": "Try", "owner": ["dana"], "due": "2026-12-01", "after": ["nda"]},
            ],
        }
    ],
}


def digest(*changes: tuple[str, Any]) -> str:
    """The digest of the whole plan with some values, by their path, changed; None takes one out."""
    data = deepcopy(FULL)
    for path, value in changes:
        *way, last = path.split(".")
        at: Any = data
        for step in way:
            at = at[int(step) if isinstance(at, list) else step]
        if isinstance(at, list):
            at[int(last)] = value
        elif value is None:
            del at[last]
        else:
            at[last] = value
    findings: list[Any] = []
    of = with_ids(Plan.model_validate(data), findings)
    of = resolved(of, tuple(marked(of)), lambda path: BusinessCalendar(str(data.get("holidays", ""))), findings)
    assert findings == []
    return terms_digest(shared(of))


TASK = "stages.0.tasks.0"
SAME = [
    (f"{TASK}.status", "done"),
    (f"{TASK}.status", None),
    (f"{TASK}.done_on", "2026-11-04"),
    (f"{TASK}.risk", "at_risk"),
    (f"{TASK}.steps.0", {"title": "Send", "done": "yes"}),
    ("risks.0.status", "closed"),
    ("success_criteria.0.agreed", {"buyer": "2026-11-04", "seller": "2026-11-04"}),
    ("state", "won"),
    ("share_key", "k01m9x4c3hq5d8rj6p1t0bn2v"),
    ("version", "2026-12-24"),
    ("theme", "plain"),
    ("brand", {"accent": "#123456"}),
    ("locale", "de"),
    ("timezone", "Asia/Tokyo"),
    ("buyers_can", ["comment"]),
    ("expires", "2027-12-01"),
    ("holidays", "GB"),
    ("people.0.link", "2"),
    ("people.0.left", "2026-11-04"),
    ("people.0.phone", "+44 20 7946 0000"),
    ("account", {"name": "Acme", "logo": "logo.svg"}),
    ("internal", {"forecast": "commit"}),
    (f"{TASK}.internal", {"notes": "They will want more"}),
    ("pages", [{"title": "All", "sections": ["plan"]}]),
]
OTHER = [
    ("title", "Rollout, all of it"),
    ("target", "2027-02-05"),
    ("account", "Acme Ltd"),
    ("value", "120001 EUR"),
    ("summary", "Why we are **here**."),
    ("start", "2026-11-03"),
    ("scope.out", ["Invoices", "Orders"]),
    ("sign_off.statement", "We will do this."),
    ("sign_off.by", ["maria"]),
    ("success_criteria.0.goal", "48 h"),
    ("success_criteria", None),
    ("risks.0.mitigation", "Start late"),
    ("people.0.name", "Marie"),
    ("people.0.role", "champion"),
    (f"{TASK}.title", "Sign all"),
    (f"{TASK}.owner", ["jo"]),
    (f"{TASK}.owner", ["maria", "jo"]),
    (f"{TASK}.due", "11d before target"),
    (f"{TASK}.due", None),
    (f"{TASK}.gate", "legal"),
    (f"{TASK}.milestone", "yes"),
    (f"{TASK}.steps.0", "Send two"),
    (f"{TASK}.id", "nda2"),
    ("stages.0.tasks.1.after", None),
    ("stages.0.tasks.1.due", "2026-12-02"),
    ("stages.0.title", "Begin"),
    ("pricing", {"options": [{"id": "a", "title": "A", "lines": [{"title": "Licence", "price": "10 EUR"}]}]}),
]


def named(rows: list[tuple[str, Any]]) -> list[Any]:
    return [pytest.param(path, value, id=f"{path}={value}") for path, value in rows]


@pytest.mark.parametrize(("path", "value"), named(SAME))
def test_a_signature_still_holds_when_only_states_and_looks_change(path: str, value: Any) -> None:
    assert digest((path, value)) == digest()


@pytest.mark.parametrize(("path", "value"), named([row for row in OTHER if row[0] not in (f"{TASK}.id", "pricing")]))
def test_a_signature_is_to_an_earlier_plan_once_what_was_agreed_to_changes(path: str, value: Any) -> None:
    assert digest((path, value)) != digest()


def test_an_internal_item_that_comes_or_goes_changes_nothing_that_was_signed() -> None:
    risks = [*FULL["risks"], {"id": "cold", "title": "They go cold", "audience": "internal"}]
    assert digest(("risks", risks)) == digest()


def test_a_relative_date_counts_as_it_is_written_and_not_by_the_day_that_it_comes_to() -> None:
    """Another calendar moves ten business days before the target; nobody agreed to anything else."""
    days = set()
    for code in ("", "GB", "SA"):
        of = Plan.model_validate(FULL)
        of = resolved(of, tuple(marked(of)), lambda path, code=code: BusinessCalendar(code), [])
        due = of.stages[0].tasks[0].due
        days.add(due and due.day)
    assert len(days) > 1
    assert digest(("holidays", "SA")) == digest()


@given(MANY)
def test_what_people_do_changes_no_terms_but_dates_and_owners_that_the_seller_set(events: list[Event]) -> None:
    of = plan(
        {"id": "nda", "owner": ["maria"], "due": "2026-11-20"}, {"id": "trial"}, success_criteria=[{"id": "fast", "criterion": "Fast"}]
    )
    after, _ = folded(of, [one for one in events if one.kind not in ("due", "owner", "accepted")], day_of)
    assert terms_digest(shared(after)) == terms_digest(shared(of))


def test_an_accepted_date_is_another_plan() -> None:
    of = plan({"id": "nda", "due": "2026-11-20"})
    asked = Event(id="event-one", plan="acme", on="task/nda", kind="due", value="2026-12-01", was="2026-11-20", proof="seller", received=AT)
    assert terms_digest(folded(of, [asked], day_of)[0]) != terms_digest(of)


AT = "2026-11-03T10:00:00Z"


def test_markdown_counts_as_it_reads_and_not_as_it_is_typed() -> None:
    """What a reader sees was agreed to: a line broken elsewhere in the source is the same text, another word in a file is not."""
    of = plan(summary="why.md")
    one, same, other = (
        of.model_copy(update={"summary": Markdown(name, html)}) for name, html in [("why.md", "<p>A"), ("b.md", "<p>A"), ("why.md", "<p>B")]
    )
    assert terms_digest(one) == terms_digest(same) != terms_digest(other)


def test_a_criterion_and_a_task_are_bound_by_what_they_say() -> None:
    of = plan({"id": "nda", "gate": "legal"}, success_criteria=[{"id": "fast", "criterion": "Fast", "by": "5d before target"}])
    (criterion,), task = of.success_criteria, of.stages[0].tasks[0]
    assert criterion_digest(criterion.model_copy(update={"goal": "Faster"})) != criterion_digest(criterion)
    assert criterion_digest(criterion.model_copy(update={"agreed": None, "audience": "buyer"})) == criterion_digest(criterion)
    assert task_digest(task.model_copy(update={"status": "done", "priority": "high"})) == task_digest(task)
    assert task_digest(task.model_copy(update={"evidence": "A signed paper"})) != task_digest(task)


def test_a_field_that_nobody_filled_in_has_no_part_in_any_digest() -> None:
    """So a later version can add one without every signature in the world reading as one to an earlier plan."""
    pending: list[type[Part]] = [Plan]
    seen: set[type[Part]] = set()
    told = []
    while pending:
        part = pending.pop()
        if part in seen:
            continue
        seen.add(part)
        pending += [field.part for field in fields_of(part) if field.part and field.name != "internal"]
        left_out = _LEFT_OUT.get(part.__name__, frozenset()) | _EVERYWHERE
        for name, info in part.model_fields.items():
            if (
                name not in left_out
                and not info.is_required()
                and info.get_default(call_default_factory=True) not in (None, "", (), {}, False)
            ):
                told.append(f"{part.__name__}.{name}")
    assert len(seen) > 30
    assert sorted(told) == ["Party.side", "PriceLine.per", "PriceLine.quantity"]  # there from the start
