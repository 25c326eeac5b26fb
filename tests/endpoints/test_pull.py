"""A pull takes in everything once: run twice, at once, split anyhow, broken off at any step, in whatever order it came."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.endpoints.coming import FILES, KEYS, OLD_KEY, PLAN, Desk, MakeWorkspace, answer, everything, fields, record, same, token

from planmark.content.acting import load_one
from planmark.content.activity import read_lines
from planmark.content.addresses import deals_by_digest
from planmark.endpoints import pull as pulling
from planmark.endpoints.exporting import as_table, as_text
from planmark.endpoints.exports import records_in
from planmark.extensions import Answer, Record, SentFile
from planmark.plan.events import event_line
from planmark.plan.tokens import fingerprint, plan_digest
from planmark.problems import Location, PlanmarkError, Problem

TRIALS = 200 if os.environ.get("PLANMARK_TRIALS") == "full" else 24


@pytest.fixture
def desk(workspace: MakeWorkspace) -> Desk:
    return Desk(workspace(FILES))


def comments(count: int, deal: str = "acme", start: int = 0) -> list[Record]:
    """So many comments of Maria's, a second apart, the same each time."""
    return [
        record(
            fields(deal, pm_event=f"{deal}-{number:06}", pm_kind="comment", pm_text=f"Number {number}: 👋 =1+1", pm_item="task/nda"),
            after=number,
            name=f"id-{deal}-{number}",
        )
        for number in range(start, start + count)
    ]


def test_what_buyers_did_is_in_their_plans(desk: Desk) -> None:
    pulled = desk.pull(record(), record(fields("beta")), record(fields("beta", pm_kind="comment", pm_text="Hello")))
    assert (pulled.new, pulled.read, pulled.tests, pulled.set_aside) == (3, 3, 0, {})
    assert {name: len(events) for name, events in pulled.events.items()} == {"acme": 1, "beta": 2}
    assert (desk.status(), desk.status(deal="beta")) == ("done", "done")


def test_a_pull_run_twice_leaves_the_same_bytes(desk: Desk) -> None:
    given = [*comments(3), record(fields(pm_token="forged.x.y")), record(fields(pm_plan="f" * 32)), record(fields(pm_token=""))]
    assert desk.pull(*given).new == 4
    before = everything(desk.root)
    again = desk.pull(*given)
    assert (again.new, again.set_aside) == (0, {})
    assert everything(desk.root) == before


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.permutations(range(12)), st.lists(st.integers(0, 11), max_size=8), st.lists(st.integers(1, 19), max_size=4))
def test_however_it_comes_each_act_is_taken_in_once(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], again: list[int], cuts: list[int]
) -> None:
    """Any order, anything twice, spread over answers and pulls in any way."""
    given = [*comments(5), *comments(5, "beta"), record(fields(pm_event="forged-01", pm_token="x.y.z")), record(fields(pm_plan="e" * 32))]
    sent = [given[number] for number in (*order, *again)]
    desk, clean = (Desk(tmp_path_factory.mktemp("split")) for _ in range(2))
    for one in (desk, clean):
        write(one.root)
    places = sorted({0, *cuts, len(sent)})
    for start, end in pairwise(places):
        desk.pull(answers=[answer(*sent[start : (start + end) // 2]), answer(*sent[(start + end) // 2 : end])])
    clean.pull(*given)
    for deal in ("acme", "beta"):
        assert same(desk.events(deal)) == same(clean.events(deal))
        assert len(desk.events(deal)) == 5
        assert desk.aside(deal) == clean.aside(deal)


def write(root: Path) -> None:
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


# What waits


def test_what_nobody_vouches_for_waits_and_changes_nothing(desk: Desk) -> None:
    desk.pull(record(fields(pm_token="", pm_name="Maria")))
    assert desk.status() is None
    assert [one.name for one in load_one(desk.root, "acme").acts.waiting] == ["Maria"]


def test_what_an_unknown_key_signed_waits_until_the_key_is_here(desk: Desk) -> None:
    """A colleague exchanged the key, and this machine has not got it yet."""
    sent = record(fields(pm_token=token(key=OLD_KEY)))
    assert [one["code"] for one in desk.pull(sent).set_aside["acme"]] == ["unknown-key"]
    assert desk.events() == []
    desk.keys = {**KEYS, fingerprint(OLD_KEY): OLD_KEY}
    assert desk.pull().new == 1
    assert (desk.status(), desk.events()[0].key) == ("done", fingerprint(OLD_KEY))
    assert desk.pull().new == 0


def test_what_came_for_a_plan_with_errors_waits_until_it_is_mended(desk: Desk) -> None:
    desk.edit("owner: maria", "owner: mara")
    assert [one["code"] for one in desk.pull(record()).set_aside["acme"]] == ["plan"]
    desk.edit("owner: mara", "owner: maria")
    assert desk.pull().new == 1
    assert desk.status() == "done"


def test_what_came_for_an_item_that_is_gone_waits_until_it_is_back(desk: Desk) -> None:
    assert [one["code"] for one in desk.pull(record(fields(pm_item="task/train"))).set_aside["acme"]] == ["item"]
    assert desk.pull().set_aside == {}
    desk.edit("{id: trial,", "{id: train,")
    assert desk.pull().new == 1
    assert desk.status("train") == "done"


def test_what_came_for_no_plan_here_is_kept_and_applied_once_there_is_one(desk: Desk) -> None:
    """A colleague's deal is not pulled from the repository yet."""
    path, away = desk.folder("beta"), desk.root / "away"
    path.rename(away)
    pulled = desk.pull(record(fields("beta")), record())
    assert (pulled.new, [one["code"] for one in pulled.set_aside[""]]) == (1, ["another-plan"])
    assert [one["code"] for one in read_lines(desk.root / "content/_inbox/quarantine.jsonl")] == ["another-plan"]
    away.rename(path)
    assert desk.pull().new == 1
    assert desk.status(deal="beta") == "done"


def test_what_came_by_an_old_link_of_the_plan_waits(desk: Desk) -> None:
    desk.edit("share_key: k00", "share_key: k99")
    assert [one["code"] for one in desk.pull(record()).set_aside[""]] == ["another-plan"]
    assert desk.events() == []


def test_a_link_that_was_revoked_waits_and_says_so(desk: Desk) -> None:
    desk.edit("name: Maria Lindqvist}", "name: Maria Lindqvist, link: 2}")
    desk.pull(record())
    assert (desk.events()[0].proof, desk.events()[0].lapsed) == ("", "revoked maria")
    assert desk.status() is None


def test_what_was_proven_stays_proven_when_its_link_is_revoked_afterwards(desk: Desk) -> None:
    """Services are read with an overlap, so it comes again, judged by a link that no longer counts."""
    sent = record()
    desk.pull(sent)
    before = everything(desk.folder())
    desk.edit("name: Maria Lindqvist}", "name: Maria Lindqvist, link: 2}")
    assert desk.pull(sent).new == 0
    desk.edit("name: Maria Lindqvist, link: 2}", "name: Maria Lindqvist}")
    assert everything(desk.folder()) == before
    assert desk.status() == "done"


def test_a_link_that_counts_again_proves_what_waited(desk: Desk) -> None:
    sent = record()
    desk.edit("name: Maria Lindqvist}", "name: Maria Lindqvist, link: 2}")
    desk.pull(sent)
    desk.edit(", link: 2}", "}")
    assert desk.pull(sent).new == 1
    assert desk.status() == "done"


def test_what_was_taken_in_is_not_reported_again_when_its_item_is_dropped(desk: Desk) -> None:
    sent = record()
    desk.pull(sent)
    desk.edit("{id: nda,", "{id: nda, status: dropped,")
    pulled = desk.pull(sent)
    assert (pulled.new, pulled.set_aside, desk.aside()) == (0, {}, [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pm_token": "x.y.z"}, "unknown-key"),
        ({"pm_token": token()[:-2] + "AA"}, "forged"),
        ({"pm_item": "task/ours"}, "not-allowed"),
        ({"pm_website": "http://spam.example"}, "honeypot"),
        ({"pm_text": "x" * 1_000_000, "pm_kind": "comment"}, "long"),
        ({"pm_payload": "{"}, "payload"),
        ({"pm_kind": "comment", "pm_text": "\ud800\u202e", "pm_item": "task/\udfff"}, "item"),
    ],
)
def test_what_cannot_be_applied_is_set_aside_whole_with_its_reason(desk: Desk, changes: dict[str, str], code: str) -> None:
    sent = record(fields(**changes), name="7")
    (found,) = desk.pull(sent).set_aside["acme"]
    assert found["code"] == code
    assert found["reason"]
    (kept,) = read_lines(desk.folder() / "quarantine.jsonl")
    assert kept["record"]["fields"] == sent.fields
    assert desk.events() == []
    assert desk.pull(sent).set_aside == {}


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["pm_text", "pm_item", "pm_token", "pm_event", "pm_kind", "pm_payload"]),
            st.text() | st.sampled_from(["\ud83d", "comment", "task/nda"]),
        ),
        max_size=4,
    )
)
@settings(max_examples=30, deadline=None)
def test_nothing_that_a_stranger_sends_stops_a_pull(tmp_path_factory: pytest.TempPathFactory, sent: list[dict[str, str]]) -> None:
    desk = Desk(tmp_path_factory.mktemp("stranger"))
    write(desk.root)
    given = [record({**fields(), **one}, name=str(number)) for number, one in enumerate(sent)]
    pulled = desk.pull(*given, record(fields("beta")))
    assert pulled.read == len(sent) + 1
    assert desk.status(deal="beta") == "done"
    assert load_one(desk.root, "acme")


def test_what_a_service_held_for_spam_is_taken_in_and_marked(desk: Desk) -> None:
    """A signature in a spam folder must not be lost; the link proves it, whatever the service thinks."""
    desk.pull(record(spam=True))
    assert (desk.status(), desk.events()[0].spam) == ("done", True)


def test_a_test_of_the_way_is_counted_and_goes_nowhere(desk: Desk) -> None:
    pulled = desk.pull(record(fields(pm_kind="test", pm_item="plan")))
    assert (pulled.tests, pulled.new, pulled.set_aside) == (1, 0, {})
    assert not (desk.folder() / "activity.jsonl").exists()


def test_the_same_act_by_another_way_is_the_same_act(desk: Desk) -> None:
    """By the API, out of a spam folder later, and from an export whose times have no seconds' parts."""
    sent = fields()
    desk.pull(record(sent), record(sent, spam=True), record(sent, after=1))
    assert len(desk.events()) == 1


def test_two_bodies_with_one_id_are_both_kept_and_one_counts(desk: Desk) -> None:
    first, second = (
        fields(pm_event="the-same-1", pm_kind="comment", pm_text=text, pm_token=link) for text, link in (("One", ""), ("Two", token()))
    )
    desk.pull(record(first), record(second, after=60))
    assert len(desk.events()) == 2
    assert [one.text for one in load_one(desk.root, "acme").acts.counting] == ["Two"]


# Which deals


def test_only_the_deals_that_were_asked_for_are_touched_and_the_rest_comes_later(desk: Desk) -> None:
    answers = [answer(record(), record(fields("beta")), cursor="2")]
    assert desk.pull(deals=["beta"], answers=answers).new == 1
    assert (desk.status(), desk.status(deal="beta")) == (None, "done")
    assert desk.inbox.cursor == ""
    assert desk.pull(answers=answers).new == 1
    assert (desk.status(), desk.inbox.cursor) == ("done", "2")


WRITTEN = ["share_key: {key}", "share_key: '{key}'  # ours", '"share_key": "{key}"', "share_key :   {key}"]


@pytest.mark.parametrize("written", [*WRITTEN, "share_key: >-\n  {key}"])
@pytest.mark.parametrize("key", ["k00m9x4c3hq5d8rj6p1t0bn2v", "-00m9x4c3hq5d8rj6p1t0b---", "_" * 64])
def test_a_deal_is_found_however_its_share_key_is_written(desk: Desk, written: str, key: str) -> None:
    desk.edit("share_key: k00m9x4c3hq5d8rj6p1t0bn2v", written.format(key=key))
    assert load_one(desk.root, "acme").plan.share_key == key
    assert deals_by_digest(desk.root)[plan_digest(key)] == "acme"


def test_a_plan_in_braces_is_found(workspace: MakeWorkspace) -> None:
    plan = {
        "share_key": "k00m9x4c3hq5d8rj6p1t0bn2v",
        "account": "A",
        "title": "T",
        "target": "2027-01-29",
        "people": ["m"],
        "stages": ["S"],
    }
    assert deals_by_digest(workspace({"content/acme/plan.yaml": json.dumps(plan)})) == {plan_digest("k00m9x4c3hq5d8rj6p1t0bn2v"): "acme"}


# After a handoff


@pytest.fixture
def handed(desk: Desk) -> Desk:
    """`acme` goes on as `acme-live`, with one of its tasks. Maria did something before that was pulled, and something that was not."""
    desk.pull(*comments(3), record(fields(pm_event="nda-done")))
    plan = PLAN.replace("share_key: {share}", "continues: acme").replace("id: ours", "id: train")
    desk.folder("acme-live").mkdir()
    (desk.folder("acme-live") / "plan.yaml").write_text(plan.format(), encoding="utf-8")
    return desk


def test_after_a_handoff_what_comes_is_for_the_new_plan(handed: Desk) -> None:
    """By the link that Maria has had all along."""
    before = event_lines(handed)
    pulled = handed.pull(*comments(1, start=7), record(fields(pm_item="task/trial")))
    assert {name: len(events) for name, events in pulled.events.items()} == {"acme-live": 2}
    assert {(event.plan, event.by, event.proof) for event in handed.events("acme-live")} == {("acme-live", "maria", "link")}
    assert handed.status("trial", "acme-live") == "done"
    assert event_lines(handed) == before


def test_what_came_before_a_handoff_stays_with_the_old_plan_though_all_is_read_again(handed: Desk) -> None:
    before = event_lines(handed)
    pulled = handed.pull(*comments(4), record(fields(pm_event="nda-done")))
    assert [event.id for event in pulled.events["acme-live"]] == [event.id for event in handed.events("acme-live")]
    assert [event.text[:8] for event in handed.events("acme-live")] == ["Number 3"]
    assert handed.status("nda", "acme-live") is None
    assert event_lines(handed) == before
    assert handed.pull(*comments(4)).new == 0


def test_whoever_asks_for_the_old_plan_gets_the_new_one(handed: Desk) -> None:
    assert handed.pull(*comments(1, start=9), deals=["acme"]).new == 1
    assert len(handed.events("acme-live")) == 1


def test_what_the_new_plan_does_not_have_is_set_aside_there(handed: Desk) -> None:
    handed.pull(record(fields(pm_item="task/ours", pm_kind="comment", pm_text="And this?")))
    assert (handed.aside("acme-live"), handed.aside("acme")) == (["item"], [])


def test_a_link_that_two_plans_continue_leads_to_none_until_it_is_clear(handed: Desk) -> None:
    plan = handed.root / "content/acme-live/plan.yaml"
    other = plan.parent.with_name("other")
    shutil.copytree(plan.parent, other)
    assert handed.pull(*comments(1, start=8)).new == 0
    shutil.rmtree(other)
    assert handed.pull().new == 1


def event_lines(desk: Desk) -> bytes:
    """The old plan's activity, as it stands on disk."""
    return (desk.folder() / "activity.jsonl").read_bytes()


# Files


def upload(name: str = "a.pdf", url: str = "https://files.example/1", **changes: str) -> Record:
    return record(fields(pm_kind="upload", **changes), file=SentFile(name, url), name="upload-1")


def test_an_upload_is_kept_under_its_digest_and_fetched_once(desk: Desk) -> None:
    desk.data["https://files.example/1"] = b"%PDF-1.7"
    sent = upload("Angebot.PDF")
    assert desk.pull(sent).new == 1
    found = desk.events()[0].file
    assert found
    assert (found.name, found.size) == ("Angebot.PDF", 8)
    assert (desk.folder() / "received" / f"{found.digest}.pdf").read_bytes() == b"%PDF-1.7"
    assert desk.pull(sent).new == 0
    assert desk.asked == ["https://files.example/1"]


@pytest.mark.parametrize(
    ("name", "shown", "ending"),
    [
        ("../../../etc/passwd", "passwd", ""),
        ("..\\..\\evil.exe", "evil.exe", ".exe"),
        ("/abs/олюр.pdf", "олюр.pdf", ".pdf"),
        ("good\u202efdp.exe", "goodfdp.exe", ".exe"),
        ("a\x00b\r\n.pdf", "ab .pdf", ".pdf"),
        ("", "file", ""),
        ("..", "..", ""),
        (".htaccess", ".htaccess", ""),
        ("a." + "x" * 300, "a." + "x" * 148, ""),
        ("a.p/df", "df", ""),
        ("a.пдф", "a.пдф", ""),
    ],
)
def test_a_files_name_leads_nowhere(desk: Desk, name: str, shown: str, ending: str) -> None:
    desk.data["https://files.example/1"] = b"data"
    desk.pull(upload(name))
    found = desk.events()[0].file
    assert found
    assert found.name == shown
    kept = [path for path in desk.root.rglob("*") if path.is_file() and path.read_bytes() == b"data"]
    assert kept == [desk.folder() / "received" / f"{found.digest}{ending}"]


def test_a_file_that_cannot_be_had_is_tried_again(desk: Desk) -> None:
    assert [one["code"] for one in desk.pull(upload()).set_aside["acme"]] == ["file"]
    desk.data["https://files.example/1"] = b"data"
    assert desk.pull().new == 1


def test_another_file_with_the_same_id_is_another_body(desk: Desk) -> None:
    desk.data = {"https://files.example/1": b"one", "https://files.example/2": b"two"}
    desk.pull(upload(pm_event="the-same-1", pm_token=""))
    desk.pull(upload(pm_event="the-same-1", url="https://files.example/2"))
    assert len({one.file and one.file.digest for one in desk.events()}) == 2


# Breaking off


def test_an_endpoint_that_breaks_off_leaves_what_came_until_then(desk: Desk) -> None:
    def answers() -> Iterator[Answer]:
        yield answer(record(), cursor="1")
        raise PlanmarkError(Problem("PM705", "it is away", Location("planmark.yaml"), "try again"))

    pulled = desk.pull(answers=answers())
    assert (pulled.new, [one.code for one in pulled.problems]) == (1, ["PM705"])
    assert desk.inbox.cursor == "1"


def test_an_endpoint_that_is_away_from_the_start_is_an_error(desk: Desk) -> None:
    def answers() -> Iterator[Answer]:
        raise PlanmarkError(Problem("PM705", "it is away", Location("planmark.yaml"), "try again"))
        yield

    with pytest.raises(PlanmarkError):
        desk.pull(answers=answers())


def test_the_raw_answer_is_kept_before_anything_is_made_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(pulling, "judged", broken)
    given = answer(*comments(2))
    with pytest.raises(RuntimeError):
        desk.pull(answers=[given])
    assert [path.read_bytes() for path in desk.inbox.folder.glob("*.raw")] == [given.raw]
    assert desk.inbox.cursor == ""


class Stopped(BaseException):
    """As if the process were killed here."""


SENT = [
    *comments(3),
    record(fields("beta", pm_event="beta-done-1"), after=9, name="b1"),
    record(fields(pm_event="forged-0001", pm_token=token()[:-2] + "AA"), name="f1"),
    record(fields(pm_event="elsewhere-1", pm_plan="e" * 32), name="e1"),
    record(fields(pm_event="old-key-001", pm_token=token(key=OLD_KEY)), name="o1"),
    record(fields(pm_event="upload-0001", pm_kind="upload"), file=SentFile("a.pdf", "https://files.example/1"), name="u1"),
]
ANSWERS = [answer(*SENT[:3], cursor="3"), answer(*SENT[3:], cursor="8")]
DATA = {"https://files.example/1": b"%PDF"}


def clean_run(root: Path) -> Desk:
    """A workspace into which all of that was pulled in one go."""
    write(root)
    desk = Desk(root, data=dict(DATA))
    desk.pull(answers=ANSWERS)
    return desk


def assert_same(desk: Desk, clean: Desk) -> None:
    """Both have the same events, each once, and set the same things aside."""
    for deal in ("acme", "beta"):
        assert same(desk.events(deal)) == same(clean.events(deal))
        assert sorted(set(desk.aside(deal)) - {"torn"}) == sorted(clean.aside(deal))
    lost = [{one["id"] for one in read_lines(each.root / "content/_inbox/quarantine.jsonl")} for each in (desk, clean)]
    assert lost[0] == lost[1]
    assert desk.inbox.cursor == clean.inbox.cursor
    assert {path.name for path in (desk.folder() / "received").iterdir()} == {path.name for path in (clean.folder() / "received").iterdir()}


def test_a_pull_that_stops_before_any_of_its_steps_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call that changes the disk is a step: opened for writing, written, synced, moved. A write may be done by half."""
    clean = clean_run(tmp_path / "clean")
    real = {name: getattr(os, name) for name in ("open", "write", "fsync", "replace", "mkdir")}
    left = [0]

    def step(name: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stopped(name)

    def opened(path: object, flags: int, mode: int = 0o777, **more: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            step("open")
        return int(real["open"](path, flags, mode, **more))

    def written(handle: int, data: bytes) -> int:
        left[0] -= 1
        if left[0] < 0:
            real["write"](handle, data[: len(data) // 2])
            raise Stopped("write")
        return int(real["write"](handle, data))

    stops = 0
    for number in range(400):
        desk = Desk(tmp_path / f"stopped-{number}", data=dict(DATA))
        write(desk.root)
        left[0] = number
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", opened)
            patch.setattr(os, "write", written)
            for name in ("fsync", "replace", "mkdir"):
                patch.setattr(os, name, lambda *given, name=name, **more: (step(name), real[name](*given, **more))[1])
            try:
                desk.pull(answers=ANSWERS)
            except Stopped:
                stops += 1
            else:
                break
        desk.pull(answers=[one for one in ANSWERS if not desk.inbox.cursor or int(one.cursor) > int(desk.inbox.cursor)])
        assert_same(desk, clean)
        shutil.rmtree(desk.root)
    assert stops > 20


PULLS = """
import sys
from pathlib import Path
from tests.endpoints.test_pull import ANSWERS, DATA, Desk
Desk(Path(sys.argv[1]), data=dict(DATA)).pull(answers=ANSWERS)
"""


def started(root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PULLS, str(root)], env=environment())


def environment() -> dict[str, str]:
    """One in which another process finds the tests, too."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


KILLED_AT = """
import os, signal, sys
from pathlib import Path
from tests.endpoints.test_pull import Desk, in_parts
root, left = sys.argv[1], int(sys.argv[2])

def count(event, arguments):
    global left
    if event not in ("open", "os.rename", "os.mkdir") or not str(arguments[0]).startswith(root):
        return
    if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
        return
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
Desk(Path(root)).pull(answers=in_parts(300))
"""
"""A pull that kills itself before its nth change of the file system."""


def in_parts(many: int) -> list[Answer]:
    """So many comments, twenty to an answer."""
    sent = comments(many)
    return [answer(*sent[at : at + 20], cursor=str(at)) for at in range(0, many, 20)]


def test_a_pull_that_is_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path) -> None:
    """Killed, begun again, killed again, in one workspace: nothing is lost, and nothing counts twice."""
    write(tmp_path)
    desk = Desk(tmp_path)
    chance = random.Random(7)
    killed = 0
    for _ in range(TRIALS):
        command = [sys.executable, "-c", KILLED_AT, str(tmp_path), str(chance.randrange(40))]
        killed += subprocess.run(command, env=environment(), check=False).returncode == -signal.SIGKILL
    assert killed > TRIALS // 3
    desk.pull(answers=in_parts(300))
    counting = load_one(tmp_path, "acme").acts.counting
    assert [one.id for one in counting] == [f"acme-{number:06}" for number in range(300)]
    assert len(desk.events()) == 300


def test_pulls_in_several_processes_at_once_take_everything_in_once(tmp_path: Path) -> None:
    clean = clean_run(tmp_path / "clean")
    desk = Desk(tmp_path / "shared")
    write(desk.root)
    running = [started(desk.root) for _ in range(3)]
    try:
        assert [one.wait(60) for one in running] == [0, 0, 0]
    finally:
        for one in running:
            one.kill()
            one.wait()
    assert_same(desk, clean)
    assert len(desk.events()) == len(clean.events())


def test_pulls_that_know_nothing_of_each_other_give_the_same_plan_when_their_files_meet(tmp_path: Path) -> None:
    """Two colleagues pulled; git's union of their files, or a synced folder's copy, holds each line once or twice."""
    one, other = clean_run(tmp_path / "one"), clean_run(tmp_path / "other")
    text = (other.folder() / "activity.jsonl").read_text(encoding="utf-8")
    (one.folder() / "activity (conflict).jsonl").write_text(text, encoding="utf-8")
    assert load_one(one.root, "acme").acts == load_one(other.root, "acme").acts
    assert one.pull(answers=ANSWERS).new == 0


# Exports


@pytest.mark.parametrize("written", [as_text, as_table], ids=["JSON", "CSV"])
def test_an_export_gives_the_same_events_as_the_api(desk: Desk, tmp_path_factory: pytest.TempPathFactory, written: object) -> None:
    given = [
        *comments(2),
        record(fields(pm_event="", pm_kind="comment", pm_text="-no script,\r\n\"quoted\"; 'sic'"), after=3, name="77"),
        record(fields(pm_event="", pm_token="", pm_kind="comment", pm_text="@x\ty"), after=4, name="78", spam=True),
    ]
    text = (as_text if written is as_text else as_table)(given)
    by_api, by_file = desk, Desk(tmp_path_factory.mktemp("export"))
    write(by_file.root)
    by_api.pull(*given)
    by_file.pull(*records_in(text.encode()))
    assert [event_line(one) for one in by_file.events()] == [event_line(one) for one in by_api.events()]
    assert by_api.pull(*records_in(text.encode())).new == 0


# Much of it


def test_ten_times_as_many_acts_are_ten_times_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: each record is judged once, each line that stands there is read once, however many answers there are."""
    counts: dict[str, int] = {}

    def counting(module: object, name: str) -> None:
        real = getattr(module, name)

        def counted(*given: object, **more: object) -> object:
            counts[name] = counts.get(name, 0) + 1
            return real(*given, **more)

        monkeypatch.setattr(module, name, counted)

    from planmark.content import activity
    from planmark.content import inbox as keeping

    counting(pulling, "judged")
    counting(activity, "read_event")
    counting(keeping, "json_line")
    counting(activity.json, "loads")
    work = []
    for many in (1_000, 10_000):
        counts.clear()
        desk = Desk(tmp_path / str(many))
        write(desk.root)
        sent = [
            *comments(many),
            *(record(fields(pm_event=f"junk-{number:06}", pm_token="x.y.z"), name=f"j{number}") for number in range(many // 10)),
        ]
        answers = [answer(*sent[at : at + 500], cursor=str(at)) for at in range(0, len(sent), 500)]
        assert desk.pull(answers=answers).new == many
        assert desk.pull(answers=answers).new == 0
        work.append(dict(counts))
    small, large = work
    assert set(small) == {"judged", "read_event", "json_line", "loads"}
    assert all(large[name] <= 11 * small[name] for name in small), work
