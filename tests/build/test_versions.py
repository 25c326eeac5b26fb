"""What a page says of earlier versions is true on every day on which nothing is built, and costs a plan without versions nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.build.small import Small, environment, plan, tree

from planmark.build.versions import snapshot
from planmark.content.acting import load_one
from planmark.plan.changes import digest_of
from planmark.site.data import as_data
from planmark.site.projection import project

ROOT = Path(__file__).parents[2]
SINCE = """\
{% if plan.changes %}
<p>Since {{ plan.changes.since }}: {{ plan.changes.entries|length }}, {{ plan.changes.earlier|length }}</p>
{% endif %}
"""
FIRST = date(2026, 11, 1)


def day(number: int) -> date:
    """A day by its number, counted from the first of November."""
    return FIRST + timedelta(number - 1)


@pytest.fixture
def alone(small: Small) -> Small:
    """One deal with two versions: its tasks were due on 2 February, and from the 5th of November on a day later."""
    small.remove("content/beta")
    small.remove("content/cobalt")
    small.write({"themes/plain/blocks/extra.html": SINCE})
    for number in (1, 5):
        small.write({"content/acme/plan.yaml": plan(due=f"2027-02-{number + 1:02}", more="expires: 2027-06-30")})
        assert snapshot(small.root, "acme", day(number)).path
    return small


def said(small: Small) -> str:
    """What the page says of changes."""
    page = (small.site("acme") / "index.html").read_text(encoding="utf-8")
    return page.partition("<p>Since ")[2].partition("</p>")[0]


def test_the_page_compares_with_what_was_out_a_week_ago(alone: Small) -> None:
    """Seven days after the second version came, that one is what was out a week ago; the day before nothing is stale."""
    alone.build(today=day(6))
    assert said(alone) == "2026-11-01: 2, 0"
    for number in range(7, 12):
        assert not alone.build(today=day(number)).reasons
    assert alone.build(today=day(12)).reasons == {"acme": "a state changes with the day (2026-11-12)"}
    assert said(alone) == "2026-11-05: 0, 2"


def test_and_tells_what_came_before_for_ninety_days(alone: Small) -> None:
    alone.build(today=day(12))
    eve, after = day(5) + timedelta(89), day(5) + timedelta(90)
    alone.build(today=day(94))
    assert said(alone) == "2026-11-05: 0, 2"
    alone.build(today=eve)
    assert said(alone) == "2026-11-05: 0, 2"
    assert alone.build(today=after).reasons
    assert said(alone) == ""


def test_a_build_of_an_earlier_day_knows_no_later_version(alone: Small) -> None:
    """As where the clock is set back."""
    alone.build(today=day(3))
    assert said(alone) == "2026-11-01: 2, 0"
    report = alone.build(today=day(5))
    assert report.reasons == {"acme": "a state changes with the day (2026-11-04)"}
    assert said(alone) == "2026-11-01: 2, 0"


def test_a_version_that_comes_makes_the_page_new(alone: Small) -> None:
    alone.build(today=day(12))
    alone.write({"content/acme/plan.yaml": plan(due="2027-02-20", more="expires: 2027-06-30")})
    snapshot(alone.root, "acme", day(12))
    assert alone.build(today=day(12)).reasons
    assert said(alone) == "2026-11-05: 2, 2"


def test_on_every_day_what_stands_there_is_what_a_whole_build_would_make(alone: Small, tmp_path: Path) -> None:
    """Over a month, each day's site built on from the day before."""
    for number in range(4, 34):
        alone.build(today=day(number))
        if number % 3 == 0:
            clean = alone.clean_copy(tmp_path / f"clean-{number}")
            clean.build(today=day(number))
            assert tree(alone.sites) == tree(clean.sites)


def test_a_broken_version_stops_no_build(alone: Small) -> None:
    alone.write({"content/acme/versions/2026-11-01.json": '{"version": "2026-11-01", "view": {"stages": 3'})
    report = alone.build(today=day(6))
    assert [problem.code for problem in report.problems] == ["PM714"]
    assert report.ok


@pytest.mark.parametrize("name", ["northwind", "harbour", "juniper"])
def test_nothing_but_an_edit_makes_another_digest(name: str) -> None:
    """Whatever the day changes in an example's view, its digest stays: else every day had a version of its own."""
    deal = load_one(ROOT, name)
    days = [date(2026, 9, 1) + timedelta(30 * number) for number in range(16)]
    assert len({digest_of(as_data(project(deal, one, deal.history).view)) for one in days}) == 1


def test_a_plan_without_versions_loads_nothing_for_them(small: Small) -> None:
    """Neither what reads them nor what compares them, and no field of its data says anything of them."""
    code = (
        "import sys; from datetime import date; from pathlib import Path; from planmark.build.build import Options, build; "
        "build(Path('.'), Options(today=date(2026, 11, 9), workers=1, pdf='none')); "
        "print([name for name in sys.modules if 'changes' in name or name.endswith('content.versions')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=small.root, env=environment(), capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout.replace("'", '"'))) <= {"planmark.site.view.changes"}
    assert "changes" not in json.loads((small.site("acme") / "plan.json").read_text(encoding="utf-8"))
