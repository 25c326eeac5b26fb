"""News reach people by mail, by a webhook, by a command: each of them once, and what buyers wrote is never more than text."""

from __future__ import annotations

import json
import shlex
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ports import free_port
from tests.telling.servers import MailServer, Webhook, mail_server, webhook

from planmark.plan.submissions import clean_line
from planmark.telling import Batch, News, Ways

MARIA = News("acme", ("dana@lumen.example",), "Maria checked off “Sign”")
JO = News("acme", ("dana@lumen.example", "owen@lumen.example"), "Jo commented on “Try”: Fine")
BETA = News("beta", ("dana@lumen.example",), "Ann signed the plan")


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as server:
        yield server


@pytest.fixture
def writes(tmp_path: Path) -> tuple[str, Path]:
    """A command that writes what it is given, as lines, and where."""
    script = tmp_path / "tell me.py"
    script.write_text(
        "import sys, pathlib\nwith open(sys.argv[1], 'ab') as file: file.write(sys.stdin.buffer.read() + b'\\n')\n", encoding="utf-8"
    )
    return shlex.join([sys.executable, str(script), str(tmp_path / "told")]), tmp_path / "told"


def told(ways: Ways, *news: News) -> list[str]:
    """Tell at once; what went wrong, in short."""
    batch = Batch(ways, 0, Clock())
    batch.add(news)
    return [f"{one.location.path}: {one.message}" for one in batch.tell()]


def test_nobody_is_told_unless_somebody_turns_it_on() -> None:
    batch = Batch(Ways(), 0, Clock())
    batch.add([MARIA])
    assert not batch.due()
    assert batch.tell() == []
    assert not Ways()


def test_a_mail_goes_to_each_person_for_each_plan_with_all_that_concerns_them(mails: MailServer) -> None:
    assert told(Ways(smtp=mails.place, sender="plans@lumen.example"), MARIA, JO, BETA) == []
    assert mails.got() == [
        ("dana@lumen.example", "acme: 2 new acts"),
        ("owen@lumen.example", "acme: 1 new act"),
        ("dana@lumen.example", "beta: 1 new act"),
    ]
    text = mails.mails[0].get_content()
    assert text.splitlines()[:2] == ["- Maria checked off “Sign”", "- Jo commented on “Try”: Fine"]
    assert "planmark pull" in text
    assert {str(one["From"]) for one in mails.mails} == {"plans@lumen.example"}
    assert mails.mails[0]["Auto-Submitted"] == "auto-generated"


def test_a_mail_has_the_teams_own_words(mails: MailServer) -> None:
    ways = Ways(
        smtp=mails.place, sender="p@lumen.example", subject="[{plan}] {count} {news}", text="Hello,\n{news}\n{count} in {plan}. {sic}"
    )
    assert told(ways, News("acme", ("dana@lumen.example",), "{plan} {count} {0} %s")) == []
    (one,) = mails.mails
    assert one["Subject"] == "[acme] 1 new act"
    assert one.get_content().splitlines() == ["Hello,", "- {plan} {count} {0} %s", "1 new act in acme. {sic}"]


def test_many_news_in_one_mail_are_cut_and_counted(mails: MailServer) -> None:
    told(Ways(smtp=mails.place, sender="p@lumen.example"), *([MARIA] * 60))
    (one,) = mails.mails
    assert one["Subject"] == "acme: 60 new acts"
    assert "… and 10 more" in one.get_content()


def test_whoever_logs_in_does_so_and_else_nobody_does(mails: MailServer) -> None:
    told(Ways(smtp=mails.place, sender="p@lumen.example"), MARIA)
    assert mails.logins == []
    told(Ways(smtp=mails.place, sender="p@lumen.example", user="u", password="p4ss"), MARIA)
    assert len(mails.logins) == 1
    assert "p4ss" not in repr(Ways(password="p4ss"))


def test_a_mail_server_that_offers_no_encryption_gets_nothing_from_another_machine(
    mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **also: real("127.0.0.1", *more, **also))
    (problem,) = told(Ways(smtp=f"mail.lumen.example:{mails.port}", sender="p@lumen.example", user="u", password="p4ss"), MARIA)
    assert "STARTTLS" in problem
    assert (mails.mails, mails.logins) == ([], [])


@settings(max_examples=30, deadline=None)
@given(st.text().map(clean_line), st.sampled_from(["x\r\nBcc: all@acme.example", "acme", "{news}"]))
def test_no_text_of_a_buyer_gets_into_a_mails_headers(text: str, plan: str) -> None:
    with mail_server() as server:
        told(Ways(smtp=server.place, sender="p@lumen.example", subject="{plan}: {count}"), News(plan, ("dana@lumen.example",), f"X {text}"))
        (one,) = server.mails
        assert set(one.keys()) <= {"From", "To", "Subject", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
        assert one["To"] == "dana@lumen.example"
        assert " ".join(f"X {text}".split()) in one.get_content().replace("\r\n", "\n")


def test_an_address_that_would_add_a_header_is_refused_and_the_others_get_theirs(mails: MailServer) -> None:
    bad = News("acme", ("x@acme.example\r\nBcc: all@acme.example",), "Hello")
    (problem,) = told(Ways(smtp=mails.place, sender="p@lumen.example"), bad, MARIA)
    assert problem.startswith("notify.smtp")
    assert mails.got() == [("dana@lumen.example", "acme: 1 new act")]


def test_a_webhook_gets_the_news_as_json(hook: Webhook) -> None:
    assert told(Ways(webhook=hook.url), MARIA, BETA) == []
    assert hook.posts == [
        {"news": [{"plan": one.plan, "to": list(one.to), "sentence": one.sentence} for one in (MARIA, BETA)], "more": 0},
    ]
    assert hook.types == ["application/json"]


def test_a_command_gets_the_news_on_its_input_and_nothing_as_an_argument(writes: tuple[str, Path], tmp_path: Path) -> None:
    command, path = writes
    hostile = News("acme", (), "$(touch owned) `touch owned`; touch owned | \"'\n'\" --help \x00 👋")
    assert told(Ways(command=command), hostile) == []
    assert json.loads(path.read_bytes())["news"] == [{"plan": "acme", "to": [], "sentence": hostile.sentence}]
    assert not (tmp_path / "owned").exists()


def test_more_news_than_fit_are_counted(hook: Webhook) -> None:
    told(Ways(webhook=hook.url), *([MARIA] * 620))
    assert (len(hook.posts[0]["news"]), hook.posts[0]["more"]) == (500, 120)


# What goes wrong


@pytest.mark.parametrize("command", ["false", "no-such-command-anywhere", "'unclosed", sys.executable + " -c 'raise SystemExit(3)'"])
def test_a_command_that_fails_is_told_and_tried_again(command: str, writes: tuple[str, Path]) -> None:
    batch = Batch(Ways(command=command), 0, Clock())
    batch.add([MARIA])
    (problem,) = batch.tell()
    assert (problem.code, problem.severity, problem.location.path) == ("PM713", "warning", "notify.command")
    assert problem.hint
    batch.ways = Ways(command=writes[0])
    assert batch.tell() == []
    assert "Maria" in writes[1].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "answer", [404, 500, b"garbage\r\n\r\n", b"", b"HTTP/1.1 99999 x\r\n\r\n"], ids=["404", "500", "garbage", "nothing", "odd"]
)
def test_a_webhook_that_fails_is_told_and_tried_again(hook: Webhook, answer: int | bytes) -> None:
    hook.answer = answer
    batch = Batch(Ways(webhook=hook.url), 0, Clock())
    batch.add([MARIA])
    (problem,) = batch.tell()
    assert problem.location.path == "notify.webhook"
    assert "t0ken" not in str(problem)
    hook.answer = 204
    assert batch.tell() == []
    assert batch.tell() == []
    assert len(hook.posts) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "nonsense", "http://[::1", "http://127.0.0.1:1/"])
def test_a_webhook_that_is_none_is_told(url: str) -> None:
    assert len(told(Ways(webhook=url), MARIA)) == 1


@pytest.mark.parametrize("place", ["127.0.0.1:{closed}", "127.0.0.1:port", "[::1]:{closed}", "", "a..b:25"])
def test_a_mail_server_that_is_away_is_told(place: str) -> None:
    found = told(Ways(smtp=place.format(closed=free_port()), sender="p@lumen.example"), MARIA)
    assert len(found) == (1 if place else 0)


def test_whoever_was_told_is_not_told_again_because_another_way_is_away(mails: MailServer, hook: Webhook) -> None:
    """A webhook that stays away for a week must not send the same mail every ten minutes."""
    hook.answer = 503
    batch = Batch(Ways(smtp=mails.place, sender="p@lumen.example", webhook=hook.url), 0, Clock())
    batch.add([MARIA])
    for _ in range(3):
        assert [one.location.path for one in batch.tell()] == ["notify.webhook"]
    batch.add([BETA])
    hook.answer = 204
    assert batch.tell() == []
    assert mails.got() == [("dana@lumen.example", "acme: 1 new act"), ("dana@lumen.example", "beta: 1 new act")]
    assert [one["sentence"] for one in hook.posts[0]["news"]] == [MARIA.sentence, BETA.sentence]
    assert not batch.due()


def test_a_person_whose_address_is_refused_keeps_nobody_else_from_theirs(mails: MailServer) -> None:
    mails.refuses = {"dana@"}
    batch = Batch(Ways(smtp=mails.place, sender="p@lumen.example"), 0, Clock())
    batch.add([MARIA, JO])
    for _ in range(2):
        (problem,) = batch.tell()
        assert "no such user" in problem.message
    assert mails.got() == [("owen@lumen.example", "acme: 1 new act")]
    mails.refuses = set()
    assert batch.tell() == []
    assert mails.got()[1:] == [("dana@lumen.example", "acme: 2 new acts")]


def test_a_mail_server_that_hangs_up_halfway_is_told_the_rest_later(mails: MailServer) -> None:
    mails.after = 1
    batch = Batch(Ways(smtp=mails.place, sender="p@lumen.example"), 0, Clock())
    batch.add([MARIA, JO, BETA])
    assert len(batch.tell()) == 1
    mails.after = 100
    assert batch.tell() == []
    assert sorted(mails.got()) == [
        ("dana@lumen.example", "acme: 2 new acts"),
        ("dana@lumen.example", "beta: 1 new act"),
        ("owen@lumen.example", "acme: 1 new act"),
    ]


# When


def test_the_first_news_wait_for_others_and_then_all_are_told_at_once(hook: Webhook) -> None:
    clock = Clock()
    batch = Batch(Ways(webhook=hook.url), 600, clock)
    batch.add([])
    clock.now += 1_000
    assert not batch.due()
    batch.add([MARIA])
    clock.now += 599
    batch.add([JO])
    assert not batch.due()
    clock.now += 1
    assert batch.due()
    assert batch.tell() == []
    assert not batch.due()
    assert [len(one["news"]) for one in hook.posts] == [2]


def test_what_could_not_be_told_waits_as_long_again(hook: Webhook) -> None:
    clock = Clock()
    hook.answer = 500
    batch = Batch(Ways(webhook=hook.url), 600, clock)
    batch.add([MARIA])
    clock.now += 600
    batch.tell()
    assert not batch.due()
    clock.now += 600
    assert batch.due()
