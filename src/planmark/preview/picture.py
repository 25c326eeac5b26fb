"""What is known after each build, put together from the reports of whole and of partial ones. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from planmark.build.report import Report
from planmark.content.layout import CONTENT, LIBRARY, THEMES
from planmark.preview.excerpt import Line, excerpt
from planmark.problems import Location, Problem, in_order

SHOWN = 40
"""So many problems get their lines of source; whoever has more mends the first ones first."""
DEFECT = "defect"
INTERNAL = "internal"
"""`internal/<deal>` stands for a deal's internal page where others have the folder of a site."""


@dataclass(frozen=True)
class Picture:
    """The workspace as last built. Never changed: each build gives a new one."""

    number: int = 0
    """How many builds there were."""
    sites: Mapping[str, str] = field(default_factory=dict)
    """The folder of each deal that has a site."""
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Account and title of each deal that has a site."""
    locale: str = "en"
    """By whose order names are sorted."""
    failed: frozenset[str] = frozenset()
    own: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    """The problems in each deal's own folder."""
    shared: tuple[Problem, ...] = ()
    """The problems in what deals share: settings, library, themes; and what stopped a build."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """The deals of folders that were once a site's."""
    standings: Mapping[str, str] = field(default_factory=dict)
    """How each deal stands, for the seller; those that rest are missing."""
    built: Mapping[str, int] = field(default_factory=dict)
    """The build that last made each deal, or tried to, by its name: what only the seller sees of it may differ since."""
    changed: Mapping[str, int] = field(default_factory=dict)
    """The build that last changed a site, by its folder."""
    listed: int = 0
    """The build that last changed any of the above but `built` and `changed`."""
    sources: Mapping[Location, tuple[Line, ...]] = field(default_factory=dict)

    @property
    def deals(self) -> frozenset[str]:
        """The deals that are known: those with a site, and those that failed."""
        return self.failed.union(self.sites)

    def deal_of(self, folder: str) -> str | None:
        """The deal whose site is, or was, in `folder`; a deal's own name leads to it, too, and the place of its internal page."""
        internal, _, name = folder.rpartition("/")
        if internal == INTERNAL:
            return name if name in self.deals else None
        return (
            next((deal for deal, site in self.sites.items() if site == folder), None)
            or self.moved.get(folder)
            or (folder if folder in self.deals else None)
        )

    def version(self, folder: str) -> int:
        """The build that last changed what a page in `folder` shows; of any other page: what the list shows."""
        internal, _, name = folder.rpartition("/")
        if internal == INTERNAL:
            return self.built.get(name, self.listed)
        return self.changed.get(folder, 0) if folder in self.sites.values() else self.listed

    def problems(self) -> list[Problem]:
        """All of them, by place."""
        return in_order((*self.shared, *(problem for problems in self.own.values() for problem in problems)))

    def has_errors_beside(self, deals: frozenset[str]) -> bool:
        """Whether anything is wrong outside these deals' folders."""
        return bool(self.shared) or any(one.severity == "error" for name, found in self.own.items() if name not in deals for one in found)

    def blocking(self, deal: str | None) -> list[Problem]:
        """The errors because of which a deal's page is not, or no longer, what was written; None: a page that does not exist."""
        built = deal is not None and deal not in self.failed
        errors = [one for one in self.shared if one.severity == "error" and not (built and _is_some_deals(one))]
        for name in (deal,) if deal is not None else self.failed.difference(self.sites):
            errors += [one for one in self.own.get(name, ()) if one.severity == "error"]
        return in_order(errors)

    def after(self, report: Report, asked: Iterable[str], root: Path) -> Picture:
        """This picture with what a build of the deals `asked` found; of all deals where none is named."""
        names = frozenset(asked)
        found: dict[str, list[Problem]] = {}
        shared = []
        for problem in report.problems:
            deal = _deal_of(problem)
            if deal is None:
                shared.append(problem)
            else:
                found.setdefault(deal, []).append(problem)
        failed = frozenset(report.failed)
        own: dict[str, tuple[Problem, ...]] = {}
        if names:
            # What others share is only known to be mended once all have been built again.
            own = {name: problems for name, problems in self.own.items() if name not in names}
            failed |= self.failed - names
            shared = in_order((*self.shared, *shared))
        for name, problems in found.items():
            own[name] = tuple(in_order((*own.get(name, ()), *problems)))
        changed = {change.path.partition("/")[0] for change in report.changes if change.action != "identical"}
        moved = {**self.moved, **{site: name for name, site in self.sites.items() if report.sites.get(name) != site}}
        return self._next(
            root,
            sites=report.sites,
            titles=report.titles,
            standings=report.standings,
            built={**self.built, **dict.fromkeys(report.reasons, self.number + 1)},
            locale=report.locale,
            failed=failed,
            own=own,
            shared=tuple(shared),
            moved={site: name for site, name in moved.items() if site not in report.sites.values()},
            changed={site: self.number + 1 if site in changed else self.changed.get(site, 0) for site in report.sites.values()},
        )

    def stopped(self, problems: Iterable[Problem], asked: Iterable[str], root: Path) -> Picture:
        """This picture with what stopped a build of the deals `asked`, or of all."""
        names = frozenset(asked)
        if not names:
            return self._next(root, shared=tuple(in_order((*problems, *(one for one in self.shared if one.code != DEFECT)))))
        return self._next(root, failed=self.failed | names, own={**self.own, **{name: tuple(problems) for name in names}})

    def _next(self, root: Path, **parts: object) -> Picture:
        new = replace(self, number=self.number + 1, **parts)  # type: ignore[arg-type]  # the callers are above, and name fields
        if any(getattr(new, name) != getattr(self, name) for name in ("sites", "titles", "standings", "locale", "failed", "own", "shared")):
            new = replace(new, listed=new.number)
        places = {problem.location for problem in islice(sorted(new.problems(), key=lambda one: one.severity), SHOWN)}
        return replace(new, sources={place: excerpt(root, place) for place in places})


def _deal_of(problem: Problem) -> str | None:
    """The deal in whose folder a problem is."""
    parts = problem.location.path.split("/")
    return parts[1] if len(parts) > 1 and parts[0] == CONTENT and not parts[1].startswith("_") else None


def _is_some_deals(problem: Problem) -> bool:
    """Whether a shared problem stops only the deals that use what it is in."""
    return problem.location.path.startswith((f"{THEMES}/", f"{CONTENT}/{LIBRARY}/"))
