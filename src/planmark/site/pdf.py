"""A plan on paper: what its PDF is made from, and the key that says whether it has to be made. Nothing of what makes it is loaded here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from planmark.content.tree import digest_bytes
from planmark.problems import Location
from planmark.site.paper.fonts import fonts_for, missing_letters

if TYPE_CHECKING:
    from planmark.content.pictures import Making

PDF_FILE = "plan.pdf"
PdfWish = Literal["made", "later", "none"]
"""What becomes of a PDF: it is made, or made when somebody follows the link to it, or left out."""

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
    """The same for the same PDF: the digest of all of it and of the libraries; of where fonts are installed only where those are used."""


def paper(html: str, css: bytes, files: Mapping[str, Path | Making]) -> Paper:
    """The makings of a PDF, with their key. A file's path in the site is made from its contents, so that it stands for them.

    The fonts of paper are added. For letters that they lack, and for text in a drawing, the machine's own are used: then a machine with
    other fonts makes another PDF, and the key knows.
    """
    rules, fonts = fonts_for(html, css.decode())
    css = rules.encode() + css
    files = {**files, **fonts}
    used = sorted(path for path in files if path in html or Path(path).name.encode() in css)
    machine = bool(missing_letters(html)) or any(_is_lettered(path, files[path]) for path in used)
    parts = [html.encode(), css, *(path.encode() for path in used), _libraries().encode(), *([_machine().encode()] if machine else [])]
    return Paper(html, css, {path: files[path] for path in used}, digest_bytes(b"\0".join(parts)))


def make_pdf(source: Paper, where: Location) -> bytes:
    """The PDF: tagged, in the plan's language, the same bytes for the same paper. Its links lead to the web, to mail, to a telephone or
    to another place in it, and nothing is attached. Raises PlanmarkError where the paper asks for anything that it was not given."""
    from planmark.site.paper import layout

    return layout.make_pdf(source, where)


@cache
def why_no_pdf() -> str:
    """Why PDFs cannot be made on this machine, with what to do; empty when they can."""
    try:
        import weasyprint  # noqa: F401  (whether it can be)
    except ImportError:
        return "WeasyPrint is not installed: pip install weasyprint"
    except OSError:
        return "WeasyPrint misses Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    return ""


@cache
def _is_lettered(path: str, file: Path | Making) -> bool:
    """Whether a file is a drawing with text in it."""
    try:
        return isinstance(file, Path) and path.endswith(".svg") and b"<text" in file.read_bytes()
    except OSError:
        return True


@cache
def _libraries() -> str:
    """All that shapes a PDF and is not a plan's, a theme's or a machine's: our own part in it, the libraries. Nothing is imported."""
    found = [digest_bytes(path.read_bytes()) for path in sorted((Path(__file__).parent / "paper").glob("*.py"))]
    for name in _LIBRARIES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            said = Path(spec.origin).stat()
            found.append(f"{name} {said.st_size} {said.st_mtime_ns}")
    return "\n".join(found)


@cache
def _machine() -> str:
    """Which fonts are installed, as far as their folders tell."""
    found = []
    for place in _FONTS:
        try:
            folder = Path(place).expanduser()
            found += [f"{one} {one.stat().st_mtime_ns}" for one in (folder, *sorted(folder.iterdir())) if one.is_dir()]
        except (OSError, RuntimeError):
            continue
    return "\n".join(found)
