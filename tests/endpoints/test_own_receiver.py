"""The kind `planmark` is labelled verified: here it speaks to the receiver itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.endpoints.sending import Upload, with_script, without_script
from tests.receiver.running import PAGE, PLAN, READ, REGISTER, Receiving, link, registration

from planmark.endpoints.credentials import REGISTER_TOKEN
from planmark.endpoints.exporting import as_table, as_text
from planmark.endpoints.fetching import fetch, fetch_file
from planmark.endpoints.identity import event_id
from planmark.endpoints.kinds import KINDS
from planmark.endpoints.own import register
from planmark.extensions import Record, Request
from planmark.plan.submissions import read_submission
from planmark.problems import PlanmarkError

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
OWN = KINDS["planmark"]
EVENT = "01jf8k3mq4t7zs9v2w5x6y8abc"


def secret(name: str) -> str:
    return REGISTER if name == REGISTER_TOKEN else READ


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings for a receiver that knows a plan, and has taken three submissions of it."""
    with Receiving(tmp_path_factory.mktemp("receiver")) as receiver:
        settings = {"kind": "planmark", "url": receiver.url}
        register(settings, secret, fetch, PLAN, json.dumps(registration()).encode())
        form = OWN.form(settings, PLAN)
        comment = {"pm_plan": PLAN, "pm_kind": "comment", "pm_item": "task/nda", "pm_text": "=Legal, \"says\"\r\n'fine' 你好"}
        upload = {"pm_plan": PLAN, "pm_kind": "upload", "pm_item": "task/nda", "pm_token": link()}
        assert with_script(form, upload, EVENT, Upload("Angebot 1.png", "image/png", PNG)).status == 201
        assert with_script(form, comment, "event-0002").status == 201
        got = without_script(form, comment, following=f"{PAGE}/acme/sent.html")
        assert (got.status, got.headers["location"]) == (303, f"{PAGE}/acme/sent.html")
        yield settings


def read(settings: dict[str, str], cursor: str = "") -> list[Record]:
    return [record for answer in OWN.read(settings, secret, fetch, cursor) for record in answer.records]


def test_what_was_sent_is_read_in_order(settings: dict[str, str]) -> None:
    records = read(settings)
    found = [read_submission(one.fields) for one in records]
    assert [(one.kind, one.on, one.plan) for one in found] == [("upload", "task/nda", PLAN), *[("comment", "task/nda", PLAN)] * 2]
    assert found[0].token
    assert found[1].text == found[2].text == "=Legal, \"says\"\n'fine' 你好"
    assert [event_id("planmark", one) for one in records][:2] == [EVENT, "event-0002"]
    assert not any(one.suspect for one in records)


def test_the_next_read_has_nothing_new(settings: dict[str, str]) -> None:
    cursor = list(OWN.read(settings, secret, fetch, ""))[-1].cursor
    assert read(settings, cursor) == []
    assert len(read(settings, "another." + cursor.partition(".")[2])) == 3


def test_a_file_comes_with_the_secret_only(settings: dict[str, str]) -> None:
    (sent,) = read(settings)[0].files
    request = OWN.file(settings, secret, sent)
    assert (sent.name, fetch_file(request, 1000)) == ("Angebot 1.png", PNG)
    with pytest.raises(PlanmarkError, match=r"does not hand out the file \(401\)"):
        fetch_file(OWN.file(settings, lambda name: "another-key", sent), 1000)


@pytest.mark.parametrize("write", [as_text, as_table])
def test_its_export_reads_back_to_the_same(settings: dict[str, str], write) -> None:  # type: ignore[no-untyped-def]
    records = read(settings)
    again = list(OWN.exported(write(records).encode()))
    assert [(one.source_id, one.received, one.fields, one.suspect) for one in again] == [
        (one.source_id, one.received, one.fields, one.suspect) for one in records
    ]


def test_a_wrong_key_is_told(settings: dict[str, str]) -> None:
    with pytest.raises(PlanmarkError, match=r"PM702.*does not accept the secret PLANMARK_ENDPOINT_TOKEN"):
        list(OWN.read(settings, lambda name: "another-key", fetch, ""))
    with pytest.raises(PlanmarkError, match=r"PM702.*does not accept the secret PLANMARK_REGISTER_TOKEN"):
        register(settings, lambda name: "another-key", fetch, PLAN, b"{}")


def test_the_live_state_is_where_the_form_says(settings: dict[str, str]) -> None:
    assert json.loads(fetch(Request(OWN.form(settings, PLAN).live)))
