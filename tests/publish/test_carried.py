"""What a deploy of a whole site carries along: kept and read back, laid out, and put together where two publishers met."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.publish.published import release, site

from planmark.extensions.targets import Published, SiteFile
from planmark.targets.carried import State, read_state, state_bytes, stored
from planmark.targets.host import Deploy, made_at, note_of, noted

PATHS = st.from_regex(r"\A(assets/|files/)?[A-Za-zÄé 0-9()%+&-]{1,12}(\.(html|HTM|css|pdf|woff2|x y))?\Z")
FILES = st.lists(st.tuples(PATHS, st.binary(min_size=1, max_size=3)), min_size=1, max_size=5, unique_by=lambda one: one[0])


def after(state: State, name: str, version: int, contents: dict[str, bytes], keep: int = 2) -> State:
    """With a release of a site out."""
    made = release(version, contents, keep=keep)
    return state.after([replace(made, published=replace(made.published, site=name))])


@st.composite
def states(draw: st.DrawFn) -> State:
    """Some releases of some sites, one after another."""
    state = State()
    for number, (name, contents) in enumerate(draw(st.lists(st.tuples(st.sampled_from(("a-k", "b-k")), FILES), max_size=6))):
        state = after(state, name, number + 1, dict(contents), keep=draw(st.integers(0, 3)))
    return state


@settings(max_examples=60, deadline=None)
@given(states(), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_what_is_kept_is_read_back(state: State, digests: dict[str, str]) -> None:
    made = replace(state, digests=digests)
    assert read_state(state_bytes(made)) == made


@settings(max_examples=60, deadline=None)
@given(states())
def test_every_file_of_every_version_lies_in_the_deploy(state: State) -> None:
    """What readers get by its path; all else, and each page a second time, where no host takes it for a page."""
    folder = "planmark-" + "0" * 32
    there = state.layout(folder)
    for name, versions in state.sites.items():
        for file in (*versions[0].files, *versions[0].kept):
            assert there[f"{name}/{file.path}"] == file
        for file in (file for one in versions for file in one.files):
            aside = there.get(stored(folder, file))
            assert aside or there[f"{name}/{file.path}"].sha256 == file.sha256
            assert not aside or aside.sha256 == file.sha256
            assert aside or not file.path.lower().endswith((".html", ".htm"))
    assert not [path for path in there if path.startswith(folder) and path.lower().endswith((".html", ".htm"))]


@given(st.binary(max_size=60))
def test_what_somebody_else_wrote_is_none(data: bytes) -> None:
    assert read_state(data) is None
    assert read_state(zlib.compress(data)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"sites": {"acme-k": []}},
        {"sites": {"acme-k": ["{}"]}},
        {"sites": []},
        {"digests": None},
        {"changed": []},
    ],
)
def test_half_of_a_state_is_none(change: dict[str, object]) -> None:
    """A site whose manifests cannot all be read would be lost with the next deploy."""
    whole = json.loads(zlib.decompress(state_bytes(after(State(), "acme-k", 1, site(1)))))
    assert read_state(zlib.compress(json.dumps(whole).encode())) is not None
    assert read_state(zlib.compress(json.dumps({**whole, **change}).encode())) is None
    assert read_state(zlib.compress(json.dumps(whole).encode())[:-6]) is None


def test_a_manifest_of_another_site_is_none() -> None:
    state = after(State(), "acme-k", 1, site(1))
    assert read_state(state_bytes(State({"beta-k": state.sites["acme-k"]}))) is None


def test_what_two_changed_at_once_is_both_and_of_one_site_the_first() -> None:
    base = after(after(State(), "a-k", 1, site(1)), "b-k", 1, site(1))
    first = after(base, "a-k", 2, site(2))
    both = first.merged(after(base, "b-k", 3, site(3)))
    assert (both.version("a-k")[-6:], both.version("b-k")[-6:]) == ("2.000Z", "3.000Z")
    one = first.merged(after(base, "a-k", 3, site(3)))
    assert one.version("a-k")[-6:] == "2.000Z"
    new = first.merged(after(base, "c-k", 3, site(3)))
    assert new.version("c-k")[-6:] == "3.000Z"


def test_of_many_that_one_deploy_changed_each_is_judged_by_itself() -> None:
    """What another changed first stays, what it left alone comes; and whoever puts both out says so of all of them."""
    base = after(after(State(), "a-k", 1, site(1)), "b-k", 1, site(1))
    several = [replace(release(3, site(3)), published=replace(release(3, site(3)).published, site=name)) for name in ("a-k", "b-k", "c-k")]
    both = after(base, "a-k", 2, site(2)).merged(base.after(several))
    assert [both.version(name)[-6:] for name in ("a-k", "b-k", "c-k")] == ["2.000Z", "3.000Z", "3.000Z"]
    assert base.merged(both).sites == both.sites


def test_a_note_is_read_back_and_others_words_are_none() -> None:
    folder = "planmark-" + "0a" * 16
    for order in ("", "20261109T100000000000Z_dpl_4f-2"):
        assert noted(note_of(folder, order)) == (folder, order)
    for said in ("", "Our site", "planmark-", f"{folder}", f" {folder} ", "planmark-x 1", None, 5, f"{folder} a b"):
        assert noted(said) == ("", "")


def test_of_two_deploys_neither_misses_the_other_where_one_knew_of_it() -> None:
    def deploy(number: int, known: str) -> Deploy:
        return Deploy(id=f"d{number}", folder=f"planmark-{number:032}", after=known, created=made_at(1_700_000_000_000 + number))

    base = deploy(1, "")
    one, two = deploy(2, base.order), deploy(3, base.order)
    assert one.misses(two)
    assert two.misses(one)
    assert not one.misses(base)
    assert not base.misses(one)
    later = deploy(4, two.order)
    assert not later.misses(two)
    assert not two.misses(later)
    assert not one.misses(one)


def test_a_file_is_found_by_its_digest_with_its_ending_or_none() -> None:
    def at(path: str) -> str:
        return stored("f", SiteFile(path=path, sha256="d1", size=1, media_type="", cache=""))

    assert [at(path) for path in ("a.pdf", "x/b.html", "c.HTM", "d", "e.x y", ".htaccess")] == [
        "f/d1.pdf",
        "f/d1",
        "f/d1",
        "f/d1",
        "f/d1",
        "f/d1",
    ]


def test_nothing_is_out_where_nothing_was_published() -> None:
    assert State().version("acme-k") == ""
    assert State().layout("f") == {}
    assert isinstance(after(State(), "acme-k", 1, site(1)).sites["acme-k"][0], Published)
