"""Health is honest: what is late is late, whatever is written; and it says until when it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.doing import event, seller
from tests.plan.planned import dated

from planmark.plan.activity import standing
from planmark.plan.events import Event
from planmark.plan.health import Health, Seen, health
from planmark.plan.health.told import told
from planmark.plan.progress import Clock
from planmark.plan.workspace import Health as Settings

TODAY = date(2026, 12, 10)
DAY = timedelta(days=1)


def judged(
    tasks: Sequence[dict[str, Any]] = (),
    today: date = TODAY,
    acts: Sequence[Event] = (),
    settings: dict[str, str] | None = None,
    clock: Clock | None = None,
    **keys: Any,
) -> Health:
    """How such a plan is doing."""
    plan, _, times = dated(tasks, **keys)
    own = Settings.model_validate(settings or {})
    seen = Seen(times, own, clock or Clock(today), standing(acts), lambda received: date.fromisoformat(received[:10]))
    return health(plan, seen)


def of(task: dict[str, Any], **keys: Any) -> tuple[str, list[str]]:
    """How one task of a plan with room to spare stands, and the kinds of the reasons."""
    found = judged([{"id": "t", **task}], **{"target": "2027-06-30", **keys}).tasks["t"]
    return found.standing, [one.kind for one in found.reasons]


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ({"due": "2026-12-10"}, ("on_track", [])),
        ({"due": "2026-12-09"}, ("at_risk", ["late"])),
        ({"due": "2026-12-04"}, ("at_risk", ["late"])),
        ({"due": "2026-12-03"}, ("stalled", ["late"])),
        ({"due": "2026-12-03", "status": "doing"}, ("stalled", ["late"])),
        ({"due": "2026-12-03", "status": "done"}, ("done", [])),
        ({"due": "2026-12-20", "status": "blocked"}, ("at_risk", ["blocked"])),
        ({"due": "2026-12-20", "risk": "off_track"}, ("off_track", ["said"])),
        ({"due": "2026-12-20", "risk": "at_risk"}, ("at_risk", ["said"])),
        ({"due": "2026-12-20", "risk": "on_track"}, ("on_track", [])),
        ({"due": "2026-12-08", "risk": "on_track"}, ("at_risk", ["late", "contradicted"])),
        ({"due": "2026-12-01", "risk": "on_track"}, ("stalled", ["late", "contradicted"])),
    ],
)
def test_a_task_stands_as_its_date_and_its_owner_say(task: dict[str, Any], found: tuple[str, list[str]]) -> None:
    assert of(task) == found


def test_the_days_can_be_set() -> None:
    own = {"at_risk_after": "3d", "stalled_after": "2w"}
    assert of({"due": "2026-12-08"}, settings=own) == ("on_track", ["late"])
    assert of({"due": "2026-12-07"}, settings=own) == ("at_risk", ["late"])
    assert of({"due": "2026-11-27"}, settings=own) == ("at_risk", ["late"])
    assert of({"due": "2026-11-26"}, settings=own) == ("stalled", ["late"])


def test_what_must_have_begun_for_the_target_to_hold_is_off_track() -> None:
    """Ten days of work before 18 December have to begin on the 7th; once they have begun, they may take until the last day."""
    task = {"takes": "10d"}
    assert of(task, target="2026-12-18", today=date(2026, 12, 7)) == ("on_track", [])
    assert of(task, target="2026-12-18", today=date(2026, 12, 8)) == ("off_track", ["too_late"])
    assert of({**task, "status": "doing"}, target="2026-12-18", today=date(2026, 12, 18)) == ("on_track", [])


def test_a_date_after_the_target_is_off_track_before_anything_is_late() -> None:
    found = judged([{"id": "live", "due": "2027-02-05"}], today=date(2026, 11, 2))
    assert found.whole is not None
    assert told(found.whole, {"live": "Go live"}).startswith("off track: “Go live” is dated 7 days after the target date")


def test_what_waits_for_something_open_though_it_should_have_begun_is_at_risk() -> None:
    tasks = [{"id": "a", "due": "2026-12-08"}, {"id": "b", "due": "2026-12-15", "after": ["a"], "takes": "5d"}]
    found = judged(tasks, target="2027-06-30").tasks["b"]
    assert [(one.kind, one.other) for one in found.reasons] == [("waits", "a")]
    assert judged(tasks, target="2027-06-30", today=date(2026, 12, 8)).tasks["b"].reasons == ()


def test_a_plan_says_in_words_how_it_stands_and_why() -> None:
    tasks = [
        {"id": "review", "title": "Security review", "due": "2026-12-01"},
        {"id": "text", "title": "Contract text", "due": "2026-12-08"},
        {"id": "live", "due": "2027-01-29", "after": ["review", "text"], "milestone": "yes"},
    ]
    found = judged(tasks)
    assert found.whole is not None
    titles = {"review": "Security review", "text": "Contract text", "live": "Go live"}
    assert told(found.whole, titles) == "at risk: 2 tasks are up to 9 days late; “Contract text” is on the critical path"
    assert told(judged(tasks, today=date(2026, 12, 15)).whole or found.whole, titles).startswith("stalled: 2 tasks are up to 14 days late")


def test_a_stage_is_as_its_tasks_and_done_when_they_are() -> None:
    stages = [
        {"id": "one", "title": "One", "tasks": [{"id": "a", "due": "2026-11-03", "status": "done"}, {"id": "x", "status": "dropped"}]},
        {"id": "two", "title": "Two", "tasks": [{"id": "b", "due": "2026-12-09"}, {"id": "c", "due": "2026-12-20"}]},
        {"id": "three", "title": "Three", "tasks": [{"id": "d", "due": "2027-01-29"}]},
    ]
    found = judged(stages=stages)
    assert {name: one.standing for name, one in found.stages.items()} == {"one": "done", "two": "at_risk", "three": "on_track"}
    assert found.whole is not None
    assert found.whole.standing == "at_risk"
    assert (found.done, found.total) == (1, 4)


def test_one_stalled_task_stalls_a_plan_only_on_the_critical_path() -> None:
    aside = {"id": "aside", "due": "2026-11-20"}
    path = {"id": "path", "due": "2027-01-29"}
    assert (judged([aside, path], start="2026-11-02").whole or None).standing == "at_risk"  # type: ignore[union-attr]
    late = {"id": "path", "due": "2026-11-20"}
    assert (judged([late]).whole or None).standing == "stalled"  # type: ignore[union-attr]


@pytest.mark.parametrize("state", ["won", "lost", "paused"])
def test_a_plan_at_rest_has_no_health(state: str) -> None:
    assert judged([{"id": "a", "due": "2026-11-03"}], state=state).whole is None


def test_work_and_the_buyer_s_share_are_counted() -> None:
    tasks = [
        {"id": "a", "owner": "maria", "takes": "3d", "status": "done"},
        {"id": "b", "owner": ["dana", "maria"], "takes": "5d"},
        {"id": "c", "owner": "sami", "milestone": "yes"},
        {"id": "d", "owner": "maria", "status": "dropped", "takes": "9d"},
    ]
    acts = [
        event("task/a", "done", "2026-11-20T09:00:00.000Z"),
        event("task/c", "comment", "2026-12-08T09:00:00.000Z", by="sami"),
        seller("task/c", "commented", "2026-12-09T09:00:00.000Z"),
        event("task/c", "comment", "2026-12-10T09:00:00.000Z", by="", proof=""),
    ]
    found = judged(tasks, acts=acts)
    assert (found.work_done, found.work) == (3, 8)
    buyer = found.buyer
    assert (buyer.tasks, buyer.done, buyer.share) == (2, 1, 2 / 3)
    assert (buyer.acts, buyer.people, buyer.last) == (1, 2, date(2026, 12, 8))


@st.composite
def plans(draw: st.DrawFn) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        task: dict[str, Any] = {"id": f"t{number}", "takes": f"{draw(st.integers(0, 6))}d"}
        task["after"] = draw(st.lists(st.sampled_from([one["id"] for one in tasks]), unique=True, max_size=2)) if tasks else []
        if draw(st.booleans()):
            task["due"] = (TODAY + DAY * draw(st.integers(-20, 40))).isoformat()
        if draw(st.booleans()):
            task["status"] = draw(st.sampled_from(["todo", "doing", "done", "blocked", "dropped"]))
        if draw(st.booleans()):
            task["risk"] = draw(st.sampled_from(["on_track", "at_risk", "off_track"]))
        tasks.append(task)
    return tasks


@settings(max_examples=100, deadline=None)
@given(plans(), st.integers(1, 3), st.integers(3, 10))
def test_nothing_changes_before_the_day_on_which_the_clock_says_so(tasks: list[dict[str, Any]], at_risk: int, stalled: int) -> None:
    """What a page shows of it, standings and kinds of reasons, is the same on every day until then."""
    own = {"at_risk_after": f"{at_risk}d", "stalled_after": f"{stalled}d"}
    day, clock = TODAY, Clock(TODAY)
    before = _shown(judged(tasks, settings=own, target="2027-01-08", clock=clock))
    while day < min(clock.until, TODAY + DAY * 60):
        assert _shown(judged(tasks, day, settings=own, target="2027-01-08")) == before, day
        day += DAY


def _shown(found: Health) -> Any:
    every = {**found.tasks, **found.stages, **({"": found.whole} if found.whole else {})}
    return {name: (one.standing, [(why.kind, why.count, why.other) for why in one.reasons]) for name, one in every.items()}


@settings(max_examples=100, deadline=None)
@given(plans())
def test_no_plan_is_better_than_its_worst_task(tasks: list[dict[str, Any]]) -> None:
    found = judged(tasks, target="2027-01-08")
    assert found.whole is not None
    open_ones = {one.standing for one in found.tasks.values()} - {"done"}
    if not open_ones:
        assert found.whole.standing == "done"
    elif open_ones == {"on_track"}:
        assert found.whole.standing == "on_track"
    else:
        assert found.whole.standing in ("at_risk", "off_track", "stalled")
        assert found.whole.reasons
