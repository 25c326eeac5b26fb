"""From plans to links that work: what goes out, what is refused, and how it is taken back."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from tests.build.small import PAGE, TODAY, key, plan, tree
from tests.publish.published import Publisher, got, publisher, serving, wrong_with

from planmark.content.layout import INTERNAL_MARK
from planmark.content.secrets import keep_key, new_key, written_key
from planmark.problems import PlanmarkError
from planmark.publish.publishing import Wish, publish
from planmark.publish.there import there_of
from planmark.publish.undoing import published, rollback, unpublish

SITE = f"acme-{key(0)}"
PLAN = "content/acme/plan.yaml"
SECRET_NOTE = "internal: {notes: We would go down to half of it}"


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Publisher]:
    """A workspace of two deals with a web server that shows its folder."""
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        yield publisher(tmp_path, url)


def refused(ours: Publisher, code: str, deal: str = "acme") -> str:
    """Publish a deal, which must be refused for one reason, and leave everything as it is; the reason."""
    before = tree(ours.www / SITE) if (ours.www / SITE).exists() else None
    (outcome,) = ours.publish(deal)
    assert outcome.result == "refused"
    assert {problem.code for problem in outcome.problems} == {code}, outcome.problems
    assert all(problem.hint for problem in outcome.problems)
    assert (tree(ours.www / SITE) if (ours.www / SITE).exists() else None) == before
    return "\n".join(map(str, outcome.problems))


def test_it_ends_with_a_link_that_works(ours: Publisher) -> None:
    """Every file of the built site answers there, and nothing else does."""
    outcome = ours.one()
    assert outcome.address == f"{ours.url}/{SITE}/"
    built = tree(ours.small.site("acme"))
    for path, data in built.items():
        assert got(outcome.address, path) == (200, data)
    assert got(outcome.address) == (200, built["index.html"])
    assert set(tree(ours.www / SITE)) == set(built)
    assert f"{outcome.address}assets/card" in built["index.html"].decode() or "card" not in built["index.html"].decode()


def test_what_readers_have_is_published_though_an_old_version_cannot_be_removed(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what went wrong; the version that is out stays among the plan's own."""

    def refuses(store: Path, keep: set[str]) -> list[str]:
        if keep <= {path.stem for path in store.glob("*.json")} and keep - {""}:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(store))
        return []

    monkeypatch.setattr("planmark.targets.directory._remove", refuses)
    (outcome,) = ours.publish("acme")
    assert (outcome.result, [problem.severity for problem in outcome.problems]) == ("published", ["error"])
    assert got(outcome.address)[0] == 200
    assert list((ours.small.root / "content/acme/versions").iterdir())


def test_whoever_ends_it_while_the_address_is_looked_at_loses_no_version(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers have the plan by then."""

    def ended(*given: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("planmark.publish.publishing.answers", ended)
    with pytest.raises(KeyboardInterrupt):
        ours.publish("acme")
    assert got(f"{ours.url}/{SITE}/")[0] == 200
    assert list((ours.small.root / "content/acme/versions").iterdir())


def test_only_what_changed_goes_out(ours: Publisher) -> None:
    ours.one()
    assert ours.one().result == "unchanged"
    ours.small.replace(PLAN, "Sign the agreement", "Sign all of it")
    outcome = ours.one()
    assert outcome.result == "published"
    assert set(outcome.sent) < {"plan.json", "index.html", "plan.ics", "plan.pdf"}
    assert b"Sign all of it" in got(outcome.address)[1]
    assert [one.result for one in ours.publish()] == ["unchanged", "published"]


def test_a_version_is_written_before_and_only_if_it_goes_out(ours: Publisher) -> None:
    """The plan's own history has what readers had, and no more than that."""
    versions = ours.small.root / "content/acme/versions"
    ours.publish("acme", dry_run=True)
    ours.publish("acme", draft=True)
    assert not versions.exists()
    ours.one()
    assert len(list(versions.iterdir())) == 1
    ours.one()
    assert len(list(versions.iterdir())) == 1
    ours.small.replace(PLAN, "Sign the agreement", "We would go down to half of it")
    ours.small.write({PLAN: (ours.small.root / PLAN).read_text(encoding="utf-8")})
    ours.small.write({"themes/plain/page.html": PAGE.replace("<h1>", "<h1>" + INTERNAL_MARK)})
    refused(ours, "PM803")
    assert len(list(versions.iterdir())) == 1


def test_a_dry_run_says_what_would_go_out_and_sends_nothing(ours: Publisher) -> None:
    (outcome,) = ours.publish("acme", dry_run=True)
    assert outcome.result == "would change"
    assert outcome.release
    assert outcome.release.published.files[-1].path == "index.html"
    assert list(ours.www.iterdir()) == []


def test_a_draft_has_a_link_of_its_own(ours: Publisher) -> None:
    """It stays the same from draft to draft, the live page stays as it is, and nobody finds it from there."""
    live = ours.one()
    ours.small.replace(PLAN, "Sign the agreement", "Sign soon")
    draft = ours.one(draft=True)
    assert b"Sign soon" in got(draft.address)[1]
    assert b"Sign soon" not in got(live.address)[1]
    assert draft.address != live.address
    assert len(draft.address.rpartition("-draft-")[2]) >= 32
    assert not any(draft.address.encode() in data for data in tree(ours.www / SITE).values())
    ours.small.replace(PLAN, "Sign soon", "Sign sooner")
    assert ours.one(draft=True).address == draft.address


def test_a_changed_share_key_moves_the_site(ours: Publisher) -> None:
    """Who comes to the old address reads that the plan is gone; nothing of it is left there, not even in the store."""
    old = ours.one()
    ours.small.replace(PLAN, key(0), key(7))
    new = ours.one()
    assert new.retired == [old.address]
    assert got(new.address)[0] == 200
    status, page = got(old.address)
    assert status == 200
    assert b"This plan is no longer here" in page
    assert b"Rollout" not in page
    assert got(old.address, "plan.json")[0] == 404
    assert set(tree(ours.www / ".planmark" / SITE)) == {path for path in tree(ours.www / ".planmark" / SITE) if "plan" not in path}
    assert ours.one().retired == []


def test_a_move_that_was_cut_short_is_finished_by_the_next_one(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    old = ours.one()
    ours.small.replace(PLAN, key(0), key(7))
    with monkeypatch.context() as patch:
        patch.setattr("planmark.publish.publishing._Publishing._retire", lambda *_: None)
        ours.one()
    assert b"Rollout" in got(old.address)[1]
    again = ours.one()
    assert again.result == "unchanged"
    assert again.retired == [old.address]
    assert b"no longer here" in got(old.address)[1]


def test_without_a_share_key_it_prints_one(ours: Publisher) -> None:
    ours.small.write({PLAN: plan(share=None)})
    told = refused(ours, "PM802")
    found = re.search(r"share_key: ([A-Za-z0-9_-]{22,})", told)
    assert found
    ours.small.replace(PLAN, "target:", f"share_key: {found[1]}\ntarget:")
    assert ours.one().result == "published"


def test_what_should_not_be_open_does_not_go_out(ours: Publisher) -> None:
    ours.one()
    ours.small.write({PLAN: plan(more="access: passphrase")})
    assert "nobody has one yet" in refused(ours, "PM808")


def test_a_plan_with_errors_stays_as_it_is_out(ours: Publisher) -> None:
    """The others go out all the same."""
    ours.one()
    ours.small.replace(PLAN, "owner: maria", "owner: mara")
    assert "mara" in refused(ours, "PM301")
    assert {one.deal: one.result for one in ours.publish()} == {"acme": "refused", "beta": "published"}


def test_two_plans_with_one_link_do_not_go_out(ours: Publisher) -> None:
    ours.small.replace("content/beta/plan.yaml", key(1), key(0))
    outcomes = ours.publish()
    assert [one.result for one in outcomes] == ["refused", "refused"]
    assert {problem.code for one in outcomes for problem in one.problems} == {"PM601"}
    assert not list(ours.small.root.glob("content/*/versions/*"))


def test_a_rule_may_block(ours: Publisher) -> None:
    """Only where the workspace says so, and until the plan answers it."""
    assert ours.one().result == "published"
    ours.small.replace("planmark.yaml", "publish:", "rules: {R17: {blocks_publish: true}}\npublish:")
    assert "blocks publishing" in refused(ours, "R17")
    ours.small.write({PLAN: plan(more="not_needed: {R17: They set the date}")})
    assert ours.one().result == "published"


def test_an_internal_text_that_a_theme_smuggles_in_is_refused(ours: Publisher) -> None:
    """Whatever markup stands in it."""
    ours.small.write({PLAN: plan(more=SECRET_NOTE)})
    assert ours.one().result == "published"
    ours.small.write({"themes/plain/page.html": PAGE.replace("<h1>", "<h1>We would <em>go\n down</em> to half of&#32;it ")})
    assert "half of it" in refused(ours, "PM803")


def test_an_internal_text_in_a_shared_file_is_refused(ours: Publisher) -> None:
    """As when the seller's own table was put among the buyer's."""
    csv = "who,what\nus,We would go down to half of it\n"
    shared = "resources: [{title: Terms, file: files/terms.csv}]"
    ours.small.write({PLAN: plan(more=SECRET_NOTE).replace("resources: []", shared), "content/acme/files/terms.csv": csv})
    assert "terms" in refused(ours, "PM803")
    ours.small.write({PLAN: plan(more=f"{SECRET_NOTE}\nsummary: We would go down to half of it").replace("resources: []", shared)})
    assert ours.one().result == "published"


def test_a_signing_key_or_a_token_is_refused(ours: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, and not shown."""
    monkeypatch.setenv("PLANMARK_CONFIG", str(tmp_path / "config"))
    signing = new_key()
    keep_key(signing)
    monkeypatch.setenv("PLANMARK_ENDPOINT_TOKEN", "tok_3f9a7c21d5e8")
    for text in (written_key(signing), signing.hex(), "Bearer tok_3f9a7c21d5e8"):
        ours.small.write({"content/acme/overview.md": f"See {text}.\n", PLAN: plan(more="summary: overview.md")})
        told = refused(ours, "PM803")
        assert text not in told
        assert "signing key" in told or "PLANMARK_ENDPOINT_TOKEN" in told


def test_an_internal_page_is_refused(ours: Publisher) -> None:
    ours.small.write({"themes/plain/page.html": PAGE.replace("<title>", f"{INTERNAL_MARK}<title>")})
    assert "internal page" in refused(ours, "PM803")


def test_rollback_puts_the_version_before_out_again(ours: Publisher) -> None:
    """As a new version, so that whoever has the later page open finds its assets; the next publish goes on from the plan."""
    first = ours.one()
    before = tree(ours.www / SITE)
    ours.small.write({"themes/plain/assets/plain.css": "body { color: red }\n"})
    ours.small.replace(PLAN, "Sign the agreement", "Sign nothing")
    ours.one()
    later = set(tree(ours.www / SITE))
    done = rollback(ours.there(), "acme", "", ours.tick())
    assert not done.problems
    assert b"Sign nothing" not in got(first.address)[1]
    now = tree(ours.www / SITE)
    assert {path: now[path] for path in before} == before
    assert {path for path in later if path.startswith("assets/")} <= set(now)
    assert wrong_with(ours.www) == []
    assert ours.one().result == "published"
    assert b"Sign nothing" in got(first.address)[1]


def test_rollback_goes_to_the_version_that_is_named(ours: Publisher) -> None:
    for word in ("one", "two", "three"):
        ours.small.write({PLAN: plan(f"Rollout {word}")})
        ours.one()
    there = ours.there()
    versions = there.target.versions(there.place, SITE)
    rollback(there, "acme", versions[2].version, ours.tick())
    assert b"Rollout one" in got(f"{ours.url}/{SITE}/")[1]
    with pytest.raises(PlanmarkError, match="several versions begin"):
        rollback(there, "acme", "2026", ours.tick())
    with pytest.raises(PlanmarkError, match="no earlier version begins"):
        rollback(there, "acme", "1999", ours.tick())


def test_rollback_needs_a_version_before(ours: Publisher) -> None:
    with pytest.raises(PlanmarkError, match="nothing of `acme` is out"):
        rollback(ours.there(), "acme", "", ours.tick())
    ours.one()
    with pytest.raises(PlanmarkError, match="no earlier version"):
        rollback(ours.there(), "acme", "", ours.tick())


def test_unpublish_takes_it_down_with_its_drafts(ours: Publisher) -> None:
    """Even after the deal's folder is gone; publishing again brings it back under the same link."""
    live, draft = ours.one(), ours.one(draft=True)
    done = unpublish(ours.there(), "acme", ours.tick())
    assert set(done.addresses) == {live.address, draft.address}
    assert not done.problems
    for address in done.addresses:
        assert b"no longer here" in got(address)[1]
        assert got(address, "plan.json")[0] == 404
    assert ours.one().address == live.address
    assert got(live.address, "plan.json")[0] == 200
    ours.small.remove("content/acme")
    assert unpublish(ours.there(), "acme", ours.tick()).addresses == (live.address,)
    with pytest.raises(PlanmarkError, match="nothing of `acme` is out"):
        unpublish(ours.there(), "acme", ours.tick())


def test_who_comes_too_late_is_told_in_the_plans_language(ours: Publisher) -> None:
    ours.small.write({PLAN: plan(more="locale: ar")})
    address = ours.one().address
    unpublish(ours.there(), "acme", ours.tick())
    assert b'<html lang="ar" dir="rtl">' in got(address)[1]


def test_published_says_what_is_out_and_what_changed_since(ours: Publisher) -> None:
    assert published(ours.there()) == []
    ours.publish()
    rows = published(ours.there(), TODAY)
    assert [(row.deal, row.stale, row.since.isoformat()) for row in rows] == [
        ("acme", "", "2026-11-09T10:16:00+00:00"),
        ("beta", "", "2026-11-09T10:16:00+00:00"),
    ]
    ours.small.replace(PLAN, "Sign the agreement", "Sign soon")
    ours.small.remove("content/beta")
    assert [row.stale for row in published(ours.there(), TODAY)] == [
        "content/acme/plan.yaml changed",
        "there is no content/beta any more",
    ]


def test_the_deals_of_others_at_the_same_target_are_left_alone(tmp_path: Path, ours: Publisher) -> None:
    """Two teams, two empty machines, one target; both have a deal called acme."""
    others = publisher(tmp_path / "elsewhere", ours.url)
    others.www = ours.www
    others.small.replace("planmark.yaml", "../www", str(ours.www))
    others.small.replace("planmark.yaml", "Halyard Planning", "Lumen")
    others.small.replace(PLAN, key(0), key(9))
    mine, theirs = ours.one(), others.one()
    ours.small.replace(PLAN, key(0), key(8))
    assert ours.one().retired == [mine.address]
    assert b"Rollout" in got(theirs.address)[1]
    assert {row.address for row in published(others.there())} == {theirs.address}


def test_two_machines_of_one_team_go_on_from_each_other(tmp_path: Path, ours: Publisher) -> None:
    """What is out is known at the target alone, so that a second machine sends nothing that is there, and retires what moved."""
    first = ours.one()
    second = Publisher(ours.small.clean_copy(tmp_path / "second" / "workspace"), ours.www, ours.url, ours.now)
    second.small.replace("planmark.yaml", "../www", str(ours.www))
    assert second.one().result in ("unchanged", "published")
    second.small.replace(PLAN, key(0), key(7))
    assert second.one().retired == [first.address]


def test_another_target_has_its_own_address_on_every_page(tmp_path: Path) -> None:
    """It is built apart, so that neither makes the other stale."""
    with serving(tmp_path) as url:
        more = f"  test: {{kind: directory, path: ../test, url: '{url}/test'}}\n  default: live\n"
        ours = publisher(tmp_path, f"{url}/www", more=more)
        live = ours.one()
        (test,) = ours.publish("acme", target="test")
        assert test.address == f"{url}/test/{SITE}/"
        built = tree(ours.small.root / "build/sites@test/sites" / SITE)
        assert got(test.address) == (200, built["index.html"])
        assert not any(live.address.encode() in data for data in built.values())
        assert ours.one().result == "unchanged"


def test_what_a_build_warns_of_is_told_once(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """As that this machine cannot make the PDF that the page would link to."""
    monkeypatch.setattr("planmark.build.worker.why_no_pdf", lambda: "a library is missing")
    there = there_of(ours.small.root)
    outcomes = publish(there, Wish(("acme", "beta"), today=TODAY), ours.tick(), lambda done, of, name: None)
    assert [problem.code for one in outcomes for problem in one.problems] == ["PM610"]
    assert [one.result for one in outcomes] == ["published", "published"]


def test_no_list_of_plans_is_anywhere(ours: Publisher) -> None:
    """Not at the root, nor in the store, nor in any file that answers there."""
    ours.publish()
    for path in ("/", "/.planmark/"):
        assert b"acme" not in got(ours.url, path)[1]
    for path, data in tree(ours.www / SITE).items():
        assert f"beta-{key(1)}".encode() not in data, path


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX")
def test_one_clear_message_where_the_target_cannot_be_written(ours: Publisher) -> None:
    ours.small.replace("planmark.yaml", "../www", "../www/file/below")
    (ours.www / "file").write_text("x", encoding="utf-8")
    (outcome,) = ours.publish("acme")
    (problem,) = outcome.problems
    assert problem.code == "PM805"
    assert not list(ours.small.root.glob("content/*/versions/*"))
