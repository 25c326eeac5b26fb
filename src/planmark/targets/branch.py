"""What the target `git` keeps in a repository: a branch that is shown, and beside it two that are not.

gh-pages                     all that the web server shows: a folder for each site, a page that lists nothing, and files of others
planmark-state/gh-pages      SITE/VERSION.json, the manifests
planmark-versions/gh-pages   SITE/VERSION/, each version as it was shown, to go back to

None of them has a history. What is out of a site is the version that lies in the branch: where a remote cannot change several branches at
once, they are written from the last to the first, and a version that did not get to the first one is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from planmark.extensions.targets import Place, Published
from planmark.targets.layout import NOTHING
from planmark.targets.manifest import manifest_json, read_manifest
from planmark.targets.repository import Entry, Repository, file_entry, folder_entry

STATE, VERSIONS = "planmark-state/", "planmark-versions/"
"""Before the name of the branch: those that are not shown."""
_LOOKS = 3
"""So often they are looked at until they are those of one moment; after that, whoever pushes is told that they are not."""


@dataclass(frozen=True)
class Refs:
    """The three branches of a target."""

    shown: str
    state: str
    versions: str

    @property
    def all(self) -> tuple[str, str, str]:
        """From the one that readers get to those that they don't."""
        return self.shown, self.state, self.versions


def refs_of(place: Place) -> Refs:
    """The branches that the settings name."""
    branch = place.settings.get("branch") or "gh-pages"
    return Refs(*(f"refs/heads/{before}{branch}" for before in ("", STATE, VERSIONS)))


@dataclass(frozen=True)
class Branches:
    """The branches as they were at one moment."""

    repo: Repository
    refs: Refs
    folder: str
    tips: Mapping[str, str]

    @cached_property
    def shown(self) -> dict[str, Entry]:
        """What lies in the folder of the branch that is shown."""
        tip = self.tips.get(self.refs.shown)
        return (
            self.repo.entries(self.repo.run("rev-parse", "--verify", "--quiet", f"{tip}:{self.folder}").out.decode().strip()) if tip else {}
        )

    @cached_property
    def _state(self) -> dict[str, Entry]:
        return self.repo.entries(self.tips.get(self.refs.state, ""))

    @cached_property
    def _versions(self) -> dict[str, Entry]:
        return self.repo.entries(self.tips.get(self.refs.versions, ""))

    @cached_property
    def _whole(self) -> dict[str, dict[str, tuple[str, str]]]:
        """By site and version the manifest, and the tree of what was shown."""
        names = self.repo.listed(self.tips.get(self.refs.state, ""))
        trees = self.repo.listed(self.tips.get(self.refs.versions, ""), "-d")
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for path, one in names.items():
            site, _, name = path.partition("/")
            tree = trees.get(path.removesuffix(".json"))
            if tree and (one.kind, tree.kind) == ("blob", "tree") and path.endswith(".json") and "/" not in name:
                found.setdefault(site, {})[name.removesuffix(".json")] = one.oid, tree.oid
        return found

    def knows(self, site: str) -> bool:
        """Whether a site is ours."""
        return site in self._whole

    def trees(self, site: str) -> dict[str, str]:
        """The versions of a site that are whole, with what was shown of each."""
        return {version: tree for version, (_, tree) in self._whole.get(site, {}).items()}

    def led(self, site: str) -> str:
        """The version that is shown: the one whose tree lies there; the newest one, where somebody changed what does."""
        trees = self.trees(site) if site in self.shown else {}
        return max([name for name, tree in trees.items() if tree == self.shown[site].oid] or trees, default="")

    def _manifests(self, wanted: Sequence[tuple[str, str]]) -> list[Published]:
        """Of sites and versions, those that can be read."""
        read = self.repo.read(self._whole[site][name][0] for site, name in wanted)
        found = zip(wanted, map(read_manifest, read), strict=True)
        return [one for named, one in found if one and (one.site, one.version) == named]

    def out(self) -> list[Published]:
        """Of every site of ours the version that is out."""
        return self._manifests([(site, led) for site in sorted(self._whole) if (led := self.led(site))])

    def versions(self, site: str) -> tuple[Published, ...]:
        """Newest first, from the one that is out: what is newer never was."""
        led = self.led(site)
        found = self._manifests([(site, name) for name in sorted(self.trees(site), reverse=True) if name <= led])
        return tuple(found) if found and found[0].version == led else ()

    def commits(self, made: Sequence[tuple[Published, str, Mapping[str, str]]]) -> dict[str, str]:
        """New commits for all three: with versions of sites and their trees, and of those before the ones that stay, by name likewise."""
        repo, state, versions = self.repo, dict(self._state), dict(self._versions)
        empty, nothing, *manifests = repo.write([b"", NOTHING, *(manifest_json(new) for new, _, _ in made)])
        for (new, tree, stay), manifest in zip(made, manifests, strict=True):
            trees = {**stay, new.version: tree}
            old = repo.entries(state[new.site].oid) if new.site in state else {}
            told = {f"{name}.json": old[f"{name}.json"] for name in trees if name != new.version}
            state[new.site] = folder_entry(repo.tree({**told, f"{new.version}.json": file_entry(manifest)}))
            versions[new.site] = folder_entry(repo.tree({name: folder_entry(one) for name, one in trees.items()}))
        listed = {".nojekyll": file_entry(empty), "index.html": file_entry(nothing)}
        shown = repo.tree({**listed, **self.shown, **{new.site: folder_entry(tree) for new, tree, _ in made}})
        roots = (self._within(self.tips.get(self.refs.shown, ""), self.folder, shown), repo.tree(state), repo.tree(versions))
        return {ref: repo.commit(root, "Published") for ref, root in zip(self.refs.all, roots, strict=True)}

    def _within(self, tree: str, folder: str, inside: str) -> str:
        """A tree in which a folder is another one, and all else as it was."""
        if not folder:
            return inside
        name, _, rest = folder.partition("/")
        entries = self.repo.entries(tree)
        below = entries[name].oid if name in entries and entries[name].kind == "tree" else ""
        return self.repo.tree({**entries, name: folder_entry(self._within(below, rest, inside))})


def branches(repo: Repository) -> Branches:
    """Fetch what is needed of them: manifests whole, of all else the names."""
    refs, here = refs_of(repo.place), dict[str, str]()
    for _ in range(_LOOKS):
        tips = repo.tips(refs.all)
        if refs.state in tips:
            repo.fetch([refs.state])
        if others := [ref for ref in (refs.shown, refs.versions) if ref in tips]:
            repo.fetch(others, "--filter=blob:none")
        lines = repo.out("for-each-ref", "--format=%(objectname) %(refname)").decode().splitlines()
        here = {ref: oid for oid, ref in (line.split() for line in lines) if ref in tips}
        if here == tips:
            break
    return Branches(repo, refs, repo.place.settings.get("folder", ""), here)
