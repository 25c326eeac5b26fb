"""What a submission becomes: an event that says how far it is proven, or something set aside for a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.endpoints.coming import DIGEST, KEY, OLD_KEY, START, UNTIL, fields, record, token
from tests.plan.doing import plan

from planmark.endpoints.judging import Bench, Quarantined, bench, judged
from planmark.extensions import Record
from planmark.plan.events import Event, Upload, event_line, read_event
from planmark.plan.shared import shared
from planmark.plan.submissions import FIELDS, RefusedError
from planmark.plan.tokens import fingerprint, plan_key

TASKS = (
    {"id": "nda", "owner": "maria", "buyer_can": ["upload", "approve"]},
    {"id": "ours", "owner": "dana"},
    {"id": "secret", "owner": "maria", "audience": "internal"},
    {"id": "old", "owner": "maria", "status": "dropped"},
)
PEOPLE = [
    {"id": "maria", "name": "Maria"},
    {"id": "jo", "name": "Jo"},
    {"id": "late", "name": "Late", "link": "3"},
    {"id": "dana", "name": "Dana", "party": "seller"},
]
PLAN = plan(
    *TASKS,
    people=PEOPLE,
    share_key="k00m9x4c3hq5d8rj6p1t0bn2v",
    success_criteria=[{"id": "fast", "criterion": "Fast"}],
    sign_off={"statement": "We agree.", "by": ["maria", "dana"]},
)
FILE = Upload("a.pdf", "0" * 64, 3)


def keep(record: Record) -> Upload:
    return FILE


def at(*keys: bytes) -> Bench:
    """The bench of the plan, on a machine with those keys."""
    return bench(shared(PLAN), DIGEST["acme"], {fingerprint(key): plan_key(key, DIGEST["acme"]) for key in keys or (KEY,)})


def event(*keys: bytes, after: timedelta = timedelta(), **changes: str) -> Event:
    """What a submission becomes, which must be an event."""
    given = record(fields(**changes))
    found = judged("fake", Record(source_id="", received=given.received + after, fields=given.fields), at(*keys), keep)
    assert isinstance(found, Event), found
    assert read_event(event_line(found)) == found
    return found


def code(*keys: bytes, **changes: str) -> str:
    """Why a submission becomes none."""
    found = judged("fake", record(fields(**changes)), at(*keys), keep)
    assert isinstance(found, Quarantined), found
    assert found.reason
    return found.code


def test_a_link_proves_who_it_was() -> None:
    found = event(pm_name="Somebody else")
    assert (found.proof, found.by, found.name, found.key, found.link) == ("link", "maria", "Somebody else", fingerprint(KEY), 1)
    assert (found.plan, found.on, found.kind, found.via, found.received) == ("acme", "task/nda", "done", "fake", "2026-11-03T09:00:00.000Z")


@pytest.mark.parametrize("person", ["nobody", "dana"])
def test_a_link_of_nobody_here_proves_nothing(person: str) -> None:
    """The seller's people have none: whoever has the key can make one, and it says no more than no link does."""
    found = event(pm_token=token(person))
    assert (found.proof, found.by, found.lapsed, found.key, found.link) == ("", "", "", "", 0)


def test_without_a_link_a_name_is_a_claim() -> None:
    found = event(pm_token="", pm_name="Maria Lindqvist")
    assert (found.proof, found.by, found.name) == ("", "", "Maria Lindqvist")


def test_a_link_that_was_revoked_waits_and_says_whose_it_was() -> None:
    old = event(pm_token=token("late", version=2))
    assert (old.proof, old.by, old.lapsed) == ("", "", "revoked late")
    assert event(pm_token=token("late", version=3)).by == "late"


def test_a_link_that_has_ended_is_judged_by_the_day_of_receipt() -> None:
    days = UNTIL - START.date()
    assert event(after=days).proof == "link"
    late = event(after=days + timedelta(days=1))
    assert (late.proof, late.lapsed) == ("", "expired maria")


def test_a_token_that_this_team_did_not_make_is_set_aside() -> None:
    assert code(pm_token=token()[:-1] + ("A" if token()[-1] != "A" else "B")) == "forged"
    assert code(pm_token=token(deal="beta")) == "forged"
    assert code(pm_token="nonsense") == "forged"
    assert code(pm_token=token(key=OLD_KEY)) == "unknown-key"
    assert event(KEY, OLD_KEY, pm_token=token(key=OLD_KEY)).key == fingerprint(OLD_KEY)


REFUSED = {
    "another plan": ({"pm_plan": DIGEST["beta"]}, "another-plan"),
    "a task that is gone": ({"pm_item": "task/gone"}, "item"),
    "an internal task": ({"pm_item": "task/secret"}, "item"),
    "the seller's task": ({"pm_item": "task/ours"}, "not-allowed"),
    "a dropped task": ({"pm_item": "task/old"}, "not-allowed"),
    "a kind that fits no plan": ({"pm_item": "plan"}, "not-allowed"),
    "a section that no page has": ({"pm_item": "section/gossip", "pm_kind": "comment", "pm_text": "Hm"}, "item"),
    "a signature on a task": ({"pm_kind": "signed", "pm_name": "M", "pm_text": "We agree."}, "not-allowed"),
    "an agreement to no date": ({"pm_kind": "agreed"}, "empty"),
    "an agreement to no wording": ({"pm_kind": "agreed", "pm_item": "criterion/fast"}, "empty"),
    "a seller's kind": ({"pm_kind": "accepted"}, "kind"),
    "a field that people do not see": ({"pm_website": "x"}, "honeypot"),
}


@pytest.mark.parametrize(("changes", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_a_buyer_could_not_have_done_on_the_page_is_set_aside(changes: dict[str, str], expected: str) -> None:
    assert code(**changes) == expected


def test_only_those_who_are_asked_to_sign_sign_by_their_link() -> None:
    said = {"pm_item": "plan", "pm_kind": "signed", "pm_name": "Jo", "pm_text": "We agree.", "pm_rev": "0" * 32}
    assert event(**said).by == "maria"
    assert code(**said, pm_token=token("jo")) == "not-allowed"
    assert event(**said, pm_token="").proof == ""


def test_an_internal_task_is_as_unknown_as_one_that_is_not_there() -> None:
    """An answer that differed would tell that there is one."""
    (gone, secret) = (judged("fake", record(fields(pm_item=f"task/{name}")), at(), keep) for name in ("gone", "secret"))
    assert isinstance(gone, Quarantined)
    assert isinstance(secret, Quarantined)
    assert (gone.code, gone.reason.replace("gone", "secret")) == (secret.code, secret.reason)


def test_an_upload_has_its_file_or_is_set_aside() -> None:
    assert event(pm_kind="upload").file == FILE
    assert event(pm_kind="comment", pm_text="x").file is None

    def away(record: Record) -> Upload:
        raise RefusedError("file", "its file cannot be had")

    found = judged("fake", record(fields(pm_kind="upload")), at(), away)
    assert isinstance(found, Quarantined)
    assert found.code == "file"


def test_a_test_of_the_way_goes_into_no_plan() -> None:
    assert judged("fake", record(fields(pm_kind="test", pm_item="plan")), at(), keep) is None


def test_what_a_service_held_for_spam_keeps_that_mark() -> None:
    found = judged("fake", record(spam=True), at(), keep)
    assert isinstance(found, Event)
    assert found.spam


ANY = st.text(max_size=20) | st.binary(max_size=8).map(lambda data: data.decode("utf-8", "surrogateescape"))
SOME = st.sampled_from(["task/nda", "plan", "comment", "signed", "2026-12-01", DIGEST["acme"], token(), token("jo"), "0" * 32, "date"])


@given(st.dictionaries(st.sampled_from(FIELDS), ANY | SOME), ANY, st.booleans())
def test_whatever_comes_becomes_an_event_that_can_be_written_or_is_set_aside(given: dict[str, str], name: str, whole: bool) -> None:
    sent = {**fields(), **given} if whole else given
    found = judged("fake", Record(source_id=name, received=START, fields=sent), at(), keep)
    if isinstance(found, Event):
        assert read_event(event_line(found)) == found
        assert found.plan == "acme"
        assert found.by in ("", "maria", "jo")
        assert bool(found.by) == (found.proof == "link")
