"""Ports for servers that are told theirs: no two tests get the same one, in however many processes they run."""

from __future__ import annotations

import socket

_PORTS = range(20_000, 32_768)
"""Below those that Linux itself gives to whoever asks for any: so nobody comes by one of these in between."""


def free_port() -> int:
    """A port of loopback at which nobody listens, and that no other test is given before this process ends."""
    for port in _PORTS:
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0planmark-tests-{port}")  # a name that one process has at a time, and that goes with it
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            mark.close()
            continue
        mark.detach()
        return port
    raise AssertionError("no port is free")
