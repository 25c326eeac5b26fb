"""A likeness of Basin, after its documentation and what its API's clients read from it."""

from __future__ import annotations

import json
from typing import Any

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, page, redirect


class Basin(Fake):
    """One form. Where it leads after sending is a setting of the form, never a field."""

    def __init__(self, form: str = "1a1d2b97c41f", page_size: int = 25) -> None:
        super().__init__()
        self.form, self.page_size = form, page_size
        self.redirect_url = ""
        self.spam_words = ("casino",)

    def settings(self) -> dict[str, str]:
        return {"kind": "basin", "form": self.form, "url": f"{self.url}/f/{self.form}", "api": f"{self.url}/api/v1", "files": "yes"}

    def post(self, asked: Asked) -> Said:
        if asked.path != f"/f/{self.form}":
            return data({"error": "Form not found"}, 404) if asked.wants_json else page("Form not found", 404)
        fields, files = asked.form()
        kept = {name: value for name, value in fields.items() if not name.startswith("_")}
        spam = bool(fields.get("_gotcha")) or any(word in value for word in self.spam_words for value in kept.values())
        sent = self.keep(kept, files, spam)
        if asked.wants_json:
            return data({"success": True, "id": sent.id})
        return redirect(self.redirect_url) if self.redirect_url else page("Thank you")

    def get(self, asked: Asked) -> Said:
        if asked.path != "/api/v1/submissions":
            return data({"error": "Not found"}, 404)
        if asked.headers.get("authorization") not in (f"Token {self.token}", f"Bearer {self.token}"):
            return data({"error": "Invalid API key"}, 401)
        if asked.query.get("form_id") != self.form:
            return data({"error": "Not found"}, 404)
        self.before_read()
        found = self.kept(asked.query.get("filter_by") == "Spam", newest_first=True)
        start = (int(asked.query.get("page", 1)) - 1) * self.page_size
        items = [self._item(one) for one in found[start : start + self.page_size]]
        return data({"submissions": items, "meta": {"count": len(found)}})

    def _item(self, sent: Sent) -> dict[str, Any]:
        return {
            "id": int(sent.id[4:]),
            "email": None,
            "payload_params": dict(sent.fields),
            "form_id": 8812,
            "spam": sent.spam,
            "spam_reason": "words" if sent.spam else None,
            "created_at": sent.moment,
            "ip": "203.0.113.9",
            "referrer": "https://plans.example/p/acme-secret/",
            "user_agent": "Mozilla/5.0",
            "attachments": [{"filename": file.name, "url": self.file_url(sent, file)} for file in sent.files],
            "form": {"name": "Plans", "uuid": self.form},
        }

    def columns(self, sent: Sent) -> dict[str, str]:
        when = sent.received.strftime("%Y-%m-%d %H:%M:%S UTC")
        files = {file.field: self.file_url(sent, file) for file in sent.files}
        return {
            "ID": str(int(sent.id[4:])),
            "Created At": when,
            "IP": "203.0.113.9",
            "Spam": str(sent.spam).lower(),
            **sent.fields,
            **files,
        }

    def export_json(self) -> bytes:
        return json.dumps([self._item(one) for one in self.kept(newest_first=True)]).encode()
