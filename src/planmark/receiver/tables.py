"""What the database holds: one schema for SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

SCHEMA = 1
"""The version of the schema; a database of a later one is not opened."""

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

METADATA = MetaData()

COUNTER = Table(
    "counter",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("schema_version", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("changes", BigInteger, nullable=False),
)
"""One row. Every writing transaction updates it first, so there is one at a time, over all instances, and numbers are seen in order."""

PLANS = Table(
    "plans",
    METADATA,
    Column("plan", String(32), primary_key=True),
    Column("deal", String(200), nullable=False, index=True),
    Column("gone", Boolean, nullable=False),
    Column("revision", String(32), nullable=False),
    Column("registration", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
"""What the team registered. `revision` is new with each registration; `changed` is `counter.changes` of the last change to the state."""

EVENTS = Table(
    "events",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    Column("plan", String(32), nullable=False),
    Column("event", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("received", String(24), nullable=False),
    Column("standing", String(8), nullable=False),
    Column("spam", Boolean, nullable=False),
    Column("item", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("ref", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("key", String(16), nullable=False),
    Column("fields", Text, nullable=False),
    UniqueConstraint("plan", "event"),
    Index("events_of_plan", "plan", "standing", "seq"),
)
"""Every submission once. `ref`, `version` and `key` are what a proven token said; `fields` is the whole of it as JSON."""

FILES = Table(
    "files",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False),
    Column("type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False, index=True),
)
"""The files of submissions; their bytes lie in the file folder, by digest."""

RATES = Table(
    "rates",
    METADATA,
    Column("bucket", String(40), primary_key=True),
    Column("ends", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
)
"""How much came from whom in a window of time that ends then; removed once it has ended."""

DAY_KEYS = Table(
    "day_keys",
    METADATA,
    Column("day", String(10), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
)
"""The key that addresses are hashed with. Only today's is kept, so that nobody can tell later whose they were."""

HEALTH = Table(
    "health",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", String(24), nullable=False),
)
"""One row that the health check writes."""
