"""nginx, Caddy and Apache, told what `planmark headers` prints: every file as it was published, with its type and all headers."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.publish.published import place, release, send
from tests.publish.servers import COMMANDS, web_server

from planmark.content.kinds import media_type
from planmark.plan.headers import FOREVER, FRESH, HEADERS, HSTS
from planmark.publish.answers import answers
from planmark.targets.directory import Directory

KINDS = "css js json ics pdf png jpg webp avif svg gif woff2 ttf mp4 webm mp3 vtt zip docx xlsx pptx txt csv html bin".split()  # noqa: SIM905
FILES = {f"assets/a.{kind}": f"{kind} of a site".encode() for kind in KINDS}
OTHERS = {"plan.pdf": b"%PDF-1.7", "plan.ics": b"BEGIN:VCALENDAR", "plan.json": b"{}", "wer & was.html": b"<!doctype html>"}
PAGES = {"people.html": b"<!doctype html>\n<p>Maria</p>", "index.html": "<!doctype html>\n<p>Grüße</p>".encode()}


@pytest.fixture(scope="module", params=COMMANDS)
def www(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one site, for a server of each kind."""
    folder = tmp_path_factory.mktemp(request.param)
    send(place(folder), release(1, {**FILES, **OTHERS, **PAGES}))
    return folder / "www"


@pytest.fixture(scope="module")
def address(www: Path) -> Iterator[str]:
    """Where the server answers."""
    with web_server(www.parent.name.rstrip("0123456789"), www, www.parent / "server") as url:
        yield url


def got(address: str, path: str) -> tuple[int, dict[str, list[str]], bytes]:
    """What a reader gets: each header with all its values."""
    line = HTTPConnection(address.removeprefix("http://"), timeout=10)
    try:
        line.request("GET", quote(path))
        reply = line.getresponse()
        return reply.status, {name: reply.headers.get_all(name, []) for name in reply.headers}, reply.read()
    finally:
        line.close()


def test_publish_finds_nothing_to_complain_of(address: str, tmp_path: Path) -> None:
    send(place(tmp_path), release(1, {**FILES, **OTHERS, **PAGES}))
    (there,) = Directory().published(place(tmp_path))
    assert answers(f"{address}/acme-k/", there, [file.path for file in there.files]) == []


@pytest.mark.parametrize("path", [*FILES, *OTHERS, *PAGES, ""])
def test_each_header_is_said_once(address: str, path: str) -> None:
    status, said, body = got(address, f"/acme-k/{path}")
    assert status == 200
    assert body == {**FILES, **OTHERS, **PAGES}[path or "index.html"]
    for name, value in {**HEADERS, HSTS[0]: HSTS[1]}.items():
        assert said[name] == [value]
    assert said["Cache-Control"] == [FOREVER if path.startswith("assets/") else FRESH]
    kind = media_type(path or "index.html")
    (told,) = said["Content-Type"]
    assert told.partition(";")[0] == kind.partition(";")[0]
    assert ("charset=utf-8" in told.lower()) == ("charset=utf-8" in kind)


@pytest.mark.parametrize("path", ["/", "/acme-k/assets/", "/acme-k/nothing.html", "/.planmark/", "/.planmark/acme-k/", "/nobody-k/"])
def test_nothing_is_listed_and_every_answer_has_the_headers(address: str, path: str) -> None:
    """Also what is not there, where a page could be framed, or a list be read."""
    status, said, body = got(address, path)
    assert status in (200, 403, 404)
    assert (status == 200) == (path == "/")
    assert b"acme" not in body.replace(path.encode(), b"")
    assert {name: said.get(name) for name in HEADERS} == {name: [value] for name, value in HEADERS.items()}


@pytest.mark.parametrize("path", ["/.planmark/acme-k/20261109T101501.000Z.json", "/.planmark/acme-k/20261109T101501.000Z/index.html"])
def test_what_is_remembered_of_versions_is_nobodys_to_read(address: str, path: str) -> None:
    assert got(address, path)[0] == 404


def test_certificates_can_be_had(address: str, www: Path) -> None:
    """Those who give them ask for a file below a name with a dot."""
    (www / ".well-known/acme-challenge").mkdir(parents=True)
    (www / ".well-known/acme-challenge/token").write_text("answer", encoding="utf-8")
    assert got(address, "/.well-known/acme-challenge/token")[::2] == (200, b"answer")
