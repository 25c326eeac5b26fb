"""What a good plan is, as rules that a program can check: R1 to R30, each with its reason, its numbers and its answer.

Judgement only: what cannot be read, or contradicts itself, is `planmark.plan.checks`. No rule stops a build.
"""

from planmark.plan.rules.case import Facts
from planmark.plan.rules.explaining import answer_of, explained, setting_of, severity_of
from planmark.plan.rules.judging import RULES, judge, wrong_settings
from planmark.plan.rules.rule import QualityRule

__all__ = ["RULES", "Facts", "QualityRule", "answer_of", "explained", "judge", "setting_of", "severity_of", "wrong_settings"]
