"""The kinds of endpoint that ship, how one is found by its name, and whether its settings make sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planmark.endpoints.addresses import missing, wrong_address
from planmark.endpoints.own import Receiver
from planmark.endpoints.services import SERVICES
from planmark.extensions import ENDPOINTS, Endpoint, Settings, added
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean

KINDS: Mapping[str, Endpoint] = {one.kind: one for one in (Receiver(), *SERVICES)}
"""By the `kind` in planmark.yaml."""
_NO_PLAN = "0" * 32


def endpoint_of(settings: Settings, where: Location) -> Endpoint:
    """The endpoint of a workspace's settings. PlanmarkError where there is no such kind, or what a package adds is none."""
    kind = settings.get("kind", "")
    if not kind:
        raise PlanmarkError(missing("kind", where))
    found = added(ENDPOINTS, kind, KINDS, "endpoint kind", where)
    if not isinstance(found, Endpoint):
        text = f"the endpoint kind `{kind}` of another package is none: it lacks what an endpoint has"
        raise PlanmarkError(Problem("PM704", text, where, "tell its makers; docs/endpoints.md shows a whole one"))
    return found


def settings_problems(endpoint: Endpoint, settings: Settings, where: Location) -> list[Problem]:
    """All that is wrong with an endpoint's settings; empty where forms can be made from them."""
    known = ("kind", *endpoint.wants, *endpoint.takes)
    found = [missing(name, where) for name in endpoint.wants if not settings.get(name)]
    for name, value in settings.items():
        if name not in known:
            text = f"an endpoint of the kind `{endpoint.kind}` has no `{name}`"
            found.append(Problem("PM701", text, where, did_you_mean(name, known)))
        elif name in ("url", "api") and (wrong := wrong_address(value)):
            hint = "write the address as the service shows it: https://…"
            found.append(Problem("PM701", f"the endpoint's `{name}` cannot be used: the address {wrong}", where, hint))
    if found:
        return found
    try:
        endpoint.form(settings, _NO_PLAN)
    except PlanmarkError as error:
        return [replace(problem, location=where) for problem in error.problems]
    return []
