"""How a receiver is set up, and what it says where that is wrong."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from tests.receiver.cluster import Cluster
from tests.receiver.conftest import MANY
from tests.receiver.running import PAGE, PATIENCE, READ, REGISTER, Receiving, environment, fields

from planmark.problems import PlanmarkError
from planmark.receiver.config import SETTINGS, from_environment, origin_of
from planmark.receiver.database import Database

ROOT = Path(__file__).parents[2]
DEPLOYED = ("deploy/receiver/Dockerfile", "deploy/receiver/planmark-receiver.service")
TOKENS = {"PLANMARK_RECEIVER_READ_TOKEN": READ, "PLANMARK_RECEIVER_REGISTER_TOKEN": REGISTER}

WRONG = {
    "no token": ({"PLANMARK_RECEIVER_READ_TOKEN": ""}, "READ_TOKEN", "secrets.token_urlsafe(32)"),
    "a short token": ({"PLANMARK_RECEIVER_REGISTER_TOKEN": "x" * 23}, "REGISTER_TOKEN", "secrets.token_urlsafe(32)"),
    "one token for both": ({"PLANMARK_RECEIVER_REGISTER_TOKEN": READ}, "READ_TOKEN", "make one for each"),
    "a port that is none": ({"PLANMARK_RECEIVER_PORT": "http"}, "PORT", "from 0 to 65535"),
    "another database": ({"PLANMARK_RECEIVER_DATABASE": "mysql://u:the-password@h/n"}, "DATABASE", "postgresql+psycopg://"),
    "a database in memory": ({"PLANMARK_RECEIVER_DATABASE": "sqlite:///:memory:"}, "DATABASE", "sqlite:////path"),
    "an address for an origin": ({"PLANMARK_RECEIVER_ORIGINS": f"{PAGE}/plans"}, "ORIGINS", "before the path"),
    "any origin": ({"PLANMARK_RECEIVER_ORIGINS": "*"}, "ORIGINS", "https://plans.example.com"),
    "a proxy by name": ({"PLANMARK_RECEIVER_PROXIES": "proxy.local"}, "PROXIES", "10.0.0.0/8"),
    "no rate": ({"PLANMARK_RECEIVER_PER_PLAN": "0"}, "PER_PLAN", "from 1 to"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_setting_that_cannot_be_used(case: str) -> None:
    changes, name, hint = WRONG[case]
    with pytest.raises(PlanmarkError) as raised:
        from_environment({**TOKENS, **changes})
    (problem,) = raised.value.problems
    assert (problem.code, problem.location.path) == ("PM712", f"PLANMARK_RECEIVER_{name}")
    assert hint in problem.hint
    assert "the-password" not in str(problem)


def test_what_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = from_environment(TOKENS)
    assert (found.host, found.port, found.data) == ("127.0.0.1", 8787, tmp_path / "planmark-receiver")
    assert found.database == f"sqlite:///{tmp_path / 'planmark-receiver' / 'receiver.db'}"
    assert (found.origins, found.proxies) == ((), ())


def test_the_command_line_counts_before_the_environment(tmp_path: Path) -> None:
    given = {
        **TOKENS,
        "PLANMARK_RECEIVER_HOST": "::1",
        "PLANMARK_RECEIVER_PORT": "1",
        "PLANMARK_RECEIVER_DATABASE": "postgres://u@h/n",
        "PLANMARK_RECEIVER_DATA": "/elsewhere",
        "PLANMARK_RECEIVER_ORIGINS": f"{PAGE}/, null,{PAGE}:443",
        "PLANMARK_RECEIVER_PROXIES": "10.0.0.0/8, ::1",
    }
    found = from_environment(given)
    assert (found.host, found.port, found.database, str(found.data)) == ("::1", 1, "postgresql+psycopg://u@h/n", "/elsewhere")
    assert found.origins == (PAGE, "null")
    assert [str(one) for one in found.proxies] == ["10.0.0.0/8", "::1/128"]
    other = from_environment(
        given, host="0.0.0.0", port=0, database="sqlite:////a/b.db", data=tmp_path, origins=("null",), proxies=("::2",)
    )
    assert (other.host, other.port, other.database, other.data) == ("0.0.0.0", 0, "sqlite:////a/b.db", tmp_path)
    assert (other.origins, [str(one) for one in other.proxies]) == (("null",), ["::2/128"])


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Plans.Example.com:443/a?b", "https://plans.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443"),
        ("ftp://plans.example.com", ""),
        ("https:plans.example.com", ""),
        ("https://", ""),
    ],
)
def test_origins(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def receive(*arguments: str, before: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    code = f"import sys\n{before}\nfrom planmark.cli import main\nmain(['receive', *sys.argv[1:]])"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment(**changes), capture_output=True, text=True, timeout=60, check=False
    )


def refused(said: subprocess.CompletedProcess[str], *words: str) -> bool:
    """Whether it ended with one problem that says these words, and no traceback."""
    assert "Traceback" not in said.stderr, said.stderr
    return said.returncode == 1 and "PM712" in said.stderr and all(word in said.stderr for word in words)


def test_a_receiver_that_cannot_run_says_why(tmp_path: Path, cluster: Cluster) -> None:
    data = ("--data", str(tmp_path), "--port", "0")
    assert refused(receive(*data, PLANMARK_RECEIVER_READ_TOKEN=""), "the token is missing", "python3 -c")
    assert refused(receive(*data, before="sys.modules['sqlalchemy'] = None"), "a few more libraries", 'pip install "planmark[receiver]"')
    assert refused(receive(*data, before="sys.modules['uvicorn'] = None"), "a few more libraries")
    nowhere = cluster.new().replace("planmark@", "nobody-at-all:the-password@")
    said = receive(*data, "--database", nowhere)
    assert refused(said, "the database cannot be used", "nobody-at-all")
    assert "the-password" not in said.stderr
    (tmp_path / "noise").write_bytes(b"noise" * 1000)
    assert refused(receive(*data, "--database", f"sqlite:///{tmp_path / 'noise'}"), "not a database")
    assert refused(receive(*data, "--host", "192.0.2.1"), "cannot listen at 192.0.2.1", "choose another port")


def test_two_receivers_on_one_sqlite_file(tmp_path: Path) -> None:
    with Receiving(tmp_path) as server:
        assert refused(receive("--data", str(tmp_path), "--port", "0"), "another receiver uses this SQLite file", "PostgreSQL")
        assert server.ask("/healthz").status == 200
        assert refused(receive("--data", str(tmp_path / "other"), "--port", str(server.port)), f"port {server.port}")


def test_a_database_of_a_later_version(tmp_path: Path) -> None:
    with Receiving(tmp_path) as server:
        server.register()
    with closing(sqlite3.connect(tmp_path / "receiver.db")) as connection:
        connection.execute("UPDATE counter SET schema_version = 99")
        connection.commit()
    assert refused(receive("--data", str(tmp_path), "--port", "0"), "a later version of Planmark")


def test_sqlite_keeps_what_it_says(tmp_path: Path) -> None:
    """Write-ahead log; everything is there after an orderly end, and the files are for their owner alone."""
    with Receiving(tmp_path / "made", **MANY) as server:
        server.register()
        assert server.post(fields()).status == 201
        assert (tmp_path / "made" / "receiver.db-wal").exists()
    with closing(sqlite3.connect(tmp_path / "made" / "receiver.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)
    assert (tmp_path / "made" / "files").stat().st_mode & 0o077 == 0


def test_a_commit_is_on_the_disk_whatever_the_defaults_are(tmp_path: Path, cluster: Cluster) -> None:
    """And connections that read cannot write."""
    name = cluster.new()
    cluster.execute(f"ALTER DATABASE {make_url(name).database} SET synchronous_commit = off")
    for url, asked, wanted in (
        (f"sqlite:///{tmp_path / 'receiver.db'}", "PRAGMA synchronous", 2),
        (name, "SHOW synchronous_commit", "on"),
    ):
        database = Database(url)
        database.prepare()
        with database.writing.connect() as writing:
            assert writing.exec_driver_sql(asked).scalar() == wanted
        with database.reading.connect() as reading, pytest.raises(DBAPIError, match=r"read-?only"):
            reading.exec_driver_sql("DELETE FROM events")
        database.close()


def test_the_docs_and_what_is_deployed_name_every_setting_and_no_other() -> None:
    told = [(ROOT / path).read_text(encoding="utf-8") for path in ("docs/receiver.md", *DEPLOYED)]
    named = {name.rstrip("_") for text in told for name in re.findall(r"PLANMARK_RECEIVER_[A-Z_]+", text)}
    assert named == {f"PLANMARK_RECEIVER_{name}" for name in SETTINGS}


def test_an_orderly_end_answers_what_has_come(tmp_path: Path) -> None:
    with Receiving(tmp_path) as server:
        assert server.stop() == 0
        assert not server.log.read_text()


def test_for_servers_of_others(tmp_path: Path) -> None:
    """uvicorn starts the application by its factory, and says why it cannot."""
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--factory",
        "planmark.receiver.asgi:app_from_environment",
        "--port",
        "0",
        "--no-access-log",
    ]
    set_up = environment(PLANMARK_RECEIVER_DATA=str(tmp_path))
    with Receiving(tmp_path):
        done = subprocess.run(command, env=set_up, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode != 0
        assert "another receiver uses this SQLite file" in done.stderr
    with subprocess.Popen(command, env=set_up, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr
            said = next(line for line in running.stderr if "Uvicorn running on" in line)
            assert "http://127.0.0.1:" in said
            running.terminate()
            assert running.wait(PATIENCE) in (0, -15)
        finally:
            running.kill()


def test_the_command_is_in_the_help() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "planmark", "receive", "--help"], env=dict(os.environ), capture_output=True, text=True, check=True
    )
    for option in ("--host", "--port", "--database", "--data", "--origin", "--proxy"):
        assert option in done.stdout
