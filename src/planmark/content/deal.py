"""A deal ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import Markup

from planmark.content.files import Asset
from planmark.content.pictures import Document, Making
from planmark.plan.acts import Acts
from planmark.plan.health import Health, Seen, health
from planmark.plan.people import Brand, Organisation, Review
from planmark.plan.plan import Plan
from planmark.plan.progress import statuses
from planmark.plan.schedule import Schedule, Working
from planmark.plan.succession import Address
from planmark.plan.workspace import Workspace

if TYPE_CHECKING:
    from planmark.content.access.record import AccessList
    from planmark.plan.changes import Version
    from planmark.plan.events import Event
    from planmark.plan.progress import Clock


@dataclass(frozen=True)
class Note:
    """The notes of one meeting, shared with the buyer: `meetings/2026-11-03-steering.md`."""

    id: str
    day: date | None
    title: str
    html: Markup


@dataclass(frozen=True)
class Deal:
    """A deal ready to be shown: ids, dates, Markdown and files resolved, and the workspace's defaults filled in."""

    name: str
    """The folder's name."""
    plan: Plan
    written: Plan
    """The plan as its files say, before what people did was folded over it; its dates and texts are not resolved."""
    workspace: Workspace
    seller: Organisation
    notes: tuple[Note, ...]
    assets: Mapping[str, Asset]
    """Files by the name that the plan uses."""
    makings: Mapping[str, Making]
    """The files that are made from its images, by their path in the site: these go out, and not the images."""
    locale: str
    timezone: str
    theme: str
    brand: Brand
    contact: str | None
    review: Review | None
    history: tuple[date, ...]
    """The days of published versions, and the newest of what people did."""
    versions: tuple[Version, ...]
    """What was out before, oldest first."""
    acts: Acts
    """What people did, as it stands; their states are in the plan already."""
    working: Working
    """Who works when."""
    schedule: Schedule
    """When everything has to be done; its worked-back dates are in the plan already."""
    address: Address
    """What its link is made of: of a plan that continues another, the first one's. Of a protected plan it is hidden."""
    texts: Mapping[str, Markup]
    """Resources that are Markdown files, by the name that the plan uses: shown on the page itself."""
    former: tuple[Event, ...] = ()
    """What was done in the plans that it continues, and stays with them."""
    access: AccessList | None = None
    """Who may open it, where it is protected and anybody was given access."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    """What its PDFs look like, by the name that the plan uses, where that is known."""

    def health(self, clock: Clock, shared: Plan | None = None) -> Health:
        """How the plan is doing on the clock's day: all of it, for the team, or what is `shared` of it."""
        from planmark.content.activity import day_in

        zone = ZoneInfo(self.timezone)
        seen = Seen(self.schedule, self.workspace.health, clock, self.acts, lambda received: day_in(received, zone))
        return health(shared or self.plan, seen, statuses(self.plan))
