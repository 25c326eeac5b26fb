"""What a workspace says of a rule: its numbers, and settings that it doesn't have. And: judging never fails, whatever a plan holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.judged import GOOD, LIGHT, broken, changed, judged

from planmark.plan.plan import Plan
from planmark.plan.rules import RULES, answer_of, explained, setting_of, wrong_settings
from planmark.plan.words import RuleCode
from planmark.plan.workspace import Rule, Workspace

NUMBERS: list[tuple[str, dict[str, str], list[tuple[str, Any]]]] = [
    ("R1", {"least": "7"}, [("stages.0.tasks.6.milestone", "no")]),
    ("R2", {"least": "14"}, [("stages.2.tasks.0.audience", "internal"), ("stages.2.tasks.1.status", "dropped")]),
    ("R4", {"days": "0d"}, [("people.2.name", None)]),
    ("R8", {"warn_after": "9d"}, [("version", "2026-11-01")]),
    ("R8", {"warn_after": "30d", "error_after": "40d"}, [("version", "2026-10-18")]),
    ("R12", {"days": "2w"}, [(f"stages.1.tasks.{n}.due", "2027-01-04") for n in range(5)]),
    ("R16", {"stages": "8"}, [(f"stages.{3 + n}", {"title": f"Part {n}"}) for n in range(5)]),
    ("R19", {"least": "2"}, [("people.2.left", "2026-11-01"), *[(f"stages.0.tasks.{n}.owner", "dana") for n in (1, 3, 5)]]),
]


@pytest.mark.parametrize(("code", "numbers", "changes"), NUMBERS, ids=[f"{code} {numbers}" for code, numbers, _ in NUMBERS])
def test_a_workspace_can_change_a_number(code: str, numbers: dict[str, str], changes: list[tuple[str, Any]]) -> None:
    values = changed(GOOD, *changes)
    assert code in {one[0] for one in broken(values)}
    assert code not in {one[0] for one in broken(values, rules={code: numbers})}


def test_a_stricter_number_is_broken_sooner() -> None:
    assert broken(GOOD, rules={"R1": {"most": "7"}}) == [("R1", ("stages",), "warning")]
    assert broken(GOOD, rules={"R5": {"least": "30"}}) == [("R5", ("stages",), "error")]
    assert broken(LIGHT, rules={"R2": {"light_least": "4"}}) == [("R2", ("stages",), "warning")]
    assert broken(LIGHT, rules={"R2": {"least": "40", "most": "50"}}) == []


def wrong(**rules: Any) -> list[tuple[str, tuple[str | int, ...], str]]:
    workspace = Workspace.model_validate({"rules": rules})
    return [(one.code, one.path, one.hint) for one in wrong_settings(workspace.rules)]


def test_a_setting_that_a_rule_does_not_have_is_told() -> None:
    """With those that it has."""
    assert wrong(R17={"least": "3"}) == [("PM201", ("rules", "R17", "least"), "it has no numbers: write off, warning or error")]
    assert wrong(R8={"days": "3d"}) == [("PM201", ("rules", "R8", "days"), "its numbers are `warn_after: 7d`, `error_after: 21d`")]
    assert wrong(R2={"light_most": "6"}, R8={"warn_after": "9d"}, R28={"blocks_publish": "true"}, R3="warning") == []


def test_numbers_that_no_plan_can_satisfy_are_told() -> None:
    assert [one[:2] for one in wrong(R1={"least": "20"})] == [("PM222", ("rules", "R1"))]
    assert [one[:2] for one in wrong(R8={"warn_after": "30d"})] == [("PM222", ("rules", "R8"))]
    assert wrong(R1={"least": "20", "most": "20"}) == []


def test_every_number_is_a_setting_and_every_setting_is_some_rule_s_number() -> None:
    numbers = {name for rule in RULES.values() for name in rule.numbers}
    assert numbers == set(Rule.model_fields) - {"severity", "blocks_publish"}


def test_every_rule_is_told_whole() -> None:
    """And what it says to write into planmark.yaml and a plan can be read back."""
    import yaml

    assert list(RULES) == [f"R{number}" for number in range(1, 31)]
    assert set(RULES) == set(RuleCode.__args__)  # type: ignore[attr-defined]  # a Literal has them
    for rule in RULES.values():
        assert all(said and "{" not in said.replace("{", "", said.count("}")) for _, said in explained(rule))
        assert rule.why.endswith(".")
        assert rule.meaning.endswith(".")
        assert wrong(**yaml.load(setting_of(rule), yaml.BaseLoader)["rules"]) == []
        assert list(yaml.load(answer_of(rule), yaml.BaseLoader)["not_needed"]) == [rule.code]
        assert yaml.load(rule.write, yaml.BaseLoader)


DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 1)).map(date.isoformat)
TEXTS = st.text(st.characters(blacklist_categories=["C"], blacklist_characters="\u2028\u2029"), max_size=20).filter(str.strip)
TASKS = st.fixed_dictionaries(
    {"title": TEXTS},
    optional={
        "owner": st.lists(st.sampled_from(["maria", "dana", "buyer", "legal"]), max_size=3),
        "due": DAYS,
        "start": DAYS,
        "done_on": DAYS,
        "takes": st.sampled_from(["0d", "1d", "3w"]),
        "status": st.sampled_from(["todo", "doing", "done", "blocked", "dropped"]),
        "risk": st.sampled_from(["on_track", "at_risk"]),
        "milestone": st.sampled_from(["yes", "no"]),
        "gate": st.sampled_from(["security", "signature"]),
        "audience": st.sampled_from(["buyer", "internal"]),
        "internal": st.fixed_dictionaries({"notes": TEXTS}),
    },
)
STAGES = st.fixed_dictionaries(
    {"title": TEXTS, "tasks": st.lists(TASKS, max_size=4)},
    optional={"kind": st.sampled_from(["proof_of_value", "procurement_legal", "onboarding"]), "audience": st.just("internal")},
)
PLANS = st.fixed_dictionaries(
    {
        "account": TEXTS,
        "title": TEXTS,
        "target": DAYS,
        "people": st.just([{"id": "maria"}, {"id": "dana", "party": "seller"}, {"id": "legal", "name": "Legal"}]),
        "stages": st.lists(STAGES, max_size=4),
    },
    optional={
        "version": DAYS,
        "start": DAYS,
        "contract_signature": DAYS,
        "size": st.sampled_from(["enterprise", "light"]),
        "summary": TEXTS,
        "success_criteria": st.lists(TEXTS, max_size=2),
        "risks": st.lists(st.fixed_dictionaries({"title": TEXTS}), max_size=2),
        "state": st.sampled_from(["won", "paused"]),
        "internal": st.fixed_dictionaries({"notes": TEXTS}),
    },
)


@given(PLANS, st.dates(date(2026, 9, 1), date(2027, 5, 1)), st.sampled_from(["en", "de-AT", "ja", "ar", "pt-BR"]))
def test_whatever_a_plan_holds_it_can_be_judged(values: dict[str, Any], today: date, locale: str) -> None:
    """Every finding has a place that leads into the plan, or to a key that is missing there."""
    for one in judged(values, today, locale=locale):
        assert one.message
        assert one.hint
        part: Any = Plan.model_validate(values)
        for step in one.path[:-1]:
            part = part[step] if isinstance(step, int) else getattr(part, step)
        if isinstance(one.path[-1], int):
            assert part[one.path[-1]] is not None
        else:
            assert one.path[-1] in type(part).model_fields
