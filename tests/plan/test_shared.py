"""Nothing internal is left in what is shared: every field of every model is filled, whatever it is, and looked for afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from planmark.plan.item import Item, Part, fields_of
from planmark.plan.plan import Plan
from planmark.plan.scalars import Written
from planmark.plan.shared import shared
from planmark.plan.walk import marked

SHARED = [
    "open {}",
    "open-{}",
    "open-{}@acme.example",
    "https://acme.example/open-{}",
    "open-{}.svg",
    "2026-11-03",
    "11:11",
    "11d",
    "11m",
    "11",
]
SHARED += ["11 %", "11 EUR", "EUR", "yes", "#111111", "en", "Europe/London", "GB", "open-key-that-nobody-guesses-{}"]
SECRET = [
    "secret {}",
    "secret-{}",
    "secret-{}@acme.example",
    "https://acme.example/secret-{}",
    "secret-{}.svg",
    "2031-12-31",
    "13:13",
    "77d",
    "77m",
    "77",
]
SECRET += ["77 %", "77 JPY", "JPY", "yes", "#777777", "ja", "Asia/Tokyo", "JP", "secret-key-that-nobody-guesses-{}"]


class Filling:
    """A raw plan in which every field of every part has a value; those below `internal` have values of their own."""

    def __init__(self) -> None:
        self.numbers = count()
        self.fields: set[str] = set()

    def part(self, part: type[Part], secret: bool) -> dict[str, Any]:
        fields = {field.name: field for field in fields_of(part)}
        filled: dict[str, Any] = {}
        for name, info in part.model_fields.items():
            self.fields.add(f"{part.__name__}.{name}")
            key, field = info.alias or name, fields.get(name)
            if name == "audience":
                continue
            if field is None or field.part is None:
                value = self.scalar((info.annotation, *info.metadata), secret)
                filled[key] = [value] if field and field.many else value
            elif field.many:
                filled[key] = self.items(field.part, secret)
            else:
                filled[key] = self.part(field.part, secret or name == "internal")
        return filled

    def items(self, part: type[Part], secret: bool) -> list[dict[str, Any]]:
        def hidden() -> list[dict[str, Any]]:
            return [self.part(part, True) | {"audience": "internal"}] if issubclass(part, Item) else []

        return [*hidden(), self.part(part, secret), *hidden()]

    def scalar(self, annotations: tuple[Any, ...], secret: bool) -> Any:
        for annotation in annotations:
            if isinstance(annotation, Written):
                return self.accepted(annotation, secret)
            if get_origin(annotation) is Literal:
                return get_args(annotation)[-1 if secret else 0]
            if get_origin(annotation) is dict:
                keys, values = get_args(annotation)
                return {get_args(keys)[-1 if secret else 0]: self.scalar((values,), secret)}
            found = self.scalar(get_args(annotation), secret)
            if found is not None:
                return found
        return None

    def accepted(self, written: Written, secret: bool) -> str:
        number = "".join("abcdefghij"[int(digit)] for digit in str(next(self.numbers)))
        for candidate in SECRET if secret else SHARED:
            text = candidate.format(number)
            try:
                written.read(text)
            except ValueError:
                continue
            return text
        raise AssertionError(f"no value fits {written.wanted}")


def texts(value: Any) -> Iterator[str]:
    """Everything that a model holds, as text."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (*texts(key), *texts(one))
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from texts(one)
    else:
        yield repr(value)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan.model_validate(Filling().part(Plan, False))


def is_secret(text: str) -> bool:
    return any(sign in text for sign in ("secret", "2031", "77", "JPY", "Tokyo", "13, 13"))


def test_every_field_of_every_model_is_filled(plan: Plan) -> None:
    filling = Filling()
    filling.part(Plan, False)
    wanted: set[str] = set()
    pending: list[type[Part]] = [Plan]
    while pending:
        part = pending.pop()
        names = {f"{part.__name__}.{name}" for name in part.model_fields}
        if not names <= wanted:
            wanted |= names
            pending += [field.part for field in fields_of(part) if field.part]
    assert filling.fields >= wanted
    assert len(wanted) > 300
    assert sum(map(is_secret, texts(plan))) > 500


def test_nothing_internal_is_left_in_what_is_shared(plan: Plan) -> None:
    assert [text for text in texts(shared(plan)) if is_secret(text)] == []


def test_everything_else_is_left(plan: Plan) -> None:
    public = [text for text in texts(plan) if "open" in text]
    assert [text for text in texts(shared(plan)) if "open" in text] == public
    assert len(public) > 100


def test_no_internal_block_and_no_internal_item_is_left_at_any_depth(plan: Plan) -> None:
    pending: list[Part] = [shared(plan)]
    while pending:
        part = pending.pop()
        assert getattr(part, "internal", None) is None
        assert getattr(part, "audience", "buyer") == "buyer"
        for field in fields_of(type(part)):
            if field.part and (value := getattr(part, field.name)):
                pending += value if field.many else [value]


def test_a_plan_without_anything_internal_is_the_same_plan() -> None:
    plan = Plan.model_validate(
        {
            "account": "Acme",
            "title": "Rollout",
            "target": "2027-01-29",
            "people": ["maria"],
            "stages": [{"title": "Start", "tasks": [{"title": "Sign", "steps": ["Send", {"title": "Sign"}]}]}],
        }
    )
    assert shared(plan) is plan


def test_sharing_changes_nothing_of_the_plan_itself(plan: Plan) -> None:
    before = list(texts(plan))
    shared(plan)
    assert list(texts(plan)) == before
    assert any("secret" in str(value) for _, _, value in marked(plan))
