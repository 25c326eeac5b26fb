"""Names that are answered to."""

from __future__ import annotations

import re

import pytest

from planmark.preview.names import names_of


@pytest.mark.parametrize(
    ("host", "name", "is_ours"),
    [
        ("127.0.0.1", "127.0.0.1:8000", True),
        ("127.0.0.1", "localhost:8000", True),
        ("127.0.0.1", "[::1]:8000", True),
        ("127.0.0.1", "localhost", False),
        ("127.0.0.1", "192.168.1.7:8000", False),
        ("192.168.1.7", "192.168.1.7:8000", True),
        ("fe80::1", "[fe80::1]:8000", True),
        ("0.0.0.0", "0.0.0.0:8000", False),
        ("0.0.0.0", "localhost:8000", True),
    ],
)
def test_hosts(host: str, name: str, is_ours: bool) -> None:
    """Loopback and the address that is listened on, at that port; an address that stands for all is no name."""
    assert names_of(host, 8000, ()).answers(name) is is_ours


def test_the_usual_port_may_be_left_out() -> None:
    """As browsers do."""
    names = names_of("127.0.0.1", 80, ("plans.local:443",))
    assert names.answers("localhost")
    assert names.trusts("http://localhost")
    assert names.trusts("https://plans.local")
    assert not names.trusts("https://localhost")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "localhost:8000",
        "http://localhost:8000/",
        "http://u@localhost:8000",
        "ftp://localhost:8000",
        "http://[",
        "http://localhost:8000 ",
    ],
)
def test_what_is_no_origin_of_ours(origin: str) -> None:
    """An origin is a scheme, a host and a port, and nothing else."""
    assert not names_of("127.0.0.1", 8000, ()).trusts(origin)


@pytest.mark.parametrize("text", ["", "http://plans.local", "a b", "plans.local:x", "plans.local/", "*"])
def test_what_cannot_be_allowed(text: str) -> None:
    """Only a name, with or without a port."""
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        names_of("127.0.0.1", 8000, (text,))
