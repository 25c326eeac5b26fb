"""Problems in the forms that programs read: JSON and SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from planmark import __version__
from planmark.problems import CODES, Problem, Severity


def as_data(problem: Problem) -> dict[str, Any]:
    """One problem as plain values."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "path": problem.location.path,
        "line": problem.location.line or None,
        "column": problem.location.column or None,
        "message": problem.message,
        "hint": problem.hint,
    }


def _described(code: str, severity: Severity) -> dict[str, Any]:
    """What SARIF says of a code beside its results: title, reason, what to write instead."""
    from planmark.plan.rules import RULES, explained

    rule = RULES.get(code)
    if rule is None:
        title, why = CODES[code], CODES[code]
        text = f"{title}. docs/problems.md says what to write instead."
        markdown = text
    else:
        title, why = rule.title, rule.why
        parts = explained(rule)
        text = "\n".join(f"{heading}: {said}" for heading, said in parts)
        code_parts = {"What to write", "Set it in planmark.yaml", "Answer it in a plan"}
        markdown = "\n\n".join(
            f"**{heading}**\n\n```yaml\n{said}\n```" if heading in code_parts else f"**{heading}**: {said}" for heading, said in parts
        )
    return {
        "id": code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": rule.severity if rule else severity},
    }


def as_sarif(problems: Iterable[Problem]) -> dict[str, Any]:
    """A SARIF 2.1.0 log, as code hosts show it beside the lines."""
    every = list(problems)
    found = {problem.code: problem.severity for problem in every}
    codes = sorted(found)
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "planmark",
                        "version": __version__,
                        "rules": [_described(code, found[code]) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": problem.code,
                        "ruleIndex": codes.index(problem.code),
                        "level": problem.severity,
                        "message": {"text": ". ".join(filter(None, (problem.message, problem.hint)))},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": quote(problem.location.path)},
                                    **(
                                        {
                                            "region": {
                                                "startLine": problem.location.line,
                                                "startColumn": max(1, problem.location.column),
                                            }
                                        }
                                        if problem.location.line
                                        else {}
                                    ),
                                }
                            }
                        ],
                    }
                    for problem in every
                ],
            }
        ],
    }
