"""`planmark bundle`: one file or a zip of the built site, the same bytes for the same plan, its size told."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from tests.build.complete import SECRET_SHOWN, complete
from tests.build.small import files
from tests.cli.running import PLAN, TODAY, UNJUDGED, planmark
from tests.conftest import MakeWorkspace

from planmark.site.bundle.loads import LARGEST


@pytest.fixture
def acme(workspace: MakeWorkspace) -> Path:
    """A workspace of one deal, with a recording that is too large for one file."""
    talk = "resources: [{title: The talk, kind: video, file: files/talk.mp4}]\n"
    video = b"\0\0\0\x18ftypmp42" + bytes(LARGEST)
    return workspace({"planmark.yaml": UNJUDGED, "content/acme/plan.yaml": PLAN + talk, "content/acme/files/talk.mp4": video})


def test_one_file_beside_the_site_it_is_made_from(acme: Path) -> None:
    said = planmark(acme, "bundle", "acme", *TODAY)
    assert said.code == 0
    assert re.fullmatch(r"acme\.html, \d+ kB\n", said.out)
    assert re.search(r"Not in it, being 5\.0 MB large: assets/talk\.[0-9a-f]{10}\.mp4\. `planmark bundle acme --zip` has it\.\n", said.err)
    first = (acme / "acme.html").read_bytes()
    assert b"Sign the agreement" in first
    assert list((acme / "build/sites").glob("acme*/index.html"))
    assert planmark(acme, "bundle", "acme", *TODAY, "--to", "again.html").out.startswith("again.html, ")
    assert (acme / "again.html").read_bytes() == first


def test_the_zip_has_every_file_of_the_site_and_its_sums_hold(acme: Path) -> None:
    assert planmark(acme, "bundle", "acme", "--zip", *TODAY).code == 0
    (site,) = (acme / "build/sites").glob("acme*")
    with zipfile.ZipFile(acme / "acme.zip") as archive:
        archive.extractall(acme / "out")
        names = archive.namelist()
    built = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert {"index.html", "plan.pdf", "plan.ics"} < set(built)
    assert names == sorted([*built, "SHA256SUMS"])
    assert {name: (acme / "out" / name).read_bytes() for name in built} == built
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=acme / "out", check=True, capture_output=True)
    before = hashlib.sha256((acme / "acme.zip").read_bytes()).digest()
    planmark(acme, "bundle", "acme", "--zip", *TODAY)
    assert hashlib.sha256((acme / "acme.zip").read_bytes()).digest() == before


def test_above_what_mail_takes_it_says_so(acme: Path) -> None:
    talks = [f"{{title: Talk {number}, kind: video, file: files/talk{number}.mp4}}" for number in range(2)]
    for number in range(2):
        (acme / f"content/acme/files/talk{number}.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes([number]) * (LARGEST - 100))
    (acme / "content/acme/plan.yaml").write_text(f"{PLAN}resources: [{', '.join(talks)}]\n", encoding="utf-8")
    said = planmark(acme, "bundle", "acme", *TODAY)
    assert said.out.startswith("acme.html, 1")
    assert " MB" in said.out
    assert "Many mail systems refuse more than 10.0 MB: put it on a share, or send the link." in said.err


@pytest.mark.parametrize(
    ("plan", "more", "code"),
    [(PLAN.replace("target", "taget"), {}, "PM2"), (PLAN, files(), "PM616")],
    ids=["an error in the plan", "a theme without main"],
)
def test_what_stands_in_the_way_is_said_and_nothing_written(workspace: MakeWorkspace, plan: str, more: dict[str, str], code: str) -> None:
    root = workspace({**more, "content/acme/plan.yaml": plan})
    said = planmark(root, "bundle", "acme", *TODAY)
    assert said.code == 1
    assert code in said.err
    assert not list(root.glob("acme.*"))


def test_a_deal_that_is_none_is_told(acme: Path) -> None:
    said = planmark(acme, "bundle", "acne")
    assert said.code == 1
    assert "PM604" in said.err
    assert "acme" in said.err


def test_nothing_internal_is_in_it(workspace: MakeWorkspace) -> None:
    """Of a plan in which everything is written that can be."""
    made = complete()
    root = workspace(made.files)
    deals = [path.name for path in (root / "content").iterdir() if (path / "plan.yaml").is_file()]
    for deal in deals:
        said = planmark(root, "bundle", deal, "--today", "2026-11-09")
        assert said.code == 0, said.err
        text = (root / f"{deal}.html").read_text(encoding="utf-8").lower()
        bare = re.sub(r"data:[a-z0-9/+-]+;base64,[a-z0-9+/=]+", "", text)  # its files are those of the site, which are looked at as such
        assert not [word for word in (*made.secret, *SECRET_SHOWN) if word.lower() in bare]
