"""Events without an id of their own get one that stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from planmark.endpoints.identity import event_id
from planmark.extensions import Record
from planmark.plan.events import EVENT_ID

WHEN = datetime(2026, 11, 3, 9, 12, 44, 707_632, tzinfo=UTC)
FIELDS = {"pm_plan": "0" * 32, "pm_kind": "comment", "pm_text": "One\r\ntwo "}


def record(fields: dict[str, str], source_id: str = "", received: datetime = WHEN) -> Record:
    return Record(source_id=source_id, received=received, fields=fields)


def test_the_page_gives_the_id() -> None:
    assert event_id("basin", record({**FIELDS, "pm_event": "event-0001"}, "7")) == "event-0001"
    payload = json.dumps({**FIELDS, "pm_event": "event-0002"})
    assert event_id("basin", record({**FIELDS, "pm_event": "event-0001", "pm_payload": payload}, "7")) == "event-0002"


def test_without_one_the_services_id_makes_it() -> None:
    assert event_id("basin", record(FIELDS, "7")) == event_id("basin", record({**FIELDS, "pm_text": "x"}, "7", WHEN + timedelta(1)))
    assert event_id("basin", record(FIELDS, "7")) != event_id("netlify", record(FIELDS, "7"))


def test_without_that_the_words_and_the_second_make_it() -> None:
    one = event_id("formspree", record(FIELDS))
    assert one == event_id("formspree", record({**FIELDS, "pm_text": "One\ntwo", "pm_rev": ""}, "", WHEN.replace(microsecond=0)))
    assert one == event_id("formspree", record(FIELDS, "", WHEN.astimezone(timezone(timedelta(hours=5)))))
    assert one != event_id("formspree", record(FIELDS, "", WHEN + timedelta(seconds=1)))
    assert one != event_id("formspree", record({**FIELDS, "pm_text": "Three"}))


@given(
    st.dictionaries(
        st.sampled_from(["pm_event", "pm_payload", "pm_text"]), st.text() | st.just("[" * 9999) | st.just('{"pm_event": 7}') | st.just("[]")
    ),
    st.text(),
)
def test_it_is_always_one_that_an_event_may_have(fields: dict[str, str], source_id: str) -> None:
    assert EVENT_ID.fullmatch(event_id("generic", record(fields, source_id)))
