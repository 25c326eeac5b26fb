"""A likeness of Vercel's API for deployments of files, after its documentation and its own client (vercel/vercel, packages/client)."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from tests.publish.fakes.hosting import Asked, Deploy, Fake, Said, data
from tests.publish.fakes.rules import Rules, vercel_json

BODY = {"name", "project", "target", "meta", "files", "projectSettings", "autoAssignCustomDomains", "deploymentId", "gitMetadata"}
SETTINGS = {"framework", "buildCommand", "devCommand", "installCommand", "outputDirectory", "rootDirectory", "nodeVersion"}


class Vercel(Fake):
    """One project of a team. Deployments' own addresses want a login, as they do there by default; a promotion takes a moment."""

    kind = "vercel"
    secret = "VERCEL_TOKEN"
    open = False

    def __init__(self) -> None:
        super().__init__()
        self.team, self.project, self.name, self.quota = "team_1a2b3c", "prj_9f8e7d", "plans", 1 << 30
        self.asking: dict[str, str] | None = None

    def settings(self) -> dict[str, str]:
        return {"kind": "vercel", "project": self.name, "team": self.team, "url": self.web, "api": self.url}

    def rules(self, deploy: Deploy) -> Rules:
        return vercel_json(self.contents[deploy.files["vercel.json"]].decode()) if "vercel.json" in deploy.files else Rules()

    def shown(self, deploy: Deploy, path: str) -> Said:
        found = super().shown(deploy, path)
        return found if path != "/vercel.json" else Said(404)

    def reply(self, asked: Asked) -> Said:
        if asked.token != self.token:
            return _error(403, "forbidden", "Not authorized", invalidToken=True)
        if asked.query.get("teamId") != self.team:
            return _error(403, "forbidden", "You don't have permission")
        steps = [
            ("GET", r"/v9/projects/([^/]+)", self._project),
            ("POST", r"/v10/projects/([^/]+)/promote/([^/]+)", self._promote),
            ("POST", r"/v2/files", self._upload),
            ("POST", r"/v13/deployments", self._create),
            ("GET", r"/v6/deployments", self._list),
            ("GET", r"/v13/deployments/([^/]+)", self._get),
            ("DELETE", r"/v13/deployments/([^/]+)", self._delete),
            ("GET", r"/v6/deployments/([^/]+)/files", self._tree),
            ("GET", r"/v8/deployments/([^/]+)/files/([^/]+)", self._file),
        ]
        for method, pattern, step in steps:
            if asked.method == method and (found := re.fullmatch(pattern, asked.path)):
                if step not in (self._project, self._upload, self._create, self._list):
                    deploy = self.deploys.get(found.groups()[-1 if step == self._promote else 0])
                    if not deploy or deploy.state == "deleted":
                        return _error(404, "not_found", "Deployment not found")
                return step(asked, *found.groups())
        return _error(404, "not_found", "Not found")

    def _project(self, asked: Asked, project: str) -> Said:
        if project not in (self.project, self.name):
            return _error(404, "not_found", "Project not found")
        live = self.deploys.get(self.live)
        told = {"production": {"id": live.id, "readyState": "READY"}} if live and live.state != "deleted" else {}
        said = data({"id": self.project, "name": self.name, "targets": told, "lastAliasRequest": self.asking and dict(self.asking)})
        if self.asking and self.asking["jobStatus"] == "pending":
            self.go_live(self.asking["toDeploymentId"])
            self.asking["jobStatus"] = "succeeded"
        return said

    def _promote(self, asked: Asked, project: str, number: str) -> Said:
        deploy = self.deploys[number]
        if project != self.project or deploy.state != "READY" or deploy.more["target"] != "production":
            return _error(400, "bad_request", "It cannot be promoted")
        if self.asking and self.asking["jobStatus"] == "pending":
            return _error(409, "conflict", "Another promotion is under way")
        self.asking = {"fromDeploymentId": self.live, "toDeploymentId": number, "jobStatus": "pending", "type": "promote"}
        return data({}, 202)

    def _upload(self, asked: Asked) -> Said:
        digest = asked.headers.get("x-vercel-digest") or asked.headers.get("x-now-digest")
        if "content-length" not in asked.headers or asked.headers.get("content-type") != "application/octet-stream":
            return _error(400, "bad_request", "Missing size or type")
        if digest != hashlib.sha1(asked.body).hexdigest():
            return _error(400, "file_sha_mismatch", "The digest is not that of the file")
        self.quota -= len(asked.body)
        if self.quota < 0:
            return _error(402, "payment_required", "The usage limit is reached")
        self.keep(digest, asked.body)
        return data({})

    def _create(self, asked: Asked) -> Said:
        body = asked.json()
        if not isinstance(body, dict) or not set(body) <= BODY or not isinstance(body.get("name"), str):
            return _error(400, "bad_request", "Invalid request: unknown or missing keys")
        if not set(body.get("projectSettings") or ()) <= SETTINGS or not all(isinstance(one, str) for one in body.get("meta", {}).values()):
            return _error(400, "bad_request", "Invalid request: projectSettings or meta")
        if "projectSettings" not in body and asked.query.get("skipAutoDetectionConfirmation") != "1":
            return _error(400, "missing_project_settings", "The settings are missing")
        files: list[dict[str, Any]] = body["files"]
        if len(files) > 15_000:
            return _error(400, "too_many_files", "Too many files")
        if any(
            set(one) - {"mode"} != {"file", "sha", "size"} or not isinstance(one["size"], int) or one["file"][:1] == "/" for one in files
        ):
            return _error(400, "bad_request", "Invalid request: files need file, sha and size")
        if missing := sorted({one["sha"] for one in files if self.lacks(one["sha"])}):
            return _error(400, "missing_files", "Missing files", missing=missing)
        if any(one["size"] != len(self.contents[one["sha"]]) for one in files):
            return _error(400, "bad_request", "A size is wrong")
        deploy = self.add({one["file"]: one["sha"] for one in files}, body.get("meta", {}).get("planmark", ""), target=body.get("target"))
        deploy.state = "READY"
        if body.get("target") == "production" and body.get("autoAssignCustomDomains") is not False:
            self.go_live(deploy.id)
        told = self._told(deploy)
        told["readyState"] = "QUEUED"  # it takes a moment
        return data(told)

    def _list(self, asked: Asked) -> Said:
        if asked.query.get("projectId") != self.project or int(asked.query.get("limit", 20)) > 100:
            return _error(400, "bad_request", "Invalid request")
        until, limit = int(asked.query.get("until", 1 << 60)), int(asked.query.get("limit", 20))
        found = [one for one in self.there() if _ms(one) < until]
        following = _ms(found[limit - 1]) if len(found) > limit else None
        return data({"deployments": [self._told(one, "uid") for one in found[:limit]], "pagination": {"count": limit, "next": following}})

    def _get(self, asked: Asked, number: str) -> Said:
        return data(self._told(self.deploys[number]))

    def _delete(self, asked: Asked, number: str) -> Said:
        self.delete(number)
        return data({"uid": number, "state": "DELETED"})

    def _tree(self, asked: Asked, number: str) -> Said:
        root: dict[str, Any] = {"name": "src", "type": "directory", "mode": 16877, "children": []}
        for path, sha in self.deploys[number].files.items():
            *folders, name = path.split("/")
            at = root
            for folder in folders:
                below = next((one for one in at["children"] if one["name"] == folder), None)
                if below is None:
                    below = {"name": folder, "type": "directory", "mode": 16877, "children": []}
                    at["children"].append(below)
                at = below
            at["children"].append({"name": name, "type": "file", "mode": 33188, "uid": sha})
        return data([root])

    def _file(self, asked: Asked, number: str, uid: str) -> Said:
        if uid not in self.deploys[number].files.values():
            return _error(404, "not_found", "File not found")
        return data({"data": base64.b64encode(self.contents[uid]).decode()})

    def _told(self, deploy: Deploy, name: str = "id") -> dict[str, Any]:
        return {
            name: deploy.id,
            "meta": {"planmark": deploy.note} if deploy.note else {},
            "readyState": deploy.state,
            "readySubstate": "PROMOTED" if deploy.been_live else "STAGED",
            "target": deploy.more["target"],
            "created" if name == "uid" else "createdAt": _ms(deploy),
            "url": f"{self.url}/deployments-own/{deploy.id}",
        }


def _ms(deploy: Deploy) -> int:
    return round(deploy.created.timestamp() * 1000)


def _error(status: int, code: str, message: str, **more: object) -> Said:
    return data({"error": {"code": code, "message": message, **more}}, status)
