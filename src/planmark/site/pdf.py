"""A plan on paper: the theme's `paper.html` through WeasyPrint. It may read nothing but the files of the deal and of the theme.

The only module that imports WeasyPrint, and only when a PDF has to be made: what a PDF is made from is known before, as a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from planmark.content.tree import digest_bytes
from planmark.problems import Location, PlanmarkError, Problem

PDF_FILE = "plan.pdf"


@dataclass(frozen=True)
class Paper:
    """What a PDF is made from: its HTML, its style sheet, and the files it may read, by their path in the site."""

    html: str
    css: bytes
    files: Mapping[str, Path]
    key: str
    """The same for the same PDF: the digest of all of it and of the library."""


def paper(html: str, css: bytes, files: Mapping[str, Path]) -> Paper:
    """The makings of a PDF, with their key."""
    used = sorted(path for path in files if path in html or Path(path).name.encode() in css)
    parts = [html.encode(), css, *(path.encode() for path in used), _library().encode()]
    return Paper(html, css, {path: files[path] for path in used}, digest_bytes(b"\0".join(parts)))


def _library() -> str:
    """WeasyPrint as it is installed, without importing it."""
    spec = find_spec("weasyprint")
    if spec is None or spec.origin is None:
        return ""
    said = Path(spec.origin).stat()
    return f"{said.st_size} {said.st_mtime_ns}"


@cache
def why_no_pdf() -> str:
    """Why PDFs cannot be made on this machine, with what to do; empty when they can."""
    try:
        import weasyprint  # noqa: F401
    except ImportError:
        return "WeasyPrint is not installed: pip install weasyprint"
    except OSError:
        return "WeasyPrint misses Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    return ""


def make_pdf(source: Paper, where: Location) -> bytes:
    """The PDF: tagged, in the plan's language, the same bytes for the same paper. Raises PlanmarkError where it cannot be laid out."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Everything is refused but the files that were handed over."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            del headers
            path = url.removeprefix(BASE)
            if not url.startswith(BASE) or path not in source.files:
                raise FatalURLFetchingError(f"a PDF may not load {url[:80]}")
            return URLFetcherResponse(url, source.files[path].read_bytes())

    fetcher = OwnFilesOnly(allowed_protocols=("planmark",), fail_on_errors=True)
    try:
        sheet = CSS(string=source.css.decode(), base_url=BASE + "assets/", url_fetcher=fetcher)
        document = HTML(string=source.html, base_url=BASE, url_fetcher=fetcher)
        data: bytes = document.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1", full_fonts=False, uncompressed_pdf=False)
    except FatalURLFetchingError as error:  # a BaseException: `except Exception` would let it through
        raise PlanmarkError(Problem("PM610", str(error), where, "a page on paper shows files of the deal or of the theme")) from None
    return data


BASE = "planmark://plan/"
"""The address that stands for the site while a PDF is made; nothing answers to it but the fetcher above."""
