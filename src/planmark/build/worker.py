"""One deal from its folder to finished files in a staging folder. Runs in this process or in a worker; writes nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.build.jobs import Job, Made, Stage
from planmark.content.layout import CONTENT, WORKSPACE_FILE
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
    from planmark.site.forms import Forms
    from planmark.site.pages import Output
    from planmark.site.theme import Theme
    from planmark.site.view import BuyerView


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
        self.stage = Stage(staging)
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
        try:
            return self._theme(deal.theme, f"{CONTENT}/{deal.name}/plan.yaml" if deal.plan.theme else WORKSPACE_FILE, made)
        except PlanmarkError as error:
            made.problems.extend(error.problems)
            made.retry = True
            return None

    def _theme(self, name: str, where: str, made: Made) -> Theme:
        """The theme of that name, which the deal is made from, too."""
        from planmark.site.theme import load_theme

        if name not in self.themes:
            self.themes[name] = load_theme(self.team.root, name, Location(where))
        made.themes = tuple(dict.fromkeys((*made.themes, *self.themes[name].names)))
        return self.themes[name]

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
            protected = deal.address.hidden and not self.preview  # a preview is for those who write it
            if protected and forms:
                forms = replace(forms, form=replace(forms.form, live=""))  # whoever has the link could ask for it
            wanted = _each_once(job.name, outputs(projected.view, deal, theme, env, forms, self._pdf(made), self._address(made), faces))
            if protected:
                self._seal(deal, wanted, projected.view.version.isoformat(), forms, job, made)
            else:
                for output in wanted:
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
        from planmark.build.forms import site_address

        return "" if self.preview else site_address(self.team.workspace, made.site, self.target)

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
        before = job.before.get(output.path)
        data, digest = output.data, output.digest
        if output.paper:
            made.pdf_key = output.paper.key
            if before is not None and job.pdf_key == made.pdf_key and made.site == job.site:
                digest = before.digest  # the same paper gives the same PDF: it need not be made to be known
            elif self.staging is not None:
                data = self._bytes(output, job)
        elif output.making or output.draw:
            if before is not None and made.site == job.site:
                digest = before.digest  # likewise: its path says what is in it
            elif self.staging is not None:
                data = self._picture(output)
        self.stage.take(job, made, output.path, data or b"", digest, output.source)

    def _seal(self, deal: Deal, wanted: Iterable[Output], day: str, forms: Forms | None, job: Job, made: Made) -> None:
        """Stage the outputs of a protected deal, sealed, and the lock in front of them. Nothing else of them is written."""
        from planmark.site.sealed.sealer import Sealer

        try:
            lock = self._theme(self.team.workspace.theme, WORKSPACE_FILE, made)
            env = self._templates(lock, deal.locale)
            sealer = Sealer(deal, partial(self.stage.take, job, made), job.noted)
        except PlanmarkError:
            made.retry = True  # for a key, a library or a theme that is not among its inputs
            raise
        for output in wanted:
            if output.paper:
                made.pdf_key = output.paper.key
                known = sealer.paper() if job.pdf_key == made.pdf_key and made.site == job.site else None
                if known and known.name in job.before:
                    sealer.note(output, known)
                    made.outputs[known.name] = job.before[known.name].digest
                    continue
                if self.staging is None:
                    continue
            sealer.put(output, self._bytes(output, job))
        sealer.close(day, lock, env, forms)
        made.summary |= sealer.notes

    def _bytes(self, output: Output, job: Job) -> bytes:
        """An output's bytes, made where they have to be."""
        if output.paper:
            return made_safely(make_pdf, output.paper, Location(f"{CONTENT}/{job.name}"))
        if output.making or output.draw:
            return self._picture(output)
        return Path(output.source).read_bytes() if output.source else output.data or b""


def _each_once(deal: str, outputs: Iterable[Output]) -> Iterable[Output]:
    """The outputs of a deal. PlanmarkError where two of them have one path."""
    paths: set[str] = set()
    for output in outputs:
        if output.path in paths:
            text, hint = f"two files of the site want the path {output.path}", "give one of the pages another title"
            raise PlanmarkError(Problem("PM602", text, Location(f"{CONTENT}/{deal}"), hint))
        paths.add(output.path)
        yield output
