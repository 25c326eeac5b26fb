"""A plan that continues another has its link: the same folder, whatever was built before, and never both of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.build.small import Small, key, plan, tree

ONBOARDING = "content/acme-onboarding/plan.yaml"


def heir(title: str = "Onboarding for acme", *, of: str = "acme", **keys: str) -> str:
    """A plan that continues another."""
    return plan(title, share=None, more=f"continues: {of}", **keys)


@pytest.fixture
def handed(small: Small) -> Small:
    """Built, and then `acme` goes on as `acme-onboarding`. That is not built yet."""
    small.build()
    small.write({ONBOARDING: heir()})
    return small


def page(small: Small) -> str:
    """What the buyer's link to `acme` shows."""
    return (small.sites / f"acme-{key(0)}" / "index.html").read_text(encoding="utf-8")


def same_as_clean(small: Small, to: Path) -> bool:
    """Whether the sites are what a build from nothing makes of the same workspace."""
    clean = small.clean_copy(to)
    clean.build()
    return tree(small.sites) == tree(clean.sites)


def test_the_same_link_shows_the_new_plan(handed: Small, tmp_path: Path) -> None:
    report = handed.build()
    assert report.ok
    assert "Onboarding for acme" in page(handed)
    assert report.sites["acme-onboarding"] == f"acme-{key(0)}"
    assert "acme" not in report.sites
    assert report.continued == {"acme": "acme-onboarding"}
    assert same_as_clean(handed, tmp_path / "clean")


def test_what_is_history_is_not_built_again(handed: Small) -> None:
    handed.build()
    handed.replace("content/acme/plan.yaml", "Rollout for acme", "Another title")
    report = handed.build()
    assert "acme" not in report.reasons
    assert "Onboarding for acme" in page(handed)


def test_a_second_build_has_nothing_to_do(handed: Small) -> None:
    handed.build()
    report = handed.build()
    assert not report.reasons
    assert not report.changes


@pytest.mark.parametrize("name", ["acme", "acme-onboarding"])
def test_building_one_of_the_two_by_name_never_shows_the_old_plan_again(handed: Small, name: str) -> None:
    handed.build("acme-onboarding")
    assert "Onboarding for acme" in page(handed)
    report = handed.build(name)
    assert report.ok
    assert "Onboarding for acme" in page(handed)
    handed.build()
    assert "Onboarding for acme" in page(handed)


def test_the_old_plan_by_name_is_not_built_even_where_nothing_is_known(handed: Small) -> None:
    shutil.rmtree(handed.root / "build")
    report = handed.build("acme")
    assert (report.reasons, report.continued) == ({}, {"acme": "acme-onboarding"})
    assert not handed.sites.exists() or not list(handed.sites.iterdir())


def test_a_changed_share_key_of_the_first_plan_moves_the_link(handed: Small, tmp_path: Path) -> None:
    handed.build()
    handed.replace("content/acme/plan.yaml", key(0), key(7))
    report = handed.build()
    assert report.reasons == {"acme-onboarding": "the link that it continues is another one"}
    assert not (handed.sites / f"acme-{key(0)}").exists()
    assert same_as_clean(handed, tmp_path / "clean")


def test_both_at_once_leave_no_site_of_a_link_that_was_revoked(handed: Small, tmp_path: Path) -> None:
    handed.replace("content/acme/plan.yaml", key(0), key(7))
    handed.build()
    assert same_as_clean(handed, tmp_path / "clean")


def test_without_the_first_plan_the_last_good_site_stays_and_the_mistake_is_told(handed: Small) -> None:
    handed.build()
    aside = handed.root / "aside"
    shutil.move(handed.root / "content/acme", aside)
    report = handed.build()
    (problem,) = [one for one in report.problems if one.severity == "error"]
    assert (problem.code, problem.location.path, problem.location.line) == ("PM310", ONBOARDING, 7)
    assert "Onboarding for acme" in page(handed)
    shutil.move(aside, handed.root / "content/acme")
    assert handed.build().ok


def test_an_unknown_plan_is_told_with_the_one_that_was_meant(small: Small) -> None:
    small.write({ONBOARDING: heir(of="acmee")})
    (problem,) = small.build().problems
    assert problem.code == "PM310"
    assert "did you mean `acme`?" in problem.hint


def test_the_first_plan_comes_back_when_nothing_continues_it_any_longer(handed: Small, tmp_path: Path) -> None:
    handed.build()
    handed.remove("content/acme-onboarding")
    assert handed.build().ok
    assert "Rollout for acme" in page(handed)
    assert same_as_clean(handed, tmp_path / "clean")


def test_a_link_goes_on_through_any_number_of_plans(handed: Small, tmp_path: Path) -> None:
    handed.build()
    handed.write({"content/acme-renewal/plan.yaml": heir("Renewal for acme", of="acme-onboarding")})
    report = handed.build()
    assert report.continued == {"acme": "acme-renewal", "acme-onboarding": "acme-renewal"}
    assert "Renewal for acme" in page(handed)
    handed.replace("content/acme/plan.yaml", key(0), key(8))
    handed.build()
    assert same_as_clean(handed, tmp_path / "clean")


def test_the_first_plan_stays_until_the_next_one_is_good(handed: Small) -> None:
    handed.write({ONBOARDING: heir(due="someday")})
    report = handed.build()
    assert report.failed == ["acme-onboarding"]
    assert "Rollout for acme" in page(handed)
    handed.write({ONBOARDING: heir()})
    assert handed.build().ok
    assert "Onboarding for acme" in page(handed)


def test_two_plans_cannot_continue_the_same_one(handed: Small) -> None:
    handed.build()
    handed.write({"content/other/plan.yaml": heir("Another one")})
    for _ in range(2):
        found = {problem.location.path: problem for problem in handed.build().problems}
        assert {one.code for one in found.values()} == {"PM601"}
        assert "content/other/plan.yaml" in found[ONBOARDING].message
        assert ONBOARDING in found["content/other/plan.yaml"].message
    assert "Onboarding for acme" in page(handed)


def test_an_heir_and_a_copied_share_key_are_one_link_twice(handed: Small) -> None:
    handed.write({"content/copy/plan.yaml": plan("A copy", share=0)})
    assert {problem.code for problem in handed.build().problems} == {"PM601"}


def test_plans_that_continue_each_other_are_named_by_their_whole_circle(small: Small) -> None:
    small.build()
    small.write({"content/acme/plan.yaml": heir(of="beta"), "content/beta/plan.yaml": heir(of="acme")})
    found = small.build().problems
    assert [one.code for one in found] == ["PM311", "PM311"]
    assert "acme → beta → acme" in found[0].message
    small.write({"content/acme/plan.yaml": heir(of="acme")})
    assert "acme → acme" in small.build("acme").problems[0].message


@pytest.mark.parametrize("written", ['continues: "acme"', "'continues': acme", "continues:\n  acme", "continues : acme"])
def test_however_it_is_written(small: Small, written: str) -> None:
    small.write({ONBOARDING: plan("Onboarding for acme", share=None, more=written)})
    report = small.build()
    assert report.sites["acme-onboarding"] == f"acme-{key(0)}"
    assert report.continued == {"acme": "acme-onboarding"}


def test_the_word_in_a_text_continues_nothing(small: Small) -> None:
    small.replace("content/beta/plan.yaml", "summary: overview.md", "summary: 'He said, continues: acme'")
    report = small.build()
    assert report.ok
    assert not report.continued
