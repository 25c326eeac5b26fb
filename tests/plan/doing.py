"""What people do in a plan of a few tasks: events as they come, and whole lists of them by chance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from planmark.plan.activity import Acts, folded
from planmark.plan.events import BUYER_KINDS, SELLER_KINDS, WHATS, Event, Upload
from planmark.plan.ids import with_ids
from planmark.plan.plan import Plan
from planmark.plan.tasks import Task

BASE: dict[str, Any] = {
    "id": "acme",
    "account": "Acme",
    "title": "Rollout",
    "target": "2027-01-29",
    "people": [{"id": "maria", "name": "Maria"}, {"id": "jo", "name": "Jo"}, {"id": "dana", "name": "Dana", "party": "seller"}],
}
LONDON = ZoneInfo("Europe/London")
NUMBERS = count(1)


def plan(*tasks: dict[str, Any], **keys: Any) -> Plan:
    """A plan of one stage. A task without a title has one of its id."""
    stage = {"title": "Start", "tasks": [{"title": one.get("id", "Task"), **one} for one in tasks] or [{"id": "nda", "title": "Sign"}]}
    return with_ids(Plan.model_validate({**BASE, "stages": [stage], **keys}), [])


def event(on: str = "task/nda", kind: str = "done", at: str = "2026-11-03T09:12:44.120Z", **more: Any) -> Event:
    """An event that Maria's link proves, unless something else is said; each with an id of its own."""
    given = {"id": f"event-{next(NUMBERS):06}", "plan": "acme", "proof": "link", "by": "maria", **more}
    return Event(on=on, kind=kind, received=at, **given)


def seller(on: str = "task/nda", kind: str = "status", at: str = "2026-11-03T09:12:44.120Z", **more: Any) -> Event:
    """An event of Dana's, written by a command."""
    return event(on, kind, at, **{"proof": "seller", "by": "dana", **more})


def day_of(received: str) -> date:
    """The day of a moment in London."""
    return datetime.fromisoformat(received).astimezone(LONDON).date()


def fold(of: Plan, *events: Event) -> tuple[Plan, Acts]:
    """The plan with those events folded over it."""
    return folded(of, events, day_of)


def task(of: Plan, *events: Event, name: str = "nda") -> Task:
    """One task after those events."""
    after, _ = fold(of, *events)
    return next(one for stage in after.stages for one in stage.tasks if one.id == name)


MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 2), timezones=st.just(UTC)).map(
    lambda when: when.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
)
FEW = st.sampled_from(["2026-11-01T00:00:00Z", "2026-11-01T00:00:00.000Z", "2026-11-01T00:00:00.0004Z"])
"""Moments that meet: one of them twice, in two ways of writing."""
IDS = st.sampled_from([f"event-{number:03}" for number in range(12)])
ITEMS = st.sampled_from(["task/nda", "task/trial", "task/go", "criterion/fast", "plan", "resource/deck", "risk/delay", "task/gone"])
VALUES = ("", "todo", "doing", "done", "blocked", "dropped", "2026-12-01", "2026-12-02", "maria", "maria jo", "dana", "nonsense")


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event on a few items, with few ids, so that some meet."""
    proof = draw(st.sampled_from(["link", "", "seller"]))
    kind = draw(st.sampled_from(SELLER_KINDS if proof == "seller" else BUYER_KINDS))
    return Event(
        id=draw(IDS),
        plan="acme",
        on=draw(ITEMS),
        kind=kind,
        received=draw(MOMENTS | FEW),
        proof=proof,  # type: ignore[arg-type]
        by=draw(st.sampled_from(["maria", "jo", "dana"])) if proof else "",
        name=draw(st.sampled_from(["", "Maria"])),
        text=draw(st.sampled_from(["", "Because."])),
        what=draw(st.sampled_from(WHATS)) if kind == "proposed" else "",
        value=draw(st.sampled_from(VALUES)),
        was=draw(st.sampled_from([None, "", "todo", "done", "2026-11-20", "maria"])),
        rev=draw(st.sampled_from(["", "0" * 32])),
        of=draw(IDS) if kind in ("accepted", "rejected") else "",
        file=Upload("a.pdf", "0" * 64, 3) if kind == "upload" else None,
        spam=draw(st.booleans()),
    )


MANY = st.lists(events(), max_size=24)
