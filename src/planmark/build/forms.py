"""Where a deal's forms lead: the workspace's endpoint, or the preview's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmark.build.preview import Preview
from planmark.content.layout import WORKSPACE_FILE
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from planmark.content.team import Team
    from planmark.plan.workspace import Workspace
    from planmark.site.forms import Forms


WHERE = Location(WORKSPACE_FILE)


def endpoint_problems(team: Team) -> list[Problem]:
    """What is wrong with the endpoint that planmark.yaml names, at its place there."""
    if team.workspace.endpoint is None:
        return []
    from planmark.endpoints.kinds import endpoint_of, settings_problems

    settings, where = team.workspace.endpoint.settings, team.document.at(("endpoint",))
    try:
        return settings_problems(endpoint_of(settings, where), settings, where)
    except PlanmarkError as error:
        return list(error.problems)


def embed_problems(team: Team) -> list[Problem]:
    """What is wrong with the providers of embeds that planmark.yaml takes from other packages, at their place there."""
    if not team.workspace.embeds:
        return []
    from planmark.site.embeds import wrong_providers

    return wrong_providers(team.workspace.embeds, team.document.at(("embeds",)))


def forms_of(workspace: Workspace, key: str, site: str, preview: Preview | None) -> Forms | None:
    """The forms of the deal whose digest is `key` and whose site is the folder `site`; none without an endpoint."""
    if preview:
        settings, address = preview.endpoint, preview.address
    elif workspace.endpoint:
        settings, address = workspace.endpoint.settings, public_address(workspace)
    else:
        return None
    from planmark.endpoints.kinds import endpoint_of, settings_problems
    from planmark.site.forms import Forms

    try:
        endpoint = endpoint_of(settings, WHERE)
    except PlanmarkError:
        return None  # `endpoint_problems` tells it, once for the workspace
    if settings_problems(endpoint, settings, WHERE):
        return None
    return Forms(endpoint.form(settings, key), f"{address.rstrip('/')}/{site}/" if address else "")


def public_address(workspace: Workspace) -> str:
    """The address below which sites are published by default; empty where planmark.yaml names none."""
    publish = workspace.publish
    if publish is None:
        return ""
    targets = publish.__pydantic_extra__ or {}
    chosen = targets.get(publish.default or "") or (next(iter(targets.values())) if len(targets) == 1 else None)
    return chosen.url or "" if chosen else ""
