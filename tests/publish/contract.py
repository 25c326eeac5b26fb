"""What every target promises, as checks that the tests of each one run against the real thing, or a likeness of it.

@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_is_kept(promise: Promise, shown: Shown) -> None:
    promise(shown)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest
from tests.publish.published import name, site
from tests.publish.published import release as of_acme

from planmark.extensions.targets import Place, Release, Step, Target
from planmark.problems import PlanmarkError


@dataclass(frozen=True)
class Shown:
    """A target, empty at first, and what a reader gets: `get(site, path)`, None where there is nothing."""

    target: Target
    place: Place
    get: Callable[[str, str], bytes | None]


Promise = Callable[[Shown], None]


def put(shown: Shown, one: Release) -> list[Step]:
    """Publish a release; the steps."""
    return list(shown.target.publish(shown.place, one))


def shows(shown: Shown, contents: Mapping[str, bytes], at: str = "acme-k") -> None:
    """Readers get exactly these files."""
    for path, data in contents.items():
        assert shown.get(at, path) == data, path


def of_beta(version: int, contents: Mapping[str, bytes], before: int = 0) -> Release:
    """A release of another deal."""
    made = of_acme(version, contents, before)
    return replace(made, published=replace(made.published, site="beta-k", deal="beta"))


def a_new_site_is_sent_whole_and_then_shown(shown: Shown) -> None:
    steps = put(shown, of_acme(1, site(1)))
    shows(shown, site(1))
    sent = [step.path for step in steps if step.what == "sent"]
    assert sorted(sent) == sorted(site(1))
    assert sent[-1] == "index.html"
    assert [step.what for step in steps if step.what in ("switched", "removed")] == ["switched"]
    assert all(step.size == len(site(1)[step.path]) for step in steps if step.what == "sent")


def only_what_is_missing_is_sent(shown: Shown) -> None:
    put(shown, of_acme(1, site(1)))
    steps = put(shown, of_acme(2, site(2), before=1))
    shows(shown, site(2))
    assert sorted(step.path for step in steps if step.what == "sent") == ["assets/a.2.css", "index.html"]
    assert "assets/same.css" in [step.path for step in steps if step.what == "kept"]


def readers_with_an_old_page_open_find_its_assets(shown: Shown) -> None:
    put(shown, of_acme(1, site(1), keep=1))
    put(shown, of_acme(2, site(2), before=1, keep=1))
    assert shown.get("acme-k", "assets/a.1.css") == site(1)["assets/a.1.css"]
    steps = put(shown, of_acme(3, site(3), before=2, keep=1))
    assert shown.get("acme-k", "assets/a.1.css") is None
    assert shown.get("acme-k", "assets/a.2.css") == site(2)["assets/a.2.css"]
    shows(shown, site(3))
    order = [step.what for step in steps]
    assert "removed" in order
    assert "sent" not in order[order.index("switched") :]
    assert order.index("switched") < order.index("removed")


def what_is_out_is_remembered_whole(shown: Shown) -> None:
    made = of_acme(1, site(1))
    assert list(shown.target.published(shown.place)) == []
    put(shown, made)
    (found,) = shown.target.published(shown.place)
    assert replace(found, kept=()) == made.published
    put(shown, of_acme(2, site(2), before=1))
    (found,) = shown.target.published(shown.place)
    assert found.version == name(2)
    assert [one.path for one in found.kept] == ["assets/a.1.css"]


def versions_are_there_to_go_back_to(shown: Shown) -> None:
    assert shown.target.versions(shown.place, "acme-k") == ()
    for number in (1, 2, 3):
        put(shown, of_acme(number, site(number), before=number - 1, keep=1))
    there = shown.target.versions(shown.place, "acme-k")
    assert [one.version for one in there] == [name(3), name(2)]
    for one, number in zip(there, (3, 2), strict=True):
        for file in one.files:
            assert shown.target.read(shown.place, one, file) == site(number)[file.path], file.path
    again = replace(there[1], version=name(4), again=name(2), kept=())
    back = Release(published=again, read=lambda file: shown.target.read(shown.place, there[1], file), before=name(3), keep=1)
    put(shown, back)
    shows(shown, site(2))
    assert shown.get("acme-k", "assets/a.3.css") == site(3)["assets/a.3.css"]
    (found,) = shown.target.published(shown.place)
    assert (found.version, found.again) == (name(4), name(2))


def _refused(shown: Shown, before: int) -> None:
    with pytest.raises(PlanmarkError) as error:
        put(shown, of_acme(3, site(3), before=before))
    assert [problem.code for problem in error.value.problems] == ["PM804"]


def whoever_was_slower_is_told(shown: Shown) -> None:
    put(shown, of_acme(1, site(1)))
    put(shown, of_acme(2, site(2), before=1))
    for before in (0, 1):
        _refused(shown, before)
        shows(shown, site(2))
        assert shown.get("acme-k", "assets/a.3.css") is None
        (found,) = shown.target.published(shown.place)
        assert found.version == name(2)


def nobody_publishes_over_what_is_not_there(shown: Shown) -> None:
    _refused(shown, before=2)
    assert list(shown.target.published(shown.place)) == []
    assert shown.get("acme-k", "index.html") is None


def deals_of_others_are_left_alone(shown: Shown) -> None:
    put(shown, of_acme(1, site(1)))
    put(shown, of_beta(2, site(2)))
    shows(shown, site(1))
    shows(shown, site(2), "beta-k")
    put(shown, of_acme(3, site(3), before=1, keep=0))
    shows(shown, site(3))
    shows(shown, site(2), "beta-k")
    found = {one.site: one.version for one in shown.target.published(shown.place)}
    assert found == {"acme-k": name(3), "beta-k": name(2)}
    assert [one.version for one in shown.target.versions(shown.place, "beta-k")] == [name(2)]


def what_is_taken_down_is_gone(shown: Shown) -> None:
    put(shown, of_acme(1, {**site(1), "plan.pdf": b"%PDF-1.7", "people.html": b"people"}))
    gone = of_acme(2, {"index.html": b"gone"}, before=1, keep=0)
    put(shown, replace(gone, published=replace(gone.published, gone=True)))
    shows(shown, {"index.html": b"gone"})
    for path in ("assets/a.1.css", "assets/same.css", "plan.pdf", "people.html"):
        assert shown.get("acme-k", path) is None, path
    (found,) = shown.target.versions(shown.place, "acme-k")
    assert found.gone
    assert found.kept == ()


def after_a_revocation_nothing_of_before_stays(shown: Shown) -> None:
    """A protected plan that was encrypted anew: no file, no version to go back to. What tells its key is remembered."""

    def sealed(number: int, keep: int) -> Release:
        files = {"index.html": f"a lock {number}".encode(), f"assets/{number:032x}.bin": b"PM1", f"assets/{number + 9:032x}.bin": b"PM1\n"}
        made = of_acme(number, files, before=number - 1, keep=keep)
        return replace(made, published=replace(made.published, deal="~0f", sealed=f"{number:032x}"))

    put(shown, sealed(1, keep=5))
    put(shown, sealed(2, keep=5))
    put(shown, sealed(3, keep=0))
    shows(shown, {"index.html": b"a lock 3", f"assets/{3:032x}.bin": b"PM1"})
    for number in (1, 2):
        assert shown.get("acme-k", f"assets/{number:032x}.bin") is None
    (found,) = shown.target.versions(shown.place, "acme-k")
    assert (found.version, found.sealed, found.deal, found.kept) == (name(3), f"{3:032x}", "~0f", ())


def a_file_may_have_any_name_and_size(shown: Shown) -> None:
    odd = {"assets/Über uns 100% (v2).pdf": b"%PDF" * 50_000, "assets/a+b&c.svg": b"<svg/>", "files/empty.txt": b"", **site(1)}
    put(shown, of_acme(1, odd))
    shows(shown, odd)
    (found,) = shown.target.versions(shown.place, "acme-k")
    for file in found.files:
        assert shown.target.read(shown.place, found, file) == odd[file.path]
    steps = put(shown, of_acme(2, {**odd, **site(2)}, before=1))
    assert sorted(step.path for step in steps if step.what == "sent") == ["assets/a.2.css", "index.html"]


def no_list_of_plans_is_shown(shown: Shown) -> None:
    put(shown, of_acme(1, site(1)))
    for path in ("", "index.html"):
        found = shown.get("", path)
        assert found is None or b"acme" not in found


PROMISES: list[Promise] = [
    a_new_site_is_sent_whole_and_then_shown,
    only_what_is_missing_is_sent,
    readers_with_an_old_page_open_find_its_assets,
    what_is_out_is_remembered_whole,
    versions_are_there_to_go_back_to,
    whoever_was_slower_is_told,
    nobody_publishes_over_what_is_not_there,
    deals_of_others_are_left_alone,
    what_is_taken_down_is_gone,
    after_a_revocation_nothing_of_before_stays,
    a_file_may_have_any_name_and_size,
    no_list_of_plans_is_shown,
]
"""Each takes a target that is empty."""
