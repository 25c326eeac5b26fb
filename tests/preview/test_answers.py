"""What the server gives, to whom, and what it keeps to itself."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest
from tests.build.small import TODAY, Small, tree
from tests.preview.running import Running

from planmark.build.build import Options, build
from planmark.build.preview import Preview
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
    preview = Preview({"kind": "planmark", "url": running.acts}, f"{running.url}sites")
    build(small.root, Options(today=TODAY, workers=1, pdf="later", preview=preview))
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
    small.replace("themes/plain/page.html", "</head>", '<script src="{{ scripts[0] }}" defer></script></head>')
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
def test_a_foreign_host_is_refused(steady: Running, host: str) -> None:
    """A page elsewhere that points its own name to this machine reads nothing."""
    for path in ("/", "/sites/acme/", "/_planmark/preview.js", "/livereload", "/nowhere"):
        answer = steady.ask(path, Host=host.format(port=steady.port))
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
def test_a_foreign_origin_is_refused(steady: Running, origin: str) -> None:
    """No websocket, which browsers open to anywhere, and no request."""
    origin = origin.format(port=steady.port)
    assert upgrade(steady, Origin=origin) == 403
    assert steady.ask("/sites/acme/", Origin=origin).status == 403


def test_an_origin_of_ours(steady: Running) -> None:
    """The page's own script gets through; with a foreign Host not even that."""
    origin = f"http://127.0.0.1:{steady.port}"
    assert upgrade(steady, Origin=origin) == 101
    assert upgrade(steady, Origin=f"http://localhost:{steady.port}") == 101
    assert upgrade(steady, Origin=origin, Host="evil.example") == 421


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
def test_what_is_not_a_site_is_not_served(steady: Running, path: str) -> None:
    """Neither by a path that leads out, nor a dotfile, nor through a link."""
    folder = steady.output("acme")
    (folder / ".hidden").write_text("secret")
    for name, target in (("link.txt", steady.root / "planmark.yaml"), ("folder", steady.root)):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
    answer = steady.ask("/sites/" + path.format(site=steady.site("acme").removeprefix("/sites/")))
    assert answer.status in (400, 403, 404), answer
    assert b"secret" not in answer.body
    assert b"Halyard" not in answer.body


def test_only_reading(steady: Running) -> None:
    """Nothing else is done for anybody."""
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert steady.ask("/", method, Content_Length="0").status == 405
        assert steady.ask("/sites/acme/", method, Content_Length="0").status == 405
    page = steady.site("acme")
    head, whole = steady.ask(page, "HEAD"), steady.ask(page)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    assert steady.ask("/", "HEAD").body == b""


def test_every_answer_is_guarded(steady: Running) -> None:
    """Nothing is kept, framed, sniffed or handed on."""
    page = steady.site("acme")
    sheet = next(path.name for path in (steady.output("acme") / "assets").glob("*.css"))
    for path in ("/", page, f"{page}plan.json", f"{page}assets/{sheet}", "/nowhere", "/_planmark/preview.js"):
        said = steady.ask(path).headers
        assert said["Cache-Control"] == "no-store", path
        assert said["X-Content-Type-Options"] == "nosniff", path
        assert said["X-Frame-Options"] == "DENY", path
        assert said["Referrer-Policy"] == "no-referrer", path
        assert said["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "Server" not in said, path
        assert path.endswith(".js") or "frame-ancestors 'none'" in said["Content-Security-Policy"], path
    assert steady.ask("/").headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_media_types(steady: Running) -> None:
    """By ending, and the same on every machine."""
    page, folder = steady.site("acme"), steady.output("acme")
    sheet = next(path.name for path in (folder / "assets").glob("*.css"))
    icon = next(path.name for path in (folder / "assets").glob("icon.*.svg"))
    wanted = {
        "": "text/html; charset=utf-8",
        "plan.json": "application/json",
        "plan.ics": "text/calendar; charset=utf-8",
        f"assets/{sheet}": "text/css; charset=utf-8",
        f"assets/{icon}": "image/svg+xml",
    }
    assert {path: steady.ask(page + path).headers["Content-Type"] for path in wanted} == wanted
    assert "sandbox" in steady.ask(f"{page}assets/{icon}").headers["Content-Security-Policy"]


def test_a_part_of_a_file(steady: Running) -> None:
    """A player that seeks asks for parts."""
    page = steady.site("acme")
    whole = steady.ask(f"{page}plan.json").body
    part = steady.ask(f"{page}plan.json", Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert steady.ask(f"{page}plan.json", Range=f"bytes={len(whole)}-").status == 416


def test_nothing_is_answered_with_not_modified(steady: Running) -> None:
    """Two saves within a second are two versions."""
    page = steady.site("acme")
    first = steady.ask(page + "plan.json")
    assert not {"Etag", "Last-Modified"} & set(first.headers)
    assert steady.ask(page + "plan.json", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200
    assert steady.ask(page + "plan.json", If_None_Match="*").status == 200


def test_a_request_right_after_a_save_gets_it(small: Small, running: Running) -> None:
    """It waits for the build that it came before."""
    page = running.site("acme")
    for number in range(5):
        small.write({"content/acme/overview.md": f"Round {number}.\n"})
        tries = 0
        while f"Round {number}." not in running.ask(page).text:
            tries += 1
            assert tries < 200, "the save does not show"


def test_addresses_that_lead_on(steady: Running) -> None:
    """A site without its slash, and a deal by its name."""
    page = steady.site("acme")
    assert steady.ask(page.rstrip("/")).headers["Location"] == page
    assert steady.ask("/sites/acme/privacy.html").headers["Location"] == page + "privacy.html"
    assert steady.ask("/sites//evil.example/").status == 404


def test_files_of_the_package_alone(steady: Running) -> None:
    """The preview's own folder serves what it names."""
    assert steady.ask("/_planmark/live.js").status == 200
    for path in ("/_planmark/", "/_planmark/../server.py", "/_planmark/%2e%2e/server.py", "/_planmark/server.py"):
        assert steady.ask(path).status == 404
