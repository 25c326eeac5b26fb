"""A plan on paper: the theme's `paper.html` through WeasyPrint. It may read nothing but the files of the deal that it shows.

The only module that imports WeasyPrint, and only when a PDF has to be made: what a PDF is made from is known before, as a key.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from planmark.content.pictures import Making
from planmark.content.tree import digest_bytes
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from weasyprint import Document

PDF_FILE = "plan.pdf"
PdfWish = Literal["made", "later", "none"]
"""What becomes of a PDF: it is made, or made when somebody follows the link to it, or left out."""

BASE = "https://plan.invalid/"
"""The address that stands for the site while a PDF is made. Nothing asks for it: the one fetcher below hands out files. A scheme of our
own would not do, for relative addresses are joined only to schemes that are known."""

_LINKS = ("https://", "http://", "mailto:", "tel:")
_INLINE = frozenset(("a", "b", "bdi", "code", "del", "em", "i", "s", "span", "strong", "sub", "sup", "time"))
_ZERO_WIDTH_SPACE = "\u200b"
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
    files: Mapping[str, Path | Making]
    key: str
    """The same for the same PDF: the digest of all of it, of the libraries and of where fonts are installed."""


def paper(html: str, css: bytes, files: Mapping[str, Path | Making]) -> Paper:
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
    """The PDF: tagged, in the plan's language, the same bytes for the same paper. Its links lead to the web, to mail, to a telephone or
    to another place in it, and nothing is attached. Raises PlanmarkError where the paper asks for anything that it was not given."""
    from weasyprint.urls import FatalURLFetchingError

    refused: list[str] = []
    data = b""
    try:
        with _no_looking_for_garbage():
            try:
                document = _laid_out(source, refused)
            except Exception:  # whatever fails in there: a plan that breaks at odd places is better than none
                document = _laid_out(source, refused, _BREAK_ANYWHERE)
            document.metadata.attachments.clear()
            for page in document.pages:  # what a style sheet made a link; those of the HTML are in order by now
                page.links = [link for link in page.links if link[0] == "internal" or (link[0] == "external" and _leads(link[1]))]
            data = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # a BaseException: `except Exception` lets it through
        refused.append(str(error))
    except Exception as error:
        hint = "shorten what is very long in the plan, or build with --no-pdf"
        raise PlanmarkError(Problem("PM610", f"the PDF cannot be laid out ({type(error).__name__})", where, hint)) from error
    if refused:  # which the library itself passes over inside an SVG
        hint = "on paper stand files of the deal, and nothing from elsewhere"
        raise PlanmarkError(Problem("PM610", f"a PDF may not load {refused[0]}", where, hint))
    return data


_BREAK_ANYWHERE = "* { break-before: auto !important; break-inside: auto !important; break-after: auto !important }"


def _laid_out(source: Paper, refused: list[str], also: str = "") -> Document:
    """The pages, with a further style sheet. What the paper asks for and was not given stops the layout and is in `refused`."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Everything is refused but the files that were handed over."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            del headers
            path = unquote(url.removeprefix(BASE))
            if not url.startswith(BASE) or path not in source.files:
                refused.append(path[:80])
                raise FatalURLFetchingError(url)
            try:
                return URLFetcherResponse(url, _read(source.files[path]))
            except OSError:
                refused.append(path)
                raise FatalURLFetchingError(url) from None

    fetcher = OwnFilesOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
    css = f"{source.css.decode()}\n{also}"
    sheet = CSS(string=css, base_url=BASE + "assets/", url_fetcher=fetcher)
    images: dict[str, Any] = {}
    pages = 0
    while True:
        html = HTML(string=source.html, base_url=BASE, url_fetcher=fetcher)
        _prepare(html.etree_element, pages, css)
        document = html.render(stylesheets=[sheet], pdf_variant="pdf/ua-1", cache=images)
        if pages or not any(len(document.pages) <= int(number) for number in re.findall(_OVER_PAGES + r'="([0-9]+)"', source.html)):
            return document
        pages = len(document.pages)


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


_OVER_PAGES = "data-over-pages"
"""An element with this attribute is left out where the whole has no more pages than it says: contents, in a short plan."""


def _prepare(root: Element, pages: int, css: str) -> None:
    """Make a page's HTML fit for paper: links that lead nowhere from there become text, those to the web carry their address in short.
    `pages` is how many pages the whole has, where that is known. What paper has no use for goes, for each element costs time: `<time>`,
    and the ids that neither a link nor the style sheet names."""
    for parent in list(root.iter()):
        for child in list(parent):
            if pages and pages <= int(child.get(_OVER_PAGES, "0")):
                _take_out(parent, child, "")
            elif child.tag == "time" and not len(child):
                _take_out(parent, child, child.text or "")
    anchors = {element.get("id") for element in root.iter()}
    named = set()
    for element in root.iter("a"):
        href = element.get("href", "")
        if href.startswith("#") and unquote(href[1:]) in anchors:
            named.add(unquote(href[1:]))
        elif not _leads(href):
            element.tag = "span"
            element.attrib.pop("href", None)
        elif href.lower().startswith("http"):
            short = _short(href)
            if short.partition("/")[0] not in "".join(element.itertext()):
                element.set("data-address", short)
    for element in root.iter():
        name = element.get("id")
        if name and name not in named and f"#{name}" not in css:
            del element.attrib["id"]
    _mark_breaks(root)


def _take_out(parent: Element, child: Element, text: str) -> None:
    """Put `text` in place of an element."""
    index = list(parent).index(child)
    text += child.tail or ""
    parent.remove(child)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _mark_breaks(root: Element) -> None:
    """Say where a line may break before an element inside it. WeasyPrint breaks a line after its first word where the text before such
    an element fits to the last letter, but not with the space that follows; with a mark behind that space it does not."""
    for parent in root.iter():
        before: Element | None = None
        for child in parent:
            text = (parent.text if before is None else before.tail) or ""
            if child.tag in _INLINE and text[-1:].isspace() and not text.isspace():
                if before is None:
                    parent.text = text + _ZERO_WIDTH_SPACE
                else:
                    before.tail = text + _ZERO_WIDTH_SPACE
            before = child


def _leads(address: str) -> bool:
    """Whether an address outside the PDF leads anywhere for who holds it. A file of the site has none of its own."""
    return address.lower().startswith(_LINKS) and not address.startswith(BASE)


def _short(address: str) -> str:
    """A web address as it can be read: without scheme, `www.` and query, cut where it is long."""
    said = re.sub(r"^https?://(?:www\.)?|[?#].*$", "", address, flags=re.IGNORECASE).rstrip("/")
    return said if len(said) <= 48 else said[:47] + "…"
