"""How the preview answers: pages and files of the sites, its own pages, and the line over which pages hear of changes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from livereload.handlers import LiveReloadHandler
from tornado.web import RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketClosedError

from planmark.content.kinds import media_type
from planmark.preview.answers import INTERNAL_PAGES, site_of, version, with_script
from planmark.preview.names import is_here
from planmark.preview.pages import POLICY, list_page, missing_page, unbuilt_page
from planmark.preview.showing import Showing
from planmark.site.pdf import PDF_FILE

OWN = Path(__file__).parent / "assets"
PAGE_TYPE = "text/html; charset=utf-8"
LONGEST_MESSAGE = 16_384


class Guarded(RequestHandler):
    """Answers those who called us by our name, to read; others learn nothing."""

    showing: Showing

    def initialize(self, showing: Showing) -> None:
        self.showing = showing

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", "frame-ancestors 'none'")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("X-Robots-Tag", "noindex")

    def prepare(self) -> None:
        """Refuse a foreign Host: with it, another site's script would read plans as its own; a foreign Origin; and all but reading."""
        origin = self.request.headers.get("Origin")
        if not self.showing.names.answers(self.request.headers.get("Host", "")):
            self._refuse(421, "The preview does not answer to this name. `planmark serve --allow NAME` lets it.")
        elif origin is not None and not self.showing.names.trusts(origin):
            self._refuse(403, "The preview does not answer to pages of other sites.")
        elif self.request.method not in ("GET", "HEAD"):
            self.set_header("Allow", "GET, HEAD")
            self._refuse(405, "The preview is for reading.")

    @property
    def is_here(self) -> bool:
        """Whether it is this machine's own user who asks, through no proxy and under no other name."""
        return is_here(self.request.remote_ip or "", self.request.headers.get("Host", ""), self.request.headers)

    def _refuse(self, status: int, text: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(text + "\n")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A short text: the traceback is in the terminal."""
        del kwargs
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")

    def compute_etag(self) -> str | None:
        """None: nothing is kept, so nothing is compared. An entity tag made once would outlive the file's content."""
        return None

    def answer(self, page: bytes, made: str, status: int = 200, own_policy: str = POLICY) -> None:
        """A page, with the version that it was made from for its script to read."""
        self.set_status(status)
        self.set_header("Content-Type", PAGE_TYPE)
        self.set_header("Content-Security-Policy", own_policy)
        self.set_header("Server-Timing", f'planmark;desc="{made}"')
        self.finish(page)

    def answer_missing(self, folder: str) -> None:
        """There is no such page; or not yet, because of what is wrong, and then it comes by itself."""
        picture = self.showing.picture
        made = version(picture, folder, self.showing.begun)
        if folder and folder not in picture.sites.values() and picture.blocking(picture.deal_of(folder)):
            self.answer(unbuilt_page(), made, 503)
        else:
            self.answer(missing_page(), made, 404)


class Missing(Guarded):
    """Every address that is nothing else."""

    def get(self) -> None:
        """Not found."""
        self.answer_missing(site_of(self.request.path))

    head = get


class Deals(Guarded):
    """The list of all deals."""

    def get(self) -> None:
        """The list as of the last build."""
        picture = self.showing.picture
        self.answer(list_page(picture, self.is_here), version(picture, "", self.showing.begun))

    head = get


class Internal(Guarded):
    """What only the seller sees of each deal. It never leaves the machine that serves it, whoever may see the plans."""

    async def get(self, deal: str) -> None:
        """The close plan; or that there is none, or none yet."""
        if not self.is_here:
            self._refuse(403, "This page is internal: it opens only on the computer that shows the preview, as http://localhost.")
            return
        page = site_of(f"{INTERNAL_PAGES}{deal}")
        await self.showing.settled(page)
        made = version(self.showing.picture, page, self.showing.begun)
        known = self.showing.picture.deal_of(page) in self.showing.picture.sites
        found = await asyncio.to_thread(self.showing.close_plan, deal) if known else None
        if found is None:
            self.answer_missing(page)
        else:
            self.answer(with_script(found), made, own_policy="frame-ancestors 'none'")

    head = get


class Own(Guarded):
    """The preview's own script, style and icon."""

    def get(self, name: str) -> None:
        """One of the files in `assets/`, whose names the route lists."""
        self.set_header("Content-Type", media_type(name))
        if name.endswith(".js"):  # a worker's policy is its own: this lets it speak to us, whatever the page may do
            host = self.request.headers["Host"]
            self.set_header("Content-Security-Policy", f"default-src 'none'; connect-src 'self' ws://{host} wss://{host}")
        self.finish((OWN / name).read_bytes())

    head = get


class Sites(Guarded, StaticFileHandler):
    """The files of the sites. Pages get the preview's script; all else is as built, in parts where a player asks for parts."""

    def initialize(self, showing: Showing) -> None:  # type: ignore[override]  # the folder is the preview's, not the caller's
        Guarded.initialize(self, showing)
        StaticFileHandler.initialize(self, str(showing.sites))

    async def get(self, path: str, include_body: bool = True) -> None:
        """A page, a file, the way to where a site is now, or that there is nothing."""
        folder, slash, name = path.partition("/")
        await self.showing.settled(folder)
        if not name or name.endswith(".html"):
            await self.showing.opened(folder)
        picture = self.showing.picture
        made = version(picture, folder, self.showing.begun)  # before the file is read: what changes meanwhile makes it an old one
        deal = picture.deal_of(folder)
        if deal and picture.sites.get(deal, folder) != folder:
            self.redirect(f"/sites/{quote(picture.sites[deal])}/{quote(name)}", status=302)
            return
        if name == PDF_FILE and deal and served(self.showing.sites, path) is None:
            paper = await asyncio.to_thread(self.showing.make_pdf, deal)
            if paper is not None:
                self.set_header("Content-Type", media_type(name))
                self.finish(paper)
                return
        file = served(self.showing.sites, f"{folder}/{name or 'index.html'}")
        if file is None or folder not in picture.sites.values():
            self.answer_missing(folder)
        elif not slash:
            self.redirect(f"/sites/{quote(folder)}/", status=302)
        elif "/" not in name and file.suffix == ".html":
            try:
                page = file.read_bytes()
            except FileNotFoundError:
                self.answer_missing(folder)
                return
            self.answer(with_script(page), made, own_policy="frame-ancestors 'none'")
        else:
            await super().get(path, include_body)

    def head(self, path: str) -> Awaitable[None]:
        return self.get(path, include_body=False)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """The file, once more: it was looked up by the same rule."""
        del root
        file = served(self.showing.sites, os.path.relpath(absolute_path, self.showing.sites))
        if file is None:
            self.answer_missing(self.path.partition("/")[0])
            return None
        return str(file)

    def get_content_type(self) -> str:
        return media_type(str(self.absolute_path))

    def get_modified_time(self) -> datetime | None:
        """None: two saves within one second would look the same."""
        return None

    def get_cache_time(self, path: str, modified: datetime | None, mime_type: str) -> int:
        """Nothing is kept."""
        del path, modified, mime_type
        return 0

    def should_return_304(self) -> bool:
        return False

    def set_extra_headers(self, path: str) -> None:
        """A drawing that is opened by itself runs and loads nothing."""
        if path.endswith(".svg"):
            self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'")


class Live(Guarded, LiveReloadHandler):  # type: ignore[misc]  # livereload has no types
    """livereload's protocol 7, from a page to us. Its own watcher, timer and list of waiters, which drop news, stay unused."""

    def check_origin(self, origin: str) -> bool:
        """livereload trusts every origin; we have refused those that are not ours by now, and do so again."""
        return self.showing.names.trusts(origin)

    def on_message(self, message: str | bytes) -> None:
        """`hello` is answered as livereload does; `info` says which page this is, and is told how things stand."""
        try:
            heard = json.loads(message) if len(message) <= LONGEST_MESSAGE else None
        except (ValueError, RecursionError):
            heard = None
        if not isinstance(heard, dict):
            self.close(1003)
        elif heard.get("command") == "hello":
            super().on_message(message)
        elif heard.get("command") == "info" and isinstance(heard.get("url"), str):
            try:
                self.folder = site_of(unquote(urlsplit(heard["url"]).path))
            except ValueError:
                self.folder = ""
            self.showing.join(self, self.folder)

    def on_close(self) -> None:
        self.showing.leave(self)

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message, unless the page has gone."""
        try:
            sent = self.write_message(json.dumps(message))
        except WebSocketClosedError:
            return  # `on_close` says so
        sent.add_done_callback(lambda done: done.cancelled() or done.exception())


def served(sites: Path, path: str) -> Path | None:
    """The file that a path leads to: plain names all the way, no dotfile, no link, nothing outside."""
    parts = path.split("/")
    if any(not part or part.startswith(".") or "\\" in part or ":" in part or not part.isprintable() for part in parts):
        return None
    base = os.path.realpath(sites)
    file = os.path.join(base, *parts)  # noqa: PTH118  (compared as text with what it really is)
    return Path(file) if os.path.realpath(file) == file and os.path.isfile(file) else None  # noqa: PTH113  (as above)
