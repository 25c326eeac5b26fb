"""Any service that takes a form and exports it, for the kind `generic`."""

from __future__ import annotations

import json

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, page, redirect


class Anything(Fake):
    """It takes every form, and has no API."""

    def settings(self) -> dict[str, str]:
        return {"kind": "generic", "url": f"{self.url}/submit", "next_field": "then", "files": "yes"}

    def post(self, asked: Asked) -> Said:
        fields, files = asked.form()
        following = fields.pop("then", "")
        self.keep(fields, files)
        return data({"status": "fine"}) if asked.wants_json else redirect(following, 303) if following else page("Thanks")

    def get(self, asked: Asked) -> Said:
        return page("Not found", 404)

    def columns(self, sent: Sent) -> dict[str, str]:
        return {"Submission Date": sent.received.strftime("%Y-%m-%d %H:%M:%S"), **self._values(sent)}

    def _values(self, sent: Sent) -> dict[str, str]:
        return {**sent.fields, **{file.field: self.file_url(sent, file) for file in sent.files}}

    def export_json(self) -> bytes:
        return json.dumps([{"date": one.moment, **self._values(one)} for one in self.stored]).encode()
