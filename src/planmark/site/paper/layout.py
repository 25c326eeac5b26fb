"""HTML and a style sheet into a PDF, by WeasyPrint: the only module that imports it, and only when a PDF has to be made."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from planmark.content.pictures import Making
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.paper.fitting import BASE, OVER_PAGES, fit, leads
from planmark.site.paper.reading import as_html, tree

if TYPE_CHECKING:
    from weasyprint import Document

    from planmark.site.pdf import Paper

_OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "dpi": 220, "jpeg_quality": 82}
"""Pictures finer than print shows are made coarser."""
BREAK_ANYWHERE = "* { break-before: auto !important; break-inside: auto !important; break-after: auto !important }"


def make_pdf(source: Paper, where: Location) -> bytes:
    """The PDF: tagged, in the plan's language, the same bytes for the same paper. Its links lead to the web, to mail, to a telephone or
    to another place in it, and nothing is attached. Raises PlanmarkError where the paper asks for anything that it was not given."""
    from weasyprint.urls import FatalURLFetchingError

    refused: list[str] = []
    data = b""
    try:
        with _no_looking_for_garbage(), _texts_of_drawings_whole():
            try:
                document = laid_out(source, refused)
            except MemoryError:
                raise
            except Exception:  # whatever fails in there: a plan that breaks at odd places is better than none
                document = laid_out(source, refused, BREAK_ANYWHERE)
            document.metadata.attachments.clear()
            for page in document.pages:  # what a style sheet made a link; those of the HTML are in order by now
                page.links = [link for link in page.links if link[0] == "internal" or (link[0] == "external" and leads(link[1]))]
            data = document.write_pdf(**_OPTIONS)
    except FatalURLFetchingError as error:  # a BaseException: `except Exception` lets it through
        refused.append(str(error))
    except (MemoryError, PlanmarkError):
        raise
    except Exception as error:
        hint = "shorten what is very long in the plan, or build with --no-pdf"
        raise PlanmarkError(Problem("PM610", f"the PDF cannot be laid out ({type(error).__name__})", where, hint)) from error
    if refused:  # which the library itself passes over inside an SVG
        hint = "on paper stand files of the deal, and nothing from elsewhere"
        raise PlanmarkError(Problem("PM610", f"a PDF may not load {refused[0]}", where, hint))
    return data


def laid_out(source: Paper, refused: list[str], also: str = "") -> Document:
    """The pages, with a further style sheet. What the paper asks for and was not given stops the layout and is in `refused`."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher(source.files, refused)
    css = f"{source.css.decode()}\n{also}"
    fonts = FontConfiguration()
    CSS(string="".join(_FACE.findall(css)), base_url=BASE + "assets/", url_fetcher=fetcher, font_config=fonts)  # which now knows the faces
    rest = _FACE.sub("", css)
    sheet = CSS(string=rest, base_url=BASE + "assets/", url_fetcher=fetcher, font_config=fonts) if "@import" in rest else _sheet(rest)
    images: dict[str, Any] = {}
    pages = 0
    while True:
        root = tree(source.html)
        html = HTML(string=source.html, base_url=BASE, url_fetcher=fetcher) if root is None else as_html(root, BASE, fetcher)
        fit(html.etree_element, pages, css)
        document = html.render(stylesheets=[sheet], font_config=fonts, cache=images, **_OPTIONS)
        if pages or not any(len(document.pages) <= int(number) for number in re.findall(OVER_PAGES + r'="([0-9]+)"', source.html)):
            return document
        pages = len(document.pages)


@lru_cache(maxsize=4)
def _sheet(css: str) -> Any:
    """A sheet that loads nothing by itself, read once: the deals of a build share it."""
    from weasyprint import CSS
    from weasyprint.urls import URLFetcher

    return CSS(string=css, base_url=BASE + "assets/", url_fetcher=URLFetcher(allowed_protocols=()))


_FACE = re.compile(r"@font-face\s*\{[^}]*\}")


def _fetcher(files: Mapping[str, Path | Making], refused: list[str]) -> Any:
    """Everything is refused but the files that were handed over."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            del headers
            path = unquote(url.removeprefix(BASE))
            if not url.startswith(BASE) or path not in files:
                refused.append(path[:80])
                raise FatalURLFetchingError(url)
            try:
                return URLFetcherResponse(url, _read(files[path]))
            except OSError:
                refused.append(path)
                raise FatalURLFetchingError(url) from None

    return OwnFilesOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)


def _read(file: Path | Making) -> bytes:
    """A file of the site as a PDF takes it. Raises OSError."""
    if isinstance(file, Path):
        return file.read_bytes()
    from planmark.site.pictures.making import for_paper

    return for_paper(file, Location(Path(file.source).name))


@contextmanager
def _no_looking_for_garbage() -> Iterator[None]:
    """A layout makes millions of objects that all stay until it is done: looking among them for garbage takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _texts_of_drawings_whole() -> Iterator[None]:
    """A text of an SVG is set as one piece: the library sets letter by letter from the left, and Arabic comes out backwards and unjoined.

    Where letters are placed one by one, they stay apart. Seen last in WeasyPrint 69.
    """
    from weasyprint import svg

    by_letter, tags = svg.text, dict(svg.TAGS)

    def whole(drawing: Any, node: Any, size: float) -> None:
        apart = any(len(node.get(name, "").replace(",", " ").split()) > 1 for name in ("x", "y", "dx", "dy", "rotate"))
        if node.text and not apart and not any(node.get(name) for name in ("letter-spacing", "textLength")):
            node._etree_node.text = _Whole(node.text)  # `text` itself is read only
        by_letter(drawing, node, size)

    svg.text = whole
    svg.TAGS.update({tag: whole for tag, draw in tags.items() if draw is by_letter})
    try:
        yield
    finally:
        svg.text = by_letter
        svg.TAGS.update(tags)


class _Whole(str):
    """A text that is a single letter to those who go through its letters."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)
