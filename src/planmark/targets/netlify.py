"""The target `netlify`: deploys by digest. A draft is filled with what Netlify lacks, and published when it is whole.

Written after the API's own description (netlify/open-api) and docs.netlify.com/api-and-cli-guides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets.asking import Api, fetched, understood
from planmark.targets.deploys import WholeSite
from planmark.targets.host import Deploy, File, Host, Making, api_of, made_at, noted, own_address, wrong_api
from planmark.targets.hosting import netlify
from planmark.targets.refusals import changed_on_the_way

API = "https://api.netlify.com/api/v1"
SECRET = "NETLIFY_AUTH_TOKEN"  # noqa: S105  (its name)
MANY = 1_000
"""From so many files on, Netlify works out in the background what it lacks."""
POLLS = 120
_NAME = "Netlify"


@dataclass(frozen=True)
class Netlify(WholeSite):
    """A site at Netlify that nothing else is deployed to."""

    kind = "netlify"
    takes = ("site", "api")

    def wrong(self, place: Place) -> str:
        """Whether a site is named."""
        if not place.settings.get("site"):
            return f"write `site:` at `{place.name}`: the name of the site at Netlify, or its id"
        return wrong_api(place, API)

    def host(self, place: Place) -> Host:
        """The site that is named, with or without its `.netlify.app`, or by its id."""
        site = place.settings["site"]
        whole = site if "." in site or len(site) == 36 else f"{site}.netlify.app"
        api = Api(_NAME, api_of(place, API), place.secret(SECRET), SECRET, "site", self.sleep, self.timeout)
        return _Site(api, f"/sites/{quote(whole, safe='')}")


@dataclass
class _Site:
    api: Api
    path: str
    name: str = _NAME
    most: int = 0
    largest: int = 0
    config: Mapping[str, bytes] = field(default_factory=lambda: {"_headers": netlify().encode()})

    @understood(_NAME)
    def live(self) -> Deploy | None:
        found = self.api.ask("GET", self.path, wants=["published_deploy"]).data["published_deploy"]
        return _deploy(found) if found else None

    @understood(_NAME)
    def ours(self) -> list[Deploy]:
        found: list[Deploy] = []
        for page in range(1, 100):
            listed = self.api.ask("GET", f"{self.path}/deploys", query={"page": str(page), "per_page": "100"}, wants=()).data
            found += [one for one in map(_deploy, listed) if one.folder]
            if len(listed) < 100:
                break
        return found

    def read(self, deploy: Deploy, path: str) -> bytes:
        return fetched(_NAME, f"{deploy.url}/{quote(path)}", self.api.sleep, self.api.timeout)

    def digest(self, path: str, data: bytes) -> str:  # noqa: ARG002  (Cloudflare asks for the path)
        return hashlib.sha1(data, usedforsecurity=False).hexdigest()

    def create(self, note: str, files: Mapping[str, File]) -> Making:
        wanted = {"files": {f"/{path}": file.digest for path, file in files.items()}, "draft": True, "async": len(files) > MANY}
        made = self.api.ask("POST", f"{self.path}/deploys", query={"title": note}, send=wanted, wants=["id"]).data
        deploy = _deploy(made)
        try:
            lacking = self._until(deploy, made, ("prepared", "uploading", "uploaded", "processing", "ready"))
            with understood(_NAME):
                required = set((lacking or {}).get("required") or ())
            for path, file in files.items():
                if lacking and file.digest in required:
                    required.remove(file.digest)
                    if not self._sent(deploy, path, file):
                        return None
                    yield path
            return deploy if lacking and self._until(deploy, {}, ("ready",)) else None
        except BaseException:
            with suppress(PlanmarkError):
                self.remove(deploy)
            raise

    def _sent(self, deploy: Deploy, path: str, file: File) -> bool:
        headers = {"Content-Type": "application/octet-stream"}
        where = f"/deploys/{deploy.id}/files/{quote(path)}"
        answer = self.api.ask("PUT", where, body=file.data(), headers=headers, expected=(404, 422), wants=["sha"])
        if answer.status == 422 and self._lacks(deploy, file):
            raise PlanmarkError(self.api.refusal("PUT", answer))
        if answer.status not in (404, 422) and answer.data["sha"] != file.digest:
            raise PlanmarkError(changed_on_the_way(f"{_NAME}, {path}", "the connection"))
        return answer.status != 404

    @understood(_NAME)
    def _lacks(self, deploy: Deploy, file: File) -> bool:
        """Whether a file is wanted still: somebody else may have sent the same one meanwhile."""
        now = self.api.ask("GET", f"/deploys/{deploy.id}", expected=(404,), wants=["required"])
        return now.status != 404 and file.digest in now.data["required"]

    @understood(_NAME)
    def _until(self, deploy: Deploy, said: dict[str, Any], states: tuple[str, ...]) -> dict[str, Any] | None:
        """The deploy when it has come so far; None where it is no longer there."""
        for number in range(POLLS):
            if said.get("state") in states:
                return said
            if said.get("state") in ("error", "rejected"):
                why = self.api.words({"message": said.get("error_message") or said["state"]})
                raise self.api.refused(f"the deploy failed{why}", "see the site's deploys at Netlify")
            if number > 1:
                self.api.wait(1.0)
            answer = self.api.ask("GET", f"/deploys/{deploy.id}", expected=(404,), wants=["state"])
            if answer.status == 404:
                return None
            said = answer.data
        raise self.api.refused(f"the deploy is not ready after {POLLS} looks", "see the site's deploys at Netlify, and publish again")

    def switch(self, deploy: Deploy) -> Deploy | None:
        answer = self.api.ask("POST", f"{self.path}/deploys/{deploy.id}/restore", expected=(404,))
        return None if answer.status == 404 else deploy

    def remove(self, deploy: Deploy) -> None:
        self.api.ask("DELETE", f"/deploys/{deploy.id}", expected=(404,))


@understood(_NAME)
def _deploy(data: dict[str, Any]) -> Deploy:
    folder, after = noted(data.get("title"))
    url = own_address(str(data.get("deploy_ssl_url") or data.get("deploy_url") or ""))
    created, been_live = made_at(data.get("created_at")), bool(data.get("published_at"))
    return Deploy(id=str(data["id"]), folder=folder, after=after, created=created, url=url, been_live=been_live)
