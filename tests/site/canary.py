"""A deal in which every field of every part has a value of its own, so that one can look where each of them turns up.

What is shared says `open`, and its dates are of 2026 to 2029; what is internal says `hush`, and its dates are of 2030 to 2033. Whatever
refers to a list of things refers to one of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any, Literal, get_args, get_origin

from tests.media import font

from planmark.content.emit import emit
from planmark.plan.item import Item, Part, fields_of
from planmark.plan.people import Party, Person
from planmark.plan.plan import Page, Plan
from planmark.plan.resources import Resource
from planmark.plan.scalars import Written
from planmark.plan.tasks import Stage, Task

WORKSPACE = """\
seller: {name: open seller, internal: {notes: hush seller}}
people:
  - {id: open-dana, name: open Dana, internal: {notes: hush Dana}}
  - {id: hush-owen, name: hush Owen, email: hush.owen@lumen.example}
contact: open-dana
"""
NAMED: dict[type[Part], str] = {Person: "person", Party: "party", Stage: "stage", Task: "task", Resource: "resource"}
"""Parts that others refer to: the first of each, shared and internal, has such an id."""
REFERS = {
    "person": "person",
    "owner": "person",
    "party": "party",
    "task": "first",
    "stage": "stage",
    "work": "task",
    "resource": "resource",
}
LEFT_OUT = {
    "Plan": {"continues"},
    "Section": {"stages", "resources", "markdown"},
    "Resource": {"file", "block"},
    "ResourceInternal": {"file", "block"},
}
"""What cannot stand beside something else of its part."""


class Canary:
    """The deal's plan as plain values, and its files."""

    def __init__(self) -> None:
        self.numbers = count(100)
        self.days = {word: count() for word in ("open", "hush")}
        self.given: set[str] = set()
        self.files: dict[str, str | bytes] = {}
        self.plan = self.part(Plan, "open")
        self.plan["people"].append({"id": "open-dana", "role": "open role"})
        self.plan["stages"].insert(
            0, {"id": "open-zero", "title": "open stage zero", "tasks": [{"id": "open-first", "title": "open first"}]}
        )
        own = self.item(Resource, "open", False) | {"file": self.file("open", "svg")}
        self.plan["resources"].append({key: value for key, value in own.items() if key != "url"})
        self.plan["pages"][0]["sections"] += [
            {"stages": ["open-stage", "hush-stage"], "title": "open some stages"},
            {"stages": ["hush-stage"]},
            {"resources": ["open-resource", "hush-resource"], "title": "open some resources"},
            {"resources": ["hush-resource"]},
            {"markdown": "open page of its own", "title": "open words"},
        ]

    def workspace(self, name: str = "acme") -> dict[str, str | bytes]:
        """Every file of a workspace with this deal."""
        folder = f"content/{name}"
        files = {f"{folder}/{path}": data for path, data in self.files.items()}
        return {"planmark.yaml": WORKSPACE, f"{folder}/plan.yaml": emit(self.plan), **files}

    def part(self, part: type[Part], word: str, named: bool = True) -> dict[str, Any]:
        """A value for every field. `named` says that what others refer to may have its id here."""
        fields = {field.name: field for field in fields_of(part)}
        filled: dict[str, Any] = {}
        for name, info in part.model_fields.items():
            key, field = info.alias or name, fields.get(name)
            if name == "audience" or name in LEFT_OUT.get(part.__name__, ()):
                continue
            inside = "hush" if name == "internal" else word
            if field is None or field.part is None:
                value = self.scalar(name, field.marker if field else "", (info.annotation, *info.metadata), word)
                several = field is not None and field.many
                filled[key] = value if not several or isinstance(value, list) else [value]
            elif not field.many:
                filled[key] = self.part(field.part, inside, named and name != "internal")
            elif not issubclass(field.part, Item):
                filled[key] = [self.part(field.part, inside, named)]
            else:
                filled[key] = [self.item(field.part, inside, named)]
                if inside == "open":
                    filled[key].append(self.item(field.part, "hush", named) | {"audience": "internal"})
        if part is Page:
            filled["sections"] = [{"section": "summary", "title": self.text(word)}]
        return filled

    def item(self, part: type[Item], word: str, named: bool) -> dict[str, Any]:
        """An item with an id."""
        name = f"{word}-{NAMED.get(part)}"
        first = named and part in NAMED and name not in self.given
        self.given |= {name} if first else set()
        return self.part(part, word, named) | {"id": name if first else f"{word}-{next(self.numbers)}"}

    def scalar(self, name: str, marker: str, annotations: tuple[Any, ...], word: str) -> Any:
        """A value for a field that holds no part."""
        many = any(get_origin(one) is tuple for one in annotations)
        if marker in REFERS:
            kind = REFERS[marker]
            if kind == "person" and word == "hush":
                return ["hush-person", "hush-owen"] if many else "hush-owen"
            if not many:
                return f"{word}-{kind}" if kind != "first" else "open-first"
            return [f"open-{kind}", f"hush-{kind if kind != 'first' else 'task'}"] if word == "open" else [f"open-{kind}"]
        for annotation in annotations:
            if isinstance(annotation, Written):
                return self.written(name, annotation, word)
            if get_origin(annotation) is Literal:
                return get_args(annotation)[0]
            if get_origin(annotation) is dict:
                keys, values = get_args(annotation)
                return {get_args(keys)[0]: self.scalar(name, "", (values,), word)}
            if get_args(annotation) and (found := self.scalar(name, "", get_args(annotation), word)) is not None:
                return found
        return None

    def written(self, name: str, kind: Written, word: str) -> str:
        """A text that a scalar type takes."""
        number = next(self.numbers)
        if kind.wanted == "a date":
            return self.day(name, word)
        if kind.wanted == "a file's path":
            return self.file(word, "vtt" if name == "captions" else "woff2" if name.startswith("font") else "svg")
        if kind.wanted == "a duration":
            return f"{number % 900 + 1}{'m' if name == 'duration' else 'd'}"
        fitting = {
            "a text": self.text(word),
            "an id": f"{word}-{number}",
            "a mail address": f"{word}.{number}@acme.example",
            "a web address": f"https://acme.example/{word}/{number}",
            "a share key": f"{word}-key-that-nobody-guesses-{number}",
            "a colour": "#0F5C5C",
            "a whole number": "3",
            "a number": f"{number}.25",
            "a percentage": f"{number % 100}.5 %",
            "an amount": f"{500_000 + number} {'EUR' if word == 'open' else 'JPY'}",
            "a currency": "EUR" if word == "open" else "JPY",
            "a time of day": f"{17 if name == 'end' else 8}:{number % 60:02}".zfill(5),
            "yes or no": "yes",
            "a language": "en-GB",
            "a time zone": "Europe/Amsterdam",
            "a holiday calendar": "NL",
        }
        return fitting[kind.wanted]

    def text(self, word: str) -> str:
        """A text that stands nowhere else."""
        return f"{word} words {next(self.numbers)}"

    def day(self, name: str, word: str) -> str:
        """A day that stands nowhere else; ends are later than beginnings."""
        late = {"date": 400, "end": 800, "due": 800}.get(name, 0)
        return (date(2026 if word == "open" else 2030, 1, 1) + timedelta(days=next(self.days[word]) + late)).isoformat()

    def file(self, word: str, ending: str) -> str:
        """The name of a file that is there."""
        name = f"files/{word}-{next(self.numbers)}.{ending}"
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>{name}</title></svg>\n'
        contents: dict[str, str | bytes] = {"svg": svg, "vtt": f"WEBVTT\n\nNOTE {name}\n", "woff2": font()}
        self.files[name] = contents[ending]
        return name


def leaves(value: Any) -> Iterator[str]:
    """Every text, number and key inside plain values, as text."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from leaves(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from leaves(one)
    else:
        yield str(value)


def is_secret(text: str) -> bool:
    """Whether a text holds anything that is internal."""
    return "hush" in text or "JPY" in text or any(f"{year}-" in text for year in range(2030, 2034))
