"""Where a deal's forms lead: the workspace's endpoint, or the preview's own."""

from __future__ import annotations

from planmark.build.preview import Preview
from planmark.content.layout import WORKSPACE_FILE
from planmark.endpoints.kinds import endpoint_of
from planmark.plan.workspace import Workspace
from planmark.problems import Location
from planmark.site.forms import Forms


def forms_of(workspace: Workspace, key: str, site: str, preview: Preview | None) -> Forms | None:
    """The forms of the deal whose digest is `key` and whose site is the folder `site`; none without an endpoint."""
    if preview:
        settings, address = preview.endpoint, preview.address
    elif workspace.endpoint:
        settings, address = workspace.endpoint.settings, public_address(workspace)
    else:
        return None
    endpoint = endpoint_of(settings, Location(WORKSPACE_FILE))
    return Forms(endpoint.form(settings, key), f"{address.rstrip('/')}/{site}/" if address else "")


def public_address(workspace: Workspace) -> str:
    """The address below which sites are published by default; empty where planmark.yaml names none."""
    publish = workspace.publish
    if publish is None:
        return ""
    targets = publish.__pydantic_extra__ or {}
    chosen = targets.get(publish.default or "") or (next(iter(targets.values())) if len(targets) == 1 else None)
    return chosen.url or "" if chosen else ""
