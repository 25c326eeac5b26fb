"""What a server answers with is compared with what was published."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.publish.published import place, release, send, serving, site

from planmark.plan.headers import HEADERS
from planmark.problems import Problem
from planmark.publish.answers import answers


def asked(tmp_path: Path, url: str) -> list[Problem]:
    """What is wrong with the made-up site there."""
    one = release(1, site(1))
    return answers(f"{url}/acme-k/", one.published, [file.path for file in one.published.files])


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """A published site."""
    send(place(tmp_path), release(1, site(1)))
    return tmp_path / "www"


def test_nothing_is_wrong_with_a_server_as_it_should_be(www: Path) -> None:
    with serving(www) as url:
        assert asked(www, url) == []


def test_headers_that_are_missing_are_named(www: Path) -> None:
    said = {name: value for name, value in HEADERS.items() if name not in ("X-Robots-Tag", "Referrer-Policy")}
    with serving(www, said) as url:
        (problem,) = asked(www, url)
    assert problem.severity == "warning"
    assert "Referrer-Policy, X-Robots-Tag" in problem.message
    assert "planmark headers" in problem.hint


def test_types_of_another_kind_are_named(www: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.publish.published.Handler.guess_type", lambda *_: "text/plain")
    with serving(www) as url:
        (problem,) = asked(www, url)
    assert problem.severity == "warning"
    assert "a.1.css (text/plain)" in problem.message


def test_other_bytes_are_an_error(www: Path) -> None:
    """As when `url` is the address of another folder, or something between keeps old pages."""
    (www / "acme-k/index.html").write_bytes(b"older")
    (www / "acme-k/assets/same.css").unlink()
    with serving(www) as url:
        (problem,) = asked(www, url)
    assert problem.severity == "error"
    assert "index.html" in problem.message
    assert "same.css (404)" in problem.message


def test_an_address_that_does_not_answer_here_is_said_to(www: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        (problem,) = asked(www, f"http://127.0.0.1:{free.getsockname()[1]}")
    assert problem.severity == "warning"
    assert "cannot be fetched from here" in problem.message
