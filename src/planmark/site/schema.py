"""A JSON Schema from the types of the view."""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from markupsafe import Markup


def schema_of(root: type[Any]) -> dict[str, Any]:
    """The schema of what `as_data` makes of a value of the dataclass `root`."""
    definitions: dict[str, Any] = {}
    schema = _object(root, definitions)
    schema["properties"]["$schema"] = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": root.__name__,
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(kind: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    notes = _docstrings(kind)
    properties: dict[str, Any] = {}
    required = []
    for field in dataclasses.fields(kind):
        annotation = hints[field.name]
        name = field.name.rstrip("_")
        may_miss = _optional(annotation) or get_origin(annotation) is tuple
        properties[name] = _type(annotation, definitions) | ({"description": notes[field.name]} if field.name in notes else {})
        if not may_miss:
            required.append(name)
    return {
        "type": "object",
        "description": inspect.getdoc(kind),
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _optional(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)


def _type(annotation: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if _optional(annotation):
        return _type(next(one for one in get_args(annotation) if one is not type(None)), definitions)
    if get_origin(annotation) is tuple:
        return {"type": "array", "items": _type(get_args(annotation)[0], definitions)}
    if get_origin(annotation) is Literal:
        return {"enum": list(get_args(annotation))}
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        if annotation.__name__ not in definitions:
            definitions[annotation.__name__] = {}
            definitions[annotation.__name__] = _object(annotation, definitions)
        return {"$ref": f"#/$defs/{annotation.__name__}"}
    simple: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        date: {"type": "string", "format": "date"},
        time: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
        Decimal: {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"},
        Markup: {"type": "string", "contentMediaType": "text/html"},
    }
    return dict(simple[annotation])


def _docstrings(kind: type[Any]) -> dict[str, str]:
    """The texts that stand below a class's fields."""
    source = inspect.getsource(kind)
    return {
        name: " ".join(text.split()) for name, text in re.findall(r'^    (\w+):[^\n]*\n    """(.*?)"""', source, re.MULTILINE | re.DOTALL)
    }
