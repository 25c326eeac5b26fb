"""Personal links: who gets one, how long it counts, and that it is the same each time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.plan.doing import plan

from planmark.plan.links import personal_links
from planmark.plan.plan import Plan
from planmark.plan.scalars import When
from planmark.plan.succession import Address
from planmark.plan.tokens import fingerprint, person_ref, plan_digest, plan_key, verified

KEY = bytes(range(32))
SHARE = "k00m9x4c3hq5d8rj6p1t0bn2v"
TODAY = date(2026, 11, 9)


def links(today: date = TODAY, **keys: Any) -> dict[str, tuple[str, date]]:
    """Each person's fragment, and its last day."""
    of = dated(plan(share_key=SHARE, **keys))
    return {one.person: (one.fragment, one.until) for one in personal_links(of, plan_digest(SHARE), KEY, today)}


def dated(of: Plan) -> Plan:
    """The plan with its absolute dates resolved."""
    changes: dict[str, Any] = {"target": of.target.model_copy(update={"date": day(of.target.date)})}
    if of.expires:
        changes["expires"] = day(of.expires)
    changes["people"] = tuple(one.model_copy(update={"left": day(one.left)}) if one.left else one for one in of.people)
    return of.model_copy(update=changes)


def day(when: When) -> When:
    return When(when.written, day=date.fromisoformat(when.written))


def test_every_guest_gets_a_link_of_their_own_which_is_the_same_tomorrow() -> None:
    found = links()
    assert list(found) == ["maria", "jo"]
    assert len({fragment for fragment, _ in found.values()}) == 2
    assert links(TODAY + timedelta(days=30)) == found


def test_a_link_verifies_as_its_person() -> None:
    digest = plan_digest(SHARE)
    fragment, until = links()["maria"]
    keys = {fingerprint(KEY): plan_key(KEY, digest)}
    found = verified(fragment.removeprefix("#t="), keys, {person_ref(digest, "maria"): 1}, until)
    assert found.failure is None
    assert found.link
    assert found.link.ref == person_ref(digest, "maria")


def test_a_fragment_names_nobody_and_needs_no_escaping() -> None:
    for fragment, _ in links().values():
        assert "maria" not in fragment.lower()
        assert set(fragment.removeprefix("#t=")) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@pytest.mark.parametrize(
    ("keys", "until"),
    [
        ({}, date(2027, 7, 28)),
        ({"expires": "2027-03-01"}, date(2027, 3, 1)),
        ({"target": "2027-02-28"}, date(2027, 8, 27)),
    ],
)
def test_a_link_counts_until_the_plan_ends_or_half_a_year_after_its_target(keys: dict[str, str], until: date) -> None:
    assert {one for _, one in links(**keys).values()} == {until}


@pytest.mark.parametrize(("today", "who"), [(date(2026, 11, 8), ["maria", "jo"]), (TODAY, ["jo"]), (date(2027, 1, 1), ["jo"])])
def test_whoever_has_left_gets_none(today: date, who: list[str]) -> None:
    people = [{"id": "maria", "name": "Maria", "left": "2026-11-09"}, {"id": "jo", "name": "Jo"}]
    assert list(links(today, people=people)) == who


def test_another_version_of_a_link_and_another_plan_give_another_one() -> None:
    people = [{"id": "maria", "name": "Maria", "link": "2"}]
    assert links(people=people)["maria"] != links()["maria"]
    elsewhere = plan_digest("k01m9x4c3hq5d8rj6p1t0bn2v")
    assert personal_links(dated(plan()), elsewhere, KEY, TODAY)[0].fragment != links()["maria"][0]


def test_a_plan_without_a_share_key_has_links_by_its_id() -> None:
    digest = Address("acme").digest
    found = personal_links(dated(plan()), digest, KEY, TODAY)[0].fragment.removeprefix("#t=")
    assert verified(found, {fingerprint(KEY): plan_key(KEY, digest)}, {person_ref(digest, "maria"): 1}, TODAY).failure is None
