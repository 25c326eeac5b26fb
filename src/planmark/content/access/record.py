"""`content/<deal>/access.json`: who may open a protected plan. Only `planmark access` writes it; it is safe in a repository.

    {"format": 1, "plan": "…", "key": "3f2a91bc", "epoch": 2, "salt": "…", "iterations": 1000000, "people": [
     {"id": "maria", "since": "2026-11-26", "slots": ["…", "…"], "kept": "…"}
    ], "signed": "…"}

`plan` is the digest of the share key that it is for, `key` the fingerprint of the team's key, `slots` open by passphrase and by link, and
`kept` is both of these, which the team's key alone can read. `signed` holds all of it together.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from planmark.content.access.keys import IV_BYTES, TAG_BYTES
from planmark.content.access.slots import ITERATIONS, SALT_BYTES, SLOT_BYTES, written
from planmark.content.places import Document
from planmark.content.team import read_document
from planmark.plan.events import day_of
from planmark.problems import Path as Way
from planmark.problems import Problem

ACCESS_FILE = "access.json"
FORMAT = 1
_MOST_ITERATIONS = 20 * ITERATIONS
"""More would only keep people waiting."""
_LABEL = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]{1,100}")
_KEYS = ("format", "plan", "key", "epoch", "salt", "iterations", "people", "signed")
_OF_PEOPLE = ("id", "since", "slots", "kept")
_HINT = "bring it back as version control has it; after a merge take one side of it, and give the other's people access again"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody's access. `id` is that of a person of the plan, or a label."""

    id: str
    since: date
    slots: tuple[bytes, bytes]
    kept: bytes


@dataclass(frozen=True, slots=True)
class AccessList:
    """Who may open a plan, for one epoch of it."""

    plan: str
    key: str
    epoch: int
    salt: bytes
    iterations: int
    people: tuple[Given, ...]
    signed: str = ""

    @property
    def slots(self) -> tuple[bytes, ...]:
        """Everybody's, whoever they are."""
        return tuple(slot for one in self.people for slot in one.slots)

    def to_sign(self) -> bytes:
        """All that the signature holds together."""
        return json.dumps(_data(replace(self, signed="")), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def is_label(text: str) -> bool:
    """Whether somebody could be called so: one line of what can be seen."""
    return bool(_LABEL.fullmatch(text)) and text == " ".join(text.split())


def write_access(folder: Path, access: AccessList) -> None:
    """Write the list of the deal in `folder` whole, and make it last: a merge meets one person a line."""
    data = _data(access)
    people = ",\n ".join(json.dumps(one, ensure_ascii=False) for one in data.pop("people"))
    signed = data.pop("signed")
    head = json.dumps(data, ensure_ascii=False)[1:-1]
    text = f'{{{head}, "people": [\n {people}\n], "signed": {json.dumps(signed)}}}\n'
    path = folder / ACCESS_FILE
    half = folder / f".{ACCESS_FILE}.part"
    with half.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def read_access(folder: Path, shown: str, problems: list[Problem]) -> AccessList | None:
    """The list of the deal in `folder`; None where there is none, or one that no `planmark access` wrote, which is a problem."""
    path = folder / ACCESS_FILE
    if not path.is_symlink() and not path.exists():
        return None
    wrong_yaml: list[Problem] = []
    document = read_document(path, f"{shown}/{ACCESS_FILE}", wrong_yaml)
    if wrong_yaml:
        problems += (replace(one, hint=_HINT) if one.code.startswith("PM1") else one for one in wrong_yaml)
        return None
    assert document
    try:
        return _read(document)
    except _WrongError as wrong:
        problems.append(Problem("PM808", wrong.message, document.at(wrong.way), _HINT))
        return None


class _WrongError(ValueError):
    def __init__(self, way: Way, message: str) -> None:
        super().__init__(message)
        self.way, self.message = way, message


def _read(document: Document) -> AccessList:
    held = _object(document.value, (), _KEYS)
    if held["format"] != str(FORMAT):
        raise _WrongError(("format",), "the list of people is of another version of Planmark")
    people = held["people"]
    if not isinstance(people, list):
        raise _WrongError(("people",), "`people` should be a list")
    given: list[Given] = []
    for number, one in enumerate(people):
        given.append(_given(one, ("people", number)))
        if given[-1].id in [other.id for other in given[:-1]]:
            raise _WrongError(("people", number, "id"), f"`{given[-1].id}` is in the list twice")
    slots = [slot for one in given for slot in one.slots]
    if len(set(slots)) != len(slots):
        raise _WrongError(("people",), "two people have one slot")
    return AccessList(
        plan=_of(held, "plan", (), "32 hexadecimal digits", _matching(r"[0-9a-f]{32}")),
        key=_of(held, "key", (), "a key's fingerprint", _matching(r"[0-9a-f]{8}")),
        epoch=_of(held, "epoch", (), "a whole number from 1", _number(1, 999_999)),
        salt=_of(held, "salt", (), f"{SALT_BYTES} bytes in Base64", _bytes(SALT_BYTES, SALT_BYTES)),
        iterations=_of(held, "iterations", (), f"a whole number from {ITERATIONS:,}", _number(ITERATIONS, _MOST_ITERATIONS)),
        people=tuple(given),
        signed=_of(held, "signed", (), "64 hexadecimal digits", _matching(r"[0-9a-f]{64}")),
    )


def _given(value: Any, way: Way) -> Given:
    held = _object(value, way, _OF_PEOPLE)
    slots = held["slots"]
    if not isinstance(slots, list) or len(slots) != 2:
        raise _WrongError((*way, "slots"), "`slots` should be a list of two")
    slot = _bytes(SLOT_BYTES, SLOT_BYTES)
    wanted = f"{SLOT_BYTES} bytes in Base64"
    pair = dict(enumerate(slots))
    return Given(
        id=_of(held, "id", way, "a person's id, or a label", lambda text: text if is_label(text) else None),
        since=_of(held, "since", way, "a date", day_of),
        slots=(_of(pair, 0, (*way, "slots"), wanted, slot), _of(pair, 1, (*way, "slots"), wanted, slot)),
        kept=_of(held, "kept", way, "bytes in Base64", _bytes(IV_BYTES + TAG_BYTES, 4096)),
    )


def _object(value: Any, way: Way, keys: tuple[str, ...]) -> dict[str, Any]:
    """An object with those keys and no others."""
    if not isinstance(value, dict):
        raise _WrongError(way, "keys and values are expected here")
    for key in value:
        if key not in keys:
            raise _WrongError((*way, key), f"`{key}` is not known here")
    for key in keys:
        if key not in value:
            raise _WrongError(way, f"`{key}` is missing")
    return value


def _of(held: dict[Any, Any], key: str | int, way: Way, wanted: str, read: Callable[[str], T | None]) -> T:
    text = held[key]
    found = read(text) if isinstance(text, str) else None
    if found is None:
        raise _WrongError((*way, key), f"{f'`{key}`' if isinstance(key, str) else 'a slot'} should be {wanted}")
    return found


def _matching(pattern: str) -> Callable[[str], str | None]:
    return lambda text: text if re.fullmatch(pattern, text) else None


def _number(least: int, most: int) -> Callable[[str], int | None]:
    return lambda text: int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) and least <= int(text) <= most else None


def _bytes(least: int, most: int) -> Callable[[str], bytes | None]:
    def read(text: str) -> bytes | None:
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return None
        return data if least <= len(data) <= most and written(data) == text else None

    return read


def _data(access: AccessList) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "plan": access.plan,
        "key": access.key,
        "epoch": access.epoch,
        "salt": written(access.salt),
        "iterations": access.iterations,
        "people": [
            {"id": one.id, "since": one.since.isoformat(), "slots": [written(slot) for slot in one.slots], "kept": written(one.kept)}
            for one in access.people
        ],
        "signed": access.signed,
    }
