"""The disk is full, the database is locked, stopped or lost: 503, never a false promise, and it recovers by itself."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError
from tests.receiver.cluster import Cluster
from tests.receiver.conftest import MANY
from tests.receiver.running import Receiving, eventually, fields

from planmark.receiver.database import is_unavailable

PDF = b"%PDF-1.4 a contract"
IMPATIENT = "from planmark.receiver import limits\nlimits.LOCK_SECONDS = 0.3"


def ids(server: Receiving) -> set[str]:
    """All that the team reads."""
    return {one["fields"]["pm_event"] for one in server.events()}


@contextmanager
def locked(server: Receiving) -> Iterator[None]:
    """Another process writes to the SQLite file."""
    with closing(sqlite3.connect(server.data / "receiver.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(server: Receiving) -> Iterator[None]:
    """No file of the receiver's can grow: to a program, the same as a full disk."""
    limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    yield
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("trouble", [locked, full])
def test_sqlite_that_cannot_be_written(tmp_path: Path, trouble: Callable[[Receiving], Iterator[None]]) -> None:
    with Receiving(tmp_path, before=IMPATIENT, **MANY) as server:
        server.register()
        kept, lost, file = fields(), fields(), fields(kind="upload")
        assert server.post(kept).status == 201
        with trouble(server):
            for said in (server.post(lost), server.upload(file, ("a.pdf", PDF)), server.register(), server.ask("/healthz")):
                assert (said.status, said.code) == (503, "unavailable")
                assert int(said.headers["retry-after"]) > 0
            assert len(server.state().json["events"]) == 1, "reading goes on"
            assert ids(server) == {kept["pm_event"]}
            page = server.post(lost, Accept="text/html")
            assert page.status == 503
            assert "send it again" in page.text
        assert server.post(lost).status == 201
        assert server.upload(file, ("a.pdf", PDF)).status == 201
        eventually(lambda: server.ask("/healthz").status == 200)
        assert ids(server) == {kept["pm_event"], lost["pm_event"], file["pm_event"]}
        assert not list((tmp_path / "files" / "incoming").iterdir()), "nothing is left of what failed"


def test_a_folder_of_files_that_is_gone(tmp_path: Path) -> None:
    with Receiving(tmp_path, **MANY) as server:
        server.register()
        shutil.rmtree(tmp_path / "files")
        assert server.ask("/healthz").status == 503
        assert server.upload(fields(kind="upload"), ("a.pdf", PDF)).status == 503
        assert server.post(fields()).status == 201, "what has no file needs no folder"
        assert len(server.events()) == 1
        (tmp_path / "files" / "incoming").mkdir(parents=True)
        assert server.upload(fields(kind="upload"), ("a.pdf", PDF)).status == 201
        assert server.ask("/healthz").status == 200


def test_postgresql_stops_and_comes_back(cluster: Cluster, tmp_path: Path) -> None:
    with Receiving(tmp_path, cluster.new(), **MANY) as server:
        server.register()
        kept, lost = fields(), fields()
        server.post(kept)
        cluster.stop("immediate")
        try:
            for said in (server.post(lost), server.state(), server.ask("/healthz")):
                assert (said.status, said.code) == (503, "unavailable")
        finally:
            cluster.start()
        assert server.post(lost).status == 201
        assert server.ask("/healthz").status == 200
        assert ids(server) == {kept["pm_event"], lost["pm_event"]}


def test_postgresql_that_was_restarted_in_between_costs_nobody_an_error(cluster: Cluster, tmp_path: Path) -> None:
    with Receiving(tmp_path, cluster.new(), **MANY) as server:
        server.register()
        for _ in range(2):
            assert server.post(fields()).status == 201
            assert server.state().status == 200
            cluster.stop()
            cluster.start()
        assert server.post(fields()).status == 201
        assert len(server.state().json["events"]) == 3


def test_postgresql_whose_row_is_held_by_another(cluster: Cluster, tmp_path: Path) -> None:
    """An instance that stands still in the middle of a transaction holds the others up, but not for ever."""
    url = cluster.new()
    with Receiving(tmp_path, url, before=IMPATIENT, **MANY) as server:
        server.register()
        sent = fields()
        with psycopg.connect(url.replace("+psycopg", "")) as other:
            other.execute("UPDATE counter SET seq = seq")
            said = server.post(sent)
            assert (said.status, said.code) == (503, "unavailable")
            other.rollback()
        assert server.post(sent).status == 201


def test_what_was_moved_in_before_a_commit_that_failed_is_removed(tmp_path: Path) -> None:
    """The disk fills between the file and its row."""
    before = (
        "from planmark.receiver import taking\n"
        "from sqlalchemy.exc import OperationalError\n"
        "from pathlib import Path\n"
        "keep = taking.Taking._keep\n"
        "def fail(self, connection, rows, files, moving, change):\n"
        "    keep(self, connection, rows, files, moving, change)\n"
        f"    if Path({str(tmp_path / 'trouble')!r}).exists(): raise OperationalError('', {{}}, Exception('disk full'))\n"
        "taking.Taking._keep = fail"
    )
    with Receiving(tmp_path, before=before, **MANY) as server:
        server.register()
        (tmp_path / "trouble").touch()
        file = fields(kind="upload")
        assert server.upload(file, ("a.pdf", PDF)).status == 503
        (tmp_path / "trouble").unlink()
        assert server.post(fields()).status == 201
        assert [path.name for path in (tmp_path / "files").iterdir()] == ["incoming"]
        assert server.upload(file, ("a.pdf", PDF)).status == 201
        (event,) = [one for one in server.events() if one["files"]]
        assert (tmp_path / "files" / event["files"][0]["digest"]).read_bytes() == PDF


def test_what_is_about_the_database_as_a_whole() -> None:
    """A standby that takes no writes, a file that is broken: come back later. A statement that is wrong is our mistake."""

    def told(error: Exception, base: type[Exception]) -> bool:
        return is_unavailable(DBAPIError.instance("", {}, error, base))  # type: ignore[arg-type]

    assert told(psycopg.errors.ReadOnlySqlTransaction(), psycopg.Error)
    assert told(psycopg.errors.DiskFull(), psycopg.Error)
    assert told(psycopg.errors.LockNotAvailable(), psycopg.Error)
    assert told(sqlite3.DatabaseError("database disk image is malformed"), sqlite3.Error)
    assert not told(psycopg.errors.UndefinedTable(), psycopg.Error)
    assert not told(sqlite3.IntegrityError(), sqlite3.Error)
    assert is_unavailable(OSError())
    assert not is_unavailable(KeyError())
