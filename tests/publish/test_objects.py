"""Publishing to an object store, operation by operation: what readers get at each instant, and who may write."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publish.contract import PROMISES, Promise, put, shows
from tests.publish.memory import Memory, away, faults, shown
from tests.publish.published import name, release, site
from tests.publish.stores import more

from planmark.problems import PlanmarkError
from planmark.targets.pointer import LEASE, Pointer, pointer_json, read_pointer
from planmark.targets.stores import Tag

WAYS = ["kept", "ignored", "refused"]


@pytest.fixture(autouse=True)
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What publishers leave on this machine to be known by, in a folder of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture(params=[True, False], ids=["digests", "counted"])
def store(request: pytest.FixtureRequest) -> Memory:
    """With entity tags of either sort."""
    return Memory(digests=request.param)


@pytest.mark.parametrize("conditional", WAYS)
@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_is_kept_by_stores_of_every_sort(promise: Promise, conditional: str, store: Memory) -> None:
    store.conditional = conditional
    promise(shown(store))


def test_what_a_page_loads_is_there_before_it_and_goes_after_it(store: Memory) -> None:
    """At every operation of five publishes, each of which takes assets away; in the end the old ones are gone."""
    there, looks = shown(store), 0

    def look(operation: str, path: str) -> None:
        nonlocal looks
        looks += 1
        assert faults(store) == [], (operation, path)

    store.before = look
    for version in range(1, 6):
        put(there, release(version, more(version), before=version - 1, keep=1))
    assert looks > 100
    assert sorted(path for path in store.objects if "/assets/" in path) == [
        "acme-k/assets/a.4.css",
        "acme-k/assets/a.5.css",
        "acme-k/assets/same.css",
    ]


def test_the_order_is_claim_assets_files_pages_entry_pointer_deletions(store: Memory) -> None:
    there = shown(store)
    put(there, release(1, more(1), keep=0))
    done: list[str] = []
    store.before = lambda operation, path: done.append(f"{operation} {path}") if operation in ("put", "delete") else None
    put(there, release(2, more(2), before=1, keep=0))
    pointer, first = "put .planmark/acme-k/current.json", done.index("put acme-k/assets/a.2.css")
    order = ["acme-k/assets/a.2.css", "acme-k/plan.pdf", "acme-k/people.html", "acme-k/index.html"]
    at = [done.index(f"put {path}") for path in order]
    assert at == sorted(at)
    assert done[0] == pointer
    assert pointer in done[at[-1] :]
    switched = done.index(pointer, at[-1])
    deleted = [index for index, one in enumerate(done) if one.startswith("delete")]
    assert deleted
    assert first < switched < min(deleted)
    assert done[-1] == pointer


class KilledError(BaseException):
    """Whoever is killed does nothing more."""


def killing(store: Memory, left: int) -> None:
    """No operation but so many."""

    def before(operation: str, path: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KilledError

    store.before = before


def free(store: Memory) -> None:
    """No faults any more."""
    store.before = lambda operation, path: None


def versions_of(store: Memory) -> set[str]:
    return {path.removeprefix(".planmark/acme-k/") for path in store.objects if path.startswith(".planmark/acme-k/")}


@pytest.mark.parametrize("conditional", WAYS)
def test_whoever_is_cut_off_at_any_operation_leaves_a_site_that_the_next_one_finishes(conditional: str) -> None:
    """And nothing is left over in the end."""
    seen = set()
    for left in range(200):
        store = Memory(conditional)
        there = shown(store)
        put(there, release(1, more(1), keep=1))
        put(there, release(2, more(2), before=1, keep=1))
        killing(store, left)
        try:
            put(there, release(3, more(3), before=2, keep=1))
            break
        except KilledError:
            free(store)
        assert faults(store) == [], left
        current = next(iter(there.target.published(there.place)))
        seen.add(current.version)
        before = 3 if current.version == name(3) else 2
        put(there, release(4, more(4), before=before, keep=1))
        shows(there, more(4))
        whole, earlier = there.target.versions(there.place, "acme-k")
        assert (whole.version, earlier.version) == (name(4), name(before))
        for file in earlier.files:
            assert there.target.read(there.place, earlier, file) == more(before)[file.path]
        assert sorted(path for path in store.objects if "/assets/" in path) == sorted(
            f"acme-k/assets/{one}.css" for one in (f"a.{before}", "a.4", "same")
        ), left
        held = [one for one in versions_of(store) if not one.startswith("files/")]
        assert sorted(held) == sorted(["current.json", f"{name(before)}.json", f"{name(4)}.json"]), left
        assert len(versions_of(store)) == 3 + 6, "the page, the PDF and the other page of each version"
    assert left > 20
    assert seen == {name(2), name(3)}


def test_the_next_one_sends_only_what_the_first_had_not_sent(store: Memory) -> None:
    """Where entity tags are digests; elsewhere nobody can tell."""
    there = shown(store)
    assets = {f"assets/{number}.css": bytes([number]) * 100 for number in range(9)}
    stopped: list[str] = []

    def cut(operation: str, path: str) -> None:
        if (operation, path) == ("put", "acme-k/index.html"):
            stopped.append(path)
            raise away(path)

    store.before = cut
    with pytest.raises(PlanmarkError, match="PM805"):
        put(there, release(1, {**assets, **site(1)}))
    free(store)
    sent = [step.path for step in put(there, release(2, {**assets, **site(1)})) if step.what == "sent"]
    assert sent == ["index.html"] if store.digests else len(sent) == 12


def test_what_was_cut_off_half_way_is_not_taken_for_what_it_was(store: Memory) -> None:
    """Whoever goes back to the plan of before finds that it must be published."""
    there = shown(store)
    put(there, release(1, more(1)))
    asked: list[str] = []

    def cut(operation: str, path: str) -> None:
        asked.append(path)
        if (operation, path) == ("put", "acme-k/index.html"):
            raise away(path)

    store.before = cut
    with pytest.raises(PlanmarkError, match="PM805"):
        put(there, release(2, more(2), before=1))
    assert asked[-1] == "acme-k/index.html", "a store that does not answer is asked for nothing more"
    free(store)
    assert there.get("acme-k", "people.html") == more(2)["people.html"]
    (found,) = there.target.published(there.place)
    assert (found.version, found.built) == (name(1), "")
    put(there, release(3, more(1), before=1))
    shows(there, more(1))
    (found,) = there.target.published(there.place)
    assert found.built == "b"


@pytest.mark.parametrize("conditional", WAYS)
def test_while_one_is_at_work_another_is_told_and_nothing_is_mixed(conditional: str, store: Memory) -> None:
    """At each step of the first: it wins, and the second leaves no trace."""
    there = shown(store)
    store.conditional = conditional
    put(there, release(1, more(1)))
    for step in there.target.publish(there.place, release(2, more(2), before=1)):
        before = dict(store.objects)
        with pytest.raises(PlanmarkError, match="PM804") as error:
            put(there, release(3, more(3), before=1))
        switched = pointer_of(store).version == name(2)
        assert ("after 5 minutes" in str(error.value)) != switched, step
        assert store.objects == before
    shows(there, more(2))


def pointer_of(store: Memory) -> Pointer:
    found = read_pointer(store.objects[".planmark/acme-k/current.json"][0])
    assert found
    return found


def test_whoever_fell_silent_for_long_is_passed_by_and_told_so(store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slept: what it had not written it does not write, and what the other one wrote stays."""
    there = shown(store)
    put(there, release(1, more(1)))
    first = there.target.publish(there.place, release(2, more(2), before=1))
    next(first)
    store.later(LEASE - 1)
    with pytest.raises(PlanmarkError, match="PM804"):
        put(there, release(3, more(3), before=1))
    store.later(2)
    put(there, release(3, more(3), before=1))
    monkeypatch.setattr("planmark.targets.pointer.SIGN", -1.0)  # by its own clock, too, it was long silent
    with pytest.raises(PlanmarkError, match="PM804"):
        list(first)
    shows(there, more(3))
    (found,) = there.target.published(there.place)
    assert found.version == name(3)


def test_where_nothing_can_be_locked_whoever_was_cut_off_is_waited_for(store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a full disk, or Windows: publishing works, and the next one waits as one on another machine does."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    there = shown(store)
    put(there, release(1, more(1)))
    killing(store, 12)
    with pytest.raises(KilledError):
        put(there, release(2, more(2), before=1))
    free(store)
    with pytest.raises(PlanmarkError, match="PM804"):
        put(there, release(3, more(3), before=1))
    store.later(LEASE + 1)
    put(there, release(3, more(3), before=1))
    shows(there, more(3))


def test_a_sign_of_life_is_given_and_heeded(store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before each file that takes its time; whoever finds that the claim is another's writes nothing more."""
    there = shown(store)
    put(there, release(1, more(1)))
    signs = pointer_of(store).sign
    monkeypatch.setattr("planmark.targets.pointer.SIGN", -1.0)
    put(there, release(2, more(2), before=1))
    assert pointer_of(store).sign > signs + 6
    first = there.target.publish(there.place, release(3, more(3), before=2))
    next(first)
    stolen = replace(pointer_of(store), by="0" * 32)
    store.put(".planmark/acme-k/current.json", pointer_json(stolen), "", "")
    writes: list[str] = []
    store.before = lambda operation, path: writes.append(path) if operation == "put" and path.startswith("acme-k/") else None
    with pytest.raises(PlanmarkError, match="PM804"):
        list(first)
    assert "acme-k/index.html" not in writes


def test_an_answer_that_was_lost_is_no_other_publisher(store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written and asked for again is refused, and is ours all the same."""
    there, real = shown(store), Memory.put_over

    def lost(self: Memory, path: str, data: bytes, media_type: str, cache: str, tag: Tag) -> Tag | None:
        real(self, path, data, media_type, cache, tag)
        return None

    put(there, release(1, more(1)))
    monkeypatch.setattr(Memory, "put_over", lost)
    put(there, release(2, more(2), before=1))
    shows(there, more(2))
    assert pointer_of(store).by == ""


@pytest.mark.parametrize(("conditional", "said"), [("kept", 0), ("ignored", 1), ("refused", 1)])
def test_a_store_that_refuses_nobody_is_told_of(conditional: str, said: int) -> None:
    there = shown(Memory(conditional))
    for version in (1, 2):
        steps = put(there, release(version, site(version), before=version - 1))
        found = [step.path for step in steps if step.what == "said"]
        assert len(found) == said
        assert all("conditional writes" in one for one in found)


def test_what_somebody_removed_or_changed_is_sent_again(store: Memory) -> None:
    """Of the files of a site; what is not ours stays, until the plan is taken down."""
    there = shown(store)
    put(there, release(1, more(1)))
    del store.objects["acme-k/assets/same.css"]
    store.put("acme-k/plan.pdf", b"%PDX.", "application/pdf", "")
    store.put("acme-k/theirs.txt", b"theirs", "text/plain", "")
    steps = put(there, release(2, {**more(2), "plan.pdf": more(1)["plan.pdf"]}, before=1))
    sent = [step.path for step in steps if step.what == "sent"]
    assert sorted(sent) == ["assets/a.2.css", "assets/same.css", "index.html", "people.html", "plan.pdf"]
    assert there.get("acme-k", "theirs.txt") == b"theirs"
    put(there, release(3, {"index.html": b"gone"}, before=2, keep=0))
    assert [path for path in store.objects if path.startswith("acme-k/")] == ["acme-k/index.html"]


def test_a_version_of_which_something_is_missing_is_none_to_go_back_to(store: Memory) -> None:
    there = shown(store)
    for version in (1, 2, 3):
        put(there, release(version, more(version), before=version - 1))
    del store.objects["acme-k/assets/a.2.css"]
    assert [one.version for one in there.target.versions(there.place, "acme-k")] == [name(3), name(1)]
    third = release(3, more(3)).published
    del store.objects[f".planmark/acme-k/files/{third.files[-1].sha256}"]
    with pytest.raises(PlanmarkError, match="PM805"):
        there.target.read(there.place, third, third.files[-1])


@pytest.mark.parametrize("spoilt", ["acme-k/assets/a.2.css", "acme-k/index.html", ".planmark/acme-k/files/"])
def test_what_arrives_otherwise_than_it_was_sent_goes_no_further(spoilt: str, store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    there, real = shown(store), Memory.put
    put(there, release(1, more(1)))

    def spoil(self: Memory, path: str, data: bytes, media_type: str, cache: str) -> Tag:
        return real(self, path, data[:-1] if path.startswith(spoilt) else data, media_type, cache)

    monkeypatch.setattr(Memory, "put", spoil)
    with pytest.raises(PlanmarkError, match="PM806"):
        put(there, release(2, more(2), before=1))
    (found,) = there.target.published(there.place)
    assert found.version == name(1)
    monkeypatch.undo()
    put(there, release(3, more(3), before=1))
    shows(there, more(3))


def test_a_file_that_changes_while_it_is_published_is_told_of(store: Memory) -> None:
    made = release(1, more(1))
    with pytest.raises(PlanmarkError, match="PM806"):
        put(shown(store), replace(made, read=lambda file: b"another"))
    assert "acme-k/index.html" not in store.objects


WHOLE = pointer_json(Pointer(tags={"index.html": "t"}))


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{}", b"[]", b'{"format": 2}', pointer_json(Pointer("../../x")), b"\xff", b"[" * 100_000),
        *(WHOLE.replace(b'"sign": 0', b'"sign": Infinity'), WHOLE.replace(b"index.html", b"\\ud800")),
    ],
)
def test_a_pointer_that_cannot_be_read_is_neither_believed_nor_replaced(data: bytes, store: Memory) -> None:
    there = shown(store)
    put(there, release(1, more(1)))
    store.put(".planmark/acme-k/current.json", data, "", "")
    assert list(there.target.published(there.place)) == []
    assert there.target.versions(there.place, "acme-k") == ()
    before = dict(store.objects)
    with pytest.raises(PlanmarkError, match="update Planmark"):
        put(there, release(2, more(2)))
    assert store.objects == before


VERSIONS = st.integers(1, 59).map(name)
POINTERS = st.builds(
    Pointer,
    VERSIONS | st.just(""),
    st.lists(VERSIONS).map(tuple),
    st.dictionaries(st.text(), st.text()),
    st.booleans(),
    st.binary(min_size=16, max_size=16).map(bytes.hex) | st.just(""),
    st.integers(0),
)


@given(POINTERS)
def test_a_pointer_is_read_as_it_was_written(pointer: Pointer) -> None:
    assert read_pointer(pointer_json(pointer)) == pointer


@given(st.binary() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(lambda one: repr(one).encode()))
def test_whatever_else_is_no_pointer(data: bytes) -> None:
    assert read_pointer(data) is None
