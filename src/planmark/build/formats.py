"""Problems in the forms that programs read: JSON and SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from planmark import __version__
from planmark.problems import CODES, Problem


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


def as_sarif(problems: Iterable[Problem]) -> dict[str, Any]:
    """A SARIF 2.1.0 log, as code hosts show it beside the lines."""
    every = list(problems)
    codes = sorted({problem.code for problem in every})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "planmark",
                        "version": __version__,
                        "rules": [{"id": code, "shortDescription": {"text": CODES[code]}} for code in codes],
                    }
                },
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
