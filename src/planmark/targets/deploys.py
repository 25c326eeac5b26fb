"""Hosts that replace a whole site at each deploy: one way for all of them. What each of them calls its own is behind `Host`.

A deploy holds all deals. What is out is read from the live one; the next one is that with what changes now, of which only what the
host lacks is sent. It goes live only where the live one is still the one that was read: of two publishers none loses what the other did.
"""

from __future__ import annotations

import http.client
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from random import uniform

from planmark import __version__
from planmark.endpoints.connection import TooLargeError, exchange
from planmark.extensions import Request
from planmark.extensions.targets import Going, Place, Published, Release, SiteFile, Step
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets.asking import TIMEOUT, Sleep
from planmark.targets.carried import State, key, read_state, state_bytes, stored
from planmark.targets.host import Deploy, File, Host, note_of
from planmark.targets.layout import NOT_FOUND, NOTHING
from planmark.targets.refusals import cannot_read, cannot_write, changed_on_the_way, others_all_the_time, somebody_else
from planmark.targets.together import alone

TRIES = 8
"""How often is begun anew where others publish to the same place at the same time."""
ABANDONED = timedelta(minutes=15)
"""After such a time nobody goes live with a draft any more."""
SPREADING = 20
"""Looks, a second apart, at whether a new deploy has come to where it is seen from here."""


@dataclass(frozen=True)
class WholeSite(ABC):
    """A target at such a host. `sleep` and `timeout` are how it waits."""

    sleep: Sleep = time.sleep
    timeout: float = TIMEOUT

    @abstractmethod
    def host(self, place: Place) -> Host:
        """The site that a place names. PlanmarkError where its secret is missing."""

    def published(self, place: Place) -> Iterator[Published]:
        """Of every site the first version, as the live deploy tells."""
        host = self.host(place)
        yield from [versions[0] for versions in _state(host, _look(host)[0]).sites.values()]

    def versions(self, place: Place, site: str) -> tuple[Published, ...]:
        """All that the live deploy carries of a site."""
        host = self.host(place)
        return _state(host, _look(host)[0]).sites.get(site, ())

    def read(self, place: Place, published: Published, file: SiteFile) -> bytes:
        """A file out of the live deploy, in which those of earlier versions are, too."""
        host = self.host(place)
        live = host.live()
        there = _state(host, live).layout(live.folder) if live else {}
        paths = (stored(live.folder, file) if live else "", f"{published.site}/{file.path}")
        path = next((one for one in paths if one in there and there[one].sha256 == file.sha256), "")
        if not live or not path:
            raise PlanmarkError(cannot_read(host.name, f"{file.path} of that version is no longer there", "see `planmark published`"))
        return _fetched(host, live, path, file)

    def publish(self, place: Place, release: Release) -> Iterator[Step]:
        """One deploy, for one release."""
        yield from alone(self.publish_together(place, [release]))

    def publish_together(self, place: Place, releases: Sequence[Release]) -> Going:
        """Deploy all that is out and the releases in the place of their sites, until that is live and nobody's change is lost by it."""
        host = self.host(place)
        stopped = {one.published.site: error for one in releases if (error := _too_large(host, one))}
        going = [one for one in releases if one.published.site not in stopped]
        nothing_stays = {one.published.site for one in going if one.keep == 0}
        made: Deploy | None = None
        previous, was = "", dict[str, Sequence[Published]]()
        lost, untidy = dict[str, PlanmarkError](), dict[str, PlanmarkError]()
        sent: set[str] = set()
        for number in range(TRIES):
            live, newest = _look(host)
            if made and live and live.id == made.id and not live.missed:
                try:
                    if _tidied(host, made, "" if nothing_stays else previous):
                        break
                except PlanmarkError as error:
                    untidy = dict.fromkeys(nothing_stays, error)
                    break
                continue
            try:
                state = _state(host, live)
            except PlanmarkError:
                if _is_live(host, live):
                    raise
                continue  # it was deleted by whoever put out the next one
            out = {one.published.site: state.version(one.published.site) for one in going}
            due = [one for one in going if out[one.published.site] == one.before]
            late = [one.published.site for one in going if out[one.published.site] not in (one.before, one.published.version)]
            lost = {site: PlanmarkError(somebody_else(f"{host.name}, {site}")) for site in late}
            if not due and not (live and live.missed):
                break  # what somebody else made live meanwhile carries ours, or theirs in its place
            made = yield from _deployed(host, live, newest, state, due, sent)
            if made:
                previous = live.id if live else ""
                was |= {one.published.site: state.sites.get(one.published.site, ()) for one in due}
            else:
                self.sleep(uniform(0.5, 1) * 2 ** min(number, 4))  # noqa: S311  (no secret)
        else:
            raise PlanmarkError(others_all_the_time(host.name))
        stopped |= lost
        yield from stopped.items()
        there = [one for one in going if one.published.site not in stopped]
        self._spread(place, [one.published for one in there])
        for one in there:
            site, files = one.published.site, one.published.files
            yield from ((site, Step("kept", file.path, file.size)) for file in files if f"{site}/{file.path}" not in sent)
            yield site, Step("switched", site)
            yield from ((site, Step("removed", f"{site} {old.version}")) for old in was.get(site, ())[one.keep :] if site not in untidy)
        yield from untidy.items()

    def _spread(self, place: Place, new: Sequence[Published]) -> None:
        """Wait some seconds until the entry pages answer at the public address: hosts show a new deploy everywhere only after a while."""
        waiting = list(new)
        for _ in range(SPREADING):
            while waiting and self._shows(place, waiting[0]):
                del waiting[0]
            if not waiting:
                return
            self.sleep(1.0)

    def _shows(self, place: Place, new: Published) -> bool:
        """Whether a site's entry page is the new one, or cannot be asked for: whoever fetches what was published tells why."""
        page = next(file for file in new.files if file.path == "index.html")
        request = Request(f"{place.settings.get('url', '').rstrip('/')}/{new.site}/", {"User-Agent": f"planmark/{__version__}"})
        try:
            return sha256(exchange(request, min(self.timeout, 10.0), page.size).body).hexdigest() == page.sha256
        except TooLargeError:
            return False  # the page before was longer
        except (OSError, http.client.HTTPException, ValueError):
            return True


def _look(host: Host) -> tuple[Deploy | None, str]:
    """What is live, with what it missed, and the order of the newest deploy of ours that has been live."""
    live = host.live()
    if live is None or not live.folder:
        return live, ""
    been = sorted((one for one in host.ours() if one.been_live), key=lambda one: one.order)
    return _with_missed(live, been), been[-1].order if been else ""


def _with_missed(deploy: Deploy, been: Sequence[Deploy]) -> Deploy:
    """A deploy with the newest one that it missed, and that one with those it missed in turn."""
    missed = [one for one in been if deploy.misses(one)]
    rest = [one for one in been if one.id != deploy.id]
    return replace(deploy, missed=_with_missed(missed[-1], rest)) if missed else deploy


def _state(host: Host, live: Deploy | None) -> State:
    """All that is out. PlanmarkError where it cannot be told: what is not known would be lost with the next deploy."""
    if live is None:
        return State()
    if not live.folder:
        hint = "give Planmark a site of its own: a deploy replaces the whole of it"
        raise PlanmarkError(cannot_read(host.name, "the site shows what Planmark did not put there", hint))
    state = read_state(host.read(live, f"{live.folder}/state"))
    if state is None:
        hint = "publish with the version of Planmark that published there last"
        raise PlanmarkError(cannot_read(host.name, "what is remembered of what is out is none that this Planmark reads", hint))
    return _state(host, live.missed).merged(state) if live.missed else state


def _deployed(
    host: Host, live: Deploy | None, newest: str, state: State, due: Sequence[Release], sent: set[str]
) -> Generator[tuple[str, Step | PlanmarkError], None, Deploy | None]:
    """One deploy of all that is out, and of the releases that are due, made and switched to; None where somebody else was quicker."""
    folder = f"planmark-{secrets.token_hex(16)}"
    files = _files(host, live, state, due, folder)
    if host.most and len(files) > host.most:
        text = f"a deploy would have {len(files):,} files, and {host.name} takes {host.most:,}"
        raise PlanmarkError(cannot_write(host.name, text, "take down what is over, or publish some deals to another place"))
    own = {f"{one.published.site}/{file.path}": (one.published.site, file) for one in due for file in one.published.files}
    making = host.create(note_of(folder, newest), files)
    while True:
        try:
            path = next(making)
        except StopIteration as end:
            made: Deploy | None = end.value
            break
        if path in own:
            site, file = own[path]
            sent.add(path)
            yield site, Step("sent", file.path, file.size)
    if made is None:
        return None
    if not _is_live(host, live):
        host.remove(made)
        return None
    return host.switch(made)


def _is_live(host: Host, deploy: Deploy | None) -> bool:
    """Whether that one is live now, or none where there was none."""
    live = host.live()
    return (live.id if live else "") == (deploy.id if deploy else "")


def _tidied(host: Host, made: Deploy, previous: str) -> bool:
    """Remove the deploys before: they stay at addresses of their own else. Whether the new one is live still.

    Only the one just before may stay, and drafts, while somebody may be on the way with them: what was live goes live by nobody's doing.
    """
    try:
        before = [one for one in host.ours() if one.order < made.order and one.id != previous]
        if not _is_live(host, made):
            return False
        for one in before:
            if one.been_live or made.created - one.created > ABANDONED:
                host.remove(one)
    except PlanmarkError as error:
        if previous:
            return True  # the next publish removes them
        text = f"the new version is out, but earlier deploys could not be deleted: {error.problems[0].message}"
        hint = f"delete those before the live one at {host.name} by hand: whoever knows their own addresses sees them"
        raise PlanmarkError(Problem("PM805", text, Location(host.name), hint)) from None
    return True


def _files(host: Host, live: Deploy | None, state: State, due: Sequence[Release], folder: str) -> dict[str, File]:
    """All files of the next deploy, the releases' own first and in their order, and last what is remembered."""
    after, digests = state.after(due) if due else state, state.digests
    own = {f"{one.published.site}/{file.path}" for one in due for file in one.published.files}
    fresh = {file.sha256: (one, file) for one in due for file in one.published.files}
    there = state.layout(live.folder) if live else {}
    aside = f"{live.folder}/" if live else ""
    before = {there[path].sha256: path for path in sorted(there, key=lambda path: path.startswith(aside))}  # rather not as a page
    found: dict[str, File] = {}
    known: dict[str, str] = {}
    layout = after.layout(folder)
    for path in sorted(layout, key=lambda path: path not in own):  # stable, so in the order of the release
        file = layout[path]
        data: Callable[[], bytes]
        if file.sha256 in fresh:
            data = partial(_fresh, *fresh[file.sha256])
        else:
            assert live  # what is of no release lies there
            data = partial(_fetched, host, live, before[file.sha256], file)
        digest = digests.get(key(path, file)) or known.get(key(path, file)) or host.digest(path, data())
        known[key(path, file)] = digest
        found[path] = File(digest, file.size, file.media_type, data)
    html = "text/html; charset=utf-8"
    more = {"index.html": (NOTHING, html), "404.html": (NOT_FOUND, html)}
    more |= {path: (written, "text/plain") for path, written in host.config.items()}
    more[f"{folder}/state"] = (state_bytes(replace(after, digests=known)), "application/octet-stream")
    for path, (written, kind) in more.items():
        found[path] = File(host.digest(path, written), len(written), kind, partial(bytes, written))
    return found


def _fresh(release: Release, file: SiteFile) -> bytes:
    data = release.read(file)
    if sha256(data).hexdigest() != file.sha256:
        raise PlanmarkError(changed_on_the_way(file.path, "what changes files while they are published"))
    return data


def _fetched(host: Host, deploy: Deploy, path: str, file: SiteFile) -> bytes:
    data = host.read(deploy, path)
    if sha256(data).hexdigest() != file.sha256:
        raise PlanmarkError(changed_on_the_way(f"{host.name}, {file.path}", "what the host does to files that it shows"))
    return data


def _too_large(host: Host, release: Release) -> PlanmarkError | None:
    """Why the host would not take a release's files; None where it would."""
    file = next((one for one in release.published.files if host.largest and one.size > host.largest), None)
    if file is None:
        return None
    text = f"{file.path} has {file.size / 2**20:.0f} MiB, and {host.name} takes {host.largest / 2**20:.0f}"
    return PlanmarkError(cannot_write(host.name, text, "make the file smaller, or share a link to it in its place"))
