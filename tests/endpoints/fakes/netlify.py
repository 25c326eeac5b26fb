"""A likeness of Netlify: a site, the forms that it found in its pages when it was put there, and the API to read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, ClassVar

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, page, whole


class _Forms(HTMLParser):
    """The forms of a page that are for Netlify, with the names of their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, set[str]] = {}
        self.honeypots: dict[str, str] = {}
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and ("netlify" in given or given.get("data-netlify") == "true"):
            self.open = given.get("name") or ""
            self.found.setdefault(self.open, set())
            self.honeypots[self.open] = given.get("netlify-honeypot") or given.get("data-netlify-honeypot") or ""
        elif tag in ("input", "textarea", "select") and self.open and given.get("name"):
            self.found[self.open].add(given["name"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = ""


class Netlify(Fake):
    """A site. Its pages are `deploy`ed; only forms that stand in them take anything, and only the fields that stand there."""

    cors: ClassVar[bool] = False
    PATH = "/api/v1"

    def __init__(self, site: str = "plans.netlify.app", form_id: str = "6f1c0e7a9b2d4c0008a1b2c3") -> None:
        super().__init__()
        self.site, self.form_id = site, form_id
        self.pages: dict[str, bytes] = {}
        self.forms: dict[str, set[str]] = {}
        self.honeypots: dict[str, str] = {}
        self.spam_words = ("casino",)

    def deploy(self, pages: Mapping[str, bytes]) -> None:
        """Put pages there, by path from `/`, and look for forms in them."""
        self.pages = dict(pages)
        for path, content in pages.items():
            if path.endswith(".html"):
                reader = _Forms()
                reader.feed(content.decode())
                for name, fields in reader.found.items():
                    self.forms.setdefault(name, set()).update(fields)
                self.honeypots |= reader.honeypots

    def settings(self) -> dict[str, str]:
        return {"kind": "netlify", "form_id": self.form_id, "api": self.url + self.PATH}

    def post(self, asked: Asked) -> Said:
        if asked.type not in ("application/x-www-form-urlencoded", "multipart/form-data") or len(asked.body) > 8 * 1024 * 1024:
            return page("Page not found", 404)
        fields, files = asked.form()
        name = fields.pop("form-name", "")
        if name not in self.forms:  # nobody is told that it is lost
            return page("Page not found", 404)
        known = {field: value for field, value in fields.items() if field in self.forms[name]}
        if not fields.get(self.honeypots[name]):
            spam = any(word in value for word in self.spam_words for value in known.values())
            self.keep(known, [file for file in files if file.field in self.forms[name]], spam)
        return self._page(asked.path, otherwise="Thank you!")

    def preflight(self, asked: Asked) -> Said:
        return page("Method not allowed", 405)

    def _page(self, path: str, otherwise: str = "") -> Said:
        found = self.pages.get(path + "index.html" if path.endswith("/") else path)
        if found is None:
            return page(otherwise) if otherwise else page("Page not found", 404)
        kind = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        return Said(200, found, {"Content-Type": kind.get(path.rpartition(".")[2], "text/html; charset=utf-8")})

    def get(self, asked: Asked) -> Said:
        if not asked.path.startswith(self.PATH):
            return self._page(asked.path)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return data({"code": 401, "message": "Access Denied: Not logged in"}, 401)
        if asked.path not in (f"{self.PATH}/forms/{self.form_id}/submissions", f"{self.PATH}/sites/{self.site}/submissions"):
            return data({"code": 404, "message": "Not Found"}, 404)
        self.before_read()
        found = self.kept(asked.query.get("state") == "spam", newest_first=True)
        size = whole(asked.query, "per_page", 30, 100)
        start = (int(asked.query.get("page", 1)) - 1) * size
        return data([self._item(one) for one in found[start : start + size]])

    def _item(self, sent: Sent) -> dict[str, Any]:
        files = {
            file.field: {"filename": file.name, "type": file.type, "size": len(file.data), "url": self.file_url(sent, file)}
            for file in sent.files
        }
        added = {"ip": "203.0.113.9", "user_agent": "Mozilla/5.0", "referrer": "https://plans.example/p/acme-secret/"}
        return {
            "id": sent.id,
            "number": int(sent.id[4:]),
            "email": None,
            "name": None,
            "summary": None,
            "body": None,
            "data": {**sent.fields, **files, **added},
            "created_at": sent.moment,
            "site_url": f"https://{self.site}",
            "form_name": "planmark",
        }

    def columns(self, sent: Sent) -> dict[str, str]:
        files = {file.field: self.file_url(sent, file) for file in sent.files}
        added = {"ip": "203.0.113.9", "user_agent": "Mozilla/5.0", "referrer": "https://plans.example/p/acme-secret/"}
        return {**sent.fields, **files, **added, "created_at": sent.moment, "id": sent.id}

    def export_json(self) -> bytes:
        return json.dumps([self._item(one) for one in self.kept(newest_first=True)]).encode()
