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

_NO_TEXTS = frozenset({"id", "audience", "share_key"})
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
        own = set() if isinstance(part, Item) and part.audience == "internal" else _texts(shared(part))
        hidden |= _texts(part) - own
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


def _texts(part: Part) -> set[str | _Amount]:
    """Every text and amount below a part; of Markdown, its lines. Ids and days are none."""
    found: set[str | _Amount] = set()
    waiting: list[Any] = [part]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, Money):
            found.add(_Amount(f"{value.amount} {value.currency}"))
        elif isinstance(value, Markdown):
            found.update(() if value.file else value.written.splitlines())
            found.update(unescape(_TAG.sub("", block)) for block in _BLOCK_END.split(value.html))
        elif isinstance(value, Part):
            waiting += [one for name, one in value.__dict__.items() if one is not None and name not in _NO_TEXTS]
        elif isinstance(value, Decimal):
            found.add(_Amount(str(value)))
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, Iterable):
            waiting += value
    return found


def _plain(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _plain(one)
    elif isinstance(value, list):
        for one in value:
            yield from _plain(one)
    elif value is not None:
        yield str(value)
