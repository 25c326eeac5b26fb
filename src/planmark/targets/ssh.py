"""The target `ssh`: the folders and links of the target `directory` on another machine, by rsync over OpenSSH.

Three calls make a publish: one opens the site and tells what lies there, rsync sends what is missing into a folder that nobody reads, and
one closes it: under a lock, links to what was there already, a digest of all, one rename of the link, and what is old goes.
"""

from __future__ import annotations

import hashlib
import re
import secrets as chance
import shlex
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from planmark.extensions.targets import Place, Published, Release, SiteFile, Step
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets import openssh, remote, told
from planmark.targets.layout import STORE, assets_before
from planmark.targets.refusals import cannot_read, cannot_write, changed_on_the_way, somebody_else

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_PATH = re.compile(r"(?!-)[^\x00-\x1f\x7f]+")
_OF_THE_SYSTEM = re.compile(
    r".*(?:No space left on device|Disk quota exceeded|Permission denied(?! \()|Read-only file system|File too large|Not a directory"
    r"|File exists|No such file or directory|Operation not permitted|Input/output error|cannot be replaced).*"
)
"""What stops a script or rsync on the host."""
SILENCE = 60
"""Seconds without a byte after which rsync gives up."""


class Ssh:
    """Folders and links below one folder of another machine."""

    kind = "ssh"
    takes = ("host", "user", "port", "path", *openssh.TAKES)

    def wrong(self, place: Place) -> str:
        """Whether host and folder are named, in words that neither ssh nor a shell could take for something else."""
        given, name = place.settings, place.name
        if not _HOST.fullmatch(given.get("host", "")):
            return f"write `host:` at `{name}`: the name or address of the machine, such as www.example.com"
        if given.get("user") and not _USER.fullmatch(given["user"]):
            return f"write another `user:` at `{name}`: the name of an account there, such as plans"
        port = given.get("port", "")
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            return f"write another `port:` at `{name}`: a number such as 22"
        path = given.get("path", "")
        if not _PATH.fullmatch(path) or ".." in path.split("/") or not _home(place).strip("/.") or _home(place)[0] == "~":
            return f"write `path:` at `{name}`: the folder that its web server shows, such as /var/www/plans"
        return openssh.wrong_files(place)

    def published(self, place: Place) -> Iterator[Published]:
        """Every link with a manifest behind it, all of them in one call."""
        yield from told.read_out(_told(place, remote.look(_home(place))))

    def versions(self, place: Place, site: str) -> tuple[Published, ...]:
        """Newest first, from the one that is out: what is newer never was."""
        return told.read_told(_told(place, remote.list_versions(_home(place), site)), site).versions

    def read(self, place: Place, published: Published, file: SiteFile) -> bytes:
        """A file of a version."""
        return _told(place, remote.read_file(_home(place), published.site, f"{published.version}/{file.path}"))

    def publish(self, place: Place, release: Release) -> Iterator[Step]:
        """What is missing is sent to a new folder, all of it is looked at there; then the link is replaced, and old versions go."""
        new, home = release.published, _home(place)
        part = f"{new.version}.{chance.token_hex(8)}.part"
        try:
            there = told.read_told(_told(place, remote.open_site(home, new.site, part), cannot_write), new.site)
            if there.out != release.before:
                raise PlanmarkError(somebody_else(_shown(place, new.site)))
            stay = there.versions[: release.keep]
            places = {file: there.places.get((file.path, file.sha256), "") for file in (*assets_before(stay, new.files), *new.files)}
            new = replace(new, kept=tuple(file for file, lies in places.items() if lies and file not in new.files))
            lacking = [file for file in new.files if not places[file]]
            _send(place, release, lacking, part, there.led)
            for file in (*new.kept, *new.files):
                yield Step("sent" if file in lacking else "kept", file.path, file.size)
            lie = {file: lies for file, lies in places.items() if lies}
            stayed = [one.version for one in stay]
            removed = _close(place, remote.Switch(new=new, part=part, led=there.led, places=lie, stay=stayed))
        except BaseException:
            with suppress(PlanmarkError):
                _told(place, remote.drop(home, new.site, part))
            raise
        yield Step("switched", new.site)
        for name in removed:
            yield Step("removed", f"{new.site} {name}")


def _home(place: Place) -> str:
    """The folder as a shell there knows it: absolute, or counted from the user's own."""
    return place.settings["path"].removeprefix("~/").rstrip("/")


def _shown(place: Place, site: str = "") -> str:
    """How a message names the place."""
    given = place.settings
    who = f"{given['user']}@" if given.get("user") else ""
    return f"{who}{given['host']}:{_home(place)}" + (f"/{site}" if site else "")


def _ssh(place: Place) -> list[str]:
    """`ssh` on its way to the host's port and user."""
    given = place.settings
    port = ["-p", given["port"]] if given.get("port") else []
    return [*openssh.ssh_command(place), *port, *(["-l", given["user"]] if given.get("user") else [])]


def _on(place: Place) -> list[str]:
    """What runs a script there, whichever shell the user has."""
    return [*_ssh(place), place.settings["host"], "sh -s"]


Refusal = Callable[[str, str, str], Problem]


def _told(place: Place, script: bytes, refusal: Refusal = cannot_read) -> bytes:
    """What a script tells that was run there to its end."""
    done = _run(place, _on(place), script, refusal)
    said = told.answer(done.out)
    if done.code != 0 or said is None:
        raise PlanmarkError(_why(place, done, refusal))
    return said


def _run(place: Place, command: Sequence[str], given: bytes, refusal: Refusal) -> openssh.Done:
    try:
        return openssh.run(command, given)
    except FileNotFoundError:
        name = command[0]
        hint = f"install {'OpenSSH' if name == 'ssh' else name} on this machine"
        raise PlanmarkError(refusal(_shown(place), f"there is no `{name}` on this machine", hint)) from None


def _send(place: Place, release: Release, files: Sequence[SiteFile], part: str, led: str) -> None:
    """Lay files out here, and have rsync bring them to a folder there. Each is written whole beside its name and compared on arrival."""
    with tempfile.TemporaryDirectory(prefix="planmark-") as laid:
        for file in files:
            data = release.read(file)
            if hashlib.sha256(data).hexdigest() != file.sha256:
                raise PlanmarkError(changed_on_the_way(file.path, "where it is read from"))
            target = Path(laid, file.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if not files:
            return
        host, site = place.settings["host"], release.published.site
        there = f"{f'[{host}]' if ':' in host else host}:{_home(place)}/{STORE}/{site}/{part}/"
        # the rsync of macOS takes no -s, and with an old one on this side names would be read by the shell on that side
        command = ["rsync", "-rWsp", "--chmod=D755,F644", f"--timeout={SILENCE}", "-e", shlex.join(_ssh(place)), "--", f"{laid}/", there]
        done = _run(place, command, b"", cannot_write)
        if done.code == 0:
            return
    now = _led(place, site)
    if now not in (led, None):  # whoever was quicker has cleared the folder away
        raise PlanmarkError(somebody_else(_shown(place, site)))
    why = _why(place, done, cannot_write)
    if now is not None and "connection broke" in why.message:  # the host is there, so it may have been rsync that ended, without a word
        hint = f"publish again; if it happens again, see to the free space of {_home(place)} there"
        why = cannot_write(_shown(place), "the connection broke while files were sent", hint)
    raise PlanmarkError(why)


def _led(place: Place, site: str) -> str | None:
    """The version that the link leads to; None where that cannot be told now."""
    try:
        return told.read_told(_told(place, remote.list_versions(_home(place), site)), site).led
    except PlanmarkError:
        return None


def _close(place: Place, switch: remote.Switch) -> list[str]:
    """Switch; the old versions that were removed. Where the connection breaks meanwhile, what is out tells how it ended."""
    done = _run(place, _on(place), remote.close_site(_home(place), switch), cannot_write)
    if done.code == 0 and (said := told.answer(done.out)) is not None:
        return told.removed(said)
    if done.code in (remote.IN_THE_WAY, remote.CHANGED, remote.TAKEN):
        raise PlanmarkError(_why(place, done, cannot_write))
    where, led = Location(_shown(place, switch.new.site)), _led(place, switch.new.site)
    if led is None:
        hint = "once the host answers, `planmark published` tells which version is out"
        text = "the connection broke at the last step, so it is not known whether the new version is out"
        raise PlanmarkError(Problem("PM805", text, where, hint))
    if led != switch.new.version:
        raise PlanmarkError(_why(place, done, cannot_write))
    try:
        return told.removed(_told(place, remote.tidy(_home(place), switch), cannot_write))
    except PlanmarkError as error:
        text = "the new version is out, but what is old could not be removed"
        raise PlanmarkError(Problem("PM805", text, where, error.problems[0].message)) from None


def _why(place: Place, done: openssh.Done, refusal: Refusal) -> Problem:
    """What a script, rsync or ssh itself ended with, in a message that says what to do."""
    where, host = _shown(place), place.settings["host"]
    if done.code == remote.TAKEN:
        return somebody_else(where)
    if done.code == remote.CHANGED:
        return changed_on_the_way(where, "the disk there")
    if done.code == remote.IN_THE_WAY:
        return Problem(
            "PM805", "something that Planmark did not put there is in the way", Location(where), "move it away: Planmark puts a link there"
        )
    if done.code == remote.NO_DIGESTS:
        return refusal(where, "the host has no program for SHA-256", "install sha256sum, shasum or openssl there")
    if re.search(r"rsync: (command )?not found|(command not found|Unknown command): rsync", done.said):
        return refusal(where, "there is no `rsync` on the host", "install rsync there")
    if found := _OF_THE_SYSTEM.search(done.said):
        return refusal(where, openssh.first_line(found[0]), f"check the permissions and the free space of {_home(place)} there")
    if known := openssh.reason(done.said, place, host, place.settings.get("port", "")):
        return refusal(where, *known)
    if not done.said.strip():
        return refusal(where, "the connection broke", "publish again, once it holds")
    return refusal(where, openssh.first_line(done.said), f"see whether it works by hand: {shlex.join(['ssh', host, 'sh'])}")
