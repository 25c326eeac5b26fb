"""A bare repository to publish to, and what its branches have."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.publish.published import answering

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


@dataclass(frozen=True)
class Remote:
    """Where it is."""

    folder: Path

    def git(self, *arguments: str, given: bytes = b"") -> bytes:
        """What a command of git prints there."""
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", *arguments]
        return subprocess.run(command, cwd=self.folder, input=given, capture_output=True, check=True, env=ENVIRONMENT).stdout

    def get(self, path: str, branch: str = "gh-pages") -> bytes | None:
        """A file of a branch."""
        found = subprocess.run(
            ["git", "cat-file", "blob", f"refs/heads/{branch}:{path}"], cwd=self.folder, capture_output=True, check=False, env=ENVIRONMENT
        )
        return None if found.returncode else found.stdout

    def paths(self, branch: str = "gh-pages") -> list[str]:
        """All files of a branch."""
        return self.git("ls-tree", "-r", "-z", "--name-only", f"refs/heads/{branch}").decode().split("\0")[:-1]

    def put(self, branch: str, files: dict[str, bytes], on: str = "") -> str:
        """A commit of somebody else's with these files alone, on top of another one."""
        index = {**ENVIRONMENT, "GIT_INDEX_FILE": str(self.folder / "theirs")}
        (self.folder / "theirs").unlink(missing_ok=True)
        lines = (
            f"100644 {self.git('hash-object', '-w', '--stdin', given=data).decode().strip()}\t{path}\n" for path, data in files.items()
        )
        given = "".join(lines).encode()
        subprocess.run(["git", "update-index", "--add", "--index-info"], cwd=self.folder, input=given, check=True, env=index)
        tree = subprocess.run(["git", "write-tree"], cwd=self.folder, capture_output=True, check=True, env=index).stdout.decode().strip()
        parent = ["-p", on] if on else []
        commit = self.git("commit-tree", "-m", "theirs", *parent, tree).decode().strip()
        self.git("update-ref", f"refs/heads/{branch}", commit)
        return commit

    def show(self, folder: Path, branch: str = "gh-pages") -> None:
        """Lay out what a host would show."""
        folder.mkdir(parents=True, exist_ok=True)
        packed = self.git("archive", f"refs/heads/{branch}")
        subprocess.run(["tar", "-xf", "-"], cwd=folder, input=packed, check=True)


def remote(folder: Path, *settings: str) -> Remote:
    """An empty one, with settings such as `receive.advertiseAtomic=false`."""
    folder.mkdir(parents=True)
    made = Remote(folder)
    made.git("init", "--quiet", "--bare", ".")
    for one in ("uploadpack.allowFilter=true", "receive.autogc=false", *settings):
        name, _, value = one.partition("=")
        made.git("config", name, value)
    return made


TOKEN = "glpat-notasecretbutatoken"


class _Host(BaseHTTPRequestHandler):
    """What git speaks with over http, by git's own program for servers; who has no token is let in to nothing."""

    root: Path

    def _answer(self) -> None:
        given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")) != f"x-access-token:{TOKEN}".encode():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="plans"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        said = {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "plans",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], input=given, capture_output=True, check=True, env={**ENVIRONMENT, **said})
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(lines.pop("Status", "200").split()[0]))
        for name, value in {**lines, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815  (its own names)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its own signature)
        """Nothing is printed."""


@contextmanager
def over_http(folder: Path) -> Iterator[str]:
    """The address at which the repositories of a folder are for whoever has the token."""
    with answering(ThreadingHTTPServer(("127.0.0.1", 0), type("Rooted", (_Host,), {"root": folder}))) as url:
        yield url
