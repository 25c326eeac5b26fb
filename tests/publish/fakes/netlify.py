"""A likeness of Netlify's API for deploys by digest, after its own description (netlify/open-api) and its guide."""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import unquote

from tests.publish.fakes.hosting import Asked, Deploy, Fake, Said, data
from tests.publish.fakes.rules import Rules, underscore_headers

BODY = {"files", "draft", "async", "functions", "function_schedules", "functions_config", "branch", "framework", "framework_version"}


class Netlify(Fake):
    """One site. A deploy of more than `many` files wants `async`; `quota` are bytes that may be sent."""

    kind = "netlify"
    secret = "NETLIFY_AUTH_TOKEN"
    many = 5_000

    def __init__(self) -> None:
        super().__init__()
        self.site, self.name, self.quota = "3970e0fe-8564-4903-9a55-c5f8de49fb8b", "plans-of-us", 1 << 30

    def settings(self) -> dict[str, str]:
        return {"kind": "netlify", "site": self.name, "url": self.web, "api": f"{self.url}/api/v1"}

    def rules(self, deploy: Deploy) -> Rules:
        return (
            underscore_headers(self.contents[deploy.files["_headers"]].decode(), detaches=False) if "_headers" in deploy.files else Rules()
        )

    def reply(self, asked: Asked) -> Said:
        if asked.token != self.token:
            return data({"code": 401, "message": "Access Denied"}, 401)
        path = asked.path.removeprefix("/api/v1")
        if path == asked.path:
            return data({"code": 404, "message": "Not Found"}, 404)
        if found := re.fullmatch(r"/sites/([^/]+)(/.*)?", path):
            if found[1] not in (self.site, f"{self.name}.netlify.app"):
                return data({"code": 404, "message": "Not Found"}, 404)
            return self._of_site(asked, found[2] or "")
        found = re.fullmatch(r"/deploys/([^/]+)(/files/(.+))?", path)
        deploy = self.deploys.get(found[1]) if found else None
        if not found or not deploy or deploy.state == "deleted":
            return data({"code": 404, "message": "Not Found"}, 404)
        if found[2]:
            return self._upload(asked, deploy, unquote(found[3])) if asked.method == "PUT" else data({"code": 405}, 405)
        if asked.method == "DELETE":
            self.delete(deploy.id)
            return Said(204)
        if deploy.state == "preparing":
            deploy.state = "prepared" if self._required(deploy) else "ready"
        return data(self._told(deploy))

    def _of_site(self, asked: Asked, path: str) -> Said:
        if path == "" and asked.method == "GET":
            live = self.deploys.get(self.live)
            told = self._told(live) if live and live.state != "deleted" else None
            return data({"id": self.site, "name": self.name, "state": "current", "published_deploy": told})
        if path == "/deploys" and asked.method == "GET":
            page, size = int(asked.query.get("page", 1)), min(int(asked.query.get("per_page", 100)), 100)
            return data([self._told(one) for one in self.there()[(page - 1) * size : page * size]])
        if path == "/deploys" and asked.method == "POST":
            return self._create(asked)
        if found := re.fullmatch(r"/deploys/([^/]+)/restore", path):
            deploy = self.deploys.get(found[1])
            if not deploy or deploy.state == "deleted":
                return data({"code": 404, "message": "Not Found"}, 404)
            if deploy.state != "ready":
                return data({"code": 422, "message": "Deploy is not ready"}, 422)
            self.go_live(deploy.id)
            return data(self._told(deploy), 201)
        return data({"code": 404, "message": "Not Found"}, 404)

    def _create(self, asked: Asked) -> Said:
        body = asked.json()
        if not isinstance(body, dict) or not set(body) <= BODY or not isinstance(body.get("files"), dict):
            return data({"code": 422, "message": "Invalid deploy"}, 422)
        if not all(isinstance(body.get(name, False), bool) for name in ("draft", "async")):
            return data({"code": 422, "message": "draft and async are booleans"}, 422)
        if any(not path.startswith("/") or not re.fullmatch(r"[0-9a-f]{40}", str(sha)) for path, sha in body["files"].items()):
            return data({"code": 422, "message": "Invalid file or digest"}, 422)
        if len(body["files"]) > self.many and not body.get("async"):
            return data({"code": 422, "message": "Too many files: use async"}, 422)
        files = {path[1:]: sha for path, sha in body["files"].items()}
        deploy = self.add(files, asked.query.get("title", ""), draft=body.get("draft", False))
        deploy.state = "preparing" if body.get("async") else "uploading" if self._required(deploy) else "ready"
        if deploy.state == "ready" and not body.get("draft"):
            self.go_live(deploy.id)
        return data(self._told(deploy))

    def _upload(self, asked: Asked, deploy: Deploy, path: str) -> Said:
        sha = hashlib.sha1(asked.body).hexdigest()
        if asked.headers.get("content-type") != "application/octet-stream" or deploy.files.get(path) != sha:
            return data({"code": 422, "message": "Not the file of that path"}, 422)
        if deploy.state not in ("uploading", "prepared") or sha not in self._required(deploy):
            return data({"code": 422, "message": "Not required"}, 422)
        self.quota -= len(asked.body)
        if self.quota < 0:
            return data({"code": 413, "message": "Your team has used all of its storage"}, 413)
        self.keep(sha, asked.body)
        if not self._required(deploy):
            deploy.state = "ready"
            if not deploy.more["draft"]:
                self.go_live(deploy.id)
        return data({"id": f"/{path}", "path": f"/{path}", "sha": sha, "mime_type": "text/plain", "size": len(asked.body)})

    def _required(self, deploy: Deploy) -> list[str]:
        return sorted({sha for sha in deploy.files.values() if self.lacks(sha)})

    def _told(self, deploy: Deploy) -> dict[str, Any]:
        return {
            "id": deploy.id,
            "site_id": self.site,
            "state": deploy.state,
            "title": deploy.note,
            "draft": deploy.more["draft"],
            "published_at": "2026-11-09T10:00:00.000Z" if deploy.been_live else None,
            "required": [] if deploy.state == "preparing" else self._required(deploy),
            "created_at": deploy.created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "deploy_ssl_url": f"{self.url}/deployments-own/{deploy.id}",
        }
