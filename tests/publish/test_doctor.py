"""The doctor looks at everything, says what is wrong and what to do, goes on after each, and changes nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from tests.build.small import TODAY, plan, tree
from tests.cli.running import planmark
from tests.endpoints.fakes.receiver import OwnReceiver
from tests.publish.published import NOW, Publisher, publisher, serving
from tests.receiver.running import READ, Receiving

from planmark.content.secrets import keep_key, key_file, new_key, written_key
from planmark.plan.headers import HEADERS
from planmark.plan.tokens import fingerprint
from planmark.publish.doctor import Found, examine
from planmark.publish.doctor import letters as fonts
from planmark.publish.doctor.machine import extras, sqlite
from planmark.publish.doctor.reaching import Reply, clock
from planmark.publish.publishing import Wish, publish
from planmark.publish.there import there_of

PLAN = "content/acme/plan.yaml"


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A workspace of two deals with a web server, on the day of its plans, and a configuration of its own."""
    monkeypatch.setenv("PLANMARK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    (tmp_path / "www").mkdir()
    with serving(tmp_path / "www") as url:
        yield publisher(tmp_path, url)


def looked(ours: Publisher, target: str = "") -> list[Found]:
    return list(examine(ours.small.root, target, datetime.now(UTC)))


def wrong_with(found: list[Found], about: str) -> str:
    """What is wrong there, with what to do; each such line has that."""
    lines = [one for one in found if one.about == about and one.word != "fine"]
    assert all(one.hint for one in lines)
    return "\n".join(f"{one.word} {one.text} → {one.hint}" for one in lines)


def test_where_all_is_well_every_line_says_so(ours: Publisher) -> None:
    publish(there_of(ours.small.root), Wish(today=TODAY), NOW, lambda done, of, name: None)
    found = looked(ours)
    assert [one for one in found if one.word != "fine" and one.about != "machine"] == []
    assert {"machine", "workspace", "fonts", "endpoint", "target live"} <= {one.about for one in found}
    said = "\n".join(one.text for one in found)
    for part in (
        "2 plans can be read",
        "plans and drafts of this seller that are out: 2",
        "answers as it was published",
        "is as it is here",
    ):
        assert part in said


def test_a_page_that_was_spoilt_is_found_whichever_plan_it_is_of(ours: Publisher) -> None:
    """Publishing again would say that it is out already: nothing has changed here."""
    publish(there_of(ours.small.root), Wish(today=TODAY), NOW, lambda done, of, name: None)
    for site in (path for path in ours.www.iterdir() if path.is_symlink()):
        entry = site / "index.html"
        whole = entry.read_bytes()
        entry.write_bytes(b"x")
        said = wrong_with(looked(ours), "target live")
        assert f"{site.name}/: what answers there is not what was published: index.html" in said
        entry.write_bytes(whole)
    assert "with all headers (and 1 more)" in "\n".join(one.text for one in looked(ours))


def test_nothing_is_changed(ours: Publisher) -> None:
    ours.one()
    ours.small.replace(PLAN, "Sign the agreement", "Sign soon")
    before = tree(ours.small.root), sorted(str(path) for path in ours.www.rglob("*"))
    looked(ours)
    assert (tree(ours.small.root), sorted(str(path) for path in ours.www.rglob("*"))) == before
    assert not key_file().exists()


def test_outside_of_any_workspace_it_looks_at_the_machine(tmp_path: Path) -> None:
    said = planmark(tmp_path, "doctor")
    assert said.code == 0, said.err
    assert "✓ fine     machine: Planmark" in said.out
    assert "! warning  workspace: there is no planmark.yaml here or above" in said.out
    assert list(tmp_path.iterdir()) == []


def test_a_broken_workspace_is_said_and_the_rest_goes_on(ours: Publisher) -> None:
    ours.small.write({"planmark.yaml": "seller: ["})
    said = planmark(ours.small.root, "doctor")
    assert said.code == 1
    assert "✓ fine     machine: Planmark" in said.out
    assert "✗ error    workspace: planmark.yaml:1:" in said.out
    assert said.out.splitlines()[-1].startswith("1 error")


def test_as_json_it_says_the_same(ours: Publisher) -> None:
    said = planmark(ours.small.root, "doctor", "--json", "--at", "live")
    found = json.loads(said.out)
    assert said.code == 0
    assert {"about", "word", "text", "hint"} == set(found[0])
    assert {one["about"] for one in found} >= {"machine", "target live"}


def test_a_target_that_is_none_is_an_error(ours: Publisher) -> None:
    assert "did you mean `live`" in wrong_with(looked(ours, "life"), "targets")


def test_plans_with_errors_are_counted(ours: Publisher) -> None:
    ours.small.write({PLAN: "title: ["})
    assert "1 of 2 plans have errors" in wrong_with(looked(ours), "workspace")


@pytest.mark.parametrize(("day", "told"), [("2026-11-08", False), ("2026-11-09", True), ("2026-11-23", True), ("2026-11-24", False)])
def test_a_plan_that_ends_soon_is_named(ours: Publisher, day: str, told: bool) -> None:
    ours.small.write({PLAN: plan(more=f"expires: {day}")})
    assert (f"acme ends on {day}" in wrong_with(looked(ours), "workspace")) == told


# The signing key


def test_the_key(ours: Publisher) -> None:
    """Missing, open to others, or as it should be; and never shown."""
    key = new_key()
    ours.small.replace("planmark.yaml", "publish:", f'key: ["{fingerprint(key)}", "0a0b0c0d"]\npublish:')
    assert f"error planmark.yaml: the signing key {fingerprint(key)} is not on this machine" in wrong_with(looked(ours), "key")
    path = keep_key(key)
    said = looked(ours)
    assert "warning the old key 0a0b0c0d" in wrong_with(said, "key")
    assert any(one.about == "key" and one.word == "fine" and str(path) in one.text for one in said)
    path.chmod(0o644)
    assert "chmod 600" in wrong_with(looked(ours), "key")
    assert written_key(key) not in str(said)


def test_an_endpoint_without_a_key_means_nobody_has_a_link(ours: Publisher) -> None:
    ours.small.replace("planmark.yaml", "publish:", "endpoint: {kind: planmark, url: 'http://127.0.0.1:9'}\npublish:")
    assert "planmark key rotate" in wrong_with(looked(ours), "key")


# The endpoint


def test_an_endpoint_is_read_and_left_as_it_is(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    with OwnReceiver() as service:
        ours.small.replace("planmark.yaml", "publish:", f"endpoint: {{kind: planmark, url: '{service.url}'}}\npublish:")
        monkeypatch.delenv("PLANMARK_ENDPOINT_TOKEN", raising=False)
        assert "PLANMARK_ENDPOINT_TOKEN" in wrong_with(looked(ours), "endpoint")
        monkeypatch.setenv("PLANMARK_ENDPOINT_TOKEN", "another-token")
        assert "error" in wrong_with(looked(ours), "endpoint")
        monkeypatch.setenv("PLANMARK_ENDPOINT_TOKEN", "key-of-the-team")
        found = looked(ours)
        assert any(one.about == "endpoint" and "planmark can be read" in one.text for one in found)
        assert "another-token" not in str(found)
        assert not (ours.small.root / "content/_inbox").exists()


@pytest.mark.parametrize("subdomains", [False, True])
def test_a_receiver_must_know_where_the_plans_are(
    ours: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subdomains: bool
) -> None:
    monkeypatch.setenv("PLANMARK_ENDPOINT_TOKEN", READ)
    if subdomains:
        port = ours.url.rpartition(":")[2]
        ours.small.replace("planmark.yaml", ours.url, f"http://plans.test:{port}")
        ours.small.replace("planmark.yaml", "{kind: directory,", "{kind: directory, subdomains: yes,")
        origin = f"http://*.plans.test:{port}"
    else:
        origin = ours.url
    settings = (ours.small.root / "planmark.yaml").read_text(encoding="utf-8")
    for number, known in enumerate((False, True)):
        with Receiving(tmp_path / f"receiver{number}", "", *(["--origin", origin] if known else [])) as receiver:
            ours.small.write({"planmark.yaml": f"{settings}endpoint: {{kind: planmark, url: '{receiver.url}'}}\n"})
            said = wrong_with(looked(ours, "live"), "endpoint")
            assert (f"--origin {origin}" in said) != known, said


def test_an_endpoint_that_is_away_is_an_error(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANMARK_ENDPOINT_TOKEN", "x")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        ours.small.replace(
            "planmark.yaml", "publish:", f"endpoint: {{kind: planmark, url: 'http://127.0.0.1:{free.getsockname()[1]}'}}\npublish:"
        )
        assert "error" in wrong_with(looked(ours), "endpoint")


# Targets


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("path: ../www", "pth: ../www", "has no `pth`"),
        ("path: ../www, ", "path: build/www, ", "must not lie in each other"),
        ("kind: directory", "kind: directroy", "did you mean `directory`"),
    ],
)
def test_settings_that_do_not_fit(ours: Publisher, old: str, new: str, told: str) -> None:
    ours.small.replace("planmark.yaml", old, new)
    assert told in wrong_with(looked(ours), "target live")


def test_a_target_that_is_only_an_address_is_fine(ours: Publisher) -> None:
    ours.small.replace("planmark.yaml", "path: ../www, ", "")
    assert wrong_with(looked(ours), "target live") == ""


def test_an_address_that_does_not_answer_is_an_error(ours: Publisher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        ours.small.replace("planmark.yaml", ours.url, f"http://127.0.0.1:{free.getsockname()[1]}")
        assert "does not answer" in wrong_with(looked(ours), "target live")


def test_headers_and_what_must_be_hidden_are_looked_at(ours: Publisher, tmp_path: Path) -> None:
    ours.one()
    said = {name: value for name, value in HEADERS.items() if name != "X-Robots-Tag"}
    with serving(tmp_path / "www", said, hides=False) as url:
        ours.small.replace("planmark.yaml", ours.url, url)
        found = wrong_with(looked(ours), "target live")
    assert "does not send all headers: X-Robots-Tag" in found
    assert "shows what Planmark remembers" in found


def test_plans_that_are_out_otherwise_or_over_are_named(ours: Publisher) -> None:
    ours.publish()
    ours.small.replace(PLAN, "Sign the agreement", "Sign soon")
    ours.small.write({"content/beta/plan.yaml": plan(1, more="expires: 2026-11-08")})
    found = wrong_with(looked(ours), "target live")
    assert "acme is out, and not as it is here" in found
    assert "planmark publish beta --to live" in found
    assert "its last day was 2026-11-08" in found


def test_what_a_target_cannot_do_is_a_line(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any target: it is asked what is out, and says itself what is in the way."""
    from planmark.problems import Location, PlanmarkError, Problem
    from planmark.targets.directory import Directory

    def refuse(*_: object) -> None:
        raise PlanmarkError(Problem("PM702", "the secret ACME_TOKEN is missing", Location("ACME_TOKEN"), "set it"))

    monkeypatch.setattr(Directory, "published", refuse)
    assert "the secret ACME_TOKEN is missing → set it" in wrong_with(looked(ours), "target live")


# Clocks, letters, libraries, git


@pytest.mark.parametrize(("apart", "word"), [(0, "fine"), (299, "fine"), (-299, "fine"), (301, "warning"), (-4000, "warning")])
def test_a_clock_that_is_wrong_is_told(apart: int, word: str) -> None:
    theirs = format_datetime(NOW + timedelta(seconds=apart), usegmt=True)
    (found,) = clock("target live", Reply(200, {"date": theirs}), NOW)
    assert found.word == word
    assert not found.hint or ("ahead of" if apart > 0 else "behind") in found.text


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Nov 2026 03:13:06 GMT"])
def test_a_server_without_a_clock_is_no_news(date: str) -> None:
    assert list(clock("target live", Reply(200, {"date": date}), NOW)) == []


def test_letters_that_no_font_has_are_named(ours: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong_with(looked(ours), "fonts") == ""
    ours.small.replace(PLAN, "Sign the agreement", "Sign 𐎠 the agreement")
    monkeypatch.setattr(fonts, "on_machine", lambda letter: False)
    assert "show boxes: 𐎠" in wrong_with(looked(ours), "fonts")
    monkeypatch.setattr(fonts, "on_machine", lambda letter: True)
    assert wrong_with(looked(ours), "fonts") == ""


def test_a_brands_font_that_is_none_is_told(ours: Publisher) -> None:
    ours.small.write({"content/acme/files/brand.woff2": b"wOF2 and nothing more".decode()})
    ours.small.write({PLAN: plan(more="brand: {font: files/brand.woff2}")})
    found = looked(ours)
    assert "content/acme/files/brand.woff2: the font is broken" in wrong_with(found, "fonts")


@pytest.mark.parametrize(
    ("number", "word"),
    [("3.6.23", "fine"), ("3.7.0", "warning"), ("3.40.1", "warning"), ("3.51.2", "warning"), ("3.51.3", "fine"), ("3.52.0", "fine")],
)
def test_the_sqlite_that_breaks_files_is_told(number: str, word: str) -> None:
    found = sqlite(number)
    assert (found.word, number in found.text) == (word, True)


def test_what_can_be_installed_beside_is_read_off_the_package() -> None:
    assert {"receiver", "keyring"} <= set(extras())
    assert "dev" not in extras()


@pytest.mark.parametrize("ignored", [True, False])
def test_git_should_leave_out_what_is_built(ours: Publisher, ignored: bool) -> None:
    where = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "init", "-q", str(ours.small.root)], check=True, env=where)
    ours.small.write({".gitignore": "/build/\n" if ignored else "/other/\n"})
    assert ("/build" in wrong_with(looked(ours), "workspace")) != ignored
