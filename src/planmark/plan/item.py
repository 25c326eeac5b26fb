"""What every part of a plan has in common: an id, an audience, an `internal:` block, and shapes that may be written short."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from planmark.plan.scalars import Id, JsonSchema, Marker, Prose, Text
from planmark.plan.scalars.written import not_text
from planmark.problems import did_you_mean

T = TypeVar("T")


class _OneOrMany:
    """Annotation of a tuple: one value may stand for a list. Decided by shape before anything is validated."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_list, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        many = handler(schema)
        return {"anyOf": [many["items"], many]} if "items" in many else many


def _as_list(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else [value]


Many = Annotated[tuple[T, ...], _OneOrMany()]
"""A list; a single value may stand for it."""


class Part(BaseModel):
    """A mapping of the content model. Frozen; unknown keys are problems.

    `shorthand` names the field that a lone text or list stands for: `account: Northwind` is `account: {name: Northwind}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, arbitrary_types_allowed=True)
    shorthand: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        if cls.shorthand and isinstance(value, (str, list)):
            return {cls.shorthand: value}
        if isinstance(value, dict) and len(value) == 1 and cls._is_cut_text(*value):
            raise not_text(value, "a text")
        return value

    @classmethod
    def _is_cut_text(cls, key: str) -> bool:
        """Whether a lone key is the first half of a text with `: ` in it, where a text may stand for the whole part."""
        if not cls.shorthand or get_args(Text)[1] not in cls.model_fields[cls.shorthand].metadata:
            return False
        keys = [info.alias or name for name, info in cls.model_fields.items()]
        return key not in keys and not did_you_mean(key, keys, "-").startswith("did")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        whole = handler(schema)
        if not cls.shorthand:
            return whole
        fields = handler.resolve_ref_schema(whole)
        return {"anyOf": [fields["properties"][cls.shorthand], whole]}


Audience = Literal["buyer", "internal"]


class Item(Part):
    """A part that stands in a list: it may have an id of its own, else its id is made from the field `named_by`."""

    named_by: ClassVar[str] = "title"

    id: Id = ""
    """What events and links name it by; made from the title when left out."""
    audience: Audience = "buyer"
    """`internal` keeps the whole item on the seller's side."""

    @property
    def name_for_id(self) -> str:
        """The text that the id is made from."""
        return str(getattr(self, self.named_by) or "")


class Internal(Part):
    """What every `internal:` block may hold beside the optional fields of its item. It never leaves the workspace."""

    notes: Prose | None = None
    """Anything."""


class Line(Item):
    """One line of text in a list; a lone text stands for it."""

    shorthand: ClassVar[str] = "text"
    named_by: ClassVar[str] = "text"

    text: Text
    """The line."""
    internal: Internal | None = None
    """Never leaves the workspace."""


@dataclass(frozen=True)
class Field:
    """What the walk needs to know of one field: the markers of its texts, and the part or parts it holds."""

    name: str
    key: str
    marker: str
    part: type[Part] | None
    many: bool


@cache
def fields_of(part: type[Part]) -> tuple[Field, ...]:
    """The fields of a part that hold marked texts or other parts, in order."""
    found = []
    for name, info in part.model_fields.items():
        marker, inner, many = _look_into((info.annotation, *info.metadata))
        if marker or inner:
            found.append(Field(name, info.alias or name, marker, inner, many))
    return tuple(found)


def _look_into(annotations: tuple[Any, ...]) -> tuple[str, type[Part] | None, bool]:
    marker, part, many = "", None, False
    for annotation in annotations:
        if isinstance(annotation, Marker):
            marker = annotation.kind
        elif isinstance(annotation, _OneOrMany):
            many = True
        elif isinstance(annotation, type) and issubclass(annotation, Part):
            part = annotation
        elif get_origin(annotation) is not dict:  # what a free mapping holds is a setting, not a part of the plan
            inner_marker, inner_part, inner_many = _look_into(get_args(annotation))
            marker, part, many = marker or inner_marker, part or inner_part, many or inner_many
    return marker, part, many
