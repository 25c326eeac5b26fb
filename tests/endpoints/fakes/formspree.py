"""A likeness of Formspree, after its help pages and its old open source."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, moment, page, redirect, whole

FILE_LIMIT = 25 * 1024 * 1024


class Formspree(Fake):
    """One form, on a plan with an API and, unless told otherwise, with files."""

    def __init__(self, form: str = "xaykzqbd", files: bool = True) -> None:
        super().__init__()
        self.form, self.files = form, files
        self.spam_words = ("casino",)

    def settings(self) -> dict[str, str]:
        return {
            "kind": "formspree",
            "form": self.form,
            "url": f"{self.url}/f/{self.form}",
            "api": f"{self.url}/api/0",
            **({"files": "yes"} if self.files else {}),
        }

    def post(self, asked: Asked) -> Said:
        fields, files = asked.form()
        code = self._refusal(asked, fields, files)
        if code:
            status, message = code[1], code[2]
            if asked.wants_json:
                return data({"error": message, "errors": [{"code": code[0], "message": message}]}, status)
            return page(message, status)
        kept = {name: value for name, value in fields.items() if not name.startswith("_")}
        if not fields.get("_gotcha"):  # a honeypot is ignored without a word
            self.keep(kept, files, any(word in value for word in self.spam_words for value in kept.values()))
        following = fields.get("_next") or f"{self.url}/thanks"
        return data({"next": following, "ok": True}) if asked.wants_json else redirect(following)

    def _refusal(self, asked: Asked, fields: dict[str, str], files: list[Any]) -> tuple[str, int, str] | None:
        if asked.path != f"/f/{self.form}":
            return "FORM_NOT_FOUND", 404, "Form not found"
        recent = [one for one in self.stored if self.now - one.received < timedelta(minutes=1)]
        if len(recent) >= 20:
            return "BLOCKED", 429, "Too many requests"
        if files and not self.files:
            return "NO_FILE_UPLOADS", 400, "File uploads are not permitted"
        if len(files) > 10:
            return "TOO_MANY_FILES", 400, "Too many files"
        if any(len(file.data) > FILE_LIMIT for file in files):
            return "FILES_TOO_BIG", 413, "Files too big"
        if not any(fields.values()):
            return "EMPTY", 400, "Can't send an empty form"
        return None

    def get(self, asked: Asked) -> Said:
        if asked.path == "/thanks":
            return page("Thanks!")
        if asked.path != f"/api/0/forms/{self.form}/submissions":
            return data({"error": "Form not found"}, 404)
        if asked.headers.get("authorization") != "Basic " + b64encode(f":{self.token}".encode()).decode():
            return data({"error": "Invalid credentials"}, 401)
        self.before_read()
        found = self.kept(asked.query.get("spam") == "true", newest_first=asked.query.get("order", "desc") == "desc")
        if "since" in asked.query:
            found = [one for one in found if one.received >= moment(asked.query["since"])]
        start = int(asked.query.get("offset", 0))
        return data(self._listed(found[start : start + whole(asked.query, "limit", 25, 100)]))

    def _listed(self, found: list[Sent]) -> dict[str, Any]:
        items = [
            {"_date": one.received.replace(tzinfo=None).isoformat(), **self._values(one), "_status": {"email": "sent"}} for one in found
        ]
        return {"fields": sorted({name for item in items for name in item}), "submissions": items}

    def _values(self, sent: Sent) -> dict[str, str]:
        return {**sent.fields, **{file.field: self.file_url(sent, file) for file in sent.files}}

    def columns(self, sent: Sent) -> dict[str, str]:
        return {"_date": sent.received.replace(tzinfo=None).isoformat(), **self._values(sent)}

    def export_json(self) -> bytes:
        return json.dumps({"host": "plans.example", "email": "rep@seller.example", **self._listed(self.kept(newest_first=True))}).encode()
