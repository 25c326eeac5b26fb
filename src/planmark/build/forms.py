"""Where a deal's forms lead: the workspace's endpoint, or the preview's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmark.build.preview import Preview
from planmark.content.layout import WORKSPACE_FILE
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean

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


def target_problems(team: Team) -> list[Problem]:
    """What is wrong with the places to publish to that planmark.yaml names, each at its place there."""
    publish = team.workspace.publish
    if publish is None:
        return []
    from planmark.targets.kinds import settings_problems

    found = []
    if publish.default and publish.default not in publish.targets:
        hint = did_you_mean(publish.default, publish.targets, "name one of the targets beside it")
        where = team.document.at(("publish", "default"))
        found.append(Problem("PM801", f"there is no target `{publish.default}`", where, hint))
    for name, target in publish.targets.items():
        found += settings_problems(name, target.settings, team.document.at(("publish", name)))
    return found


def forms_of(workspace: Workspace, key: str, site: str, preview: Preview | None, target: str = "") -> Forms | None:
    """The forms of the deal whose digest is `key` and whose site is the folder `site` at a target; none without an endpoint."""
    if preview:
        settings, address = preview.endpoint, f"{preview.address.rstrip('/')}/{site}/" if preview.address else ""
    elif workspace.endpoint:
        settings, address = workspace.endpoint.settings, site_address(workspace, site, target)
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
    return Forms(endpoint.form(settings, key), address)


def site_address(workspace: Workspace, site: str, target: str = "") -> str:
    """The public address of a site at the usual target or another one, with a `/` at its end; empty where planmark.yaml names none."""
    publish = workspace.publish
    chosen = publish.targets.get(target or publish.usual) if publish else None
    return chosen.address(site) if chosen else ""
