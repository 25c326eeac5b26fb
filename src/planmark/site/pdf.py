"""A plan on paper: the theme's `paper.html` through WeasyPrint. It may read nothing but the files of the deal that it shows.

The only module that imports WeasyPrint, and only when a PDF has to be made: what a PDF is made from is known before, as a key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from planmark.content.tree import digest_bytes
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PDF_FILE = "plan.pdf"

BASE = "https://plan.invalid/"
"""The address that stands for the site while a PDF is made. Nothing asks for it: the one fetcher below hands out files. A scheme of our
own would not do, for relative addresses are joined only to schemes that are known."""

_LINKS = ("https://", "http://", "mailto:", "tel:")
_LIBRARIES = ("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "fontTools", "PIL")
_FONTS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
)


@dataclass(frozen=True)
class Paper:
    """What a PDF is made from: its HTML, its style sheet, and the files it may read, by their path in the site."""

    html: str
    css: bytes
    files: Mapping[str, Path]
    key: str
    """The same for the same PDF: the digest of all of it, of the libraries and of where fonts are installed."""


def paper(html: str, css: bytes, files: Mapping[str, Path]) -> Paper:
    """The makings of a PDF, with their key. A file's path in the site is made from its contents, so that it stands for them."""
    used = sorted(path for path in files if path in html or Path(path).name.encode() in css)
    parts = [html.encode(), css, *(path.encode() for path in used), _surroundings().encode()]
    return Paper(html, css, {path: files[path] for path in used}, digest_bytes(b"\0".join(parts)))


@cache
def _surroundings() -> str:
    """All that shapes a PDF and is not a plan's or a theme's: this module, the libraries, the fonts. Nothing is imported for it."""
    found = [digest_bytes(Path(__file__).read_bytes())]
    for name in _LIBRARIES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            said = Path(spec.origin).stat()
            found.append(f"{name} {said.st_size} {said.st_mtime_ns}")
    for place in _FONTS:
        try:
            folder = Path(place).expanduser()
            found += [f"{one} {one.stat().st_mtime_ns}" for one in (folder, *sorted(folder.iterdir())) if one.is_dir()]
        except (OSError, RuntimeError):
            continue
    return "\n".join(found)


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
    """The PDF: tagged, in the plan's language, the same bytes for the same paper, with no link but to the web, to mail, to a telephone
    or within it, and no attachment. Raises PlanmarkError where the paper asks for anything that it was not given."""
    from weasyprint import CSS, HTML, Document
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    refused: list[str] = []

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Everything is refused but the files that were handed over."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            del headers
            path = unquote(url.removeprefix(BASE))
            if not url.startswith(BASE) or path not in source.files:
                refused.append(url.removeprefix(BASE)[:80])
                raise FatalURLFetchingError(url)
            try:
                return URLFetcherResponse(url, source.files[path].read_bytes())
            except OSError:
                refused.append(path)
                raise FatalURLFetchingError(url) from None

    fetcher = OwnFilesOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def laid_out(pages: int) -> Document:
        html = HTML(string=source.html, base_url=BASE, url_fetcher=fetcher)
        _prepare(html.etree_element, pages)
        return html.render(stylesheets=[sheet], pdf_variant="pdf/ua-1", cache=images)

    images: dict[str, Any] = {}
    try:
        sheet = CSS(string=source.css.decode(), base_url=BASE + "assets/", url_fetcher=fetcher)
        document = laid_out(0)
        if _OVER_PAGES in source.html:
            shorter = {int(number) for number in re.findall(_OVER_PAGES + r'="(\d+)"', source.html)}
            if any(len(document.pages) <= number for number in shorter):
                document = laid_out(len(document.pages))
        document.metadata.attachments.clear()
        for page in document.pages:
            page.links = [link for link in page.links if link[0] == "internal" or link[0] == "external" and link[1].startswith(_LINKS)]
        data: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError:  # a BaseException: `except Exception` would let it through
        data = b""
    if refused:  # inside an SVG the library draws on without what was refused
        raise PlanmarkError(
            Problem(
                "PM610", f"a PDF may not load {refused[0]}", where, "a page on paper shows files of the deal, and nothing from elsewhere"
            )
        )
    return data


_OVER_PAGES = "data-over-pages"
"""An element with this attribute is left out where the whole has no more pages than it says: contents, in a short plan."""


def _prepare(root: Element, pages: int) -> None:
    """Make a page's HTML fit for paper: links that lead nowhere from there become text, others carry their address in short."""
    if pages:
        for parent in list(root.iter()):
            for child in list(parent):
                if pages <= int(child.get(_OVER_PAGES, "0")):
                    parent.remove(child)
    anchors = {element.get("id") for element in root.iter()}
    for element in root.iter("a"):
        href = element.get("href")
        if href is None:
            continue
        if href.startswith("#") and unquote(href[1:]) not in anchors or not href.lower().startswith(("#", *_LINKS)):
            element.tag = "span"
            del element.attrib["href"]
        elif href.lower().startswith("http"):
            short = _short(href)
            if short.partition("/")[0] not in "".join(element.itertext()):
                element.set("data-address", short)


def _short(address: str) -> str:
    """A web address as it can be read: without scheme, `www.` and query, cut where it is long."""
    said = re.sub(r"^https?://(?:www\.)?|[?#].*$", "", address, flags=re.IGNORECASE).rstrip("/")
    return said if len(said) <= 48 else said[:47] + "…"
