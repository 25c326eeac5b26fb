"""The target `ssh`, against a real sshd with a real rsync: what readers get, what is refused, and that nothing is ever half done."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.build.small import tree
from tests.ports import free_port
from tests.publish.contract import PROMISES, Promise, Shown, readers_with_an_old_page_open_find_its_assets
from tests.publish.machine import Machine, line, machine, with_path
from tests.publish.published import name as version
from tests.publish.published import refused, release, send, wrong_with
from tests.publish.published import site as pages

from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets import openssh
from planmark.targets.manifest import manifest_json
from planmark.targets.ssh import Ssh


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("sshd")) as found:
        yield found


def place(there: Machine, folder: Path, key: Path | None = None, port: int = 0) -> Place:
    """A target there, whose web server would show `www`."""
    settings = there.settings(folder / "www", key, port)
    return Place(name="live", settings=settings, workspace=folder / "workspace", secret=str)


def shown(folder: Path) -> Shown:
    """The target with what its web server would give."""

    def get(site: str, path: str) -> bytes | None:
        file = folder / "www" / site / path
        return file.read_bytes() if file.is_file() else None

    return Shown(Ssh(), Place(name="", settings={}, workspace=folder, secret=str), get)


def left(folder: Path) -> set[str]:
    """What the site's store has, by name."""
    return {path.name for path in (folder / "www/.planmark/acme-k").iterdir()}


def whole(folder: Path) -> dict[str, bytes]:
    """All that the store has, what was never finished aside."""
    return {path: data for path, data in tree(folder / "www/.planmark").items() if ".part" not in path and not path.endswith("lock")}


@pytest.mark.parametrize("promise", PROMISES)
def test_it_keeps_the_promises_of_every_target(promise: Promise, tmp_path: Path, there: Machine) -> None:
    promise(replace(shown(tmp_path), place=place(there, tmp_path)))
    assert wrong_with(tmp_path / "www") == []
    assert not list(tmp_path.glob("www/.planmark/*/*.part*"))


def test_a_host_with_little_is_enough(tmp_path: Path, there: Machine) -> None:
    """One of busybox alone, and one whose mv and sync know nothing of GNU's, without flock: there rsync must be, and no more."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "ls", "sed", "find", "mkdir", "cat", "sort", "rm", "rmdir", "ln", "cp", "perl", "shasum", "rsync", "head"):
        (programs / name).symlink_to(str(shutil.which(name)))
    for name in ("mv", "sync"):
        only = 'case "$*" in *-fT*|*-fh*|sync*) exit 64;; esac' if name == "mv" else "[ $# -eq 0 ] || exit 64"
        (programs / name).write_text(f'#!/bin/sh\n{only}\nexec {shutil.which(name)} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    at = place(there, tmp_path, there.key("little", with_path(programs)))
    readers_with_an_old_page_open_find_its_assets(replace(shown(tmp_path), place=at))
    assert wrong_with(tmp_path / "www") == []
    assert left(tmp_path) == {version(2), version(3), f"{version(2)}.json", f"{version(3)}.json"}
    held = tmp_path / "www/.planmark/acme-k/lock.held"
    held.mkdir()
    assert refused(at, release(4, pages(4), before=3)).code == "PM804"
    os.utime(held, (0, 0))
    assert "switched acme-k" in send(at, release(4, pages(4), before=3))
    assert not held.exists()


def test_a_host_of_busybox_is_enough(tmp_path: Path, there: Machine) -> None:
    busybox = shutil.which("busybox")
    assert busybox
    for name in ("sh", "ls", "sed", "find", "mkdir", "cat", "sort", "rm", "rmdir", "ln", "cp", "mv", "sync", "sha256sum", "flock"):
        (tmp_path / "programs").mkdir(exist_ok=True)
        (tmp_path / "programs" / name).symlink_to(busybox)
    (tmp_path / "programs/rsync").symlink_to(str(shutil.which("rsync")))
    at = place(there, tmp_path, there.key("busybox", with_path(tmp_path / "programs")))
    readers_with_an_old_page_open_find_its_assets(replace(shown(tmp_path), place=at))
    assert wrong_with(tmp_path / "www") == []


def test_names_are_never_read_as_anything_else(tmp_path: Path, there: Machine) -> None:
    """Neither by the shell there nor by rsync, in paths of files and of the folder; and a user's shell may greet."""
    odd = """assets/$(touch "$HOME/no")`id`';"; *?[a] -rf.svg"""
    at = place(there, tmp_path, there.key("greeted", 'echo hello; exec sh -c "$SSH_ORIGINAL_COMMAND"'))
    at = replace(at, settings={**at.settings, "path": f"{tmp_path}/a $(b)'\"; * c/www"})
    made = release(1, {odd: b"<svg/>", **pages(1)})
    greeted = refused(at, made)
    assert greeted.code == "PM805", "rsync itself cannot be greeted"
    at = replace(at, settings={**at.settings, "key": str(there.key())})
    assert f"sent {odd}" in send(at, made)
    assert f"kept {odd}" in send(at, release(2, {odd: b"<svg/>", **pages(2)}, before=1))
    home = Path(at.settings["path"])
    assert (home / "acme-k" / odd).read_bytes() == b"<svg/>"
    assert wrong_with(home) == []


def test_a_file_that_was_changed_at_the_host_is_sent_anew(tmp_path: Path, there: Machine) -> None:
    at = place(there, tmp_path)
    (tmp_path / "www").mkdir()
    (tmp_path / "www/index.html").write_text("ours", encoding="utf-8")
    send(at, release(1, pages(1)))
    assert (tmp_path / "www/index.html").read_text(encoding="utf-8") == "ours"
    inode = (tmp_path / "www/acme-k/assets/same.css").stat().st_ino
    (tmp_path / "www/acme-k/assets/a.1.css").write_bytes(b"spoilt, and nobody has it any more")
    assert "kept assets/same.css" in send(at, release(2, pages(2), before=1))
    assert (tmp_path / "www/acme-k/assets/same.css").stat().st_ino == inode, "it is not even stored twice"
    assert not (tmp_path / "www/acme-k/assets/a.1.css").exists()
    (tmp_path / "www/acme-k/assets/same.css").write_bytes(b"spoilt")
    assert "sent assets/same.css" in send(at, release(3, pages(3), before=2))
    (tmp_path / f"www/.planmark/acme-k/{version(3)}.json").write_text("{}", encoding="utf-8")
    assert list(Ssh().published(at)) == [], "what another Planmark wrote is not ours to tell"
    manifest = manifest_json(replace(release(3, pages(3)).published, site="beta-k"))
    (tmp_path / f"www/.planmark/acme-k/{version(3)}.json").write_bytes(manifest)
    assert list(Ssh().published(at)) == [], "nor what tells of another site than its own"
    send(at, release(4, pages(4)))
    assert (tmp_path / "www/acme-k/index.html").read_bytes() == pages(4)["index.html"]


def test_of_two_at_once_one_is_told(tmp_path: Path, there: Machine) -> None:
    """While the other one switches, and after it did, however far the slower one had come."""
    at = place(there, tmp_path)
    send(at, release(1, pages(1)))
    with (tmp_path / "www/.planmark/acme-k/lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert refused(at, release(2, pages(2), before=1)).code == "PM804"
    slower = Ssh().publish(at, release(2, pages(2), before=1))
    assert next(slower).what == "kept", "all of it is there by now"
    send(at, release(3, pages(3), before=1))
    with pytest.raises(PlanmarkError, match="PM804"):
        list(slower)
    assert (tmp_path / "www/acme-k/index.html").read_bytes() == pages(3)["index.html"]
    assert wrong_with(tmp_path / "www") == []
    assert left(tmp_path) == {"lock", version(1), version(3), f"{version(1)}.json", f"{version(3)}.json"}


@pytest.mark.parametrize(
    ("what", "told", "hint"),
    [
        ("key", "lets nobody in", "ssh-add"),
        ("host key", "is not known here", "ssh-keyscan -p"),
        ("changed host key", "another key than the one that is known", "ssh-keygen -R"),
        ("nobody", "cannot be reached", "whether it is up"),
        ("rsync there", "no `rsync` on the host", "install rsync there"),
        ("rsync here", "no `rsync` on this machine", "install rsync"),
        ("ssh here", "no `ssh` on this machine", "install OpenSSH"),
        ("digests", "no program for SHA-256", "install sha256sum"),
        ("file in the way", "Not a directory|File exists", "permissions"),
        ("folder in the way", "in the way", "move it away"),
        ("room", "File too large|while files were sent", "free space"),
        ("quiet", "connection broke", "publish again"),
    ],
)
def test_what_is_wrong_is_one_message_and_nothing_is_half_done(
    what: str, told: str, hint: str, tmp_path: Path, there: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = place(there, tmp_path)
    if what in ("room", "quiet"):
        send(at, release(1, pages(1)))
    before = whole(tmp_path) if what in ("room", "quiet") else {}
    settings = dict(at.settings)
    if what == "key":
        settings["key"] = str(there.key("stranger", let_in=False))
    elif what in ("host key", "changed host key"):
        settings["known_hosts"] = str(tmp_path / "known hosts")
        known = there.key("stranger", let_in=False).with_suffix(".pub").read_text(encoding="utf-8") if "changed" in what else ""
        (tmp_path / "known hosts").write_text(known and f"[127.0.0.1]:{there.port} {known}", encoding="utf-8")
    elif what == "nobody":
        settings["port"] = str(free_port())
    elif what in ("rsync there", "digests"):
        (tmp_path / "programs").mkdir()
        for name in ("sh", "ls", "sed", "find", "mkdir", "cat", "sort", "rm", "mv") + (("sha256sum",) if what == "rsync there" else ()):
            (tmp_path / "programs" / name).symlink_to(str(shutil.which(name)))
        settings["key"] = str(there.key(what.replace(" ", ""), with_path(tmp_path / "programs")))
    elif what in ("rsync here", "ssh here"):
        (tmp_path / "here").mkdir()
        if what == "rsync here":
            (tmp_path / "here/ssh").symlink_to(str(shutil.which("ssh")))
        monkeypatch.setenv("PATH", str(tmp_path / "here"))
    elif what == "file in the way":
        (tmp_path / "www").write_text("no folder", encoding="utf-8")
    elif what == "folder in the way":
        (tmp_path / "www/acme-k").mkdir(parents=True)
    elif what == "room":
        settings["key"] = str(there.key("small", """trap '' XFSZ; ulimit -f 64; exec sh -c "$SSH_ORIGINAL_COMMAND\""""))
    number, big = (2, {"assets/big.bin": os.urandom(200_000)}) if what in ("room", "quiet") else (1, {})
    one = release(number, {**big, **pages(number)}, before=number - 1)
    if what == "quiet":
        monkeypatch.setattr(openssh, "ALIVE", 1)
        with line(there.port, cut=60_000, stall=True) as quiet:
            problem = refused(replace(at, settings={**settings, "port": str(quiet.port)}), one)
    else:
        problem = refused(replace(at, settings=settings), one)
    assert problem.code == "PM805"
    assert any(one in problem.message for one in told.split("|")), problem
    assert hint in problem.hint, problem
    if what in ("room", "quiet"):
        assert whole(tmp_path) == before
        send(at, one)
        assert wrong_with(tmp_path / "www") == []
        assert not [name for name in left(tmp_path) if ".part" in name]


GOES = """
case "$SSH_ORIGINAL_COMMAND" in rsync*) now=rsync ;; *) now=script$(ls {folder}/calls | wc -l) ;; esac
[ ! -e {folder}/gone ] || exit 255
: >{folder}/calls/$now
if [ $now = {when} ]; then
  {does}
  exit 255
fi
exec sh -c "$SSH_ORIGINAL_COMMAND"
"""
"""A host that answers until a certain call. The first script opens, then comes rsync, then the script that closes."""


@pytest.mark.parametrize(
    ("when", "does", "told"),
    [
        ("rsync", ": >{folder}/gone", "the target cannot be written: the connection broke"),
        ("script2", ": >{folder}/gone", "not known whether the new version is out"),
        ("script2", 'sh -c "$SSH_ORIGINAL_COMMAND" >/dev/null; : >{folder}/gone', "not known whether the new version is out"),
        ("script2", 'sh -c "$SSH_ORIGINAL_COMMAND" >/dev/null', ""),
        (
            "rsync",
            'sh -c "$SSH_ORIGINAL_COMMAND"; for one in {folder}/www/.planmark/acme-k/*.part/index.html; do echo x >>$one; done; exit',
            "PM806",
        ),
    ],
    ids=["while it is sent", "before the switch", "after the switch", "but the answer", "and its disk spoils a file"],
)
def test_a_host_that_goes_away_is_told_as_it_is(when: str, does: str, told: str, tmp_path: Path, there: Machine) -> None:
    """Nobody is told that somebody else was quicker, or that what was out is out still where that is not known."""
    usual = place(there, tmp_path)
    send(usual, release(1, pages(1)))
    (tmp_path / "calls").mkdir()
    script = tmp_path / "goes"
    script.write_text(GOES.format(folder=tmp_path, when=when, does=does.format(folder=tmp_path)), encoding="utf-8")
    at = place(there, tmp_path, there.key(f"goes{tmp_path.name}", f". {script}"))
    if told:
        problem = refused(at, release(2, pages(2), before=1))
        assert problem.code == ("PM806" if told == "PM806" else "PM805")
        assert told in problem.message or told == "PM806", problem
        assert ("out still" in problem.hint) == ("not known" not in told)
    else:
        assert "switched acme-k" in send(at, release(2, pages(2), before=1))
    assert wrong_with(tmp_path / "www") == []
    switched = "/dev/null" in does
    assert (tmp_path / "www/acme-k/index.html").read_bytes() == pages(2 if switched else 1)["index.html"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"host": ""}, "host:"),
        ({"host": "-oProxyCommand=id"}, "host:"),
        ({"host": "a b"}, "host:"),
        ({"host": "a\nb"}, "host:"),
        ({"host": "user@a"}, "host:"),
        ({"user": "-l"}, "user:"),
        ({"user": "a b"}, "user:"),
        ({"port": "22;id"}, "port:"),
        ({"port": "0"}, "port:"),
        ({"path": ""}, "path:"),
        ({"path": "/"}, "path:"),
        ({"path": "~/"}, "path:"),
        ({"path": "~"}, "path:"),
        ({"path": "~root/www"}, "path:"),
        ({"path": "../www"}, "path:"),
        ({"path": "-rf"}, "path:"),
        ({"path": "/srv/a\nb"}, "path:"),
        ({"key": "no/such"}, "key:"),
        ({"key": "workspace/key"}, "outside of the workspace"),
        ({"known_hosts": 'a"b'}, "known_hosts:"),
    ],
)
def test_settings_that_ssh_would_misread_are_refused(change: dict[str, str], told: str, tmp_path: Path) -> None:
    good = {"kind": "ssh", "host": "www.example.com", "user": "plans", "port": "2222", "path": "~/www"}
    at = Place(name="live", settings=good, workspace=tmp_path, secret=str)
    assert Ssh().wrong(at) == ""
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace/key").touch()
    assert told in Ssh().wrong(replace(at, settings={**good, **change}))
