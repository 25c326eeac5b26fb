"""The schemas that editors check and complete with: what they say fits what the reader takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from planmark.content.schemas import DIALECT, field_texts, file_name, schemas, written
from planmark.plan.item import Part, fields_of
from planmark.plan.plan import Plan
from planmark.plan.resources import Resource
from planmark.plan.themes import ThemeFile
from planmark.plan.workspace import Endpoint, Health, Publish, Rule, Target, Workspace
from planmark.shipped import TEMPLATES, THEMES

ROOT = Path(__file__).parents[2]
EXAMPLES = [
    ("planmark", ROOT / "planmark.yaml"),
    ("resources", ROOT / "content" / "_library" / "resources.yaml"),
    *(("theme", path) for path in sorted(THEMES.glob("*/theme.yaml"))),
    *(("plan", path) for path in sorted(ROOT.glob("content/[a-z]*/plan.yaml"))),
    *(("plan", path) for path in sorted(TEMPLATES.glob("*/plan.yaml"))),
]


class Editor(yaml.SafeLoader):
    """YAML as an editor types it: the core schema of YAML 1.2, in which dates, `yes` and `12:30` are texts."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  (as in its base)


for _tag, _shape, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+.0123456789"),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_shape})$"), list(_first))


def typed(text: str) -> Any:
    """A YAML text as an editor sees it."""
    return yaml.load(text, Editor)


@cache
def checking(name: str) -> Draft202012Validator:
    """What an editor checks a file with."""
    return Draft202012Validator(schemas()[name])


def complaints(name: str, value: Any) -> list[str]:
    """Where an editor underlines something."""
    return [".".join(map(str, error.absolute_path)) for error in checking(name).iter_errors(value)]


def test_an_editor_types_scalars_as_yaml_1_2_does() -> None:
    text = "[yes, no, on, 12:30, 2026-11-03, 1_000, 3d, 10 %, 4, 0.5, 1e3, true, ~, '4']"
    assert typed(text) == ["yes", "no", "on", "12:30", "2026-11-03", "1_000", "3d", "10 %", 4, 0.5, 1000.0, True, None, "4"]


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: value.parent.name if isinstance(value, Path) else value)
def test_nothing_is_underlined_in_the_examples(name: str, path: Path) -> None:
    assert complaints(name, typed(path.read_text(encoding="utf-8"))) == []


def test_there_are_examples_of_everything() -> None:
    assert {name for name, _ in EXAMPLES} == set(schemas())
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("name", ["plan", "planmark", "resources", "theme"])
def test_a_schema_is_one_by_its_own_rules(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert json.loads(written(schema)) == schema
    assert file_name(name) == f".planmark/{name}.schema.json"


SMALL = """\
account: Northwind
title: Rollout
target: 2027-01-29
people: [{id: maria, name: Maria}]
stages: [{title: Start, tasks: [{title: Sign}]}]
"""

SHORT = [
    "people: maria",
    "people: [maria, {role: [champion, Works council]}]",
    "account: {name: 1e3, short: no, logo: files/a.svg}",
    "account: {name: Acme, logo: {light: a.svg, dark: b.svg}}",
    "target: {date: 2027-01, why: The spring}",
    "target: 10d after start",
    "value: 120000 EUR",
    "value: {amount: 120000 EUR, note: over 36 months}",
    "state: won",
    "buyers_can: []",
    "buyers_can: check",
    "outcomes: One plan",
    "outcomes: [One plan, {text: Two, audience: internal}]",
    "resources: [demo, {id: deck, title: 2026, length: 12}]",
    "pages: [{title: A, sections: [summary, {stages: s1}, {resources: [demo]}, {resources: {kind: video}}, {markdown: a.md}]}]",
    "pricing: {currency: EUR, options: [{name: A, discount: 10 %, lines: [{item: Seats, unit: 150, quantity: 0.5, per: month}]}]}",
    "risks: [{title: Late, owner: maria, probability: high, internal: {notes: internal.md}}]",
    "review: {every: 2 weeks, day: Tuesday, time: '15:00', duration: 25m, with: [maria]}",
    "not_needed: {security: No personal data}",
    "internal: {value: 140000 EUR, forecast: commit, rep: dana, crm: {hubspot: 123456}}",
    "in_their_words: Faster",
]


@pytest.mark.parametrize("line", SHORT)
def test_every_short_form_that_the_reader_takes_is_fine_in_an_editor(line: str) -> None:
    value = typed(SMALL) | typed(line)
    assert complaints("plan", value) == []


WRONG = {
    "a misspelt key": ("plan", "objectiv: Fast", ""),
    "a misspelt key in a task": ("plan", "stages: [{title: S, tasks: [{title: T, onwer: maria}]}]", "stages"),
    "a list where a text is meant": ("plan", "title: [Rollout]", "title"),
    "a date in words": ("plan", "target: {date: 29 January 2027}", "target"),
    "a misspelt word": ("plan", "state: {is: winning}", "state"),
    "a status that there is none of": ("plan", "stages: [{title: S, tasks: [{title: T, status: finished}]}]", "stages"),
    "neither yes nor no": ("plan", "stages: [{title: S, tasks: [{title: T, milestone: maybe}]}]", "stages"),
    "a colour in words": ("plan", "brand: {accent: green}", "brand.accent"),
    "an amount with a separator": ("plan", "internal: {value: '120,000 EUR'}", "internal.value"),
    "a short share key": ("plan", "share_key: secret", "share_key"),
    "a time without a colon": ("plan", "key_dates: [{date: 2026-11-20, title: A, time: '930'}]", "key_dates"),
    "an item without what it needs": ("plan", "freezes: [{start: 2026-12-21}]", "freezes"),
    "a gate that there is none of": ("plan", "not_needed: {lawyers: None here}", "not_needed"),
    "a negative number": ("plan", "pricing: {currency: EUR, options: [{name: A, lines: [{item: S, unit: -1}]}]}", "pricing.options"),
    "a language that does not ship": ("plan", "locale: pl", "locale"),
    "a key without a value": ("plan", "target:", "target"),
    "an address of the wrong kind": ("planmark", "seller: {name: A, site: ftp://a.example}", "seller"),
    "a rule that there is none of": ("planmark", "rules: {R31: off}", "rules"),
    "a person without a shape": ("planmark", "people: {name: Dana, mail: dana@lumen.example}", "people"),
    "a resource of an unknown kind": ("resources", "[{id: a, title: A, kind: film}]", "0"),
    "a library that is no list": ("resources", "{id: a, title: A}", ""),
    "a colour that is none": ("theme", "light: {accent: '#12'}", "light.accent"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_reader_refuses_an_editor_underlines(name: str) -> None:
    schema, text, where = WRONG[name]
    value = typed(SMALL) | typed(text) if schema == "plan" else typed(text)
    assert complaints(schema, value) == [where]


@pytest.mark.parametrize("key", ["account", "title", "target", "people", "stages"])
def test_what_every_plan_needs_is_asked_for(key: str) -> None:
    value = typed(SMALL)
    del value[key]
    assert complaints("plan", value) == [""]


def objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping that a schema describes, by its name."""
    whole = schema.get("items", schema)
    for name, definition in [("", whole), *schema.get("$defs", {}).items()]:
        for one in [definition, *definition.get("anyOf", [])]:
            if "properties" in one:
                yield name, one


@pytest.mark.parametrize("name", ["plan", "planmark", "resources", "theme"])
def test_an_editor_says_what_every_key_is_for(name: str) -> None:
    silent = [
        f"{kind}.{key}"
        for kind, one in objects(schemas()[name])
        for key, field in one["properties"].items()
        if not field.get("description")
    ]
    assert silent == []


def test_a_key_is_described_by_its_own_text_where_two_parts_have_one_name() -> None:
    """A target is a date in a plan, and a place to publish to in a workspace."""
    plan, workspace = (dict(objects(schemas()[name]))["Target"]["properties"] for name in ("plan", "planmark"))
    assert plan["why"]["description"] == "The buyer's event that this date hangs on."
    assert workspace["url"]["description"] == field_texts(Target)["url"] == "The public address."


def parts_of(root: type[Part]) -> set[type[Part]]:
    """A part and all that it holds."""
    found: set[type[Part]] = set()
    pending = [root]
    while pending:
        part = pending.pop()
        if part not in found:
            found.add(part)
            pending += [field.part for field in fields_of(part) if field.part]
    return found


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("plan", parts_of(Plan)),
        ("planmark", parts_of(Workspace) | {Endpoint, Publish, Target, Rule, Health}),
        ("resources", parts_of(Resource)),
        ("theme", parts_of(ThemeFile)),
    ],
)
def test_every_key_of_the_reader_is_known_to_editors(name: str, parts: set[type[Part]]) -> None:
    described = [frozenset(one["properties"]) for _, one in objects(schemas()[name])]
    for part in parts:
        keys = frozenset(info.alias or field for field, info in part.model_fields.items())
        assert keys in described, part.__name__
    assert set(described) == {frozenset(info.alias or field for field, info in part.model_fields.items()) for part in parts}


def test_an_unknown_key_is_underlined_everywhere_but_where_a_service_has_its_own() -> None:
    open_ones = {kind for name in schemas() for kind, one in objects(schemas()[name]) if one.get("additionalProperties") is not False}
    assert open_ones == {"Endpoint", "Target", "Publish"}
