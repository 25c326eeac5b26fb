"""A workspace that publishes to a folder, and a web server on loopback that shows it as it should be shown."""

from __future__ import annotations

import hashlib
import io
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from http.server import HTTPServer, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.build.small import TODAY, WORKSPACE, Small, files

from planmark.build.build import Options
from planmark.content.kinds import media_type
from planmark.extensions.targets import Place, Published, Release, SiteFile
from planmark.plan.headers import HEADERS, cache_of
from planmark.problems import PlanmarkError, Problem
from planmark.publish.publishing import Wish, publish
from planmark.publish.sending import Outcome
from planmark.publish.there import There, there_of
from planmark.targets.kinds import KINDS
from planmark.targets.manifest import read_manifest

NOW = datetime(2026, 11, 9, 10, 15, tzinfo=UTC)


class Handler(SimpleHTTPRequestHandler):
    """Files as they are, with the headers that `planmark headers` asks for."""

    said: Mapping[str, str] = HEADERS
    hides = True

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Of what Planmark remembers there, nothing."""
        if self.hides and "/." in self.path:
            self.send_error(404)
            return None
        return super().send_head()

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """The file's own."""
        return media_type(str(path) + ("index.html" if str(path).endswith("/") else ""))

    def end_headers(self) -> None:
        """With ours."""
        for name, value in self.said.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its own signature)
        """Nothing is printed."""


class Web(ThreadingHTTPServer):
    """A server whose readers may hang up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def answering(server: HTTPServer) -> Iterator[str]:
    """The address at which a server answers, for as long as it is needed."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def serving(folder: Path, said: Mapping[str, str] = HEADERS, like: type[Handler] = Handler, hides: bool = True) -> Iterator[str]:
    """The address at which a folder is shown."""
    handler = type("Said", (like,), {"said": said, "hides": hides, "protocol_version": "HTTP/1.1"})
    with answering(Web(("127.0.0.1", 0), partial(handler, directory=str(folder)))) as url:
        yield url


def got(address: str, path: str = "") -> tuple[int, bytes]:
    """What a reader gets."""
    found = re.fullmatch(r"http://([^/]+)(/.*)", address + path)
    assert found
    line = HTTPConnection(found[1], timeout=10)
    try:
        line.request("GET", found[2])
        reply = line.getresponse()
        return reply.status, reply.read()
    finally:
        line.close()


class WithoutPaper(There):
    """A target whose sites are built without PDFs, which take most of the time."""

    @property
    def options(self) -> Options:
        """As ever, but for those."""
        return replace(super().options, pdf="none")


@dataclass
class Publisher:
    """A workspace of small deals, its folder at the web server, and a clock that goes on with each command."""

    small: Small
    www: Path
    url: str
    now: datetime = field(default=NOW)

    def there(self, target: str = "") -> There:
        """Its target."""
        found = there_of(self.small.root, target)
        return WithoutPaper(found.root, found.team, found.target, found.place, found.url, found.owner)

    def tick(self) -> datetime:
        """A minute later."""
        self.now += timedelta(minutes=1)
        return self.now

    def publish(self, *deals: str, target: str = "", dry_run: bool = False, draft: bool = False, today: date = TODAY) -> list[Outcome]:
        """Publish deals, all of them where none is named."""
        return publish(self.there(target), Wish(deals, dry_run, draft, today), self.tick(), lambda done, of, name: None)

    def one(self, deal: str = "acme", draft: bool = False) -> Outcome:
        """Publish one deal, which must work."""
        (outcome,) = self.publish(deal, draft=draft)
        assert not outcome.problems
        return outcome


def publisher(folder: Path, url: str, deals: tuple[str, ...] = ("acme", "beta"), more: str = "") -> Publisher:
    """A workspace in a folder, which publishes beside it."""
    small = Small(folder / "workspace")
    small.write(files(deals))
    small.write({"planmark.yaml": f"{WORKSPACE}publish:\n  live: {{kind: directory, path: ../www, url: '{url}'}}\n{more}"})
    return Publisher(small, folder / "www", url)


def place(folder: Path) -> Place:
    """A target without a workspace to speak of."""
    settings = {"kind": "directory", "path": str(folder / "www"), "url": "https://plans.example"}
    return Place(name="live", settings=settings, workspace=folder / "workspace", secret=lambda name: name)


def release(version: int, contents: Mapping[str, bytes], before: int = 0, keep: int = 2) -> Release:
    """A release of made-up files, under a number for a version."""
    made = tuple(
        SiteFile(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type(path), cache=cache_of(path))
        for path, data in contents.items()
    )
    new = Published(site="acme-k", version=name(version), deal="acme", owner="o", day="2026-11-09", tool="planmark", built="b", files=made)
    return Release(published=new, read=lambda file: contents[file.path], before=name(before) if before else "", keep=keep)


def name(version: int) -> str:
    """The name of a version by its number."""
    return f"20261109T1015{version:02}.000Z"


def site(version: int) -> dict[str, bytes]:
    """A site whose page loads an asset of the same version, and one that never changes."""
    page = f'<!doctype html><link href="assets/a.{version}.css"><link href="assets/same.css">{version}</html>\n'
    return {f"assets/a.{version}.css": f"a{{order:{version}}}".encode(), "assets/same.css": b"b{}", "index.html": page.encode()}


def send(at: Place, one: Release) -> list[str]:
    """Publish a release; what each step did."""
    return [f"{step.what} {step.path}" for step in KINDS[at.settings["kind"]].publish(at, one)]


def refused(at: Place, one: Release) -> Problem:
    """The one message that a release is refused with, which says what to do."""
    with pytest.raises(PlanmarkError) as error:
        send(at, one)
    (problem,) = error.value.problems
    assert problem.hint
    return problem


def wrong_with(www: Path) -> list[str]:
    """What a reader would meet that should not be: a page without what it loads, or a version whose files are not those of its manifest."""
    found = []
    for link in www.iterdir() if www.is_dir() else ():
        if not link.is_symlink():
            continue
        page = (link / "index.html").read_text(encoding="utf-8")
        found += [f"{link.name}: {path}" for path in re.findall(r'"(assets/[^"#?]+)"', page) if not (link / path).is_file()]
        target = link.resolve()
        manifest = read_manifest(target.with_name(f"{target.name}.json").read_bytes())
        assert manifest
        for file in (*manifest.files, *manifest.kept):
            if hashlib.sha256((target / file.path).read_bytes()).hexdigest() != file.sha256:
                found.append(f"{link.name}: {file.path} is not what the manifest says")
    return found
