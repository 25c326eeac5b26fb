"""The plan on paper: a document that says who wrote it and in which language, leaks nothing, loads nothing, and is made once."""

from __future__ import annotations

import gc
import re
import shutil
import socket
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.build.small import command, plan
from tests.conftest import MakeWorkspace, write
from tests.site.canary import Canary

from planmark.build import worker
from planmark.build.build import Options, build
from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site import pdf
from planmark.site.environment import environment, short_day
from planmark.site.pages import outputs
from planmark.site.paper import layout
from planmark.site.pdf import Paper, make_pdf, paper
from planmark.site.projection import project
from planmark.site.theme import load_theme
from planmark.site.view import BuyerView

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
WHERE = Location("content/acme")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 8 8">{inside}</svg>'
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="reads the PDF with pdftotext")


def made_from(root: Path, name: str) -> tuple[BuyerView, Paper]:
    """A deal as the buyer sees it, and what its PDF is made from."""
    problems: list[Problem] = []
    team = load_team(root, scan(root / "content" / "_library"), problems)
    assert team is not None, problems
    loaded = load_deal(team, name, scan(root / "content" / name))
    assert loaded.deal is not None, loaded.problems
    theme = load_theme(root, loaded.deal.theme, WHERE)
    view = project(loaded.deal, TODAY, loaded.deal.history).view
    (found,) = [one.paper for one in outputs(view, loaded.deal, theme, environment(theme, loaded.deal.locale), pdf="made") if one.paper]
    return view, found


def inside(data: bytes) -> str:
    """All that a PDF is made of, with its streams unpacked, as text of one letter a byte."""
    parts = [data]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompress(match[1]))
        except zlib.error:  # not packed, or a picture
            continue
    return b"\n".join(parts).decode("latin-1")


def text(data: bytes, *options: str) -> str:
    """What can be read in a PDF."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def squeezed(said: str) -> str:
    """A text without the white space in it, which lines and columns change."""
    return "".join(said.split())


def links(data: bytes) -> list[str]:
    """Every address outside that a PDF links to."""
    return re.findall(r"/URI \(((?:[^()\\]|\\.)*)\)", inside(data))


def small(html: str, css: str = "", **files: Path) -> Paper:
    """A paper of one page."""
    whole = f'<!doctype html><html lang="en"><head><title>One page</title></head><body>{html}</body></html>'
    return Paper(whole, css.encode(), {f"assets/{name}.svg": path for name, path in files.items()}, "")


@pytest.fixture(scope="module")
def northwind() -> tuple[BuyerView, bytes]:
    """The largest example, and its PDF."""
    view, found = made_from(ROOT, "northwind")
    return view, make_pdf(found, WHERE)


# What it says of itself


def test_title_language_and_tags(northwind: tuple[BuyerView, bytes]) -> None:
    """A screen reader says what it is, in which language, and where one is in it."""
    view, data = northwind
    said = inside(data)
    assert "/Lang (en-GB)" in said
    assert f"{view.title} · {view.buyer.short} and {view.seller.short}".encode().decode("latin-1") in said
    assert "/DisplayDocTitle true" in said
    assert "/Marked true" in said
    assert 'pdfuaid:part="1"' in said
    for tag in ("/H1", "/H2", "/H3", "/Table", "/THead", "/TH", "/Figure", "/Link"):
        assert f"/S {tag}" in said, tag
    assert "/Outlines" in said


def test_every_figure_has_words(northwind: tuple[BuyerView, bytes]) -> None:
    """The logos and the pictures in the text say what they show."""
    said = inside(northwind[1])
    assert said.count("/S /Figure") >= 3
    assert len(re.findall(r"/Alt [(<]", said)) == said.count("/S /Figure")


@pytest.mark.parametrize(("locale", "box"), [("de", (595, 842)), ("en-US", (612, 792))])
def test_format_of_the_page(workspace: MakeWorkspace, locale: str, box: tuple[int, int]) -> None:
    """Letter where paper is Letter."""
    root = workspace({"content/acme/plan.yaml": plan(more=f"locale: {locale}")})
    data = make_pdf(made_from(root, "acme")[1], WHERE)
    boxes = re.findall(r"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", inside(data))
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {box}


# What can be read in it


@needs_poppler
def test_every_task_with_its_owner_and_date(northwind: tuple[BuyerView, bytes]) -> None:
    """And every stage, person, risk, question and price."""
    view, data = northwind
    said = squeezed(text(data, "-raw"))
    expected = [view.title, view.buyer.name, view.seller.name, view.target_label or "", view.objective or ""]
    for stage in view.stages:
        expected += [stage.title, stage.goal or ""]
        for task in stage.tasks:
            assert task.due is not None
            expected += [task.title, short_day(task.due, view.locale).striptags(), task.evidence or "", task.why or ""]
            expected += [one.name for one in task.owners] + [one.title for one in task.steps]
    for person in view.people:
        expected += [person.shown, person.email or "", person.phone or ""]
    expected += [one.title for one in view.risks] + [one.question for one in view.faq] + [one.title for one in view.resources]
    expected += [one.criterion for one in view.success_criteria] + [one.title for one in view.key_dates]
    expected += [one.title for one in view.notes] + [one.what for one in view.responsibilities]
    assert view.pricing is not None
    expected += [line.item for option in view.pricing.options for line in option.lines]
    assert [one for one in expected if squeezed(one) not in said] == []


@needs_poppler
def test_pages_are_counted_and_found(northwind: tuple[BuyerView, bytes]) -> None:
    """Contents name the page on which a section begins; each page says which it is, of how many, and of which day."""
    data = northwind[1]
    pages = text(data).split("\f")[:-1]
    assert len(pages) > 10
    lines = text(data, "-layout", "-f", "2", "-l", "2").partition("Contents")[2]
    contents = re.findall(r"(?:^|\s)(\d{1,2})\s{2,}([A-Z].*?)(?=\s{3,}|$)", lines, re.MULTILINE)
    assert len(contents) > 20
    for number, title in contents:
        assert title in pages[int(number) - 1]
    assert "Page" not in pages[0]
    for number, page in enumerate(pages[1:], 2):
        assert f"Page {number} of {len(pages)}" in page
        assert "Version of 19 November 2026" in page
        assert "One build plan for Rotterdam" in page


@needs_poppler
def test_a_short_plan_has_no_contents(workspace: MakeWorkspace) -> None:
    """Six pages can be leafed through."""
    root = workspace({"content/acme/plan.yaml": plan()})
    data = make_pdf(made_from(root, "acme")[1], WHERE)
    assert "Contents" not in text(data)
    assert "At a glance" in text(data, "-f", "2", "-l", "2")


def test_every_section_once() -> None:
    """Sections of every page of the microsite, in order; a stage shown by two of them, and one with all of them, only once."""
    view, found = made_from(ROOT, "harbour")
    assert len(view.pages) > 1
    stages = re.findall(r'id="stage-([a-z0-9-]+)"', found.html)
    assert sorted(stages) == sorted(stage.id for stage in view.stages)
    ids = re.findall(r' id="([^"]+)"', found.html)
    assert len(ids) == len(set(ids))


@needs_poppler
def test_a_task_longer_than_a_page(workspace: MakeWorkspace) -> None:
    """Is broken, and whole."""
    words = "Prozessverantwortungsübergabeprotokoll und Wirtschaftlichkeitsberechnungsgrundlage "
    detail = "\n\n".join(f"Part {number}. {words * 8}" for number in range(30)).replace("\n", "\n" + " " * 10)
    long = f"      - title: Long\n        owner: maria\n        due: 2026-11-20\n        takes: 3d\n        detail: |\n          {detail}\n"
    for tasks in (("First", "Second"), ()):  # in the middle of a table, and as the first of it
        root = workspace({"content/acme/plan.yaml": plan(tasks=tasks) + long + "      - {title: Last, owner: maria, due: 2026-12-01}\n"})
        said = squeezed(text(make_pdf(made_from(root, "acme")[1], WHERE), "-raw"))
        assert [number for number in range(30) if f"Part{number}.Prozess" not in said] == []
        assert "Last" in said


@needs_poppler
def test_lines_are_filled() -> None:
    """Where a text fits a line but for the space behind it, before a word set in bold, the line is not broken after its first word."""
    line = "<p>11 of 23 tasks done, 1 late. Next milestone: Everyone trained and on record, <b>7 December 2026</b>.</p>"
    body = "".join(f'<div style="width: {width / 10}mm">{line}</div>' for width in range(1300, 1700, 2))
    said = text(make_pdf(small(body, "@page { margin: 10mm } p { font: 12pt/17pt sans-serif; margin: 0 }"), WHERE), "-layout")
    assert [one for one in said.splitlines() if one.strip() == "11"] == []
    assert "\u200b" not in said


# What is not in it


@needs_poppler
@pytest.mark.parametrize("pages", ["its own", "those that every plan has"])
def test_nothing_internal(workspace: MakeWorkspace, pages: str) -> None:
    """A deal in which every field has a value of its own: those of the internal fields are neither read nor said of the PDF."""
    canary = Canary()
    canary.plan["theme"] = "default"
    if pages != "its own":
        del canary.plan["pages"]
    data = make_pdf(made_from(workspace(canary.workspace()), "acme")[1], WHERE)
    said = text(data)
    assert "open words" in said
    for secret in ("hush", "JPY"):
        assert secret not in said
        assert secret not in inside(data)
    assert not re.search(r"\b203[0-3]\b", said)


def test_links_lead_somewhere(northwind: tuple[BuyerView, bytes]) -> None:
    """To the web, to mail, to a telephone; a file of the site has no address on paper."""
    found = links(northwind[1])
    assert {"mailto:dana@halyard.example", "tel:+441134960142", "https://northwind.example"} <= set(found)
    assert [one for one in found if not re.match(r"https?://|mailto:|tel:", one) or "invalid" in one] == []


def test_no_attachments(northwind: tuple[BuyerView, bytes]) -> None:
    """Nor anything that does something."""
    said = inside(northwind[1])
    for word in ("EmbeddedFile", "Filespec", "FileAttachment", "JavaScript", "/Launch", "/SubmitForm", "/AcroForm", "/OpenAction"):
        assert word not in said


def test_links_that_lead_nowhere_become_text() -> None:
    """Whoever wrote them, the template or the style sheet."""
    html = (
        '<p><a href="assets/card.pdf">a file</a> <a href="plan.json">data</a> <a href="/etc">root</a> <a href="#gone">gone</a>'
        '<a href="javascript:alert(1)">script</a> <a href="file:///etc/hosts">hosts</a> <a href="data:text/html,x">data</a>'
        '<a href="https://plan.invalid/x">x</a> <a href="https://halyard.example/tour?x=1">tour</a> <a href="#here">here</a>'
        '<span id="here">Here</span> <em title="file:///etc/hosts">styled</em></p>'
    )
    data = make_pdf(small(html, "em { link: attr(title url) } p::after { content: 'x'; link: url(file:///etc/hosts) }"), WHERE)
    assert links(data) == ["https://halyard.example/tour?x=1"]
    assert re.findall(r"/Dest \((.*?)\)", inside(data)) == ["here"]


@needs_poppler
def test_a_web_address_is_said_in_short() -> None:
    """Unless the text says it already."""
    html = '<a href="https://www.halyard.example/tour/?x=1">The tour</a>, <a href="https://halyard.example/b">halyard.example/b</a>'
    said = text(make_pdf(small(html, "a[data-address]::after { content: ' (' attr(data-address) ')' }"), WHERE))
    assert said.strip() == "The tour (halyard.example/tour), halyard.example/b"


# What it may read


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that no PDF may read. The library's own way of loading anything is shut, and so is the network."""

    def no(*args: object, **options: object) -> None:
        raise AssertionError(f"loaded {args}")

    monkeypatch.setattr("weasyprint.urls.URLFetcher.open", no)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", no)
    monkeypatch.setattr(socket.socket, "connect", no)
    path = tmp_path / "secret.svg"
    path.write_text(SVG.format(inside="<title>hush</title><text>hush</text>"), encoding="utf-8")
    yield path
    assert gc.isenabled()


LOADS = [
    '<img src="{url}" alt="x">',
    '<link rel="stylesheet" href="{url}">',
    '<style>@import "{url}";</style>',
    '<style>@font-face {{ font-family: X; src: url("{url}") }} p {{ font-family: X }}</style><p>x</p>',
    '<p style="background: url({url})">x</p>',
    '<ul style="list-style-image: url({url})"><li>x</li></ul>',
    '<p style="border: 1px solid; border-image: url({url}) 1">x</p>',
    '<style>p::before {{ content: url("{url}") }}</style><p>x</p>',
    '<style>@page {{ background: url("{url}") }}</style><p>x</p>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<svg viewBox="0 0 8 8" width="8" height="8"><image href="{url}" width="8" height="8"/></svg>',
]
ELSEWHERE = [
    "{file}",
    "http://127.0.0.1:9/x",
    "https://plan.invalid/assets/../..{path}",
    "https://plan.invalid@127.0.0.1/x",
    "ftp://127.0.0.1/x",
]


@pytest.mark.parametrize("load", LOADS)
def test_only_files_that_were_handed_over(secret: Path, load: str) -> None:
    """Pictures, style sheets, fonts and objects from this machine, from the network, from within the address itself: refused, and said."""
    for place in (*ELSEWHERE, "data:image/svg+xml;base64,PHN2Zy8+"):
        url = place.format(file=secret.as_uri(), path=secret)
        with pytest.raises(PlanmarkError) as caught:
            make_pdf(small(load.format(url=url)), WHERE)
        (problem,) = caught.value.problems
        assert (problem.code, problem.location) == ("PM610", WHERE)
        assert problem.message.startswith("a PDF may not load ")


@pytest.mark.parametrize("css", ['@import "{url}";', "p {{ background: url({url}) }}"])
def test_nor_does_the_style_sheet(secret: Path, css: str) -> None:
    """Of the theme."""
    for place in ELSEWHERE:
        with pytest.raises(PlanmarkError, match="may not load"):
            make_pdf(small("<p>x</p>", css.format(url=place.format(file=secret.as_uri(), path=secret))), WHERE)


@pytest.mark.parametrize("attribute", ["href", "xlink:href"])
def test_nor_does_a_picture_of_the_deal(secret: Path, tmp_path: Path, attribute: str) -> None:
    """The library draws on without what an SVG is refused; here it is a problem."""
    picture = tmp_path / "picture.svg"
    for place in (*ELSEWHERE, "../secret.svg", "other.svg"):
        url = place.format(file=secret.as_uri(), path=secret)
        picture.write_text(SVG.format(inside=f'<image {attribute}="{url}" width="8" height="8"/>'), encoding="utf-8")
        with pytest.raises(PlanmarkError, match="may not load"):
            make_pdf(small('<img src="assets/picture.svg" alt="x">', picture=picture), WHERE)


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="attachment" href="{url}">',
        '<a rel="attachment" href="{url}">x</a>',
        '<link rel="attachment" href="assets/picture.svg"><a rel="attachment" href="assets/picture.svg">x</a>',
        '<base href="{folder}/"><a rel="attachment" href="secret.svg">x</a><a href="secret.svg">x</a>',
        '<svg viewBox="0 0 8 8" width="8" height="8"><use href="{url}#a"/><use href="{url}"/></svg>',
        '<iframe src="{url}"></iframe><script src="{url}"></script><video src="{url}" poster="{url}"></video>',
    ],
)
def test_nothing_is_attached(secret: Path, html: str) -> None:
    """Neither a file of the machine nor one of the deal; what is no part of paper is not even asked for."""
    data = make_pdf(small(html.format(url=secret.as_uri(), folder=secret.parent.as_uri()), picture=secret), WHERE)
    assert "hush" not in inside(data)
    assert "EmbeddedFile" not in inside(data)
    assert links(data) == []


def test_files_of_the_deal_are_shown(tmp_path: Path) -> None:
    """By their path in the site, from the text and from the style sheet beside them."""
    picture = tmp_path / "on-this-machine.svg"
    picture.write_text(SVG.format(inside='<rect width="8" height="8" fill="#123456"/>'), encoding="utf-8")
    for html, css in (
        ('<img src="assets/picture.svg" alt="x">', ""),
        ("<p>x</p>", "p { background: url(picture.svg) }"),
    ):
        said = inside(make_pdf(small(html, css, picture=picture), WHERE))
        assert re.search(r"0?\.07\d* 0?\.20\d* 0?\.33\d* (rg|sc)", said)
        assert str(tmp_path) not in said


@pytest.mark.parametrize(
    ("attributes", "pieces"), [('x="1"', 1), ('x="1" text-anchor="end"', 1), ('x="1 2 3 4"', 4), ('letter-spacing="1"', 4)]
)
def test_a_text_of_a_drawing_is_set_as_one_piece(attributes: str, pieces: int) -> None:
    """So that Arabic letters join and run from the right; unless each has a place of its own."""
    said = inside(make_pdf(small(SVG.format(inside=f'<text y="5" font-size="2" {attributes}>نقيم</text>')), WHERE))
    assert len(re.findall(r"\bT[jJ]\b", said)) == pieces


def test_what_cannot_be_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """First it is tried with breaks anywhere; then it is a problem with a place."""
    tried: list[str] = []

    def fails(source: Paper, refused: list[str], also: str = "") -> None:
        tried.append(also)
        raise AssertionError

    monkeypatch.setattr(layout, "laid_out", fails)
    with pytest.raises(PlanmarkError, match=r"cannot be laid out \(AssertionError\)") as caught:
        make_pdf(small("x"), WHERE)
    assert [one.code for one in caught.value.problems] == ["PM610"]
    assert tried == ["", layout.BREAK_ANYWHERE]
    assert gc.isenabled()


# Made once


def test_the_same_bytes(workspace: MakeWorkspace) -> None:
    """Twice here, and in a process with another order of hashing, time zone and language."""
    root = workspace({"content/acme/plan.yaml": plan(), "content/_library/resources.yaml": "[]"})
    found = made_from(root, "acme")[1]
    first = make_pdf(found, WHERE)
    assert make_pdf(found, WHERE) == first
    done = command(root, "build", "--today", TODAY.isoformat(), PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    (built,) = (root / "build" / "sites").glob("*/plan.pdf")
    assert built.read_bytes() == first


def test_made_anew_only_where_it_changes(
    workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A deal that is built anew keeps its PDF where that is made from the same; a lost one comes back."""
    made = tmp_path_factory.mktemp("marks") / "made"

    def counted(source: Paper, where: Location) -> bytes:
        with made.open("a", encoding="utf-8") as file:  # in a worker, whose lists are its own
            file.write(f"{source.key}\n")
        return source.key.encode()

    monkeypatch.setattr(worker, "make_pdf", counted)
    root = workspace({"content/acme/plan.yaml": plan()})

    def built(**files: str) -> int:
        write(root, {f"content/acme/{name}.yaml": data for name, data in files.items()})
        made.write_text("", encoding="utf-8")
        assert build(root, Options(today=TODAY, workers=1)).ok
        return len(made.read_text(encoding="utf-8").splitlines())

    assert built() == 1
    (found,) = (root / "build" / "sites").glob("*/plan.pdf")
    before = found.read_bytes()
    assert built() == 0
    assert built(plan="# another line\n" + plan()) == 0
    assert built(plan=plan("Another title")) == 1
    assert found.read_bytes() != before
    assert built(plan=plan()) == 1
    assert found.read_bytes() == before
    found.unlink()
    assert built() == 1


def test_a_key_for_all_that_it_is_made_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, style, pictures, this program and its library; not the deal's other files."""
    files = {name: tmp_path / name for name in ("assets/a.1.svg", "assets/b.2.svg", "assets/c.3.svg")}
    css = b"p { background: url(b.2.svg) }"
    first = paper("<img src=assets/a.1.svg>", css, files)
    assert {path for path in first.files if path.endswith(".svg")} == {"assets/a.1.svg", "assets/b.2.svg"}
    assert paper(first.html, css, dict(reversed(files.items()))).key == first.key
    keys = {
        first.key,
        paper(first.html + " ", css, files).key,
        paper(first.html, css + b" ", files).key,
        paper(first.html.replace("a.1", "a.2"), css, {**files, "assets/a.2.svg": tmp_path}).key,
    }
    monkeypatch.setattr(pdf, "_libraries", lambda: "another library")
    assert len(keys | {paper(first.html, css, files).key}) == 5


def test_a_theme_of_ones_own(workspace: MakeWorkspace) -> None:
    """Changes one block of the paper, and its style, and keeps the rest."""
    root = workspace(
        {
            "content/acme/plan.yaml": plan(more="theme: own"),
            "themes/own/theme.yaml": "paper: own.css",
            "themes/own/assets/own.css": "h1 { color: var(--second) }",
            "themes/own/paper/cover.html": "<h1>{{ plan.title }}, by us</h1>",
        }
    )
    found = made_from(root, "acme")[1]
    assert "<h1>Rollout, by us</h1>" in found.html
    assert "Sign the agreement" in found.html
    assert found.css.index(b"@page cover") < re.search(rb"h1{color:#[0-9a-f]{6}}", found.css).start() < found.css.index(b"@page{size:A4}")
    assert replace(found, key="").html == found.html
