"""What goes wrong stays where it is wrong: one deal, one folder; the others are built, and nothing is forgotten."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from tests.build.small import BUILD, Small, command, key, plan, tree

from planmark.content import load
from planmark.problems import PlanmarkError

STATE = "build/.planmark/state.json"


def codes(problems: object) -> list[str]:
    """The codes of a report's problems."""
    return [problem.code for problem in problems]  # type: ignore[attr-defined]


def test_a_failing_deal_keeps_its_last_good_site(small: Small) -> None:
    """The others are built; the exit code says that not all is well."""
    small.build()
    good = tree(small.site("acme"))
    small.replace("content/acme/plan.yaml", "target:", "colour: red\ntarget:")
    small.replace("content/beta/plan.yaml", "Connect a plant", "Connect two plants")
    report = small.build()
    assert report.failed == ["acme"]
    assert codes(report.problems) == ["PM201"]
    assert tree(small.site("acme")) == good
    assert b"Connect two plants" in (small.site("beta") / "index.html").read_bytes()
    done = command(small.root, *BUILD)
    assert done.returncode == 1
    assert "acme was not built. Its last good site stays." in done.stderr
    assert command(small.root, *BUILD).stdout.startswith("3 deals, nothing built (")


def test_a_failing_deal_that_was_never_built_has_no_site(small: Small) -> None:
    """There is nothing to keep, and nothing half made."""
    small.write({"content/delta/plan.yaml": "title: No more than this\n"})
    report = small.build()
    assert report.failed == ["delta"]
    assert set(report.sites) == {"acme", "beta", "cobalt"}
    assert len(list(small.sites.iterdir())) == 3


def test_its_problems_are_remembered_without_reading_it_again(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until one of its files changes, a broken deal costs nothing."""
    small.replace("content/acme/plan.yaml", "target:", "colour: red\ntarget:")
    first = small.build()

    def never(*arguments: object) -> object:
        raise AssertionError("a deal was read again")

    with monkeypatch.context() as patch:
        patch.setattr(load, "load_deal", never)
        again = small.build()
    assert again.problems == first.problems
    assert again.failed == ["acme"]
    assert not again.reasons
    small.replace("content/acme/plan.yaml", "colour: red\n", "")
    assert small.build().ok


def test_a_warning_is_remembered_too(small: Small) -> None:
    """It is said at every build, not only at the one that found it."""
    small.write({"content/acme/overview.md": "Some <b>HTML</b>.\n"})
    first = small.build()
    assert codes(first.problems) == ["PM407"]
    assert first.ok
    assert small.build().problems == first.problems


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/_library/resources.yaml", "- {id: tour, title: [}\n"),
        ("content/_library/resources.yaml", "- {id: tour, title: A tour, colour: red}\n- {id: paper, title: A paper}\n"),
        ("planmark.yaml", "sellers: nobody\n"),
    ],
)
def test_what_is_wrong_with_the_team_s_files_is_not_forgotten(small: Small, path: str, text: str) -> None:
    """A mistake in what deals share is said at every build and check, also when no deal is stale."""
    small.remove("content/cobalt")
    small.build()
    small.write({path: text})
    first = small.build()
    assert not first.ok
    assert small.build().problems == first.problems
    assert command(small.root, "check").returncode == 1
    assert command(small.root, *BUILD).returncode == 1


def test_a_broken_planmark_yaml_keeps_every_site(small: Small) -> None:
    """Nothing can be judged without it, so nothing is removed."""
    small.build()
    good = tree(small.sites)
    small.write({"planmark.yaml": "sellers: nobody\n"})
    assert not small.build().ok
    assert tree(small.sites) == good


def test_a_broken_planmark_yaml_is_said_in_a_workspace_without_deals(small: Small) -> None:
    """There is nothing to build, and yet something to mend."""
    for name in ("acme", "beta", "cobalt"):
        small.remove(f"content/{name}")
    small.write({"planmark.yaml": "sellers: nobody\n"})
    assert codes(small.build().problems) == ["PM201"]


def test_a_broken_template_fails_the_deals_of_its_theme_alone(small: Small) -> None:
    """The problem has the template's own place; once mended, they are as before."""
    small.replace("content/beta/plan.yaml", "\ntitle:", "\ntheme: other\ntitle:")
    small.write({"themes/other/theme.yaml": "extends: plain\n", "themes/other/page.html": "{{ plan.title }}</html>\n"})
    small.build()
    good = tree(small.sites)
    small.replace("themes/other/page.html", "plan.title", "plan.titel")
    report = small.build()
    assert report.failed == ["beta"]
    assert [str(problem.location) for problem in report.problems] == ["themes/other/page.html:1:1"]
    assert tree(small.sites) == good
    small.replace("themes/other/page.html", "plan.titel", "plan.title")
    assert small.build().ok
    assert tree(small.sites) == good


def test_two_deals_with_one_key_are_refused_before_anything_is_written(small: Small) -> None:
    """Nobody knows which of the two is meant, so neither goes out."""
    small.write({"content/beta/plan.yaml": plan(share=0)})
    report = small.build("acme", "beta")
    assert codes(report.problems) == ["PM601", "PM601"]
    assert report.failed == ["acme", "beta"]
    assert not small.sites.exists() or not list(small.sites.iterdir())


def test_a_second_deal_cannot_take_the_link_of_one_that_is_out(small: Small) -> None:
    """The first one's site stays as it is, and the second gets none."""
    small.build()
    good = tree(small.sites)
    small.write({"content/delta/plan.yaml": plan(share=0)})
    report = small.build()
    assert "PM601" in codes(report.problems)
    assert "delta" in report.failed
    assert tree(small.sites) == good
    small.write({"content/delta/plan.yaml": plan(share=8)})
    assert small.build().ok
    assert small.site("delta").is_dir()


def test_two_deals_with_one_folder_are_refused(small: Small) -> None:
    """Without a key, the id alone is the address."""
    small.write({f"content/{name}/plan.yaml": plan(share=None, more="id: same") for name in ("delta", "echo")})
    report = small.build()
    assert codes(report.problems) == ["PM602", "PM602"]
    assert set(report.sites) == {"acme", "beta", "cobalt"}


def test_a_deal_that_does_not_exist_stops_the_build(small: Small) -> None:
    """A name with a slip of the finger is answered with the nearest one."""
    with pytest.raises(PlanmarkError, match="did you mean `acme`"):
        small.build("acmee")
    assert not (small.root / "build/sites").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"format": 1}',
        b'{"format": 0, "deals": {}, "stamps": {}, "saved_ns": 0, "timezone": ["", "UTC"]}',
        b'{"format": 1, "deals": [], "stamps": {}, "saved_ns": 0, "timezone": ["", "UTC"]}',
        b'{"format": 1, "deals": {}, "stamps": {"content/acme": []}, "saved_ns": 0, "timezone": []}',
        b'{"format": 1, "deals": {}, "stamps": {}, "saved_ns": "soon", "timezone": ["", "UTC"]}',
        b'{"format": 1, "deals": {"acme": {}}, "stamps": {}, "saved_ns": 0, "timezone": ["", "UTC"]}',
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_a_state_that_cannot_be_read_means_a_full_build(small: Small, content: bytes) -> None:
    """No more than that: the sites are the same, and the next build has nothing to do."""
    small.build()
    good = tree(small.sites)
    (small.root / STATE).write_bytes(content)
    report = small.build()
    assert report.ok
    assert set(report.reasons) == {"acme", "beta", "cobalt"}
    assert tree(small.sites) == good
    assert not small.build().reasons


def test_a_state_of_another_version_means_a_full_build(small: Small) -> None:
    """What another program remembered is not trusted."""
    small.build()
    path = small.root / STATE
    path.write_text(path.read_text(encoding="utf-8").replace('"format":', '"format":9'), encoding="utf-8")
    assert len(small.build().reasons) == 3


def test_a_garbled_state_never_leaves_a_wrong_site(small: Small, tmp_path: Path) -> None:
    """Whatever a disk did to it, byte by byte: after the next build all is as a clean build makes it."""
    small.build()
    good = tree(small.sites)
    path = small.root / STATE
    whole = path.read_bytes()
    (tmp_path / "outside").write_text("kept", encoding="utf-8")
    random = Random(1)
    for _ in range(25):
        garbled = bytearray(whole)
        for _ in range(random.randint(1, 3)):
            garbled[random.randrange(len(garbled))] = random.randrange(32, 127)
        path.write_bytes(garbled)
        assert small.build().ok
        assert tree(small.sites) == good
    assert (tmp_path / "outside").read_text(encoding="utf-8") == "kept"


def test_a_lost_state_keeps_the_last_good_site_of_a_failing_deal(small: Small) -> None:
    """What cannot be attributed is not removed as long as it may belong to a deal with a mistake."""
    small.build()
    good = tree(small.sites)
    small.replace("content/acme/plan.yaml", "target:", "colour: red\ntarget:")
    (small.root / STATE).unlink()
    for _ in range(2):
        assert small.build().failed == ["acme"]
        assert tree(small.sites) == good
    small.replace("content/acme/plan.yaml", "colour: red\n", "")
    small.write({"build/sites/stray/index.html": "gone"})
    assert small.build().ok
    assert tree(small.sites) == good


def test_the_report_as_json_names_what_failed(small: Small) -> None:
    """A program reads the same as a person."""
    small.replace("content/acme/plan.yaml", "target:", "colour: red\ntarget:")
    done = command(small.root, *BUILD, "--json")
    data = json.loads(done.stdout)
    assert done.returncode == 1
    assert data["ok"] is False
    assert data["failed"] == ["acme"]
    assert data["sites"]["beta"] == f"beta-{key(1)}"
    assert [(problem["code"], problem["path"], problem["line"]) for problem in data["problems"]] == [("PM201", "content/acme/plan.yaml", 3)]
