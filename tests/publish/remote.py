"""A bare repository to publish to, and what its branches have."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

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
    for one in ("uploadpack.allowFilter=true", *settings):
        name, _, value = one.partition("=")
        made.git("config", name, value)
    return made
