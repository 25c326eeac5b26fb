"""One deal from its folder to finished files in a staging folder. Runs in this process or in a worker; writes nowhere else."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.build.state import Written
from planmark.content.layout import CONTENT, WORKSPACE_FILE
from planmark.content.tree import Tree, digest_bytes
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from jinja2 import Environment

    from planmark.content.deal import Deal
    from planmark.content.team import Team
    from planmark.site.pages import Output
    from planmark.site.theme import Theme


@dataclass(frozen=True)
class Job:
    """One deal to make. `before` are its outputs as they stand, so that what is the same is not written."""

    name: str
    tree: Tree
    site: str
    before: dict[str, Written]


@dataclass
class Made:
    """What became of a job. `outputs` is path to digest; `staged` are those that differ and lie in the staging folder."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    themes: tuple[str, ...] = ()
    asked_library: bool = False
    site: str = ""
    until: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    staged: list[str] = field(default_factory=list)
    summary: dict[str, str] = field(default_factory=dict)
    ok: bool = False
    retry: bool = False
    """What it failed for is not among its inputs, so that it is tried again at every build."""


def summary(deal: Deal) -> dict[str, str]:
    """What is compared between deals, and shown in lists of them."""
    plan = deal.plan
    return {
        "id": plan.id,
        "share_key": plan.share_key or "",
        "continues": plan.continues or "",
        "title": plan.title,
        "account": plan.account.name,
    }


class Workshop:
    """What all jobs of one build share: the team, the themes with their templates, today."""

    def __init__(self, team: Team, today: date, staging: Path | None, cache: Path, connect: tuple[str, ...]) -> None:
        self.team, self.today, self.staging, self.cache, self.connect = team, today, staging, cache, connect
        self.folders: set[str] = set()
        self.themes: dict[str, tuple[Theme, Environment] | PlanmarkError] = {}

    def make(self, job: Job) -> Made:
        """Load, check, project and render one deal. Problems of any kind are in the answer; nothing is raised for a rep's mistake."""
        from planmark.content.load import load_deal
        from planmark.site.pages import outputs
        from planmark.site.projection import project

        loaded = load_deal(self.team, job.name, job.tree)
        made = Made(job.name, loaded.problems, asked_library=loaded.asked_library)
        deal = loaded.deal
        if deal is None:
            made.themes = (self.team.workspace.theme,)
            return made
        made.summary = summary(deal)
        made.site = "-".join(filter(None, (deal.plan.id, deal.plan.share_key)))
        made.themes = (deal.theme,)
        try:
            theme, env = self._theme(deal.theme, job.name, bool(deal.plan.theme))
            made.themes = theme.names
            projected = project(deal, self.today, deal.history)
            made.until = projected.until.isoformat()
            for output in outputs(projected.view, deal, theme, env, self.connect):
                self._put(output, job, made)
        except PlanmarkError as error:
            made.problems.extend(error.problems)
            made.retry = True
            return made
        made.ok = True
        return made

    def _theme(self, name: str, deal: str, in_plan: bool) -> tuple[Theme, Environment]:
        from planmark.site.environment import bytecode, environment
        from planmark.site.theme import load_theme

        if name not in self.themes:
            where = Location(f"{CONTENT}/{deal}/plan.yaml" if in_plan else WORKSPACE_FILE)
            try:
                theme = load_theme(self.team.root, name, where)
                self.themes[name] = theme, environment(theme, bytecode(self.cache) if self.staging else None)
            except PlanmarkError as error:
                self.themes[name] = error
        found = self.themes[name]
        if isinstance(found, PlanmarkError):
            raise found
        return found

    def _put(self, output: Output, job: Job, made: Made) -> None:
        """Stage an output, unless the same bytes stand there already."""
        if output.path in made.outputs:
            raise PlanmarkError(
                Problem(
                    "PM602",
                    f"two files of the site want the path {output.path}",
                    Location(f"{CONTENT}/{job.name}"),
                    "give one of the pages another title",
                )
            )
        digest = output.digest or digest_bytes(output.data or b"")
        made.outputs[output.path] = digest
        before = job.before.get(output.path)
        if made.site == job.site and before is not None and before.digest == digest:
            return
        made.staged.append(output.path)
        if self.staging is None:
            return
        target = f"{self.staging}/{job.name}/{output.path}"
        folder = target.rpartition("/")[0]
        if folder not in self.folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103  (paths as text: thousands are written)
            self.folders.add(folder)
        if output.source is not None:
            shutil.copyfile(output.source, target)
        else:
            with open(target, "wb") as file:  # noqa: PTH123  (as above)
                file.write(output.data or b"")
