"""`planmark publish` and what goes with it, as one types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.build.small import key
from tests.cli.running import TODAY, planmark
from tests.publish.published import Publisher, got, publisher, serving

SITE = f"acme-{key(0)}"


def test_from_the_plan_to_a_link_and_back(tmp_path: Path) -> None:
    """Every command once, with what it says and its exit code."""
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        ours = publisher(tmp_path, url)
        link = f"{url}/{SITE}/"
        dry = planmark(ours.small.root, "publish", "acme", "--dry-run", *TODAY)
        assert dry.code == 0, dry.all
        assert f"acme would be at\n  {link}" in dry.out
        done = planmark(ours.small.root, "publish", "acme", *TODAY)
        assert done.code == 0, done.all
        assert done.out.rstrip().endswith(f"acme is at\n  {link}")
        assert "new      index.html" in done.out
        assert got(link, "plan.pdf")[1].startswith(b"%PDF")
        assert f"is out already\n  {link}" in planmark(ours.small.root, "publish", "acme", *TODAY).out
        ours.small.replace("content/acme/plan.yaml", "Sign the agreement", "Sign soon")
        listed = json.loads(planmark(ours.small.root, "published", "--json", *TODAY).out)
        assert [(one["deal"], one["address"], one["stale"]) for one in listed] == [("acme", link, "content/acme/plan.yaml changed")]
        changed = planmark(ours.small.root, "publish", "--all", *TODAY)
        assert "2 published" in changed.out
        assert "no longer" not in changed.out
        back = planmark(ours.small.root, "rollback", "acme")
        assert back.code == 0, back.all
        assert b"Sign the agreement" in got(link)[1]
        assert "stale: it was rolled back to 20" in planmark(ours.small.root, "published", *TODAY).out
        draft = planmark(ours.small.root, "publish", "acme", "--draft", *TODAY)
        assert f"a draft of acme is at\n  {url}/acme-draft-" in draft.out
        gone = planmark(ours.small.root, "unpublish", "acme").out
        assert gone.startswith("acme is no longer at\n  ")
        assert f"  {link}\n" in gone
        assert "acme  gone since" in planmark(ours.small.root, "published").out


def test_a_refusal_is_an_exit_code_and_says_why(tmp_path: Path) -> None:
    ours: Publisher = publisher(tmp_path, "http://127.0.0.1:9")
    ours.small.replace("content/acme/plan.yaml", f"share_key: {key(0)}\n", "")
    said = planmark(ours.small.root, "publish", "acme", *TODAY)
    assert said.code == 1
    assert "PM802" in said.err
    assert "share_key: " in said.err
    assert said.err.endswith("acme was not published.\n")


def test_what_is_out_of_a_plan_that_is_refused_stays_and_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        ours = publisher(tmp_path, url)
        ours.one()
        ours.small.replace("content/acme/plan.yaml", f"share_key: {key(0)}\n", "")
        said = planmark(ours.small.root, "publish", "acme", *TODAY)
        assert (said.code, "acme was not published. What is out stays." in said.err) == (1, True)


def test_a_dry_run_says_from_where_a_plan_would_be_gone(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        ours = publisher(tmp_path, url)
        ours.one()
        ours.small.replace("content/acme/plan.yaml", key(0), key(7))
        said = planmark(ours.small.root, "publish", "acme", "--dry-run", *TODAY)
        assert f"would be gone from {url}/{SITE}/" in said.out
        assert b"no longer here" not in got(f"{url}/{SITE}/")[1]


@pytest.mark.parametrize("arguments", [(), ("acme", "--all")])
def test_what_to_publish_is_said_once(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Neither nothing nor everything by accident."""
    ours = publisher(tmp_path, "http://127.0.0.1:9")
    said = planmark(ours.small.root, "publish", *arguments)
    assert said.code == 2
    assert "--all" in said.err
