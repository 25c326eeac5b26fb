"""A likeness of our own receiver, for the adapter alone; the receiver itself is tried in its own tests."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from tests.endpoints.fakes.serving import Asked, Fake, Said, Sent, data, page, redirect, whole


class OwnReceiver(Fake):
    """It takes forms of any plan, in order and without gaps."""

    def __init__(self) -> None:
        super().__init__()
        self.register_token = "key-to-register"

    def settings(self) -> dict[str, str]:
        return {"kind": "planmark", "url": self.url}

    def post(self, asked: Asked) -> Said:
        parts = asked.path.split("/")
        if len(parts) != 5 or parts[1:3] != ["v1", "plans"] or parts[4] != "events":
            return data({"ok": False, "code": "unknown"}, 404)
        fields, files = asked.form()
        following = fields.pop("pm_next", "")
        sent = self.keep(fields, files)
        if asked.wants_json or not following:
            return data({"ok": True, "event": fields.get("pm_event") or sent.id, "received_at": sent.moment}, 201)
        return redirect(following, 303)

    def reply(self, asked: Asked) -> Said:
        if asked.method == "PUT":
            if asked.headers.get("authorization") != f"Bearer {self.register_token}":
                return data({"ok": False, "code": "unauthorized"}, 401)
            self.registered[asked.path.rpartition("/")[2]] = asked.body
            return Said(204)
        return super().reply(asked)

    def get(self, asked: Asked) -> Said:
        if asked.path.endswith("/state"):
            return data({"events": []})
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return data({"ok": False, "code": "unauthorized"}, 401)
        if asked.path.startswith("/v1/files/"):
            digest = asked.path.rpartition("/")[2]
            found = [file for one in self.stored for file in one.files if sha256(file.data).hexdigest() == digest]
            return Said(200, found[0].data, {"Content-Type": "application/octet-stream"}) if found else page("Not found", 404)
        self.before_read()
        after, size = int(asked.query.get("after", 0)), whole(asked.query, "limit", 100, 1000)
        rest = self.stored[after:]
        events = [self._item(one) for one in rest[:size]]
        return data({"events": events, "next_after": after + len(events), "has_more": len(rest) > size})

    def _item(self, sent: Sent) -> dict[str, Any]:
        files = [{"name": f.name, "type": f.type, "size": len(f.data), "digest": sha256(f.data).hexdigest()} for f in sent.files]
        return {
            "seq": int(sent.id[4:]),
            "plan": sent.fields.get("pm_plan", ""),
            "received": sent.moment,
            "standing": "waiting",
            "spam": sent.spam,
            "fields": dict(sent.fields),
            "files": files,
        }

    def columns(self, sent: Sent) -> dict[str, str]:
        return {"seq": str(int(sent.id[4:])), "received": sent.moment, "spam": str(sent.spam).lower(), **sent.fields}

    def export_json(self) -> bytes:
        return json.dumps({"events": [self._item(one) for one in self.stored]}).encode()
