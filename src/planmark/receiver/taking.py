"""Taking in: what becomes of submissions, many in one transaction. Whatever is answered here is true once that is committed."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from planmark.plan import tokens
from planmark.plan.events import moment
from planmark.plan.submissions import TEST, VERSION, Submission
from planmark.receiver import faults, limits
from planmark.receiver.config import Config
from planmark.receiver.counting import DAY, MINUTE, Window, address_bucket, advance, counted, day_key, forget, lock
from planmark.receiver.filestore import FileStore, KeptFile
from planmark.receiver.news import news_of
from planmark.receiver.registration import Registration, Registrations
from planmark.receiver.tables import EVENTS, FILES, PLANS
from planmark.telling import News


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A submission that waits to be taken in."""

    submission: Submission
    files: tuple[KeptFile, ...] = ()
    spam: bool = False
    address: str = ""

    def digest(self) -> str:
        """Two with one id are the same where it is."""
        return sha256("\n".join([self.submission.digest(), *(file.digest for file in self.files)]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Taken:
    """What is answered for a submission, the first time and every other."""

    event: str
    received: str
    standing: str


class Taking:
    """Takes in what waits. Used by the writer's thread alone."""

    def __init__(self, config: Config, files: FileStore) -> None:
        self._files = files
        self._registrations = Registrations()
        self._per_address, self._per_plan = Window(MINUTE, config.per_address), Window(MINUTE, config.per_plan)
        self._files_a_day = Window(DAY, limits.FILE_BYTES_A_DAY)
        self._forgotten = 0
        self._moved: set[str] = set()
        self._doubtful: set[str] = set()
        """Files whose transaction may have failed after they moved in."""
        self._over: dict[str, int] = {}
        """Addresses that sent too much, and until when; in memory alone."""
        self.changed: set[str] = set()
        """Plans whose state the last batch changed."""
        self.news: list[News] = []
        """What the last batch took in, for the team to hear of."""

    def take(self, connection: Connection, batch: Sequence[Posted]) -> list[Taken | faults.BouncedError]:
        """One outcome for each. A refused one leaves nothing but a higher count."""
        now = datetime.now(UTC)
        seq, changes = lock(connection)
        self.changed, self._moved, self.news = set(), set(), []
        self._files.sweep_these(connection, sorted(self._doubtful))
        if self._forgotten != self._per_address.ends(now):
            forget(connection, now)
            self._forgotten = self._per_address.ends(now)
            self._over = {}
        registered = self._registrations.find(connection, {one.submission.plan for one in batch})
        budget = _Budget(connection, now)
        key = day_key(connection, now)
        known = _known(connection, batch)
        rows: list[dict[str, Any]] = []
        files: list[dict[str, Any]] = []
        moving: list[KeptFile] = []
        outcomes: list[Taken | faults.BouncedError] = []
        self._count(budget, key, batch, registered)
        for one in batch:
            at = (one.submission.plan, one.submission.id)
            try:
                self._bounce_the_many(budget, key, one, registered)
                if at in known:
                    outcomes.append(_again(known[at], one))
                    continue
                plan = _admitted(one, registered[at[0]], now.date(), budget, self._files_a_day)
            except faults.BouncedError as bounced:
                outcomes.append(bounced)
                continue
            row = _row(one, plan, seq + len(rows) + 1, now)
            rows.append(row)
            files += _file_rows(row["seq"], one.files)
            moving += one.files
            known[at[0], row["event"]] = (row["digest"], Taken(row["event"], row["received"], row["standing"]))
            outcomes.append(known[at[0], row["event"]][1])
            if one.submission.kind != TEST:
                self.news.append(news_of(plan, one.submission.on, one.submission.kind))
            if (row["standing"] == "link" and one.submission.kind != TEST) or row["event"] in plan.accepted:
                self.changed.add(at[0])
        if rows:
            self._keep(connection, rows, files, moving, changes + 1)
            advance(connection, seq + len(rows), changes + 1)
        return outcomes

    def bounce(self, address: str) -> None:
        """Bounce whoever sent too much before, without a look at the rest: a flood costs the database nothing. For any thread."""
        left = self._over.get(address, 0) - int(time.time())
        if left > 0:
            raise faults.too_often(left)

    def settled(self, committed: bool) -> None:
        """Hear what became of the last batch."""
        self._doubtful = set() if committed else self._doubtful | self._moved
        if not committed:
            self.changed, self.news = set(), []

    def _keep(self, connection: Connection, rows: list[Any], files: list[Any], moving: list[KeptFile], change: int) -> None:
        if moving:
            self._moved = {file.digest for file in moving}
            self._files.move_in(moving)
            connection.execute(insert(FILES), files)
        connection.execute(insert(EVENTS), rows)
        if self.changed:
            connection.execute(update(PLANS).where(PLANS.c.plan.in_(sorted(self.changed))).values(changed=change))

    def _count(self, budget: _Budget, key: bytes, batch: Sequence[Posted], registered: dict[str, Registration | None]) -> None:
        for one in batch:
            budget.want(address_bucket(key, one.address), self._per_address)
            if one.submission.plan in registered:
                budget.want(f"p{one.submission.plan}", self._per_plan)
        budget.count()

    def _bounce_the_many(self, budget: _Budget, key: bytes, one: Posted, registered: dict[str, Registration | None]) -> None:
        try:
            budget.spend(address_bucket(key, one.address), self._per_address)
        except faults.BouncedError:
            self._over[one.address] = self._forgotten
            raise
        if one.submission.plan not in registered:
            raise faults.unknown()
        budget.spend(f"p{one.submission.plan}", self._per_plan)


class _Budget:
    """What may still come in the windows of this moment. All that a batch wants of a bucket is counted in one statement."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now
        self._wanted: dict[str, tuple[Window, int]] = {}
        self._before: dict[str, int] = {}

    def want(self, bucket: str, window: Window) -> None:
        """One more will be spent."""
        self._wanted[bucket] = (window, self._wanted.get(bucket, (window, 0))[1] + 1)

    def count(self) -> None:
        """Count all that is wanted; in order, so that no two transactions wait for each other."""
        for bucket, (window, more) in sorted(self._wanted.items()):
            self._before[bucket] = counted(self._connection, bucket, window.ends(self._now), more)

    def spend(self, bucket: str, window: Window) -> None:
        """One of what was wanted. BouncedError 429 past the most."""
        self._before[bucket] += 1
        if self._before[bucket] > window.most:
            raise faults.too_often(window.left(self._now))

    def spend_now(self, bucket: str, window: Window, more: int) -> None:
        """So many at once, where they still fit. BouncedError 429."""
        if counted(self._connection, bucket, window.ends(self._now), more) + more > window.most:
            counted(self._connection, bucket, window.ends(self._now), -more)
            raise faults.too_often(window.left(self._now))


Known = dict[tuple[str, str], tuple[str, Taken]]


def _known(connection: Connection, batch: Sequence[Posted]) -> Known:
    """Those of the batch that were taken in before, by plan and id, with their digests."""
    ids = sorted({one.submission.id for one in batch if one.submission.id})
    if not ids:
        return {}
    columns = (EVENTS.c.plan, EVENTS.c.event, EVENTS.c.digest, EVENTS.c.received, EVENTS.c.standing)
    plans = sorted({one.submission.plan for one in batch})
    found = connection.execute(select(*columns).where(EVENTS.c.plan.in_(plans), EVENTS.c.event.in_(ids)))
    return {(row.plan, row.event): (row.digest, Taken(row.event, row.received, row.standing)) for row in found}


def _again(before: tuple[str, Taken], one: Posted) -> Taken | faults.BouncedError:
    return before[1] if before[0] == one.digest() else faults.conflict()


def _admitted(one: Posted, plan: Registration | None, today: date, budget: _Budget, files_a_day: Window) -> Registration:
    """The plan's registration, where the plan takes this. BouncedError where not."""
    if plan is None:
        raise faults.gone()
    if plan.until and today > plan.until:
        raise faults.ended()
    if one.submission.kind != TEST and one.submission.kind not in plan.items.get(one.submission.on, ()):
        raise faults.not_allowed()
    if one.files:
        budget.spend_now(f"f{one.submission.plan}", files_a_day, sum(file.size for file in one.files))
    return plan


def _row(one: Posted, plan: Registration, seq: int, now: datetime) -> dict[str, Any]:
    sent = one.submission
    verdict = tokens.verified(sent.token, plan.keys, plan.people, now.date())
    proven = None if one.spam or verdict.failure else verdict.link
    event = sent.id or _new_id(now)
    return {
        "seq": seq,
        "plan": sent.plan,
        "event": event,
        "digest": one.digest(),
        "received": moment(now),
        "standing": "link" if proven else "waiting",
        "spam": one.spam,
        "item": sent.on,
        "kind": sent.kind,
        "ref": proven.ref if proven else "",
        "version": proven.version if proven else 0,
        "key": verdict.key if proven else "",
        "fields": json.dumps(_fields(sent, event), ensure_ascii=False, separators=(",", ":")),
    }


def _fields(sent: Submission, event: str) -> dict[str, str]:
    """The submission as the form's fields, whatever way it came."""
    return {
        "pm_v": VERSION,
        "pm_plan": sent.plan,
        "pm_event": event,
        "pm_kind": sent.kind,
        "pm_item": sent.on,
        "pm_rev": sent.rev,
        "pm_token": sent.token,
        "pm_name": sent.name,
        "pm_text": sent.text,
        "pm_what": sent.what,
        "pm_value": sent.value,
    }


def _file_rows(seq: int, files: Sequence[KeptFile]) -> list[dict[str, Any]]:
    return [
        {"seq": seq, "position": position, "name": file.name, "type": file.type, "size": file.size, "digest": file.digest}
        for position, file in enumerate(files)
    ]


def _new_id(now: datetime) -> str:
    """An id for what came without one: it sorts by receipt, as a UUID of version 7 does (RFC 9562)."""
    head = f"{int(now.timestamp() * 1000):012x}"
    tail = secrets.token_hex(10)
    return f"{head[:8]}-{head[8:]}-7{tail[:3]}-{'89ab'[int(tail[3], 16) % 4]}{tail[4:7]}-{tail[7:19]}"
