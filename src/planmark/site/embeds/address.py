"""A web address taken apart, strictly: what is odd about one makes it a plain link, never a frame."""

from __future__ import annotations

import re

from planmark.extensions import Address

LONGEST = 2048
"""Longer addresses are no address that somebody shares."""

_PLAIN = re.compile(
    r"https://(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"  # no user, port, bracket, number or dot at the end
    r"(?:/(?P<path>[^?#]*))?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
_ODD = re.compile(r"[^\x21-\x7e]|[\\\"'<>`{}|^]|%(?![0-9a-f]{2})|%(?:[01]|2e|2f|5c|7f)", re.IGNORECASE)
"""What no address in order holds: blanks, controls, letters that are not ASCII, brackets, and dots and slashes in disguise."""


def address_of(url: str) -> Address | None:
    """The parts of an address; None where anything about it is odd. The fragment is dropped, as a server would never see it."""
    if len(url) > LONGEST or _ODD.search(url):
        return None
    match = _PLAIN.fullmatch(url)
    if match is None or match["host"].lower().startswith("xn--") or ".xn--" in match["host"].lower():
        return None
    segments = (match["path"] or "").removesuffix("/").split("/")
    if any(one in (".", "..") for one in segments) or ("" in segments and segments != [""]):
        return None
    query: dict[str, str] = {}
    for pair in filter(None, (match["query"] or "").split("&")):
        key, _, value = pair.partition("=")
        if key in query:
            return None
        query[key] = value
    return Address(host=match["host"].lower(), path="/".join(segments), query=query)


def answers(patterns: tuple[str, ...], host: str) -> bool:
    """Whether a host is one of those, each whole or as `.ending`: any one label before it."""
    return any(host == one or (one[:1] == "." and host.endswith(one) and "." not in host[: -len(one)]) for one in patterns)
