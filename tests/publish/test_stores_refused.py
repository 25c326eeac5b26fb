"""Object stores that refuse, are away, slow, full or cut off: one message that says what to do, and what was out is out still."""

from __future__ import annotations

import http.client
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.publish.contract import Shown, put, shows
from tests.publish.published import Web, answering, name, release
from tests.publish.stores import Server, azurite, google, more, moto, new_google_key, rclone, secret_of

from planmark.problems import PlanmarkError, Problem
from planmark.targets import obstores


@pytest.fixture(autouse=True)
def soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is not tried again as long as for people."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(obstores, "RETRYING", timedelta(seconds=0.3))
    monkeypatch.setattr(obstores, "TRIES", 1)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Server]]:
    """All of them."""
    folder = tmp_path_factory.mktemp
    with moto() as one, rclone(folder("rclone")) as other, azurite(folder("azurite")) as azure, google() as gcs:
        yield {"moto": one, "rclone": other, "azurite": azure, "google": gcs}


def told(there: Shown, version: int = 2, before: int = 1) -> Problem:
    """The one problem that a publisher hears of, in our words."""
    with pytest.raises(PlanmarkError) as error:
        put(there, release(version, more(version), before=before, keep=1))
    (problem,) = error.value.problems
    assert problem.hint
    assert not re.search(r"Debug|Retry|Generic|[<{\n]|a-secret|Eby8|PRIVATE", str(problem)), problem
    return problem


def at(there: Shown, secrets: Mapping[str, str] | None = None, **settings: str) -> Shown:
    """The same place, gone to with other secrets or settings."""
    place = replace(there.place, settings={**there.place.settings, **settings})
    return replace(there, place=replace(place, secret=secret_of(secrets)) if secrets is not None else place)


@pytest.mark.parametrize("which", ["moto", "rclone", "azurite", "google"])
def test_a_bucket_that_is_not_there_is_said_to_be_missing(stores: Mapping[str, Server], which: str) -> None:
    word = "container" if which == "azurite" else "bucket"
    there = at(stores[which].shown(), **{word: "nowhere"})
    problem = told(there, 1, 0)
    assert problem.code == "PM805"
    assert f"there is no such {word}" in problem.message
    assert f"`{word}:`" in problem.hint
    with pytest.raises(PlanmarkError, match=f"no such {word}"):
        list(there.target.published(there.place))


WRONG = {
    "rclone": {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "another"},
    "azurite": {"AZURE_STORAGE_ACCOUNT_KEY": "0" * 86 + "=="},
    "google": {"GOOGLE_SERVICE_ACCOUNT_KEY": new_google_key()[0]},
}
UNREADABLE = {
    "azurite": {"AZURE_STORAGE_ACCOUNT_KEY": "no key"},
    "google": {"GOOGLE_SERVICE_ACCOUNT_KEY": "{}"},
}


@pytest.mark.parametrize(
    ("which", "secrets"), [*WRONG.items(), *UNREADABLE.items(), ("google", {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere"})]
)
def test_credentials_that_are_not_accepted_are_named_and_not_shown(
    stores: Mapping[str, Server], which: str, secrets: Mapping[str, str]
) -> None:
    there = stores[which].shown()
    put(there, release(1, more(1)))
    problem = told(at(there, secrets))
    assert problem.code == "PM702"
    assert next(iter(secrets)) in problem.message
    assert not any(value in str(problem) for value in secrets.values())
    shows(there, more(1))


@pytest.mark.parametrize("which", ["moto", "azurite", "google"])
def test_a_secret_that_is_missing_is_asked_for(stores: Mapping[str, Server], which: str) -> None:
    problem_code = pytest.raises(PlanmarkError, match="PM702")
    there = at(stores[which].shown(), {})
    with problem_code:
        list(there.target.published(there.place))


Fault = tuple[int, str] | str
"""What a request gets in place of its answer: a status with a code; or `cut`, `half` or `stall`."""


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    headers: Mapping[str, str]


class Between(Web):
    """Hands on what it is asked, as far as `fault` lets it."""

    def __init__(self, url: str, fault: Callable[[Asked], Fault | None]) -> None:
        super().__init__(("127.0.0.1", 0), HandsOn)
        self.to, self.fault, self.over = url.removeprefix("http://"), fault, threading.Event()
        self.asked: list[Asked] = []


class HandsOn(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Between

    def _do(self) -> None:
        asked = Asked(self.command, self.path, dict(self.headers))
        self.server.asked.append(asked)
        fault = self.server.fault(asked)
        if fault == "cut":
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if fault == "stall":
            self.server.over.wait(30)
            self.close_connection = True
            return
        if isinstance(fault, tuple):
            self._say(fault[0], {}, f"<Error><Code>{fault[1]}</Code></Error>".encode())
            return
        line = http.client.HTTPConnection(self.server.to, timeout=20)
        try:
            line.request(self.command, self.path, body, headers=asked.headers)
            reply = line.getresponse()
            data = reply.read()
        finally:
            line.close()
        said = {key: value for key, value in reply.getheaders() if key.lower() not in ("content-length", "transfer-encoding", "connection")}
        self._say(reply.status, said, data, half=fault == "half")

    do_GET = do_PUT = do_DELETE = do_POST = do_HEAD = _do  # noqa: N815  (their names)

    def _say(self, status: int, said: Mapping[str, str], data: bytes, half: bool = False) -> None:
        self.send_response(status)
        for key, value in said.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(data) + half))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if half else data)
        self.close_connection = self.close_connection or half

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its own signature)
        """Nothing is printed."""


@contextmanager
def between(url: str, fault: Callable[[Asked], Fault | None]) -> Iterator[tuple[str, Between]]:
    """Its address, and itself."""
    server = Between(url, fault)
    with answering(server) as here:
        try:
            yield here, server
        finally:
            server.over.set()


WHEN: Mapping[str, Callable[[Asked], bool]] = {
    "list": lambda asked: "list-type=2" in asked.path,
    "pointer": lambda asked: asked.method == "PUT" and asked.path.endswith("current.json"),
    "manifest": lambda asked: asked.method == "GET" and asked.path.endswith("Z.json"),
    "asset": lambda asked: asked.method == "PUT" and asked.path.endswith("a.2.css"),
    "pdf": lambda asked: asked.method == "PUT" and asked.path.endswith("acme-k/plan.pdf"),
    "entry": lambda asked: asked.method == "PUT" and asked.path.endswith("acme-k/index.html"),
    "held": lambda asked: asked.method == "PUT" and "/files/" in asked.path,
}
FAULTS: list[tuple[Fault, str, str]] = [
    ("cut", "PM805", "the connection broke off"),
    ("half", "PM805", "the connection broke off"),
    ("stall", "PM805", "does not answer within"),
    ((503, "SlowDown"), "PM805", "too busy"),
    ((429, "TooManyRequests"), "PM805", "too busy"),
    ((500, "InternalError"), "PM805", "too busy"),
    ((403, "AccessDenied"), "PM805", "may not do this there"),
    ((403, "ExpiredToken"), "PM702", "does not accept"),
    ((403, "QuotaExceeded"), "PM805", "no room"),
    ((507, "InsufficientStorage"), "PM805", "no room"),
    ((301, "PermanentRedirect"), "PM805", "another region"),
    ((400, "AuthorizationHeaderMalformed"), "PM805", "another region"),
    ((400, "InvalidArgument"), "PM805", "refused it (400 InvalidArgument)"),
]


def pairs() -> list[tuple[str, Fault, str, str]]:
    """Each fault at one place at least, and each place with two sorts of them at least."""
    places = list(WHEN)
    found = [(places[number % len(places)], *fault) for number, fault in enumerate(FAULTS)]
    return found + [(places[(number + 3) % len(places)], *fault) for number, fault in enumerate(FAULTS)]


@pytest.mark.parametrize(("when", "fault", "code", "words"), pairs())
def test_whatever_the_store_says_is_one_message_and_nothing_is_half_done(
    stores: Mapping[str, Server], when: str, fault: Fault, code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers have pages that work; as soon as the store is well again the next one finishes, with no wait."""
    there = stores["moto"].shown()
    put(there, release(1, more(1), keep=1))
    if fault == "half" and when not in ("list", "manifest"):
        when = "manifest"  # an answer without a body has no half
    with between(stores["moto"].url, lambda asked: fault if WHEN[when](asked) else None) as (url, _), monkeypatch.context() as patch:
        if fault == "stall":
            patch.setattr(obstores, "TIMEOUT", timedelta(seconds=0.5))
        problem = told(at(there, endpoint=url))
    assert (problem.code, words in problem.message) == (code, True), problem
    assert there.get("acme-k", "assets/a.1.css")
    page = there.get("acme-k", "index.html")
    assert page == more(1)["index.html"]
    put(there, release(3, more(3), before=1, keep=1))
    shows(there, more(3))
    assert [one.version for one in there.target.versions(there.place, "acme-k")] == [name(3), name(1)]


def test_what_passes_is_tried_again(stores: Mapping[str, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that is busy at every second request, and one that cuts the line."""
    monkeypatch.setattr(obstores, "TRIES", 4)
    monkeypatch.setattr(obstores, "RETRYING", timedelta(seconds=20))
    there = stores["moto"].shown()
    put(there, release(1, more(1)))
    faults: Iterator[Fault | None] = iter([(503, "SlowDown"), None, "cut", None] * 200)
    lock = threading.Lock()

    def next_fault(asked: Asked) -> Fault | None:
        with lock:
            return next(faults)

    with between(stores["moto"].url, next_fault) as (url, server):
        put(at(there, endpoint=url), release(2, more(2), before=1))
    assert len(server.asked) > 30
    shows(there, more(2))


def test_no_more_than_two_pieces_of_a_file_share_the_line(stores: Mapping[str, Server]) -> None:
    """On a slow line more of them would each take too long."""
    there = stores["moto"].shown()
    put(there, release(1, more(1)))
    at_once, most, changed = 0, 0, threading.Condition()

    def counted(asked: Asked) -> None:
        nonlocal at_once, most
        if "partNumber" in asked.path:
            with changed:
                at_once += 1
                most = max(most, at_once)
                changed.notify_all()
                changed.wait_for(lambda: at_once > obstores.PIECES, timeout=0.3)  # others, if any come
                at_once -= 1

    with between(stores["moto"].url, counted) as (url, _):
        put(at(there, endpoint=url), release(2, {**more(2), "assets/film.mp4": bytes(range(256)) * 100_000}, before=1))
    assert 0 < most <= obstores.PIECES


def test_two_writes_at_the_very_same_moment_are_two_publishers(stores: Mapping[str, Server]) -> None:
    """S3 says so in words of its own."""
    there = stores["moto"].shown()
    put(there, release(1, more(1)))
    with between(stores["moto"].url, lambda asked: (409, "ConditionalRequestConflict") if WHEN["pointer"](asked) else None) as (url, _):
        assert told(at(there, endpoint=url)).code == "PM804"
    shows(there, more(1))


def test_google_takes_one_write_a_second_of_one_object(stores: Mapping[str, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """The pointer is written three times in a publish: what was too soon is tried again."""
    monkeypatch.setattr(obstores, "TRIES", 6)
    monkeypatch.setattr(obstores, "RETRYING", timedelta(seconds=20))
    tries: Counter[str] = Counter()

    def too_soon(asked: Asked) -> Fault | None:
        """Each write but the first, until it is tried again."""
        if asked.method != "PUT":
            return None
        tries[asked.path] += 1
        return (429, "SlowDown") if tries[asked.path] % 2 == 0 else None

    there = stores["google"].shown()
    with between(stores["google"].url, too_soon) as (url, _):
        put(at(there, endpoint=url), release(1, more(1)))
    assert max(tries.values()) > 2
    shows(there, more(1))


def test_credentials_of_a_session_go_with_their_token(stores: Mapping[str, Server]) -> None:
    """And the token stays away where there is none."""
    server = stores["moto"]
    with between(server.url, lambda asked: None) as (url, seen):
        put(at(server.shown(), {**server.secrets, "AWS_SESSION_TOKEN": "of-the-session"}, endpoint=url), release(1, more(1)))
        assert {asked.headers.get("x-amz-security-token") for asked in seen.asked} == {"of-the-session"}
        seen.asked.clear()
        put(at(server.shown(), endpoint=url), release(1, more(1)))
        assert {asked.headers.get("x-amz-security-token") for asked in seen.asked} == {None}


def test_nobody_at_the_address_is_told_at_once(stores: Mapping[str, Server]) -> None:
    with between("http://127.0.0.1:9", lambda asked: None) as (url, _):
        pass
    problem = told(at(stores["moto"].shown(), endpoint=url), 1, 0)
    assert (problem.code, "nobody answers there" in problem.message) == ("PM805", True)


def test_a_store_that_says_it_knows_no_conditions_is_published_to_all_the_same(stores: Mapping[str, Server]) -> None:
    """And the publisher is told."""

    def fault(asked: Asked) -> Fault | None:
        return (501, "NotImplemented") if {"If-Match", "If-None-Match"} & set(map(str.title, asked.headers)) else None

    there = stores["moto"].shown()
    with between(stores["moto"].url, fault) as (url, _):
        for version in (1, 2):
            steps = put(at(there, endpoint=url), release(version, more(version), before=version - 1))
            assert [step.what for step in steps].count("said") == 1
    shows(there, more(2))


def test_only_one_store_says_that_it_refuses_nobody(stores: Mapping[str, Server]) -> None:
    """rclone passes over conditions without a word."""
    for which, server in stores.items():
        steps = put(server.shown(), release(1, more(1)))
        assert [step.what for step in steps].count("said") == (which == "rclone"), which
