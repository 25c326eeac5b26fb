"""A likeness of Google Apps Script that runs docs/apps-script.js: everything leads through a redirect, and no status is its own."""

from __future__ import annotations

import json
from html import escape
from typing import Any, ClassVar

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, moment, page, redirect, whole


class AppsScript(Fake):
    """One deployed script with its sheet."""

    cors: ClassVar[bool] = False

    def __init__(self, script: str = "AKfycbx0123456789") -> None:
        super().__init__()
        self.script = script
        self.answers: list[Said] = []

    def settings(self) -> dict[str, str]:
        return {"kind": "apps-script", "url": f"{self.url}/macros/s/{self.script}/exec"}

    def preflight(self, asked: Asked) -> Said:
        return page("Method not allowed", 405)

    def _through(self, said: Said) -> Said:
        """What a script says is fetched from another address, which any site's script may read."""
        self.answers.append(said)
        there = redirect(f"{self.url}/macros/echo?user_content_key={len(self.answers) - 1}")
        return Said(there.status, headers={**there.headers, "Access-Control-Allow-Origin": "*"})

    def post(self, asked: Asked) -> Said:
        if asked.path != f"/macros/s/{self.script}/exec":
            return page("Sorry, unable to open the file at this time.", 404)
        fields, _ = asked.form()
        kept = {name: value for name, value in fields.items() if name.startswith("pm_") and name not in ("pm_next", "pm_file")}
        if not kept.get("pm_website"):
            self.keep(kept)
        return self._through(data({"ok": True}) if "pm_payload" in fields else _thanks(fields.get("pm_next", "")))

    def get(self, asked: Asked) -> Said:
        if asked.path == "/macros/echo":
            said = self.answers[int(asked.query["user_content_key"])]
            return Said(said.status, said.body, {**said.headers, "Access-Control-Allow-Origin": "*"})
        if asked.path != f"/macros/s/{self.script}/exec":
            return page("Sorry, unable to open the file at this time.", 404)
        if asked.query.get("secret") != self.token:
            return self._through(data({"error": "the secret is another one"}))
        self.before_read()
        start, size = int(asked.query.get("after") or 0), whole(asked.query, "limit", 500, 500)
        since = moment(asked.query["since"]) if asked.query.get("since") else None
        found = [one for one in self.stored if since is None or one.received >= since]
        rows = [self._item(one) for one in found[start : start + size]]
        return self._through(data({"rows": rows, "more": len(found) > start + size, "next": str(start + len(rows))}))

    def _item(self, sent: Sent) -> dict[str, Any]:
        return {"id": sent.id, "received": sent.moment, "fields": dict(sent.fields)}

    def columns(self, sent: Sent) -> dict[str, str]:
        return {"received": sent.moment, "id": sent.id, **sent.fields}

    def export_json(self) -> bytes:
        return json.dumps({"rows": [self._item(one) for one in self.stored]}).encode()


def _thanks(back: str) -> Said:
    """What the script shows to a reader without JavaScript."""
    link = f'<p><a target="_top" href="{escape(back)}">Back to the plan</a></p>' if back else ""
    return Said(200, f"<p>Sent. Thank you.</p>{link}".encode(), {"Content-Type": "text/html; charset=utf-8"})
