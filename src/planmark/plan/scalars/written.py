"""The scalar types of the content model: each is written as text and read by one pattern, with one message.

YAML gives every scalar as text (`content/yamltext.py`), so that `no`, `12:30`, `1e3` and `0123` stay what was written. Here a
text becomes a date, a number or an amount, or a problem that says what to write instead. Pydantic's own lax parsing is not
used: it would take `1_000`, `4.0`, `y` and `nan`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

JsonSchema = dict[str, Any]

TYPED = ["string", "number", "boolean", "null"]
"""A text field accepts these in an editor, which types scalars before it checks them; the reader takes each as text."""


class UnreadableError(ValueError):
    """A text that its type does not understand: a message and what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, eq=False)
class Written:
    """Annotation of a scalar type: `read` turns the written text into a value of type `of`, or raises `UnreadableError`.

    `code` is the problem's code, `wanted` what the value is called in messages, `schema` its JSON Schema for editors.
    """

    code: str
    wanted: str
    of: type
    read: Callable[[str], Any]
    schema: JsonSchema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return dict(self.schema)

    def validate(self, value: object) -> object:
        """The value, read from text or already of its type. Raises PydanticCustomError with `code`, message and hint."""
        if isinstance(value, str):
            try:
                return self.read(value)
            except UnreadableError as error:
                raise wrong(self.code, error.message, error.hint) from None
        if isinstance(value, self.of) and not isinstance(value, (dict, list)):
            return value
        raise not_text(value, self.wanted)


def wrong(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """An error that carries its problem code, message and hint through pydantic."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def not_text(value: object, wanted: str) -> PydanticCustomError:
    """A mapping or a list stands where a scalar was meant."""
    if isinstance(value, dict) and len(value) == 1:
        ((key, inner),) = value.items()
        if isinstance(inner, str):
            text = f"{key}: {inner}"
            return wrong(
                "PM107",
                f"expected {wanted}, found a key and a value",
                f'a text with `: ` in it is put in quotes: "{text}"',
            )
    found = "a list" if isinstance(value, list) else "keys and values" if isinstance(value, dict) else "nothing"
    return wrong("PM203", f"expected {wanted}, found {found}", "write one value")


def pattern(
    code: str,
    wanted: str,
    pattern: str,
    hint: str,
    convert: Callable[[re.Match[str]], Any] | None = None,
    of: type = str,
    schema: JsonSchema | None = None,
) -> Written:
    """A scalar type that one regular expression describes whole."""
    compiled = re.compile(pattern)

    def read(text: str) -> Any:
        match = compiled.fullmatch(text.strip())
        if match is None:
            raise UnreadableError(f"`{shown(text)}` is not {wanted}", hint)
        return convert(match) if convert else match[0]

    return Written(code, wanted, of, read, schema or {"type": "string", "pattern": f"^({pattern})$"})


def shown(text: str) -> str:
    """A text short enough for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:39] + "…"


@dataclass(frozen=True)
class Marker:
    """Annotation: what a value stands for beyond its type: `prose`, `file`, `date`, or what an id refers to."""

    kind: str
