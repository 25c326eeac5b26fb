"""A protected plan goes out, is revoked, rolled back and taken down: nothing at the target tells whose it is, and no old key opens it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.build.protected import KEYS, OTHER_KEY, PLAN, SETTINGS, SITE, TEAM_KEY, Change, given, key_by_link, read_with, traces, with_key
from tests.build.small import TODAY, plan, tree
from tests.publish.published import NOW, Publisher, got, publisher, serving

from planmark.content.access.giving import give, renew, revoke
from planmark.content.acting import load_one
from planmark.content.starting import hand_off
from planmark.content.versions import VERSIONS
from planmark.extensions.targets import Published
from planmark.plan.tokens import fingerprint
from planmark.problems import PlanmarkError, Problem
from planmark.publish.doctor import examine
from planmark.publish.undoing import published, rollback, unpublish
from planmark.site.sealed.reading import NotOpenError
from planmark.targets.directory import Directory


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A workspace whose first deal is protected, with a web server that shows its folder."""
    with_key(monkeypatch)
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        made = publisher(tmp_path, url)
        made.small.write({"planmark.yaml": f"{SETTINGS}publish:\n  live: {{kind: directory, path: ../www, url: '{url}'}}\n"})
        made.small.write({PLAN: plan("Rollout for acme", more="access: passphrase")})
        yield made


def refused(do: object) -> Problem:
    """Why something is refused."""
    with pytest.raises(PlanmarkError) as caught:
        do()  # type: ignore[operator]  # whatever is to be done
    (problem,) = caught.value.problems
    return problem


def versions(ours: Publisher, site: str = SITE) -> tuple[Published, ...]:
    """The versions that are at the target."""
    there = ours.there()
    return there.target.versions(there.place, site)


def opens(ours: Publisher, change: Change, site: str = SITE) -> bool:
    """Whether somebody's link opens what is out, to the last file."""
    key = key_by_link(ours.www / site, change)
    return key is not None and b"Rollout for acme" in read_with(_own(ours, site), key)["index.html"]


def _own(ours: Publisher, site: str) -> Path:
    """What is out of a site, as it was built: without what is kept of the versions before."""
    (now,) = versions(ours, site)[:1]
    folder = ours.www.parent / "own"
    for file in now.files:
        target = folder / now.version / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ours.www / site / file.path).read_bytes())
    return folder / now.version


def test_it_ends_with_a_link_that_opens(ours: Publisher) -> None:
    """And tells nobody whose plan it is: not in the address, not in any file, not in what the target remembers."""
    change = given(ours.small)
    outcome = ours.one()
    assert outcome.address == f"{ours.url}/{SITE}/"
    assert got(outcome.address)[0] == 200
    assert opens(ours, change)
    assert not traces(ours.www, ["acme", "Northwind", "Rollout", "Maria Lindqvist"])
    assert change.kept
    assert not traces(ours.www, [change.kept.passphrase, change.kept.fragment[2:], TEAM_KEY.hex()])
    assert ours.one().result == "unchanged"


def test_who_has_the_key_sees_its_name(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    given(ours.small)
    ours.publish()
    assert [row.deal for row in published(ours.there(), TODAY)] == ["acme", "beta"]
    monkeypatch.delenv("PLANMARK_KEY")
    hidden, other = sorted((row.deal for row in published(ours.there(), TODAY)), reverse=True)
    assert other == "beta"
    assert hidden.startswith("~")
    said = "\n".join(f"{one.text} → {one.hint}" for one in examine(ours.small.root, "", NOW) if one.about == "target live")
    assert f"{hidden} is out, and not as it is here: it is protected, and its folder or the team's key is not here → bring them" in said
    assert f"planmark unpublish {hidden} --at live" in said
    assert "the team's key" in refused(lambda: unpublish(ours.there(), "acme", ours.tick())).hint


def test_nobody_has_access_so_nothing_goes_out(ours: Publisher) -> None:
    """The others do; no version is added to the plan, and what was out, open as it was, is out still."""
    assert {one.deal: one.result for one in ours.publish()} == {"acme": "refused", "beta": "published"}
    assert not (ours.small.root / "content/acme" / VERSIONS).exists()
    assert not (ours.www / SITE).exists()


def test_a_plan_that_becomes_protected_moves_and_nothing_open_stays(ours: Publisher) -> None:
    """Its drafts go, too."""
    ours.small.write({PLAN: plan("Rollout for acme")})
    open_one, draft = ours.one(), ours.one(draft=True)
    ours.small.write({PLAN: plan("Rollout for acme", more="access: passphrase")})
    given(ours.small)
    outcome = ours.one()
    assert set(outcome.retired) == {open_one.address, draft.address}
    for address in outcome.retired:
        assert b"no longer here" in got(address)[1]
    assert not traces(ours.www, ["Rollout for acme"])


def test_a_draft_has_a_link_that_tells_nothing(ours: Publisher) -> None:
    """Not even where the plan itself will be."""
    change = given(ours.small)
    ours.small.write({PLAN: plan("Rollout for acme")})
    assert "acme-draft-" in ours.one(draft=True).address
    ours.small.write({PLAN: plan("Rollout for acme", more="access: passphrase")})
    address = ours.one(draft=True).address
    site = address.rstrip("/").rpartition("/")[2]
    assert site.startswith("draft-")
    assert SITE not in address
    assert opens(ours, change, site)
    ours.small.replace(PLAN, "Sign the agreement", "Sign all of it")
    assert ours.one(draft=True).address == address


def test_after_a_revocation_nothing_of_before_is_left(ours: Publisher) -> None:
    """No object, no version, no draft: the one who was revoked opens nothing, and the others all of it."""
    maria, everyone = given(ours.small), given(ours.small, "everyone")
    ours.one()
    ours.small.replace(PLAN, "Sign the agreement", "Sign all of it")
    ours.one()
    draft = ours.one(draft=True)
    assert len(versions(ours)) == 2
    old = key_by_link(ours.www / SITE, everyone)
    assert old
    before = {path.name for path in ours.www.rglob("*.bin")}
    revoke(ours.small.root, "acme", "everyone")
    outcome = ours.one()
    assert outcome.retired == [draft.address]
    assert len(versions(ours)) == 1
    assert before.isdisjoint(path.name for path in ours.www.rglob("*.bin"))
    assert opens(ours, maria)
    assert key_by_link(ours.www / SITE, everyone) is None
    with pytest.raises(NotOpenError):
        read_with(_own(ours, SITE), old)


def test_a_publisher_that_was_killed_before_it_removed_the_rest_is_finished_by_the_next(
    ours: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though what is out is what was built."""
    given(ours.small)
    given(ours.small, "everyone")
    ours.one()
    revoke(ours.small.root, "acme", "everyone")
    real = Directory.publish

    def kept(self: Directory, place: object, release: object) -> object:
        yield from real(self, place, replace(release, keep=5))  # type: ignore[arg-type, type-var]  # as it would stand if it was killed

    with monkeypatch.context() as patch:
        patch.setattr(Directory, "publish", kept)
        ours.one()
    assert len({one.sealed for one in versions(ours)}) == 2
    assert ours.one().result == "published"
    assert len(versions(ours)) == 1
    assert ours.one().result == "unchanged"


@pytest.mark.parametrize("when", ["out", "taken down", "somebody else was kept out at the same time"])
def test_an_older_list_lets_nobody_in_again(ours: Publisher, when: str) -> None:
    """As on a machine that has not heard yet that somebody was kept out, or after a merge that took the wrong side."""
    change, _ = given(ours.small, "maria"), given(ours.small, "tom")
    ours.one()
    file = ours.small.root / "content/acme/access.json"
    older = file.read_bytes()
    revoke(ours.small.root, "acme", "maria")
    ours.one()
    if when == "taken down":
        unpublish(ours.there(), "acme", ours.tick())
    file.write_bytes(older)
    if when.startswith("somebody"):
        revoke(ours.small.root, "acme", "tom")
    before = tree(ours.www / ".planmark")
    (outcome,) = ours.publish("acme")
    (problem,) = outcome.problems
    assert (outcome.result, problem.code, str(problem.location)) == ("refused", "PM808", "content/acme/access.json")
    assert tree(ours.www / ".planmark") == before
    renew(ours.small.root, "acme")
    renew(ours.small.root, "acme")
    assert ours.one().result == "published", "whoever has lost the later list goes on from this one"
    assert opens(ours, change)


def test_a_plan_that_is_handed_on_and_locked_then_leaves_nothing_open(ours: Publisher) -> None:
    """It was out under the name of the plan before it, at the address that tells whose it is."""
    ours.small.write({PLAN: plan("Rollout for acme")})
    open_at = ours.one().address
    hand_off(ours.small.root, "acme", "acme-run", "onboarding", "", None, TODAY)
    path = ours.small.root / "content/acme-run/plan.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\naccess: passphrase\n", encoding="utf-8")
    give(ours.small.root, "acme-run", "everyone", TODAY, label=True)
    (outcome,) = ours.publish("acme-run")
    assert (outcome.result, outcome.retired) == ("published", [open_at])
    assert b"no longer here" in got(open_at)[1]
    assert not traces(ours.www, ["Rollout for acme"])


def test_rollback_stays_within_an_epoch(ours: Publisher) -> None:
    """An earlier version that whoever was revoked could open is not put out again, nor one that lies open."""
    change = given(ours.small)
    ours.one()
    given(ours.small, "everyone")
    ours.one()
    done = rollback(ours.there(), "acme", "", ours.tick())
    assert done.addresses == (f"{ours.url}/{SITE}/",)
    assert opens(ours, change)
    revoke(ours.small.root, "acme", "everyone")
    problem = refused(lambda: rollback(ours.there(), "acme", "", ours.tick()))
    assert (problem.code, problem.hint) == ("PM807", "correct the plan, and publish it: planmark publish acme")
    ours.one()
    assert "no earlier version" in refused(lambda: rollback(ours.there(), "acme", "", ours.tick())).message


def test_an_open_version_is_not_put_out_again(ours: Publisher) -> None:
    ours.small.write({PLAN: plan("Rollout for acme")})
    ours.one()
    ours.small.replace(PLAN, "Sign the agreement", "Sign all of it")
    ours.one()
    ours.small.write({PLAN: plan("Rollout for acme", more="access: passphrase")})
    given(ours.small)
    assert refused(lambda: rollback(ours.there(), "acme", "", ours.tick())).code == "PM807"


def test_it_is_taken_down_like_any_other(ours: Publisher) -> None:
    """And even then its name is nowhere."""
    given(ours.small)
    ours.one()
    undone = unpublish(ours.there(), "acme", ours.tick())
    assert undone.addresses == (f"{ours.url}/{SITE}/",)
    assert not list(ours.www.rglob("*.bin"))
    assert not traces(ours.www, ["acme", "Northwind"])
    assert ours.one().result == "published"


@pytest.mark.parametrize("what", ["an internal text", "a key", "a passphrase", "an object that does not open"])
def test_what_is_sealed_is_searched_all_the_same(ours: Publisher, what: str) -> None:
    """It is opened with the plan's key first, which proves that it opens."""
    change = given(ours.small)
    ours.one()
    before = tree(ours.www / SITE)
    assert change.kept
    note = "We would go down to half of it"
    text = {"an internal text": note, "a key": KEYS.split()[0], "a passphrase": change.kept.passphrase}.get(what, "")
    ours.small.write(
        {
            PLAN: plan(
                "Rollout for acme",
                more=f"access: passphrase\ninternal: {{notes: {note}}}\nresources: [{{id: file, title: A file, file: file.svg}}]",
            ).replace("resources: []\n", "")
        }
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>{text}</title><path d="M0 0h8v8H0z"/></svg>'
    ours.small.write({"content/acme/file.svg": svg})
    if not text:
        ours.small.build()
        garbled = next((ours.small.sites / SITE).glob("assets/*.bin"))
        said = garbled.stat()
        data = bytearray(garbled.read_bytes())
        data[-1] ^= 1
        garbled.write_bytes(bytes(data))
        os.utime(garbled, ns=(said.st_atime_ns, said.st_mtime_ns))
    (outcome,) = ours.publish("acme")
    assert outcome.result == "refused"
    (problem,) = outcome.problems
    assert problem.code == ("PM803" if text else "PM808")
    assert (text if what == "an internal text" else "is in it" if text else "does not open") in problem.message
    if what != "an internal text":
        assert not text or text not in problem.message
    assert tree(ours.www / SITE) == before


def test_an_expired_one_is_taken_down(ours: Publisher) -> None:
    given(ours.small)
    ours.one()
    ours.small.write({PLAN: plan("Rollout for acme", more="access: passphrase\nexpires: 2026-11-01")})
    (outcome,) = ours.publish("acme")
    assert (outcome.result, outcome.retired) == ("ended", [f"{ours.url}/{SITE}/"])
    assert not list(ours.www.rglob("*.bin"))


def test_another_team_key_is_another_epoch(ours: Publisher) -> None:
    """The signing key signs new lists; after it was exchanged and the plan renewed, nothing of the old one is left."""
    change = given(ours.small)
    ours.one()
    old = fingerprint(TEAM_KEY)
    ours.small.replace("planmark.yaml", f'["{old}"]', f'["{fingerprint(OTHER_KEY)}", "{old}"]')
    renew(ours.small.root, "acme")
    ours.one()
    assert len(versions(ours)) == 1
    assert opens(ours, change)
    access = load_one(ours.small.root, "acme").access
    assert access
    assert access.key == fingerprint(OTHER_KEY)
