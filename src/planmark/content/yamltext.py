"""YAML text into plain values with a place for each, in one pass over the C parser's events.

Every scalar stays text. No recursion, no constructors: depth, size, tags, aliases and duplicate keys are refused with their place,
and what YAML takes apart (a comma inside `{}`, `: ` in a text, ` #` before a word, a leading sign) is a problem that says to use quotes.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from planmark.content.places import Document, Place, Value
from planmark.content.textfile import read_text
from planmark.content.yamlerrors import QUOTES, explained
from planmark.problems import Location, Problem

MAX_NODES = 200_000
MAX_DEPTH = 32


def read_yaml(data: bytes, path: str, problems: list[Problem]) -> Document | None:
    """The file's value with its places; what is wrong is added to `problems`. None where nothing of it can be used.

    An empty file is an empty mapping.
    """
    text = read_text(data, path, problems)
    if text is None:
        return None
    reader = _Reader(text, path, problems)
    try:
        document = reader.read()
    except yaml.YAMLError as error:
        del problems[reader.certain() :]
        problems.append(explained(error, reader.text, path))
        return None
    except _RefusedError:
        return None
    return document


_HASH = "write one; where the text itself starts with `#`, put it in quotes"


def _taken_off(name: str) -> str:
    return f"`&{name}` is taken off the text: `&` names a value for YAML"


class _RefusedError(Exception):
    """The file cannot be read on; its problem is noted."""


class _Open:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "flow", "key", "noted", "place", "value")

    def __init__(self, value: list[Value] | dict[str, Value], place: Place, flow: bool, anchor: str | None, noted: int) -> None:
        self.value, self.place, self.flow, self.anchor = value, place, flow, anchor
        self.noted = noted
        """How many problems were noted when it began."""
        self.key: tuple[str, int, int, int] | None = None


_BREAKS = str.maketrans("\x85\u2028\u2029", "   ")
"""YAML takes these for the end of a line, and no editor does: they come with pasted text, and places would be wrong after them."""


class _Reader:
    def __init__(self, text: str, path: str, problems: list[Problem]) -> None:
        self.text = text.translate(_BREAKS)
        self.path, self.problems = path, problems
        self.lines = self.text.split("\n")
        self.cuts = {number for number, line in enumerate(self.lines) if " #" in line and re.search(r"\S[ \t]+#[^\W_]", line)}
        self.open: list[_Open] = []
        self.nodes = 0
        self.anchors: dict[str, tuple[Value, Place]] = {}
        self.unused: dict[str, Place] = {}
        self.result: tuple[Value, Place] | None = None

    def read(self) -> Document:
        if "\t" in self.text:
            self._find_tabs()
        next_event = yaml.CSafeLoader(self.text).get_event
        scalar, scalar_event = self._scalar, yaml.ScalarEvent  # hundreds in each plan
        documents = 0
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar_event:
                scalar(event)
            elif kind is yaml.MappingStartEvent:
                self._start({}, {}, event)
            elif kind is yaml.SequenceStartEvent:
                self._start([], [], event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end()
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._refuse("PM113", event, "a second document starts here", "keep one plan in one file: remove the `---`")
            elif kind is yaml.StreamEndEvent:
                break
        for name, place in self.unused.items():
            self._problem(
                "PM107",
                place.line,
                place.column,
                _taken_off(name),
                QUOTES,
            )
        value, place = self.result or ({}, Place(0, 0, {}))
        return Document(self.path, value, place, self.text)

    def certain(self) -> int:
        """How many of the problems hold where the file cannot be read on: those inside an open bracket may come of its being open."""
        return next((frame.noted for frame in self.open if frame.flow), len(self.problems))

    # -- events --

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        line, column = mark.line, mark.column
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._count(0, event)
        if event.tag is not None:
            self._tag(event)
        text: str = event.value
        frame = self.open[-1] if self.open else None
        if frame is not None and frame.key is None and isinstance(frame.value, dict):
            if text in frame.value:
                self._told_twice(frame, text, event)
            frame.key = (text, line, column, event.end_mark.index)
            return
        style = event.style
        place = Place(line, column)
        if style:
            place.style = style
        else:
            end = event.end_mark
            if not text:
                self._nothing(frame, event, place)
                return
            if end.line in self.cuts:
                rest = self.lines[end.line][end.column :]
                if re.match(r"[ \t]+#[^\W_]", rest):
                    column = end.column + rest.index("#")
                    self._problem("PM107", end.line, column, "` #` starts a comment, so the text ends before it", QUOTES)
        if event.anchor:
            self._anchor(event.anchor, text, place)
        self._put(text, place)

    def _told_twice(self, frame: _Open, key: str, event: Any) -> None:
        mark = event.start_mark
        first = frame.place.inner[key].key if isinstance(frame.place.inner, dict) else None
        where = f" (line {first[0] + 1})" if first else ""
        self._problem("PM103", mark.line, mark.column, f"`{key}` stands here twice{where}", "keep one of the two")

    def _nothing(self, frame: _Open | None, event: Any, place: Place) -> None:
        """An empty plain scalar: a key without a value, a comma that cut a text in two, or a sign that hides the text."""
        if frame is None:
            return
        index = event.start_mark.index
        if frame.key is None:  # an item of a list
            if event.anchor:
                self._problem("PM107", place.line, place.column, _taken_off(event.anchor), QUOTES)
            elif self._is_comment(index):
                self._problem("PM107", *self._sign(index), "this item has no text: `#` starts a comment", _HASH)
            else:
                self._problem("PM106", place.line, place.column, "an empty item of a list", "write something after the `-`, or remove it")
            return
        key, line, column, start = frame.key
        frame.key = None
        between = self.text[start:index]
        inner = frame.place.inner
        assert isinstance(inner, dict)
        if event.anchor:
            self._problem("PM107", place.line, place.column, _taken_off(event.anchor), QUOTES)
        elif frame.flow and ":" not in between and not inner:
            self._problem(
                "PM107",
                frame.place.line,
                frame.place.column,
                "`{` starts keys and values, and there are none",
                "a list stands in `[]`; a text that starts with `{` is put in quotes",
            )
            frame.place.flawed = True
        elif frame.flow and ":" not in between:
            inner[next(reversed(inner))].flawed = True
            if not frame.place.flawed:
                self._problem("PM107", line, column, f"the comma before `{key}` cuts a text in two", QUOTES)
        elif self._is_comment(start):
            self._problem("PM107", *self._sign(start), f"`{key}` has no value: `#` starts a comment", _HASH)
        else:
            self._problem("PM106", line, column, f"`{key}` has no value", "write one, or remove the line")
        gap = Place(line, column)
        gap.key, gap.flawed = (line, column), True
        inner.setdefault(key, gap)

    def _is_comment(self, index: int) -> bool:
        """Whether the rest of a line, after a dash or a key, is a comment."""
        return bool(re.compile(r":?[ \t]*#").match(self.text, index))

    def _sign(self, index: int) -> tuple[int, int]:
        """Line and column of the next `#`."""
        found = self.text.index("#", index)
        return self.text.count("\n", 0, found), found - self.text.rfind("\n", 0, found) - 1

    def _start(self, value: list[Value] | dict[str, Value], inner: list[Place] | dict[str, Place], event: Any) -> None:
        self._count(1, event)
        mark = event.start_mark
        if event.tag is not None:
            self._tag(event)
        frame = self.open[-1] if self.open else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            self._refuse(
                "PM112",
                event,
                "a list or a mapping stands where a key was meant",
                f"write a word and a colon, or {QUOTES}",
            )
        if len(self.open) >= MAX_DEPTH:
            self._refuse("PM108", event, f"more than {MAX_DEPTH} levels inside each other", "a plan needs no more than ten")
        self.open.append(_Open(value, Place(mark.line, mark.column, inner), bool(event.flow_style), event.anchor, len(self.problems)))

    def _end(self) -> None:
        frame = self.open.pop()
        if frame.anchor:
            self._anchor(frame.anchor, frame.value, frame.place)
        self._put(frame.value, frame.place)

    def _anchor(self, name: str, value: Value, place: Place) -> None:
        self.anchors[name] = (value, place)
        self.unused[name] = place

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            name = f"*{event.anchor}"
            self._refuse("PM107", event, f"`{name}` refers to nothing", "where the text itself starts with `*`, put it in quotes")
        value, place = self.anchors[event.anchor]
        self.unused.pop(event.anchor, None)
        self._count(place.nodes, event)
        frame = self.open[-1] if self.open else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            self._refuse("PM112", event, "an alias stands where a key was meant", "write the key itself")
        copy = Place(event.start_mark.line, event.start_mark.column, place.inner)
        copy.nodes, copy.style = place.nodes, "*"
        self._put(value, copy)

    def _put(self, value: Value, place: Place) -> None:
        if not self.open:
            self.result = (value, place)
            return
        frame = self.open[-1]
        frame.place.nodes += place.nodes
        if isinstance(frame.value, list):
            frame.value.append(value)
            frame.place.inner.append(place)  # type: ignore[union-attr]  # a list's places are a list
            return
        key, line, column, _ = frame.key or ("", 0, 0, 0)
        frame.key = None
        place.key = (line, column)
        if key not in frame.value:
            frame.value[key] = value
            frame.place.inner[key] = place  # type: ignore[index, call-overload]  # a mapping's places are a mapping

    # -- refusals --

    def _count(self, nodes: int, event: Any) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            message = f"the file holds more than {MAX_NODES:,} values once its aliases are written out"
            self._refuse("PM104", event, message, "write the values themselves instead of `&` and `*`")

    def _tag(self, event: Any) -> None:
        name = event.tag.replace("tag:yaml.org,2002:", "!!")
        hint = "remove it; where the text itself starts with `!`, put it in quotes"
        self._refuse("PM105", event, f"`{name}` is a YAML tag, which plans do not use", hint)

    def _problem(self, code: str, line: int, column: int, message: str, hint: str) -> None:
        self.problems.append(Problem(code, message, Location(self.path, line + 1, column + 1), hint))

    def _refuse(self, code: str, event: Any, message: str, hint: str) -> None:
        self._problem(code, event.start_mark.line, event.start_mark.column, message, hint)
        raise _RefusedError

    def _find_tabs(self) -> None:
        for number, line in enumerate(self.lines):
            indent = line[: len(line) - len(line.lstrip(" \t"))]
            if "\t" in indent and line.strip():
                self._problem("PM102", number, indent.index("\t"), "a tab indents this line", "use two spaces for each level")
                raise _RefusedError
