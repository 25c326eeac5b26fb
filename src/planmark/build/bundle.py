"""A deal's site as one file, for mail, an intranet or a stick: an HTML file that loads nothing, or a zip with the site as it is.

The site is built first where it is stale, and either is made from the files that stand there then.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.build.build import Options, build
from planmark.content.layout import BUILD, CONTENT, PLAN_FILE
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from planmark.site.bundle import Bundle

SUMS = "SHA256SUMS"
_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name: the same site gives the same bytes on any day."""


@dataclass(frozen=True)
class Site:
    """A built site: its files by path, and what the build had to say of the deal (warnings only)."""

    name: str
    files: Mapping[str, bytes]
    today: date
    warnings: tuple[Problem, ...]


def site_of(root: Path, name: str, today: date | None = None) -> Site:
    """The site of the deal in `content/<name>`, built where it is stale. Raises PlanmarkError with what is wrong with it."""
    from planmark.content.acting import load_one
    from planmark.content.addresses import require_own_link

    require_own_link(root, name, "planmark bundle")
    if load_one(root, name).address.hidden:
        hint = "send the link that opens it (`planmark access` prints it), or the PDF, which anybody can read: `planmark pdf`"
        where = Location(f"{CONTENT}/{name}/{PLAN_FILE}")
        raise PlanmarkError(Problem("PM808", "the plan asks for a passphrase, and a file of its own would be open", where, hint))
    report = build(root, Options(deals=(name,), today=today))
    errors = [problem for problem in report.problems if problem.severity == "error"]
    if errors:
        raise PlanmarkError(errors)
    assert report.today is not None
    folder = root / BUILD / "sites" / report.sites[name]
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return Site(name, files, report.today, tuple(report.problems))


def as_html(root: Path, site: Site) -> Bundle:
    """The site as one HTML file."""
    from planmark.build.forms import forms_of, site_address
    from planmark.content.acting import load_one
    from planmark.site.bundle import bundled
    from planmark.site.bundle.frame import frame_of
    from planmark.site.environment import environment
    from planmark.site.projection import project
    from planmark.site.theme import load_theme

    deal = load_one(root, site.name)
    view = project(deal, site.today, deal.history).view
    theme = load_theme(root, deal.theme, Location(f"{CONTENT}/{site.name}/{PLAN_FILE}"))
    forms = forms_of(deal.workspace, view.key, deal.address.site, None)
    address = site_address(deal.workspace, deal.address.site)
    pages = [(page.file, page.title) for page in view.pages]
    return bundled(site.files, pages, frame_of(view, theme, environment(theme, deal.locale), forms, address))


def as_zip(site: Site) -> bytes:
    """The site's folder as a zip, the same bytes for the same site, with the digest of each file in `SHA256SUMS`."""
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(site.files.items()))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, data in sorted({**site.files, SUMS: sums.encode()}.items()):
            entry = zipfile.ZipInfo(path, _BEGINNING)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            kind = (
                zipfile.ZIP_DEFLATED
                if path.endswith((".html", ".css", ".js", ".json", ".ics", ".svg", ".vtt", SUMS))
                else zipfile.ZIP_STORED
            )
            archive.writestr(entry, data, kind, 9 if kind == zipfile.ZIP_DEFLATED else None)
    return made.getvalue()
