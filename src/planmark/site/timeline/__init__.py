"""The timeline of a plan: where everything goes, worked out from the buyer's view before a template draws it."""

from __future__ import annotations

from dataclasses import dataclass

from planmark.site.timeline import layout
from planmark.site.timeline.drawing import Drawing
from planmark.site.timeline.entries import Month, months
from planmark.site.view import BuyerView

HIGHEST = 860
LANDSCAPE_HIGHEST = 520
"""How high a drawing may be on a page of paper that is upright or lies across, in its units."""


@dataclass(frozen=True)
class Timeline:
    """What the timeline's templates draw from. Its line is at the plan's version, so that the same plan is drawn the same on any day;
    a script moves it to the reader's own."""

    plan: BuyerView
    locale: str
    mirrored: bool = False
    """Whether it is read from right to left."""

    def drawing(self, version: str = "") -> Drawing | None:
        """The drawing for a wide screen; None where there are not two days to draw. `version` is the text at the line."""
        return layout.drawn(self.plan, layout.DESK, self.locale, self.plan.version, version, self.mirrored)

    def figures(self, version: str = "") -> tuple[Drawing, ...]:
        """The drawing for paper, in as many pieces as it takes pages. `version` is the text at the line.

        It lies across where that spares it a second page or makes more titles fit, and is narrow enough to.
        """
        given = self.locale, self.plan.version, version, self.mirrored
        upright = layout.in_pieces(self.plan, layout.PORTRAIT, HIGHEST, *given)
        short = sum(piece.shortened() for piece in upright)
        if len(upright) > 1 or short:
            across = layout.in_pieces(self.plan, layout.LANDSCAPE, LANDSCAPE_HIGHEST, *given)
            if len(across) == 1 and across[0].height <= LANDSCAPE_HIGHEST and (len(upright) > 1 or across[0].shortened() < short):
                return across
        return upright

    def months(self) -> tuple[Month, ...]:
        """Everything with a day, month by month, to be read."""
        return months(self.plan, self.plan.version)


__all__ = ["Drawing", "Month", "Timeline"]
