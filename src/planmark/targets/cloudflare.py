"""The target `cloudflare-pages`: files by their digest, then one deployment that goes live at once. There are no drafts of it.

Written after Cloudflare's API documentation and its own client (cloudflare/workers-sdk, packages/wrangler).
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from planmark.extensions.targets import Place
from planmark.targets.asking import Api, fetched, understood
from planmark.targets.deploys import WholeSite
from planmark.targets.host import Deploy, File, Host, Making, api_of, made_at, note_of, noted, own_address, wrong_api
from planmark.targets.hosting import cloudflare

API = "https://api.cloudflare.com/client/v4"
SECRET = "CLOUDFLARE_API_TOKEN"  # noqa: S105  (its name)
BUCKET_BYTES, BUCKET_FILES = 40 * 2**20, 2_000
PER_PAGE = 25
POLLS = 120
_NAME = "Cloudflare Pages"


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
            return 'install what works out Cloudflare\'s digests: pip install "planmark[cloudflare]"'
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
    most: int = 20_000
    largest: int = 25 * 2**20
    config: Mapping[str, bytes] = field(default_factory=lambda: {"_headers": cloudflare().encode()})
    making: dict[str, str] = field(default_factory=dict)
    """The files of the deployment that is being made: their digests by path."""

    def _result(self, method: str, path: str, wants: Sequence[str] | None = None, **more: Any) -> Any:
        found = self.api.ask(method, path, wants=["result"], **more).data["result"]
        if wants is not None:
            self.api.require(found, wants)
        return found

    @understood(_NAME)
    def live(self) -> Deploy | None:
        current = self._result("GET", self.path, ["canonical_deployment"])["canonical_deployment"]
        return _deploy(current) if current else None

    @understood(_NAME)
    def ours(self) -> list[Deploy]:
        found: list[Deploy] = []
        for page in range(1, 1000):
            query = {"env": "production", "page": str(page), "per_page": str(PER_PAGE)}
            listed = self._result("GET", f"{self.path}/deployments", (), query=query)
            found += [one for one in map(_deploy, listed) if one.folder]
            if len(listed) < PER_PAGE:
                break
        return found

    def read(self, deploy: Deploy, path: str) -> bytes:
        return fetched(_NAME, f"{deploy.url}/{quote(path)}", self.api.sleep, self.api.timeout)

    def digest(self, path: str, data: bytes) -> str:
        from blake3 import blake3

        found: str = blake3(base64.b64encode(data) + PurePosixPath(path).suffix[1:].encode()).hexdigest()
        return found[:32]

    def create(self, note: str, files: Mapping[str, File]) -> Making:
        sent = {path: file for path, file in files.items() if path not in self.config}
        digests = sorted({file.digest for file in sent.values()})
        missing = self._asset("check-missing", {"hashes": digests})
        self.api.require(missing, ())
        with understood(_NAME):
            lacking = set(missing)
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
        folder, after = noted(note)
        return Deploy(id="", folder=folder, after=after, created=made_at(None))

    def _asset(self, what: str, send: object) -> Any:
        """Something about files, with a token of their own that is valid for some minutes."""
        token = self._result("GET", f"{self.path}/upload-token", ["jwt"])["jwt"]
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

    @understood(_NAME)
    def switch(self, deploy: Deploy) -> Deploy | None:
        branch = self._result("GET", self.path, ["production_branch"])["production_branch"]
        fields = {"manifest": json.dumps(self.making), "branch": branch, "commit_message": note_of(deploy.folder, deploy.after)}
        body, kind = _form(fields, self.config)
        made = self._result("POST", f"{self.path}/deployments", ["id"], body=body, headers={"Content-Type": kind})
        for _ in range(POLLS):
            stage, status = _stage(made)
            if (stage, status) == ("deploy", "success"):
                return _deploy(made)
            if status in ("failure", "canceled"):
                raise self.api.refused(f"the deployment failed at the stage {stage}", "see the project's deployments at Cloudflare")
            self.api.wait(1.0)
            answer = self.api.ask("GET", f"{self.path}/deployments/{made['id']}", expected=(404,), wants=["result"])
            if answer.status == 404:
                return None
            made = answer.data["result"]
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


@understood(_NAME)
def _deploy(data: Mapping[str, Any]) -> Deploy:
    folder, after = noted(((data.get("deployment_trigger") or {}).get("metadata") or {}).get("commit_message"))
    created, url = made_at(data.get("created_on")), own_address(str(data.get("url") or "")).rstrip("/")
    been_live = _stage(data) == ("deploy", "success")
    return Deploy(id=str(data["id"]), folder=folder, after=after, created=created, url=url, been_live=been_live)
