"""The timeline of a plan: where everything goes, worked out from the buyer's view before a template draws it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planmark.site.timeline import layout
from planmark.site.timeline.drawing import Drawing
from planmark.site.timeline.entries import Month, months
from planmark.site.view import BuyerView

HIGHEST = 900
LANDSCAPE_HIGHEST = 520
"""How high a drawing may be on a page, in its units."""


@dataclass(frozen=True)
class Timeline:
    """What the timeline's templates draw from. `today` is the day of the build; without it, no day is named."""

    plan: BuyerView
    today: dt.date | None
    locale: str
    mirrored: bool = False
    """Whether it is read from right to left."""

    def drawing(self, today: str = "") -> Drawing | None:
        """The drawing for a wide screen; None where there are not two days to draw. `today` is the text at the line of the day."""
        return layout.drawn(self.plan, layout.DESK, self.locale, self.today, today, self.mirrored)

    def figure(self, version: str = "") -> Drawing | None:
        """The drawing for paper: upright, or across where it would become too high. The line is that of the plan's version."""
        upright, across = (
            layout.drawn(self.plan, sheet, self.locale, self.plan.version, version, self.mirrored)
            for sheet in (layout.PORTRAIT, layout.LANDSCAPE)
        )
        if upright and across and upright.height > LANDSCAPE_HIGHEST and across.height <= LANDSCAPE_HIGHEST:
            return across
        return upright

    def months(self) -> tuple[Month, ...]:
        """Everything with a day, month by month, to be read."""
        return months(self.plan, self.today)


__all__ = ["Drawing", "Month", "Timeline"]
