"""A likeness of Web3Forms, after its documentation."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, page, redirect, whole

OWN = ("access_key", "redirect", "botcheck", "subject", "from_name", "replyto", "ccemail")


class Web3Forms(Fake):
    """One form of an account with the PRO plan."""

    def __init__(
        self, access_key: str = "1f6c6d5e-0000-4000-8000-00aa00bb00cc", form_id: str = "0a1b2c3d-0000-4000-8000-000000000001"
    ) -> None:
        super().__init__()
        self.access_key, self.form_id = access_key, form_id
        self.token = "w3f_live_abcdef0123456789"

    def settings(self) -> dict[str, str]:
        own = {"access_key": self.access_key, "form_id": self.form_id}
        return {"kind": "web3forms", **own, "url": f"{self.url}/submit", "api": f"{self.url}/v1"}

    def post(self, asked: Asked) -> Said:
        fields, files = asked.form()
        if asked.path != "/submit":
            return page("Not found", 404)
        if fields.get("access_key") != self.access_key:
            return self._told(asked, 400, success=False, message="Invalid Access Key")
        if files:
            return self._told(asked, 400, success=False, message="File attachments need the field `attachment` and a PRO plan")
        if fields.get("botcheck"):
            return self._told(asked, 400, success=False, message="Spam detected")
        self.keep({name: value for name, value in fields.items() if name not in OWN})
        if asked.wants_json:
            return self._told(asked, 200, success=True, message="Email sent successfully!")
        return redirect(fields["redirect"], 303) if fields.get("redirect") else page("Form submitted successfully!")

    def _told(self, asked: Asked, status: int, **said: object) -> Said:
        return data(said, status) if asked.wants_json else page(str(said["message"]), status)

    def get(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return data({"error": {"code": "unauthorized", "message": "Invalid API key"}}, 401)
        if asked.path != "/v1/submissions" or asked.query.get("form_id") != self.form_id:
            return data({"error": {"code": "not_found", "message": "Form not found"}}, 404)
        self.before_read()
        found = self.kept(newest_first=True)
        if "cursor" in asked.query:
            after = urlsafe_b64decode(asked.query["cursor"]).decode()
            found = [one for one in found if one.id < after]
        size = whole(asked.query, "limit", 50, 100)
        following = urlsafe_b64encode(found[size - 1].id.encode()).decode() if len(found) > size else None
        return data({"data": [self._item(one) for one in found[:size]], "has_more": following is not None, "next_cursor": following})

    def _item(self, sent: Sent) -> dict[str, Any]:
        return {
            "id": sent.id,
            "form_id": self.form_id,
            "submitted_at": sent.moment,
            "ip_address": "203.0.113.42",
            "user_agent": "Mozilla/5.0",
            "site_url": "https://plans.example/p/acme-secret/",
            "fields": dict(sent.fields),
            "attachments": [],
        }

    def columns(self, sent: Sent) -> dict[str, str]:
        return {"id": sent.id, "Submitted At": sent.moment, **sent.fields, "ip_address": "203.0.113.42"}

    def export_json(self) -> bytes:
        return json.dumps({"data": [self._item(one) for one in self.kept(newest_first=True)]}).encode()
