"""What of a deal is internal, as texts: what no byte that goes out may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any

from planmark.content.deal import Deal
from planmark.content.team import Team
from planmark.plan.item import Item, Part
from planmark.plan.scalars import Markdown, Money
from planmark.plan.shared import shared
from planmark.publish.scan import Secrets, secrets_of
from planmark.site.language import interface_words

_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|td|th|dt|dd|blockquote|pre)>|<br ?/?>")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class _Amount:
    """An amount among texts: digits, and a currency where it has one."""

    written: str


def internal_secrets(deal: Deal, team: Team, view: Mapping[str, Any]) -> Secrets:
    """What the deal, the workspace and the library keep to themselves. `view` is the buyer's view as plain values."""
    hidden: set[str | _Amount] = set()
    open_: set[str | _Amount] = set()
    for part in (deal.plan, deal.written, team.workspace, *team.library.values()):
        own = set() if isinstance(part, Item) and part.audience == "internal" else set(_texts(shared(part)))
        hidden |= set(_texts(part)) - own
        open_ |= own
    answers = {text for rule, text in deal.plan.not_needed.items() if re.fullmatch(r"R[0-9]+", rule)}  # no buyer sees these
    hidden |= answers
    open_ -= answers
    known = [one if isinstance(one, str) else one.written for one in open_]
    return secrets_of(
        (one for one in hidden if isinstance(one, str)),
        (one.written for one in hidden if isinstance(one, _Amount)),
        [*known, *_plain(view), interface_words(deal.locale)],
    )


def _texts(part: Part) -> Iterator[str | _Amount]:
    """Every text and amount below a part; of Markdown, its lines. Ids and days are none."""
    for name in type(part).model_fields:
        if name not in ("id", "audience", "share_key"):
            yield from _of(getattr(part, name))


def _of(value: Any) -> Iterator[str | _Amount]:
    if isinstance(value, Markdown):
        yield from (line for line in value.written.splitlines() if not value.file)
        for block in _BLOCK_END.split(value.html):
            yield unescape(_TAG.sub("", block))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Money):
        yield _Amount(f"{value.amount} {value.currency}")
    elif isinstance(value, Decimal):
        yield _Amount(str(value))
    elif isinstance(value, Part):
        yield from _texts(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _of(one)
    elif isinstance(value, Iterable):
        for one in value:
            yield from _of(one)


def _plain(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _plain(one)
    elif isinstance(value, list):
        for one in value:
            yield from _plain(one)
    elif value is not None:
        yield str(value)
