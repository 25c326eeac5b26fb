"""A rule in words: what is looked at, why, its numbers, how planmark.yaml sets it and how a plan answers it."""

from __future__ import annotations

from planmark.plan.rules.rule import QualityRule, written


def setting_of(rule: QualityRule) -> str:
    """What to write into planmark.yaml: its numbers as they are, or how to switch it off."""
    if not rule.numbers:
        return f"rules: {{{rule.code}: off}}  # or warning, error"
    numbers = ", ".join(f"{name}: {written(name, number)}" for name, number in rule.numbers.items())
    return f"rules: {{{rule.code}: {{{numbers}}}}}  # or off, warning, error"


def answer_of(rule: QualityRule) -> str:
    """What to write into a plan that the rule does not fit."""
    return f"not_needed: {{{rule.code}: Why it does not fit this deal}}"


def severity_of(rule: QualityRule) -> str:
    """How much breaking it counts, and for which plans, as a sentence."""
    counts = "A warning, then an error" if rule.code == "R8" else "An error" if rule.severity == "error" else "A warning"
    return f"{counts}." if rule.light else f"{counts}; light plans (`size: light`, or under 8 tasks) are spared."


def explained(rule: QualityRule) -> tuple[tuple[str, str], ...]:
    """Pairs of a heading and what stands under it."""
    return (
        ("What is looked at", rule.meaning),
        ("Why it matters", rule.why),
        ("It counts as", severity_of(rule)),
        ("What to write", rule.write),
        ("Set it in planmark.yaml", setting_of(rule)),
        ("Answer it in a plan", answer_of(rule)),
    )
