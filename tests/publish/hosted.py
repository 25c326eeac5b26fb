"""Targets at likenesses of hosts, and what a reader gets there."""

from __future__ import annotations

from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

from tests.publish.fakes.cloudflare import Cloudflare
from tests.publish.fakes.hosting import Fake
from tests.publish.fakes.netlify import Netlify
from tests.publish.fakes.vercel import Vercel
from tests.publish.published import release, site

from planmark.extensions.targets import Place, Release
from planmark.targets import cloudflare, netlify, vercel
from planmark.targets.deploys import WholeSite

LIKENESSES = {Netlify: netlify.Netlify, Vercel: vercel.Vercel, Cloudflare: cloudflare.CloudflarePages}


def target(fake: Fake, waits: list[float] | None = None, timeout: float = 60.0) -> WholeSite:
    """The target that a likeness is for."""
    return LIKENESSES[type(fake)](sleep=(waits if waits is not None else []).append, timeout=timeout)


def get(fake: Fake, path: str) -> tuple[int, bytes, dict[str, str]]:
    """What a reader gets, where a host leads from a page to its address without an ending, too."""
    line = HTTPConnection(urlsplit(fake.web).netloc, timeout=10)
    try:
        for _ in range(2):
            line.request("GET", path)
            reply = line.getresponse()
            body, headers = reply.read(), {key.lower(): value for key, value in reply.getheaders()}
            if reply.status != 308:
                break
            path = headers["location"]
        return reply.status, body, headers
    finally:
        line.close()


def page(fake: Fake, site: str = "acme-k", path: str = "index.html") -> bytes | None:
    """A file of a site; None where there is none."""
    status, body, _ = get(fake, f"/{site}/{quote(path)}" if site else f"/{quote(path)}")
    return body if status == 200 else None


def put(fake: Fake, one: Release, place: Place | None = None) -> list[str]:
    """Publish a release; what each step did."""
    return [f"{step.what} {step.path}" for step in target(fake).publish(place or fake.place(), one)]


def beta(version: int, before: int = 0, keep: int = 2) -> Release:
    """A release of another deal."""
    made = release(version, site(version), before, keep)
    return replace(made, published=replace(made.published, site="beta-k", deal="beta"))
