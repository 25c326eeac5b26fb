"""The endpoint: its settings, its token, whether it can be read, and whether it lets the plans' own pages read its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from planmark.build.forms import site_address
from planmark.endpoints.connected import connected
from planmark.endpoints.fetching import fetch
from planmark.plan.workspace import Workspace
from planmark.problems import PlanmarkError
from planmark.publish.answers import TIMEOUT
from planmark.publish.doctor.found import Found, fine, told_by, wrong
from planmark.publish.doctor.reaching import asked, clock

ABOUT = "endpoint"
_ANY_PLAN = "0" * 32
_ANY_SITE = "plan-" + "0" * 26
"""As long as a site with a share key, which a receiver looks at where each has a subdomain."""


def endpoint(root: Path, workspace: Workspace, now: datetime) -> Iterator[Found]:
    """What came is looked at and left there: nothing goes into a plan."""
    if workspace.endpoint is None:
        yield fine(ABOUT, "planmark.yaml names none, so pages show no forms")
        return
    try:
        there = connected(workspace)
        there = replace(there, fetch=partial(fetch, sleep=lambda seconds: None, timeout=TIMEOUT))
        next(iter(there.answers(there.inbox(root).cursor)), None)
    except (PlanmarkError, OSError) as error:
        yield from told_by(ABOUT, error)
        return
    yield fine(ABOUT, f"{there.endpoint.kind} can be read; `planmark endpoint test` sends something through")
    if there.endpoint.kind == "planmark":
        yield from _receiver(workspace, there.settings["url"].rstrip("/"), now)


def _receiver(workspace: Workspace, url: str, now: datetime) -> Iterator[Found]:
    health = asked(f"{url}/healthz")
    if health.status != 200:
        said = health.fault or f"it answers {health.status}"
        yield wrong(
            ABOUT, f"the receiver could not take anything in right now: {said}", "see its log: a full disk, a database that is away"
        )
    yield from clock(ABOUT, health, now)
    parts = urlsplit(site_address(workspace, _ANY_SITE))
    origin = f"{parts.scheme}://{parts.netloc}"
    if not parts.netloc:
        return
    allowed = asked(f"{url}/v1/plans/{_ANY_PLAN}/state", "OPTIONS", {"Origin": origin}).headers.get("access-control-allow-origin")
    publish = workspace.publish
    own = publish.targets[publish.usual] if publish else None
    name = origin.replace(f"{_ANY_SITE}.", "*.") if own and own.subdomains else origin
    if allowed == origin:
        yield fine(ABOUT, f"the receiver knows the pages at {name}")
    else:
        hint = f"start it with `--origin {name}`, or put that into PLANMARK_RECEIVER_ORIGINS"
        yield wrong(ABOUT, f"the receiver does not know the pages at {name}, so what buyers do there looks as if it were not sent", hint)
