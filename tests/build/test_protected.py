"""A protected plan is built sealed: whoever has a key reads all of it, and nobody else a word."""

from __future__ import annotations

import base64
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.build.protected import OTHER_KEY, PLAN, SITE, TEAM_KEY, given, key_by_link, lock_of, protected, read_with, traces, with_key
from tests.build.small import TODAY, Small, plan, stamps, tree
from tests.media import pdf
from tests.site.canary import Canary
from tests.site.test_sealed import by_another_hand

from planmark.build.build import Options, build
from planmark.build.bundle import site_of
from planmark.build.preview import Preview
from planmark.content.access.giving import give, renew, revoke
from planmark.content.access.slots import of_passphrase, opened
from planmark.content.emit import emit
from planmark.content.secrets import written_key
from planmark.content.starting import hand_off
from planmark.plan.tokens import fingerprint
from planmark.problems import PlanmarkError
from planmark.site.sealed.manifest import MANIFEST
from planmark.site.sealed.objects import Sealing
from planmark.site.sealed.reading import NotOpenError


@pytest.fixture(autouse=True)
def _with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with_key(monkeypatch)


def codes(small: Small, **how: object) -> set[str]:
    """What is wrong with a build."""
    return {problem.code for problem in small.build(**how).problems}  # type: ignore[arg-type]  # as `build` takes it


def test_whoever_has_a_link_or_a_passphrase_reads_what_would_lie_open(tmp_path: Path) -> None:
    """File for file; and with neither, nothing but the lock."""
    small = protected(tmp_path)
    change = given(small)
    assert not small.build().problems
    assert [path.name for path in small.sites.iterdir()] == [SITE]
    site = small.sites / SITE
    key = key_by_link(site, change)
    assert key
    assert change.kept
    lock = lock_of(site)
    by_passphrase = of_passphrase(change.kept.passphrase, change.access.salt, change.access.iterations)
    assert opened(change.access.slots, lock["plan"], by_passphrase) == key
    inside = read_with(site, key)
    small.write({PLAN: plan("Rollout for acme")})
    small.build()
    plain = tree(small.site("acme"))
    assert [path.name for path in small.sites.iterdir()] == [f"acme-{SITE}"]
    same = {path for path in plain if plain[path] == inside.get(path)}
    assert same >= {"index.html", "plan.json", "plan.ics"}
    assert b"AES-256-GCM" in inside["privacy.html"]
    assert b"AES-256-GCM" not in plain["privacy.html"]
    assert set(plain) - set(inside) == set()
    assert {path.partition(".")[0] for path in set(inside) - set(plain)} <= {"assets/lock"} | {"index"}


def test_another_implementation_opens_what_was_built(tmp_path: Path) -> None:
    """WebCrypto alone, from the lock page on: by passphrase and by link, the manifest, and by it every file."""
    small = protected(tmp_path)
    change = given(small)
    small.build(pdf="made")
    site = small.sites / SITE
    assert change.kept
    lock = lock_of(site)
    openers = [{"passphrase": change.kept.passphrase}, {"link": change.kept.fragment.removeprefix("k=")}, {"passphrase": "another one"}]
    first, second, nobody = by_another_hand(lock=json.dumps(lock), openers=openers)["keys"]
    assert first == second
    assert nobody is None

    def opened_there(*of: tuple[str, str]) -> list[bytes]:
        asked = [[path, (site / name).read_bytes().hex()] for path, name in of]
        return [bytes.fromhex(one) for one in by_another_hand(key=first, plan=lock["plan"], open=asked)["opened"]]

    (manifest,) = opened_there((MANIFEST, lock["manifest"]))
    files = json.loads(manifest)["files"]
    found = dict(zip(files, opened_there(*((path, one["name"]) for path, one in files.items())), strict=True))
    key = key_by_link(site, change)
    assert key
    inside = read_with(site, key)
    assert found == {path: inside[path] for path in files}
    assert found["plan.pdf"].startswith(b"%PDF")
    assert {path: one["size"] for path, one in files.items()} == {path: len(data) for path, data in found.items()}
    assert files["index.html"]["type"].startswith("text/html")


def test_the_site_has_nothing_but_the_lock_and_objects(tmp_path: Path) -> None:
    """Also while it is made: what is sealed is sealed before it is written."""
    small = protected(tmp_path)
    given(small)
    small.build()
    site = small.sites / SITE
    public = {path for path in tree(site) if not path.endswith(".bin")}
    assert {path.partition(".")[0] for path in public} == {"index", "assets/lock", "assets/plan"}
    assert all(path.startswith("assets/") for path in tree(site) if path.endswith(".bin"))
    page, lock = (site / "index.html").read_text(encoding="utf-8"), lock_of(site)
    for letters in (lock["salt"], *lock["slots"]):  # drawn by chance, which writes short words, too
        assert letters in page
        page = page.replace(letters, "")
    for trace in ("acme", "Northwind", "Rollout", "Maria", "og:", "description", "Halyard"):
        assert trace.lower() not in page.lower()


def renamed(value: Any) -> Any:
    """What the deal holds in which all texts begin with `open` or `hush`, with another word for both."""
    if isinstance(value, str):
        return value if value == "open" else value.replace("open", WORD).replace("hush", f"x{WORD}")
    if isinstance(value, dict):
        return {key: renamed(one) for key, one in value.items()}
    return [renamed(one) for one in value] if isinstance(value, list) else value


WORD = "kanarienvogel"


def test_no_trace_of_anything(tmp_path: Path) -> None:
    """Every text, name and file of a plan in which all have names of their own; the words in its pictures and PDFs. In every spelling."""
    canary, word = Canary(), WORD
    said = PngInfo()
    said.add_text("Comment", word)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG", pnginfo=said)
    shared = {f"files/{word}.png": picture.getvalue(), f"files/{word}.pdf": pdf().replace(b"%%EOF", b"% kanarienvogel\n%%EOF")}
    plan_of = renamed({key: value for key, value in canary.plan.items() if key not in ("theme", "expires", "state")})
    plan_of["resources"] += [{"id": f"{word}-{one[-3:]}", "title": f"{word} {one[-3:]}", "file": one} for one in shared]
    plan_of |= {"share_key": SITE, "access": "passphrase"}
    folder = f"content/{word}"
    files = {f"{folder}/{renamed(path)}": renamed(data) for path, data in canary.files.items()} | {
        f"{folder}/{path}": data for path, data in shared.items()
    }
    settings = renamed(str(canary.workspace()["planmark.yaml"])) + f'key: ["{fingerprint(TEAM_KEY)}"]\n'
    files |= {"planmark.yaml": settings, f"{folder}/plan.yaml": emit(plan_of)}
    small = Small(tmp_path)
    small.write(files)
    change = give(small.root, word, f"{word} label", TODAY, label=True)
    report = small.build(pdf="made")
    assert not [problem for problem in report.problems if problem.severity == "error"]
    site = small.sites / SITE
    key = key_by_link(site, change)
    assert key
    inside = read_with(site, key)
    spelled = word.encode()
    assert sum(spelled in path.encode() for path in inside) >= 2
    assert sum(spelled in data for path, data in inside.items() if path.endswith((".html", ".json", ".ics", ".pdf", ".png"))) >= 5
    assert not traces(site, [word])
    assert change.kept
    assert not traces(site, [change.kept.passphrase, change.kept.fragment.removeprefix("k="), TEAM_KEY.hex(), fingerprint(TEAM_KEY)])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a", b"<p>KanarienVogel</p>"),
        ("a", WORD.encode("utf-16")),
        ("a", base64.b64encode(b"x" + WORD.encode())),
        ("a", base64.urlsafe_b64encode(b"\xff\xfe" + WORD.encode() + b"\xff")),
        (f"{WORD}.bin", b""),
    ],
)
def test_a_trace_would_be_found(tmp_path: Path, name: str, data: bytes) -> None:
    """What is looked for above is found where it is."""
    (tmp_path / name).write_bytes(data)
    assert traces(tmp_path, [WORD])


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Built anew, on another machine that has the key, on another day on which nothing changes."""
    small = protected(tmp_path / "here")
    given(small)
    small.build()
    there = small.clean_copy(tmp_path / "there")
    there.build(today=TODAY.replace(day=10))
    assert tree(there.sites) == tree(small.sites)


def test_what_is_as_it_was_is_not_built_again(tmp_path: Path) -> None:
    """Not even with a PDF in it; and where only the day has changed a state, its PDF is not laid out again."""
    small = protected(tmp_path)
    given(small)
    small.build(pdf="made")
    before = stamps(small.sites)
    assert not small.build(pdf="made").reasons
    small.write({"content/acme/notes.txt": "Nothing that is shown"})
    report = small.build(pdf="made")
    assert list(report.reasons) == ["acme"]
    assert report.count("created") == report.count("updated") == report.count("removed") == 0
    assert stamps(small.sites) == before
    assert not small.build(pdf="made", dry_run=True).reasons


def test_adding_somebody_changes_the_lock_page_alone(tmp_path: Path) -> None:
    small = protected(tmp_path)
    given(small)
    small.build()
    before = tree(small.sites / SITE)
    assert list(small.build().reasons) == []
    change = given(small, "everyone")
    report = small.build()
    assert report.reasons["acme"] == "content/acme/access.json changed"
    after = tree(small.sites / SITE)
    assert {path for path in before if before[path] != after.get(path)} == {"index.html"}
    assert set(after) == set(before)
    assert len(lock_of(small.sites / SITE)["slots"]) == 4
    assert key_by_link(small.sites / SITE, change)


def test_revoking_somebody_changes_every_object(tmp_path: Path) -> None:
    """Names and bytes; those who may still read it keep what they have, and the one who may not opens none of it."""
    small = protected(tmp_path)
    maria, everyone = given(small), given(small, "everyone")
    small.build()
    site = small.sites / SITE
    before, old = tree(site), key_by_link(site, everyone)
    assert old
    revoke(small.root, "acme", "everyone")
    small.build()
    after = tree(site)
    assert {path for path in before if path.endswith(".bin")}.isdisjoint(after)
    assert key_by_link(site, everyone) is None
    key = key_by_link(site, maria)
    assert key
    assert key != old
    assert "plan.json" in read_with(site, key)
    with pytest.raises(NotOpenError):
        read_with(site, old)
    assert maria.kept
    assert opened(_slots(small), lock_of(site)["plan"], of_passphrase(maria.kept.passphrase, _salt(small), maria.access.iterations)) == key


def _slots(small: Small) -> list[bytes]:
    return [base64.b64decode(one) for one in lock_of(small.sites / SITE)["slots"]]


def _salt(small: Small) -> bytes:
    return base64.b64decode(lock_of(small.sites / SITE)["salt"])


def test_a_flipped_byte_of_the_site_does_not_open(tmp_path: Path) -> None:
    """In any file; nor does one that stands in another's place, one that is missing, or one too many."""
    small = protected(tmp_path)
    change = given(small)
    small.build()
    site = small.sites / SITE
    key = key_by_link(site, change)
    assert key
    objects = sorted(site.glob("assets/*.bin"))
    for number, path in enumerate(objects):
        data = path.read_bytes()
        for wrong in (data[:-1] + bytes([data[-1] ^ 1]), data[:100], objects[number - 1].read_bytes(), b""):
            path.write_bytes(wrong)
            with pytest.raises(NotOpenError):
                read_with(site, key)
        path.unlink()
        with pytest.raises(NotOpenError):
            read_with(site, key)
        path.write_bytes(data)
    (site / f"assets/{'0' * 32}.bin").write_bytes(objects[0].read_bytes())
    with pytest.raises(NotOpenError):
        read_with(site, key)


def test_what_was_sealed_for_an_earlier_version_does_not_open_in_a_later_one(tmp_path: Path) -> None:
    """It is whole, under the same key and path: which version a file has is what the manifest says."""
    small = protected(tmp_path)
    change = given(small)
    small.build()
    site = small.sites / SITE
    key = key_by_link(site, change)
    assert key
    sealing, page = Sealing(key), read_with(site, key)["plan.json"]
    name = sealing.name("plan.json", sealing.digest("plan.json", page))
    earlier = (site / name).read_bytes()
    small.replace("content/acme/plan.yaml", "Rollout for", "Launch for")
    small.build()
    assert key_by_link(site, change) == key
    later = read_with(site, key)["plan.json"]
    assert later != page
    (site / sealing.name("plan.json", sealing.digest("plan.json", later))).write_bytes(earlier)
    assert sealing.open("plan.json", earlier)
    with pytest.raises(NotOpenError):
        read_with(site, key)


def test_without_a_key_or_anybody_it_fails_and_what_stood_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again at each build, and as soon as the key is there, it works."""
    small = protected(tmp_path)
    assert codes(small) == {"PM808"}
    assert not small.sites.exists()
    given(small)
    small.build()
    before = tree(small.sites)
    small.replace(PLAN, "Sign the agreement", "Sign all of it")
    monkeypatch.delenv("PLANMARK_KEY")
    assert codes(small) == codes(small) == {"PM707"}
    assert tree(small.sites) == before
    monkeypatch.setenv("PLANMARK_KEY", written_key(TEAM_KEY))
    assert not codes(small)
    assert tree(small.sites) != before
    for more in ("", f"\nshare_key: _{SITE}", f"\nshare_key: -{SITE}"):
        small.write({PLAN: plan("Rollout", share=None, more=f"access: passphrase{more}")})
        (problem,) = small.build().problems
        assert problem.code == "PM802"
        assert "share_key: " in problem.hint
    assert tree(small.sites)


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = protected(tmp_path)
    given(small)
    monkeypatch.setattr("planmark.content.access.keys.why_nothing_is_sealed", lambda: "a library for it is missing")
    (problem,) = small.build().problems
    assert (problem.code, problem.hint) == ("PM808", 'pip install "planmark[protected]"')
    with pytest.raises(PlanmarkError, match="PM808"):
        given(small, "everyone")


def test_a_changed_share_key_or_team_key_asks_for_a_renewal(tmp_path: Path) -> None:
    """After it everybody has what they had."""
    small = protected(tmp_path)
    maria = given(small)
    small.build()
    small.replace(PLAN, SITE, SITE.replace("k00", "k99"))
    (problem,) = small.build().problems
    assert problem.code == "PM808"
    assert "planmark access acme renew" in problem.hint
    renew(small.root, "acme")
    assert not codes(small)
    site = small.sites / SITE.replace("k00", "k99")
    assert key_by_link(site, maria)
    small.replace("planmark.yaml", f'["{fingerprint(TEAM_KEY)}"]', f'["{fingerprint(OTHER_KEY)}", "{fingerprint(TEAM_KEY)}"]')
    assert not codes(small), "links that the old key signed count, too"
    small.replace("planmark.yaml", f', "{fingerprint(TEAM_KEY)}"', "")
    assert codes(small) == {"PM808"}
    with pytest.raises(PlanmarkError, match="no longer names"):
        renew(small.root, "acme")
    small.replace("planmark.yaml", f'["{fingerprint(OTHER_KEY)}"]', f'["{fingerprint(OTHER_KEY)}", "{fingerprint(TEAM_KEY)}"]')
    renew(small.root, "acme")
    small.replace("planmark.yaml", f', "{fingerprint(TEAM_KEY)}"', "")
    assert not codes(small)
    assert key_by_link(site, maria)


def test_a_preview_shows_it_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On this machine alone: nobody needs access, or even a key."""
    small = protected(tmp_path)
    monkeypatch.delenv("PLANMARK_KEY")
    report = build(small.root, Options(today=TODAY, output="build/.planmark/preview", pdf="none", preview=Preview({}, "")))
    assert not report.problems
    (site,) = (small.root / "build/.planmark/preview/sites").iterdir()
    assert b"Rollout for acme" in (site / "index.html").read_bytes()


def test_its_pictures_are_kept_between_builds(tmp_path: Path) -> None:
    """They are drawn once, though no file of the site says which they are."""
    small = protected(tmp_path)
    given(small)
    small.build()
    store = small.root / "build/.planmark/pictures"
    before = stamps(store)
    assert before
    small.replace(PLAN, "Sign the agreement", "Sign all of it")
    small.build()
    assert stamps(store) == before


def test_it_does_not_become_one_file(tmp_path: Path) -> None:
    """A file has no lock."""
    small = protected(tmp_path)
    given(small)
    with pytest.raises(PlanmarkError, match="a file of its own would be open"):
        site_of(small.root, "acme", TODAY)
    assert not small.sites.exists()


def test_a_plan_that_is_no_longer_protected_lies_open_elsewhere(tmp_path: Path) -> None:
    """And the other way: no plain file stays behind."""
    small = protected(tmp_path)
    given(small)
    small.write({PLAN: plan("Rollout for acme")})
    small.build()
    assert [path.name for path in small.sites.iterdir()] == [f"acme-{SITE}"]
    small.write({PLAN: plan("Rollout for acme", more="access: passphrase")})
    small.build()
    assert [path.name for path in small.sites.iterdir()] == [SITE]
    shutil.rmtree(small.root / "build/.planmark")
    assert not traces(small.root / "build", ["Rollout for acme"])


def test_there_is_no_card_for_chats(tmp_path: Path) -> None:
    """Not even a sealed one: nobody could ask for it."""
    small = protected(tmp_path, 'publish: {live: {kind: directory, path: ../www, url: "https://plans.example.com"}}\n')
    change = given(small)
    small.build()
    key = key_by_link(small.sites / SITE, change)
    assert key
    inside = read_with(small.sites / SITE, key)
    assert not [path for path in inside if "card" in path]
    assert b"og:image" not in inside["index.html"]


def test_a_plan_that_is_handed_on_keeps_its_readers(tmp_path: Path) -> None:
    """Under the link that goes on, with the passphrases and links that they have."""
    small = protected(tmp_path)
    change = given(small)
    small.build()
    hand_off(small.root, "acme", "acme-onboarding", "onboarding", "", None, TODAY)
    assert not [problem for problem in small.build().problems if problem.severity == "error"]
    assert [path.name for path in small.sites.iterdir()] == [SITE]
    key = key_by_link(small.sites / SITE, change)
    assert key
    assert b"Go-live" in read_with(small.sites / SITE, key)["index.html"]


def test_a_live_state_is_not_asked_for(tmp_path: Path) -> None:
    """A receiver would have to tell it to whoever has the link."""
    small = protected(tmp_path, "endpoint: {kind: planmark, url: https://inbox.example.com}\n")
    change = given(small)
    small.build()
    site = small.sites / SITE
    key = key_by_link(site, change)
    assert key
    page = read_with(site, key)["index.html"].decode()
    data = json.loads(page.partition('<script type="application/json" id="planmark-data">')[2].partition("</script>")[0])
    assert not data.get("live")
    assert "https://inbox.example.com" in (site / "index.html").read_text(encoding="utf-8"), "the policy of the lock lets the plan send"
