"""A likeness of Formspark, after its documentation."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, page, redirect, whole


class Formspark(Fake):
    """One form of an upgraded workspace, which has an API."""

    def __init__(self, form: str = "1mGwgZpqX") -> None:
        super().__init__()
        self.form = form
        self.token = "fsk_live_abcdef"

    def settings(self) -> dict[str, str]:
        return {"kind": "formspark", "form": self.form, "url": f"{self.url}/{self.form}", "api": f"{self.url}/public/v1"}

    def post(self, asked: Asked) -> Said:
        fields, _ = asked.form()
        if asked.path != f"/{self.form}":
            return data({"message": "Form not found"}, 404) if asked.wants_json else page("An error has occurred.", 404)
        kept = {name: value for name, value in fields.items() if not name.startswith("_")}
        if not (fields.get("_honeypot") or fields.get("_gotcha")) and any(kept.values()):
            self.keep(kept)
        if asked.wants_json:
            return data(kept)
        return redirect(fields["_redirect"]) if fields.get("_redirect") else page("Your form has been submitted.")

    def get(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return self._problem(401, "invalid_token", "Invalid token")
        if asked.path != f"/public/v1/forms/{self.form}/submissions":
            return self._problem(404, "not_found", "Not found")
        self.before_read()
        found = self.kept(newest_first=True)
        if "startingAfter" in asked.query:
            after = urlsafe_b64decode(asked.query["startingAfter"]).decode()
            found = [one for one in found if one.id < after]
        size = whole(asked.query, "limit", 25, 100)
        more = len(found) > size
        following = {"nextCursor": urlsafe_b64encode(found[size - 1].id.encode()).decode()} if more else {}
        return data({"data": [self._item(one) for one in found[:size]], "hasMore": more, **following})

    def _problem(self, status: int, code: str, title: str) -> Said:
        said = {"type": f"https://documentation.formspark.io/api/errors#{code}", "title": title, "status": status, "code": code}
        return Said(status, json.dumps(said).encode(), {"Content-Type": "application/problem+json"})

    def _item(self, sent: Sent) -> dict[str, Any]:
        return {"id": sent.id, "formId": self.form, "data": dict(sent.fields), "createdAt": sent.moment}

    def columns(self, sent: Sent) -> dict[str, str]:
        return {"id": sent.id, "createdAt": sent.moment, **sent.fields}

    def export_json(self) -> bytes:
        return json.dumps([self._item(one) for one in self.kept(newest_first=True)]).encode()
