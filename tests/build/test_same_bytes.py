"""The same input gives the same bytes: in any order, with any number of workers, on any machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest
from tests.build.small import BUILD, TODAY, Small, command, files, plan, tree

DEALS = [f"deal{number:02}" for number in range(9)]
"""Enough of them for worker processes."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Nine deals, one with the theme that ships, built here by one worker."""
    made = Small(tmp_path_factory.mktemp("many") / "workspace")
    made.write(files(DEALS))
    made.write({"content/deal04/plan.yaml": plan("With the theme that ships", share=4, more="theme: default")})
    made.build()
    return made


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers(many: Small, tmp_path: Path, workers: int) -> None:
    """One process or several make the same tree."""
    copy = many.clean_copy(tmp_path / "copy")
    report = copy.build(workers=workers)
    assert report.ok
    assert len(report.reasons) == len(DEALS)
    assert tree(copy.sites) == tree(many.sites)


def test_any_order(many: Small, tmp_path: Path) -> None:
    """Deals built one by one, backwards, into folders whose files were written in another order."""
    copy = Small(tmp_path / "copy")
    paths = [path for path in many.root.rglob("*") if path.is_file() and (many.root / "build") not in path.parents]
    Random(7).shuffle(paths)
    for path in paths:
        target = copy.root / path.relative_to(many.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name in reversed(DEALS):
        copy.build(name)
    assert tree(copy.sites) == tree(many.sites)


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "0", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"},
        {"PYTHONHASHSEED": "random", "TZ": "UTC", "LANGUAGE": "fr", "PYTHONUTF8": "0", "LC_CTYPE": "POSIX"},
    ],
)
def test_any_surroundings(many: Small, tmp_path: Path, surroundings: dict[str, str]) -> None:
    """Another folder, order of hashing, time zone and language change nothing."""
    copy = many.clean_copy(tmp_path / "another folder, ümläut" / "workspace")
    done = command(copy.root, *BUILD, "--today", TODAY.isoformat(), "--workers", "2", **surroundings)
    assert done.returncode == 0, done.stderr
    assert tree(copy.sites) == tree(many.sites)


def test_no_output_names_the_folder_it_was_built_in(many: Small) -> None:
    """Nor the machine's paths at all."""
    for path, data in tree(many.sites).items():
        assert str(many.root).encode() not in data, path


def test_moving_the_whole_workspace_changes_no_byte(many: Small, tmp_path: Path) -> None:
    """Its state moves along; whatever that costs, the sites are the same."""
    first = many.clean_copy(tmp_path / "first")
    first.build()
    second = Small(tmp_path / "second")
    shutil.copytree(first.root, second.root)
    assert second.build().ok
    assert tree(second.sites) == tree(many.sites)
