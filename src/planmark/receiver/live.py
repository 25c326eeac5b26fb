"""The live state of a plan: what was done and counts, for everybody who has the page."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, select

from planmark.receiver import faults, limits
from planmark.receiver.registration import Registration, read_registration
from planmark.receiver.tables import EVENTS, FILES, PLANS

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class State:
    """A plan's state as it is answered. `changed` is the number of the change that it is of."""

    changed: int
    etag: str
    body: bytes


class Live:
    """States by plan, made anew only when something changed. Used by several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[str, State] = {}
        self._lock = threading.Lock()

    def look(self, plan: str) -> State:
        """The state as it is now. BouncedError 404 or 410 where there is none, and 404 where it is nobody's to read."""
        with self._engine.connect() as connection:
            row = connection.execute(select(PLANS.c.gone, PLANS.c.changed, PLANS.c.registration).where(PLANS.c.plan == plan)).one_or_none()
            if row is None:
                raise faults.unknown()
            if row.gone:
                raise faults.gone()
            with self._lock:
                kept = self._kept.get(plan)
            if kept and kept.changed == row.changed:
                return kept
            found, _ = read_registration(row.registration.encode())
            if found.quiet:
                raise faults.unknown()
            body = json.dumps({"events": _events(connection, plan, found)}, ensure_ascii=False, separators=(",", ":")).encode()
        state = State(row.changed, f'"{sha256(body).hexdigest()[:32]}"', body)
        with self._lock:
            self._kept.pop(plan, None)
            if len(self._kept) >= limits.STATES_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[plan] = state
        return state

    def changes(self, plans: Sequence[str]) -> dict[str, int]:
        """The number of the last change of each plan: one cheap query."""
        with self._engine.connect() as connection:
            found = connection.execute(select(PLANS.c.plan, PLANS.c.changed).where(PLANS.c.plan.in_(plans)))
            return {row.plan: row.changed for row in found}


_WANTED = (EVENTS.c.seq, EVENTS.c.event, EVENTS.c.received, EVENTS.c.standing, EVENTS.c.item, EVENTS.c.kind)
_PROOF = (EVENTS.c.ref, EVENTS.c.version, EVENTS.c.key, EVENTS.c.fields)


def _events(connection: Connection, plan: str, of: Registration) -> list[dict[str, Any]]:
    """The newest events that count, oldest first."""
    shown: list[tuple[int, dict[str, Any]]] = []
    size = 0
    for row in _newest_first(connection, plan, of):
        proven = row.standing == "link" and row.key in of.keys and of.people.get(row.ref) == row.version
        counts = (proven or row.event in of.accepted) and row.event not in of.rejected and row.kind in of.items.get(row.item, ())
        if not counts:
            continue
        size += len(row.fields)
        if size > limits.STATE_BYTES or len(shown) == limits.STATE_EVENTS:
            break
        shown.append((row.seq, _shown(row, proven)))
    names = _file_names(connection, [seq for seq, one in shown if one["kind"] == "upload"])
    return [one if one["kind"] != "upload" else {**one, "files": names.get(seq, [])} for seq, one in reversed(shown)]


def _newest_first(connection: Connection, plan: str, of: Registration) -> Iterator[Row[Any]]:
    """Events with a proven link and accepted ones, merged."""
    accepted = sorted(of.accepted - of.rejected)
    unproven: list[Row[Any]] = []
    for start in range(0, len(accepted), _AT_ONCE):
        some = accepted[start : start + _AT_ONCE]
        unproven += connection.execute(_of(plan).where(EVENTS.c.standing != "link", EVENTS.c.event.in_(some))).all()
    unproven.sort(key=lambda row: row.seq)
    linked = _of(plan).where(EVENTS.c.standing == "link").order_by(EVENTS.c.seq.desc())
    with connection.execute(linked.execution_options(yield_per=_AT_ONCE)) as rows:
        for row in rows:
            while unproven and unproven[-1].seq > row.seq:
                yield unproven.pop()
            yield row
    yield from reversed(unproven)


def _of(plan: str) -> Select[Any]:
    return select(*_WANTED, *_PROOF).where(EVENTS.c.plan == plan, EVENTS.c.spam.is_(False))


def _shown(row: Row[Any], proven: bool) -> dict[str, Any]:
    fields = json.loads(row.fields)
    return {
        "id": row.event,
        "on": row.item,
        "kind": row.kind,
        "by": row.ref if proven else "",
        "name": "" if proven else fields["pm_name"],
        "text": fields["pm_text"],
        "what": fields["pm_what"],
        "value": fields["pm_value"],
        "received": row.received,
    }


def _file_names(connection: Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        for row in connection.execute(select(FILES.c.seq, FILES.c.name).where(FILES.c.seq.in_(some)).order_by(FILES.c.position)):
            found.setdefault(row.seq, []).append(row.name)
    return found
