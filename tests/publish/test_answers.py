"""What a server answers with is compared with what was published."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from tests.publish.published import place, publisher, release, send, serving, site

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


def test_a_server_that_shows_what_is_remembered_is_told_to_hide_it(tmp_path: Path) -> None:
    """Each publish asks for it; the manifest has more in it than the page."""
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www", hides=False) as url:
        ours = publisher(tmp_path, url, ("acme",))
        (outcome,) = ours.publish("acme")
        (problem,) = outcome.problems
        assert (problem.code, problem.severity) == ("PM806", "warning")
        assert "/.planmark/acme-" in str(problem.location)
        assert "planmark headers" in problem.hint
        assert outcome.result == "published"


def test_a_server_that_lists_all_plans_is_an_error(tmp_path: Path) -> None:
    """The page at the root, which says nothing, is removed: then this server lists the folder, as others do when they are told to."""
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        ours = publisher(tmp_path, url, ("acme",))
        ours.one()
        (tmp_path / "www/index.html").unlink()
        one = next(iter(ours.there().out().values()))
        (problem,) = answers(ours.there().address(one.site), one, [], ours.there().state(one))
    assert (problem.code, problem.severity, str(problem.location)) == ("PM806", "error", f"{url}/")
    assert "a list of the plans" in problem.message


@pytest.mark.parametrize("page", [b"<h1>There is nothing here</h1>", b"{}"])
def test_a_server_that_has_a_page_for_everything_shows_nothing(www: Path, page: bytes) -> None:
    (www / ".planmark/any.json").write_bytes(page)
    one = release(1, site(1))
    published = replace(one.published, owner="0123456789abcdef")
    with serving(www, hides=False) as url:
        assert answers(f"{url}/acme-k/", published, [], f"{url}/.planmark/any.json") == []
