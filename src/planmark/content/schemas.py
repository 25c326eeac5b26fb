"""JSON Schemas of the files that a rep writes, for editors that complete and check as one types."""

from __future__ import annotations

import ast
import inspect
import json
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from planmark.plan.plan import Plan
from planmark.plan.resources import Resource
from planmark.plan.scalars import JsonSchema
from planmark.plan.themes import ThemeFile
from planmark.plan.workspace import Workspace

FOLDER = ".planmark"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, JsonSchema]:
    """Every schema by the name of the file that it describes: plan, planmark, resources, theme."""
    return {
        "plan": schema_of(Plan, "plan.yaml"),
        "planmark": schema_of(Workspace, "planmark.yaml"),
        "resources": _list_of(Resource, "resources.yaml"),
        "theme": schema_of(ThemeFile, "theme.yaml"),
    }


def written(schema: JsonSchema) -> str:
    """The schema as a file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def file_name(name: str) -> str:
    """Where a schema is kept in a workspace: `.planmark/plan.schema.json`."""
    return f"{FOLDER}/{name}.schema.json"


def schema_of(model: type[BaseModel], title: str) -> JsonSchema:
    """The schema of one model, each field described by the text below it in the source."""
    schema = model.model_json_schema(schema_generator=_Generator, by_alias=True)
    return {"$schema": DIALECT, **schema, "title": title}


def _list_of(model: type[BaseModel], title: str) -> JsonSchema:
    schema = schema_of(model, title)
    definitions = schema.pop("$defs", {})
    item = {key: value for key, value in schema.items() if key not in ("$schema", "title")}
    return {"$schema": DIALECT, "title": title, "type": "array", "items": item, "$defs": definitions}


class _Generator(GenerateJsonSchema):
    """Without titles, for a field's key says as much; without null, for a key without a value is a mistake; with each field's text."""

    def model_schema(self, schema: Any) -> JsonSchema:
        found = super().model_schema(schema)
        kind: type[BaseModel] = schema["cls"]
        texts = field_texts(kind)
        for name, info in kind.model_fields.items():
            field = found.get("properties", {}).get(info.alias or name)
            if field is not None and name in texts:
                field["description"] = texts[name]
        return found

    def nullable_schema(self, schema: Any) -> JsonSchema:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchema:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: Any) -> JsonSchema:
        found = super().dict_schema(schema)
        return found | {"additionalProperties": False} if "patternProperties" in found else found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  (pydantic's own signature)
        return False


@cache
def field_texts(kind: type[BaseModel]) -> dict[str, str]:
    """The docstring below each field, of a class and of those it is made from."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if not base.__module__.startswith("planmark"):
            continue
        body = ast.parse(inspect.getsource(base)).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, text in zip(body.body, body.body[1:], strict=False):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
            ):
                found[field.target.id] = " ".join(str(text.value.value).split())
    return found
