"""A workspace in which everything that can be written is written, made from the models themselves: a new key is in it by itself.

Every text has a word of its own. What the buyer may see is `shared`, all else is `secret`; both lead from the word to where it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from tests.build.small import SVG
from tests.build.small import plan as small_plan
from tests.media import font

from planmark.content.emit import emit
from planmark.plan.item import Internal, Item, Part
from planmark.plan.people import Organisation, Person
from planmark.plan.plan import Plan
from planmark.plan.resources import Resource
from planmark.plan.scalars import Marker, Written
from planmark.plan.words import SectionName
from planmark.plan.workspace import Notify, Publish, Workspace

DAY, AMOUNT, NUMBER = "2026-11-20", "1234 EUR", "3"
SECRET = {DAY: "2026-12-24", AMOUNT: "98765 EUR", NUMBER: "54321"}
"""What is written instead where it is internal."""
SECRET_SHOWN = ("2026-12-24", "20261224", "24 December", "24 Dec", "98765", "98,765", "54321", "54,321")
BY_MARKER = {
    "person": "dana",
    "owner": "dana",
    "party": "buyer",
    "task": "first-task",
    "stage": "first-stage",
    "work": "first-stage",
    "resource": "first-resource",
    "date": DAY,
}
BY_CODE = {
    "PM205": DAY,
    "PM206": "2",
    "PM207": NUMBER,
    "PM208": AMOUNT,
    "PM210": "yes",
    "PM211": "10:00",
    "PM215": "#336699",
    "PM216": "en-GB",
    "PM217": "Europe/London",
    "PM218": "GB",
    "PM219": "10 %",
    "PM220": "k00m9x4c3hq5d8rj6p1t0bn2v",
}
BY_NAME = {"currency": "EUR", "takes": "3d", "duration": "25m", "end": "11:00", "theme": "default"}
"""Where the kind of value alone does not say what to write. `end` counts for times of day only."""
ENDINGS = {"file": "pdf", "captions": "vtt", "font": "woff2", "font_bold": "woff2"}
CONTENTS = {"pdf": b"%PDF-1.7\n", "vtt": b"WEBVTT\n\n", "woff2": font()}

TEAM = ("planmark.yaml", "team", "seller", "library")
"""How the places begin whose files lie in the library."""
BY_HAND = {"audience", "internal", "continues", "pages", "endpoint", "publish", "rules", "key", "health", "notify", "embeds", "block"}
"""Keys that are written by hand below, that exclude others, or that are settings of the team's own."""


@dataclass
class Complete:
    """The workspace as files, and its words."""

    files: dict[str, bytes] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    secret: dict[str, str] = field(default_factory=dict)
    ids: int = 0

    def word(self, where: str, secret: bool) -> str:
        """A word that stands nowhere else."""
        words = self.secret if secret else self.shared
        made = f"{'zs' if secret else 'zq'}{len(words):04}x"
        words[made] = where
        return made

    def part(self, kind: type[Part], where: str, secret: bool, **given: Any) -> dict[str, Any]:
        """A mapping with every key of a part. What is `given` stands as it is; None leaves the key out."""
        found: dict[str, Any] = {}
        for name, info in kind.model_fields.items():
            key = info.alias or name
            if name in given:
                if given[name] is not None:
                    found[key] = given[name]
            elif name not in BY_HAND:
                found[key] = self._value(_seen((info.annotation, *info.metadata)), name, f"{where}.{key}", secret)
            elif name == "internal":
                inner = next(one for one in get_args(info.annotation) if isinstance(one, type) and issubclass(one, Internal))
                found[key] = self.part(inner, f"{where}.internal", secret=True, **_apart(inner))
        return found

    def _value(self, seen: _Seen, name: str, where: str, secret: bool) -> Any:
        if seen.part:
            value: Any = self.part(seen.part, where, secret, **_apart(seen.part))
            if seen.many and issubclass(seen.part, Item):
                hidden = self.part(seen.part, f"{where}[internal]", secret=True, audience="internal", **_apart(seen.part))
                return [value, hidden]
            return [value] if seen.many else value
        value = self._scalar(seen, name, where, secret)
        value = SECRET.get(value, value) if secret else value
        if seen.keys:
            return {seen.keys[0]: value}
        return [value] if seen.many else value

    def _scalar(self, seen: _Seen, name: str, where: str, secret: bool) -> str:
        if seen.marker == "file":
            return self.file(name, where, secret)
        if seen.words and not seen.keys:
            return seen.words[0]
        if seen.marker in BY_MARKER:
            return BY_MARKER[seen.marker]
        if name in BY_NAME and (name != "end" or seen.code == "PM211"):
            return BY_NAME[name]
        if seen.code in BY_CODE:
            return BY_CODE[seen.code]
        if seen.code == "PM214" and not secret:
            self.ids += 1
            return f"id-{self.ids}"
        word = self.word(where, secret)
        if seen.marker == "prose":
            return f"**{word}** is prose" + (" with [a file](files/hidden.pdf) and ![a picture](files/hidden.svg)" if secret else "")
        shapes = {"PM212": f"https://{word}.example/page", "PM213": f"{word}@example.com", "PM214": f"id-{word}"}
        return shapes.get(seen.code, f"Words with {word}")

    def file(self, name: str, where: str, secret: bool) -> str:
        """A file that the deal names, with a word of its own in its contents."""
        ending = ENDINGS.get(name, "svg")
        word = self.word(f"{where} (contents)", secret)
        path = f"files/{name}-{word}.{ending}"
        head = CONTENTS.get(ending) or SVG.format(colour="#336699").encode()
        folder = "_library" if where.startswith(TEAM) else "complete"
        self.files[f"content/{folder}/{path}"] = head + (f"<!-- {word} -->" if ending == "svg" else word).encode()
        return path


@dataclass(frozen=True)
class _Seen:
    """What an annotation says of a value."""

    part: type[Part] | None = None
    many: bool = False
    marker: str = ""
    code: str = ""
    words: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def _seen(annotations: tuple[Any, ...]) -> _Seen:
    found = _Seen()
    for one in annotations:
        if isinstance(one, Marker):
            found = _Seen(found.part, found.many, one.kind, found.code, found.words, found.keys)
        elif isinstance(one, Written):
            found = _Seen(found.part, found.many, found.marker, one.code, found.words, found.keys)
        elif isinstance(one, type) and issubclass(one, Part):
            found = _Seen(one, found.many, found.marker, found.code, found.words, found.keys)
        elif get_origin(one) is Literal:
            found = _Seen(found.part, found.many, found.marker, found.code, get_args(one), found.keys)
        elif get_origin(one) is dict:
            key, value = get_args(one)
            inner = _seen((value,))
            found = _Seen(inner.part, inner.many, inner.marker, inner.code, inner.words, _seen((key,)).words)
        elif get_args(one):
            inner = _seen(get_args(one))
            many = found.many or inner.many or get_origin(one) is tuple
            found = _Seen(
                found.part or inner.part,
                many,
                found.marker or inner.marker,
                found.code or inner.code,
                found.words or inner.words,
                found.keys or inner.keys,
            )
    return found


def _apart(kind: type[Part]) -> dict[str, Any]:
    """What a part cannot have beside its other keys: a resource has an address or a file."""
    return {"file": None} if "url" in kind.model_fields and "file" in kind.model_fields else {}


def complete() -> Complete:
    """The workspace, with the deal `complete`, and `plain`, which leaves to the workspace what it can."""
    made = Complete()
    plan = made.part(Plan, "plan", secret=False, brand=None, id="complete", **_first_things(made))
    plan["pages"] = _pages(made)
    plan["internal"]["notes"] = "internal.md"
    plan["resources"].append(made.part(Resource, "resource with a file", secret=False, url=None))
    widget = {"id": "widget", "title": made.word("widget", secret=False), "kind": "widget", "block": "shares"}
    shown = {"id": "shown", "title": made.word("shown", secret=False), "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}
    plan["resources"] += [widget, shown]
    text = emit(plan) + f"# a comment: {made.word('a comment', secret=True)}\n"
    workspace = made.part(Workspace, "planmark.yaml", secret=False, people=_team(made), seller=_seller(made), brand=None)
    workspace["notify"] = made.part(Notify, "notify", secret=True) | {"every": "10m"}
    workspace["publish"] = made.part(Publish, "publish", secret=True) | {
        "default": "live",
        "live": {"kind": "directory", "path": made.word("a target", True)},
    }
    library = [
        {"id": "first-resource", **made.part(Resource, "library", secret=False, id=None, file=None)},
        made.part(Resource, "library, not named", secret=True, file=None),
        made.part(Resource, "library, internal", secret=True, file=None, audience="internal"),
    ]
    note = made.word("meeting notes", secret=False)
    made.files |= {
        "planmark.yaml": emit(workspace).encode(),
        "content/_library/resources.yaml": emit({"resources": library}).encode(),
        "content/complete/plan.yaml": text.encode(),
        "content/plain/plan.yaml": small_plan(share=None).encode(),
        "content/complete/meetings/2026-11-03-review.md": f"# Review\n\n{note}\n".encode(),
        **_what_nothing_names(made),
    }
    return made


def _first_things(made: Complete) -> dict[str, Any]:
    """The things that others refer to, each with every key; beside them one that is internal."""
    from planmark.plan.tasks import Stage, Task

    def twice(kind: type[Part], name: str, **given: Any) -> list[dict[str, Any]]:
        return [
            made.part(kind, name, secret=False, id=given.pop("id"), **given),
            made.part(kind, f"{name}[internal]", secret=True, audience="internal", **{**given, "after": None}),
        ]

    tasks = [{"id": "first-task", "title": "The first task", "owner": "maria"}]
    tasks += twice(Task, "task", id="whole-task")
    stages = [{"id": "first-stage", "title": "The first stage", "tasks": tasks}]
    stages += [
        made.part(Stage, "stage", secret=False, id="whole-stage", tasks=[{"title": "Another task", "owner": "maria"}]),
        made.part(Stage, "stage[internal]", secret=True, audience="internal", tasks=[{"title": made.word("hidden stage", True)}]),
    ]
    people = [{"id": "dana", "role": "champion"}, *twice(Person, "person", id="maria")]
    resources = ["first-resource", *twice(Resource, "resource", id="whole-resource", file=None)]
    return {"stages": stages, "people": people, "resources": resources, "contact": "dana", "kept_by": "dana"}


def _team(made: Complete) -> list[dict[str, Any]]:
    return [
        made.part(Person, "team", secret=False, id="dana", party="seller", role=["champion"]),
        made.part(Person, "team, not named", secret=True, id="nobody", party="seller"),
    ]


def _seller(made: Complete) -> dict[str, Any]:
    return made.part(Organisation, "seller", secret=False)


def _pages(made: Complete) -> list[dict[str, Any]]:
    prose, heading = (made.word(f"pages, {what}", secret=False) for what in ("markdown", "title"))
    return [
        {"title": f"First page {made.word('page title', secret=False)}", "sections": list(get_args(SectionName))},
        {
            "title": "Second page",
            "sections": [{"markdown": f"Prose {prose}", "title": f"Heading {heading}"}, {"resources": ["first-resource"]}],
        },
    ]


def _what_nothing_names(made: Complete) -> dict[str, bytes]:
    """Files of the deal and of the library that nothing names, or nothing but internal texts."""
    paths = [
        "content/complete/internal.md",
        "content/complete/overview-old.md",
        "content/complete/files/draft.pdf",
        "content/complete/received/upload.bin",
        "content/complete/quarantine.jsonl",
        "content/complete/activity.jsonl",
        "content/complete/.env",
        "content/_library/files/other.pdf",
        "content/_inbox/raw.json",
        "content/_templates/own/plan.yaml",
        "notes.txt",
    ]
    hidden = {
        f"content/{folder}/files/hidden.{ending}": head + made.word(f"a hidden file of {folder}", secret=True).encode()
        for folder in ("complete", "_library")
        for ending, head in (("pdf", CONTENTS["pdf"]), ("svg", SVG.format(colour="#336699").encode()))
    }
    version = {"version": "2026-11-02", "by": made.word("who put a version out", secret=True), "view": {"target": "2027-01-29"}}
    return (
        hidden
        | {path: made.word(path, secret=True).encode() for path in paths}
        | {"content/complete/versions/2026-11-02.json": json.dumps(version).encode()}
    )
