"""Writes docs/rules.md: every rule from its own words, after an introduction. `./run docs` runs it, a test holds it."""

from __future__ import annotations

from pathlib import Path

from planmark.plan.rules import RULES, explained

TARGET = Path(__file__).parents[2] / "docs" / "rules.md"
AS_YAML = ("What to write", "Set it in planmark.yaml", "Answer it in a plan")
INTRODUCTION = """\
# What a good plan is

`planmark check` says two things of a plan: what is wrong with it (codes that begin with PM: [problems.md](problems.md)), and where it
could be a better plan (R1 to R30, below). The rules come from what guides to mutual action plans agree on. They are judgement: no rule
stops a build, for a plan that has grown old must still be there to be looked at. Plans with errors are not judged by rules; mend those
first.

    planmark check                       # all plans; warnings leave the exit code 0, errors make it 1
    planmark check acme --strict         # one plan, warnings count
    planmark check --explain R28         # why a rule matters, its numbers, how to set and to answer it

**Answer it in the plan** where a rule does not fit a deal: `not_needed:` takes a rule's code beside the gates. A gate's reason is shown
to the buyer; a rule's is not, on no page and in no file.

```yaml
not_needed:
  security: No personal data is kept          # a gate that the deal doesn't have: the buyer reads why
  R13: They asked for the plan two weeks before go-live
```

**Set it in planmark.yaml** for all plans: `off`, `warning` or `error`, or other numbers. A setting that a rule doesn't have is a
mistake.

```yaml
rules: {R2: off, R8: {warn_after: 10d, error_after: 30d}, R1: {least: 6}, R28: {severity: error, blocks_publish: true}}
```

`blocks_publish` says that a plan which breaks the rule does not go out: [publishing.md](publishing.md#what-is-refused).

**Light plans** (`size: light`, or fewer than eight tasks, milestones not counted) are spared R1, R6, R12, R13, R19, R20, R24, R28 and
R30. What has `audience: internal` is not judged, only that it does not leak (R23); an internal task may be a gate (R28).

**Lists of words** (R4, R7, R9) exist for English, German, French, Spanish, Dutch, Portuguese, Italian, Swedish, Japanese and Arabic. A
plan's own language counts, and English in every plan, because sellers use its words everywhere. They are short: what a buyer might
write as well is not in them, so they miss much and rarely cry wolf. Left out on purpose: Japanese and Arabic phrases for R9 other than
whole titles; `y`, `e` and the Arabic “and” between two names (R4), which surnames have, too.

Beside the rules, a check warns of work that is **too late already** (PM312): nobody has begun it, and it had to begin before today so
that the target, or the signature, holds.

## In a repository

Before each commit, with [pre-commit](https://pre-commit.com):

```yaml
# .pre-commit-config.yaml of the workspace
repos:
  - repo: https://git.example/planmark     # where your copy of Planmark is
    rev: v0.1.0
    hooks: [{id: planmark-check}]
```

or, with the `planmark` that is installed: `repos: [{repo: local, hooks: [{id: planmark, name: planmark check, entry: planmark check,
language: system, pass_filenames: false}]}]`. Without pre-commit, two lines in `.git/hooks/pre-commit` do it: `#!/bin/sh` and `exec
planmark check`.

On GitHub, with the findings beside the lines (code scanning reads SARIF):

```yaml
# .github/workflows/plans.yaml
on: [push, pull_request]
permissions: {contents: read, security-events: write}
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: pip install "planmark @ git+https://git.example/planmark"     # where your copy is
      - run: planmark check --format sarif > planmark.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with: {sarif_file: planmark.sarif, category: planmark}
```

On GitLab, as the code quality of a merge request (it wants a form of its own, which `jq` makes of `--format json`):

```yaml
# .gitlab-ci.yml
plans:
  image: python:3.12
  script:
    - apt-get update && apt-get install -y jq
    - pip install "planmark @ git+https://git.example/planmark"
    - planmark check --format json > found.json || failed=1
    - >-
      jq 'map({description: (.code + " " + .message + ": " + .hint), check_name: .code,
      fingerprint: ([.code, .path, .message] | join(" ") | @base64),
      severity: (if .severity == "error" then "major" else "minor" end),
      location: {path: .path, lines: {begin: (.line // 1)}}})' found.json > quality.json
    - exit ${failed:-0}
  artifacts: {when: always, reports: {codequality: quality.json}}
```

A day is an input: `--today 2026-11-09`, or SOURCE_DATE_EPOCH, gives the same answer on any day.

## The rules
"""


def rules_page() -> str:
    """The whole page."""
    lines = [INTRODUCTION]
    for rule in RULES.values():
        lines += [f"### {rule.code} {rule.title}", ""]
        lines += [f"- {heading}: {f'`{said}`' if heading in AS_YAML else said}" for heading, said in explained(rule)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    TARGET.write_text(rules_page(), encoding="utf-8")
