"""Calendars as they are built, linked and written: in the site of a deal, on its page, by a command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.build.small import Small, tree
from tests.calendar.plans import HEAD, made, viewed
from tests.calendar.readers import by_icalendar, by_icaljs
from tests.cli.running import planmark
from tests.conftest import MakeWorkspace, write
from tests.site.canary import Canary, is_secret

REVIEW = "review: {every: week, day: Monday, with: [maria, dana]}\n"
TASKS = "stages: [{title: Evaluate, tasks: [{title: Sign, id: nda, owner: maria, due: 2026-11-20}]}]\n"
ENDPOINT = "endpoint: {kind: planmark, url: 'https://inbox.halyard.example'}\n"
PLAN = "content/acme/plan.yaml"


@pytest.fixture
def small(workspace: MakeWorkspace) -> Small:
    """A workspace of one deal, with somewhere to send forms to."""
    return Small(workspace({"planmark.yaml": "seller: Halyard\n" + ENDPOINT, PLAN: HEAD + REVIEW + TASKS}))


def built(small: Small) -> dict[str, bytes]:
    """The deal's site."""
    report = small.build()
    assert not [problem for problem in report.problems if problem.severity == "error"]
    return tree(small.site("acme"))


def links(page: bytes) -> list[str]:
    """The attributes of every link to the calendar on a page."""
    return re.findall(r"<a (href=\"plan\.ics\"[^>]*)>", page.decode())


def test_a_site_has_a_calendar_for_all_and_one_for_each_guest(small: Small) -> None:
    """Each is a file of its own, in which that person finds their own."""
    site = built(small)
    (refs,) = set(re.findall(r'data-calendar="([^"]*)"', site["index.html"].decode()))
    assert {path for path in site if path.endswith(".ics")} == {"plan.ics", *(f"calendar-{ref}.ics" for ref in refs.split())}
    assert by_icalendar(site["plan.ics"]).names == {"task-nda", "target", "review"}
    names = [by_icalendar(site[f"calendar-{ref}.ics"]).names for ref in refs.split()]
    assert names == [{"task-nda", "target", "review"}, {"target"}]


def test_the_page_leads_to_it(small: Small) -> None:
    """At its foot, and where the review is told; with or without a script."""
    site = built(small)
    assert len(links(site["index.html"])) == 2
    assert len(links(site["privacy.html"])) == 1


def test_without_an_endpoint_there_are_no_personal_ones(small: Small) -> None:
    """There are no personal links then."""
    small.write({"planmark.yaml": "seller: Halyard\n"})
    site = built(small)
    assert [path for path in site if path.endswith(".ics")] == ["plan.ics"]
    assert set(links(site["index.html"])) == {'href="plan.ics"'}


def test_a_plan_that_is_lost_tells_those_who_follow_it(small: Small) -> None:
    """Nothing can be sent any longer, and everybody's calendar stays where it was."""
    before = built(small)
    small.write({PLAN: HEAD + REVIEW + TASKS + "state: {is: lost, on: 2026-11-10}\n"})
    after = built(small)
    assert {path for path in after if path.endswith(".ics")} == {path for path in before if path.endswith(".ics")}
    assert {event.name for event in by_icalendar(after["plan.ics"]).events if event.status == "CONFIRMED"} == {"review"}


def test_a_version_makes_the_next_one_count_for_more(small: Small) -> None:
    """From one published version to the next, through the files of a deal."""
    assert planmark(small.root, "snapshot", "acme", "--today", "2026-11-09").code == 0
    first = built(small)
    assert by_icalendar(first["plan.ics"])["task-nda"].sequence == 0
    small.replace(PLAN, "due: 2026-11-20", "due: 2026-11-27")
    second = by_icalendar(built(small)["plan.ics"])
    assert (second["task-nda"].sequence, second["task-nda"].start) == (1, "2026-11-27")
    assert (second["target"].sequence, second["task-nda"].uid) == (0, by_icalendar(first["plan.ics"])["task-nda"].uid)


def test_nothing_internal_is_in_any_calendar(tmp_path: Path) -> None:
    """Of a deal in which every field has a value, shared and internal; nor in that of anybody in it."""
    write(tmp_path, Canary().workspace())
    plan = viewed(tmp_path, "acme")
    calendars = [made(plan).whole(), *(made(plan).of(person["id"]) for person in plan["people"])]
    assert len(calendars) > 2
    for data in calendars:
        text = data.replace(b"\r\n ", b"").decode()
        assert "open" in text
        assert not is_secret(text)
        assert not re.search(r"203[0-3][01]\d[0-3]\d", text)
        assert by_icaljs(data) == by_icalendar(data)


def test_the_command_writes_what_the_site_has(small: Small, tmp_path: Path) -> None:
    """Byte for byte; for a person, that person's own."""
    site = built(small)
    said = planmark(small.root, "calendar", "acme", "--today", "2026-11-09")
    assert (said.code, said.out, said.err) == (0, "acme.ics, 3 entries\n", "")
    assert (small.root / "acme.ics").read_bytes() == site["plan.ics"]
    assert planmark(small.root, "calendar", "acme", "--for", "joost", "--today", "2026-11-09").out == "acme-joost.ics, 1 entry\n"
    assert (small.root / "acme-joost.ics").read_bytes() in site.values()
    assert planmark(small.root, "calendar", "acme", "--for", "dana", "--to", str(tmp_path / "mine.ics")).code == 0
    assert by_icalendar((tmp_path / "mine.ics").read_bytes()).names == {"target", "review"}


def test_the_command_knows_who_is_in_the_plan(small: Small) -> None:
    """Somebody who is not is a mistake, and nothing is written."""
    said = planmark(small.root, "calendar", "acme", "--for", "mari")
    assert (said.code, said.out) == (1, "")
    assert "PM301" in said.err
    assert "maria" in said.err
    assert not list(small.root.glob("*.ics"))
