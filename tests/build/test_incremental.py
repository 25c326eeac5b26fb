"""After any edits, what an incremental build leaves is what a clean build makes, byte for byte."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.build.edits import DEFAULT_THEME, EVERYBODY, Edits
from tests.build.small import RESOURCES, Small, tree

from planmark.build.report import Report
from planmark.build.state import load_state

FULL = os.environ.get("PLANMARK_TRIALS") == "full"
SEEDS = range(100 if FULL else 3)
STEPS = 50


@pytest.mark.parametrize("seed", SEEDS)
def test_random_edits_leave_what_a_clean_build_makes(tmp_path: Path, seed: int) -> None:
    """A deal with a mistake keeps its last good site; every other is as new; nothing untouched is built.

    A plan that another continues gives way as soon as that one is good.
    """
    edits = Edits(Small(tmp_path / "workspace"), seed)
    good: dict[str, dict[str, bytes]] = {}
    log: list[str] = []
    failing: set[str] = set()
    for step in range(STEPS):
        log.append(edits.step() if step else "begin")
        clean = edits.small.clean_copy(tmp_path / "clean")
        expected = clean.build(today=edits.today)
        report = edits.small.build(today=edits.today)
        story = f"seed {seed}, step {step}: {'; '.join(log[-6:])}"
        made = _by_deal(clean, expected)
        good = {name: made.get(name, good.get(name, {})) for name in edits.deals}
        good |= {name: {} for name, heir in expected.continued.items() if good[heir]}
        assert tree(edits.small.sites) == {path: data for files in good.values() for path, data in files.items()}, story
        if _team_is_broken(expected):  # what is known of the deals is remembered; a clean build cannot know it
            assert set(expected.problems) <= set(report.problems), story
        else:
            assert report.problems == expected.problems, story
            assert report.failed == expected.failed, story
        if step and EVERYBODY not in edits.touched:
            assert set(report.reasons) <= edits.touched | failing, story
        again = edits.small.build(today=edits.today)
        failing = set(edits.deals) if _team_is_broken(again) else set(again.failed)
        assert set(again.reasons) <= failing, story
        assert not again.count("created") + again.count("updated") + again.count("removed"), story
        assert again.problems == report.problems, story
        shutil.rmtree(clean.root)


def _by_deal(small: Small, report: Report) -> dict[str, dict[str, bytes]]:
    """The files of each deal that could be built, by their path in the tree of sites."""
    return {
        name: {f"{site}/{path}": data for path, data in tree(small.sites / site).items()}
        for name, site in report.sites.items()
        if name not in report.failed
    }


def _team_is_broken(report: Report) -> bool:
    """With a mistake in planmark.yaml no deal can be judged: all that are stale stay so."""
    return any(problem.location.path == "planmark.yaml" and problem.code in ("PM201", "PM401") for problem in report.problems)


def test_a_change_in_one_deal_builds_that_deal_alone(small: Small) -> None:
    """Nothing of the others is even parsed."""
    small.build()
    small.replace("content/beta/plan.yaml", "Connect a plant", "Connect two plants")
    report = small.build()
    assert report.reasons == {"beta": "content/beta/plan.yaml changed"}
    assert {change.path.partition("/")[2] for change in report.changes if change.action == "updated"} == {
        "index.html",
        "plan.ics",
        "plan.json",
    }
    assert not report.count("created") + report.count("removed")


@pytest.mark.parametrize(
    ("path", "text", "built"),
    [
        ("content/acme/overview.md", "Other words.\n", {"acme": "content/acme/overview.md changed"}),
        ("content/acme/new.md", "A file.\n", {"acme": "content/acme/new.md is new"}),
        ("content/_library/other.md", "A file.\n", {"cobalt": "content/_library/other.md is new"}),
        ("content/delta/plan.yaml", "", {"delta": "content/delta has not been built yet"}),
        ("themes/other/theme.yaml", "", {}),
        ("content/_templates/own/plan.yaml", "", {}),
        ("notes.txt", "A file beside it all.\n", {}),
        ("content/acme/.plan.yaml.swp", "An editor's own file.\n", {}),
    ],
)
def test_what_is_built_is_what_the_file_belongs_to(small: Small, path: str, text: str, built: dict[str, str]) -> None:
    """Each file touches the deals that it may show in, and no other."""
    small.build()
    small.write({path: text})
    assert small.build().reasons == built


@pytest.mark.parametrize("path", ["planmark.yaml", "themes/plain/page.html", "themes/plain/assets/plain.css", "themes/default/theme.yaml"])
def test_what_all_share_builds_all(small: Small, path: str) -> None:
    """The workspace's settings, its theme, and a folder that would take a shipped theme's place."""
    small.build()
    target = small.root / path
    small.write({path: (target.read_text(encoding="utf-8") if target.exists() else DEFAULT_THEME) + "\n"})
    report = small.build()
    assert set(report.reasons) == {"acme", "beta", "cobalt"}
    assert all(path in reason for reason in report.reasons.values())


def test_a_template_that_was_looked_for_and_not_found(small: Small) -> None:
    """It comes to be, and the pages have it; it goes, and they are as before."""
    small.build()
    before = tree(small.sites)
    small.write({"themes/plain/blocks/extra.html": "<p>Extra</p>\n"})
    assert len(small.build().reasons) == 3
    assert b"<p>Extra</p>" in (small.site("acme") / "index.html").read_bytes()
    small.remove("themes/plain/blocks")
    small.build()
    assert tree(small.sites) == before


def test_a_library_item_that_comes_to_be_under_an_id_of_the_deal(small: Small) -> None:
    """What the library says of an id holds for every deal that has it, also when the library says it later."""
    small.replace(
        "content/acme/plan.yaml", "resources: []", 'resources: [{id: handbook, title: Handbook, url: "https://halyard.example/h"}]'
    )
    small.build()
    small.write({"content/_library/resources.yaml": RESOURCES + "- {id: handbook, title: The handbook, about: For administrators}\n"})
    assert small.build().ok
    assert b"For administrators" in (small.site("acme") / "index.html").read_bytes()


def test_a_library_item_that_only_an_internal_task_names(small: Small) -> None:
    """Once it is gone, the plan refers to nothing, whoever may see the task."""
    small.replace("content/acme/plan.yaml", "due: 2026-11-20}\n", "due: 2026-11-20, audience: internal, resources: tour}\n")
    small.build()
    small.replace("content/cobalt/plan.yaml", "[tour, paper]", "[paper]")
    small.write({"content/_library/resources.yaml": RESOURCES.splitlines()[1] + "\n"})
    clean = small.clean_copy(small.root.with_name("clean"))
    assert small.build().problems == clean.build().problems


def test_two_things_at_once_a_change_and_a_damaged_page(small: Small) -> None:
    """A page that is the same as before is still written anew where it was damaged."""
    small.build()
    expected = tree(small.sites)
    site = small.site("acme")
    (site / "privacy.html").write_text("garbled", encoding="utf-8")
    (site / "plan.schema.json").unlink()
    small.write({"content/acme/unnamed.md": "Nothing names it.\n"})
    small.build()
    assert tree(small.sites) == expected


def test_the_state_knows_only_deals_that_are_there(small: Small) -> None:
    """What is gone is forgotten."""
    small.build()
    small.remove("content/beta")
    small.build()
    assert set(load_state(small.root / "build/.planmark/state.json").deals) == {"acme", "cobalt"}
