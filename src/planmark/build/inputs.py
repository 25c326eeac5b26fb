"""What every deal is made from, as digests; which deals are stale, and why."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from planmark.build.preview import Preview
from planmark.build.state import Record, State, Written
from planmark.content.addresses import read_entry
from planmark.content.layout import CONTENT, LIBRARY, PLAN_FILE, THEMES, WORKSPACE_FILE
from planmark.content.tree import RACY_NS, Stamp, digest_bytes, scan, scan_file, tree_digest
from planmark.plan.succession import Entry, Succession, by_id, continued, succession
from planmark.shipped import THEMES as SHIPPED_THEMES

SHIPPED = "shipped:"
CONTINUES = "continues:"
PREVIEWED = "preview:"


class Inputs:
    """The folders of a workspace, each scanned once when it is first asked for."""

    def __init__(self, root: Path, state: State, preview: Preview | None = None) -> None:
        self.root, self.preview = root, preview
        self.before = state.stamps
        self.trusted_before_ns = state.saved_ns - RACY_NS
        self.started_ns = time.time_ns()
        self.trees: dict[str, dict[str, Stamp]] = {}
        self.digests: dict[str, str] = {}
        self.entries: dict[str, tuple[str, Entry]] = {}
        """What decides about each deal's link, by folder, with the digest of the plan.yaml that says so."""
        self.by_id: dict[str, Entry] = {}
        self.read_anew = False
        """Whether any file had to be read, rather than being as it was remembered."""

    def tree(self, name: str) -> dict[str, Stamp]:
        """The files of `planmark.yaml`, `content/<deal>`, `content/_library`, `themes/<name>` or `shipped:<name>`."""
        if name not in self.trees:
            known = self.before.get(name)
            if name == WORKSPACE_FILE:
                self.trees[name] = scan_file(self.root / name, known, self.trusted_before_ns)
            elif name.startswith(SHIPPED):
                self.trees[name] = scan(SHIPPED_THEMES / name.removeprefix(SHIPPED), known, self.trusted_before_ns)
            else:
                theme = name.startswith(f"{THEMES}/")  # code of the team's own may be linked in, content may not
                self.trees[name] = scan(self.root / name, known, self.trusted_before_ns, follow_root=theme)
            self.read_anew |= known is None or any(stamp is not known.get(path) for path, stamp in self.trees[name].items())
        return self.trees[name]

    def look_at_links(self, names: Iterable[str], wanted: Iterable[str], known: Mapping[str, tuple[str, Entry]]) -> dict[str, str]:
        """Look at what decides about the links of all deals. Gives those that others continue, each with its heir."""
        whole = set(wanted)
        for name in names:
            folder = f"{CONTENT}/{name}"
            if name in whole:
                stamp = self.tree(folder).get(PLAN_FILE)
            else:
                stamp = scan_file(self.root / folder / PLAN_FILE, self.before.get(folder), self.trusted_before_ns).get(PLAN_FILE)
            before = known.get(name)
            if stamp and before and before[0] == stamp.digest:
                self.entries[name] = before
            elif stamp and (entry := read_entry(self.root, name)):
                self.entries[name] = stamp.digest, entry
        self.by_id = by_id(entry for _, entry in self.entries.values())
        return continued({name: entry for name, (_, entry) in self.entries.items()})

    def line(self, name: str) -> Succession:
        """What a deal goes on from."""
        return succession(self.entries[name][1] if name in self.entries else Entry(name, name), self.by_id.get, lambda: self.by_id)

    def digest(self, name: str) -> str:
        """One digest for the whole of a tree; empty where there is nothing."""
        if name.startswith(CONTINUES):
            line = self.line(name.removeprefix(CONTINUES))
            return digest_bytes(repr((line.address, line.before, line.wrong)).encode())
        if name.startswith(PREVIEWED):
            return self.preview.digest(name.removeprefix(PREVIEWED)) if self.preview else ""
        if name not in self.digests:
            tree = self.tree(name)
            self.digests[name] = tree_digest(tree) if tree else ""
        return self.digests[name]

    @property
    def news(self) -> bool:
        """Whether anything was scanned that is not as it was remembered."""
        return self.read_anew or len(self.trees) != len(self.before)

    def remember(self, state: State, everything: bool) -> None:
        """Put what was scanned into the state; `everything` where that is the whole workspace."""
        state.stamps = self.trees if everything else {**state.stamps, **self.trees}
        state.saved_ns = self.started_ns if everything or state.fresh else min(state.saved_ns, self.started_ns)
        state.entries = self.entries

    def of_deal(self, name: str, themes: Iterable[str], asked_library: bool) -> dict[str, str]:
        """The digests of all that one deal was made from. A theme's folder counts where it is missing, too: it may come to be."""
        names = [WORKSPACE_FILE, f"{CONTENT}/{name}"]
        if asked_library:
            names.append(f"{CONTENT}/{LIBRARY}")
        for theme in themes:
            names += [f"{THEMES}/{theme}", SHIPPED + theme]
        if name in self.entries and self.entries[name][1].continues:
            names += [CONTINUES + name, *(f"{CONTENT}/{one.folder}" for one in self.line(name).before)]
        if self.preview:
            names.append(PREVIEWED + name)
        return {one: self.digest(one) for one in names}

    def changes(self, name: str) -> str:
        """What is different in a tree since the last build, as a phrase."""
        if name.startswith(PREVIEWED):
            return "something was done in the preview"
        if name.startswith(CONTINUES):
            return "the link that it continues is another one"
        before, now = self.before.get(name), self.tree(name)
        if before is None:
            return f"{name} was not known"
        for path in sorted({*before, *now}):
            shown = path if name == WORKSPACE_FILE else f"{name}/{path}"
            if path not in now:
                return f"{shown} is gone"
            if path not in before:
                return f"{shown} is new"
            if before[path].digest != now[path].digest:
                return f"{shown} changed"
        return f"{name} changed"


@dataclass(frozen=True)
class Shape:
    """What else goes into a build: the program with its libraries, and how its outputs are wanted."""

    program: str
    variant: str

    @property
    def digest(self) -> str:
        """Both as one text, of which the program's is the first word."""
        return f"{self.program} {self.variant}"


def reason_to_look(inputs: Inputs, name: str, record: Record | None, shape: Shape) -> str:
    """Why a deal must be read again, as a sentence; empty when what is known of it still holds."""
    if record is None:
        return f"{CONTENT}/{name} has not been built yet"
    for tree, digest in record.trees.items():
        if inputs.digest(tree) != digest:
            return inputs.changes(tree)
    if record.options.partition(" ")[0] != shape.program:
        return "the program or a library changed" if record.options else "its last build failed"
    return ""


def reason_of_day(record: Record, today: date) -> str:
    """Why what is known of a deal does not hold on a day, as a sentence; empty where it does."""
    day = today.isoformat()
    if record.until and not record.since <= day < record.until:
        return f"a state changes with the day ({record.until})" if day >= record.until else f"it was built for {record.since}"
    return ""


def reason_to_build(record: Record, shape: Shape, today: date, sites: Path) -> str:
    """Why a deal whose sources are as they were must be built all the same, as a sentence; empty when it need not be."""
    if record.options != shape.digest:
        return "the build's options changed"
    return reason_of_day(record, today) or ("" if record.failed else look_at(record, sites)[1])


def look_at(record: Record, sites: Path) -> tuple[dict[str, Written], str]:
    """The outputs of a deal that are as they were written, and what is wrong with its site, as a phrase; empty when nothing is."""
    intact: dict[str, Written] = {}
    wrong = ""
    for prefix in ("", "assets/"):
        folder = os.path.join(sites, record.site, prefix).rstrip("/")  # noqa: PTH118  (paths as text: every site is looked at)
        try:
            entries = [] if os.path.islink(folder) else list(os.scandir(folder))  # noqa: PTH114  (as above)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not prefix and entry.name == "assets":
                continue
            path = prefix + entry.name
            written = record.outputs.get(path)
            if written is None:
                wrong = wrong or f"{record.site}/{path} does not belong there"
                continue
            said = entry.stat(follow_symlinks=False)
            if said.st_size != written.size or said.st_mtime_ns != written.mtime_ns:
                wrong = wrong or f"{record.site}/{path} is not as it was written"
            else:
                intact[path] = written
    if not wrong and len(intact) != len(record.outputs):
        wrong = f"a file of {record.site} is missing"
    return intact, wrong
