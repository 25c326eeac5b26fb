"""A plan with a last day: after it, the next publish or round of the watch takes it down, whatever else is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.build.small import plan, tree
from tests.cli.running import planmark
from tests.publish.published import Publisher, got, publisher, serving

from planmark.build.build import build
from planmark.content.ending import last_day
from planmark.content.team import team_of
from planmark.endpoints.pull import Pulled
from planmark.publish.undoing import published
from planmark.publish.watch import Watch

PLAN = "content/acme/plan.yaml"
LAST = "2026-11-12"
AFTER = date(2026, 11, 13)


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Publisher]:
    """A workspace of two deals with a web server; one of the two has a last day."""
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        found = publisher(tmp_path, url)
        found.small.write({PLAN: plan(more=f"expires: {LAST}")})
        yield found


def is_gone(ours: Publisher, address: str) -> bool:
    """Whether who comes reads that the plan is no longer there, and nothing else of it is left."""
    status, page = got(address)
    return status == 200 and b"no longer here" in page and b"Rollout" not in page and got(address, "plan.json")[0] == 404


def test_the_last_day_still_counts(ours: Publisher) -> None:
    (outcome,) = ours.publish("acme", today=date.fromisoformat(LAST))
    assert outcome.result == "published"


@pytest.mark.parametrize("deals", [("acme",), ()])
def test_after_it_the_next_publish_takes_it_down_with_its_drafts(ours: Publisher, deals: tuple[str, ...]) -> None:
    """The other deals go out as ever, and nothing of it is built."""
    live, draft = ours.one(), ours.one(draft=True)
    outcomes = {one.deal: one for one in ours.publish(*deals, today=AFTER)}
    assert outcomes["acme"].result == "ended"
    assert sorted(outcomes["acme"].retired) == sorted([live.address, draft.address])
    assert outcomes["acme"].problems == []
    assert outcomes["acme"].last_day == date.fromisoformat(LAST)
    assert is_gone(ours, live.address)
    assert is_gone(ours, draft.address)
    assert deals or outcomes["beta"].result == "published"


def test_once_it_is_down_all_is_well_and_its_name_is_told_why(ours: Publisher) -> None:
    live = ours.one()
    ours.publish("acme", today=AFTER)
    store = ours.www / ".planmark" / live.address.rstrip("/").rpartition("/")[2]
    before = tree(store)
    outcomes = {one.deal: (one.result, one.retired, one.problems) for one in ours.publish(today=AFTER)}
    assert outcomes["acme"] == ("ended", [], [])
    (outcome,) = ours.publish("acme", today=AFTER)
    assert outcome.result == "refused"
    assert "its last day was 2026-11-12" in str(outcome.problems[0])
    assert is_gone(ours, live.address)
    assert tree(store) == before


def test_a_later_day_brings_it_back(ours: Publisher) -> None:
    ours.one()
    ours.publish("acme", today=AFTER)
    ours.small.replace(PLAN, LAST, "2026-12-31")
    (outcome,) = ours.publish("acme", today=AFTER)
    assert outcome.result == "published"
    assert got(outcome.address, "plan.json")[0] == 200


def test_a_page_that_was_built_after_its_end_is_taken_down_too(ours: Publisher) -> None:
    """Nothing has changed since then, so no plan is read: the build has remembered the day."""
    live = ours.one()
    build(ours.small.root, replace(ours.there().options, today=AFTER))
    (outcome,) = ours.publish("acme", today=AFTER)
    assert outcome.retired == [live.address]


@pytest.mark.parametrize(
    "broken",
    [
        plan(more=f"expires: {LAST}").replace("owner: maria", "owner: nobody"),
        plan(more=f"expires: {LAST}").replace("title:", "titel:", 1),
        f"expires: '{LAST}'  # then it is over\ntitle: [\n",
        f"{plan()}expires: {LAST}\n\tx: y\n",
        plan(more="expires: 3d before target").replace("target: 2027-01-29", "target: 2026-11-17").replace("owner: maria", "owner: nobody"),
    ],
)
def test_mistakes_in_the_plan_do_not_keep_it_out(ours: Publisher, broken: str) -> None:
    live = ours.one()
    ours.small.write({PLAN: broken})
    (outcome,) = ours.publish("acme", today=AFTER)
    assert outcome.result == "ended", outcome.problems
    assert is_gone(ours, live.address)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("locale: de-AT\ntitle: [\n", "nicht mehr hier"),
        ('locale: "FR"\ntitle: [\n', "plus ici"),
        ("locale: tlh\ntitle: [\n", "no longer here"),
    ],
)
def test_who_comes_is_told_so_in_the_plans_language_all_the_same(ours: Publisher, written: str, words: str) -> None:
    live = ours.one()
    ours.small.write({PLAN: f"expires: {LAST}\n{written}"})
    ours.publish("acme", today=AFTER)
    assert words in got(live.address)[1].decode()


def test_a_dry_run_only_says_so(ours: Publisher) -> None:
    live = ours.one()
    (outcome,) = ours.publish("acme", dry_run=True, today=AFTER)
    assert (outcome.result, outcome.retired) == ("ended", [live.address])
    assert got(live.address, "plan.json")[0] == 200


def test_what_is_out_says_that_it_is_over(ours: Publisher) -> None:
    ours.one()
    (row,) = published(ours.there(), AFTER)
    assert "its last day was 2026-11-12" in row.stale


def test_the_watch_takes_it_down_live_or_draft_and_says_so(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft alone, too; what has not ended stays as it is."""
    monkeypatch.setattr("planmark.publish.watch.pull", lambda root, workspace: _nothing_new())
    draft, other = ours.one(draft=True), ours.one("beta", draft=True)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{_noon(date.fromisoformat(LAST))}")
    watch = Watch(ours.small.root, 60, lambda done: None)
    assert "taken down" not in watch.round().line
    monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{_noon(AFTER)}")
    assert watch.round().line.endswith(", 0 published, 1 taken down")
    assert is_gone(ours, draft.address)
    assert got(other.address, "plan.json")[0] == 200
    assert "taken down" not in Watch(ours.small.root, 60, lambda done: None).round().line


def test_the_command_says_it_in_a_line_and_all_is_well(ours: Publisher) -> None:
    live = ours.one()
    said = planmark(ours.small.root, "publish", "--all", "--today", AFTER.isoformat())
    assert said.code == 0, said.err
    assert f"acme expired on {LAST}: taken down" in said.out
    assert f"no longer at {live.address}" in said.out
    assert "1 published, 1 ended" in said.out
    assert planmark(ours.small.root, "publish", "--all", "--today", AFTER.isoformat()).code == 0


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("expires: 2026-11-12\n", date(2026, 11, 12)),
        ('expires : "2026-11-12" # so\r\n', date(2026, 11, 12)),
        ("{expires: 2026-11-12, title: x}\n", None),
        ("summary: |\n  expires: 2026-11-12\n", None),
        ("# expires: 2026-11-12\n", None),
        ("expires: 2026-13-12\n", None),
        ("title: x\n", None),
    ],
)
def test_how_the_day_is_read(ours: Publisher, text: str, day: date | None) -> None:
    ours.small.write({PLAN: text})
    assert last_day(team_of(ours.small.root), "acme") == day


def _noon(day: date) -> int:
    return (day - date(1970, 1, 1)) // timedelta(days=1) * 86_400 + 43_200


def _nothing_new() -> object:
    return Pulled()
