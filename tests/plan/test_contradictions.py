"""Each contradiction of a plan in full: its place, what is said about it, and what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from planmark.plan.calendars import BusinessCalendar
from planmark.plan.checks import Known, contradictions
from planmark.plan.dates import resolved
from planmark.plan.ids import with_ids
from planmark.plan.plan import Plan
from planmark.plan.walk import marked

KNOWN = Known(frozenset({"dana", "owen"}), frozenset({"tour", "security-overview"}))
TASK = {"id": "sign", "title": "Sign"}
BASE: dict[str, Any] = {
    "account": "Acme",
    "title": "Rollout",
    "target": "2027-01-29",
    "people": [{"id": "maria", "name": "Maria"}],
    "stages": [{"id": "start", "title": "Start", "tasks": [TASK]}],
}
Row = tuple[str, str, str, str]
"""Code, path (joined by points), message and hint."""


def found(keys: dict[str, Any]) -> list[Row]:
    """Every contradiction of a small plan with these keys."""
    plan = with_ids(Plan.model_validate(BASE | keys), [])
    marks = tuple(marked(plan))
    plan = resolved(plan, marks, lambda path: BusinessCalendar(), [])
    return [(one.code, ".".join(map(str, one.path)), one.message, one.hint) for one in contradictions(plan, marks, KNOWN)]


def task(**keys: Any) -> dict[str, Any]:
    """A plan's stages, with these keys on their one task."""
    return {"stages": [{"id": "start", "title": "Start", "tasks": [TASK | keys]}]}


def pages(*titles: str) -> dict[str, Any]:
    """A plan's pages, by their titles."""
    return {"pages": [{"title": title, "sections": ["plan"]} for title in titles]}


def section(*sections: Any) -> dict[str, Any]:
    """One page with these sections."""
    return {"pages": [{"title": "Plan", "sections": list(sections)}]}


SECTION = "write a section's name, or one of stages, resources, markdown; `title` may stand beside it"
TBD = "add them to `people`; TBD is written by leaving the owner out"
PARTY = "write buyer, seller or the id of one of `parties`"
LIBRARY = "add it to `resources` or to content/_library/resources.yaml"
NAME_IT = "write how the buyer would call it, or the id of a library resource"

ROWS: dict[str, tuple[dict[str, Any], Row]] = {
    "an owner whom nobody knows": (
        task(owner="zoe"),
        ("PM301", "stages.0.tasks.0.owner.0", "no person or party here has the id `zoe`", TBD),
    ),
    "a misspelt colleague": (
        task(owner=["maria", "ovwen"]),
        ("PM301", "stages.0.tasks.0.owner.1", "no person or party here has the id `ovwen`", "did you mean `owen`?"),
    ),
    "a party at a meeting": (
        task(meeting={"with": ["maria", "buyer"]}),
        ("PM301", "stages.0.tasks.0.meeting.with.1", "nobody here has the id `buyer`", "add them to `people`"),
    ),
    "an unknown party": (
        {"people": [{"id": "jo", "party": "acme"}]},
        ("PM301", "people.0.party", "no party here has the id `acme`", PARTY),
    ),
    "a task after none": (
        task(after="kickoff"),
        ("PM302", "stages.0.tasks.0.after.0", "no task has the id `kickoff`", "write the id of a task of any stage"),
    ),
    "a resource of nowhere": (
        task(resources="brochure"),
        ("PM303", "stages.0.tasks.0.resources.0", "no resource has the id `brochure`", LIBRARY),
    ),
    "a misspelt resource of the library, on a page": (
        section({"resources": ["tuor"]}),
        ("PM303", "pages.0.sections.0.resources.ids.0", "no resource has the id `tuor`", "did you mean `tour`?"),
    ),
    "a task where a stage is meant": (
        {"allocation": [{"what": "Data", "provided_by": "buyer", "stage": "sign"}]},
        ("PM304", "allocation.0.stage", "no stage has the id `sign`", "write the id of a stage"),
    ),
    "a freeze of what is not there": (
        {"freezes": [{"start": "2026-12-21", "end": "2027-01-03", "stops": ["sign", "start", "lunch"]}]},
        ("PM304", "freezes.0.stops.2", "no stage or task has the id `lunch`", "write the id of a stage or a task"),
    ),
    "a misspelt success criterion": (
        {
            "success_criteria": [{"id": "cycle", "criterion": "Cycle"}],
            "stages": [{"title": "S", "exit_criteria": ["cylce"], "tasks": [TASK]}],
        },
        ("PM309", "stages.0.exit_criteria.0", "no success criterion has the id `cylce`", "did you mean `cycle`?"),
    ),
    "a circle through two stages": (
        {
            "stages": [
                {"title": "One", "tasks": [{"id": "a", "title": "A", "after": "c"}]},
                {"title": "Two", "tasks": [{"id": "b", "title": "B", "after": "a"}, {"id": "c", "title": "C", "after": "b"}]},
            ]
        },
        ("PM306", "stages.0.tasks.0.after", "these tasks wait for each other: a → c → b → a", "take one of them out of `after`"),
    ),
    "a target before the start": (
        {"start": "2027-02-01"},
        ("PM222", "target", "the target date is before the plan's start (2027-02-01 to 2027-01-29)", "check both dates"),
    ),
    "a period counted from the target": (
        {"key_dates": [{"title": "Training", "date": "10d before target", "end": "11d before target"}]},
        ("PM222", "key_dates.0.end", "the period ends before it starts (2027-01-15 to 2027-01-14)", "check both dates"),
    ),
    "an allocation that ends before it starts": (
        {"allocation": [{"what": "Data", "provided_by": "seller", "start": "2026-12", "end": "2026-11"}]},
        ("PM222", "allocation.0.end", "the allocation ends before it starts (2026-12-31 to 2026-11-30)", "check both dates"),
    ),
    "a task that is due before it starts": (
        task(start="2026-11-10", due="2026-11-09"),
        ("PM222", "stages.0.tasks.0.due", "`sign` is due before it starts (2026-11-10 to 2026-11-09)", "check both dates"),
    ),
    "a meeting of no length": (
        task(meeting={"time": "10:00", "end": "10:00"}),
        ("PM222", "stages.0.tasks.0.meeting.end", "the meeting ends before it starts", "check `time` and `end`"),
    ),
    "nobody": ({"people": []}, ("PM202", "people", "a plan has at least one person", "write who answers for the first task")),
    "nothing to do": (
        {"stages": [{"title": "Start"}]},
        ("PM202", "stages", "a plan has at least one stage with one task", "write the first thing that has to be done"),
    ),
    "a link of its own and another's": (
        {"share_key": "k7w2m9x4c3hq5d8rj6p1t0bn2v", "continues": "northwind"},
        ("PM222", "share_key", "`continues` takes the place of a share key", "remove `share_key`; the link of the first plan goes on"),
    ),
    "an address and a file": (
        {"resources": [{"id": "demo", "title": "Demo", "url": "https://a.example", "file": "files/demo.mp4"}]},
        ("PM222", "resources.0.file", "a resource has an address or a file, not both", "keep `url` or `file`"),
    ),
    "a resource without a title": ({"resources": [{"id": "deck"}]}, ("PM202", "resources.0", "the resource needs a `title`", NAME_IT)),
    "a misspelt resource of the library": (
        {"resources": ["secruity-overview"]},
        ("PM202", "resources.0", "the resource needs a `title`", "did you mean `security-overview`?"),
    ),
    "two pages of one name": (
        pages("Plan", "Films", "films!"),
        ("PM602", "pages.2.title", "the page would be films.html, which is that of `Films`", "give it another title"),
    ),
    "a page called privacy": (
        pages("Plan", "Privacy"),
        ("PM602", "pages.1.title", "the page would be privacy.html, which is that of the privacy page", "give it another title"),
    ),
    "a second page called index": (
        pages("Plan", "Index"),
        ("PM602", "pages.1.title", "the page would be index.html, which is that of `Plan`", "give it another title"),
    ),
    "a section that is two things": (
        section({"section": "risks", "markdown": "Hello"}),
        ("PM222", "pages.0.sections.0", "a section is one thing", SECTION),
    ),
    "a section that is a heading": (
        section("plan", {"title": "Films"}),
        ("PM222", "pages.0.sections.1", "a section is one thing", SECTION),
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_contradiction_is_told_once_and_in_full(name: str) -> None:
    keys, row = ROWS[name]
    assert found(keys) == [row]


def test_the_small_plan_itself_has_none() -> None:
    assert found({}) == []
    assert found(pages("Privacy", "Plan")) == []


def test_two_circles_are_told_apart() -> None:
    pairs = [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("e", "a")]
    rows = found({"stages": [{"title": "S", "tasks": [{"id": name, "title": name, "after": [before]} for name, before in pairs]}]})
    told = ["these tasks wait for each other: a → b → a", "these tasks wait for each other: c → d → c"]
    assert [message for _, _, message, _ in rows] == told


def test_one_plan_is_told_everything_at_once() -> None:
    rows = found({"contact": "zoe", "start": "2027-02-01", "people": [], **task(owner="zoe", after="sign")})
    assert [code for code, *_ in rows] == ["PM301", "PM301", "PM306", "PM222", "PM202"]
