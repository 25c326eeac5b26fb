"""What the server gives, to whom, and what it keeps to itself."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest
from tests.build.small import TODAY, Small, tree
from tests.preview.running import Running

from planmark.build.build import Options, build
from planmark.preview.answers import SCRIPT, with_script

HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def upgrade(running: Running, **headers: str) -> int:
    """The status of a handshake."""
    with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)) as connection:
        connection.putrequest("GET", "/livereload", skip_host="Host" in headers)
        for name, value in {**HANDSHAKE, **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        return connection.getresponse().status


def test_pages_are_what_build_writes(small: Small, running: Running) -> None:
    """Every file is the same bytes, apart from one script tag in pages; nothing more and nothing less is there."""
    build(small.root, Options(today=TODAY, workers=1, pdf=False))
    assert tree(small.root / "build/.planmark/preview/sites") == tree(small.sites)
    for path, built in tree(small.sites).items():
        answer = running.ask(f"/sites/{path}")
        assert answer.status == 200, path
        if path.endswith(".html"):
            assert answer.body.count(SCRIPT) == 1
            assert answer.body.replace(SCRIPT, b"").replace(b"; script-src 'self'", b"") == built, path
            assert answer.body.index(SCRIPT) < answer.body.index(b"</head>")
        else:
            assert answer.body == built, path


def test_a_page_with_a_script_keeps_its_policy(small: Small) -> None:
    """Only the tag is added; no inline script, as livereload would put one there."""
    small.replace("themes/plain/page.html", "</head>", '<script src="{{ script }}" defer></script></head>')
    with Running(small.root) as running:
        page = running.ask(running.site("acme"))
        assert page.body.replace(SCRIPT, b"") == (running.output("acme") / "index.html").read_bytes()


@pytest.mark.parametrize("page", [b"<html><head></head>", b"<title>x</title><p>", b"<head>\n</HEAD >x</head>"])
def test_one_tag_in_any_page(page: bytes) -> None:
    """Also in one whose head does not end in so many words."""
    assert with_script(page).count(SCRIPT) == 1
    assert with_script(page).replace(SCRIPT, b"") == page


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "", "127.0.0.1:{port}@x"]
)
def test_a_foreign_host_is_refused(running: Running, host: str) -> None:
    """A page elsewhere that points its own name to this machine reads nothing."""
    for path in ("/", "/sites/acme/", "/_planmark/preview.js", "/livereload", "/nowhere"):
        answer = running.ask(path, Host=host.format(port=running.port))
        assert answer.status in (400, 421), path
        assert b"acme" not in answer.body
        assert b"Northwind" not in answer.body


def test_hosts_that_are_ours(small: Small) -> None:
    """Loopback by all its names, and what was allowed."""
    with Running(small.root, "plans.local", "other.local:81") as running:
        for host in (
            f"127.0.0.1:{running.port}",
            f"localhost:{running.port}",
            f"LOCALHOST:{running.port}",
            f"[::1]:{running.port}",
            "plans.local",
            "plans.local:9",
            "other.local:81",
        ):
            assert running.ask("/", Host=host).status == 200, host
        assert running.ask("/", Host="other.local").status == 421


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:1",
        "null",
        "http://127.0.0.1",
        "http://localhost:{port}.evil.example",
        "file://",
        "http://evil.example:{port}",
    ],
)
def test_a_foreign_origin_is_refused(running: Running, origin: str) -> None:
    """No websocket, which browsers open to anywhere, and no request."""
    origin = origin.format(port=running.port)
    assert upgrade(running, Origin=origin) == 403
    assert running.ask("/sites/acme/", Origin=origin).status == 403


def test_an_origin_of_ours(running: Running) -> None:
    """The page's own script gets through; with a foreign Host not even that."""
    origin = f"http://127.0.0.1:{running.port}"
    assert upgrade(running, Origin=origin) == 101
    assert upgrade(running, Origin=f"http://localhost:{running.port}") == 101
    assert upgrade(running, Origin=origin, Host="evil.example") == 421


@pytest.mark.parametrize(
    "path",
    [
        "../../../../../planmark.yaml",
        "{site}../../../../../../planmark.yaml",
        "{site}%2e%2e/%2e%2e/.planmark/state.json",
        "{site}..%2f..%2f.planmark%2fstate.json",
        "{site}..%5c..%5cplanmark.yaml",
        "{site}/etc/passwd",
        "{site}//etc/passwd",
        "{site}%00",
        "{site}index.html%00.txt",
        "{site}.hidden",
        "{site}link.txt",
        "{site}folder/link.txt",
        "{site}assets",
        "{site}assets/",
        "{site}./index.html",
        "../.planmark/state.json",
    ],
)
def test_what_is_not_a_site_is_not_served(running: Running, path: str) -> None:
    """Neither by a path that leads out, nor a dotfile, nor through a link."""
    folder = running.output("acme")
    (folder / ".hidden").write_text("secret")
    (folder / "link.txt").symlink_to(running.root / "planmark.yaml")
    (folder / "folder").symlink_to(running.root, target_is_directory=True)
    answer = running.ask("/sites/" + path.format(site=running.site("acme").removeprefix("/sites/")))
    assert answer.status in (400, 403, 404), answer
    assert b"secret" not in answer.body
    assert b"Halyard" not in answer.body


def test_only_reading(running: Running) -> None:
    """Nothing else is done for anybody."""
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert running.ask("/", method, Content_Length="0").status == 405
        assert running.ask("/sites/acme/", method, Content_Length="0").status == 405
    page = running.site("acme")
    head, whole = running.ask(page, "HEAD"), running.ask(page)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    assert running.ask("/", "HEAD").body == b""


def test_every_answer_is_guarded(running: Running) -> None:
    """Nothing is kept, framed, sniffed or handed on."""
    page = running.site("acme")
    sheet = next(path.name for path in (running.output("acme") / "assets").glob("*.css"))
    for path in ("/", page, f"{page}plan.json", f"{page}assets/{sheet}", "/nowhere", "/_planmark/preview.js"):
        said = running.ask(path).headers
        assert said["Cache-Control"] == "no-store", path
        assert said["X-Content-Type-Options"] == "nosniff", path
        assert said["X-Frame-Options"] == "DENY", path
        assert said["Referrer-Policy"] == "no-referrer", path
        assert said["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "Server" not in said, path
        assert path.endswith(".js") or "frame-ancestors 'none'" in said["Content-Security-Policy"], path
    assert running.ask("/").headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_media_types(running: Running) -> None:
    """By ending, and the same on every machine."""
    page, folder = running.site("acme"), running.output("acme")
    sheet = next(path.name for path in (folder / "assets").glob("*.css"))
    icon = next(path.name for path in (folder / "assets").glob("icon.*.svg"))
    wanted = {
        "": "text/html; charset=utf-8",
        "plan.json": "application/json; charset=utf-8",
        f"assets/{sheet}": "text/css; charset=utf-8",
        f"assets/{icon}": "image/svg+xml",
    }
    assert {path: running.ask(page + path).headers["Content-Type"] for path in wanted} == wanted
    assert "sandbox" in running.ask(f"{page}assets/{icon}").headers["Content-Security-Policy"]


def test_a_part_of_a_file(running: Running) -> None:
    """A player that seeks asks for parts."""
    page = running.site("acme")
    whole = running.ask(f"{page}plan.json").body
    part = running.ask(f"{page}plan.json", Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert running.ask(f"{page}plan.json", Range=f"bytes={len(whole)}-").status == 416


def test_nothing_is_answered_with_not_modified(small: Small, running: Running) -> None:
    """Two saves within a second are two versions."""
    page = running.site("acme")
    first = running.ask(page + "plan.json")
    assert not {"Etag", "Last-Modified"} & set(first.headers)
    assert running.ask(page + "plan.json", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200
    assert running.ask(page + "plan.json", If_None_Match="*").status == 200


def test_a_request_right_after_a_save_gets_it(small: Small, running: Running) -> None:
    """It waits for the build that it came before."""
    page = running.site("acme")
    for number in range(5):
        small.write({"content/acme/overview.md": f"Round {number}.\n"})
        tries = 0
        while f"Round {number}." not in running.ask(page).text:
            tries += 1
            assert tries < 200, "the save does not show"


def test_addresses_that_lead_on(running: Running) -> None:
    """A site without its slash, and a deal by its name."""
    page = running.site("acme")
    assert running.ask(page.rstrip("/")).headers["Location"] == page
    assert running.ask("/sites/acme/privacy.html").headers["Location"] == page + "privacy.html"
    assert running.ask("/sites//evil.example/").status == 404


def test_files_of_the_package_alone(running: Running) -> None:
    """The preview's own folder serves what it names."""
    assert running.ask("/_planmark/live.js").status == 200
    for path in ("/_planmark/", "/_planmark/../server.py", "/_planmark/%2e%2e/server.py", "/_planmark/server.py"):
        assert running.ask(path).status == 404
