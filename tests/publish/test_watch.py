"""Watching: a line a round, whatever is away; news told in every way; a knock begins a round."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
from tests.build.small import THEMED
from tests.cli.running import environment, planmark
from tests.endpoints.coming import FILES, KEY, WORKSPACE, MakeWorkspace, fields
from tests.endpoints.fakes.receiver import OwnReceiver
from tests.endpoints.fakes.serving import data
from tests.telling.servers import mail_server, webhook

from planmark.content.acting import load_one
from planmark.content.layout import deal_names
from planmark.content.secrets import written_key
from planmark.plan.tokens import fingerprint
from planmark.problems import PlanmarkError
from planmark.publish import watch as watching
from planmark.publish.knocking import listening
from planmark.publish.publishing import Wish, publish
from planmark.publish.there import there_of
from planmark.publish.undoing import rollback, unpublish
from planmark.publish.watch import LONGEST, Round, Watch

SECRETS = {"PLANMARK_KEY": written_key(KEY), "PLANMARK_ENDPOINT_TOKEN": "key-of-the-team"}
Make = Callable[..., Path]


@pytest.fixture
def service() -> Iterator[OwnReceiver]:
    with OwnReceiver() as fake:
        yield fake


@pytest.fixture
def root(workspace: MakeWorkspace, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A workspace whose forms lead to the service, with more lines in its planmark.yaml."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    def make(more: str = "") -> Path:
        lines = f'{WORKSPACE}theme: plain\nkey: "{fingerprint(KEY)}"\nendpoint: {{kind: planmark, url: "{service.url}"}}\n{more}'
        return workspace({**FILES, **THEMED, "planmark.yaml": lines})

    return make


def send(service: OwnReceiver, deal: str = "acme", **changes: str) -> None:
    """As Maria's page would."""
    service.keep(fields(deal, **changes), [])


def watch(root: Path, interval: float = 60) -> Watch:
    return Watch(root, interval, lambda done: None)


def status(root: Path) -> str | None:
    return load_one(root, "acme").plan.stages[0].tasks[0].status


def codes(done: Round) -> list[str]:
    return [one.code for one in done.problems]


def page(root: Path) -> str:
    (site,) = (root / "build/sites").glob("acme-*")
    return (site / "plan.json").read_text(encoding="utf-8")


# A round


def test_a_round_takes_in_what_came_and_builds_it(root: Make, service: OwnReceiver) -> None:
    there = watch(root())
    assert there.round().line == "0 new, 2 built"
    assert '"status":"done"' not in page(there.root)
    send(service)
    done = there.round()
    assert (done.line, done.problems, done.away) == ("1 new, 1 built", (), False)
    assert '"status":"done"' in page(there.root)
    assert there.round().line == "0 new, 0 built"


def test_what_cannot_be_applied_is_counted(root: Make, service: OwnReceiver) -> None:
    send(service, pm_token="x.y.z")
    assert watch(root()).round().line == "0 new, 1 set aside, 2 built"


def test_an_endpoint_that_is_away_is_asked_less_and_less_and_then_as_before(root: Make, service: OwnReceiver) -> None:
    there = watch(root())
    waits = []
    for _ in range(6):
        service.faults.append(data({"ok": False}, 403))
        done = there.round()
        assert done.away
        assert codes(done) == ["PM705"]
        assert done.line == f"0 new, {0 if waits else 2} built; the endpoint is away; again in {there.wait:.0f} s"
        waits.append(there.wait)
    assert waits == [120, 240, 480, LONGEST, LONGEST, LONGEST]
    send(service)
    assert there.round().line == "1 new, 1 built"
    assert there.wait == 60


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("planmark.yaml", "seller: [", "PM101"),
        ("planmark.yaml", "endpoint: {kind: nonsense}\n", "PM703"),
        ("content/acme/plan.yaml", "title: [", "PM101"),
    ],
)
def test_nothing_that_is_wrong_in_a_workspace_ends_the_watch(root: Make, service: OwnReceiver, path: str, text: str, code: str) -> None:
    there = watch(root())
    before = (there.root / path).read_text(encoding="utf-8")
    (there.root / path).write_text(text, encoding="utf-8")
    send(service)
    assert code in codes(there.round())
    (there.root / path).write_text(before, encoding="utf-8")
    assert "1 new" in there.round().line
    assert status(there.root) == "done"


def test_a_disk_that_takes_nothing_ends_no_watch(root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    there = watch(root())
    send(service)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        done = there.round()
        assert "; not all could be pulled; again in" in done.line
        assert "No space left" in done.problems[0].message
    assert there.round().line.startswith("1 new") or status(there.root) == "done"


def test_a_receiver_that_breaks_off_is_read_on_from_there(root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came in until then is built and told at once; the rest when it is back."""
    there = watch(root())
    for number in range(1_001):
        send(service, pm_kind="comment", pm_text=f"Number {number}")
    real, asked = service.get, [0]

    def get(request: object) -> object:
        asked[0] += 1
        return data({"ok": False}, 403) if asked[0] == 2 else real(request)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "get", get)
    done = there.round()
    assert done.away
    assert done.line == "1000 new, 2 built; the endpoint is away; again in 120 s"
    assert there.round().line == "1 new, 1 built"
    assert len(load_one(there.root, "acme").acts.counting) == 1_001


def test_a_receiver_is_told_what_the_answers_changed_where_this_machine_may(
    root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = watch(root())
    send(service)
    assert codes(there.round()) == []
    assert service.registered == {}
    monkeypatch.setenv("PLANMARK_REGISTER_TOKEN", service.register_token)
    send(service, pm_kind="reopened")
    assert codes(there.round()) == []
    (told,) = service.registered.values()
    assert json.loads(told)["name"] == "acme"


def test_a_receiver_is_told_of_a_plan_that_was_edited_and_of_no_other(
    root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may be done in a new task is taken in by the next round; a round without a change tells nothing."""
    monkeypatch.setenv("PLANMARK_REGISTER_TOKEN", service.register_token)
    there = watch(root())
    there.round()
    assert len(service.registered) == len(deal_names(there.root, []))
    service.registered.clear()
    there.round()
    assert service.registered == {}
    plan = there.root / "content" / "acme" / "plan.yaml"
    with plan.open("a", encoding="utf-8") as file:
        file.write("      - {id: added, title: One more, owner: maria}\n")
    there.round()
    (told,) = service.registered.values()
    assert "task/added" in json.loads(told)["items"]


# News


def test_news_are_told_by_every_way(root: Make, service: OwnReceiver, tmp_path: Path) -> None:
    with mail_server() as mails, webhook() as hook:
        script = tmp_path / "tell.py"
        script.write_text("import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())", encoding="utf-8")
        told = tmp_path / "told.json"
        ways = f'{{command: "{sys.executable} {script} {told}", webhook: "{hook.url}", smtp: "{mails.place}", every: 1m}}'
        there = watch(root(f"notify: {ways}\n"))
        send(service)
        assert codes(there.round()) == []
        assert there.told() == []
        said = {"plan": "acme", "to": ["dana@lumen.example"], "sentence": "Maria Lindqvist checked off “Sign”"}
        assert hook.posts == [{"news": [said], "more": 0}]
        assert json.loads(told.read_bytes()) == hook.posts[0]
        assert mails.got() == [("dana@lumen.example", "acme: 1 new act")]
        there.round()
        assert there.told() == []
        assert len(hook.posts) == len(mails.mails) == 1


def test_news_wait_for_others_and_are_told_while_the_endpoint_is_away(
    root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with webhook() as hook:
        there = watch(root(f'notify: {{webhook: "{hook.url}", every: 10m}}\n'))
        send(service)
        there.round()
        now[0] += 599
        send(service, pm_kind="comment", pm_text="Well")
        there.round()
        assert hook.posts == []
        now[0] += 1
        service.faults.append(data({}, 403))
        assert there.round().away
        assert [len(one["news"]) for one in hook.posts] == [2]


def test_news_that_wait_are_told_when_the_watch_ends(root: Make, service: OwnReceiver) -> None:
    """Nothing of them is on disk: a service that is restarted must not swallow ten minutes of them."""
    with webhook() as hook:
        there = watch(root(f'notify: {{webhook: "{hook.url}", every: 10m}}\n'))
        send(service)
        there.round()
        assert hook.posts == []
        assert there.told() == []
        assert len(hook.posts) == 1


def test_news_of_a_build_that_fails_are_told(root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise PlanmarkError(())

    with webhook() as hook:
        there = watch(root(f'notify: {{webhook: "{hook.url}", every: 1m}}\n'))
        monkeypatch.setattr(watching, "build", broken)
        send(service)
        there.round()
        there.told()
        assert len(hook.posts) == 1


def test_mails_without_their_password_wait_until_it_is_here(root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as mails:
        there = watch(root(f'notify: {{smtp: "{mails.place}", user: plans, every: 1m}}\n'))
        send(service)
        assert codes(there.round()) == ["PM702"]
        mails.password = "p4ss"
        assert [one.code for one in there.told()] == ["PM713"]
        assert mails.mails == []
        monkeypatch.setenv("PLANMARK_SMTP_PASSWORD", "p4ss")
        assert codes(there.round()) == []
        assert there.told() == []
        assert mails.got() == [("dana@lumen.example", "acme: 1 new act")]


# Knocking


def knock(port: int, method: str = "POST", body: bytes = b"") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, "/whatever", body)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("body", [b"", b'{"news":[]}', b"x" * 900_000])
def test_a_post_to_the_door_is_heard_whatever_it_says(body: bytes) -> None:
    heard = threading.Event()
    with listening("127.0.0.1", 0, heard.set) as port:
        assert knock(port, body=body) == 204
        assert heard.is_set()


def test_nothing_but_a_post_is_heard() -> None:
    heard = threading.Event()
    with listening("127.0.0.1", 0, heard.set) as port:
        assert [knock(port, method) for method in ("GET", "PUT", "DELETE")] == [501] * 3
        assert not heard.is_set()


def test_whoever_hangs_up_or_speaks_nonsense_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    with listening("127.0.0.1", 0, lambda: None) as port:
        for said in (
            b"",
            b"nonsense\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf",
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
                connection.sendall(said)
        assert knock(port) == 204
    assert capfd.readouterr().err == ""


def test_a_door_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        door = listening("127.0.0.1", taken.getsockname()[1], lambda: None)
        with pytest.raises(PlanmarkError) as error, door:
            pass
    assert error.value.problems[0].code == "PM611"


def test_a_knock_begins_a_round_and_the_end_is_heard(root: Make, service: OwnReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an interval of an hour, only the knock can have begun the second one."""
    monkeypatch.setattr(watching, "SOONEST", 0.01)
    rounds: Queue[Round] = Queue()
    there = Watch(root(), 3_600, rounds.put)
    running = threading.Thread(target=there.run)
    running.start()
    try:
        assert rounds.get(timeout=60).line == "0 new, 2 built"
        send(service)
        with listening("127.0.0.1", 0, there.knock) as port:
            assert knock(port) == 204
            assert rounds.get(timeout=60).line == "1 new, 1 built"
    finally:
        there.end()
        running.join(60)
    assert not running.is_alive()


# As people run it


def test_one_round_is_done_and_told_and_its_exit_code_says_how_it_went(root: Make, service: OwnReceiver) -> None:
    with webhook() as hook:
        there = root(f'notify: {{webhook: "{hook.url}", every: 10m}}\n')
        send(service)
        said = planmark(there, "watch", "--once")
        assert (said.code, said.err) == (0, "")
        assert said.out.endswith("  1 new, 2 built\n")
        assert len(said.out.splitlines()) == 1
        assert len(hook.posts) == 1
    service.faults.append(data({}, 403))
    said = planmark(there, "watch", "--once")
    assert said.code == 1
    assert "PM705" in said.err
    assert "the endpoint is away" in said.out


def ended_by(root: Path, sign: signal.Signals) -> int:
    """Watch, end it that way after the first round, which takes one act in; its exit code."""
    program = [sys.executable, "-m", "planmark", "watch", "--listen", "0"]
    with subprocess.Popen(program, cwd=root, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            assert running.stdout.readline().startswith("A POST to http://127.0.0.1:")
            assert "1 new" in running.stdout.readline()
            running.send_signal(sign)
            assert "Traceback" not in running.communicate(timeout=60)[1]
        finally:
            running.kill()
    return running.returncode


@pytest.mark.parametrize("instant", range(4))
def test_a_rest_may_be_ended_at_any_instant(root: Make, instant: int) -> None:
    """By a signal in the midst of whatever waiting is made of, too: nothing is held there that its handler needs."""
    there = Watch(root(), 3_600, lambda done: None)
    lines = 0

    def trace(frame: FrameType, event: str, given: object) -> Callable[..., Any]:
        nonlocal lines
        lines += 1
        if lines == instant + 2:
            there.end()
        return trace

    def rest() -> None:
        sys.settrace(trace)
        there._rest()

    resting = threading.Thread(target=rest, daemon=True)
    resting.start()
    resting.join(20)
    assert not resting.is_alive()


def test_it_is_ended_by_a_signal_and_begun_again_without_harm(root: Make, service: OwnReceiver) -> None:
    """Killed outright, ended politely, begun again: each act is in the plan once."""
    there = root()
    for number, (sign, code) in enumerate(((signal.SIGKILL, -9), (signal.SIGTERM, 0), (signal.SIGINT, 0))):
        send(service, pm_kind="comment", pm_text=f"Number {number}")
        assert ended_by(there, sign) == code
    assert [one.text for one in load_one(there, "acme").acts.counting] == ["Number 0", "Number 1", "Number 2"]


@pytest.mark.parametrize("place", ["nonsense", "127.0.0.1:", "70000", "1.5", "٣"])
def test_a_place_that_is_none_is_wrong_usage(root: Make, place: str) -> None:
    said = planmark(root(), "watch", "--listen", place)
    assert said.code == 2
    assert "no place to listen" in said.err


def test_what_is_out_is_published_anew_by_itself(root: Make, service: OwnReceiver, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A check-off reaches the page that readers get. What never was out, was rolled back or was taken down is left to people."""
    www = tmp_path_factory.mktemp("www")
    place = root(f"publish: {{live: {{kind: directory, path: {www}, url: 'http://127.0.0.1:9'}}}}\n")
    there, link = there_of(place), f"acme-{load_one(place, 'acme').address.share_key}"
    publish(there, Wish(("acme",)), datetime.now(UTC), lambda done, of, name: None)
    assert watch(place).round().line.endswith("0 published")
    assert '"status":"done"' not in (www / link / "plan.json").read_text(encoding="utf-8")
    send(service)
    done = watch(place).round()
    assert done.line == "1 new, 1 built, 1 published"
    assert codes(done) == ["PM806"]
    assert '"status":"done"' in (www / link / "plan.json").read_text(encoding="utf-8")
    rollback(there, "acme", "", datetime.now(UTC))
    assert watch(place).round().line.endswith("0 published")
    assert '"status":"done"' not in (www / link / "plan.json").read_text(encoding="utf-8")
    unpublish(there, "acme", datetime.now(UTC))
    assert watch(place).round().line.endswith("0 published")
    assert [path.name for path in www.iterdir() if path.is_symlink()] == [link]


def test_without_an_endpoint_or_while_it_is_away_what_was_edited_goes_out_and_what_has_ended_is_taken_down(
    root: Make, service: OwnReceiver, tmp_path_factory: pytest.TempPathFactory
) -> None:
    www = tmp_path_factory.mktemp("www")
    place = root(f"publish: {{live: {{kind: directory, path: {www}, url: 'http://127.0.0.1:9'}}}}\n")
    publish(there_of(place), Wish(("acme",)), datetime.now(UTC), lambda done, of, name: None)
    link = www / f"acme-{load_one(place, 'acme').address.share_key}"
    plan, settings = place / "content/acme/plan.yaml", place / "planmark.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("title: ", "title: Anew, ", 1), encoding="utf-8")
    service.faults.append(data({"ok": False}, 403))
    assert watch(place).round().line == "0 new, 2 built, 1 published; the endpoint is away; again in 120 s"
    assert "Anew, " in (link / "plan.json").read_text(encoding="utf-8")
    settings.write_text(
        "\n".join(line for line in settings.read_text(encoding="utf-8").split("\n") if "endpoint:" not in line), encoding="utf-8"
    )
    plan.write_text("expires: 2020-01-01\n" + plan.read_text(encoding="utf-8"), encoding="utf-8")
    done = watch(place).round()
    assert (done.away, done.line.endswith("0 published, 1 taken down"), "new" in done.line) == (False, True, False)
    assert not (link / "plan.json").exists()


@pytest.mark.parametrize("more", ["", ", subdomains: yes"])
def test_a_target_that_is_only_an_address_is_published_to_by_nobody(root: Make, more: str) -> None:
    done = watch(root(f"publish: {{live: {{kind: directory, url: 'https://plans.example'{more}}}}}\n")).round()
    assert done.line.endswith(" built")
    assert not done.problems
