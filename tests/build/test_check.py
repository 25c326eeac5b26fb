"""A check remembers what it found on its own, looks again when an answer may be another, and touches no site."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.build.edits import Edits
from tests.build.small import SVG, TODAY, Small, environment, plan, tree

from planmark.build.examine import examine
from planmark.problems import Problem

Look = Callable[..., tuple[list[str], list[Problem]]]
DAY = timedelta(days=1)


@pytest.fixture
def look(small: Small, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Check the workspace: the deals that had to be looked at, and what was found."""
    monkeypatch.setattr("planmark.build.inputs.RACY_NS", 0)

    def checked(*deals: str, today: date = TODAY) -> tuple[list[str], list[Problem]]:
        seen: list[str] = []
        found = examine(small.root, deals, lambda done, of, deal: seen.append(deal), today)
        return sorted(seen), found

    return checked


def test_what_did_not_change_is_not_looked_at_again(look: Look) -> None:
    seen, found = look()
    assert seen == ["acme", "beta", "cobalt"]
    assert found
    assert look() == ([], found)
    assert look("beta") == ([], [one for one in found if one.location.path.startswith("content/beta/")])


def test_a_deal_that_changed_is_looked_at_alone(small: Small, look: Look) -> None:
    """And what is wrong with it is told until it is mended."""
    _, before = look()
    small.replace("content/beta/plan.yaml", "version: 2026-11-03", "version: 2026-10-26")
    seen, found = look()
    assert seen == ["beta"]
    assert [(one.code, str(one.location)) for one in found if one not in before] == [("R8", "content/beta/plan.yaml:4:10")]
    small.replace("content/beta/plan.yaml", "version: 2026-10-26", "version: 2026-11-03")
    assert look() == (["beta"], before)


def test_a_setting_in_planmark_yaml_changes_all_answers(small: Small, look: Look) -> None:
    _, before = look()
    file = small.root / "planmark.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "rules: {R17: off, R22: error}\n", encoding="utf-8")
    seen, found = look()
    assert len(seen) == 3
    assert {one.code for one in before} - {one.code for one in found} == {"R17"}
    assert {one.severity for one in found if one.code == "R22"} == {"error"}


def test_a_wrong_setting_is_told_at_its_place(small: Small, look: Look) -> None:
    file = small.root / "planmark.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "rules: {R17: {least: 3}, R1: {least: 20}}\n", encoding="utf-8")
    _, found = look()
    assert [(str(one.location), one.code) for one in found if one.location.path == "planmark.yaml"] == [
        ("planmark.yaml:6:15", "PM201"),
        ("planmark.yaml:6:30", "PM222"),
    ]


def test_it_looks_again_on_the_day_on_which_an_answer_changes(look: Look) -> None:
    """The version is of 3 November: seven days later it is old, three weeks later too old; in between nothing is looked at."""
    assert "R8" not in {one.code for one in look()[1]}
    turns = {TODAY + DAY * 2: "warning", date(2026, 11, 25): "error"}
    day, severity = TODAY, ""
    while day < date(2026, 11, 27):
        seen, found = look(today=day)
        severity = turns.get(day, severity)
        assert {one.severity for one in found if one.code == "R8"} == ({severity} if severity else set())
        assert bool(seen) or day not in turns
        assert look(today=day)[0] == []
        day += DAY


def test_a_clock_set_back_is_noticed(look: Look) -> None:
    _, early = look()
    assert look(today=date(2026, 12, 20))[1] != early
    assert look() == (["acme", "beta", "cobalt"], early)


def test_it_touches_neither_the_sites_nor_what_a_build_remembers(small: Small, look: Look) -> None:
    """A build after it does nothing; its own memory is one file beside the build's."""
    small.build()
    before = tree(small.root)
    look()
    after = tree(small.root)
    assert set(after) - set(before) == {"build/.planmark/check.json"}
    assert {path: after[path] for path in before} == before
    assert not small.build().reasons


def test_a_rule_never_stops_a_build(small: Small, look: Look) -> None:
    """A stale plan is built as any other, and a build says nothing of rules."""
    late = date(2026, 12, 20)
    assert {("R8", "error")} <= {(one.code, one.severity) for one in look(today=late)[1]}
    report = small.build(today=late)
    assert report.ok
    assert len(report.sites) == 3
    assert report.problems == []


def test_where_nothing_can_be_written_it_answers_all_the_same(small: Small, look: Look) -> None:
    _, found = look()
    small.remove("build")
    (small.root / "build").write_text("in the way", encoding="utf-8")
    for _ in range(2):
        assert look() == (["acme", "beta", "cobalt"], found)


def test_a_memory_that_a_disk_garbled_is_not_believed(small: Small, look: Look) -> None:
    _, found = look()
    state = small.root / "build/.planmark/check.json"
    state.write_bytes(state.read_bytes().replace(b"2026", b"2027"))
    assert look() == (["acme", "beta", "cobalt"], found)


def test_of_a_plan_with_a_mistake_only_the_mistake_is_told(small: Small, look: Look) -> None:
    """Judging what cannot be read would be guessing; once it is mended the rules are back."""
    small.replace("content/beta/plan.yaml", "due: 2026-11-20", "due: soon")
    assert {one.code for one in look("beta")[1]} == {"PM205"}


def test_a_template_of_the_team_s_own_is_tried(small: Small, look: Look) -> None:
    look()
    small.replace("themes/plain/page.html", "{{ plan.title }} for", "{{ plan.titel }} for")
    seen, found = look()
    assert len(seen) == 3
    assert {(one.code, one.location.path) for one in found if one.code.startswith("PM")} == {("PM503", "themes/plain/page.html")}


def test_what_else_a_build_would_tell_is_told_with_a_theme_that_ships(small: Small, look: Look) -> None:
    """A widget without its block, a font that is none, a theme that isn't there."""
    small.remove("themes")
    small.replace("planmark.yaml", "theme: plain", "theme: default")
    small.write({"content/beta/plan.yaml": plan(resources="[{title: Shares, kind: widget, block: usage}]")})
    small.write({"content/acme/plan.yaml": plan(share=1, more="brand: {font: broken.woff2}"), "content/acme/broken.woff2": b"wOF2 no more"})
    small.write({"content/cobalt/plan.yaml": plan(share=2, more="theme: foli")})
    found = [one for one in look()[1] if one.code.startswith("PM")]
    assert {(one.location.path.split("/")[1], one.code) for one in found} == {("beta", "PM505"), ("acme", "PM410"), ("cobalt", "PM501")}
    assert found == small.build().problems


def test_with_themes_that_ship_no_page_is_drawn(small: Small) -> None:
    """Nothing that draws one is even imported."""
    small.remove("themes")
    small.replace("planmark.yaml", "theme: plain", "theme: default")
    code = (
        "import sys; from pathlib import Path; from planmark.build.examine import examine; "
        "assert examine(Path()); print(*sorted(name for name in sys.modules if name in ('jinja2', 'babel', 'weasyprint', 'PIL')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=small.root, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_an_answer_to_a_rule_reaches_no_file_of_the_site(small: Small) -> None:
    """Gates that the deal doesn't have are shown, as they always were; what is said to a rule is the seller's own."""
    small.remove("themes")
    small.replace("planmark.yaml", "theme: plain", "theme: default")
    small.write(
        {"content/beta/plan.yaml": plan(more="not_needed: {R13: Zanzibar asked late, security: No data in Yokohama, R8: Zanzibar rests}")}
    )
    small.build("beta")
    site = b"\n".join(tree(small.site("beta")).values())
    assert b"Yokohama" in site
    assert b"Zanzibar" not in site
    assert b"R13" not in site


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edits_it_finds_what_a_first_check_finds(tmp_path: Path, seed: int) -> None:
    """Whatever it remembers: plans, the library, themes, planmark.yaml, the day, deals that come, go and go on."""
    edits = Edits(Small(tmp_path / "workspace"), seed)
    log: list[str] = []
    for step in range(40):
        log.append(edits.step() if step else "begin")
        clean = edits.small.clean_copy(tmp_path / "clean")
        expected = examine(clean.root, today=edits.today)
        assert examine(edits.small.root, today=edits.today) == expected, log
        clean.remove(".")


def test_many_deals_are_looked_at_by_workers_with_the_same_result(many: Small) -> None:
    """In the order of deals, whoever was first."""
    found = examine(many.root, today=TODAY)
    alone = [
        one
        for number in range(9)
        for one in examine(many.clean_copy(many.root.with_name(f"c{number}")).root, (f"deal{number}",), today=TODAY)
    ]
    assert found == alone


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_library_that_cannot_be_read_is_told(small: Small, look: Look) -> None:
    Path(small.root / "content/_library").chmod(0)
    assert "PM408" in {one.code for one in look()[1]}


def test_a_picture_that_came_back_is_noticed(small: Small, look: Look) -> None:
    """The library counts as far as it was asked."""
    small.remove("content/_library/files/paper.svg")
    assert "PM401" in {one.code for one in look()[1]}
    small.write({"content/_library/files/paper.svg": SVG.format(colour="#123456")})
    seen, found = look()
    assert seen == ["acme", "beta", "cobalt"] or seen == ["cobalt"]
    assert "PM401" not in {one.code for one in found}
