"""Writes docs/reference.md: every key of every file, from the models' own docstrings. `./run docs` runs it, a test holds it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Literal, get_args, get_origin

from planmark.content.schemas import field_texts
from planmark.plan.item import Internal, Item, Part, fields_of
from planmark.plan.plan import Plan
from planmark.plan.resources import Resource
from planmark.plan.themes import ThemeFile
from planmark.plan.workspace import Workspace

TARGET = Path(__file__).parents[2] / "docs" / "reference.md"
ROOTS: list[tuple[type[Part], str]] = [
    (Workspace, "planmark.yaml"),
    (Plan, "plan.yaml"),
    (Resource, "content/_library/resources.yaml, an item"),
    (ThemeFile, "theme.yaml"),
]


def reference() -> str:
    """The whole page."""
    lines = [
        "# Every key",
        "",
        "Made from the program itself by `./run docs`. **Bold** keys are required; everything else is optional. Every item of a list",
        "may have an `id` (made from its title when left out) and an `audience` (`buyer`, or `internal`: the whole item stays with the",
        "seller). Where a mapping takes `internal:`, any optional key of it may stand there instead, and `notes` (Markdown); what else",
        "belongs there is listed.",
        "",
    ]
    told: set[type[Part]] = set()
    for root, name in ROOTS:
        _tell(root, name, lines, told)
    return "\n".join(lines).rstrip() + "\n"


def _tell(part: type[Part], name: str, lines: list[str], told: set[type[Part]]) -> None:
    if part in told:
        return
    told.add(part)
    lines += [f"## {name}", "", _sentence(part), "", "| key | what it is |", "| --- | --- |"]
    texts = field_texts(part)
    inner = {field.name: field.part for field in fields_of(part) if field.part}
    extra: list[str] = []
    for field, info in sorted(part.model_fields.items(), key=lambda pair: not pair[1].is_required()):
        key = info.alias or field
        if issubclass(part, Item) and field in ("id", "audience"):
            continue
        if field == "internal":
            block = inner["internal"]
            extra = [one for one in block.model_fields if one not in part.model_fields and one not in Internal.model_fields]
            known = field_texts(block)
            lines += [f"| `internal.{one}` | {known[one]} |" for one in extra]
            continue
        shown = f"**`{key}`**" if info.is_required() else f"`{key}`"
        words = _words(info.annotation)
        more = f" One of: {', '.join(words)}." if words and len(words) > 1 else ""
        link = f" See [{_name(inner[field])}](#{_anchor(inner[field])})." if field in inner else ""
        lines.append(f"| {shown} | {texts[field]}{'' if more and words and all(word in texts[field] for word in words) else more}{link} |")
    lines.append("")
    for field, block in inner.items():
        if field != "internal":
            _tell(block, _name(block), lines, told)


def _sentence(part: type[Part]) -> str:
    return " ".join((inspect.getdoc(part) or "").split())


def _name(part: type[Part]) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in part.__name__).strip()
    return words.capitalize()


def _anchor(part: type[Part]) -> str:
    return _name(part).lower().replace(" ", "-")


def _words(annotation: object) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    for inner in get_args(annotation):
        words = _words(inner)
        if words:
            return words
    return []


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
