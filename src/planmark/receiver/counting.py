"""Numbers that all instances share: events, changes, and how much came from whom."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from planmark.receiver.tables import COUNTER, DAY_KEYS, RATES

MINUTE, DAY = 60, 86_400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """So many seconds from a round moment on, and how much may come in it."""

    seconds: int
    most: int

    def ends(self, now: datetime) -> int:
        """When the window that `now` lies in is over, in seconds since 1970."""
        return (int(now.timestamp()) // self.seconds + 1) * self.seconds

    def left(self, now: datetime) -> int:
        """Seconds until then."""
        return max(1, self.ends(now) - int(now.timestamp()))


def lock(connection: Connection) -> tuple[int, int]:
    """Be the only one that writes until the commit, over all instances. Gives the last event's number and the last change's."""
    changed = update(COUNTER).where(COUNTER.c.id == 1).values(seq=COUNTER.c.seq).returning(COUNTER.c.seq, COUNTER.c.changes)
    seq, changes = connection.execute(changed).one()
    return seq, changes


def next_change(connection: Connection) -> int:
    """The number of one more change. Locks as `lock` does."""
    changed = update(COUNTER).where(COUNTER.c.id == 1).values(changes=COUNTER.c.changes + 1).returning(COUNTER.c.changes)
    return int(connection.execute(changed).scalar_one())


def advance(connection: Connection, seq: int, changes: int) -> None:
    """Set what `lock` gives to whoever comes next."""
    connection.execute(update(COUNTER).where(COUNTER.c.id == 1).values(seq=seq, changes=changes))


def counted(connection: Connection, bucket: str, ends: int, more: int) -> int:
    """Add to what came in a window, and give what had come before: in one statement, so that it is exact over all instances."""
    made = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(RATES).values(bucket=bucket, ends=ends, count=more)
    upsert = made.on_conflict_do_update(index_elements=["bucket", "ends"], set_={"count": RATES.c.count + made.excluded.count})
    return int(connection.execute(upsert.returning(RATES.c.count)).scalar_one()) - more


def forget(connection: Connection, now: datetime) -> None:
    """Remove the windows that are over, and the keys of days that are."""
    connection.execute(delete(RATES).where(RATES.c.ends <= int(now.timestamp())))
    connection.execute(delete(DAY_KEYS).where(DAY_KEYS.c.day != _day(now)))


def day_key(connection: Connection, now: datetime) -> bytes:
    """The key for today's addresses, the same for all instances; made where there is none. After `lock`."""
    found = connection.scalar(select(DAY_KEYS.c.key).where(DAY_KEYS.c.day == _day(now)))
    if found is None:
        found = secrets.token_bytes(32)
        connection.execute(insert(DAY_KEYS).values(day=_day(now), key=found))
    return bytes(found)


def address_bucket(key: bytes, address: str) -> str:
    """What an address is counted under: nobody without the day's key can tell whose it is."""
    return "a" + hmac.digest(key, address.encode(), "sha256").hex()[:32]


def _day(now: datetime) -> str:
    return now.date().isoformat()
