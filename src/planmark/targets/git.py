"""The target `git`: a branch that GitHub Pages or GitLab Pages show. A publish is a commit without a history, pushed by compare-and-swap.

`targets/branch.py` says what lies where; `targets/repository.py` speaks with git.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import uniform

from planmark.extensions.targets import Going, Place, Published, Release, SiteFile, Step
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets import openssh
from planmark.targets.branch import STATE, VERSIONS, Branches, branches
from planmark.targets.git_said import in_words
from planmark.targets.layout import assets_before
from planmark.targets.refusals import cannot_read, cannot_write, changed_on_the_way, others_all_the_time, somebody_else
from planmark.targets.repository import CommandError, Repository, masked, oid_of, remote_of, repository
from planmark.targets.together import alone

TRIES = 8
"""So often a publish begins anew because other sites of the branch have changed meanwhile."""
_BRANCH = re.compile(r"(?!.*(?:\.\.|//|\.lock(?:/|$)|/\.|\.$|/$))[A-Za-z0-9][A-Za-z0-9._/-]*")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_AUTHOR = re.compile(r"[^<>\x00-\x1f]*[^<>\s\x00-\x1f] <[^<>\s\x00-\x1f]+>")
_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_HOST = r"(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])"
_REMOTE = re.compile(
    rf"https://(?:{_NAME}@)?{_HOST}(?::\d+)?/[!-~]+|http://(?:{_NAME}@)?(?:127\.0\.0\.1|localhost)(?::\d+)?/[!-~]+"
    rf"|ssh://(?:{_NAME}@)?{_HOST}(?::\d+)?/[!-~]+|(?:{_NAME}@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!:|//)[!-~]+|(?!-)[^:\x00-\x1f]+(?:/[^\x00-\x1f]*)?"
)

_AT_ONCE = re.compile(r"cannot lock ref|failed to update ref|failed to lock|incorrect old value|already exists|but expected")
"""What a remote says that is just being changed by somebody else."""


class Git:
    """Sites as folders of a branch, and two branches beside it with what is remembered of them."""

    kind = "git"
    takes = ("remote", "branch", "folder", "author", *openssh.TAKES)
    patience = 180.0
    """Seconds that a host of pages takes, at most times, until it shows a push."""

    def wrong(self, place: Place) -> str:
        """Whether there is a remote, in words that git cannot take for something else."""
        given, name = place.settings, place.name
        remote = given.get("remote", "")
        if re.match(r"\w+://[^/@]*:[^/@]*@", remote):
            return f"write `remote:` at `{name}` without the password, and keep that in PLANMARK_GIT_TOKEN"
        if not _REMOTE.fullmatch(remote):
            return f"write `remote:` at `{name}`: a repository's address, such as git@github.com:acme/plans.git"
        branch = given.get("branch", "gh-pages")
        if not _BRANCH.fullmatch(branch) or branch.startswith((STATE, VERSIONS)):
            return f"write another `branch:` at `{name}`: one that is there for plans alone, such as gh-pages"
        if given.get("folder") and not _FOLDER.fullmatch(given["folder"]):
            return f"write another `folder:` at `{name}`: one inside of the branch, such as public"
        if given.get("author") and not _AUTHOR.fullmatch(given["author"]):
            return f"write another `author:` at `{name}`, such as Plans <plans@example.com>"
        return openssh.wrong_files(place)

    def published(self, place: Place) -> Iterator[Published]:
        """Every site of the branch that has a manifest."""
        with _told(place, cannot_read), repository(place) as repo:
            out = branches(repo).out()
        yield from out

    def versions(self, place: Place, site: str) -> tuple[Published, ...]:
        """Newest first, from the one that is out: what is newer never was."""
        with _told(place, cannot_read), repository(place) as repo:
            return branches(repo).versions(site)

    def read(self, place: Place, published: Published, file: SiteFile) -> bytes:
        """A file of a version."""
        with _told(place, cannot_read), repository(place) as repo:
            tree = branches(repo).trees(published.site).get(published.version)
            if not tree:
                hint = "`planmark published` lists what is out"
                raise PlanmarkError(cannot_read(_shown(place), f"there is no version {published.version} any more", hint))
            oid = repo.files(tree).get(file.path)
            if not oid:
                text = f"{file.path} of that version is no longer there"
                raise PlanmarkError(cannot_read(_shown(place), text, "`planmark published` lists what is out"))
            (data,) = repo.read([oid])
            return data

    def publish(self, place: Place, release: Release) -> Iterator[Step]:
        """One push, for one release."""
        yield from alone(self.publish_together(place, [release]))

    def publish_together(self, place: Place, releases: Sequence[Release]) -> Going:
        """Trees are made of what is new and what is there, and pushed at once. Where others' sites changed meanwhile, anew upon those."""
        with _told(place, cannot_write), repository(place) as repo:
            for _ in range(TRIES):
                found = branches(repo)
                made, stopped = _all_made(found, releases)
                if not made or _pushed(found, made):
                    break
            else:
                raise PlanmarkError(others_all_the_time(_shown(place)))
        yield from stopped.items()
        for one in made:
            site = one.new.site
            for file in (*one.new.kept, *one.new.files):
                yield site, Step("sent" if file in one.sent else "kept", file.path, file.size)
            yield site, Step("switched", site)
            for name in one.removed:
                yield site, Step("removed", f"{site} {name}")


@dataclass(frozen=True)
class _Made:
    """A version as it is to be pushed."""

    new: Published
    tree: str
    stay: Mapping[str, str]
    """The versions before it that do, with their trees."""
    removed: tuple[str, ...]
    sent: frozenset[SiteFile]


def _all_made(found: Branches, releases: Sequence[Release]) -> tuple[list[_Made], dict[str, PlanmarkError]]:
    """The trees of versions, and by site what stops those that cannot be. PlanmarkError where nothing can be put into the branch at all."""
    tip = found.tips.get(found.refs.shown)
    if tip and found.refs.state not in found.tips and found.repo.parents(tip):
        hint = "name a branch that is there for plans alone: its history is thrown away by each publish"
        raise PlanmarkError(cannot_write(_shown(found.repo.place), "the branch has a history that Planmark did not make", hint))
    made: list[_Made] = []
    stopped: dict[str, PlanmarkError] = {}
    for release in releases:
        try:
            made.append(_made(found, release))
        except PlanmarkError as error:
            stopped[release.published.site] = error
    return made, stopped


def _made(found: Branches, release: Release) -> _Made:
    """The tree of a version: of files that are there already, the names are enough. PM804 where somebody else was quicker."""
    repo, new, where = found.repo, release.published, _shown(found.repo.place, release.published.site)
    before, trees = found.versions(new.site), found.trees(new.site)
    if (before[0].version if before else "") != release.before:
        raise PlanmarkError(somebody_else(where))
    if new.site in found.shown and not found.knows(new.site):
        hint = "move it away: Planmark puts a folder there"
        raise PlanmarkError(Problem("PM805", "something that Planmark did not put there is in the way", Location(where), hint))
    there: dict[SiteFile, str] = {}
    for one in reversed(before):
        files = repo.files(trees[one.version])
        there |= {file: files[file.path] for file in (*one.kept, *one.files) if file.path in files}
    known = {(file.path, file.sha256): oid for file, oid in there.items()}
    stay = before[: release.keep]
    kept = tuple(file for file in assets_before(stay, new.files) if (file.path, file.sha256) in known)
    sent = [file for file in new.files if not _is_there(release, file, known.get((file.path, file.sha256), ""))]
    oids = {file.path: known.get((file.path, file.sha256), "") for file in (*kept, *new.files)}
    oids |= zip((file.path for file in sent), repo.write([_whole(release, file) for file in sent]), strict=True)
    stayed = {one.version: trees[one.version] for one in stay}
    removed = tuple(sorted(set(trees) - {new.version, *stayed}))
    return _Made(replace(new, kept=kept), repo.tree_of_files(oids), stayed, removed, frozenset(sent))


def _is_there(release: Release, file: SiteFile, oid: str) -> bool:
    """Whether what lies there under a file's name is that file; somebody may have changed it.

    An earlier version that is put out again would be fetched for that: it is compared by whoever asks for it afterwards.
    """
    return bool(oid) and (bool(release.published.again) or oid == oid_of(_whole(release, file), len(oid)))


def _whole(release: Release, file: SiteFile) -> bytes:
    data = release.read(file)
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise PlanmarkError(changed_on_the_way(file.path, "where it is read from"))
    return data


def _pushed(found: Branches, made: Sequence[_Made]) -> bool:
    """Whether all branches are as they should be now; if not, something else is there than was, and it is to be looked at anew.

    All of them at once, where the remote can do that. Where it cannot, more is remembered first than needs to be, then readers get the new
    version, and what is old goes last: wherever that ends, it is what is shown that counts.
    """
    repo, refs, known = found.repo, found.refs, dict(found.tips)
    wanted = found.commits([(one.new, one.tree, one.stay) for one in made])
    done = _push(repo, known, wanted, "--atomic")
    if done.code and "does not support --atomic" in done.said:
        more = found.commits([(one.new, one.tree, found.trees(one.new.site)) for one in made])
        rest = [(refs.shown, wanted), (refs.state, wanted), (refs.versions, wanted)]
        for ref, commits in [(refs.versions, more), (refs.state, more), *rest]:
            done = _push(repo, known, {ref: commits[ref]})
            if done.code:
                break
            known[ref] = commits[ref]
    if done.code == 0:
        return True
    try:
        now = repo.tips(refs.all)
    except CommandError:
        hint = "once the remote answers, `planmark published` tells which version is out"
        text = "the connection broke at the last step, so it is not known whether the new version is out"
        sites = ", ".join(one.new.site for one in made)
        raise PlanmarkError(Problem("PM805", text, Location(_shown(repo.place, sites)), hint)) from None
    if now.get(refs.shown) == wanted[refs.shown]:
        return True  # it was the answer that got lost
    at_once = _AT_ONCE.search(done.said + done.out.decode(errors="replace"))
    if now == known and not at_once:
        raise CommandError(done)
    if at_once:
        time.sleep(uniform(0.05, 0.5))  # noqa: S311  (so that two do not meet again)
    return False


def _push(repo: Repository, known: Mapping[str, str], commits: Mapping[str, str], *options: str) -> openssh.Done:
    """Replace branches, if they are still as they are known to be."""
    leases = [f"--force-with-lease={ref}:{known.get(ref, '')}" for ref in commits]
    specs = [f"{commit}:{ref}" for ref, commit in commits.items()]
    return repo.run("push", "--porcelain", "--no-verify", *options, *leases, "origin", *specs)


def _shown(place: Place, site: str = "") -> str:
    """How a message names the place."""
    return masked(remote_of(place)) + (f" {site}" if site else "")


@contextmanager
def _told(place: Place, refusal: Callable[[str, str, str], Problem]) -> Iterator[None]:
    """Turn what git could not do into a problem. Readers have what they had."""
    try:
        yield
    except CommandError as error:
        raise PlanmarkError(refusal(_shown(place), *in_words(error.done, place))) from None
