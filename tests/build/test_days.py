"""The day is an input: a deal is stale on the day on which a state changes, and not before."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.build.small import BUILD, Small, command, plan, tree

from planmark.problems import PlanmarkError


def day(text: str) -> date:
    """A day in November 2026 by its number."""
    return date(2026, 11, int(text))


@pytest.fixture
def alone(small: Small) -> Small:
    """One deal, whose tasks are due on the 20th."""
    small.remove("content/beta")
    small.remove("content/cobalt")
    return small


def test_a_task_is_late_from_the_day_after_its_date(alone: Small) -> None:
    """Nothing is built up to the 20th; on the 21st the page says so."""
    alone.build(today=day("09"))
    page = alone.site("acme") / "index.html"
    for number in range(10, 21):
        assert not alone.build(today=day(f"{number}")).reasons
    assert "late" not in page.read_text(encoding="utf-8")
    assert alone.build(today=day("21")).reasons == {"acme": "a state changes with the day (2026-11-21)"}
    assert "late" in page.read_text(encoding="utf-8")


def test_a_day_skipped_is_not_missed(alone: Small) -> None:
    """After a holiday the build finds what changed meanwhile."""
    alone.build(today=day("09"))
    assert alone.build(today=day("29")).reasons


def test_a_clock_set_back_builds_anew(alone: Small) -> None:
    """What was built for a later day may be wrong for an earlier one."""
    alone.build(today=day("09"))
    early = tree(alone.sites)
    alone.build(today=day("25"))
    assert alone.build(today=day("09")).reasons == {"acme": "it was built for 2026-11-25"}
    assert tree(alone.sites) == early


@pytest.mark.parametrize(
    ("more", "changes"),
    [
        ("key_dates: [{title: Steering, date: 2026-11-12}]", "13"),
        ("key_dates: [{title: Fair, date: 2026-11-12, end: 2026-11-14}]", "15"),
        ("freezes: [{why: Shutdown, start: 2026-11-12, end: 2026-11-15}]", "16"),
        ("constraints: [{title: Budget year, date: 2026-11-10}]", "11"),
        ("expires: 2026-11-16", "17"),
        ("pricing: {currency: EUR, valid_until: 2026-11-17, options: [{name: One}]}", "18"),
        ("contract_signature: 2026-11-18", "19"),
        ("parties: [{id: counsel, name: Counsel}]", "21"),
    ],
)
def test_each_kind_of_date_has_its_day(alone: Small, more: str, changes: str) -> None:
    """On the eve nothing is stale; on the day the page is another."""
    alone.write({"content/acme/plan.yaml": plan(more=more)})
    alone.build(today=day("09"))
    before = tree(alone.sites)
    assert not alone.build(today=day(changes) - timedelta(days=1)).reasons
    assert alone.build(today=day(changes)).reasons
    assert tree(alone.sites) != before


def test_somebody_who_has_left_has_from_their_day_on(alone: Small) -> None:
    """`left` is the day from which they are no longer there."""
    text = plan().replace("name: Maria Lindqvist}", "name: Maria Lindqvist, left: 2026-11-13}")
    alone.write({"content/acme/plan.yaml": text})
    alone.build(today=day("09"))
    assert not alone.build(today=day("12")).reasons
    assert alone.build(today=day("13")).reasons


def test_a_plan_whose_version_is_today_is_new_every_day(alone: Small) -> None:
    """Where no version is written, the page names the day of the build."""
    alone.write({"content/acme/plan.yaml": plan().replace("version: 2026-11-03\n", "")})
    alone.build(today=day("09"))
    assert not alone.build(today=day("09")).reasons
    assert alone.build(today=day("10")).reasons


def test_a_template_that_fails_on_one_day_is_tried_on_the_next(alone: Small) -> None:
    """The day is an input of a failed build, too."""
    alone.replace("themes/plain/page.html", "{% block content %}", "{% block content %}{% if not plan.late %}{{ plan.nothing }}{% endif %}")
    assert alone.build(today=day("20")).failed == ["acme"]
    assert not alone.build(today=day("20")).reasons
    assert alone.build(today=day("21")).ok
    assert alone.build(today=day("20")).failed == ["acme"]


def test_the_day_comes_from_the_option_then_the_environment_then_the_clock(alone: Small) -> None:
    """`--today` before SOURCE_DATE_EPOCH before the day in the workspace's time zone."""
    epoch = str(int(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()))

    def built(*options: str, **changes: str) -> str:
        done = command(alone.root, *BUILD, "--json", *options, **changes)
        return str(json.loads(done.stdout)["today"])

    assert built("--today", "2026-11-09", SOURCE_DATE_EPOCH=epoch) == "2026-11-09"
    assert built(SOURCE_DATE_EPOCH=epoch) == "2026-11-25"
    assert abs(date.fromisoformat(built()) - datetime.now(UTC).date()) <= timedelta(days=1)


def test_the_clock_is_that_of_the_workspace(alone: Small) -> None:
    """At any moment it is another day on one side of the date line than on the other."""
    days = []
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        alone.replace("planmark.yaml", alone_zone(alone), f"timezone: {zone}")
        days.append(json.loads(command(alone.root, *BUILD, "--json").stdout)["today"])
    assert days[0] > days[1]


def alone_zone(small: Small) -> str:
    """The line of planmark.yaml that names the time zone."""
    text = (small.root / "planmark.yaml").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("timezone:"))


@pytest.mark.parametrize("epoch", ["99999999999999999999", "253402300800", "soon", "-1"])
def test_an_epoch_that_is_no_day_is_a_problem_or_nothing(alone: Small, epoch: str) -> None:
    """Whatever the environment holds, there is no traceback."""
    done = command(alone.root, *BUILD, SOURCE_DATE_EPOCH=epoch)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1)


def test_the_last_day_there_is(alone: Small) -> None:
    """Nothing is added to a date that cannot be exceeded."""
    try:
        alone.build(today=date.max)
    except PlanmarkError:
        return
    assert alone.sites.is_dir()
