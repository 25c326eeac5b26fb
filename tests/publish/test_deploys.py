"""Hosts that replace the whole site at each deploy, against likenesses of Netlify, Vercel and Cloudflare Pages."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import pytest
from tests.publish.contract import PROMISES, Promise, Shown
from tests.publish.fakes.cloudflare import Cloudflare
from tests.publish.fakes.hosting import Fake, data
from tests.publish.fakes.netlify import Netlify
from tests.publish.hosted import LIKENESSES, beta, get, page, put, target
from tests.publish.published import release, site

from planmark.extensions.targets import Place
from planmark.plan.headers import FOREVER, HEADERS
from planmark.problems import PlanmarkError
from planmark.targets import cloudflare, netlify
from planmark.targets.kinds import KINDS


@pytest.fixture(params=LIKENESSES, ids=lambda one: one.kind)
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with request.param() as one:
        yield one
        assert not one.harm


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.__name__)
def test_it_keeps_the_promises_of_every_target(fake: Fake, promise: Promise) -> None:
    promise(Shown(target(fake), fake.place(), lambda site, path: page(fake, site, path)))


def test_what_is_remembered_lies_where_only_the_api_tells(fake: Fake) -> None:
    """In a folder by chance, another one each time. Nothing that is shown names it; a page has no ending there."""
    folders = set()
    for version in (1, 2):
        put(fake, release(version, site(version), before=version - 1))
        live = fake.deploys[fake.live]
        (folder,) = {path.partition("/")[0] for path in live.files if path.startswith("planmark-")}
        assert len(folder) == len("planmark-") + 32
        folders.add(folder)
        assert not [path for path in live.files if path.startswith(folder) and path.endswith(".html")]
        for path in ("/", "/404.html", "/nobody", "/acme-k/", f"/{folder[:-1]}/state", f"/{folder}/", "/_headers", "/vercel.json"):
            _, body, headers = get(fake, path)
            assert folder.encode() not in body, path
            assert folder not in str(headers), path
    assert len(folders) == 2


def test_every_answer_has_the_headers_that_are_asked_for(fake: Fake) -> None:
    """Pages, assets and what is not there; at Cloudflare no other site's scripts may read along."""
    put(fake, release(1, site(1)))
    for path in ("/acme-k/", "/acme-k/assets/same.css", "/nobody/here", "/"):
        status, _, headers = get(fake, path)
        assert status == (404 if "nobody" in path else 200)
        assert {name.lower(): headers.get(name.lower()) for name in HEADERS} == {name.lower(): value for name, value in HEADERS.items()}
        assert "access-control-allow-origin" not in headers
        assert (headers["cache-control"] == FOREVER) == ("assets" in path)


def test_old_deploys_go_and_nothing_shows_what_was_taken_down(fake: Fake) -> None:
    """A deploy stays at its own address while it is there: the one just before may, but none that shows a plan that is gone."""
    for version in (1, 2, 3, 4):
        put(fake, release(version, site(version), before=version - 1))
    put(fake, beta(1))
    assert len(fake.there()) == 2
    theirs = fake.add({}, "a draft of somebody else's", target="preview", draft=True, branch="feature", headers="")
    put(fake, release(5, {"index.html": b"gone"}, before=4, keep=0))
    left = [one for one in fake.there() if one is not theirs]
    assert [one.id for one in left] == [fake.live]
    shown = {path for path in left[0].files if path.startswith("acme-k/")}
    assert shown == {"acme-k/index.html"}
    held = {fake.contents[digest] for path, digest in left[0].files.items() if not path.startswith("beta-k/")}
    assert not held & {*site(2).values(), *site(3).values()} - set(site(1).values())


def test_a_deploy_that_cannot_be_deleted_is_told_of_where_it_matters(fake: Fake) -> None:
    """After a plan was taken down; else the next publish does it."""
    put(fake, release(1, site(1)))
    put(fake, release(2, site(2), before=1))
    fake.answer = lambda asked: data({"message": "not today"}, 405) if asked.method == "DELETE" else None
    put(fake, release(3, site(3), before=2))
    with pytest.raises(PlanmarkError, match="by hand") as told:
        put(fake, release(4, {"index.html": b"gone"}, before=3, keep=0))
    assert [problem.code for problem in told.value.problems] == ["PM805"]
    assert page(fake) == b"gone"
    fake.answer = lambda asked: None
    put(fake, beta(1))
    put(fake, beta(2, before=1))
    assert len(fake.there()) == 2


def test_a_new_deploy_is_waited_for_until_it_is_seen(fake: Fake) -> None:
    """So that it is not said to be another. What never comes is not waited for for long: whoever fetches all of it tells."""
    waits: list[float] = []
    put(fake, release(1, {**site(1), "index.html": site(1)["index.html"] * 9}))
    fake.lag = 3
    list(target(fake, waits).publish(fake.place(), release(2, site(2), before=1)))
    assert fake.lag == 0
    assert waits[-3:] == [1.0, 1.0, 1.0]
    fake.lag = 1000
    list(target(fake, waits).publish(fake.place(), release(3, site(3), before=2)))
    assert 10 < 1000 - fake.lag < 40


def test_a_site_of_somebody_elses_is_not_replaced(fake: Fake) -> None:
    theirs = fake.add({}, "Our marketing site", target="production", draft=False, branch="main", headers="")
    theirs.state, fake.live = "READY" if fake.kind == "vercel" else "ready", theirs.id
    with pytest.raises(PlanmarkError, match="a site of its own"):
        put(fake, release(1, site(1)))
    assert fake.live == theirs.id
    assert len(fake.deploys) == 1


def test_what_the_host_forgot_is_fetched_from_what_is_out_and_sent_again(fake: Fake) -> None:
    put(fake, release(1, site(1)))
    put(fake, beta(1))
    fake.forgotten = set(fake.contents)
    put(fake, release(2, site(2), before=1))
    assert page(fake, "beta-k") == site(1)["index.html"]
    assert page(fake, path="assets/a.1.css") == site(1)["assets/a.1.css"]
    assert not fake.forgotten & set(fake.deploys[fake.live].files.values())


def test_what_a_host_changed_is_not_carried_on(fake: Fake) -> None:
    put(fake, release(1, site(1)))
    for digest, content in fake.contents.items():
        if content == site(1)["assets/a.1.css"]:
            fake.contents[digest] = b"minified"
            fake.forgotten = {digest}
    before = fake.live
    with pytest.raises(PlanmarkError, match="PM806"):
        put(fake, release(2, site(2), before=1))
    assert fake.live == before


def test_a_file_that_changes_while_it_is_published_is_told_of(fake: Fake) -> None:
    made = release(1, site(1))
    with pytest.raises(PlanmarkError, match="PM806"):
        put(fake, replace(made, read=lambda file: b"something else"))
    assert not fake.live


def test_a_state_that_cannot_be_read_is_not_replaced(fake: Fake) -> None:
    """A later Planmark's, or one that was spoilt: what it tells of would be lost."""
    put(fake, release(1, site(1)))
    live = fake.deploys[fake.live]
    digest = next(digest for path, digest in live.files.items() if path.endswith("/state"))
    fake.contents[digest] = zlib.compress(b'{"format": 2}')
    with pytest.raises(PlanmarkError, match="PM805"):
        put(fake, release(2, site(2), before=1))
    assert page(fake) == site(1)["index.html"]


def test_what_is_too_large_or_too_much_is_said_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with Cloudflare() as fake:
        with pytest.raises(PlanmarkError, match=r"plan\.pdf has 26 MiB, and Cloudflare Pages takes 25"):
            put(fake, release(1, {**site(1), "plan.pdf": bytes(26 * 2**20)}))
        monkeypatch.setattr(cloudflare._Project, "__init__", partialmethod(cloudflare._Project.__init__, most=5))
        with pytest.raises(PlanmarkError, match="and Cloudflare Pages takes 5"):
            put(fake, release(1, site(1)))
        assert not fake.contents


def test_many_files_are_worked_out_in_the_background_or_sent_in_several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """At Netlify, which wants `async` then, and at Cloudflare, which takes so many at once."""
    monkeypatch.setattr(netlify, "MANY", 2)
    monkeypatch.setattr(Netlify, "many", 2)
    monkeypatch.setattr(cloudflare, "BUCKET_FILES", 2)
    for likeness in (Netlify, Cloudflare):
        with likeness() as fake:
            put(fake, release(1, site(1)))
            put(fake, release(2, site(2), before=1))
            assert page(fake) == site(2)["index.html"]
            assert fake.kind == "netlify" or sum(asked.path.endswith("/upload") for asked in fake.asked) > 3


@pytest.mark.parametrize(
    ("kind", "settings", "told"),
    [
        ("netlify", {}, "write `site:`"),
        ("vercel", {}, "write `project:`"),
        ("cloudflare-pages", {"project": "p"}, "write `account:`"),
        ("cloudflare-pages", {"account": "a"}, "write `project:`"),
        ("netlify", {"site": "s", "api": "http://api.example.com"}, "everybody on the way could read along"),
        ("vercel", {"project": "p", "api": "ftp://x"}, "does not start with https://"),
        ("netlify", {"site": "s"}, ""),
        ("vercel", {"project": "p"}, ""),
        ("cloudflare-pages", {"account": "a", "project": "p"}, ""),
    ],
)
def test_settings_say_what_to_write(kind: str, settings: dict[str, str], told: str) -> None:
    found = KINDS[kind].wrong(Place(name="live", settings=settings, workspace=Path("nowhere"), secret=lambda name: name))
    assert told in found if told else not found


def test_without_what_makes_digests_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudflare, "find_spec", lambda name: None)
    place = Place(name="live", settings={"account": "a", "project": "p"}, workspace=Path("nowhere"), secret=lambda name: name)
    assert "planmark[cloudflare]" in KINDS["cloudflare-pages"].wrong(place)
