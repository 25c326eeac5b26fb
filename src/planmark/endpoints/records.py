"""JSON of a service into records: paths lead to what is known, and only our own fields come along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from planmark.endpoints.addresses import WHERE
from planmark.endpoints.times import moment_of
from planmark.extensions import Record, SentFile
from planmark.plan.submissions import FILE, NEXT, clean_line
from planmark.problems import PlanmarkError, Problem

JsonPath = tuple[str, ...]
"""Keys from a JSON value to one inside it; empty is the value itself."""
_OURS = re.compile(r"pm_[a-z]{1,20}")
YES = ("true", "1", "yes", "spam")
"""How services say that a submission is spam, in small letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where a service's answer holds what a record is made of."""

    items: JsonPath
    """The list, from the root; all others start at an item of it."""
    received: JsonPath
    fields: JsonPath
    id: JsonPath = ()
    """Empty where the service has no ids."""
    spam: JsonPath = ()
    """Whether the service holds it for spam; empty where a folder says it, or nothing does."""
    files: JsonPath = ()
    """Addresses of files, beside those in the field of the file itself."""


def parsed(raw: bytes) -> Any:
    """An answer's JSON. PlanmarkError where it is none, or breaks off."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise unexpected("no JSON can be read from it, or not to its end") from None


def items_of(value: Any, paths: Paths) -> list[Any]:
    """The submissions in an answer, as they are."""
    found = at(value, paths.items)
    if not isinstance(found, list):
        said = _error_of(value)
        raise unexpected(f"it says: {said}" if said else f"there is no list{_named(paths.items)}")
    return found


def record_of(item: Any, paths: Paths, suspect: bool) -> Record:
    """One submission as a record. PlanmarkError where it does not say when it came: nothing else may."""
    received = moment_of(at(item, paths.received))
    if received is None:
        raise unexpected(f"a submission has no time{_named(paths.received)}")
    given = at(item, paths.fields)
    fields = given if isinstance(given, dict) else {}
    return Record(
        source_id=as_text(at(item, paths.id)) if paths.id else "",
        received=received,
        fields=own_fields(fields),
        files=files_in(fields, at(item, paths.files) if paths.files else None),
        suspect=suspect or bool(paths.spam and as_text(at(item, paths.spam)).lower() in YES),
    )


def own_fields(fields: Mapping[str, Any]) -> dict[str, str]:
    """Those of some fields that are ours, as texts: never an address or a browser's name that the service added."""
    ours = {name: as_text(value) for name, value in fields.items() if _OURS.fullmatch(name) and name not in (FILE, NEXT)}
    return {name: text for name, text in ours.items() if text}


def files_in(fields: Mapping[str, Any], more: Any = None) -> tuple[SentFile, ...]:
    """The files that a submission names, each once: addresses, or objects that hold one."""
    found = {file.url: file for value in (fields.get(FILE), more) for file in _files(value)}
    return tuple(found.values())


def _files(value: Any) -> Iterator[SentFile]:
    if isinstance(value, list):
        for one in value:
            yield from _files(one)
    elif isinstance(value, dict):
        url = value.get("url")
        if isinstance(url, str) and url.startswith(("https://", "http://")):
            name = next((value[key] for key in ("filename", "name") if isinstance(value.get(key), str) and value[key]), "")
            yield SentFile(name or _last_part(url), url)
    elif isinstance(value, str) and value.startswith(("https://", "http://")):
        url, _, name = value.partition("#")  # our own receiver's table has the name there
        yield SentFile(unquote(name) or _last_part(url), url)


def _last_part(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2] or "file"
    except ValueError:
        return "file"


def as_text(value: Any) -> str:
    """A JSON value as the text that a form would have sent."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def at(value: Any, path: JsonPath) -> Any:
    """What a path leads to; None where it leads nowhere."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


EXPORT = "export the submissions at the service and read them with `planmark pull --from`"
"""What works without an API."""


def unexpected(message: str, hint: str = f"try again; if it stays so, {EXPORT}") -> PlanmarkError:
    """The error of a service whose answer is not as documented."""
    return PlanmarkError(Problem("PM705", f"the endpoint's answer cannot be used: {message}", WHERE, hint))


def _error_of(value: Any) -> str:
    """What an answer says of an error, in a form that can be shown."""
    error = at(value, ("error",))
    said = at(error, ("message",)) if isinstance(error, dict) else error
    return clean_line(said)[:120] if isinstance(said, str) else ""


def _named(path: JsonPath) -> str:
    return f" at `{'.'.join(path)}`" if path else ""
