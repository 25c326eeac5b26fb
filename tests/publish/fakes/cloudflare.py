"""A likeness of Cloudflare Pages' direct upload, after its API documentation and its own client (cloudflare/workers-sdk, wrangler)."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import json
import re
from pathlib import PurePosixPath
from typing import Any

from blake3 import blake3
from tests.publish.fakes.hosting import Asked, Deploy, Fake, Said, data
from tests.publish.fakes.rules import Rules, underscore_headers

MOST, LARGEST, BUCKET, MANY = 20_000, 25 * 2**20, 50 * 2**20, 2_000


class Cloudflare(Fake):
    """One project. Files are kept by what was said to be their digest; a deployment whose manifest does not fit them is refused."""

    kind = "cloudflare-pages"
    secret = "CLOUDFLARE_API_TOKEN"
    cleans = True

    def __init__(self) -> None:
        super().__init__()
        self.account, self.project, self.branch, self.quota = "0123456789abcdef0123456789abcdef", "plans", "main", 1 << 30
        self.upserted: set[str] = set()
        self.tokens: set[str] = set()

    def settings(self) -> dict[str, str]:
        return {"kind": self.kind, "account": self.account, "project": self.project, "url": self.web, "api": f"{self.url}/client/v4"}

    def rules(self, deploy: Deploy) -> Rules:
        return underscore_headers(deploy.more["headers"], detaches=True)

    def shown(self, deploy: Deploy, path: str) -> Said:
        found = super().shown(deploy, path)
        known = {"Access-Control-Allow-Origin": "*", **found.headers} if found.status != 308 else dict(found.headers)
        return Said(found.status, found.body, self.rules(deploy).of(path, known))

    def reply(self, asked: Asked) -> Said:
        path = asked.path.removeprefix("/client/v4")
        if path.startswith("/pages/assets/"):
            return self._assets(asked, path.removeprefix("/pages/assets/"))
        if asked.token != self.token:
            return _error(403, 10000, "Authentication error")
        if not (found := re.fullmatch(r"/accounts/([^/]+)/pages/projects/([^/]+)(/.*)?", path)):
            return _error(404, 7003, "Could not route to that")
        if found[1] != self.account:
            return _error(403, 10000, "Authentication error")
        if found[2] != self.project:
            return _error(404, 8000007, "Project not found. The specified project name does not match any of your existing projects.")
        return self._of_project(asked, found[3] or "")

    def _of_project(self, asked: Asked, path: str) -> Said:
        if path == "" and asked.method == "GET":
            live = self.deploys.get(self.live)
            told = self._told(live) if live and live.state != "deleted" else None
            return _result({"name": self.project, "production_branch": self.branch, "canonical_deployment": told})
        if path == "/upload-token" and asked.method == "GET":
            self.tokens.add(token := f"jwt-{len(self.tokens)}")
            return _result({"jwt": token})
        if path == "/deployments" and asked.method == "POST":
            return self._create(asked)
        if path == "/deployments":
            page, size = int(asked.query.get("page", 1)), int(asked.query.get("per_page", 25))
            if size > 25 or asked.query.get("env", "production") != "production":
                return _error(400, 8000024, "Invalid list options provided")
            return _result([self._told(one) for one in self.there()[(page - 1) * size : page * size]])
        deploy = self.deploys.get(path.removeprefix("/deployments/"))
        if not deploy or deploy.state == "deleted":
            return _error(404, 8000009, "Deployment not found")
        if asked.method == "DELETE":
            self.delete(deploy.id)
            return _result(None)
        return _result(self._told(deploy))

    def _assets(self, asked: Asked, what: str) -> Said:
        if asked.token not in self.tokens or asked.method != "POST":
            return _error(401, 8000013, "Unauthorized")
        body = asked.json()
        if what == "upload":
            return self._upload(body, len(asked.body))
        if not isinstance(body, dict) or set(body) != {"hashes"} or not all(_is_digest(one) for one in body["hashes"]):
            return _error(400, 8000020, "Invalid hashes")
        if what == "check-missing":
            return _result([one for one in body["hashes"] if self.lacks(one)])
        if what != "upsert-hashes":
            return _error(404, 7003, "Could not route to that")
        self.upserted |= set(body["hashes"])
        return _result(None)

    def _upload(self, body: Any, size: int) -> Said:
        if not isinstance(body, list) or len(body) > MANY or size > BUCKET * 4 // 3:
            return _error(413, 8000021, "Too much at once")
        for one in body:
            if set(one) != {"key", "value", "metadata", "base64"} or one["base64"] is not True or set(one["metadata"]) != {"contentType"}:
                return _error(400, 8000022, "Invalid file")
            try:
                content = base64.b64decode(one["value"], validate=True)
            except (binascii.Error, ValueError):
                return _error(400, 8000022, "Invalid file")
            self.quota -= len(content)
            if len(content) > LARGEST or self.quota < 0:
                return _error(413, 8000023, "The account has no room for that")
            if not _is_digest(one["key"]):
                return _error(400, 8000022, "Invalid key")
            self.keep(one["key"], content)
        return _result({"successful_key_count": len(body), "unsuccessful_keys": []})

    def _create(self, asked: Asked) -> Said:
        head = f"Content-Type: {asked.headers.get('content-type', '')}\r\n\r\n".encode()
        form = email.message_from_bytes(head + asked.body, policy=email.policy.HTTP)
        if form.get_content_type() != "multipart/form-data":
            return _error(400, 8000096, "A multipart form was expected")
        parts = {str(part.get_param("name", header="Content-Disposition")): part for part in form.iter_parts()}
        said = {name: (part.get_payload(decode=True) or b"").decode() for name, part in parts.items()}
        if not set(said) <= {"manifest", "branch", "commit_message", "commit_hash", "commit_dirty", "_headers", "_redirects"}:
            return _error(400, 8000096, "Unknown field")
        if any((name in ("_headers", "_redirects")) != (part.get_filename() is not None) for name, part in parts.items()):
            return _error(400, 8000096, "A file was expected, or none")
        if len(said.get("commit_message", "")) > 384:
            return _error(400, 8000096, "The commit message is too long")
        manifest = json.loads(said["manifest"])
        if len(manifest) > MOST:
            return _error(400, 8000027, "Too many files")
        for path, digest in manifest.items():
            if not path.startswith("/") or path in ("/_headers", "/_redirects"):
                return _error(400, 8000028, "Invalid path")
            if self.lacks(digest) or digest not in self.upserted:
                return _error(400, 8000029, f"A file is missing: {path}")
            ending = PurePosixPath(path).suffix[1:]
            if digest != blake3(base64.b64encode(self.contents[digest]) + ending.encode()).hexdigest()[:32]:
                return _error(400, 8000030, f"Not the digest of {path}")
        files = {path[1:]: digest for path, digest in manifest.items()}
        deploy = self.add(files, said.get("commit_message", ""), headers=said.get("_headers", ""), branch=said.get("branch", self.branch))
        if deploy.more["branch"] == self.branch:
            self.go_live(deploy.id)
        return _result(self._told(deploy) | {"latest_stage": {"name": "queued", "status": "active"}})

    def _told(self, deploy: Deploy) -> dict[str, Any]:
        return {
            "id": deploy.id,
            "url": f"{self.url}/deployments-own/{deploy.id}",
            "created_on": deploy.created.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "environment": "production" if deploy.more["branch"] == self.branch else "preview",
            "deployment_trigger": {"type": "ad_hoc", "metadata": {"branch": deploy.more["branch"], "commit_message": deploy.note}},
            "latest_stage": {"name": "deploy", "status": "success"},
        }


def _is_digest(one: object) -> bool:
    return isinstance(one, str) and re.fullmatch(r"[0-9a-f]{32}", one) is not None


def _result(value: object) -> Said:
    return data({"success": True, "errors": [], "messages": [], "result": value})


def _error(status: int, code: int, message: str) -> Said:
    return data({"success": False, "errors": [{"code": code, "message": message}], "messages": [], "result": None}, status)
