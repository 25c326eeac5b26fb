"""The corpus as each generator reads it, and the edits that the benchmarks make to it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Literal

from .corpus import Deal, deal

Part = Literal["data", "body"]

# What YAML 1.1 would read as something other than text.
RESERVED_WORDS = frozenset(("yes", "no", "on", "off", "true", "false", "null", "y", "n"))
RESERVED_MARKS = frozenset(":#{}[]*&!|>'\"%@`")
PLANMARK_STATUS = {"done": "done", "in-progress": "doing", "not-started": "todo", "blocked": "blocked"}
PLANMARK_KIND = {
    "deck": "deck",
    "video": "video",
    "doc": "document",
    "pricing": "quote",
    "security": "document",
    "case-study": "case_study",
}


def hugo_page(d: Deal) -> str:
    """One file a deal: YAML front matter, then the prose."""
    return _front_matter({"title": d.title, "plan": asdict(d.plan)}) + d.body


def eleventy_page(d: Deal) -> str:
    """As Hugo's, with the layout and the address that Eleventy wants named."""
    return (
        _front_matter(
            {
                "title": d.title,
                "layout": "plan.html",
                "permalink": f"{d.slug}/index.html",
                "plan": asdict(d.plan),
            }
        )
        + d.body
    )


def share_key(slug: str) -> str:
    """The secret part of a deal's address in the Planmark workspace: fixed, so that two runs write the same bytes."""
    return sha256(slug.encode()).hexdigest()[:24]


def planmark_plan(d: Deal) -> str:
    """The deal's plan.yaml, in the fields of Planmark's own model."""
    plan = d.plan
    ids: dict[str, str] = {}
    for i, person in enumerate(plan.stakeholders, 1):
        ids.setdefault(person.name, f"p{i:02d}")
    lines = [
        f"account: {_scalar(plan.account)}",
        f"title: {_scalar(plan.opportunity)}",
        f"target: {{date: {plan.target_date}, label: Go-live}}",
        f"value: {plan.value} {plan.currency}",
        f"share_key: {share_key(d.slug)}",
        "summary: overview.md",
        "people:",
    ]
    for i, person in enumerate(plan.stakeholders, 1):
        lines += [
            f"  - id: p{i:02d}",
            f"    name: {_scalar(person.name)}",
            f"    title: {_scalar(person.role)}",
            f"    party: {person.side}",
            f"    email: {person.email}",
        ]
    lines.append("stages:")
    for stage in plan.stages:
        lines += [
            f"  - id: s{stage.id}",
            f"    title: {_scalar(stage.name)}",
            f"    goal: {_scalar(stage.goal)}",
            "    tasks:",
        ]
        for task in stage.tasks:
            lines += [
                f"      - id: {task.id.lower()}",
                f"        title: {_scalar(task.title)}",
                f"        owner: [{ids[task.owner]}]",
                f"        due: {task.due}",
                f"        status: {PLANMARK_STATUS[task.status]}",
                f"        after: [{', '.join(x.lower() for x in task.depends)}]",
                "        detail: |",
            ]
            lines += [f"          {line}" for line in task.description.split("\n")]
    lines.append("key_dates:")
    lines += [f"  - {{date: {x.date}, title: {_scalar(x.label)}}}" for x in plan.key_dates]
    lines.append("resources:")
    for i, resource in enumerate(plan.resources, 1):
        lines += [
            f"  - id: r{i:02d}",
            f"    title: {_scalar(resource.title)}",
            f"    kind: {PLANMARK_KIND[resource.kind]}",
            f"    url: {resource.url}",
            f"    about: {_scalar(resource.note)}",
        ]
    lines.append("risks:")
    for risk in plan.risks:
        lines += [
            f"  - title: {_scalar(risk.title)}",
            f"    probability: {risk.severity}",
            f"    impact: {risk.severity}",
            f"    owner: {ids[risk.owner]}",
            f"    mitigation: {_scalar(risk.mitigation)}",
        ]
    lines.append("success_criteria:")
    for criterion in plan.success_criteria:
        lines += [
            f"  - criterion: {_scalar(criterion.metric)}",
            f"    baseline: {_scalar(criterion.baseline)}",
            f"    goal: {_scalar(criterion.target)}",
            f"    measured_by: {_scalar(criterion.measure)}",
        ]
    return "\n".join(lines) + "\n"


def write_pages(deals: int, folder: Path, page: Callable[[Deal], str]) -> None:
    """Write content/<slug>.md for deals 0 to deals - 1, each as `page` gives it."""
    content = folder / "content"
    content.mkdir(parents=True, exist_ok=True)
    for d in map(deal, range(deals)):
        _write(content / f"{d.slug}.md", page(d))


def write_workspace(deals: int, folder: Path) -> None:
    """Write a Planmark workspace: planmark.yaml and content/<slug>/{plan.yaml,overview.md}."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "planmark.yaml", "seller: {name: Bench Seller}\n")
    for d in map(deal, range(deals)):
        home = folder / "content" / d.slug
        home.mkdir(parents=True, exist_ok=True)
        _write(home / "plan.yaml", planmark_plan(d))
        _write(home / "overview.md", d.body)


def edit(path: Path, token: str, part: Part) -> None:
    """Put `token` where it will show on the page: in the first task's title (data) or in the prose (body)."""
    text = path.read_text(encoding="utf-8")
    if part == "data":
        text, found = re.subn(r"(- id: [Tt]01\n\s+title: ).*", rf"\g<1>{token} schema", text, count=1)
        if not found:
            raise ValueError(f"{path} has no first task to edit")
    else:
        # the first word of the paragraph under the last second-level heading
        head, heading, rest = text.rpartition("\n## ")
        start = rest.index("\n\n") + 2
        text = head + heading + rest[:start] + token + rest[rest.index(" ", start) :]
    _write(path, text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _front_matter(data: Mapping[str, object]) -> str:
    return "\n".join(["---", *_yaml(data, 0)]) + "\n---\n\n"


def _yaml(data: Mapping[str, object], depth: int) -> list[str]:
    """YAML as a person would write it: plain scalars where that is safe, block literals for descriptions."""
    pad = "  " * depth
    lines: list[str] = []
    for key, value in data.items():
        if isinstance(value, Mapping):
            lines += [f"{pad}{key}:", *_yaml(value, depth + 1)]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines.append(f"{pad}{key}:")
            for item in value:
                first, *others = _yaml(item, depth + 2)
                lines += [f"{pad}  - {first.lstrip()}", *others]
        elif isinstance(value, list):
            lines.append(f"{pad}{key}: [{', '.join(value)}]")
        elif key == "description":
            lines += [f"{pad}{key}: |", *(f"{pad}  {line}" for line in str(value).split("\n"))]
        else:
            lines.append(f"{pad}{key}: {_scalar(value)}")
    return lines


def _scalar(value: object) -> str:
    if isinstance(value, int | dt.date):
        return str(value)
    text = str(value)
    if text[:1].isalpha() and not RESERVED_MARKS.intersection(text) and text.lower() not in RESERVED_WORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
