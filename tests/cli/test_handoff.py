"""A plan is handed on by command: the same link, the same personal links, the same place at the receiver."""

from __future__ import annotations

import re

from tests.cli.running import Said
from tests.cli.test_loop import Team, team
from tests.endpoints.coming import DIGEST, SHARE

from planmark.content.acting import load_one

__all__ = ["team"]

SITE = f"acme-{SHARE['acme']}"
BUILD = ("build", "--no-pdf", "--today", "2026-11-10")


def handed(team: Team, *options: str) -> Said:
    """Hand `acme` on, on a day in November."""
    return team("handoff", "acme", "--today", "2026-11-10", *options)


def links(team: Team, deal: str) -> dict[str, str]:
    """Who has which link."""
    lines = team("links", deal, "--today", "2026-11-10").out.splitlines()
    return {name.partition(",")[0]: address.strip() for name, address in zip(lines[::2], lines[1::2], strict=True)}


def test_it_says_what_it_wrote_and_what_is_left_to_the_rep(team: Team) -> None:
    said = handed(team, "--go-live", "2027-03-31")
    assert said.code == 0
    assert "wrote content/acme-onboarding/plan.yaml" in said.out
    assert "acme is history now: its link goes on with content/acme-onboarding" in said.out
    assert "note: 3 tasks are still open and carried over" in said.err
    assert "give --owner" in said.err
    assert team("check", "acme-onboarding").code == 0


def test_the_same_link_shows_it_and_the_old_plan_is_history(team: Team) -> None:
    team(*BUILD)
    handed(team, "live", "--owner", "dana")
    said = team(*BUILD, "--explain")
    assert "acme is history: its link goes on with live" in said.out
    assert {path.name for path in (team.root / "build/sites").iterdir()} == {SITE, f"beta-{SHARE['beta']}"}
    assert "Go-live" in (team.root / f"build/sites/{SITE}/plan.json").read_text(encoding="utf-8")
    assert "acme is history: its link goes on with live" in team(*BUILD, "acme").out
    assert "acme is history" in team("check", "acme").err
    assert '"acme": "live"' in team(*BUILD, "--json").out


def test_personal_links_of_before_work_in_the_new_plan(team: Team) -> None:
    before = links(team, "acme")
    handed(team, "live", "--go-live", "2027-01-29")
    assert links(team, "live") == before
    assert re.search("PM614.*planmark links live", team.refused("links", "acme"))
    team.send(pm_token=before["Maria Lindqvist"].partition("#t=")[2])
    assert "live: Maria Lindqvist checked off “Sign”" in team("pull").out
    assert team.status() is None
    tasks = [task for stage in load_one(team.root, "live").plan.stages for task in stage.tasks]
    assert next(task.status for task in tasks if task.id == "nda") == "done"


def test_the_receiver_is_told_about_the_new_plan_in_the_old_ones_place(team: Team) -> None:
    team("receiver", "register")
    handed(team, "live")
    lines = [f"beta  {DIGEST['beta']}", f"live  {DIGEST['acme']}", "2 plans are registered."]
    assert sorted(team("receiver", "register").out.splitlines()) == sorted(lines)
    assert team("receiver", "register", "acme").out.splitlines()[0] == f"live  {DIGEST['acme']}"
    assert team("endpoint", "test", "acme").code == 0


def test_a_link_is_handed_on_once(team: Team) -> None:
    handed(team)
    assert "hand that one on: acme-onboarding" in team.refused("handoff", "acme", "other")
    assert "did you mean `onboarding`?" in team.refused("handoff", "beta", "--template", "onbording")
    assert "PM607" in team.refused("handoff", "beta", "acme")


def test_a_plan_that_rests_says_so_in_the_terminal(team: Team) -> None:
    path = team.root / "content/acme/plan.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "state: {is: lost, on: 2026-11-20, internal: {why: SECRET}}\n", encoding="utf-8")
    said = team("show", "acme", "--today", "2027-05-01").out
    assert "Closed since 2026-11-20: nothing is asked of anybody, and nothing is late" in said
    assert "SECRET" not in said
    assert " late" not in said.partition("nothing is late")[2]
    path.write_text(text + "expires: 2026-12-01\n", encoding="utf-8")
    assert "Over (it was open until 2026-12-01)" in team("show", "acme", "--today", "2027-05-01").out
