"""OpenSSH as targets use it: it asks nobody anything, knows the host or refuses it, and gives up on a connection that hangs.

Who may go there is told by the user's own agent and configuration, or by the file that `key` names. There are no passwords.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planmark.extensions.targets import Place

CONNECT = 15
"""Seconds that a host has to answer, and its side of the handshake to end."""
ALIVE = 10
"""After so many seconds of silence the host is asked whether it is there; the third time without an answer it is given up."""
TAKES = ("key", "known_hosts")
"""Settings of every target that goes over OpenSSH: files of this machine."""
_HARMLESS = re.compile(r"[^\"'%$\\\x00-\x1f\x7f]+")
"""What a file's path may consist of: ssh's own configuration would read more into the rest."""


def wrong_files(place: Place) -> str:
    """Why the files that the settings name cannot be used, as a sentence that says what to write; empty where they can."""
    for name in TAKES:
        written = place.settings.get(name, "")
        if not written:
            continue
        if not _HARMLESS.fullmatch(written):
            return f"write another `{name}:` at `{place.name}`: a file's path without quotes, `%`, `$` and backslashes"
        path = _file(place, name)
        if name == "key" and path.is_relative_to(place.workspace.resolve()):
            return f"keep the `key:` of `{place.name}` outside of the workspace: what a repository holds, everybody holds"
        if not path.is_file():
            return f"write another `{name}:` at `{place.name}`: there is no file {path}"
    return ""


def ssh_command(place: Place) -> list[str]:
    """`ssh` with all that it is told, the host aside."""
    told = [
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "UpdateHostKeys=no",
        f"ConnectTimeout={CONNECT}",
        f"ServerAliveInterval={ALIVE}",
        "ServerAliveCountMax=3",
        "ClearAllForwardings=yes",
        "ForwardAgent=no",
        "RequestTTY=no",
        "LogLevel=ERROR",
    ]
    if place.settings.get("known_hosts"):
        told.append(f'UserKnownHostsFile="{_file(place, "known_hosts")}"')
    if place.settings.get("key"):
        told += ["IdentitiesOnly=yes", f'IdentityFile="{_file(place, "key")}"']
    return ["ssh", *(part for one in told for part in ("-o", one))]


@dataclass(frozen=True)
class Done:
    """What a program said and how it ended."""

    code: int
    out: bytes
    said: str
    """What it wrote about errors."""


def run(command: Sequence[str], given: bytes = b"", environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Done:
    """Run a program to its end, in English; FileNotFoundError where it is not installed. It is killed with us, as far as we can."""
    env = {**(os.environ if environment is None else environment), "LC_ALL": "C"}
    done = subprocess.run(command, input=given, capture_output=True, check=False, env=env, cwd=folder)  # noqa: S603  (ours, no shell)
    return Done(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


_REASONS = (
    (
        r"REMOTE HOST IDENTIFICATION HAS CHANGED",
        "the host shows another key than the one that is known here",
        "ask the host's owner whether it has a new key, and only then forget the old one: ssh-keygen -R {known}",
    ),
    (
        r"Host key verification failed|No matching host key",
        "the key of the host is not known here",
        "compare its fingerprint with the one that the host's owner tells you, and add it: ssh-keyscan {at} >> {file}",
    ),
    (
        r"Permission denied \([a-z,-]*\)|Too many authentication failures|No more authentication methods",
        "the host lets nobody in with the keys that we have",
        "load the key into the ssh agent (ssh-add), or name its file with `key:`; the host must have its public half",
    ),
    (r"Could not resolve host|Name or service not known", "there is no host of that name", "see to the name of the host"),
    (
        r"Connection refused|Failed to connect|No route to host|Network is unreachable|Connection timed out|Operation timed out",
        "the host cannot be reached",
        "see whether it is up, and whether that is its name and port",
    ),
    (
        r"Connection closed|Connection reset|Broken pipe|unexpectedly closed|remote end hung up|Timeout, server|timeout in data|io timeout"
        r"|Connection to \S+ closed|disconnect|early EOF|timed out during banner exchange",
        "the connection broke",
        "publish again, once it holds",
    ),
)


def reason(said: str, place: Place, host: str, port: str) -> tuple[str, str] | None:
    """Why OpenSSH did not get through, and what to do about it; None where it was not the connection."""
    for pattern, why, hint in _REASONS:
        if re.search(pattern, said):
            at = f"-p {port} {host}" if port else host
            known = f"'[{host}]:{port}'" if port else host
            file = str(_file(place, "known_hosts")) if place.settings.get("known_hosts") else "~/.ssh/known_hosts"
            return why, hint.format(at=at, known=known, file=file)
    return None


def first_line(said: str) -> str:
    """The first thing that a program complained about, fit to be shown."""
    lines = (re.sub(r"[^ -~\u00a0-\U0010ffff]", " ", line).strip() for line in said.splitlines())
    found = next((line for line in lines if line), "it gave no reason")
    return re.sub(r"^(?:sh|bash|-?\w*sh): (?:line )?\d+: ", "", found)[:300]


def _file(place: Place, name: str) -> Path:
    return (place.workspace / Path(place.settings[name]).expanduser()).resolve()
