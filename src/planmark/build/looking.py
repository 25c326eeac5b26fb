"""Looking at a deal in place of making it: is it well written, and is it a good plan."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.build.jobs import Job, Made
from planmark.build.worker import Workshop
from planmark.content.layout import THEMES
from planmark.shipped import THEMES as SHIPPED_THEMES
from planmark.site.pictures.store import PICTURES, Store

if TYPE_CHECKING:
    from planmark.content.deal import Deal
    from planmark.content.team import Team
    from planmark.site.theme import Theme


class Examiner(Workshop):
    """A workshop in which nothing is made. Pages are rendered only where they could hold a mistake that isn't the plan's own."""

    def __init__(self, team: Team, today: date, cache: Path) -> None:
        super().__init__(team, today, None, cache, "none")
        self.fonts = Store(cache / PICTURES)  # what a font says of itself is read once, and kept

    def make(self, job: Job) -> Made:
        """Load one deal, judge it by the rules, and look at its pages where that tells more. All problems are in the answer."""
        from planmark.content.judging import broken_rules
        from planmark.content.load import load_deal
        from planmark.plan.progress import Clock

        loaded = load_deal(self.team, job.name, job.tree, look_only=not self.has_own_themes)
        made = self.begun(job, loaded)
        deal = loaded.deal
        theme = self.theme_of(deal, made) if deal else None
        if deal is None or theme is None:
            return made
        if self._has_more_to_tell(deal, theme):
            self.draw(deal, theme, job, made)
        else:
            made.ok = True
        if made.ok:
            clock = Clock(self.today)
            made.problems.extend(broken_rules(loaded, clock))
            made.until = min(filter(None, (made.until, clock.until.isoformat())))
        return made

    @cached_property
    def has_own_themes(self) -> bool:
        """Whether the workspace has themes of the team's own, whose templates may hold mistakes that only rendering shows."""
        own = self.team.root / THEMES
        return own.is_dir() and own.resolve() != SHIPPED_THEMES.resolve()

    def _has_more_to_tell(self, deal: Deal, theme: Theme) -> bool:
        """Whether a template of the team's own draws the deal, or a widget's block or a brand's font is looked for on the way."""
        own = self.has_own_themes and any(folder.parent == self.team.root / THEMES for folder in theme.folders)
        return own or bool(deal.brand.font) or any(one.block for one in deal.plan.resources)
