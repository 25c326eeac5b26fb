"""The target `cloudflare-pages`: files by their digest, then one deployment that goes live at once. There are no drafts of it.

So a deployment says which one was the newest when it was made. Where that is not the one just before it, two publishers were at it
at once, and what the first one changed is put out again. Written after Cloudflare's API documentation and its own client (wrangler).
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from planmark.extensions.targets import Place
from planmark.targets.asking import Api, fetched
from planmark.targets.deploys import WholeSite
from planmark.targets.host import Deploy, File, Host, Making, api_of, own_address, wrong_api
from planmark.targets.hosting import cloudflare

API = "https://api.cloudflare.com/client/v4"
SECRET = "CLOUDFLARE_API_TOKEN"  # noqa: S105  (its name)
BUCKET_BYTES, BUCKET_FILES = 40 * 2**20, 2_000
PER_PAGE = 25
POLLS = 120
_NAME = "Cloudflare Pages"
_JSON = "application/json"


@dataclass(frozen=True)
class CloudflarePages(WholeSite):
    """A project of Cloudflare Pages by direct upload, that nothing else is deployed to."""

    kind = "cloudflare-pages"
    takes = ("account", "project", "api")

    def wrong(self, place: Place) -> str:
        """Whether account and project are named, and what works out Cloudflare's digests is installed."""
        if not place.settings.get("account"):
            return f"write `account:` at `{place.name}`: the id of the account, which stands in the address of Cloudflare's dashboard"
        if not place.settings.get("project"):
            return f"write `project:` at `{place.name}`: the name of the project at Cloudflare Pages"
        if find_spec("blake3") is None:
            return "install what works out Cloudflare's digests: pip install 'planmark[cloudflare]'"
        return wrong_api(place, API)

    def host(self, place: Place) -> Host:
        """The project that is named."""
        account, project = (quote(place.settings[name], safe="") for name in ("account", "project"))
        api = Api(_NAME, api_of(place, API), place.secret(SECRET), SECRET, "account` and `project", self.sleep, self.timeout)
        return _Project(api, f"/accounts/{account}/pages/projects/{project}")


@dataclass
class _Project:
    api: Api
    path: str
    name: str = _NAME
    drafts: bool = False
    most: int = 20_000
    largest: int = 25 * 2**20
    config: Mapping[str, bytes] = field(default_factory=lambda: {"_headers": cloudflare().encode()})
    newest: str = ""
    """The newest deployment when it was last looked what is live."""
    known: str = ""
    """The newest one when what is carried was read."""
    making: dict[str, str] = field(default_factory=dict)
    """The files of the deployment that is being made: their digests by path."""

    def _result(self, method: str, path: str, **more: Any) -> Any:
        return self.api.ask(method, path, **more).data["result"]

    def _listed(self) -> Iterator[dict[str, Any]]:
        """Deployments to production, the newest first."""
        for page in range(1, 1000):
            query = {"env": "production", "page": str(page), "per_page": str(PER_PAGE)}
            found = self._result("GET", f"{self.path}/deployments", query=query)
            yield from found
            if len(found) < PER_PAGE:
                break

    def live(self) -> Deploy | None:
        current = self._result("GET", self.path)["canonical_deployment"]
        if not current:
            self.newest = ""
            return None
        live, known = _deploy(current), _note(current)[1]
        self.newest = ""
        for one in (_deploy(data) for data in self._listed() if _stage(data) == ("deploy", "success")):
            self.newest = self.newest or one.id
            if one.order < live.order:
                return replace(live, missed=one) if live.folder and one.folder and one.id != known else live
        return live

    def ours(self) -> list[Deploy]:
        return [one for one in map(_deploy, self._listed()) if one.folder]

    def read(self, deploy: Deploy, path: str) -> bytes:
        return fetched(_NAME, f"{deploy.url}/{quote(path)}", self.api.sleep, self.api.timeout)

    def digest(self, path: str, data: bytes) -> str:
        from blake3 import blake3

        found: str = blake3(base64.b64encode(data) + PurePosixPath(path).suffix[1:].encode()).hexdigest()
        return found[:32]

    def create(self, folder: str, files: Mapping[str, File]) -> Making:
        self.known = self.newest
        sent = {path: file for path, file in files.items() if path not in self.config}
        digests = sorted({file.digest for file in sent.values()})
        lacking = set(self._asset("check-missing", {"hashes": digests}))
        bucket: dict[str, File] = {}
        for path, file in sent.items():
            if file.digest not in lacking:
                continue
            lacking.remove(file.digest)
            if len(bucket) == BUCKET_FILES or sum(one.size for one in bucket.values()) + file.size > BUCKET_BYTES:
                yield from self._filled(bucket)
                bucket = {}
            bucket[path] = file
        yield from self._filled(bucket)
        self._asset("upsert-hashes", {"hashes": digests})
        self.making = {f"/{path}": file.digest for path, file in sent.items()}
        return Deploy(id="", folder=folder)

    def _asset(self, what: str, send: object) -> Any:
        """Something about files, with a token of their own that is valid for some minutes."""
        token = self._result("GET", f"{self.path}/upload-token")["jwt"]
        return self._result("POST", f"/pages/assets/{what}", send=send, token=token)

    def _filled(self, bucket: Mapping[str, File]) -> Iterator[str]:
        if bucket:
            self._asset(
                "upload",
                [
                    {
                        "key": file.digest,
                        "value": base64.b64encode(file.data()).decode(),
                        "metadata": {"contentType": file.media_type},
                        "base64": True,
                    }
                    for file in bucket.values()
                ],
            )
        yield from bucket

    def switch(self, deploy: Deploy) -> Deploy | None:
        branch = self._result("GET", self.path)["production_branch"]
        fields = {"manifest": json.dumps(self.making), "branch": branch, "commit_message": f"{deploy.folder} {self.known}"}
        body, kind = _form(fields, self.config)
        made = self._result("POST", f"{self.path}/deployments", body=body, headers={"Content-Type": kind})
        for _ in range(POLLS):
            stage, status = _stage(made)
            if (stage, status) == ("deploy", "success"):
                return _deploy(made)
            if status in ("failure", "canceled"):
                raise self.api.refused(f"the deployment failed at the stage {stage}", "see the project's deployments at Cloudflare")
            self.api.wait(1.0)
            made = self._result("GET", f"{self.path}/deployments/{made['id']}")
        raise self.api.refused(f"the deployment is not ready after {POLLS} looks", "see the project's deployments, and publish again")

    def remove(self, deploy: Deploy) -> None:
        if deploy.id:
            self.api.ask("DELETE", f"{self.path}/deployments/{deploy.id}", query={"force": "true"}, expected=(404,))


def _form(fields: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """A form as multipart, and its type."""
    boundary = secrets.token_hex(16)
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="{name}"; filename="{name}"\r\nContent-Type: text/plain', data) for name, data in files.items()]
    body = b"".join(f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts)
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _stage(data: Mapping[str, Any]) -> tuple[str, str]:
    """How far a deployment has come, and how that went."""
    stage = data.get("latest_stage") or {}
    return str(stage.get("name")), str(stage.get("status"))


def _note(data: Mapping[str, Any]) -> tuple[str, str]:
    """The folder, and the deployment that was the newest before; both empty where Planmark did not make it."""
    said = str(((data.get("deployment_trigger") or {}).get("metadata") or {}).get("commit_message") or "")
    folder, _, known = said.partition(" ")
    return (folder, known) if folder.startswith("planmark-") else ("", "")


def _deploy(data: Mapping[str, Any]) -> Deploy:
    url = own_address(str(data.get("url") or "")).rstrip("/")
    return Deploy(id=str(data["id"]), folder=_note(data)[0], created=str(data.get("created_on") or ""), url=url)
