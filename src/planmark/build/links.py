"""Links as people get them: the plan's address, and behind it who they are and, of a protected plan, what opens it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from planmark.build.forms import site_address

if TYPE_CHECKING:
    from planmark.content.access.opening import Kept
    from planmark.content.deal import Deal


def address_of(deal: Deal) -> str:
    """The address of a deal's site; its folder's name alone where planmark.yaml says no public address."""
    return site_address(deal.workspace, deal.address.site) or f"{deal.address.site}/"


def opening_fragments(fragments: Mapping[str, str], kept: Mapping[str, Kept]) -> dict[str, str]:
    """The fragments of personal links (`#t=…`) with what opens the plan for just that person, and those of people who have only the latter.

    Whoever has no access keeps the fragment that they have.
    """
    found = dict(fragments)
    for person, one in kept.items():
        found[person] = f"{fragments[person]}&{one.fragment}" if person in fragments else f"#{one.fragment}"
    return found


def personal_fragments(deal: Deal, today: date) -> dict[str, str]:
    """What stands behind the plan's address on each person's link: who they are, where the plan takes what they do, and what opens it.

    PlanmarkError where this machine hasn't the team's key.
    """
    from planmark.content.access.opening import kept_by_person

    kept = kept_by_person(deal) if deal.access and deal.access.people else {}
    return opening_fragments(_proving(deal, today), kept)


def link_that_opens(deal: Deal, person: str, kept: Kept, today: date) -> str:
    """The link that opens a protected plan for a person, and says who they are where the plan takes what they do."""
    return address_of(deal) + opening_fragments(_proving(deal, today), {person: kept})[person]


def _proving(deal: Deal, today: date) -> dict[str, str]:
    """Fragments that say who somebody is; none without an endpoint."""
    from planmark.content.secrets import team_keys
    from planmark.plan.links import personal_links
    from planmark.plan.shared import shared

    if deal.workspace.endpoint is None:
        return {}
    links = personal_links(shared(deal.plan), deal.address.digest, team_keys(deal.workspace.key).signing, today)
    return {one.person: one.fragment for one in links}
