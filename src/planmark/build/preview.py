"""What a preview's build has beside the workspace: an endpoint of its own, and acts that were made in it and count nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planmark.content.tree import digest_bytes

if TYPE_CHECKING:
    from planmark.plan.events import Event


@dataclass(frozen=True)
class Preview:
    """The preview's endpoint (settings as planmark.yaml would hold them), the address of its sites, and its acts by deal."""

    endpoint: Mapping[str, str]
    address: str
    by_deal: Mapping[str, Sequence[Event]] = field(default_factory=dict)

    def acts(self, deal: str) -> Sequence[Event]:
        """What was done in the deal's previewed pages."""
        return self.by_deal.get(deal, ())

    def digest(self, deal: str) -> str:
        """A digest of the deal's acts; empty where there are none."""
        acts = self.acts(deal)
        return digest_bytes(repr(acts).encode()) if acts else ""
