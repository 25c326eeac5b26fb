"""Many plans by one push or one deploy, where a host counts those: all of them, or those that can go, and one word for what stops all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.publish.contract import of_beta
from tests.publish.hosted import LIKENESSES, page, target
from tests.publish.published import Publisher, publisher, release, site
from tests.publish.remote import remote

from planmark.extensions.targets import Place, Release, Step, Together
from planmark.problems import PlanmarkError
from planmark.targets.git import Git
from planmark.targets.kinds import KINDS


@dataclass(frozen=True)
class Counted:
    """A target, what a reader gets there, and how often something was pushed or deployed."""

    target: Together
    place: Place
    get: Callable[[str, str], bytes | None]
    count: Callable[[], int]

    def put(self, *releases: Release) -> list[tuple[str, Step | PlanmarkError]]:
        """Put them out in one go."""
        return list(self.target.publish_together(self.place, releases))


def secret(name: str) -> str:
    """There is none."""
    raise PlanmarkError([])


@pytest.fixture(params=["git", *(one.kind for one in LIKENESSES)])
def there(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    with ExitStack() as stack:
        if request.param == "git":
            bare = remote(tmp_path / "remote.git")
            pushes = tmp_path / "pushes"
            hook = bare.folder / "hooks/post-receive"
            hook.parent.mkdir(exist_ok=True)
            hook.write_text(f"#!/bin/sh\ncat >/dev/null\necho pushed >> {pushes}\n", encoding="utf-8")
            hook.chmod(0o755)
            settings = {"kind": "git", "url": "http://127.0.0.1:9", "remote": str(bare.folder)}
            place = Place(name="live", settings=settings, workspace=tmp_path / "workspace", secret=secret)
            count = lambda: len(pushes.read_text().splitlines()) if pushes.exists() else 0  # noqa: E731
            yield Counted(Git(), place, lambda at, path: bare.get(f"{at}/{path}"), count)
            return
        fake = stack.enter_context(next(one for one in LIKENESSES if one.kind == request.param)())
        monkeypatch.setenv(fake.secret, fake.token)
        monkeypatch.setitem(KINDS, fake.kind, target(fake))  # type: ignore[arg-type]
        yield Counted(target(fake), fake.place(), lambda at, path: page(fake, at, path), lambda: len(fake.deploys))
        assert not fake.harm


def test_two_sites_go_out_by_one(there: Counted) -> None:
    """Each with its own steps; what the place has of both is read back whole, and each can go back by itself."""
    done = there.put(release(1, site(1)), of_beta(1, site(2)))
    assert there.count() == 1
    for at, contents in (("acme-k", site(1)), ("beta-k", site(2))):
        assert all(there.get(at, path) == data for path, data in contents.items())
        mine = [step for name, step in done if name == at and isinstance(step, Step)]
        assert {step.path for step in mine if step.what in ("sent", "kept")} == set(contents)
        assert [step.path for step in mine if step.what == "switched"] == [at]

    there.put(release(2, site(3), before=1, keep=1), of_beta(2, site(3), before=1))
    assert there.count() == 2
    assert there.get("acme-k", "index.html") == there.get("beta-k", "index.html") == site(3)["index.html"]
    assert there.get("acme-k", "assets/a.1.css") == site(1)["assets/a.1.css"]
    place, shown = there.place, KINDS[there.place.settings["kind"]]
    for at, first in (("acme-k", site(1)), ("beta-k", site(2))):
        newest, before = shown.versions(place, at)
        assert [file.path for file in newest.files] == list(site(3))
        entry = next(file for file in before.files if file.path == "index.html")
        assert shown.read(place, before, entry) == first["index.html"]


def test_one_that_cannot_go_stops_no_other(there: Counted) -> None:
    """Whoever was slower at one plan is told of that one; the other is out. Where none can go, nothing is pushed."""
    there.put(release(1, site(1)), of_beta(1, site(1)))
    done = there.put(release(3, site(3), before=2), of_beta(2, site(2), before=1))
    (stopped,) = [step for name, step in done if name == "acme-k"]
    assert isinstance(stopped, PlanmarkError)
    assert [problem.code for problem in stopped.problems] == ["PM804"]
    assert ("beta-k", Step("switched", "beta-k")) in done
    assert there.get("acme-k", "index.html") == site(1)["index.html"]
    assert there.get("beta-k", "index.html") == site(2)["index.html"]
    count = there.count()
    done = there.put(release(3, site(3), before=2), of_beta(3, site(3), before=1))
    assert [(name, isinstance(step, PlanmarkError)) for name, step in done] == [("acme-k", True), ("beta-k", True)]
    assert there.count() == count


def workspace(there: Counted, folder: Path) -> Publisher:
    """A workspace of three deals that publishes there."""
    ours = publisher(folder, "http://127.0.0.1:9", ("acme", "beta", "cobalt"))
    before, _, _ = (ours.small.root / "planmark.yaml").read_text(encoding="utf-8").partition("publish:\n")
    said = ", ".join(f"{name}: '{value}'" for name, value in there.place.settings.items())
    ours.small.write({"planmark.yaml": f"{before}publish:\n  live: {{{said}}}\n"})
    return ours


def test_all_plans_of_a_workspace_go_out_by_one(there: Counted, tmp_path: Path) -> None:
    """But for one with a mistake; then only what changed, and by one again."""
    ours = workspace(there, tmp_path / "ours")
    ours.small.replace("content/beta/plan.yaml", "owner: maria", "owner: mara")
    outcomes = {one.deal: one for one in ours.publish()}
    assert {name: one.result for name, one in outcomes.items()} == {"acme": "published", "beta": "refused", "cobalt": "published"}
    assert {problem.code for problem in outcomes["beta"].problems} == {"PM301"}
    assert there.count() == 1
    ours.small.replace("content/beta/plan.yaml", "owner: mara", "owner: maria")
    ours.small.replace("content/acme/plan.yaml", "Sign the agreement", "Sign today")
    assert [one.result for one in ours.publish()] == ["published", "published", "unchanged"]
    assert there.count() == 2
    for name, said in (("acme", b"Sign today"), ("beta", b"Sign the agreement"), ("cobalt", b"Sign the agreement")):
        (at,) = [one.site for one in ours.there().out().values() if one.deal == name]
        assert said in (there.get(at, "index.html") or b"")


def test_what_stops_all_is_said_once(there: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no plan has a version that nobody saw."""
    ours = workspace(there, tmp_path / "ours")

    def refuses(*_: object) -> Iterator[tuple[str, Step | PlanmarkError]]:
        from planmark.problems import Location, Problem

        yield from ()
        raise PlanmarkError(Problem("PM805", "the target cannot be written: it is full", Location("there"), "make room"))

    monkeypatch.setattr(type(KINDS[there.place.settings["kind"]]), "publish_together", refuses)
    outcomes = ours.publish()
    assert [one.result for one in outcomes] == ["refused"] * 3
    assert [problem.code for one in outcomes for problem in one.problems] == ["PM805"]
    assert not list((ours.small.root / "content").glob("*/versions/*"))
