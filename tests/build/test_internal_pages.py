"""What only the seller sees is whole, marked, and nowhere where anything goes out from."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.build.complete import Complete, complete
from tests.build.small import TODAY, Small, tree

from planmark.build.closing import PAGE, as_data, as_text, page_of, place_for
from planmark.cli.saving import save
from planmark.content.closing import closing
from planmark.content.layout import INTERNAL_MARK, internal_folder
from planmark.problems import PlanmarkError

OURS = ("plan.", "stage", "task", "person", "resource")
"""Where what is said of a deal stands; the rest of a workspace is about no one deal."""
NOT_TOLD = {"plan.internal.notes": "they are a file here, which is told"}


@pytest.fixture(scope="module")
def made() -> Complete:
    """Everything that can be written."""
    return complete()


@pytest.fixture(scope="module")
def written(made: Complete, tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The same as a workspace that is built, with its close plan in its place."""
    small = Small(tmp_path_factory.mktemp("internal") / "workspace")
    small.write(made.files)
    small.build()
    found = closing(small.root, "complete", TODAY)
    save(place_for(small.root, "complete"), page_of(found, small.root))
    return small


class Head(HTMLParser):
    """The marks in the head of a page, and whatever it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.marks: list[str | None] = []
        self.loads: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag says."""
        said = dict(attrs)
        if tag == "meta" and said.get("name") == "planmark":
            self.marks.append(said.get("content"))
        if tag in ("script", "link", "iframe", "img") or "srcset" in said:
            self.loads.append(tag)


def test_everything_internal_in_a_plan_is_in_its_close_plan(made: Complete, written: Small) -> None:
    """A note that nobody finds again is lost: on the page, in the terminal, in the data. What is new in the models is in it by itself."""
    found = closing(written.root, "complete", TODAY)
    told = {word: where for word, where in made.secret.items() if where.startswith(OURS) and not where.endswith((".id", "(contents)"))}
    told = {word: where for word, where in told.items() if where not in NOT_TOLD}
    assert len(told) > 300
    forms = {
        "page": unescape(page_of(found, written.root).decode()),
        "terminal": "\n".join(as_text(found.plan)),
        "data": str(as_data(found.plan)),
    }
    for form, text in forms.items():
        assert not [where for word, where in told.items() if word not in text], form


def test_the_page_is_marked_and_loads_nothing(written: Small) -> None:
    """One file, that says in its head and on itself what it is."""
    page = (internal_folder(written.root, "complete") / PAGE).read_text(encoding="utf-8")
    head = Head(page)
    assert (head.marks, head.loads) == (["internal"], [])
    assert INTERNAL_MARK in page
    assert "default-src 'none'" in page
    assert "Not for the buyer" in page
    assert not re.search(r"url\(|@import|assets/", page)
    assert "[a picture]" in page


def test_no_site_holds_anything_of_it(made: Complete, written: Small) -> None:
    """Neither the page nor its mark is in a folder that goes out, also after another build."""
    assert [path.relative_to(written.root / "build").as_posix() for path in (written.root / "build").rglob(PAGE)] == [
        f"internal/complete/{PAGE}"
    ]
    written.build()
    assert (internal_folder(written.root, "complete") / PAGE).is_file()
    for path, data in tree(written.sites).items():
        assert INTERNAL_MARK.encode() not in data, path
        assert b"Close plan" not in data, path


@pytest.mark.parametrize(
    "place",
    [
        "build/sites/complete/close.html",
        "build/close.html",
        "build/.planmark/preview/sites/complete/index.html",
        "build/internal/../sites/close.html",
        "content/complete/files/close.html",
        "content/_library/close.html",
        "themes/own/page.html",
    ],
)
def test_it_is_not_written_where_sites_are_made(written: Small, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """However the place is named."""
    monkeypatch.chdir(written.root)
    for asked in (place, str(written.root / place)):
        with pytest.raises(PlanmarkError) as caught:
            place_for(written.root, "complete", asked)
        assert [one.code for one in caught.value.problems] == ["PM615"]


def test_a_link_into_a_site_is_followed(written: Small, tmp_path: Path) -> None:
    """It is the place that counts, not what it is called."""
    (tmp_path / "out").symlink_to(written.sites, target_is_directory=True)
    with pytest.raises(PlanmarkError, match="where sites are made"):
        place_for(written.root, "complete", str(tmp_path / "out" / "close.html"))


def test_it_may_be_written_elsewhere(written: Small, tmp_path: Path) -> None:
    """Beside the workspace, in its root, or in the folder of what is internal."""
    for place in (tmp_path / "close.html", written.root / "close.html", written.root / "build/internal/mine.html"):
        assert place_for(written.root, "complete", str(place)) == place
