"""Publishing to hosts of whole sites where something goes wrong: killed, two at once, refused, slow, cut off."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from tests.build.small import environment
from tests.publish.fakes.cloudflare import Cloudflare
from tests.publish.fakes.hosting import Asked, Fake, Said, data
from tests.publish.fakes.netlify import Netlify
from tests.publish.fakes.vercel import Vercel
from tests.publish.hosted import LIKENESSES, beta, page, put, target
from tests.publish.published import name, release, site

from planmark.extensions.targets import Release
from planmark.problems import PlanmarkError

TRIALS = 500 if os.environ.get("PLANMARK_TRIALS") == "full" else 20
Likeness = type[Fake]
every = pytest.mark.parametrize("likeness", LIKENESSES, ids=lambda one: one.kind)
KILLED_AT = """
import json, os, signal, sys
from pathlib import Path
from planmark.extensions.targets import Place
from planmark.targets import asking
from planmark.targets.kinds import KINDS
from tests.publish.published import release, site
real, count = asking.exchange, 0

def dying(request, timeout, limit):
    global count
    if count == order["left"] and not order["after"]:
        os.kill(os.getpid(), signal.SIGKILL)
    reply = real(request, timeout, limit)
    if count == order["left"]:
        os.kill(os.getpid(), signal.SIGKILL)
    count += 1
    return reply

asking.exchange = dying
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        settings = order["settings"]
        kind = type(KINDS[settings["kind"]])
        place = Place(name="live", settings=settings, workspace=Path("x"), secret=lambda name: order["token"])
        for step in kind(sleep=lambda seconds: None).publish(place, release(3, site(3), before=2, keep=1)):
            pass
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""For each line a publisher that kills itself before or after its nth request; its exit code."""


@pytest.fixture(scope="module")
def killing() -> Iterator[Callable[[Fake, int, bool], int]]:
    """Publish the third version, killed after so many requests; the exit code."""
    code, path = [sys.executable, "-c", KILLED_AT], f"{Path(__file__).parents[2]}"
    with subprocess.Popen(code, env=environment(PYTHONPATH=path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def kill(fake: Fake, left: int, after: bool) -> int:
            assert process.stdin
            assert process.stdout
            order = {"settings": fake.settings(), "token": fake.token, "left": left, "after": after}
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield kill
        process.stdin.close()


def begun(fake: Fake) -> None:
    """Two versions of one deal, of which the first goes with the third, and another deal."""
    put(fake, release(1, site(1)))
    put(fake, beta(1))
    put(fake, release(2, site(2), before=1, keep=1))


def out(fake: Fake, site: str = "acme-k") -> str:
    """The version that is out, after a look at what it loads."""
    body = page(fake, site) or b""
    missing = [path for path in re.findall(r'"(assets/[^"]+)"', body.decode()) if page(fake, site, path) is None]
    assert not missing
    assert body
    found = {one.site: one.version for one in target(fake).published(fake.place())}[site]
    assert f">{int(found[13:15])}</html>".encode() in body
    return found


@every
def test_killed_at_any_request_the_next_one_finishes(likeness: Likeness, killing: Callable[[Fake, int, bool], int]) -> None:
    """Readers have the second version whole, or the third; afterwards all is as if nobody had been killed."""
    with likeness() as fake:
        begun(fake)
        before = len(fake.asked)
        assert killing(fake, 10_000, False) == 0
        total = len(fake.asked) - before
    ends = [(number, after) for number in range(total) for after in (False, True)]
    seen = set()
    for number, after in sorted(Random(7).sample(ends, min(len(ends), TRIALS))):
        with likeness() as fake:
            begun(fake)
            assert killing(fake, number, after) == -9
            assert list(target(fake).published(fake.place()))  # what was asked for comes to its end meanwhile
            found = out(fake)
            assert found in (name(2), name(3)), (number, after)
            seen.add(found)
            put(fake, release(4, site(4), before=int(found[13:15]), keep=1))
            assert out(fake) == name(4)
            assert out(fake, "beta-k") == name(1)
            assert [one.version for one in target(fake).versions(fake.place(), "acme-k")] == [name(4), found]
            fake.now += timedelta(hours=1)
            put(fake, release(5, site(5), before=4, keep=1))
            assert len(fake.there()) <= 2, "what was left lies about"
            assert not fake.harm
    assert len(seen) == 2, "some are killed before the switch, some after it"


def told(fake: Fake, *releases: Release) -> str:
    """The codes of what stops a publisher; empty where nothing does."""
    done = target(fake).publish_together(fake.place(), releases)
    stopped = [step for _, step in done if isinstance(step, PlanmarkError)]
    return " ".join(problem.code for error in stopped for problem in error.problems)


def interleaved(fake: Fake, mine: Sequence[Release], theirs: Release, at: int, then: int) -> tuple[list[str], bool]:
    """One publisher stops before its nth request, another one before its mth; then the first goes on to its end, and after it the second.

    What stopped each of them, and whether both came so far.
    """
    first, reached, over = len(fake.asked), threading.Event(), threading.Event()
    found = ["", ""]
    seen = {"begun": 0, "both": 0}

    def second() -> None:
        found[1] = told(fake, theirs)
        reached.set()

    other = threading.Thread(target=second)

    def meanwhile(number: int, asked: Asked) -> None:
        if not seen["begun"] and number == first + at:
            seen["begun"] = number + 1
            other.start()
            reached.wait(30)
        elif seen["begun"] and number == seen["begun"] + then and not reached.is_set():
            seen["both"] = 1
            reached.set()
            over.wait(30)

    fake.before = meanwhile
    found[0] = told(fake, *mine)
    over.set()
    if seen["begun"]:
        other.join()
    fake.before = lambda number, asked: None
    return found, bool(seen["both"])


@every
def test_of_two_that_come_between_each_other_none_loses_what_it_put_out(likeness: Likeness) -> None:
    """Each is interrupted by the other, anywhere, or does all of its work there: two deals are both out; of one deal one is told, and the
    deals that went with it are out all the same."""
    with likeness() as fake:
        begun(fake)
        before = len(fake.asked)
        put(fake, release(3, site(3), before=2))
        total = len(fake.asked) - before
    pairs = [(at, then, meet) for at in range(total) for then in range(total) for meet in ("nowhere", "at one", "at one of two")]
    both = 0
    for at, then, meet in sorted(Random(8).sample(pairs, min(len(pairs), TRIALS))):
        with likeness() as fake:
            begun(fake)
            mine = [release(3, site(3), before=2), *([beta(2, before=1)] if meet == "at one of two" else [])]
            theirs = {"nowhere": beta(2, before=1), "at one": release(4, site(4), before=2), "at one of two": beta(3, before=1)}[meet]
            stopped, met = interleaved(fake, mine, theirs, at, then)
            both += met
            if meet == "at one of two":
                assert sorted(stopped) == ["", "PM804"], (at, then)
                assert out(fake) == name(3), (at, then)
                assert out(fake, "beta-k") == name(2 if stopped[1] else 3), (at, then)
            elif meet == "at one":
                assert sorted(stopped) == ["", "PM804"], (at, then)
                assert out(fake) == name(3 if stopped[1] else 4), (at, then)
                assert out(fake, "beta-k") == name(1), (at, then)
            else:
                assert stopped == ["", ""], (at, then)
                assert out(fake) == name(3), (at, then)
                assert out(fake, "beta-k") == name(2), (at, then)
            assert not fake.harm, (at, then)
    assert both > TRIALS // 3


@every
def test_whoever_is_overtaken_all_the_time_gives_up(likeness: Likeness) -> None:
    """Others publish before each of its switches: it says so, after some tries. The next publish finds all of theirs."""
    switches = {"netlify": "/restore", "vercel": "/promote/", "cloudflare-pages": "/deployments"}
    with likeness() as fake:
        begun(fake)
        theirs = [1]

        def meanwhile(number: int, asked: Asked) -> None:
            if asked.method == "POST" and f"{switches[fake.kind]}" in asked.path and not asked.path.startswith("/v13"):
                fake.before = lambda number, asked: None
                theirs.append(theirs[-1] + 1)
                put(fake, beta(theirs[-1], before=theirs[-2]))
                fake.before = meanwhile

        fake.before = meanwhile
        with pytest.raises(PlanmarkError, match=r"PM804.*all the time"):
            put(fake, release(3, site(3), before=2))
        fake.before = lambda number, asked: None
        assert len(theirs) > 4
        put(fake, beta(theirs[-1] + 1, before=theirs[-1]))
        assert out(fake, "beta-k") == name(theirs[-1] + 1)
        assert out(fake) in (name(2), name(3))
        assert not fake.harm


def refusing(fake: Fake, one: Release, place_token: str = "", timeout: float = 10.0) -> tuple[str, list[float]]:
    """The one message of a publisher that gives up, and how long it would have waited. What was out is out; no token is told to anybody."""
    waits: list[float] = []
    before, count = fake.live, len(fake.there())
    with pytest.raises(PlanmarkError) as error:
        list(target(fake, waits, timeout).publish(fake.place(place_token), one))
    (problem,) = error.value.problems
    assert problem.hint
    assert fake.token not in str(problem)
    assert not place_token or place_token not in str(problem)
    assert fake.live == before
    fake.answer = lambda asked: None
    assert len(fake.there()) == count, "a draft lies about"
    assert not fake.harm
    return str(problem), waits


@every
@pytest.mark.parametrize("token", ["wrong-token-0815", "two words", "schlüssel", "line\nbreak"])
def test_a_wrong_token_is_one_message(likeness: Likeness, token: str) -> None:
    with likeness() as fake:
        message, _ = refusing(fake, release(1, site(1)), token)
        assert fake.secret in message
        assert "PM702" in message or "(403)" in message
        assert not fake.deploys


@every
def test_a_site_that_is_not_there_is_one_message(likeness: Likeness) -> None:
    with likeness() as fake:
        for attribute in ("name", "project"):
            if hasattr(fake, attribute):
                known = fake.settings()
                setattr(fake, attribute, "another")
                fake.settings = lambda known=known: known  # type: ignore[method-assign,misc]
                break
        if isinstance(fake, Vercel):
            fake.project = "prj_another"
        message, _ = refusing(fake, release(1, site(1)))
        assert "knows nothing there (404)" in message
        assert "`site`" in message if isinstance(fake, Netlify) else "`project`" in message


@every
def test_where_there_is_no_room_it_is_one_message(likeness: Likeness) -> None:
    """And with room again it works."""
    with likeness() as fake:
        put(fake, release(1, site(1)))
        fake.quota = 30  # type: ignore[attr-defined]
        message, _ = refusing(fake, release(2, site(2), before=1))
        assert "takes no more" in message
        assert page(fake) == site(1)["index.html"]
        fake.quota = 1 << 20  # type: ignore[attr-defined]
        put(fake, release(2, site(2), before=1))
        assert page(fake) == site(2)["index.html"]


def once(times: int, said: Said, method: str = "") -> Callable[[Asked], Said | None]:
    """So many answers, and then the host's own."""
    left = [times]

    def answer(asked: Asked) -> Said | None:
        if left[0] and (not method or asked.method == method):
            left[0] -= 1
            return said
        return None

    return answer


@every
def test_a_busy_host_is_waited_for_as_long_as_it_says(likeness: Likeness) -> None:
    waits: list[float] = []
    with likeness() as fake:
        fake.answer = once(3, data({"message": "slow down"}, 429, Retry_After="7"))
        list(target(fake, waits).publish(fake.place(), release(1, site(1))))
        assert waits[:3] == [7, 7, 7]
        fake.answer = once(1, Said(cut=True), "POST")
        put(fake, release(2, site(2), before=1))
        assert out(fake) == name(2)


@every
@pytest.mark.parametrize(
    ("said", "words", "tries"),
    [
        (data({"message": "slow down"}, 429, Retry_After="3600"), "in 60 minutes", 1),
        (data({"message": "slow down"}, 429), "is still busy (429) after 5 tries", 5),
        (data({"error": {"message": "oops"}}, 500), "has trouble of its own (500) after 5 tries: oops", 5),
        (Said(cut=True), "broke off 5 times", 5),
        (data({"errors": [{"message": "no: token-of-the-team-4711 \x1b[31m"}]}, 409), "refuses the request (409): no: … [31m", 1),
    ],
    ids=["hour", "busy", "trouble", "cut", "echo"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_host_that_does_not_do_it_is_one_message(likeness: Likeness, said: Said, words: str, tries: int, method: str) -> None:
    """Whether it is at reading or at writing."""
    with likeness() as fake:
        put(fake, release(1, site(1)))
        fake.answer = once(100, said, method)
        message, waits = refusing(fake, release(2, site(2), before=1))
        assert words in message
        assert "PM805" in message
        assert len(waits) >= tries - 1
        assert page(fake) == site(1)["index.html"]
        put(fake, release(2, site(2), before=1))
        assert out(fake) == name(2)


@every
@pytest.mark.parametrize("body", [b"<h1>Sign in</h1>", b"{}", b"[]", b'{"success": true, "result": {}}', b"null", b"7"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_no_answer_of_the_hosts_is_one_message(likeness: Likeness, body: bytes, method: str) -> None:
    """As when a proxy stands between: a page to sign in, or JSON of somebody else's."""
    with likeness() as fake:
        put(fake, release(1, site(1)))
        fake.answer = once(100, Said(200, body), method)
        message, _ = refusing(fake, release(2, site(2), before=1))
        assert "PM805" in message


@every
def test_a_host_that_says_nothing_is_one_message(likeness: Likeness) -> None:
    with likeness() as fake:
        put(fake, release(1, site(1)))
        fake.answer = once(1, Said(stall=True), "POST")
        message, _ = refusing(fake, release(2, site(2), before=1), timeout=0.2)
        assert "says nothing within" in message


@every
def test_a_host_that_is_not_there_is_one_message(likeness: Likeness) -> None:
    with likeness() as fake:
        settings, place = fake.settings(), fake.place()
    with pytest.raises(PlanmarkError, match="cannot be reached") as error:
        list(target(fake).publish(place, release(1, site(1))))
    assert [problem.code for problem in error.value.problems] == ["PM805"]
    assert settings["api"]


def failing(said: object) -> Callable[[Asked], Said | None]:
    """A new deploy comes to nothing."""
    return lambda asked: data(said) if asked.method == "POST" and asked.path.endswith(("/deploys", "/deployments")) else None


def test_a_deploy_that_fails_at_the_host_leaves_what_was_out() -> None:
    """Its own word for it is told."""
    failed = {
        Netlify: {"id": "x", "state": "error", "error_message": "post-processing failed"},
        Vercel: {"id": "x", "readyState": "ERROR", "errorMessage": "the build container stopped"},
        Cloudflare: {"success": True, "result": {"id": "x", "latest_stage": {"name": "deploy", "status": "failure"}}},
    }
    for likeness, said in failed.items():
        with likeness() as fake:
            put(fake, release(1, site(1)))
            fake.answer = failing(said)
            message, _ = refusing(fake, release(2, site(2), before=1))
            assert "failed" in message
            assert page(fake) == site(1)["index.html"]
