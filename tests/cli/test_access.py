"""`planmark access`, and what other commands say of a protected plan: a key stands on its owner's link, and nowhere else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.build.protected import KEYS, PLAN, SETTINGS, SITE, given
from tests.build.small import Small, plan
from tests.cli.running import Said, environment, planmark

from planmark.cli.access import access

MORE = """\
endpoint: {kind: planmark, url: https://inbox.example.com}
publish: {live: {kind: directory, path: ../www, url: "https://plans.example.com"}}
"""
WHERE = f"https://plans.example.com/{SITE}/"
PASSPHRASE = r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}"
KEY = r"k=[A-Za-z0-9_-]{22}"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Small:
    """A workspace with a protected plan of two people, on a machine that has the team's key."""
    monkeypatch.setenv("PLANMARK_KEY", KEYS)
    made = Small(tmp_path / "workspace")
    people = "people: [{id: maria, name: Maria Lindqvist, email: maria@n.example}, {id: ben, name: Ben Ode, email: ben@n.example}]"
    text = plan(more="access: passphrase").replace("people: [{id: maria, name: Maria Lindqvist}]", people)
    made.write({"planmark.yaml": SETTINGS + MORE, PLAN: text})
    return made


def run(small: Small, *arguments: str, **changes: str) -> Said:
    """A command in the workspace."""
    return planmark(small.root, *arguments, **changes)


def test_from_a_plan_to_a_link_that_opens(small: Small) -> None:
    """Each step says the next one."""
    said = run(small, "access", "acme")
    assert said.code == 1
    assert "planmark access acme add everyone" in said.err
    said = run(small, "access", "acme", "add", "maria")
    assert (said.code, said.err) == (0, "")
    assert re.fullmatch(
        rf"maria may open it, .*\n  passphrase  {PASSPHRASE}\n  link        {re.escape(WHERE)}#t=[^&\n]+&{KEY}\n.*\n.*\n", said.out
    )
    assert run(small, "build", "--no-pdf").code == 0
    assert (small.sites / SITE / "index.html").is_file()


def test_it_lists_who_may_open_it_and_shows_how_only_if_asked(small: Small) -> None:
    passphrase = re.search(PASSPHRASE, run(small, "access", "acme", "add", "maria").out)
    assert passphrase
    given(small, "everyone")
    said = run(small, "access", "acme")
    assert said.code == 0
    assert re.search(r"^everyone  nobody of the plan, since \d{4}-\d\d-\d\d$", said.out, re.MULTILINE)
    assert re.search(r"^maria  Maria Lindqvist, since ", said.out, re.MULTILINE)
    assert passphrase[0] not in said.out
    assert not re.search(KEY, said.out)
    shown = run(small, "access", "acme", "--show").out
    assert passphrase[0] in shown
    assert len(re.findall(KEY, shown)) == 2
    assert run(small, "access", "acme", PLANMARK_KEY="").code == 0
    assert "PM707" in run(small, "access", "acme", "--show", PLANMARK_KEY="").err


def test_revoking_and_renewing_say_what_is_to_be_done(small: Small) -> None:
    given(small, "maria")
    given(small, "everyone")
    said = run(small, "access", "acme", "revoke", "everyone")
    assert said.out.startswith("everyone may not open it any more; 1 other keeps")
    assert "planmark publish acme" in said.out
    said = run(small, "access", "acme", "revoke", "mari")
    assert (said.code, "did you mean `maria`?" in said.err) == (1, True)
    assert run(small, "access", "acme", "renew").out.startswith("It will be encrypted anew; everybody keeps")


def test_who_keeps_out_the_last_one_is_told_what_is_still_open(small: Small) -> None:
    """Nothing can be published then that would take its place."""
    given(small, "maria")
    said = run(small, "access", "acme", "revoke", "maria")
    assert (said.code, "stays readable for maria until you take it down: planmark unpublish acme" in said.out) == (0, True)
    assert "planmark publish" not in said.out
    said = run(small, "build", "--no-pdf")
    assert (said.code, "planmark unpublish acme" in said.err) == (1, True)


def test_who_is_nobody_of_the_plan_is_said_to_be_a_label(small: Small) -> None:
    assert run(small, "access", "acme", "add", "lindqvist").out.startswith("lindqvist (nobody of the plan: a label) may open it")


@pytest.mark.parametrize(
    "wrong",
    [["add"], ["revoke"], ["renew", "maria"], ["give", "maria"], ["revoke", "maria", "--label"], ["add", "maria", "--show"]],
    ids=" ".join,
)
def test_what_makes_no_sense_is_wrong_usage(small: Small, wrong: list[str]) -> None:
    with pytest.raises(click.UsageError) as error:
        access.main(["acme", *wrong], standalone_mode=False)
    assert error.value.exit_code == 2
    assert not (small.root / "content/acme/access.json").exists()


def test_a_key_is_on_its_owners_link_alone(small: Small) -> None:
    """Of others it is said how they get one; where there is no team's key, or nobody has access, links are as they are."""
    plain = run(small, "links", "acme")
    assert (plain.code, re.findall(KEY, plain.out)) == (0, [])
    keys = {name: re.search(KEY, run(small, "access", "acme", "add", name).out) for name in ("maria", "everyone")}
    links = run(small, "links", "acme").out.split("\n")
    maria, ben, everyone = (links[links.index(line) + 1] for line in links if line.startswith(("Maria", "Ben", "everyone")))
    assert keys["maria"]
    assert keys["everyone"]
    assert maria.endswith(f"&{keys['maria'][0]}")
    assert maria.startswith(f"  {WHERE}#t=")
    assert ben.startswith(f"  {WHERE}#t=")
    assert "k=" not in ben.partition("#t=")[2]
    assert any("planmark access acme add ben" in line for line in links)
    assert everyone == f"  {WHERE}#{keys['everyone'][0]}"


def test_mails_have_the_key_of_whom_they_are_to(small: Small) -> None:
    """A mail to everybody has none, nor has one to somebody without access."""
    key = re.search(KEY, run(small, "access", "acme", "add", "maria").out)
    given(small, "everyone")
    assert key
    for to, expected in ((["--to", "maria"], [key[0]]), (["--to", "ben"], []), ([], [])):
        said = run(small, "update", "acme", "--format", "text", *to)
        assert said.code == 0
        assert WHERE in said.out
        assert re.findall(KEY, said.out) == expected


def test_nothing_of_it_leaves_as_an_open_file(small: Small, tmp_path: Path) -> None:
    given(small, "maria")
    said = run(small, "bundle", "acme", "--to", str(tmp_path / "acme.html"))
    assert (said.code, "PM808" in said.err) == (1, True)
    assert not (tmp_path / "acme.html").exists()


def test_a_weak_passphrase_is_refused_and_a_good_one_taken(small: Small) -> None:
    def piped(text: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "planmark", "access", "acme", "add", "everyone", "--passphrase-stdin"]
        return subprocess.run(
            command, input=text, cwd=small.root, env=environment(PLANMARK_KEY=KEYS), capture_output=True, text=True, check=False
        )

    weak = piped("northwind2026\n")
    assert weak.returncode == 1
    assert "could be guessed" in weak.stderr
    assert "northwind2026" not in weak.stderr
    good = piped("violet tractor sings below eleven fiords\n")
    assert good.returncode == 0
    assert "violet tractor sings below eleven fiords" in good.stdout
