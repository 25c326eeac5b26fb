"""What a deploy of a whole site remembers and carries along: every site's versions, and which file lies where in it.

acme-k7w2…/index.html                   what readers get
planmark-3f9a…/state                    all that is remembered: manifests, and the host's digest of each file
planmark-3f9a…/0c44…e1.pdf, …/9b12…7f   files of versions before, and of pages a copy that no host takes for a page
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from planmark.extensions.targets import Published, Release, SiteFile
from planmark.targets.layout import assets_before
from planmark.targets.manifest import manifest_json, read_manifest

FORMAT = 1
LARGEST = 512 * 1024 * 1024
"""Bytes of a state, unpacked."""
_ENDING = re.compile(r"\.(?!html?$)[A-Za-z0-9]{1,8}", re.IGNORECASE)


@dataclass(frozen=True)
class State:
    """Of every site its versions, newest first; the first one is out."""

    sites: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    """The host's own digest of what is in the deploy, by `key`."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """The sites for whose sake the deploy was made, with the versions that were out of them before."""

    def version(self, site: str) -> str:
        """The version of a site that is out; empty where there is none."""
        versions = self.sites.get(site)
        return versions[0].version if versions else ""

    def after(self, releases: Sequence[Release]) -> State:
        """With releases out: assets of the versions that are kept stay beside their own."""
        sites = dict(self.sites)
        for release in releases:
            new = release.published
            stay = sites.get(new.site, ())[: release.keep]
            sites[new.site] = (replace(new, kept=assets_before(stay, new.files)), *stay)
        changed = {release.published.site: self.version(release.published.site) for release in releases}
        return replace(self, sites=sites, changed=changed)

    def merged(self, late: State) -> State:
        """This state and what a later deploy changed that did not know of it; what both changed is here as it was here first."""
        theirs = {site: before for site, before in late.changed.items() if site in late.sites and self.version(site) == before}
        sites = {**self.sites, **{site: late.sites[site] for site in theirs}}
        return State(sites, {**late.digests, **self.digests}, {**self.changed, **theirs})

    def layout(self, folder: str) -> dict[str, SiteFile]:
        """Every file of the deploy by its path, `folder` being the one that only the host's API tells; the state itself aside."""
        found: dict[str, SiteFile] = {}
        for site, versions in self.sites.items():
            for file in (*versions[0].files, *versions[0].kept):
                found[f"{site}/{file.path}"] = file
            for file in (file for one in versions for file in one.files):
                there = found.get(f"{site}/{file.path}")
                if _is_page(file.path) or there is None or there.sha256 != file.sha256:
                    found[stored(folder, file)] = file
        return found


def key(path: str, file: SiteFile) -> str:
    """By which a digest is found: some hosts' digests depend on the ending, too."""
    return file.sha256 + PurePosixPath(path).suffix


def stored(folder: str, file: SiteFile) -> str:
    """Where a file lies that readers do not get. A page has no ending there, so that no host does to it what is done to pages."""
    ending = PurePosixPath(file.path).suffix
    return f"{folder}/{file.sha256}{ending if _ENDING.fullmatch(ending) else ''}"


def state_bytes(state: State) -> bytes:
    """The state as it is kept: JSON, compressed. `read_state` gives back the same."""
    data = {
        "format": FORMAT,
        "changed": dict(sorted(state.changed.items())),
        "sites": {site: [manifest_json(one).decode() for one in versions] for site, versions in sorted(state.sites.items())},
        "digests": dict(sorted(state.digests.items())),
    }
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def read_state(data: bytes) -> State | None:
    """The state that was kept; None where it cannot be read whole: nothing may be replaced then."""
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(data, LARGEST)
        if not unpacking.eof:
            return None
        found = json.loads(text)
        if found["format"] != FORMAT:
            return None
        sites: dict[str, tuple[Published, ...]] = {}
        for site, versions in found["sites"].items():
            read = [read_manifest(one.encode()) for one in versions]
            whole = tuple(one for one in read if one is not None and one.site == site)
            if not whole or len(whole) != len(read):
                return None
            sites[site] = whole
        digests = {str(name): str(digest) for name, digest in found["digests"].items()}
        changed = {str(site): str(before) for site, before in found["changed"].items()}
        return State(sites, digests, changed)
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_page(path: str) -> bool:
    return path.lower().endswith((".html", ".htm"))
