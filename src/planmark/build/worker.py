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
from planmark.site.paper.guard import made_safely
from planmark.site.pdf import PdfWish, make_pdf, why_no_pdf
from planmark.site.pictures.store import PICTURES, Store

if TYPE_CHECKING:
    from jinja2 import Environment

    from planmark.build.preview import Preview
    from planmark.content.deal import Deal
    from planmark.content.load import Loaded
    from planmark.content.team import Team
    from planmark.site.fonts import Faces
    from planmark.site.pages import Output
    from planmark.site.theme import Theme
    from planmark.site.view import BuyerView


@dataclass(frozen=True)
class Job:
    """One deal to make. `before` are its outputs as they stand, so that what is the same is not written."""

    name: str
    tree: Tree
    site: str
    before: dict[str, Written]
    pdf_key: str = ""
    """What its PDF was made from."""


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
    staged: dict[str, Written] = field(default_factory=dict)
    summary: dict[str, str] = field(default_factory=dict)
    pdf_key: str = ""
    ok: bool = False
    retry: bool = False
    """What it failed for is not among its inputs, so that it is tried again at every build."""


class Workshop:
    """What all jobs of one build share: the team, the themes with their templates, today."""

    def __init__(
        self,
        team: Team,
        today: date,
        staging: Path | None,
        cache: Path,
        pdf: PdfWish,
        preview: Preview | None = None,
        target: str = "",
    ) -> None:
        self.team, self.today, self.staging, self.cache, self.pdf = team, today, staging, cache, pdf
        self.preview, self.target = preview, target
        self.store = self.fonts = Store(cache / PICTURES, only_looks=staging is None)
        self.folders: set[str] = set()
        self.themes: dict[str, Theme] = {}
        self.templates: dict[tuple[str, str], Environment] = {}

    def make(self, job: Job) -> Made:
        """Load, check, project and render one deal. Problems of any kind are in the answer; nothing is raised for a rep's mistake."""
        from planmark.content.load import load_deal

        loaded = load_deal(self.team, job.name, job.tree, self.preview.acts(job.name) if self.preview else ())
        made = self.begun(job, loaded)
        theme = self.theme_of(loaded.deal, made) if loaded.deal else None
        if loaded.deal and theme:
            self.draw(loaded.deal, theme, job, made)
        return made

    def begun(self, job: Job, loaded: Loaded) -> Made:
        """What is known of a deal as soon as it is loaded."""
        made = Made(job.name, loaded.problems, asked_library=loaded.asked_library)
        deal = loaded.deal
        made.themes = (deal.theme if deal else self.team.workspace.theme,)
        if deal:
            made.site = deal.address.site
            made.summary = {
                "site": deal.address.site,
                "share_key": deal.address.share_key,
                "continues": deal.plan.continues or "",
                "title": deal.plan.title,
                "account": deal.plan.account.name,
                "expires": deal.plan.expires.day.isoformat() if deal.plan.expires and deal.plan.expires.day else "",
            }
        return made

    def theme_of(self, deal: Deal, made: Made) -> Theme | None:
        """The deal's theme; None, and what is wrong with it, where it cannot be used."""
        from planmark.site.theme import load_theme

        if deal.theme not in self.themes:
            where = Location(f"{CONTENT}/{deal.name}/plan.yaml" if deal.plan.theme else WORKSPACE_FILE)
            try:
                self.themes[deal.theme] = load_theme(self.team.root, deal.theme, where)
            except PlanmarkError as error:
                made.problems.extend(error.problems)
                made.retry = True
                return None
        made.themes = self.themes[deal.theme].names
        return self.themes[deal.theme]

    def draw(self, deal: Deal, theme: Theme, job: Job, made: Made) -> None:
        """Project and render a deal; its outputs, and what is wrong with them, are added to `made`."""
        from planmark.build.forms import forms_of
        from planmark.site.pages import outputs
        from planmark.site.pictures.documents import with_documents
        from planmark.site.projection import project

        try:
            env = self._templates(theme, deal.locale)
        except PlanmarkError as error:
            made.problems.extend(error.problems)
            made.retry = True
            return
        deal = with_documents(deal, self.store)
        try:
            projected = project(deal, self.today, deal.history)
            made.until = min(projected.until, self._judged(deal, made)).isoformat()
            forms = forms_of(self.team.workspace, projected.view.key, made.site, self.preview, self.target)
            faces = self._faces(deal, projected.view, made)
            for output in outputs(projected.view, deal, theme, env, forms, self._pdf(made), self._address(made), faces):
                self._put(output, job, made)
        except PlanmarkError as error:
            made.problems.extend(error.problems)
            return
        made.ok = True

    def _judged(self, deal: Deal, made: Made) -> date:
        """Note how a previewed deal stands, for the seller; the day until which that is so."""
        from planmark.plan.progress import Clock

        clock = Clock(self.today)
        whole = deal.health(clock).whole if self.preview else None
        made.summary |= {"standing": whole.standing} if whole else {}
        return clock.until

    def _templates(self, theme: Theme, locale: str) -> Environment:
        """A theme's templates in one language."""
        from planmark.site.environment import bytecode, environment

        if (theme.name, locale) not in self.templates:
            cache = bytecode(self.cache / "templates") if self.staging else None
            self.templates[theme.name, locale] = environment(theme, locale, cache)
        return self.templates[theme.name, locale]

    def _pdf(self, made: Made) -> PdfWish:
        """What becomes of the PDF; where it is asked for and cannot be made, the deal says so and is tried again."""
        reason = why_no_pdf() if self.pdf == "made" and self.staging is not None else ""
        if reason:
            made.problems.append(
                Problem("PM610", f"the PDFs are left out: {reason}", Location(WORKSPACE_FILE), "or build with --no-pdf", "warning")
            )
            made.retry = True
        return "none" if reason else self.pdf

    def _address(self, made: Made) -> str:
        """Where the deal's page will be, as far as planmark.yaml says it; a preview is nowhere that paper could name."""
        from planmark.build.forms import public_address

        base = "" if self.preview else public_address(self.team.workspace, self.target)
        return f"{base.rstrip('/')}/{made.site}/" if base else ""

    def _picture(self, output: Output) -> bytes:
        """A picture's bytes, from the store or drawn now."""
        from planmark.site.pictures.making import made

        if output.draw:
            return self.store.get(output.path, output.draw)
        making = output.making
        assert making is not None
        return self.store.get(making.output, lambda: made(making, self._place(making.source)))

    def _place(self, source: str) -> Location:
        """A file's place in the workspace."""
        place = Path(source)
        return Location(place.relative_to(self.team.root).as_posix() if place.is_relative_to(self.team.root) else place.name)

    def _faces(self, deal: Deal, view: BuyerView, made: Made) -> Faces | None:
        """The fonts of the deal's brand. What their makers forbid is told."""
        if not deal.brand.font:
            return None
        from planmark.site.data import plan_json
        from planmark.site.fonts import faces

        found = faces(deal, plan_json(view).decode(), deal.locale.partition("-")[0], self.fonts, self._place)
        made.problems.extend(found.problems if found else ())
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
        before = job.before.get(output.path)
        data, digest = output.data, output.digest
        if output.paper:
            made.pdf_key = output.paper.key
            if before is not None and job.pdf_key == made.pdf_key and made.site == job.site:
                digest = before.digest  # the same paper gives the same PDF: it need not be made to be known
            elif self.staging is not None:
                data = made_safely(make_pdf, output.paper, Location(f"{CONTENT}/{job.name}"))
        elif output.making or output.draw:
            if before is not None and made.site == job.site:
                digest = before.digest  # likewise: its path says what is in it
            elif self.staging is not None:
                data = self._picture(output)
        digest = digest or digest_bytes(data or b"")
        made.outputs[output.path] = digest
        if made.site == job.site and before is not None and before.digest == digest:
            return
        if self.staging is None:
            made.staged[output.path] = Written(digest, 0, 0)
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
                file.write(data or b"")
        said = os.stat(target)  # noqa: PTH116  (as above; moving the file keeps what it says)
        made.staged[output.path] = Written(digest, said.st_size, said.st_mtime_ns)
