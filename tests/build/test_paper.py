"""The plan on paper in a build: made when what it is made from changed, the same bytes everywhere, never half there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.small import PAPER, TODAY, Small, command, tree

from planmark.build import worker
from planmark.problems import Location
from planmark.site.pdf import Paper
from planmark.site.pdf import make_pdf as really_make


def pdfs(small: Small) -> dict[str, bytes]:
    """The PDF of each site."""
    return {path: data for path, data in tree(small.sites).items() if path.endswith("/plan.pdf")}


class Asked:
    """The deals for which a PDF was really made, in their order. Workers made them, so that they stand in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __eq__(self, other: object) -> bool:
        return self.file.exists() and self.file.read_text(encoding="utf-8").split() == other

    def __bool__(self) -> bool:
        return self.file.exists()


@pytest.fixture
def made_for(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """The deals for which a PDF was really made, as they are."""
    asked = Asked(tmp_path_factory.mktemp("asked") / "deals")

    def make_pdf(paper: Paper, where: Location) -> bytes:
        with asked.file.open("a", encoding="utf-8") as file:
            file.write(where.path.rpartition("/")[2] + "\n")
        return really_make(paper, where)

    monkeypatch.setattr(worker, "make_pdf", make_pdf)
    return asked


def test_it_is_made_once_for_the_same_paper(small: Small, made_for: Asked) -> None:
    """An edit that the paper does not show costs no PDF; one that it shows costs one."""
    small.build(pdf="made")
    first = pdfs(small)
    assert made_for == ["acme", "beta", "cobalt"]
    small.write({"content/acme/overview.md": "Other words, which this paper does not show.\n"})
    assert small.build(pdf="made").reasons
    assert made_for == ["acme", "beta", "cobalt"]
    assert pdfs(small) == first
    small.replace("content/acme/plan.yaml", "Rollout for acme", "Launch for acme")
    small.build(pdf="made")
    assert made_for == ["acme", "beta", "cobalt", "acme"]
    assert [path.partition("-")[0] for path, data in pdfs(small).items() if data != first[path]] == ["acme"]


def test_a_changed_paper_template_makes_all(small: Small, made_for: Asked) -> None:
    """The theme decides what paper looks like."""
    small.build(pdf="made")
    small.write({"themes/plain/paper.html": PAPER.replace("<h1>", "<h1>The plan: ")})
    small.build(pdf="made")
    assert made_for == ["acme", "beta", "cobalt"] * 2


def test_a_lost_or_damaged_pdf_is_made_again(small: Small) -> None:
    """Even where another output changed at the same time."""
    small.build(pdf="made")
    good = pdfs(small)
    (small.site("acme") / "plan.pdf").unlink()
    (small.site("beta") / "plan.pdf").write_bytes(b"%PDF-")
    small.write({"content/beta/unnamed.md": "Nothing names it.\n"})
    small.build(pdf="made")
    assert pdfs(small) == good


def test_a_dry_run_makes_none(small: Small, made_for: Asked) -> None:
    """It says that one would be made."""
    report = small.build(pdf="made", dry_run=True)
    assert not made_for
    assert len([change for change in report.changes if change.path.endswith("/plan.pdf")]) == 3


def test_without_pdfs_and_with_them_again(small: Small) -> None:
    """Left out, they go, and no page links to what is not there; asked for, they are back, the same bytes."""
    small.build(pdf="made")
    good = tree(small.sites)
    small.build()
    assert not pdfs(small)
    small.build(pdf="made")
    assert tree(small.sites) == good


@pytest.mark.parametrize("surroundings", [{"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"}, {"PYTHONHASHSEED": "2", "TZ": "UTC"}])
def test_the_same_bytes_in_any_surroundings(small: Small, tmp_path: Path, surroundings: dict[str, str]) -> None:
    """With the paper that ships, too: another folder, process, time zone, order of hashing."""
    small.replace("content/beta/plan.yaml", "\ntitle:", "\ntheme: default\ntitle:")
    small.build(pdf="made")
    copy = small.clean_copy(tmp_path / "another folder" / "workspace")
    done = command(copy.root, "build", "--today", TODAY.isoformat(), **surroundings)
    assert done.returncode == 0, done.stderr
    assert tree(copy.sites) == tree(small.sites)
    assert len(pdfs(small)) == 3
