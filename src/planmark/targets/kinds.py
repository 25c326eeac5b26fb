"""The kinds of target that ship, how one is found by its name, and whether what planmark.yaml says of it makes sense."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planmark.extensions import Settings, added
from planmark.extensions.targets import TARGETS, Target
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean
from planmark.targets.cloudflare import CloudflarePages
from planmark.targets.clouds import AZURE, GCS, S3
from planmark.targets.directory import Directory
from planmark.targets.git import Git
from planmark.targets.netlify import Netlify
from planmark.targets.ssh import Ssh
from planmark.targets.vercel import Vercel

KINDS: Mapping[str, Target] = {one.kind: one for one in (Directory(), Ssh(), Git(), S3, GCS, AZURE, Netlify(), CloudflarePages(), Vercel())}
"""By the `kind` in planmark.yaml."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?")
_ADDRESS = re.compile(r"https?://[^?#]+")
_HOST = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*(?::[0-9]{1,5})?/?")
"""A host by name, to which one more label can be put."""
_ONE_NAME = ("git", "netlify", "cloudflare-pages", "vercel")
"""Hosts that lead every name of a site to the same files."""


def target_of(settings: Settings, where: Location) -> Target:
    """The target of a block's kind. PlanmarkError where there is no such kind, or what a package adds is none."""
    kind = settings["kind"]
    found = added(TARGETS, kind, KINDS, "target kind", where)
    if not isinstance(found, Target):
        text = f"the target kind `{kind}` of another package is none: it lacks what a target has"
        raise PlanmarkError(Problem("PM704", text, where, "tell its makers; docs/publishing.md shows a whole one"))
    return found


def settings_problems(name: str, settings: Settings, where: Location) -> list[Problem]:
    """All that is wrong with a target's block, as far as can be said without going there."""
    found = []
    if not _NAME.fullmatch(name):
        hint = "use lower-case letters, digits, `-` and `_`: `live`, `staging`"
        found.append(Problem("PM801", f"`{name}` cannot be a target's name", where, hint))
    try:
        target = target_of(settings, where)
    except PlanmarkError as error:
        return [*found, *error.problems]
    known = ("kind", "url", "subdomains", *target.takes)
    for key in settings:
        if key not in known:
            text = f"a target of the kind `{target.kind}` has no `{key}`"
            found.append(Problem("PM801", text, where, did_you_mean(key, known)))
    url = settings.get("url", "")
    if url and not _ADDRESS.fullmatch(url):
        hint = "write where its folders are: https://plans.example.com"
        found.append(Problem("PM801", f"`{url}` is no address below which sites could be", where, hint))
    elif settings.get("subdomains"):
        found += _subdomain_problems(target.kind, url, where)
    return found


def _subdomain_problems(kind: str, url: str, where: Location) -> list[Problem]:
    """Why plans could have no subdomains there."""
    if kind in _ONE_NAME:
        text = f"a target of the kind `{kind}` has one name, and cannot show each plan at a subdomain"
        return [Problem("PM801", text, where, "leave `subdomains` out: each plan has a folder then")]
    if url and not _HOST.fullmatch(url):
        hint = "write a host's name and no path: https://plans.example.com makes https://<plan>.plans.example.com/"
        return [Problem("PM801", f"`{url}` can have no subdomains", where, hint)]
    return []
