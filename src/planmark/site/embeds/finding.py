"""From an address to the frame that may be shown in its place: whose it is, and whether what comes of it is what was declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from planmark.extensions import EMBEDS, Embed, EmbedKind, added
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.embeds.address import address_of, answers
from planmark.site.embeds.table import PROVIDERS

SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation"
"""What any frame may do. Its host is never the plan's own, so that it stays without the plan's origin; it may not lead the page away."""

_HOST = re.compile(r"\.?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.ASCII)
_SHOWN = re.compile(r"https://(?P<host>[a-z0-9.-]{4,253})/[A-Za-z0-9._=/-]{1,400}(?:\?[A-Za-z0-9._=&-]{1,400})?", re.ASCII)
_MAY = frozenset(("autoplay", "encrypted-media", "picture-in-picture", "clipboard-write"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a page shows once a reader asks for it, as the attributes of an `<iframe>`."""

    provider: str
    kind: EmbedKind
    src: str
    allow: str
    """Beside filling the screen, which every frame may (`allowfullscreen`)."""
    referrer: str
    sandbox: str
    hosts: tuple[str, ...]
    """The hosts that frames may be loaded from, for the page's policy."""


def usable(names: tuple[str, ...]) -> dict[str, Embed]:
    """Those that ship and those that packages add under these names of planmark.yaml, without any that cannot be used."""
    return _found(names)[0]


def wrong_providers(names: tuple[str, ...], where: Location) -> list[Problem]:
    """What is wrong with the providers that planmark.yaml names, at its place there; empty where all can be used."""
    return [replace(problem, location=where) for problem in _found(names)[1]]


def _found(names: tuple[str, ...]) -> tuple[dict[str, Embed], list[Problem]]:
    found: dict[str, Embed] = dict(PROVIDERS)
    problems: list[Problem] = []
    for name in names:
        try:
            found[name] = found.get(name) or _third(name)
        except PlanmarkError as error:
            problems += error.problems
    return found, problems


def _third(name: str) -> Embed:
    where = Location("planmark.yaml")
    one = added(EMBEDS, name, PROVIDERS, "provider of embeds", where)
    wrong = _declared_wrongly(one)
    if not isinstance(one, Embed) or wrong:
        text = f"the provider of embeds `{name}` of another package cannot be used: {wrong}"
        raise PlanmarkError(Problem("PM704", text, where, "tell its makers; docs/embeds.md shows a whole one"))
    return one


def _declared_wrongly(one: object) -> str:
    """What is wrong with what a provider says of itself; empty where nothing is. It is code of others: it may say, or do, anything."""
    try:
        if not isinstance(one, Embed):
            return "it lacks what a provider has"
        if not (isinstance(one.name, str) and 0 < len(one.name) <= 40 and one.name.isprintable()):
            return "its `name` is no short text"
        if one.kind not in get_args(EmbedKind):
            return f"its `kind` is not one of {', '.join(get_args(EmbedKind))}"
        for said in ("hosts", "frames"):
            hosts = getattr(one, said)
            if not (isinstance(hosts, tuple) and hosts and all(isinstance(host, str) and _HOST.fullmatch(host) for host in hosts)):
                return f"its `{said}` are not a tuple of hosts, whole or as `.ending`"
        if not (isinstance(one.allow, tuple) and _MAY.issuperset(one.allow)):
            return f"its `allow` may hold {', '.join(sorted(_MAY))}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def frame_of(url: str | None, known: Mapping[str, Embed], where: Location) -> Frame | None:
    """What may be shown in place of a link to `url`; None where nobody knows it, and it stays a link.

    Raises PlanmarkError where a provider of another package fails, or leads elsewhere than it declared.
    """
    address = address_of(url) if url else None
    if address is None:
        return None
    for name, one in known.items():
        if not answers(one.hosts, address.host):
            continue
        try:
            src = one.shown(address)
        except Exception as error:
            text = f"the provider of embeds `{name}` fails at {address.host}/{address.path}: {error}"
            hint = "write `embed: no` at the resource, and tell the provider's makers"
            raise PlanmarkError(Problem("PM704", text, where, hint)) from None
        if src is None:
            continue
        match = _SHOWN.fullmatch(src) if isinstance(src, str) else None
        if match is None or not answers(one.frames, match["host"]):
            text = f"the provider of embeds `{name}` leads to an address that it may not: {src!r:.120}"
            hint = "it must be https, on a host of its `frames`, in letters, digits and -_=./?& alone: tell its makers"
            raise PlanmarkError(Problem("PM704", text, where, hint))
        return Frame(
            provider=one.name,
            kind=one.kind,
            src=src,
            allow="; ".join(one.allow),
            referrer="strict-origin-when-cross-origin" if one.tells_origin else "no-referrer",
            sandbox=SANDBOX,
            hosts=tuple(dict.fromkeys((match["host"], *(host for host in one.frames if host[0] != ".")))),
        )
    return None
