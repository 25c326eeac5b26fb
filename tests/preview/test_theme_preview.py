"""`planmark theme preview`: the sample plan in a theme, built like any other workspace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.conftest import write

from planmark.build.build import Options, build
from planmark.plan.words import SectionName
from planmark.preview.themes import prepare
from planmark.problems import PlanmarkError
from planmark.site.themes.sample import TODAY


def _pages(workspace: Path, name: str) -> dict[str, str]:
    sample = prepare(workspace, name)
    report = build(sample.root, Options(today=TODAY, workers=1, pdf="none"))
    assert [problem for problem in report.problems if problem.severity == "error"] == []
    sites = sample.root / "build" / "sites"
    assert {site.name for site in sites.iterdir()} == set(sample.deals)
    return {name.rpartition("-")[0]: (sites / name / "index.html").read_text(encoding="utf-8") for name in sample.deals}


def test_one_page_shows_every_block_in_every_state(tmp_path: Path) -> None:
    write(tmp_path, {"themes/own/theme.yaml": 'dark: {paper: "#121212"}', "themes/own/blocks/footer.html": "<footer>Own footer</footer>"})
    pages = _pages(tmp_path, "own")
    page = pages["everything"]
    for name in SectionName.__args__:  # type: ignore[attr-defined]  # a Literal has them
        assert f'class="section section-{name}' in page, name
    for state in ("todo", "doing", "done", "blocked", "dropped", "late"):
        assert f'class="task is-{state}"' in page, state
    assert len([one for one in re.findall('<aside class="notice"[^>]*>', page) if "hidden" not in one]) == 4
    assert page.count('class="options"') == 3
    assert "Own footer" in page
    assert 'dir="rtl"' in pages["everything-arabic"]
    assert '<html lang="de"' in pages["everything-german"]
    assert pages["ended"].count('class="notice"') == 1


def test_the_dark_page_is_dark_whatever_the_system_says(tmp_path: Path) -> None:
    write(tmp_path, {"themes/own/theme.yaml": 'dark: {paper: "#121212"}'})
    page = _pages(tmp_path, "own")["everything-dark"]
    named = re.search(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert named
    (site,) = (tmp_path / "build/.planmark/theme-own/build/sites").glob("everything-dark-*")
    assert re.search(r"--paper:\s*#121212", (site / named[1]).read_text(encoding="utf-8").split("@media", 1)[0])


def test_what_is_saved_in_the_theme_is_seen_in_the_sample(tmp_path: Path) -> None:
    write(tmp_path, {"themes/own/theme.yaml": "", "themes/own/blocks/footer.html": "<footer>First</footer>"})
    sample = prepare(tmp_path, "own")
    write(tmp_path, {"themes/own/blocks/footer.html": "<footer>Second</footer>"})
    assert (sample.root / "themes/own/blocks/footer.html").read_text(encoding="utf-8") == "<footer>Second</footer>"


def test_it_can_be_prepared_again_and_an_unknown_theme_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"themes/own/theme.yaml": ""})
    assert prepare(tmp_path, "own") == prepare(tmp_path, "own")
    assert (tmp_path / "themes/own/theme.yaml").is_file()
    with pytest.raises(PlanmarkError) as caught:
        prepare(tmp_path, "owm")
    assert caught.value.problems[0].hint == "did you mean `own`?"
