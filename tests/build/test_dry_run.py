"""A dry run says what a build would do, and does nothing; `--explain` says why, for each output."""

from __future__ import annotations

import shutil

from tests.build.small import BUILD, Small, command, key, stamps


def actions(report: object) -> set[tuple[str, str]]:
    """What became of each output."""
    return {(change.action, change.path) for change in report.changes}  # type: ignore[attr-defined]


def test_it_writes_nothing_in_a_workspace_that_was_never_built(small: Small) -> None:
    """Not even the output folder."""
    before = stamps(small.root)
    report = small.build(dry_run=True)
    assert stamps(small.root) == before
    assert report.count("created") > 20


def test_it_says_what_the_build_then_does(small: Small) -> None:
    """Created, updated, identical and removed, output by output."""
    small.build()
    small.replace("content/acme/plan.yaml", "Connect a plant", "Connect two plants")
    small.replace("content/beta/plan.yaml", key(1), key(9))
    small.remove("content/cobalt")
    small.write({"content/delta/plan.yaml": "title: broken\n", "build/sites/stray/index.html": "x"})
    (small.site("acme") / "assets/stray.css").write_text("x", encoding="utf-8")
    before = stamps(small.root)
    said = small.build(dry_run=True)
    assert stamps(small.root) == before
    did = small.build()
    assert actions(said) == actions(did)
    assert {"created", "updated", "identical", "removed"} == {action for action, _ in actions(did)}
    assert (said.reasons, said.problems, said.failed) == (did.reasons, did.problems, did.failed)


def test_it_says_what_goes_when_some_deals_are_built(small: Small) -> None:
    """A new key takes the old link away, whether all deals are built or one."""
    small.build()
    small.replace("content/beta/plan.yaml", key(1), key(9))
    said = small.build("beta", dry_run=True)
    assert ("removed", f"beta-{key(1)}") in actions(said)
    assert actions(small.build("beta")) == actions(said)


def test_it_leaves_a_build_alone_that_runs_meanwhile(small: Small) -> None:
    """The files that another build has made ready stay where they are."""
    small.write({"build/.planmark/staging/acme/index.html": "made by another build"})
    small.build(dry_run=True)
    assert (small.root / "build/.planmark/staging/acme/index.html").exists()


def test_explain_says_why_for_every_output(small: Small) -> None:
    """Each line names the reason of its deal."""
    first = command(small.root, *BUILD, "--explain").stdout
    assert f"  created   acme-{key(0)}/index.html  because content/acme has not been built yet" in first
    small.replace("content/acme/plan.yaml", "Connect a plant", "Connect two plants")
    small.remove("content/beta")
    lines = command(small.root, *BUILD, "--explain").stdout.splitlines()
    because = "  because content/acme/plan.yaml changed"
    assert "acme: content/acme/plan.yaml changed" in lines
    assert f"  updated   acme-{key(0)}/index.html{because}" in lines
    assert f"  identical acme-{key(0)}/privacy.html{because}" in lines
    assert f"  removed   beta-{key(1)}  because it belongs to no deal" in lines
    assert lines[-1].startswith("1 of 2 deals built: 3 updated, 1 removed")


def test_explain_says_why_a_deal_is_tried_again(small: Small) -> None:
    """A deal that failed for what is not its own is tried at every build, and the reason says so."""
    small.replace("content/acme/plan.yaml", "\ntitle:", "\ntheme: nowhere\ntitle:")
    small.build()
    assert "failed" in small.build().reasons["acme"]


def test_a_dry_run_on_the_command_line_speaks_of_what_would_be(small: Small) -> None:
    """The last line counts."""
    last = command(small.root, *BUILD, "--dry-run").stdout.splitlines()[-1]
    assert last.startswith("3 of 3 deals would be built: ")
    assert not (small.root / "build").exists()
    shutil.rmtree(small.root / "content")
    assert command(small.root, *BUILD, "--dry-run").stdout.startswith("0 deals, nothing to do")
