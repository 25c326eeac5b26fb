"""The target `git`, against real bare repositories: what the branch has, who is told what, and that nothing is ever half done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.publish.contract import (
    PROMISES,
    Promise,
    Shown,
    deals_of_others_are_left_alone,
    of_beta,
    readers_with_an_old_page_open_find_its_assets,
    versions_are_there_to_go_back_to,
    what_is_taken_down_is_gone,
    whoever_was_slower_is_told,
)
from tests.publish.machine import Machine, machine
from tests.publish.published import name as version
from tests.publish.published import refused, release, send
from tests.publish.published import site as pages
from tests.publish.remote import TOKEN, Remote, over_http, remote

from planmark.extensions.targets import Place, Release
from planmark.problems import PlanmarkError
from planmark.targets import git, openssh
from planmark.targets.git import Git
from planmark.targets.git_said import in_words


def place(tmp: Path, there: Remote | str, **more: str) -> Place:
    """A target that publishes there."""
    settings = {"kind": "git", "url": "https://plans.example", "remote": str(there.folder if isinstance(there, Remote) else there), **more}
    return Place(name="live", settings=settings, workspace=tmp / "workspace", secret=no_secret)


def no_secret(name: str) -> str:
    """There is none."""
    raise PlanmarkError([])


LITTLE = [
    readers_with_an_old_page_open_find_its_assets,
    versions_are_there_to_go_back_to,
    whoever_was_slower_is_told,
    deals_of_others_are_left_alone,
    what_is_taken_down_is_gone,
]
"""What could be otherwise where a remote changes one branch after the other and leaves nothing out."""


@pytest.mark.parametrize(
    ("promise", "folder", "settings"),
    [
        *((promise, "", ()) for promise in PROMISES),
        *((promise, "public/plans", ("receive.advertiseAtomic=false", "uploadpack.allowFilter=false")) for promise in LITTLE),
    ],
)
def test_it_keeps_the_promises_of_every_target(promise: Promise, folder: str, settings: tuple[str, ...], tmp_path: Path) -> None:
    there = remote(tmp_path / "remote.git", *settings)

    def get(site: str, path: str) -> bytes | None:
        return there.get("/".join(part for part in (folder, site, path) if part))

    promise(Shown(Git(), place(tmp_path, there, folder=folder), get))
    if there.git("for-each-ref"):
        there.git("fsck", "--strict")


def test_the_branch_has_what_is_shown_and_nothing_else(tmp_path: Path) -> None:
    """Files of others stay. What Planmark remembers is in branches that no host shows, and none of them has a history."""
    there = remote(tmp_path / "remote.git")
    theirs = {"CNAME": b"plans.example\n", "about/index.html": b"about", ".gitlab-ci.yml": b"pages: {}\n", "index.html": b"ours"}
    there.put("gh-pages", theirs)
    at = place(tmp_path, there)
    send(at, release(1, pages(1)))
    there.put("gh-pages", {**{path: there.get(path) or b"" for path in there.paths()}, "CNAME": b"other.example\n"}, on="gh-pages")
    send(at, release(2, pages(2), before=1))
    ours = [".nojekyll", *(f"acme-k/{path}" for path in (*pages(2), "assets/a.1.css"))]
    assert sorted(there.paths()) == sorted([*theirs, *ours])
    assert there.get("CNAME") == b"other.example\n"
    assert there.get("index.html") == b"ours"
    assert there.paths("planmark-state/gh-pages") == [f"acme-k/{version(1)}.json", f"acme-k/{version(2)}.json"]
    for branch in ("gh-pages", "planmark-state/gh-pages", "planmark-versions/gh-pages"):
        (said,) = there.git("log", "--format=%an <%ae> %s", f"refs/heads/{branch}").decode().splitlines()
        assert said == "Planmark <planmark@example.invalid> Published"


def test_a_branch_with_a_history_of_its_own_is_not_thrown_away(tmp_path: Path) -> None:
    there = remote(tmp_path / "remote.git")
    first = there.put("main", {"src.py": b"1"})
    second = there.put("main", {"src.py": b"2"}, on=first)
    assert "history" in refused(place(tmp_path, there, branch="main"), release(1, pages(1))).message
    assert there.git("rev-parse", "main").decode().strip() == second


def test_what_somebody_put_there_is_not_replaced(tmp_path: Path) -> None:
    there = remote(tmp_path / "remote.git")
    send(place(tmp_path, there), of_beta(1, pages(1)))
    there.put("gh-pages", {**{path: there.get(path) or b"" for path in there.paths()}, "acme-k/index.html": b"theirs"}, on="gh-pages")
    assert "in the way" in refused(place(tmp_path, there), release(1, pages(1))).message
    assert there.get("acme-k/index.html") == b"theirs"


def test_two_deals_at_once_are_both_out_and_of_one_deal_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else pushes between the moment at which the branch was read and that of the push."""
    there = remote(tmp_path / "remote.git")
    at = place(tmp_path, there)
    send(at, release(1, pages(1)))
    real = git._pushed
    quicker: list[Release] = []

    def meanwhile(found: git.Branches, made: git._Made) -> bool:
        if quicker:
            monkeypatch.setattr(git, "_pushed", real)
            send(at, quicker.pop())
        return real(found, made)

    monkeypatch.setattr(git, "_pushed", meanwhile)
    quicker.append(of_beta(2, pages(2)))
    send(at, release(2, pages(2), before=1))
    assert there.get("acme-k/index.html") == there.get("beta-k/index.html") == pages(2)["index.html"]
    monkeypatch.setattr(git, "_pushed", meanwhile)
    quicker.append(release(3, pages(3), before=2))
    assert refused(at, release(4, pages(4), before=2)).code == "PM804"
    assert there.get("acme-k/index.html") == pages(3)["index.html"]
    assert {one.site: one.version for one in Git().published(at)} == {"acme-k": version(3), "beta-k": version(2)}


def test_an_answer_that_got_lost_is_no_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = remote(tmp_path / "remote.git")
    real = git._push

    def lost(*arguments: object) -> openssh.Done:
        real(*arguments)  # type: ignore[arg-type]
        return openssh.Done(128, b"", "fatal: the remote end hung up unexpectedly")

    monkeypatch.setattr(git, "_push", lost)
    assert "switched acme-k" in send(place(tmp_path, there), release(1, pages(1)))


def test_what_is_carried_over_moves_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from the remote nor to it: not even of the site itself, where it is there already."""
    there = remote(tmp_path / "remote.git")
    at, big = place(tmp_path, there), {f"assets/{number}.bin": os.urandom(300_000) for number in range(3)}
    send(at, of_beta(1, {**big, **pages(1)}))
    send(at, release(1, {**big, **pages(1), "long.html": os.urandom(600_000)}))
    before = size(there)
    largest = [0]
    real = openssh.run

    def measured(command: list[str], given: bytes, environment: dict[str, str], folder: Path) -> openssh.Done:
        done = real(command, given, environment, folder)
        largest[0] = max(largest[0], sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
        return done

    monkeypatch.setattr(openssh, "run", measured)
    send(at, release(2, {**big, **pages(2), "long.html": b"short"}, before=1))
    (_, first) = Git().versions(at, "acme-k")
    again = replace(first, version=version(3), again=first.version, kept=())
    send(at, Release(published=again, read=lambda file: Git().read(at, first, file), before=version(2), keep=2))
    assert there.get("beta-k/assets/1.bin") == there.get("acme-k/assets/1.bin") == big["assets/1.bin"]
    assert there.get("acme-k/index.html") == pages(1)["index.html"]
    assert largest[0] < 200_000
    assert size(there) - before < 200_000


def size(there: Remote) -> int:
    """Bytes of the remote's objects."""
    return sum(path.stat().st_size for path in (there.folder / "objects").rglob("*") if path.is_file())


def test_bytes_are_exact_whatever_the_users_git_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line endings, attributes, signatures, hooks and another repository around: none of it matters, and none of it is touched."""
    there = remote(tmp_path / "remote.git")
    theirs = Remote(tmp_path / "theirs")
    theirs.folder.mkdir()
    theirs.git("init", "--quiet", ".")
    config = tmp_path / "config"
    config.write_text("[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n[push]\n\tgpgSign = true\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", str(theirs.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(theirs.folder / "index"))
    odd = {"assets/.gitattributes": b"* text eol=crlf\n", "assets/a.txt": b"one\r\ntwo\n", **pages(1)}
    send(place(tmp_path, there), release(1, odd))
    for path, data in odd.items():
        assert there.get(f"acme-k/{path}") == data
    assert [one.version for one in Git().published(place(tmp_path, there))] == [version(1)]
    assert theirs.git("count-objects").startswith(b"0 objects")
    assert not theirs.git("for-each-ref")
    assert not (theirs.folder / "index").exists()


@pytest.mark.parametrize(
    ("what", "told", "hint"),
    [
        ("no repository", "no such repository", "`remote:`"),
        ("no repository for a look", "no such repository", "`remote:`"),
        ("not allowed", "does not let the branch be replaced", "force pushes"),
        ("no room", "no room left", "make room"),
        ("checked out", "is checked out", "bare repository"),
        ("no git", "no `git` on this machine", "install git"),
    ],
)
def test_what_is_wrong_is_one_message_and_nothing_is_half_done(
    what: str, told: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = remote(tmp_path / "remote.git")
    at = place(tmp_path, there)
    send(at, release(1, pages(1)))
    before = there.git("for-each-ref")
    if what.startswith("no repository"):
        at = place(tmp_path, str(tmp_path / "nowhere.git"))
        with pytest.raises(PlanmarkError, match="PM805"):
            list(Git().published(at))
    elif what in ("not allowed", "no room"):
        said = "No space left on device" if what == "no room" else "not this one"
        (there.folder / "hooks").mkdir(exist_ok=True)
        (there.folder / "hooks/pre-receive").write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n", encoding="utf-8")
        (there.folder / "hooks/pre-receive").chmod(0o755)
    elif what == "checked out":
        there.git("symbolic-ref", "HEAD", "refs/heads/gh-pages")
        there.git("config", "core.bare", "false")
    elif what == "no git":
        monkeypatch.setenv("PATH", str(tmp_path))
    problem = refused(at, release(2, pages(2), before=1))
    assert problem.code == "PM805"
    assert told in problem.message, problem
    assert hint in problem.hint, problem
    monkeypatch.undo()
    assert there.git("for-each-ref") == before


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("sshd")) as found:
        yield found


def test_a_repository_behind_ssh_is_reached_with_a_key_of_its_own(tmp_path: Path, host: Machine) -> None:
    """A stranger, and a host that nobody knows, are one message each."""
    there = remote(tmp_path / "remote.git")
    address = f"ssh://127.0.0.1:{host.port}{there.folder}"
    at = place(tmp_path, address, key=str(host.key()), known_hosts=str(host.known_hosts))
    send(at, release(1, pages(1)))
    assert there.get("acme-k/index.html") == pages(1)["index.html"]
    assert [one.version for one in Git().published(at)] == [version(1)]
    stranger = replace(at, settings={**at.settings, "key": str(host.key("stranger", let_in=False))})
    assert "lets nobody in" in refused(stranger, release(2, pages(2), before=1)).message
    (tmp_path / "nobody").touch()
    unknown = replace(at, settings={**at.settings, "known_hosts": str(tmp_path / "nobody")})
    problem = refused(unknown, release(2, pages(2), before=1))
    assert "not known here" in problem.message
    assert f"ssh-keyscan -p {host.port} 127.0.0.1" in problem.hint


def test_a_token_is_said_to_the_host_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = remote(tmp_path / "repositories/plans.git")
    commands = []
    real = openssh.run

    def noted(command: list[str], *more: object) -> openssh.Done:
        commands.append(" ".join(command))
        return real(command, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(openssh, "run", noted)
    (tmp_path / "config").write_text('[credential]\n\thelper = "!f() { echo username=x; echo password=y; }; f"\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    with over_http(tmp_path / "repositories") as address:
        at = replace(place(tmp_path, f"{address}/plans.git"), secret={"PLANMARK_GIT_TOKEN": TOKEN}.__getitem__)
        assert Git().wrong(at) == ""
        send(at, release(1, pages(1)))
        assert there.get("acme-k/index.html") == pages(1)["index.html"]
        for secret in (no_secret, {"PLANMARK_GIT_TOKEN": "another"}.__getitem__):
            problem = refused(replace(at, secret=secret), release(2, pages(2), before=1))
            assert "does not let us push" in problem.message
            assert "PLANMARK_GIT_TOKEN" in problem.hint
            assert "another" not in str(problem)
    assert commands
    assert not [command for command in commands if TOKEN in command or "another" in command]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        *(
            ({"remote": one}, "remote:")
            for one in (
                "",
                "-upload-pack=id",
                "ext::sh -c id",
                "fd::1",
                "http://git.example/plans.git",
                "git://git.example/plans.git",
                "https://a b/plans.git",
                "https://git.example/plans.git\n",
                "ssh://-oProxyCommand=id/x",
                "-oProxyCommand=id:x",
                "file:///srv/x",
            )
        ),
        ({"remote": "https://me:secret@git.example/plans.git"}, "without the password"),
        *(({"branch": one}, "branch:") for one in ("-f", "a..b", "a b", "a.lock", "a/", "/a", ".a", "a:b", "planmark-state/x")),
        *(({"folder": one}, "folder:") for one in ("../x", "/x", ".git", "a//b", "-x", "a b")),
        *(({"author": one}, "author:") for one in ("me", "me <>", "<a@b>", "a\n <a@b>", "a <a@b> b")),
        ({"key": "no/such"}, "key:"),
    ],
)
def test_settings_that_git_would_misread_are_refused(change: dict[str, str], told: str, tmp_path: Path) -> None:
    assert told in Git().wrong(
        place(tmp_path, **{"there": "/srv/plans.git", **{"there" if k == "remote" else k: v for k, v in change.items()}})
    )


@pytest.mark.parametrize(
    "address",
    [
        "/srv/plans.git",
        "../plans.git",
        "git@github.com:acme/plans.git",
        "github-plans:acme/plans.git",
        "ssh://git@git.example:2222/acme/plans.git",
        "https://git.example/acme/plans.git",
        "https://me@git.example/acme/plans.git",
    ],
)
def test_addresses_that_people_write_are_taken(address: str, tmp_path: Path) -> None:
    assert Git().wrong(place(tmp_path, address, branch="pages/live", folder="public", author="Plans <plans@example.com>")) == ""


@pytest.mark.parametrize(
    ("said", "why", "hint"),
    [
        ("ERROR: The key you are authenticating with has been marked as read only.", "does not let us push", "PLANMARK_GIT_TOKEN"),
        ("remote: Permission to acme/plans.git denied to plans.\nfatal: … error: 403", "does not let us push", "may write"),
        ("remote: You are not allowed to push code to this project.", "does not let us push", "may write"),
        ("remote: You are not allowed to force push code to a protected branch on this project.", "be replaced", "force pushes"),
        ("remote: error: GH006: Protected branch update failed for refs/heads/gh-pages.", "be replaced", "force pushes"),
        ("ERROR: Repository not found.\nfatal: Could not read from remote repository.", "no such repository", "`remote:`"),
        ("remote: The project you were looking for could not be found", "no such repository", "`remote:`"),
        ("git@github.com: Permission denied (publickey).\nfatal: Could not read from remote", "lets nobody in", "ssh-add"),
        ("ssh: Could not resolve hostname github.com: Name or service not known", "no host of that name", "name of the host"),
        ("fatal: unable to access 'https://x/': Could not resolve host: x", "no host of that name", "name of the host"),
        ("fatal: unable to access 'https://x/': Failed to connect to x port 443", "cannot be reached", "whether it is up"),
        ("fatal: unable to access 'https://me:secret@host/x/': something \x1b[2Jnew", "unable to access 'https://host/x/'", "git itself"),
    ],
)
def test_what_hosts_say_is_told_in_words(said: str, why: str, hint: str, tmp_path: Path) -> None:
    """Their sentences as they are known; nothing of this was asked of a host."""
    found = in_words(openssh.Done(128, b"", said), place(tmp_path, "git@github.com:acme/plans.git"))
    assert why in found[0]
    assert hint in found[1]
    assert "secret" not in found[0]
    assert "\x1b" not in found[0]
