"""Who may open a protected plan: given, taken and kept, one list for all of it, and nothing else is believed."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from tests.build.protected import PLAN, TEAM_KEY, given, protected, with_key
from tests.build.small import Small, plan

from planmark.content.access.giving import give, renew, revoke
from planmark.content.access.keys import derived
from planmark.content.access.opening import kept_by_person, kept_of, plan_key
from planmark.content.access.passphrases import LETTERS, new_passphrase, why_weak
from planmark.content.access.record import ACCESS_FILE, read_access, write_access
from planmark.content.access.slots import ITERATIONS, of_link, of_passphrase, opened
from planmark.content.acting import load_one
from planmark.problems import PlanmarkError, Problem

DAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with_key(monkeypatch)


def listed(small: Small) -> Path:
    """The list."""
    return small.root / "content/acme" / ACCESS_FILE


def refused(do: Callable[[], object]) -> Problem:
    """Why something is refused."""
    with pytest.raises(PlanmarkError) as caught:
        do()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem


def test_who_is_given_access_has_a_passphrase_and_a_link(tmp_path: Path) -> None:
    """Either opens the plan, and the list tells neither."""
    small = protected(tmp_path)
    change = given(small)
    assert (change.person, change.access.epoch, [one.id for one in change.access.people]) == ("maria", 1, ["maria"])
    kept = change.kept
    assert kept
    key = plan_key(load_one(small.root, "acme"))
    for opener in (of_passphrase(kept.passphrase, change.access.salt, change.access.iterations), of_link(kept.link_key)):
        assert opened(change.access.slots, change.access.plan, opener) == key
    text = listed(small).read_text(encoding="utf-8")
    assert kept.passphrase not in text
    assert kept.fragment[2:] not in text
    assert kept_by_person(load_one(small.root, "acme")) == {"maria": kept}


def test_a_passphrase_takes_a_million_rounds() -> None:
    """Of the tests alone it takes fewer."""
    assert ITERATIONS == 1_000_000


def test_people_are_found_by_id_and_by_name_and_labels_are_free(tmp_path: Path) -> None:
    """What looks like a slip of the pen is asked about."""
    small = protected(tmp_path)
    assert given(small, "Maria Lindqvist").person == "maria"
    assert given(small, "everyone").person == "everyone"
    slip = refused(lambda: given(small, "mario"))
    assert (slip.code, slip.hint) == ("PM301", "did you mean `maria`? For somebody else: --label")
    assert give(small.root, "acme", "mario", DAY, label=True).person == "mario"
    assert "may open the plan already" in refused(lambda: given(small)).message
    for odd in ("", " ", "two\nlines", "a" * 101, "\u202eevil", " everyone "):
        assert refused(lambda odd=odd: give(small.root, "acme", odd, DAY, label=True)).code == "PM214"  # type: ignore[misc]
    assert [one.id for one in load_one(small.root, "acme").access.people] == ["everyone", "maria", "mario"]  # type: ignore[union-attr]


def test_revoking_keeps_what_others_have(tmp_path: Path) -> None:
    """Their passphrases and links, under another key and another salt; a second time there is nobody to revoke."""
    small = protected(tmp_path)
    maria, everyone = given(small), given(small, "everyone")
    before = plan_key(load_one(small.root, "acme"))
    change = revoke(small.root, "acme", "everyone")
    deal = load_one(small.root, "acme")
    assert (change.person, change.access) == ("everyone", deal.access)
    assert change.access.epoch == 2
    assert change.access.salt != maria.access.salt
    assert plan_key(deal) != before
    assert kept_by_person(deal) == {"maria": maria.kept}
    assert maria.kept
    assert everyone.kept
    for passphrase, opens in ((maria.kept.passphrase, True), (everyone.kept.passphrase, False)):
        opener = of_passphrase(passphrase, change.access.salt, change.access.iterations)
        assert (opened(change.access.slots, change.access.plan, opener) == plan_key(deal)) is opens
    problem = refused(lambda: revoke(small.root, "acme", "marie"))
    assert (problem.code, problem.hint) == ("PM808", "did you mean `maria`?")
    assert revoke(small.root, "acme", "Maria Lindqvist").access.people == ()
    assert "nobody has one" in refused(lambda: revoke(small.root, "acme", "maria")).message
    assert given(small).access.epoch == 3


def test_no_key_comes_back(tmp_path: Path) -> None:
    """Not when the list is begun anew, nor when two people revoke at a time and one side of the merge is taken."""
    small = protected(tmp_path)
    given(small)
    given(small, "everyone")
    start = listed(small).read_bytes()
    keys = {plan_key(load_one(small.root, "acme")).key}
    for name in ("maria", "everyone"):
        listed(small).write_bytes(start)
        revoke(small.root, "acme", name)
        keys.add(plan_key(load_one(small.root, "acme")).key)
    listed(small).unlink()
    given(small)
    keys.add(plan_key(load_one(small.root, "acme")).key)
    assert len(keys) == 4


def test_a_plan_that_is_open_or_has_no_key_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = protected(tmp_path)
    small.write({PLAN: plan()})
    assert "access: passphrase" in refused(lambda: given(small)).hint
    small.write({PLAN: plan(share=None, more="access: passphrase")})
    assert "share_key: " in refused(lambda: given(small)).hint
    small.write({PLAN: plan(more="access: passphrase")})
    monkeypatch.delenv("PLANMARK_KEY")
    assert refused(lambda: given(small)).code == "PM707"
    assert not listed(small).exists()


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "secret",
        "correct horse",
        "Northwind Rollout 2026!",
        "maria lindqvist maria lindqvist",
        "qwertyuiopasdfghjklzxcvbnm",
        "12345678901234567890",
        "abcabcabcabcabcabcabc",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "ababababcdcdcdcdababcdcd",
        "x" * 300,
    ],
)
def test_a_passphrase_of_ones_own_that_could_be_guessed_is_refused(tmp_path: Path, weak: str) -> None:
    assert why_weak(weak, ["Northwind", "Rollout", "Maria Lindqvist"])
    if weak:
        small = protected(tmp_path)
        problem = refused(lambda: give(small.root, "acme", "everyone", DAY, weak))
        assert problem.code == "PM808"
        assert weak not in problem.message + problem.hint
        assert not listed(small).exists()


def test_a_good_one_of_ones_own_is_taken_as_it_is_compared(tmp_path: Path) -> None:
    small = protected(tmp_path)
    change = give(small.root, "acme", "everyone", DAY, "  violet tractor\u00a0sings\nbelow eleven ﬁords ")
    assert change.kept
    assert change.kept.passphrase == "violet tractor sings below eleven fiords"


def test_passphrases_by_chance_cannot_be_guessed() -> None:
    """Sixteen of thirty letters are 78 bits; they are easy to tell and to type, and no two are alike."""
    found = [new_passphrase() for _ in range(2000)]
    assert len(set(found)) == len(found)
    assert 16 * math.log2(len(set(LETTERS))) >= 77
    assert set("".join(found)) == set(LETTERS) | {"-"}
    assert {len(one) for one in found} == {19}
    assert not set(LETTERS) & set("01ilouIO")
    assert not any(why_weak(one, ["Northwind"]) for one in found[:300])


def test_two_at_a_time_are_both_in_the_list(tmp_path: Path) -> None:
    """One waits for the other."""
    small = protected(tmp_path)
    names = [f"label {number}" for number in range(4)]
    threads = [threading.Thread(target=give, args=(small.root, "acme", name, DAY), kwargs={"label": True}) for name in names]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    deal = load_one(small.root, "acme")
    assert [one.id for one in deal.access.people] == names  # type: ignore[union-attr]
    assert len(kept_by_person(deal)) == 4


def test_a_list_that_is_killed_while_it_is_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = protected(tmp_path)
    given(small)
    before = listed(small).read_bytes()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planmark.content.access.record.os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        given(small, "everyone")
    assert listed(small).read_bytes() == before


def test_a_line_that_was_changed_or_is_missing_is_found_out(tmp_path: Path) -> None:
    """A revocation that was edited by hand would be none. Renewing makes one of it, and everybody who is left keeps what they have."""
    small = protected(tmp_path)
    maria = given(small)
    given(small, "everyone")
    access = load_one(small.root, "acme").access
    assert access
    for changed in (
        replace(access, people=access.people[1:]),
        replace(access, epoch=7),
        replace(access, salt=bytes(16)),
        replace(
            access,
            people=(replace(access.people[0], slots=access.people[1].slots[::-1]), replace(access.people[1], slots=(b"x" * 60, b"y" * 60))),
        ),
        replace(access, people=tuple(replace(one, since=DAY.replace(year=2020)) for one in access.people)),
    ):
        write_access(listed(small).parent, changed)
        problem = refused(lambda: plan_key(load_one(small.root, "acme")))
        assert (problem.code, problem.location.path) == ("PM808", "content/acme/access.json")
        assert refused(lambda: revoke(small.root, "acme", "maria")).code == "PM808"
    write_access(listed(small).parent, replace(access, people=access.people[1:]))
    renew(small.root, "acme")
    assert kept_by_person(load_one(small.root, "acme")) == {"maria": maria.kept}
    alien = replace(access.people[0], id="eve")
    write_access(listed(small).parent, replace(access, people=(alien, *access.people[1:])))
    assert "`eve`" in refused(lambda: renew(small.root, "acme")).message


def test_what_is_kept_is_for_one_person_of_one_plan(tmp_path: Path) -> None:
    small = protected(tmp_path)
    change = given(small)
    (maria,) = change.access.people
    assert kept_of(maria, TEAM_KEY, change.access.plan) == change.kept
    assert kept_of(replace(maria, id="eve"), TEAM_KEY, change.access.plan) is None
    assert kept_of(maria, TEAM_KEY, "0" * 32) is None
    assert kept_of(maria, derived(TEAM_KEY, "other"), change.access.plan) is None
    for place in (0, 11, 12, len(maria.kept) - 1):
        wrong = bytearray(maria.kept)
        wrong[place] ^= 1
        assert kept_of(replace(maria, kept=bytes(wrong)), TEAM_KEY, change.access.plan) is None


def _mistakes() -> dict[str, tuple[Callable[[dict[str, Any]], object], str]]:
    """What somebody did to the list, and the words of the answer."""
    return {
        "another format": (lambda held: held.update(format=2), "another version"),
        "an unknown key": (lambda held: held.update(more=1), "`more` is not known here"),
        "a missing key": (lambda held: held.pop("salt"), "`salt` is missing"),
        "no list": (lambda held: held.update(people="maria"), "`people` should be a list"),
        "nobody's line": (lambda held: held.update(people=["maria"]), "keys and values are expected"),
        "an unknown key of somebody": (lambda held: held["people"][0].update(role=1), "`role` is not known here"),
        "the same person twice": (lambda held: held["people"].append(held["people"][0]), "`everyone` is in the list twice"),
        "one slot for two": (lambda held: held["people"][1].update(slots=held["people"][0]["slots"]), "two people have one slot"),
        "a short slot": (lambda held: held["people"][0]["slots"].__setitem__(0, "AAAA"), "a slot should be 60 bytes"),
        "three slots": (lambda held: held["people"][0]["slots"].append("AAAA"), "`slots` should be a list of two"),
        "few rounds": (lambda held: held.update(iterations=9999), "`iterations` should be a whole number from 10,000"),
        "rounds without end": (lambda held: held.update(iterations=999_999_999), "`iterations` should be"),
        "a short salt": (lambda held: held.update(salt="AAAA"), "`salt` should be 16 bytes"),
        "odd Base64": (lambda held: held.update(salt=held["salt"].replace("==", "=")), "`salt` should be 16 bytes"),
        "epoch nought": (lambda held: held.update(epoch=0), "`epoch` should be a whole number from 1"),
        "no day": (lambda held: held["people"][0].update(since="2026-02-30"), "`since` should be a date"),
        "a name that turns round": (lambda held: held["people"][0].update(id="\u202ea"), "`id` should be"),
        "no digest": (lambda held: held.update(plan="../../etc"), "`plan` should be 32 hexadecimal digits"),
        "no fingerprint": (lambda held: held.update(key=["3f2a91bc"]), "`key` should be a key's fingerprint"),
        "much of it kept": (lambda held: held["people"][0].update(kept="A" * 8000), "`kept` should be"),
    }


@pytest.mark.parametrize("case", _mistakes())
def test_a_list_that_nobody_wrote_is_a_problem_with_its_place(tmp_path: Path, case: str) -> None:
    small = protected(tmp_path)
    given(small)
    given(small, "everyone")
    held = json.loads(listed(small).read_text(encoding="utf-8"))
    change, said = _mistakes()[case]
    change(held)
    listed(small).write_text(json.dumps(held, indent=1, ensure_ascii=False), encoding="utf-8")
    problem = refused(lambda: load_one(small.root, "acme"))
    assert problem.code == "PM808"
    assert said in problem.message
    assert problem.location.path == "content/acme/access.json"
    assert problem.location.line
    assert "version control" in problem.hint


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"\xff\xfe", b"[" * 50_000, b'{"a": 1, "a": 2}', b"<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n"],
    ids=["empty", "a list", "half", "no text", "deep", "twice", "a merge"],
)
def test_what_is_no_list_at_all_is_a_problem_too(tmp_path: Path, data: bytes) -> None:
    small = protected(tmp_path)
    listed(small).write_bytes(data)
    with pytest.raises(PlanmarkError) as caught:
        load_one(small.root, "acme")
    assert {one.location.path for one in caught.value.problems} == {"content/acme/access.json"}
    assert all("version control" in one.hint for one in caught.value.problems)


def test_a_link_to_a_list_is_none(tmp_path: Path) -> None:
    small = protected(tmp_path)
    listed(small).symlink_to("/etc/passwd")
    assert refused(lambda: load_one(small.root, "acme")).code == "PM403"


def test_a_plan_that_lies_open_does_not_look_at_it(tmp_path: Path) -> None:
    small = protected(tmp_path)
    small.write({PLAN: plan()})
    listed(small).write_bytes(b"{")
    assert load_one(small.root, "acme").access is None


@settings(max_examples=60)
@for_any(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_nothing_that_stands_there_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("deal")
    (folder / ACCESS_FILE).write_bytes(data)
    problems: list[Problem] = []
    assert read_access(folder, "content/acme", problems) is None
    assert problems
