"""What paper is made of: its fonts, its code, its marks for those who cannot see it, and what it says to one reader."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build.small import plan
from tests.conftest import MakeWorkspace
from tests.site.canary import Canary

from planmark.build.paper import pdf_of
from planmark.problems import Location, PlanmarkError
from planmark.site import pdf
from planmark.site.paper.code import QUIET, qr_code
from planmark.site.paper.fonts import FACES, FOLDER, _covered, fonts_for, missing_letters
from planmark.site.paper.style import is_letter
from planmark.site.pdf import Paper, make_pdf, paper

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
WHERE = Location("content/acme")
ONE_DAY = """\
account: Acme
title: One thing
target: 2027-03-31
people: {id: maria, name: Maria Lindqvist}
stages: [{title: Do it, tasks: [{title: Sign it, owner: maria}]}]
"""
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="reads the PDF with poppler")


# Fonts


def test_the_letters_that_are_said_to_be_there_are_there() -> None:
    """In the face that is loaded for them; and the licence is beside them, naming each family."""
    from fontTools.ttLib import TTFont

    known: set[int] = set()
    for face in FACES:
        with TTFont(FOLDER / face.file) as font:
            letters = set(font.getBestCmap())
        if not face.family.endswith("Serif"):
            known |= letters
    invisible = {0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202D), *range(0x2066, 0x206A)}
    assert _covered() <= known | invisible
    licence = (FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    for file in {face.file.partition("-")[0] for face in FACES}:
        assert f"{file}-*.ttf" in licence


def test_only_what_is_needed_is_loaded() -> None:
    """A Latin plan pays neither for Japanese nor for Arabic, nor for italics that it does not set."""

    def loaded(html: str, css: str = "") -> set[str]:
        return {Path(path).name.partition(".")[0] for path in fonts_for(html, css)[1]}

    assert loaded("<p>Łódź, Žilina, ½ €, “x”</p>") == {"sans-regular", "sans-bold"}
    assert loaded("<em>x</em>") == {"sans-regular", "sans-bold", "sans-italic"}
    assert "japanese-bold" in loaded("計画")
    assert "arabic-regular" in loaded("خطة")
    assert "serif-regular" in loaded("x", 'h1 { font-family: "Planmark Serif" }')


@pytest.mark.parametrize(("text", "machine"), [("Łódź – ✔ ☐ 計画 خطة", False), ("🚀", True), ("שלום", True), ("龘", True)])
def test_the_machines_fonts_count_only_where_they_are_used(monkeypatch: pytest.MonkeyPatch, text: str, machine: bool) -> None:
    """An installed font changes no PDF that does not need it."""
    assert bool(missing_letters(text)) == machine
    before = paper(text, b"", {}).key
    monkeypatch.setattr(pdf, "_machine", lambda: "another font is installed")
    assert (paper(text, b"", {}).key != before) == machine


def test_so_do_drawings_with_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A logo whose letters are text, and not paths."""
    for name, inside in (("a", "<path d='M0 0h8v8z'/>"), ("b", "<text>x</text>")):
        (tmp_path / f"{name}.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>", encoding="utf-8")
    html = {name: f'<img src="assets/{name}.svg" alt="x">' for name in "ab"}
    files: dict[str, Path] = {f"assets/{name}.svg": tmp_path / f"{name}.svg" for name in "ab"}
    before = {name: paper(html[name], b"", files).key for name in "ab"}
    monkeypatch.setattr(pdf, "_machine", lambda: "another font is installed")
    assert paper(html["a"], b"", files).key == before["a"]
    assert paper(html["b"], b"", files).key != before["b"]


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="reads the PDF with poppler")
@pytest.mark.parametrize("locale", ["en-GB", "ar", "ja"])
def test_only_fonts_that_ship_are_in_a_pdf(workspace: MakeWorkspace, locale: str) -> None:
    """Embedded, and cut to what is used, in every script that ships."""
    title = {"en-GB": "Rollout in Łódź", "ar": "خطة واحدة", "ja": "一つの計画"}[locale]
    root = workspace({"content/acme/plan.yaml": plan(title, more=f"locale: {locale}\ntheme: default")})
    data = pdf_of(root, "acme", TODAY)
    done = subprocess.run(["pdffonts", "-"], input=data, capture_output=True, check=True, timeout=60)
    rows = done.stdout.decode().splitlines()[2:]
    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+Planmark-", row), row
        assert re.search(r"yes\s+yes\s+yes", row), row


@pytest.mark.parametrize(
    ("locale", "letter"), [("en-US", True), ("es-MX", True), ("en", False), ("en-GB", False), ("de", False), ("fr-CA", True)]
)
def test_the_format_follows_the_country(locale: str, letter: bool) -> None:
    assert is_letter(locale) == letter


# The code


@settings(max_examples=25, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-/.", min_size=1, max_size=120))
def test_a_code_draws_its_modules(end: str) -> None:
    """The path fills the dark modules, each once, and leaves a white edge."""
    import segno

    address = f"https://plans.example/{end}"
    code = qr_code(address)
    drawn = {
        (x, int(y))
        for start, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)
        for x in range(int(start), int(start) + int(length))
    }
    rows = list(segno.make_qr(address, error="m").matrix)
    assert drawn == {(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert code.side == len(rows) + 2 * QUIET


def test_the_code_is_there_where_the_address_is_known(workspace: MakeWorkspace) -> None:
    """Written out beside it, as a link."""
    known = "publish: {live: {kind: directory, url: https://plans.halyard.example}}\n"
    base = workspace({"content/acme/plan.yaml": plan(more="theme: default")})
    without = pdf_of(base, "acme", TODAY)
    (base / "planmark.yaml").write_text((base / "planmark.yaml").read_text(encoding="utf-8") + known, encoding="utf-8")
    data = pdf_of(base, "acme", TODAY)
    found = [address for address in addresses(data) if address.startswith("https://plans.halyard.example/acme-")]
    assert found
    assert not [address for address in addresses(without) if "plans.halyard.example" in address]
    assert count(data, "/S /Figure") == count(without, "/S /Figure") + 1


# One reader


@needs_poppler
def test_ones_own_tasks_come_first(workspace: MakeWorkspace) -> None:
    """Before everything else; those of others stay where they are."""
    root = workspace({"content/acme/plan.yaml": plan(more="theme: default")})
    said = text(pdf_of(root, "acme", TODAY, "maria"))
    first = said.split("\f")[1]
    assert "Next steps for Maria Lindqvist" in first
    assert first.index("Sign the agreement") < first.index("At a glance")
    assert "Next steps for" not in text(pdf_of(root, "acme", TODAY))


@needs_poppler
def test_a_timeline_that_cannot_be_drawn_is_a_list(workspace: MakeWorkspace) -> None:
    """All of it on one day: a heading alone says nothing."""
    root = workspace({"content/acme/plan.yaml": ONE_DAY})
    said = text(pdf_of(root, "acme", TODAY))
    assert "Target date" in said.rpartition("Timeline\n")[2].partition("Key dates")[0]


@needs_poppler
def test_how_we_meet_stays_in_one_piece(workspace: MakeWorkspace) -> None:
    """However far down it comes: no heading of it at the foot of a page, and the rest on the next."""
    review = "review: {every: week, day: Thursday, mode: call, duration: 15m, agenda: [What is next], contact: maria}\n"
    for count in range(23, 35, 3):
        dates = ", ".join(f"{{date: 2027-02-{1 + at % 28:02}, title: Day {at}}}" for at in range(count))
        root = workspace({"content/acme/plan.yaml": f"{ONE_DAY}{review}key_dates: [{dates}]\n"})
        (page,) = [one for one in text(pdf_of(root, "acme", TODAY)).split("\f") if "Every week on Thursday" in one]
        assert "Whom to ask" in page


@needs_poppler
def test_a_title_of_many_words_leaves_room_at_the_head(workspace: MakeWorkspace) -> None:
    """It stands whole on the cover, and shortened over each page."""
    title = "Quotes for everybody, whatever they ask for, " * 5 + "in a day and a half"
    root = workspace({"content/acme/plan.yaml": ONE_DAY.replace("One thing", f'"{title}"')})
    cover, *pages = text(pdf_of(root, "acme", TODAY)).rstrip("\f").split("\f")
    assert "half" in cover
    assert all("Quotes for everybody" in page and "half" not in page for page in pages)


def test_somebody_unknown(workspace: MakeWorkspace) -> None:
    """Is told with the one that was meant."""
    root = workspace({"content/acme/plan.yaml": plan(more="theme: default")})
    with pytest.raises(PlanmarkError, match="did you mean `maria`"):
        pdf_of(root, "acme", TODAY, "mria")


@needs_poppler
def test_nothing_internal_for_any_reader(workspace: MakeWorkspace) -> None:
    """A plan in which every field has a value of its own, for each person in it."""
    canary = Canary()
    canary.plan["theme"] = "default"
    root = workspace(canary.workspace())
    with pytest.raises(PlanmarkError) as caught:
        pdf_of(root, "acme", TODAY, "nobody-at-all")
    assert "hush" not in str(caught.value)
    shown = [person["id"] for person in canary.plan["people"] if not person.get("internal") and person.get("share", True)][:1]
    for person in shown:
        assert "hush" not in text(pdf_of(root, "acme", TODAY, person))


# For everyone: what PDF/UA-1 asks of a file, as far as its structure tells


@pytest.fixture(scope="module")
def northwind() -> bytes:
    """The largest example."""
    return pdf_of(ROOT, "northwind", TODAY)


def test_the_file_says_what_it_is(northwind: bytes) -> None:
    """Tagged, with a language and a title that a viewer shows, and tabs in reading order on every page."""
    said = objects(northwind)
    catalogue = next(one for one in said.values() if "/Type /Catalog" in one)
    assert "/StructTreeRoot" in catalogue
    assert "/Marked true" in catalogue
    assert "/Lang (en-GB)" in catalogue
    assert "/DisplayDocTitle true" in catalogue
    pages = [one for one in said.values() if re.search(r"/Type /Page\b", one)]
    assert pages
    assert all("/StructParents" in one for one in pages)
    assert all("/Tabs /S" in one for one in pages if "/Annots" in one)


def test_every_picture_has_words(northwind: bytes) -> None:
    figures = [one for one in objects(northwind).values() if "/S /Figure" in one]
    assert len(figures) >= 3
    assert all(re.search(r"/Alt\s*[(<][^)>]", one) for one in figures)


def test_every_link_has_words_and_a_place(northwind: bytes) -> None:
    """Its contents said, its place in the structure."""
    found = [one for one in objects(northwind).values() if "/Subtype /Link" in one]
    assert len(found) > 20
    for one in found:
        assert re.search(r"/Contents\s*[(<]", one), one
        assert "/StructParent" in one, one


def test_headings_nest(northwind: bytes) -> None:
    """One H1, and no level left out."""
    levels = [int(tag[1]) for tag in in_order(northwind) if re.fullmatch(r"H[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_heads(northwind: bytes) -> None:
    """Each cell names its heads, which is what a reader says before it; each head has a name."""
    said = objects(northwind).values()
    heads = {name for one in said if "/S /TH" in one for name in re.findall(r"/ID \(([^)]*)\)", one)}
    cells = [one for one in said if "/S /TD" in one]
    assert len(cells) > 300
    for one in cells:
        named = re.search(r"/Headers \[(.*?)\]", one)
        assert named, one
        assert set(re.findall(r"\(([^)]*)\)", named[1])) <= heads


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="checks the file with qpdf")
def test_qpdf_finds_nothing(northwind: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(northwind)
    done = subprocess.run(["qpdf", "--check", str(tmp_path / "plan.pdf")], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_small_enough_to_be_sent(workspace: MakeWorkspace) -> None:
    """A plan of two tasks."""
    root = workspace({"content/acme/plan.yaml": plan(more="theme: default")})
    assert len(pdf_of(root, "acme", TODAY)) < 60_000


# Reading a PDF


def objects(data: bytes) -> dict[int, str]:
    """The dictionaries of a PDF by number, those inside of streams of objects too."""
    import zlib

    found: dict[int, str] = {}
    for match in re.finditer(rb"(\d+) 0 obj\s*(.*?)\s*endobj", data, re.DOTALL):
        body = match[2]
        found[int(match[1])] = body.partition(b"stream")[0].decode("latin-1")
        packed = re.match(rb"<<(?=.*?/ObjStm).*?/N (\d+).*?/First (\d+).*?>>\s*stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL)
        if packed:
            inside = zlib.decompress(packed[3]).decode("latin-1")
            first = int(packed[2])
            places = [int(one) for one in inside[:first].split()]
            pairs = list(zip(places[::2], places[1::2], strict=True))
            for (number, start), (_, end) in zip(pairs, [*pairs[1:], (0, len(inside) - first)], strict=True):
                found[number] = inside[first + start : first + end]
    return found


def references(said: str) -> list[int]:
    """The objects that one names."""
    return [int(number) for number in re.findall(r"(\d+) 0 R", said)]


def in_order(data: bytes) -> Iterator[str]:
    """The tags of the structure, in the order of reading."""
    said = objects(data)
    root = next(one for one in said.values() if "/Type /StructTreeRoot" in one)
    waiting = [*reversed(_children(root))]
    while waiting:
        one = said.get(waiting.pop(), "")
        tag = re.search(r"/S /(\w+)", one)
        if tag:
            yield tag[1]
        waiting += reversed(_children(one))


def _children(said: str) -> list[int]:
    match = re.search(r"/K (\[.*?\]|\d+ 0 R)", said, re.DOTALL)
    return references(match[1]) if match else []


def count(data: bytes, words: str) -> int:
    """In how many objects something is said."""
    return sum(words in one for one in objects(data).values())


def addresses(data: bytes) -> list[str]:
    """Every address outside that a PDF links to."""
    return [found for one in objects(data).values() for found in re.findall(r"/URI \(((?:[^()\\]|\\.)*)\)", one)]


def text(data: bytes) -> str:
    """What can be read in a PDF."""
    return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True, timeout=60).stdout.decode()


def test_a_paper_can_go_to_another_process() -> None:
    """Which lays it out."""
    import pickle

    found = paper("<p>x</p>", b"p { color: red }", {})
    again = pickle.loads(pickle.dumps(found))
    assert isinstance(again, Paper)
    assert make_pdf(again, WHERE) == make_pdf(found, WHERE)
