"""Addresses on the web: which may be spoken to, what of them may be shown, and how settings become part of them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode, urlsplit

from planmark.problems import Location, PlanmarkError, Problem

WHERE = Location("planmark.yaml")
"""Where an endpoint is set up."""
_HOLE = re.compile(r"\{(\w+)\}")


def wrong_address(url: str) -> str:
    """Why an address cannot be used, to follow `the address …`; empty where it can: https, or http on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "cannot be read"
    if not url.isascii() or any(char <= " " or char == "\x7f" for char in url):
        return "holds a space or a sign that addresses do not have"
    if parts.scheme not in ("https", "http") or not host:
        return "does not start with https://"
    if parts.username is not None:
        return "holds a name or a password"
    if parts.scheme == "http" and not is_loopback(host):
        return "starts with http://, so everybody on the way could read along"
    return ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> str:
    """`https://host:port` of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def shown(url: str) -> str:
    """An address as messages show it: without query, name and password, in which a secret may stand."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the endpoint"
    return "the endpoint" if not parts.netloc else f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def with_query(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """An address with further parts of a query."""
    query = urlencode(list(pairs))
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def filled(template: str, settings: Mapping[str, str], in_address: bool = True) -> str:
    """A template such as `https://formspree.io/f/{form}` with the settings in it. PlanmarkError names one that is missing."""
    for name in _HOLE.findall(template):
        if not settings.get(name):
            raise PlanmarkError(missing(name, WHERE))
    return _HOLE.sub(lambda hole: quote(settings[hole[1]], safe="") if in_address else settings[hole[1]], template)


def missing(name: str, where: Location) -> Problem:
    """The problem of a setting that is not there."""
    hint = f"write `{name}: …` below `endpoint`; docs/endpoints.md says where the service shows it"
    return Problem("PM701", f"the endpoint's `{name}` is missing", where, hint)


def on_hosts(host: str, hosts: Iterable[str]) -> bool:
    """Whether a host is one of some: whole, or by an ending that starts with a dot."""
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
