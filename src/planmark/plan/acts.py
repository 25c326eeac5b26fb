"""What people did, as it stands. Most plans have none of it: so this knows nothing of how it came to be, and costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planmark.plan.events import Event


@dataclass(frozen=True)
class Acts:
    """The events of a plan as they stand, each list in order."""

    counting: tuple[Event, ...] = ()
    waiting: tuple[Event, ...] = ()
    """Unproven, and neither accepted nor rejected."""
    rejected: tuple[Event, ...] = ()
    answers: Mapping[str, Event] = field(default_factory=dict)
    """The newest acceptance or rejection of an event, by that event's id."""
    overruled: tuple[Event, ...] = ()
    """Of the seller's: plan.yaml says something else by now."""
    previewed: frozenset[str] = frozenset()
    """Ids of events that were made in a preview: they count there, and are marked."""

    def on(self, item: str, *kinds: str) -> tuple[Event, ...]:
        """What counts on one item, of some kinds."""
        return tuple(event for event in self.counting if event.on == item and event.kind in kinds)

    def is_open(self, event: Event) -> bool:
        """Whether a proposal still waits for its answer."""
        return event.kind == "proposed" and event.id not in self.answers
