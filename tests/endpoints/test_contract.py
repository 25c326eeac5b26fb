"""Whatever service carries it, and whatever route it is read by: the same submission comes out as went in."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.endpoints.likenesses import LIKENESSES, PLAN, WITH_API, Tried
from tests.endpoints.sending import NEXT, Upload, counts, follow, with_script, without_script

from planmark.endpoints.fetching import fetch_file
from planmark.endpoints.identity import event_id
from planmark.extensions import Record
from planmark.plan.events import EVENT_ID
from planmark.plan.submissions import Submission, read_submission
from planmark.problems import PlanmarkError

FIELDS = {
    "pm_plan": PLAN,
    "pm_kind": "comment",
    "pm_item": "task/nda",
    "pm_rev": "0123456789abcdef",
    "pm_name": "Maria Lindqvist",
    "pm_text": '=Legal, "says" it\'s fine;\r\nthey want\ta call — 10 €\r\n@Jonas: 你好 🙂',
}
PLAIN = {"pm_plan": PLAN, "pm_kind": "done", "pm_item": "task/trial"}
EVENT = "01jf8k3mq4t7zs9v2w5x6y8abc"
QUOTE = Upload("Angebot Ü 1.pdf", "application/pdf", b"%PDF-1.7\r\n\x00\xff--\r\n")
WANTED = [
    Submission(plan=PLAN, on="task/nda", kind="comment", id=EVENT, name="Maria Lindqvist", text=FIELDS["pm_text"], rev="0123456789abcdef"),
    Submission(plan=PLAN, on="task/nda", kind="comment", name="Maria Lindqvist", text=FIELDS["pm_text"], rev="0123456789abcdef"),
    Submission(plan=PLAN, on="task/trial", kind="done"),
]


def send_all(tried: Tried) -> None:
    """One with a script, two without; with a file where files go."""
    form = tried.form
    got = with_script(form, FIELDS, EVENT, QUOTE if form.files else None, tried.site)
    assert counts(form, follow(form, got, tried.site))
    for fields in (FIELDS, PLAIN):
        got = without_script(form, fields, site=tried.site)
        assert got.status in (200, 201, 302, 303), got
        if form.next_field and tried.settings["kind"] != "apps-script":
            assert got.headers["Location"] == NEXT


def submissions(records: Iterable[Record]) -> list[Submission]:
    return [read_submission(one.fields) for one in sorted(records, key=lambda one: one.received)]


def cleaned(one: Submission) -> Submission:
    return read_submission(
        {
            "pm_plan": one.plan,
            "pm_item": one.on,
            "pm_kind": one.kind,
            "pm_event": one.id,
            "pm_name": one.name,
            "pm_text": one.text,
            "pm_rev": one.rev,
        }
    )


def by_api(tried: Tried) -> list[Record]:
    return tried.records()


def by_csv(tried: Tried) -> list[Record]:
    return list(tried.endpoint.exported(tried.fake.export_csv()))


def by_odd_csv(tried: Tried) -> list[Record]:
    return list(tried.endpoint.exported(tried.fake.export_csv(";", bom=True)))


def by_tabs(tried: Tried) -> list[Record]:
    return list(tried.endpoint.exported(tried.fake.export_csv("\t").decode().encode("utf-16")))


def by_json(tried: Tried) -> list[Record]:
    return list(tried.endpoint.exported(tried.fake.export_json()))


ROUTES = {"api": by_api, "csv": by_csv, "odd csv": by_odd_csv, "tabs": by_tabs, "json": by_json}


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_gives_the_same_submissions(tried: Tried, route: str) -> None:
    if route == "api" and tried.settings["kind"] not in WITH_API:
        pytest.skip("no API")
    send_all(tried)
    records = ROUTES[route](tried)
    assert submissions(records) == [cleaned(one) for one in WANTED]
    assert not any(one.suspect for one in records)
    assert all({name.partition("_")[0] for name in one.fields} == {"pm"} for one in records)
    assert not any("203.0.113" in value or "secret" in value for one in records for value in one.fields.values())


def test_every_route_tells_when_it_came_to_the_second(tried: Tried) -> None:
    send_all(tried)
    wanted = [one.received.replace(microsecond=0) for one in tried.fake.stored]
    for route in (by_csv, by_json, *((by_api,) if tried.settings["kind"] in WITH_API else ())):
        assert sorted(one.received.replace(microsecond=0) for one in route(tried)) == wanted


def test_an_event_has_the_same_id_by_every_route(tried: Tried) -> None:
    send_all(tried)
    kind = tried.settings["kind"]
    ids = {
        tuple(event_id(kind, one) for one in sorted(route(tried), key=lambda one: one.received))
        for route in (by_csv, by_json, *((by_api,) if kind in WITH_API else ()))
    }
    assert len(ids) == 1
    found = ids.pop()
    assert found[0] == EVENT
    assert len(set(found)) == 3
    assert all(EVENT_ID.fullmatch(one) for one in found)


def test_a_file_is_fetched_as_it_was_sent(tried: Tried) -> None:
    if not tried.form.files:
        pytest.skip("no files")
    send_all(tried)
    (record,) = [one for one in (tried.records() if tried.settings["kind"] in WITH_API else by_json(tried)) if one.files]
    (sent,) = record.files
    assert sent.name in (QUOTE.name, "Angebot Ü 1.pdf")
    request = tried.endpoint.file(tried.settings, tried.secret, sent)
    assert fetch_file(request, 1000) == QUOTE.data
    shows_secret = "authorization" in tried.fake.asked[-1].headers
    assert shows_secret == (tried.settings["kind"] == "planmark"), "only our own receiver is shown the secret for a file"
    with pytest.raises(PlanmarkError, match="more than 5 bytes"):
        fetch_file(request, 5)


@pytest.mark.parametrize("kind", ["formspree", "netlify", "basin"])
def test_what_is_held_for_spam_is_read_too(kind: str) -> None:
    with LIKENESSES[kind]() as fake:
        tried = Tried(fake)
        form = tried.form
        without_script(form, {**FIELDS, "pm_text": "Meet me at the casino"}, site=tried.site)
        without_script(form, FIELDS, site=tried.site)
        assert [(one.suspect, "casino" in one.fields["pm_text"]) for one in sorted(tried.records(), key=lambda one: one.received)] == [
            (True, True),
            (False, False),
        ]


def test_only_the_last_answer_moves_the_cursor_of_a_list_that_is_newest_first(read: Tried) -> None:
    if read.settings["kind"] == "planmark":
        pytest.skip("in order, so each answer moves it")
    for number in range(230):
        read.fake.keep({**PLAIN, "pm_event": f"event-{number:04d}"})
    answers = read.read()
    assert len(answers) > 1 or read.settings["kind"] == "apps-script"
    assert {one.cursor for one in answers[:-1]} <= {""}
    assert answers[-1].cursor
    assert len({one.fields["pm_event"] for answer in answers for one in answer.records}) == 230


def test_the_next_read_starts_where_the_last_one_ended_with_a_day_to_spare(read: Tried) -> None:
    fake = read.fake
    for number in range(120):
        fake.keep({**PLAIN, "pm_event": f"older-{number:04d}"})
    cursor = read.read()[-1].cursor
    fake.now = fake.now.replace(day=fake.now.day + 3)
    for number in range(3):
        fake.keep({**PLAIN, "pm_event": f"newer-{number:04d}"})
    cursor = read.read(cursor)[-1].cursor
    fake.now = fake.now.replace(day=fake.now.day + 3)
    fake.keep({**PLAIN, "pm_event": "newest-0001"})
    before = len(fake.asked)
    found = {one.fields["pm_event"] for one in read.records(cursor)}
    assert "newest-0001" in found
    assert len(fake.asked) - before <= 10, "not the whole list again"


def test_another_forms_cursor_is_none(read: Tried) -> None:
    read.fake.keep({**PLAIN, "pm_event": "event-0001"})
    for cursor in ("ffffffff.2030-01-01T00:00:00+00:00", "ffffffff.900", "nonsense", "."):
        assert [one.fields["pm_event"] for one in read.records(cursor)] == ["event-0001"]
