"""A real PostgreSQL of the tests' own, on a Unix socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_NUMBERS = count(1)


def programs() -> Path:
    """The folder of PostgreSQL's programs: Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    assert found or on_path, "PostgreSQL is missing: apt-get install postgresql-15"
    return found[-1].parent if found else Path(str(on_path)).parent


class Cluster:
    """One server. It will not run as root, so root's tests run it as the user that Debian's package makes."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pm-pg-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._run("initdb", "--username=planmark", "--auth=trust", "--encoding=UTF8", "--no-locale", f"--pgdata={self.folder}/data")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60"
        self._run("pg_ctl", "start", "-w", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is what a crash would be."""
        self._run("pg_ctl", "stop", "-w", "-D", f"{self.folder}/data", "-m", mode)

    def remove(self) -> None:
        """Stop it for good."""
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def new(self) -> str:
        """The address of a fresh database."""
        name = f"receiver{next(_NUMBERS)}"
        self.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://planmark@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run a statement in the server's own database."""
        with psycopg.connect(f"postgresql://planmark@/postgres?host={self.folder}", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(programs() / program), *arguments]
        log = self.folder / "tool.log"
        with log.open("ab") as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd=self.folder, check=False, timeout=120, **self._as)
        assert done.returncode == 0, log.read_text()
