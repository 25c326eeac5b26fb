"""What a build did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from planmark.build.sites import Change
from planmark.build.state import State
from planmark.problems import Problem, in_order


@dataclass
class Report:
    """What a build did."""

    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    """Why each deal was built, by deal; a deal that was not stale is missing."""
    sites: dict[str, str] = field(default_factory=dict)
    """The folder of each deal that has a site."""
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Account and title of each deal."""
    standings: dict[str, str] = field(default_factory=dict)
    """How each deal stands, where this is a preview and the deal does not rest."""
    continued: dict[str, str] = field(default_factory=dict)
    """Deals whose link another one has by now, each with that one: they are history, and neither built nor looked at."""
    failed: list[str] = field(default_factory=list)
    """Deals with errors; their last good site stays."""
    locale: str = "en"
    """The workspace's, by whose order names are sorted."""
    deals: int = 0
    today: date | None = None

    @property
    def ok(self) -> bool:
        """Whether there are no errors."""
        return not any(problem.severity == "error" for problem in self.problems)

    def count(self, action: str) -> int:
        """Outputs that were created, updated, identical or removed."""
        return sum(change.action == action for change in self.changes)

    def remember(self, state: State, names: list[str], wanted: list[str]) -> None:
        """Take over what is known of all deals: their problems, sites and titles."""
        self.deals = sum(name not in self.continued for name in wanted)
        self.locale = state.team.locale
        for name in names:
            record = state.deals.get(name)
            if record is None:
                continue
            if name in wanted and name not in self.continued:
                self.problems += record.problems
                if record.failed:
                    self.failed.append(name)
            if record.site:
                self.sites[name] = record.site
                self.titles[name] = (record.summary.get("account", ""), record.summary.get("title", ""))
                if record.summary.get("standing"):
                    self.standings[name] = record.summary["standing"]
        self.problems = in_order(self.problems)
