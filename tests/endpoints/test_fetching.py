"""What goes wrong on the way is told in words that help, and never with the secret in them."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tests.endpoints.fakes.apps_script import AppsScript
from tests.endpoints.fakes.formspree import Formspree
from tests.endpoints.fakes.serving import Said, data, page, redirect
from tests.endpoints.likenesses import PLAN, Tried
from tests.ports import free_port

from planmark.endpoints.fetching import TRIES, fetch, fetch_file
from planmark.extensions import Request, SentFile
from planmark.problems import Location, PlanmarkError, Problem

FIELDS = {"pm_plan": PLAN, "pm_kind": "done", "pm_item": "task/nda", "pm_event": "event-0001"}


def told(tried: Tried, *faults: Said, cursor: str = "") -> Problem:
    """The one problem of a read that meets those faults."""
    tried.fake.faults.extend(faults)
    with pytest.raises(PlanmarkError) as caught:
        tried.read(cursor)
    (problem,) = caught.value.problems
    assert tried.fake.token not in str(problem)
    assert problem.hint
    assert problem.location.path == "planmark.yaml"
    return problem


def test_a_secret_that_is_missing(read: Tried) -> None:
    def secret(name: str) -> str:
        raise PlanmarkError(Problem("PM702", f"{name} is not set", Location("planmark.yaml")))

    with pytest.raises(PlanmarkError, match="PLANMARK_ENDPOINT_TOKEN is not set"):
        read.read(secret=secret)
    assert not read.fake.asked


@pytest.mark.parametrize("wrong", ["", "  ", "two\nlines", "schlüssel", "a\x00b"])
def test_a_secret_that_no_header_can_hold(read: Tried, wrong: str) -> None:
    with pytest.raises(PlanmarkError, match="PM702"):
        read.read(secret=lambda name: wrong)
    assert not read.fake.asked


def test_a_wrong_or_expired_key(read: Tried) -> None:
    with pytest.raises(PlanmarkError) as caught:
        read.read(secret=lambda name: "another-key")
    (problem,) = caught.value.problems
    assert problem.code == ("PM705" if read.settings["kind"] == "apps-script" else "PM702")
    assert "secret" in problem.message
    assert "another-key" not in str(problem)


def test_a_busy_service_is_waited_for_as_long_as_it_says(read: Tried) -> None:
    read.fake.keep(FIELDS)
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    read.fake.faults.extend([data({}, 429, Retry_After="7"), data({}, 429), data({}, 503, Retry_After=soon)])
    assert [one.fields["pm_event"] for one in read.records()] == ["event-0001"]
    assert read.slept[:2] == [7.0, 4.0]
    assert 0 < read.slept[2] <= 60


def test_a_service_that_stays_busy(read: Tried) -> None:
    problem = told(read, *[data({}, 429, Retry_After="1")] * TRIES)
    assert "busy" in problem.message
    assert len(read.slept) == TRIES - 1


def test_a_service_that_wants_a_long_pause_is_not_waited_for(read: Tried) -> None:
    problem = told(read, data({}, 429, Retry_After="3600"))
    assert "60 minutes" in problem.hint
    assert not read.slept


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (data({}, 500), "trouble of its own (500)"),
        (data({}, 503), "trouble of its own (503)"),
        (data({}, 403), "does not allow it (403)"),
        (data({}, 404), "knows nothing there (404)"),
        (data({}, 400), "refuses the request (400)"),
        (Said(200, b'{"submissions": [', {"Content-Type": "application/json"}), "no JSON can be read from it"),
        (Said(200, b"[" * 100_000, {"Content-Type": "application/json"}), "no JSON can be read from it"),
        (Said(200, b"[{}", {"Content-Type": "application/json"}, cut=9), "breaks off in the middle"),
        (data({"message": "fine"}), "there is no list"),
        (data("fine"), "there is no list"),
        (page("Sign in"), "a web page instead of data"),
        (Said(200, b"\n<html>", {"Content-Type": "application/json"}), "a web page instead of data"),
        (redirect("https://login.example/"), "leads to another host, login.example"),
        (redirect("http://127.0.0.1:9/"), "leads to another host, 127.0.0.1"),
        (redirect("//["), "leads to another host"),
        (redirect("http://forms.example/"), "leads to another host"),
        (redirect("file:///etc/passwd"), "leads to another host"),
        (Said(302), "leads elsewhere"),
    ],
)
def test_an_answer_that_cannot_be_used(read: Tried, fault: Said, message: str) -> None:
    if read.settings["kind"] == "netlify" and fault.body == b"fine":
        pytest.skip("a list of its own")
    assert message in told(read, fault).message


def test_what_is_unknown_may_not_have_been_told_to_a_receiver(read: Tried) -> None:
    assert "`planmark receiver register`" in told(read, data({}, 404)).hint


def test_what_a_service_says_of_an_error_is_passed_on_without_tricks(read: Tried) -> None:
    if read.settings["kind"] == "netlify":
        pytest.skip("its list has no room for it")
    problem = told(read, data({"error": {"message": "form is \x1b[31marchived\u202e"}}))
    assert "form is [31marchived" in problem.message
    assert "\x1b" not in problem.message


def test_redirects_in_a_circle() -> None:
    with Formspree() as fake:
        problem = told(Tried(fake), *[redirect("/api/0/round")] * 9)
        assert "from redirect to redirect" in problem.message


def test_the_answer_of_a_script_is_fetched_where_it_leads() -> None:
    with AppsScript() as fake:
        fake.keep(FIELDS)
        assert len(Tried(fake).records()) == 1
        assert [one.path for one in fake.asked][:2] == [f"/macros/s/{fake.script}/exec", "/macros/echo"]


def test_an_answer_that_is_too_large() -> None:
    with Formspree() as fake:
        fake.keep({**FIELDS, "pm_text": "x" * 5000})
        tried = Tried(fake)
        with pytest.raises(PlanmarkError, match="sends more than 1,000 bytes"):
            list(tried.endpoint.read(tried.settings, tried.secret, lambda request: fetch(request, limit=1000), ""))


def test_nobody_is_there() -> None:
    with pytest.raises(PlanmarkError, match="cannot be reached: Connection refused"):
        fetch(Request(f"http://127.0.0.1:{free_port()}/v1/events"))


def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(PlanmarkError, match="says nothing within"):
        fetch(Request(f"http://127.0.0.1:{silent.getsockname()[1]}/"), timeout=0.05)


def test_a_body_that_drips_is_cut_off() -> None:
    """Each byte comes in time; all of them would take for ever."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
                try:
                    while not stop.wait(0.02):
                        connection.sendall(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(PlanmarkError, match="says nothing within"):
                fetch(Request(f"http://127.0.0.1:{server.getsockname()[1]}/"), timeout=0.2)
        finally:
            stop.set()
            thread.join()


@pytest.mark.parametrize(
    "url",
    ["http://forms.example/v1", "ftp://forms.example/", "https://user:pw@forms.example/", "https://", "file:///etc/passwd", "https://[::1"],
)
def test_only_https_or_this_machine_is_spoken_to(url: str) -> None:
    with pytest.raises(PlanmarkError, match="cannot be asked") as caught:
        fetch(Request(url))
    assert "pw" not in str(caught.value)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Formspree() as proxy, Formspree() as fake:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        Tried(fake).read()
        assert not proxy.asked


def addresses(*found: str) -> object:
    def lookup(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    return lookup


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.5.5", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"),
        *("::1", "fe80::1%eth0", "fd00::5", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::", "ff02::1"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_name_that_leads_into_a_private_network_is_not_followed(monkeypatch: pytest.MonkeyPatch, address: str, first: bool) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", addresses(*([address, "8.8.8.8"] if first else ["8.8.8.8", address])))
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    with pytest.raises(PlanmarkError, match="leads into a private network"):
        fetch_file(Request("https://files.example/a.pdf", own=False), 1000)


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def connect(address: object, timeout: float) -> socket.socket:
        seen.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", addresses("8.8.8.8"))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(PlanmarkError, match="cannot be reached"):
        fetch_file(Request("https://files.example/a.pdf", own=False), 1000)
    assert seen == [("8.8.8.8", 443)]


@pytest.mark.parametrize(
    "url",
    [
        *("https://evil.example/a.pdf", "http://formspree.io/a.pdf", "https://formspree.io.evil.example/a", "https://notformspree.io/a"),
        *("https://formspree.io:8443/a", "https://x@formspree.io/a", "https://[::1", "https://formspree.io\\@evil.example/", "data:,x"),
        *("http://127.0.0.1:1/a", "https://formspree.io /a"),
    ],
)
def test_a_file_elsewhere_is_not_fetched(url: str) -> None:
    with Formspree() as fake:
        tried = Tried(fake)
        with pytest.raises(PlanmarkError, match="a file lies on"):
            tried.endpoint.file(tried.settings, tried.secret, SentFile("a.pdf", url))


def test_a_file_of_the_services_own_hosts_is_asked_for_without_the_secret() -> None:
    with Formspree() as fake:
        tried = Tried(fake)
        for url in ("https://formspree.io/files/a.pdf", "https://cdn.formspree.io/a.pdf"):
            request = tried.endpoint.file(tried.settings, tried.secret, SentFile("a.pdf", url))
            assert not request.own
            assert not request.headers
        settings = {**tried.settings, "file_hosts": "files.example, .cdn.example"}
        assert tried.endpoint.file(settings, tried.secret, SentFile("a", "https://eu.cdn.example/a")).url == "https://eu.cdn.example/a"


def test_a_file_that_is_gone_or_leads_elsewhere() -> None:
    with Formspree() as fake:
        with pytest.raises(PlanmarkError, match=r"does not hand out the file \(404\)"):
            fetch_file(Request(f"{fake.url}/files/x/a.pdf"), 100)
        fake.faults.append(redirect("https://evil.example/a.pdf"))
        with pytest.raises(PlanmarkError, match=r"another host, evil\.example"):
            fetch_file(Request(f"{fake.url}/files/x/a.pdf", {"Authorization": "Bearer k"}, hosts=(".formspree.io",)), 100)
