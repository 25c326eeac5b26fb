"""The target `vercel`: a production deployment without its domains, which are given to it when it is whole (staged, then promoted).

Written after the REST API's documentation (vercel.com/docs/rest-api) and Vercel's own client (vercel/vercel, packages/client).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets.asking import Api, understood
from planmark.targets.deploys import WholeSite
from planmark.targets.host import Deploy, File, Host, Making, api_of, made_at, noted, own_address, wrong_api
from planmark.targets.hosting import vercel
from planmark.targets.refusals import cannot_read

API = "https://api.vercel.com"
SECRET = "VERCEL_TOKEN"  # noqa: S105  (its name)
POLLS = 300
_NAME = "Vercel"
_STATIC = dict.fromkeys(("framework", "buildCommand", "devCommand", "installCommand", "outputDirectory"))
"""Nothing is built: the files are the site."""


@dataclass(frozen=True)
class Vercel(WholeSite):
    """A project at Vercel that nothing else is deployed to."""

    kind = "vercel"
    takes = ("project", "team", "api")

    def wrong(self, place: Place) -> str:
        """Whether a project is named."""
        if not place.settings.get("project"):
            return f"write `project:` at `{place.name}`: the name of the project at Vercel, or its id"
        return wrong_api(place, API)

    def host(self, place: Place) -> Host:
        """The project that is named, of a team where one is named."""
        team = place.settings.get("team", "")
        query = {"teamId" if team.startswith("team_") else "slug": team} if team else {}
        api = Api(_NAME, api_of(place, API), place.secret(SECRET), SECRET, "project", self.sleep, self.timeout)
        return _Project(api, place.settings["project"], query)


@dataclass
class _Project:
    api: Api
    project: str
    team: Mapping[str, str]
    name: str = _NAME
    most: int = 15_000
    largest: int = 100 * 2**20
    config: Mapping[str, bytes] = field(default_factory=lambda: {"vercel.json": vercel().encode()})
    listed: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each deployment that was read from, the id of every file by its path."""

    def _project(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.ask(
            "GET", f"/v9/projects/{quote(self.project, safe='')}", query=self.team, wants=["id", "name"]
        ).data
        return found

    @understood(_NAME)
    def live(self) -> Deploy | None:
        for _ in range(POLLS):
            current = (self._project().get("targets") or {}).get("production")
            if not current:
                return None
            answer = self.api.ask("GET", f"/v13/deployments/{current['id']}", query=self.team, expected=(404,), wants=["id"])
            if answer.status != 404:
                return _deploy(answer.data)
        raise self.api.refused("the deployment that is live is not there", "see the project's deployments at Vercel")

    @understood(_NAME)
    def ours(self) -> list[Deploy]:
        found: list[Deploy] = []
        query = {**self.team, "projectId": self._project()["id"], "target": "production", "limit": "100"}
        for _ in range(100):
            answer = self.api.ask("GET", "/v6/deployments", query=query, wants=["deployments"]).data
            found += [one for one in map(_deploy, answer["deployments"]) if one.folder]
            if not (answer.get("pagination") or {}).get("next"):
                break
            query["until"] = str(answer["pagination"]["next"])
        return found

    @understood(_NAME)
    def read(self, deploy: Deploy, path: str) -> bytes:
        if deploy.id not in self.listed:
            tree = self.api.ask("GET", f"/v6/deployments/{deploy.id}/files", query=self.team, wants=()).data
            self.listed[deploy.id] = dict(_leaves(tree, ""))
        uid = self.listed[deploy.id].get(path) or self.listed[deploy.id].get(f"src/{path}")
        if uid is None:
            raise PlanmarkError(cannot_read(_NAME, "a file of what is out is not there", "see the project's deployments at Vercel"))
        answer = self.api.ask("GET", f"/v8/deployments/{deploy.id}/files/{uid}", query=self.team).data
        try:
            return base64.b64decode(answer["data"], validate=True)
        except (binascii.Error, ValueError, KeyError, TypeError):
            raise PlanmarkError(cannot_read(_NAME, "a file of what is out does not come as its contents", "publish again later")) from None

    def digest(self, path: str, data: bytes) -> str:  # noqa: ARG002  (Cloudflare asks for the path)
        return hashlib.sha1(data, usedforsecurity=False).hexdigest()

    def create(self, note: str, files: Mapping[str, File]) -> Making:
        project = self._project()
        wanted = {
            "name": project["name"],
            "project": project["id"],
            "target": "production",
            "autoAssignCustomDomains": False,
            "meta": {"planmark": note},
            "projectSettings": _STATIC,
            "files": [{"file": path, "sha": file.digest, "size": file.size} for path, file in files.items()],
        }
        query = {**self.team, "forceNew": "1", "skipAutoDetectionConfirmation": "1"}
        answer = self.api.ask("POST", "/v13/deployments", query=query, send=wanted, expected=(400,), wants=["id"])
        if answer.status == 400 and (lacking := _missing(answer.data)):
            for path, file in files.items():
                if file.digest in lacking:
                    lacking.remove(file.digest)
                    self._sent(file)
                    yield path
            answer = self.api.ask("POST", "/v13/deployments", query=query, send=wanted, wants=["id"])
        elif answer.status == 400:
            why = self.api.words(answer.data) or ": it says nothing more"
            raise self.api.refused(f"Vercel refuses the deployment{why}", "see what it says, and the project's settings at Vercel")
        deploy = _deploy(answer.data)
        try:
            return deploy if self._until_ready(deploy, answer.data) else None
        except BaseException:
            with suppress(PlanmarkError):
                self.remove(deploy)
            raise

    def _sent(self, file: File) -> None:
        headers = {"Content-Type": "application/octet-stream", "x-vercel-digest": file.digest}
        self.api.ask("POST", "/v2/files", query=self.team, body=file.data(), headers=headers)

    @understood(_NAME)
    def _until_ready(self, deploy: Deploy, said: dict[str, Any]) -> bool:
        for _ in range(POLLS):
            state = said.get("readyState")
            if state == "READY":
                return True
            if state in ("ERROR", "CANCELED", "BLOCKED"):
                why = said.get("errorMessage") or said.get("aliasError") or state
                raise self.api.refused(
                    f"the deployment failed{self.api.words({'message': why})}", "see the project's deployments at Vercel"
                )
            self.api.wait(1.0)
            answer = self.api.ask("GET", f"/v13/deployments/{deploy.id}", query=self.team, expected=(404,), wants=["id"])
            if answer.status == 404:
                return False
            said = answer.data
        raise self.api.refused(f"the deployment is not ready after {POLLS} looks", "see the project's deployments, and publish again")

    @understood(_NAME)
    def switch(self, deploy: Deploy) -> Deploy | None:
        project = self._project()
        path = f"/v10/projects/{project['id']}/promote/{deploy.id}"
        if self.api.ask("POST", path, query=self.team, expected=(404, 409)).status in (404, 409):
            return None
        for _ in range(POLLS):
            project = self._project()
            if ((project.get("targets") or {}).get("production") or {}).get("id") == deploy.id:
                return deploy
            asked = project.get("lastAliasRequest") or {}
            if asked.get("toDeploymentId", deploy.id) != deploy.id:
                return None  # somebody else asked after us; what is live is looked at anew
            if asked.get("jobStatus") in ("failed", "skipped"):
                raise self.api.refused("the domains could not be given to the new deployment", "see the project's domains at Vercel")
            self.api.wait(1.0)
        raise self.api.refused(f"the domains are not there after {POLLS} looks", "see the project's domains at Vercel, and publish again")

    def remove(self, deploy: Deploy) -> None:
        self.api.ask("DELETE", f"/v13/deployments/{deploy.id}", query=self.team, expected=(404,))


@understood(_NAME)
def _missing(data: Any) -> set[str]:
    error = data.get("error") if isinstance(data, dict) else None
    return set(error.get("missing") or ()) if isinstance(error, dict) and error.get("code") == "missing_files" else set()


def _leaves(tree: Any, above: str) -> Iterator[tuple[str, str]]:
    """Path and id of each file in a tree as the API tells it."""
    for one in tree:
        path = f"{above}{one['name']}"
        if one.get("uid"):
            yield path, str(one["uid"])
        yield from _leaves(one.get("children") or (), f"{path}/")


@understood(_NAME)
def _deploy(data: dict[str, Any]) -> Deploy:
    folder, after = noted((data.get("meta") or {}).get("planmark"))
    created = made_at(data.get("created") or data.get("createdAt"))
    been_live = data.get("readySubstate") in ("PROMOTED", "ROLLING")
    url = own_address(str(data.get("url") or ""))
    return Deploy(id=str(data.get("uid") or data["id"]), folder=folder, after=after, created=created, url=url, been_live=been_live)
