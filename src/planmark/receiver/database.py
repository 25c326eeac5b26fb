"""Opening the database: one connection that writes, others that only read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool, StaticPool

from planmark.problems import Location, PlanmarkError, Problem
from planmark.receiver.config import PREFIX
from planmark.receiver.limits import LOCK_SECONDS
from planmark.receiver.tables import COUNTER, METADATA, SCHEMA

_ONE_MAKER = 4_611_686_018_427_001
"""The advisory lock under which PostgreSQL's tables are made: any number that nobody else takes."""
_READERS = 4


class Database:
    """The writer's engine and the readers'. Nothing else in the receiver opens the database."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._lock: IO[str] | None = None
        if self.is_sqlite:
            path = Path(make_url(url).database or "")
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _alone(path)
            self.writing, self.reading = _sqlite(path, writes=True), _sqlite(path, writes=False)
        else:
            self.writing, self.reading = _postgresql(url, writes=True), _postgresql(url, writes=False)

    def prepare(self) -> None:
        """Make the tables that are missing. PlanmarkError PM712 where the database cannot be used."""
        try:
            with self.writing.begin() as connection:
                if not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_MAKER})
                METADATA.create_all(connection)
                found = connection.scalar(select(COUNTER.c.schema_version))
                if found is None:
                    connection.execute(insert(COUNTER).values(id=1, schema_version=SCHEMA, seq=0, changes=0))
        except SQLAlchemyError as error:
            raise _problem(f"the database cannot be used: {_reason(error)}", "see that it runs, and that its address is right") from None
        if found is not None and found > SCHEMA:
            raise _problem("the database was written by a later version of Planmark", "install that version, or a later one")

    def close(self) -> None:
        """Let go of everything."""
        self.reading.dispose()
        self.writing.dispose()
        if self._lock:
            self._lock.close()


def is_unavailable(error: BaseException) -> bool:
    """Whether the error is about the database or the disk as a whole, not about what was asked of it: another try later may succeed."""
    if isinstance(error, DBAPIError) and not error.connection_invalidated:
        return not isinstance(error, (DataError, IntegrityError, ProgrammingError))
    return isinstance(error, (DBAPIError, PoolTimeoutError, OSError))


def _sqlite(path: Path, writes: bool) -> Engine:
    """The writer is one connection, and only it makes checkpoints: several that write or do so can break a file before SQLite 3.51.3."""

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path))}?mode={'rwc' if writes else 'ro'}"
        opened = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        if writes:
            opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA synchronous = FULL")
        opened.execute("PRAGMA trusted_schema = OFF")
        return opened

    if writes:
        engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, hide_parameters=True)
    else:
        engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=_READERS, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str, writes: bool) -> Engine:
    """Sessions that give up rather than hang: a lock, a statement, a transaction or a network that stands still."""
    milliseconds = int(LOCK_SECONDS * 1000)
    settings = {
        "synchronous_commit": "on",
        "lock_timeout": milliseconds,
        "statement_timeout": 3 * milliseconds,
        "idle_in_transaction_session_timeout": 3 * milliseconds,
        "default_transaction_read_only": "off" if writes else "on",
    }
    arguments: dict[str, Any] = {
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "connect_timeout": 3,
        "tcp_user_timeout": 3 * milliseconds,
        "application_name": "planmark-receiver",
    }
    return create_engine(
        url,
        connect_args=arguments,
        pool_size=1 if writes else _READERS,
        max_overflow=0,
        pool_timeout=LOCK_SECONDS,
        pool_pre_ping=True,  # a database that was restarted costs nobody an error
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )


def _alone(path: Path) -> IO[str]:
    """One receiver for one SQLite file. PlanmarkError PM712 for the second."""
    lock = path.with_name(path.name + ".lock").open("a")
    try:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows has no flock; there, two receivers on one file are the reader's own care
        pass
    except OSError:
        lock.close()
        raise _problem("another receiver uses this SQLite file", "stop it, or use PostgreSQL: only that is for several") from None
    return lock


def _reason(error: SQLAlchemyError) -> str:
    """The database's own words, without statements and parameters."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said.strip().splitlines()[0] if said.strip() else type(error).__name__


def _problem(message: str, hint: str) -> PlanmarkError:
    return PlanmarkError(Problem("PM712", message, Location(f"{PREFIX}DATABASE"), hint))
