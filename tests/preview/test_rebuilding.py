"""What is built after which change, and in which order, where there are many deals."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.build.small import TODAY, Small, files, tree
from tests.preview.running import eventually

import planmark.preview.rebuilding as rebuilding_module
from planmark.build.build import Options, build
from planmark.build.report import Report
from planmark.preview.picture import Picture
from planmark.preview.rebuilding import OUTPUT, Rebuilding

MANY = [f"deal{number}" for number in range(9)]


class Watched:
    """A `Rebuilding` at work, with what it built and what came of it."""

    def __init__(self, small: Small, patch: pytest.MonkeyPatch) -> None:
        self.small = small
        self.asked: list[tuple[str, ...]] = []
        self.pictures: list[Picture] = []
        self.during: Callable[[Options], None] = lambda options: None
        patch.setattr(rebuilding_module, "build", self._build)
        self.rebuilding = Rebuilding(small.root, TODAY, lambda line: None)
        self.rebuilding.first()
        self.rebuilding.start(self.pictures.append)
        self.asked.clear()

    def _build(self, root: Path, options: Options, progress: Callable[[int, int, str], None] = lambda done, of, name: None) -> Report:
        def told(done: int, of: int, name: str) -> None:
            self.during(options)
            progress(done, of, name)

        if options.dry_run:  # only to load what builds need
            return build(root, options)
        self.asked.append(options.deals)
        return build(root, options, told)

    def change(self, path: str, old: str, new: str) -> None:
        """Change a file and say so."""
        self.small.replace(path, old, new)
        self.rebuilding.touch([self.small.root / path])

    def is_done(self) -> bool:
        """Whether everything is as new."""
        return bool(self.pictures) and all(self.rebuilding.is_fresh(name) for name in MANY)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """More deals than are built at once."""
    small = Small(tmp_path / "workspace")
    small.write(files(MANY))
    watched = Watched(small, monkeypatch)
    yield watched
    watched.rebuilding.stop()


def as_built(small: Small) -> dict[str, bytes]:
    """What a clean build of the same files makes."""
    clean = small.clean_copy(small.root.with_name("clean"))
    build(clean.root, Options(today=TODAY, workers=1, pdf="later"))
    return tree(clean.sites)


def test_a_save_builds_that_deal_alone(watched: Watched) -> None:
    """Nothing else is even looked at."""
    watched.change("content/deal3/plan.yaml", "Rollout", "Launch")
    eventually(watched.is_done)
    assert watched.asked == [("deal3",)]
    assert tree(watched.small.root / OUTPUT / "sites") == as_built(watched.small)


def test_a_plan_that_another_continues_gives_way_and_comes_back(watched: Watched) -> None:
    """Whichever of the two was saved."""
    heir = "content/deal3/plan.yaml"
    text = (watched.small.root / heir).read_text(encoding="utf-8")
    key = next(line for line in text.splitlines() if line.startswith("share_key"))
    for old, new, there in ((key, "continues: deal5", False), ("continues: deal5", key, True)):
        watched.change(heir, old, new)
        eventually(lambda there=there: ("deal5" in watched.rebuilding.picture.sites) == there)
        eventually(watched.is_done)
        assert tree(watched.small.root / OUTPUT / "sites") == as_built(watched.small)
        shutil.rmtree(watched.small.root.with_name("clean"))


def test_what_is_open_comes_first(watched: Watched) -> None:
    """After a change to all, the deals that somebody looks at are built before the others."""
    watched.rebuilding.look_at(frozenset({"deal7", "deal2"}))
    watched.change("themes/plain/page.html", "<h1>", "<h1>Plan: ")
    eventually(watched.is_done)
    assert watched.asked == [("deal2", "deal7"), ()]
    assert tree(watched.small.root / OUTPUT / "sites") == as_built(watched.small)


def test_everything_gives_way_to_a_save(watched: Watched) -> None:
    """A save, or a page that is asked for, while all is being built: it is next, and nothing is lost."""
    saved: list[str] = []

    def during(options: Options) -> None:
        if not options.deals and not saved:
            saved.append("once")
            watched.change("content/deal8/plan.yaml", "Rollout", "Launch")
            watched.rebuilding.wish("deal1")

    watched.during = during
    watched.change("themes/plain/page.html", "<h1>", "<h1>Plan: ")
    eventually(watched.is_done)
    assert watched.asked == [(), ("deal1", "deal8"), ()]
    assert tree(watched.small.root / OUTPUT / "sites") == as_built(watched.small)


def test_a_change_to_all_while_all_is_built(watched: Watched) -> None:
    """What was begun for the older theme is given up."""
    saved: list[str] = []

    def during(options: Options) -> None:
        if not saved:
            saved.append("once")
            watched.change("themes/plain/page.html", "Plan: ", "The plan: ")

    watched.during = during
    watched.change("themes/plain/page.html", "<h1>", "<h1>Plan: ")
    eventually(watched.is_done)
    assert watched.asked == [(), ()]
    assert tree(watched.small.root / OUTPUT / "sites") == as_built(watched.small)


def test_a_save_while_that_deal_is_built(watched: Watched) -> None:
    """It is built once more."""
    saved: list[str] = []

    def during(options: Options) -> None:
        if not saved:
            saved.append("once")
            watched.change("content/deal4/plan.yaml", "Launch", "Start")

    watched.during = during
    watched.change("content/deal4/plan.yaml", "Rollout", "Launch")
    eventually(lambda: len(watched.pictures) == 2 and watched.is_done())
    assert watched.asked == [("deal4",), ("deal4",)]
    assert tree(watched.small.root / OUTPUT / "sites") == as_built(watched.small)


def test_a_removed_deal(watched: Watched) -> None:
    """Its folder is no deal's any more: all are looked at, and its site goes."""
    watched.small.remove("content/deal5")
    watched.rebuilding.touch([watched.small.root / "content/deal5/plan.yaml", watched.small.root / "content/deal5"])
    eventually(lambda: watched.pictures and "deal5" not in watched.pictures[-1].deals)
    assert watched.asked == [()]
    assert tree(watched.small.root / OUTPUT / "sites") == as_built(watched.small)


def test_problems_of_parts_and_of_all(watched: Watched) -> None:
    """What a partial build finds is put beside what is known of the others."""
    watched.change("content/deal1/plan.yaml", "2027-01-29", "2027-13-29")
    eventually(lambda: watched.pictures and watched.pictures[-1].failed == {"deal1"})
    watched.change("content/deal2/plan.yaml", "2027-01-29", "2027-14-29")
    eventually(lambda: watched.pictures[-1].failed == {"deal1", "deal2"})
    assert [one.location.path for one in watched.pictures[-1].problems()] == ["content/deal1/plan.yaml", "content/deal2/plan.yaml"]
    watched.change("content/deal1/plan.yaml", "2027-13-29", "2027-01-29")
    eventually(lambda: watched.pictures[-1].failed == {"deal2"})
    assert [one.location.path for one in watched.pictures[-1].blocking("deal2")] == ["content/deal2/plan.yaml"]
    assert watched.pictures[-1].blocking("deal1") == []
