"""A bare repository for one call of the target `git`, by git's own plumbing: no checkout, no hooks, exact bytes, nothing asked.

It knows one remote. Neither a repository of the user's nor their configuration is written; what that says of proxies, certificates and
keys is heeded.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets import openssh

TOKEN = "PLANMARK_GIT_TOKEN"  # noqa: S105  (the name of a secret)
"""The secret that lets in over https, by the name of its environment variable."""
_OURS = {
    "core.hooksPath": os.devnull,
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.version": "2",
    "push.gpgSign": "false",
    "push.followTags": "false",
    "push.recurseSubmodules": "no",
    "fetch.recurseSubmodules": "no",
    # what is carried over is neither here nor is it to be fetched so that others can be told by their difference to it
    "pack.window": "0",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
}
_THEIRS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_PROXY_SSL_CAINFO")
"""The user's environment that git is to see; the rest that begins so may speak of another repository, as inside of a hook."""
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


NO_GIT = openssh.Done(127, b"", "there is no `git` on this machine")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree says of a name in it."""

    mode: str
    kind: str
    oid: str


@dataclass(frozen=True)
class Repository:
    """Where it is, and with what environment git works in it."""

    place: Place
    folder: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str, given: bytes = b"") -> openssh.Done:
        """A command, however it ends. CommandError where there is no git."""
        try:
            return openssh.run(["git", *arguments], given, self.environment, self.folder)
        except FileNotFoundError:
            raise CommandError(NO_GIT) from None

    def out(self, *arguments: str, given: bytes = b"") -> bytes:
        """What a command prints. CommandError where it fails."""
        done = self.run(*arguments, given=given)
        if done.code:
            raise CommandError(done)
        return done.out

    def line(self, *arguments: str, given: bytes = b"") -> str:
        """The one line that a command prints."""
        return self.out(*arguments, given=given).decode().strip()

    def tips(self, refs: Sequence[str]) -> dict[str, str]:
        """Which commit the remote has at each of these, as of one moment; those that it has not are left out."""
        lines = (line.split("\t") for line in self.out("ls-remote", "origin", *refs).decode().splitlines())
        return {ref: oid for oid, ref in lines if ref in refs}

    def fetch(self, refs: Sequence[str], *options: str) -> None:
        """The last commits of these, and no others.

        That makes it a shallow repository, where a push looks into the trees of commits that it replaces and leaves out what is in them.
        """
        specs = [f"+{ref}:{ref}" for ref in refs]
        self.out("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1", *options, "origin", *specs)

    def entries(self, tree: str) -> dict[str, Entry]:
        """What a tree lists; nothing where there is none."""
        return _entries(self.out("ls-tree", "-z", tree)) if tree else {}

    def listed(self, tree: str, *options: str) -> dict[str, Entry]:
        """All that lies in a tree, by path."""
        return _entries(self.out("ls-tree", "-r", "-z", *options, tree)) if tree else {}

    def files(self, tree: str) -> dict[str, str]:
        """All files of a tree, by path."""
        return {path: one.oid for path, one in self.listed(tree).items()}

    def read(self, oids: Iterable[str]) -> list[bytes]:
        """The bytes of files."""
        told = BytesIO(self.out("cat-file", "--batch", given="".join(f"{oid}\n" for oid in oids).encode()))
        found = []
        while head := told.readline():
            if head.endswith(b" missing\n"):
                raise CommandError(openssh.Done(1, b"", "a file of the repository is missing"))
            found.append(told.read(int(head.split()[-1])))
            told.read(1)  # the end of its last line
        return found

    def write(self, contents: Sequence[bytes]) -> list[str]:
        """Put files into it, exactly as they are."""
        with tempfile.TemporaryDirectory(dir=self.folder) as laid:
            paths = [Path(laid, str(number)) for number in range(len(contents))]
            for path, data in zip(paths, contents, strict=True):
                path.write_bytes(data)
            return self.line(
                "hash-object", "-w", "--no-filters", "--stdin-paths", given="".join(f"{path}\n" for path in paths).encode()
            ).split()

    def tree(self, entries: Mapping[str, Entry]) -> str:
        """A tree of these entries, whether or not what they name is here."""
        lines = (f"{one.mode} {one.kind} {one.oid}\t{name}\0" for name, one in entries.items())
        given = "".join(lines).encode(errors="surrogateescape")
        return self.line("mktree", "-z", "--missing", given=given)

    def tree_of_files(self, files: Mapping[str, str]) -> str:
        """A tree of files by their paths, likewise."""
        folders: dict[str, dict[str, str]] = {}
        entries: dict[str, Entry] = {}
        for path, oid in files.items():
            name, inside, rest = path.partition("/")
            if inside:
                folders.setdefault(name, {})[rest] = oid
            else:
                entries[name] = file_entry(oid)
        return self.tree({**entries, **{name: folder_entry(self.tree_of_files(inside)) for name, inside in folders.items()}})

    def commit(self, tree: str, message: str) -> str:
        """A commit without a history."""
        return self.line("commit-tree", "-m", message, tree)

    def parents(self, commit: str) -> int:
        """How many commits come before one, whether or not they are here."""
        head = self.out("cat-file", "commit", commit).partition(b"\n\n")[0]
        return sum(line.startswith(b"parent ") for line in head.splitlines())


class CommandError(Exception):
    """A command of git did not work; turned into a problem where it is known what was wanted."""

    def __init__(self, done: openssh.Done) -> None:
        super().__init__(done.said)
        self.done = done


def oid_of(data: bytes, digits: int) -> str:
    """What git calls a file of those bytes; in a repository whose names have 64 digits, by SHA-256."""
    named = b"blob %d\0%s" % (len(data), data)
    return (hashlib.sha256(named) if digits == 64 else hashlib.sha1(named, usedforsecurity=False)).hexdigest()


def file_entry(oid: str) -> Entry:
    """A file of a tree."""
    return Entry("100644", "blob", oid)


def folder_entry(oid: str) -> Entry:
    """A folder of a tree."""
    return Entry("040000", "tree", oid)


@contextmanager
def repository(place: Place) -> Iterator[Repository]:
    """A repository that is gone again afterwards."""
    with tempfile.TemporaryDirectory(prefix="planmark-", ignore_cleanup_errors=True) as folder:
        made = Repository(place, Path(folder), _environment(place))
        made.out("init", "--quiet", "--bare", "--template=", ".")
        yield made


def remote_of(place: Place) -> str:
    """The remote's address; a path counts from the workspace."""
    written = place.settings["remote"]
    return str((place.workspace / Path(written).expanduser()).resolve()) if is_path(written) else written


def is_path(remote: str) -> bool:
    """Whether a remote is a folder of this machine, not an address nor `host:path`."""
    return ":" not in remote.partition("/")[0]


def host_of(remote: str) -> tuple[str, str]:
    """The host and the port that a remote is on, as far as it names any."""
    if is_path(remote):
        return "", ""
    if "://" in remote:
        parts = urlsplit(remote)
        return parts.hostname or "", str(parts.port or "")
    return remote.partition(":")[0].rpartition("@")[2], ""


def masked(text: str) -> str:
    """A text without the names and passwords that addresses in it may have."""
    return _SECRET.sub("", text)


def _environment(place: Place) -> dict[str, str]:
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _THEIRS}
    remote = remote_of(place)
    name, _, mail = place.settings.get("author", "Planmark <planmark@example.invalid>").rstrip(">").partition(" <")
    told = [*_OURS.items(), ("remote.origin.url", remote)]
    found = {
        **theirs,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GCM_INTERACTIVE": "never",
        "GIT_SSH_COMMAND": shlex.join(openssh.ssh_command(place)),
        "GIT_SSH_VARIANT": "ssh",
        "GIT_ALLOW_PROTOCOL": "file:https:ssh" + (":http" if remote.startswith("http://") else ""),
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": mail,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": mail,
        "TZ": "UTC",
    }
    if token := _token(place, remote):
        parts = urlsplit(remote)
        at = f"credential.{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        user = "" if parts.username else "echo username=x-access-token; "
        helper = f'!f() {{ [ "$1" != get ] || {{ {user}printf "password=%s\\n" "${TOKEN}"; }}; }}; f'
        told += [(f"{at}.helper", ""), (f"{at}.helper", helper)]  # ours alone, which keeps nothing
        found[TOKEN] = token
    found["GIT_CONFIG_COUNT"] = str(len(told))
    for number, (key, value) in enumerate(told):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _token(place: Place, remote: str) -> str:
    """The secret for a remote that is reached over http(s); empty where there is none, for the user's git may know one itself."""
    if not remote.startswith(("https://", "http://")):
        return ""
    try:
        return place.secret(TOKEN)
    except PlanmarkError:
        return ""


def _entries(told: bytes) -> dict[str, Entry]:
    found = {}
    for line in told.split(b"\0")[:-1]:
        head, _, name = line.decode(errors="surrogateescape").partition("\t")
        mode, kind, oid = head.split()
        found[name] = Entry(mode, kind, oid)
    return found
