"""A plan is judged by every rule that holds for it: not by those switched off, those it answers, or those that light plans are spared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from planmark.plan.plan import Plan
from planmark.plan.progress import is_late
from planmark.plan.rules import days, hidden, people, terms, words, work
from planmark.plan.rules.case import Case, Facts, Work
from planmark.plan.rules.rule import QualityRule, written
from planmark.plan.workspace import Rule
from planmark.problems import Finding, did_you_mean

_EVERY = (*work.RULES, *people.RULES, *terms.RULES, *days.RULES, *hidden.RULES, *words.RULES)
RULES: Mapping[str, QualityRule] = {one.code: one for one in sorted(_EVERY, key=lambda one: int(one.code[1:]))}
"""Every rule by its code, in order."""
_AS_IT_SHIPS = Rule()
_OTHER_KEYS = ("severity", "blocks_publish")


def judge(plan: Plan, facts: Facts) -> Iterator[Finding]:
    """Every place where the plan breaks a rule, and every task that can no longer be done in time. The plan has no errors.

    Its dates are resolved, and what people did is folded over it.
    """
    case = Case(plan, facts)
    answered = set(plan.not_needed) | set(plan.internal.not_needed if plan.internal else ())
    for code, rule in RULES.items():
        setting = facts.settings.get(code, _AS_IT_SHIPS)
        if setting.severity == "off" or code in answered or (case.is_light and not rule.light):
            continue
        for one in rule.look(case, _numbers(rule, setting)):
            if one.gate not in answered:
                yield Finding(code, one.path, one.message, one.hint, setting.severity or one.severity or rule.severity)
    yield from _too_late(case)


def _numbers(rule: QualityRule, setting: Rule) -> Mapping[str, int]:
    if not rule.numbers or setting is _AS_IT_SHIPS:
        return rule.numbers
    return {name: number if getattr(setting, name) is None else getattr(setting, name) for name, number in rule.numbers.items()}


def _too_late(case: Case) -> Iterator[Finding]:
    """Tasks that had to begin before today so that the dates behind them hold. Those that are late show it already.

    Of a chain only the first is told: what waits for it is too late because of it.
    """
    if not case.is_running:
        return
    told: set[str] = set()
    for one in sorted(case.open, key=lambda one: one.slot.latest_start if one.slot else date.max):
        slot = one.slot
        begun = one.status != "todo" or any(step.done for step in one.task.steps)
        if slot is None or slot.toward is None or begun or is_late(one.task, one.status, case.clock):
            continue
        if case.clock.past(slot.latest_start):
            told.add(one.task.id)
            if told.intersection(one.task.after):
                continue
            goal, day = _goal(case, one)
            yield Finding(
                "PM312",
                one.path,
                f"too late already: `{one.task.id}` had to begin on {slot.latest_start} so that {goal} ({day}) holds",
                "begin at once, shorten what follows, or agree on another date with the buyer: `planmark slip` says what else moves",
                "warning",
            )


def _goal(case: Case, one: Work) -> tuple[str, date]:
    toward = one.slot.toward if one.slot else None
    signed = case.plan.contract_signature
    if toward == "contract_signature" and signed and signed.day:
        return "the signature", signed.day
    return "the target date", case.plan.target.date.day or case.clock.today


def wrong_settings(rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Settings in planmark.yaml that their rule doesn't have, and numbers that contradict each other."""
    for code, setting in rules.items():
        rule = RULES[code]
        for name in sorted(setting.model_fields_set - {*_OTHER_KEYS, *rule.numbers}):
            known = [*rule.numbers, *_OTHER_KEYS]
            numbers = ", ".join(f"`{one}: {written(one, number)}`" for one, number in rule.numbers.items())
            hint = did_you_mean(name, known, f"its numbers are {numbers}" if numbers else "it has no numbers: write off, warning or error")
            yield Finding("PM201", ("rules", code, name), f"{code} has no `{name}`", hint, at_key=True)
        numbers_now = _numbers(rule, setting)
        for least, most in (("least", "most"), ("light_least", "light_most"), ("warn_after", "error_after")):
            if least in rule.numbers and most in rule.numbers and numbers_now[least] > numbers_now[most]:
                said = f"`{least}` is {written(least, numbers_now[least])} and `{most}` {written(most, numbers_now[most])}"
                yield Finding("PM222", ("rules", code), f"no plan can satisfy {code}: {said}", "correct one of the two")
