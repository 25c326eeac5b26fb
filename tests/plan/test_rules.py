"""Each rule: what breaks it, where that is said, how much it counts, and what does not break it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.plan.judged import GOOD, LIGHT, TODAY, Values, broken, changed, judged

from planmark.plan.progress import Clock
from planmark.plan.rules import RULES

Changes = list[tuple[str, Any]]
ONE_DAY = timedelta(days=1)
A = ("stages", 0, "tasks")
"""The tasks of the first stage: a0, a1, a2, a3, a6, a7, then the milestones m0 to m3."""
TASK: Values = {"title": "Bring the seventh paper", "owner": "anouk", "due": "2026-11-18", "evidence": "The paper"}


def test_a_good_plan_breaks_no_rule() -> None:
    assert broken(GOOD) == []
    assert broken(LIGHT) == []


def tasks(count: int, stage: int = 2) -> Changes:
    """So many tasks more in a stage."""
    first = len(GOOD["stages"][stage]["tasks"])
    return [(f"stages.{stage}.tasks.{first + n}", {**TASK, "id": f"x{n}", "due": f"2027-02-{8 + n % 5:02}"}) for n in range(count)]


BROKEN: dict[str, tuple[str, Changes, tuple[Any, ...], str]] = {
    "too few outcomes": ("R1", [("stages.0.tasks.6.milestone", "no")], ("stages",), "warning"),
    "too many outcomes": (
        "R1",
        [(f"stages.1.tasks.{7 + n}", {**GOOD["stages"][0]["tasks"][6], "id": f"n{n}"}) for n in range(5)],
        ("stages",),
        "warning",
    ),
    "too few tasks": ("R2", [("stages.2.tasks.0.audience", "internal"), ("stages.2.tasks.1.status", "dropped")], ("stages",), "warning"),
    "too many tasks": (
        "R2",
        [("stages.3", {"title": "More", "tasks": [{**TASK, "id": f"x{n}"} for n in range(12)]}), *tasks(4)],
        ("stages",),
        "warning",
    ),
    "nobody answers": ("R3", [("stages.0.tasks.1.owner", None)], (*A, 1), "error"),
    "a party as the owner": ("R4", [("stages.0.tasks.1.owner", ["buyer", "anouk"])], (*A, 1, "owner", 0), "warning"),
    "a department as a person": ("R4", [("people.2.name", "Legal")], ("people", 2, "name"), "warning"),
    "two people in one": ("R4", [("people.2.name", "Anouk & Maria")], ("people", 2, "name"), "warning"),
    "a name to come": ("R4", [("people.2.name", "TBD")], ("people", 2, "name"), "warning"),
    "a role whose task is near": ("R4", [("people.2.name", None)], ("people", 2), "warning"),
    "the buyer does nothing": (
        "R5",
        [(f"stages.{s}.tasks.{t}.owner", "dana") for s, stage in enumerate(GOOD["stages"]) for t in range(len(stage["tasks"]))],
        ("stages",),
        "error",
    ),
    "the end is the signature": (
        "R6",
        [("stages.1.tasks.6.gate", None), ("stages.2.tasks.6.gate", "signature")],
        ("stages", 2, "tasks", 6),
        "warning",
    ),
    "the seller's words in a title": ("R7", [("stages.1.title", "Contract close")], ("stages", 1, "title"), "warning"),
    "the seller's words in a task": ("R7", [("stages.0.tasks.0.title", "PO received by Dana")], (*A, 0, "title"), "warning"),
    "a week old": ("R8", [("version", "2026-11-01")], ("version",), "warning"),
    "three weeks old": ("R8", [("version", "2026-10-18")], ("version",), "error"),
    "a vague task": (
        "R9",
        [("stages.0.tasks.0.title", "Get budget approved"), ("stages.0.tasks.0.evidence", None)],
        (*A, 0, "title"),
        "warning",
    ),
    "no criterion": ("R10", [("success_criteria", None)], ("success_criteria",), "warning"),
    "a criterion without a day": ("R10", [("success_criteria.0.by", None)], ("success_criteria", 0), "warning"),
    "due before what it waits for": ("R11", [("stages.0.tasks.9.after", ["b0"])], (*A, 9, "due"), "warning"),
    "no room for what it takes": (
        "R11",
        [("stages.0.tasks.1.after", ["a0"]), ("stages.0.tasks.1.takes", "3d")],
        (*A, 1, "due"),
        "warning",
    ),
    "due on a Sunday": ("R11", [("stages.0.tasks.1.due", "2026-11-15")], (*A, 1, "due"), "warning"),
    "after the target": (
        "R11",
        [("stages.2.kind", "signature"), ("stages.2.tasks.6.due", "2027-03-30")],
        ("stages", 2, "tasks", 6, "due"),
        "warning",
    ),
    "three weeks for legal": ("R12", [(f"stages.1.tasks.{n}.due", "2027-01-04") for n in range(5)], ("stages", 1), "warning"),
    "on track, and late": (
        "R14",
        [("stages.0.tasks.0.due", "2026-11-06"), ("stages.0.tasks.0.risk", "on_track")],
        (*A, 0, "risk"),
        "warning",
    ),
    "done before what it waits for": (
        "R14",
        [
            ("stages.0.tasks.6.status", "done"),
            ("stages.0.tasks.6.done_on", "2026-11-06"),
            ("success_criteria.0.agreed", {"buyer": "2026-10-12", "seller": "2026-10-12"}),
        ],
        (*A, 6, "status"),
        "warning",
    ),
    "no reason": ("R15", [("objective", None)], ("title",), "warning"),
    "nothing to read": ("R15", [("resources", None)], ("title",), "warning"),
    "a laundry list": ("R16", tasks(7), ("stages", 2, "tasks"), "warning"),
    "eight stages": ("R16", [(f"stages.{3 + n}", {"title": f"Part {n}"}) for n in range(5)], ("stages",), "warning"),
    "no event": ("R17", [("target.why", None)], ("target",), "warning"),
    "a trial without an end": ("R18", [("stages.0.exit_criteria", None)], ("stages", 0), "warning"),
    "two people": (
        "R19",
        [("people.2.left", "2026-11-01"), *[(f"stages.0.tasks.{n}.owner", "dana") for n in (1, 3, 5)]],
        ("people",),
        "warning",
    ),
    "a milestone without a reason": ("R20", [("stages.0.tasks.7.why", None)], (*A, 7), "warning"),
    "nobody to ask": ("R21", [("resources.0.owner", None)], ("resources", 0), "warning"),
    "nobody decides": ("R22", [("people.0.role", "champion")], ("people",), "warning"),
    "what is internal, word for word": (
        "R23",
        [
            ("internal", {"notes": "Their finance director is leaving in May"}),
            ("summary", "As you know, their finance  director is leaving in May."),
        ],
        ("summary",),
        "error",
    ),
    "somebody internal by name": (
        "R23",
        [("people.5", {"id": "w", "name": "Wouter Dekker", "audience": "internal"}), ("stages.0.goal", "Wouter Dekker does not object")],
        ("stages", 0, "goal"),
        "error",
    ),
    "no rhythm": ("R24", [("review.every", None)], ("review",), "warning"),
    "nobody to call": ("R24", [("contact", None), ("review.contact", None)], ("contact",), "warning"),
    "a risk and no answer": ("R25", [("risks.0.mitigation", None)], ("risks", 0), "warning"),
    "a version of tomorrow": ("R26", [("version", "2026-11-10")], ("version",), "warning"),
    "an owner who left": (
        "R27",
        [
            ("people.2.left", "2026-11-09"),
            ("people.5", {"id": "sanne", "name": "Sanne Visser"}),
            *[(f"stages.0.tasks.{n}.owner", "dana") for n in (3, 5)],
        ],
        (*A, 1, "owner", 0),
        "warning",
    ),
    "a gate that nobody has thought of": ("R28", [("stages.1.tasks.1.gate", None)], ("stages",), "warning"),
    "begun, and not agreed": (
        "R29",
        [("stages.0.tasks.0.status", "doing"), ("success_criteria.0.agreed", {"seller": "2026-10-12"})],
        ("success_criteria", 0),
        "warning",
    ),
    "one sponsor": ("R30", [("people.4.role", "signatory")], ("people",), "warning"),
    "too late already": (
        "PM312",
        [("stages.2.tasks.0.takes", "120d"), ("stages.2.tasks.0.after", ["a0"])],
        ("stages", 0, "tasks", 0),
        "warning",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_rule_is_told_at_its_place(name: str) -> None:
    code, changes, path, severity = BROKEN[name]
    found = broken(changed(GOOD, *changes))
    assert (code, path, severity) in found
    assert {one[0] for one in found} == {code} or code in ("R5", "PM312"), found


def test_every_rule_has_an_example_above() -> None:
    """R13 depends on the day on which the buyer first had the plan: it is tried below."""
    assert {code for code, *_ in BROKEN.values()} == {*RULES, "PM312"} - {"R13"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_message_says_what_is_wrong_and_what_to_write(name: str) -> None:
    """Without a full stop: it stands in a line with others."""
    code, changes, path, _ = BROKEN[name]
    for one in judged(changed(GOOD, *changes)):
        if (one.code, one.path) == (code, path):
            assert one.message
            assert one.hint
            assert not one.message.endswith(".")


@pytest.mark.parametrize("name", [name for name in BROKEN if BROKEN[name][0] != "PM312"])
def test_a_plan_can_answer_every_rule(name: str) -> None:
    """With a reason, in `not_needed`, shared or internal: then nothing is said of it."""
    code, changes, _, _ = BROKEN[name]
    values = changed(GOOD, *changes)
    assert code not in {one[0] for one in broken(values | {"not_needed": {code: "It is so here"}})}
    internal = {**values.get("internal", {}), "not_needed": {code: "It is so here"}}
    assert code not in {one[0] for one in broken(values | {"internal": internal})}


@pytest.mark.parametrize("name", [name for name in BROKEN if BROKEN[name][0] != "PM312"])
def test_a_workspace_can_switch_every_rule_off_or_make_it_count_more(name: str) -> None:
    code, changes, path, _ = BROKEN[name]
    values = changed(GOOD, *changes)
    assert code not in {one[0] for one in broken(values, rules={code: "off"})}
    for severity in ("warning", "error"):
        assert (code, path, severity) in broken(values, rules={code: severity})


# what doesn't break them


FINE: dict[str, Changes] = {
    "a milestone takes its date from what it waits for": [("stages.0.tasks.6.due", None)],
    "a task takes its date from what follows": [("stages.1.tasks.0.due", None)],
    "a party behind a person": [("stages.0.tasks.1.owner", ["anouk", "buyer"])],
    "a department among people without a task": [("people.5", {"id": "legal", "name": "Legal department"})],
    "a role whose task is far": [("people.5", {"id": "trainer", "role": "user"}), ("stages.2.tasks.0.owner", "trainer")],
    "a vague title with its evidence": [("stages.0.tasks.0.title", "Get budget approved")],
    "a vague title with a number": [("stages.0.tasks.0.title", "Get 50000 EUR approved"), ("stages.0.tasks.0.evidence", None)],
    "an old plan that is paused": [("version", "2026-08-01"), ("state", "paused")],
    "a late task that says so": [("stages.0.tasks.0.due", "2026-11-06"), ("stages.0.tasks.0.risk", "at_risk")],
    "a milestone that is done without a reason": [
        ("stages.0.tasks.0.status", "done"),
        ("stages.0.tasks.0.done_on", "2026-11-06"),
        ("stages.0.tasks.6.why", None),
        ("success_criteria.0.agreed", {"buyer": "2026-10-12", "seller": "2026-10-12"}),
    ],
    "a gate that the deal doesn't have": [("stages.1.tasks.1.gate", None), ("not_needed", {"legal": "Standard terms"})],
    "a gate that an internal task carries": [("stages.1.tasks.1.audience", "internal")],
    "an owner who leaves later": [("people.2.left", "2026-11-20")],
    "done work of somebody who left": [("people.3.left", "2026-11-01"), *[(f"stages.0.tasks.{n}.status", "done") for n in ()]],
    "a widget without an owner": [("resources.1", {"title": "Shares", "kind": "widget", "block": "shares"})],
    "a closed risk": [("risks.0.mitigation", None), ("risks.0.status", "closed")],
    "decisions in the buyer's words": [("people.0.role", "champion"), ("people.0.decides", "Presupuesto hasta 50000 EUR")],
    "an internal text that is short": [("internal", {"notes": "Why we"}), ("summary", "Why we are here")],
    "an internal task without an owner": [("stages.0.tasks.10", {"title": "Prepare", "audience": "internal"})],
    "a version of today": [("version", "2026-11-09")],
    "no version before work begins": [("version", None)],
}


@pytest.mark.parametrize("name", FINE)
def test_what_breaks_no_rule(name: str) -> None:
    found = broken(changed(GOOD, *FINE[name]))
    expected = {"done work of somebody who left": {"R27"}}.get(name, set())
    assert {one[0] for one in found} == expected


@pytest.mark.parametrize("name", ["overview.md", "Our-Overview.md"])
def test_the_files_that_a_plan_names_are_searched_for_what_is_internal(name: str) -> None:
    values = changed(GOOD, ("internal", {"forecast": "we will discount by a third if they ask"}), ("summary", name))
    text = {name: "Hello.\nWe will discount by a\nthird if they ask, as always.\n"}
    assert broken(values, texts=text) == [("R23", ("summary",), "error")]
    assert broken(values, texts={name: "Hello.\n"}) == []


def test_a_plan_shown_at_the_end_is_no_plan_of_both() -> None:
    """R13: fourteen days before the target at the latest."""
    assert broken(GOOD, shown=date(2027, 3, 13)) == [("R13", ("target",), "warning")]
    assert broken(GOOD, shown=date(2027, 3, 12)) == []
    assert broken(GOOD, shown=None) == []
    assert broken(GOOD, shown=date(2027, 3, 13), rules={"R13": {"days": "1w"}}) == []
    assert broken(GOOD | {"not_needed": {"R13": "They asked for it"}}, shown=date(2027, 3, 13)) == []


def test_light_plans_are_judged_as_light() -> None:
    """One criterion of ten is switched off for each of them; the same tasks as an enterprise plan break them."""
    spared = {code for code, rule in RULES.items() if not rule.light}
    assert spared == {"R1", "R6", "R12", "R13", "R19", "R20", "R24", "R28", "R30"}
    found = {code for code, *_ in broken(LIGHT | {"size": "enterprise"})}
    assert found == {"R1", "R2", "R19", "R24", "R28", "R30"}


def test_a_plan_of_eight_tasks_is_not_light_and_milestones_do_not_count() -> None:
    seven = changed(LIGHT, *[(f"stages.0.tasks.{n}", {**TASK, "id": f"x{n}", "owner": "morag"}) for n in range(3, 7)])
    milestone = {**TASK, "id": "m", "owner": "morag", "milestone": True}
    assert broken(changed(seven, ("stages.0.tasks.7", milestone))) == []
    assert "R28" in {one[0] for one in broken(changed(seven, ("stages.0.tasks.7", {**TASK, "id": "x7", "owner": "morag"})))}


def test_of_a_chain_that_is_too_late_the_first_is_told() -> None:
    """What waits for it is too late because of it."""
    chain = [("stages.2.tasks.0.takes", "60d"), ("stages.2.tasks.1.takes", "60d"), ("stages.2.tasks.1.after", ["c0"])]
    found = [one for one in judged(changed(GOOD, *chain, ("stages.2.tasks.0.after", ["a7"]))) if one.code == "PM312"]
    assert [one.path for one in found] == [("stages", 0, "tasks", 5)]
    assert "`a7` had to begin on " in found[0].message
    assert "(2027-03-26)" in found[0].message


def test_each_gate_is_told_by_itself_and_answered_by_itself() -> None:
    values = changed(GOOD, *[(f"stages.1.tasks.{n}.gate", None) for n in range(5)])
    assert [one.hint.partition("`gate: ")[2].partition("`")[0] for one in judged(values)] == [
        "security",
        "legal",
        "procurement",
        "budget",
        "executive",
    ]
    assert len(judged(values | {"not_needed": {"security": "No data", "budget": "It is there"}})) == 3


# days


DAYS: dict[str, tuple[str, Changes, list[date]]] = {
    "the version gets old": ("R8", [("version", "2026-11-06")], [date(2026, 11, 14), date(2026, 11, 28)]),
    "a role has to be named": (
        "R4",
        [("version", None), ("people.5", {"id": "trainer", "role": "user"}), ("stages.2.tasks.0.owner", "trainer")],
        [date(2027, 1, 18)],
    ),
    "somebody leaves": ("R27", [("version", None), ("people.2.left", "2026-11-12")], [date(2026, 11, 12)]),
    "a task that was on track is late": ("R14", [("version", None), ("stages.0.tasks.0.risk", "on_track")], [date(2026, 11, 11)]),
}


@pytest.mark.parametrize("name", DAYS)
def test_an_answer_says_until_which_day_it_holds(name: str) -> None:
    """The same on every day before it, by each rule; on the days on which one turns, that is among those that were named."""
    code, changes, turns = DAYS[name]
    values = changed(GOOD, *changes)
    day, named = TODAY, set()
    while day < turns[-1]:
        clock = Clock(day)
        before = broken(values, clock=clock)
        assert day < clock.until
        assert broken(values, min(clock.until, turns[-1] + ONE_DAY) - ONE_DAY) == before
        day = clock.until
        named.add(day)
    assert set(turns) <= named
    for turn in turns:
        mine = [[one for one in broken(values, on) if one[0] == code] for on in (turn - ONE_DAY, turn)]
        assert mine[0] != mine[1]
