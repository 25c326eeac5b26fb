"""Another machine: a real sshd on loopback, with a key of its own and keys that get in; and a line to it that can be cut."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from tests.ports import free_port

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "sshd"
CONFIG = """
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
StrictModes no
UsePAM no
UseDNS no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel ERROR
MaxStartups 100
KexAlgorithms curve25519-sha256
PrintLastLog no
"""


@dataclass
class Machine:
    """Where it listens, and the files with which one gets in."""

    folder: Path
    port: int

    @property
    def known_hosts(self) -> Path:
        """Its own key, at whichever port of loopback it is met."""
        return self.folder / "known_hosts"

    def key(self, name: str = "usual", command: str = "", let_in: bool = True) -> Path:
        """A key by a name. With a `command`, that is what whoever comes with it gets: what was asked for is in $SSH_ORIGINAL_COMMAND."""
        path = self.folder / name
        if not path.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
            if let_in:
                forced = f'command="{command.replace(chr(34), chr(92) + chr(34))}" ' if command else ""
                with (self.folder / "authorized").open("a", encoding="utf-8") as file:
                    file.write(forced + path.with_suffix(".pub").read_text(encoding="utf-8"))
        return path

    def settings(self, path: Path | str, key: Path | None = None, port: int = 0) -> dict[str, str]:
        """The block of a target there."""
        return {
            "kind": "ssh",
            "url": "https://plans.example",
            "host": "127.0.0.1",
            "port": str(port or self.port),
            "path": str(path),
            "key": str(key or self.key()),
            "known_hosts": str(self.known_hosts),
        }


def with_path(*folders: Path | str) -> str:
    """What a key's command is for whoever finds programs in those folders alone."""
    return f'PATH={quote(":".join(map(str, folders)))} exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"'


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """An sshd of our own, for as long as it is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it locks itself in before anybody is known
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host")], check=True)
    (folder / "config").write_text(CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "authorized").touch()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:* {(folder / 'host.pub').read_text(encoding='utf-8')}", encoding="utf-8")
    port = free_port()
    sshd = subprocess.Popen([SSHD, "-D", "-e", "-f", str(folder / "config"), "-p", str(port)])
    try:
        while sshd.poll() is None:
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
        assert sshd.poll() is None, "sshd did not start"
        yield Machine(folder, port)
    finally:
        sshd.terminate()
        sshd.wait()


@dataclass
class Line:
    """A line to a port of loopback. It counts what goes through to there, and breaks at `cut`; the next connection holds again."""

    to: int
    cut: int | None = None
    stall: bool = False
    """Whether what is cut stays open, and silent."""
    passed: int = 0
    port: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def _carry(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if counted and self.cut is not None and self.passed + len(data) > self.cut:
                    target.sendall(data[: self.cut - self.passed])
                    self.cut = None
                    if self.stall:
                        return
                    break
                self.passed += len(data) if counted else 0
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _serve(self, listening: socket.socket) -> None:
        threads = []
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                self._open += [near, far]
                threads += [threading.Thread(target=self._carry, args=ends) for ends in ((near, far, True), (far, near, False))]
                for one in threads[-2:]:
                    one.start()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for one in self._open:
            one.close()


@contextmanager
def line(to: int, cut: int | None = None, stall: bool = False) -> Iterator[Line]:
    """A line, for as long as it is needed."""
    made = Line(to, cut, stall)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.port = int(listening.getsockname()[1])
        thread = threading.Thread(target=made._serve, args=(listening,))
        thread.start()
        try:
            yield made
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
