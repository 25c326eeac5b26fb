"""What is internal reaches no byte of any output; what is the buyer's is on the page and in the data."""

from __future__ import annotations

import re
import subprocess
import zlib
from html import unescape
from pathlib import Path

import pytest
from tests.build.complete import SECRET_SHOWN, Complete, complete
from tests.build.small import Small, tree

from planmark.build.report import Report

NOT_ON_PAPER = {
    "page title": "paper is one document, in the order of its pages",
    "resource.alt": "it stands for a picture, which is there",
    "resource with a file.alt": "as above",
    "library.alt": "as above",
}
"""What the printed plan has no words for, and why."""


@pytest.fixture(scope="module")
def made() -> Complete:
    """Everything that can be written."""
    return complete()


@pytest.fixture(scope="module")
def built(made: Complete, tmp_path_factory: pytest.TempPathFactory) -> tuple[Small, Report]:
    """The same, built with the theme that ships, on paper, too."""
    small = Small(tmp_path_factory.mktemp("complete") / "workspace")
    small.write(made.files)
    return small, small.build(pdf="made")


def unpacked(data: bytes) -> bytes:
    """A file's bytes and, of a PDF, what its streams hold; of a calendar, its lines without the folds."""
    found = [data, data.replace(b"\r\n ", b"")]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


def on_paper(path: Path) -> str:
    """The text of a PDF, without the hyphens and line breaks that setting it brings."""
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    return re.sub(r"[\s\u00ad-]+", "", done.stdout)


def test_everything_can_be_written_at_once(built: tuple[Small, Report]) -> None:
    """The plan of every key is a good plan."""
    assert not [str(problem) for problem in built[1].problems if problem.severity == "error"]


def test_there_are_enough_words(made: Complete) -> None:
    """As a check on this test: every block and every field has one."""
    assert len(made.shared) > 120
    assert len(made.secret) > 700


def test_nothing_internal_is_in_any_byte_of_any_output(made: Complete, built: tuple[Small, Report]) -> None:
    """No page, data file, style sheet, picture or PDF, nor any file's name."""
    small, _ = built
    leaked = {
        f"{where} is in {path}"
        for path, data in tree(small.sites).items()
        for whole in [path.encode() + unpacked(data).lower()]
        for word, where in {**made.secret, **dict.fromkeys(SECRET_SHOWN, "a day or an amount")}.items()
        if word.lower().encode() in whole
    }
    assert not leaked
    for paper in small.sites.glob("*/plan.pdf"):
        text = on_paper(paper).lower()
        assert not [where for word, where in made.secret.items() if word in text]


def test_everything_else_is_in_the_data(made: Complete, built: tuple[Small, Report]) -> None:
    """`plan.json` holds each text that the buyer may see; files lie beside it."""
    outputs = tree(built[0].sites)
    data = "".join(data.decode() for path, data in outputs.items() if path.endswith("/plan.json"))
    every = b"\n".join(outputs.values()).decode("utf-8", "replace")
    missing = [where for word, where in made.shared.items() if word not in (every if where.endswith("(contents)") else data)]
    assert not missing


def test_everything_else_is_on_the_page(made: Complete, built: tuple[Small, Report]) -> None:
    """The default theme has a place for each text."""
    html = unescape("\n".join(data.decode() for path, data in tree(built[0].sites).items() if path.endswith(".html")))
    assert not [where for word, where in made.shared.items() if word not in html and not where.endswith("(contents)")]


def test_everything_else_is_on_paper(made: Complete, built: tuple[Small, Report]) -> None:
    """The printed plan leaves nothing out."""
    paper = "".join(on_paper(path) for path in built[0].sites.glob("*/plan.pdf"))
    missing = {where for word, where in made.shared.items() if word not in paper and not where.endswith("(contents)")}
    assert missing == set(NOT_ON_PAPER)


def test_one_byte_of_an_internal_file_changes_no_output(built: tuple[Small, Report]) -> None:
    """What the buyer sees does not even depend on it."""
    small, _ = built
    before = tree(small.sites)
    (small.root / "content/complete/internal.md").write_text("Other words.\n", encoding="utf-8")
    assert small.build(pdf="made").reasons
    assert tree(small.sites) == before
